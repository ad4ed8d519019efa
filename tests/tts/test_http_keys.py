"""Where keys go and where they do not, and what may stand in a voice file."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import service
from service import SpeechServer, hurried

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import PLAIN, VoiceInput
from audiopress.tts.cache import ClipCache
from audiopress.tts.engine import Places
from audiopress.tts.http import HttpEngine
from audiopress.tts.http_apis import APIS
from audiopress.tts.http_client import guarded
from audiopress.tts.online import Refused
from audiopress.tts.voices import read_voice, voices_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Audio, Pronunciation, Voice

type Say = Callable[[Voice], Audio]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."
CANARY = "sk-canary-1f6Q"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with SpeechServer() as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[HttpEngine]:
    engine = HttpEngine(Places(tmp_path, tmp_path))
    yield engine
    engine.close()


@pytest.fixture(params=sorted(APIS))
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(engine: HttpEngine, pronunciation: Callable[..., Pronunciation]) -> Say:
    return lambda voice: engine.synthesize(pronunciation(SENTENCE), voice)


def everything(error: BaseException) -> str:
    """All that can be seen of an error: its traceback with its causes, and their representations."""
    seen = "".join(traceback.format_exception(error))
    each: BaseException | None = error
    while each is not None:
        seen += repr(each) + repr(getattr(each, "request", "")) + repr(each.args)
        each = each.__cause__ or each.__context__
    return seen


ECHOES = [
    service.echo,
    service.status(401, CANARY),
    service.status(403, CANARY),
    service.status(429, CANARY),
    service.status(503, CANARY),
    service.status(302, Location=f"https://example.org/?key={CANARY}"),
    service.send(CANARY.encode(), "text/plain"),
    service.send(f'{{"key": "{CANARY}"}}'.encode(), "application/json"),
    service.reset,
    service.silence(),
]


@pytest.mark.parametrize("act", ECHOES, ids=range(len(ECHOES)))
def test_errors_and_logs_do_not_show_the_key(
    say: Say, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, act: service.Act, api: str
) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "httpcore")  # below, it tells the headers of the answer
    with SpeechServer(CANARY) as server:
        server.always = act
        with pytest.raises(EngineError) as caught:
            say(server.voice(api, "TEST_KEY"))
        assert server.asked
    assert CANARY not in everything(caught.value)
    assert CANARY not in "".join(str(vars(record)) for record in caplog.records)


def test_files_and_values_do_not_hold_the_key(
    engine: HttpEngine, pronunciation: Callable[..., Pronunciation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    cache = ClipCache(tmp_path / "clips")
    with SpeechServer(CANARY) as server:
        for api in APIS:
            voice = server.voice(api, "TEST_KEY")
            cache.clip(engine, voice, pronunciation(SENTENCE), PLAIN)
            assert CANARY not in engine.version(voice) + repr(voice)
            assert CANARY not in repr([vars(each) for each in engine._services.values()])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2 * len(APIS)
    assert not [path for path in files if CANARY in str(path) or CANARY.encode() in path.read_bytes()]
    cache.close()


def test_the_wrong_key_is_told(say: Say, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    with SpeechServer("another") as server:
        with pytest.raises(Refused, match=r"does not accept the key in TEST_KEY \(401\); set the right one") as caught:
            say(server.voice(api, "TEST_KEY"))
        assert len(server.asked) == 1
    assert CANARY not in everything(caught.value)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_key_is_named_before_anything_is_asked(
    engine: HttpEngine, server: SpeechServer, monkeypatch: pytest.MonkeyPatch, value: str | None, api: str
) -> None:
    if value is not None:
        monkeypatch.setenv("TEST_KEY", value)
    with pytest.raises(EngineUnavailable, match=f"needs a key of {APIS[api].name}: export TEST_KEY="):
        engine.version(server.voice(api, "TEST_KEY"))


def test_without_its_key_a_voice_asks_nothing(say: Say, server: SpeechServer, api: str) -> None:
    with pytest.raises(EngineUnavailable, match="TEST_KEY"):
        say(server.voice(api, "TEST_KEY"))
    assert server.asked == []


@pytest.mark.parametrize("value", [f"{CANARY} x", f"{CANARY}\nX-Evil: 1", f"{CANARY}۱", f"{CANARY}\x7f"])
def test_a_key_that_cannot_be_one_is_not_shown(
    engine: HttpEngine, server: SpeechServer, monkeypatch: pytest.MonkeyPatch, value: str, api: str
) -> None:
    monkeypatch.setenv("TEST_KEY", value)
    with pytest.raises(EngineUnavailable, match="TEST_KEY does not hold a key") as caught:
        engine.version(server.voice(api, "TEST_KEY"))
    assert CANARY not in everything(caught.value)


def test_a_request_does_not_show_its_headers(server: SpeechServer, api: str) -> None:
    request = APIS[api].request(server.voice(api), "سلام", PLAIN, server.url, CANARY)
    assert CANARY in str(request.headers)
    assert CANARY not in repr(request)
    assert CANARY not in request.url


def test_the_key_does_not_follow_a_redirect(say: Say, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    with SpeechServer(CANARY) as other, SpeechServer(CANARY) as server:
        server.always = service.status(307, Location=f"{other.url}/v1/audio/speech")
        with pytest.raises(Refused, match=r"has moved \(307\), and the key is sent nowhere else"):
            say(server.voice(api, "TEST_KEY"))
        assert other.asked == []


# The address


@pytest.mark.parametrize(
    "base",
    [
        "https://api.openai.com/v1",
        "http://localhost:8880/v1",
        "http://127.0.0.1:1",
        "http://[::1]:8880",
        "https://10.0.0.2",
    ],
)
def test_a_key_may_go_to_https_and_to_this_machine(base: str) -> None:
    assert guarded(base) == base


@pytest.mark.parametrize(
    "base",
    [
        "http://api.openai.com/v1",
        "http://10.0.0.2/",
        "http://localhost.example.org",
        "ftp://localhost",
        "api.openai.com",
        "https://",
        "https://host:port/",
        "",
        "https://ho\nst",
        "file:///etc/passwd",
    ],
)
def test_a_key_may_go_nowhere_else(base: str) -> None:
    with pytest.raises(ConfigError, match=r"is no address for a speech service: it starts with https://"):
        guarded(base)


@pytest.mark.parametrize(
    "base", [f"https://user:{CANARY}@host/", f"https://host/?key={CANARY}", f"https://host/#{CANARY}"]
)
def test_an_address_holds_no_secret(base: str) -> None:
    with pytest.raises(ConfigError, match="holds no password") as caught:
        guarded(base)
    assert CANARY not in everything(caught.value)


def test_the_environment_goes_before_the_voice_file(
    say: Say, engine: HttpEngine, server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = server.voice(base_url="https://elsewhere.example/v1")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1/")
    say(voice)
    assert len(server.asked) == 1
    assert engine.version(voice) == f"1 openai {server.url}/v1"


def test_azure_finds_the_region(engine: HttpEngine, server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = server.voice("azure")
    voice = replace(voice, options=tuple(option for option in voice.options if option[0] != "base_url"))
    with pytest.raises(EngineUnavailable, match="export AZURE_SPEECH_REGION=westeurope"):
        engine.version(voice)
    monkeypatch.setenv("AZURE_SPEECH_REGION", "northeurope")
    assert engine.version(voice) == "1 azure https://northeurope.tts.speech.microsoft.com"
    monkeypatch.setenv("AZURE_SPEECH_REGION", "evil.example/")
    with pytest.raises(ConfigError, match="short name of a region"):
        engine.version(voice)


def test_a_proxy_is_not_asked_for_this_machine(say: Say, server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    say(server.voice())
    assert len(server.asked) == 1


def test_an_address_that_is_no_proxys_is_told_without_showing_it(
    say: Say, server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"gopher://me:{CANARY}@127.0.0.1:9")
    with pytest.raises(EngineUnavailable, match="holds no address of a proxy") as caught:
        say(server.voice())
    assert CANARY not in everything(caught.value)


# Voice files


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"api": "polly"}, "has the api 'polly'; it is one of openai, azure, elevenlabs"),
        ({"vioce": "x"}, "has the option 'vioce', but openai knows only api, base_url"),
        ({"region": "x"}, "has the option 'region'"),
        ({"voice": ""}, "lacks 'voice'"),
        ({"format": "pcm"}, "asks for 'pcm'; its format is one of wav"),
        ({"limit": "many"}, "has limit = 'many'; say a number above 0"),
        ({"concurrency": 0}, "has concurrency = 0"),
        ({"timeout": -1}, "has timeout = -1"),
    ],
)
def test_what_is_wrong_in_a_voice_file_is_told(
    say: Say, server: SpeechServer, options: dict[str, str | float], complaint: str
) -> None:
    voice = server.voice()
    voice = replace(voice, options=tuple(sorted((dict(voice.options) | options).items())))
    with pytest.raises(ConfigError, match=complaint):
        say(voice)
    assert server.asked == []


def test_azures_format_is_looked_at(say: Say, server: SpeechServer) -> None:
    with pytest.raises(ConfigError, match="say riff-24khz-16bit-mono-pcm or leave it out"):
        say(server.voice("azure", format="wav\n"))


def ours() -> list[Voice]:
    return [voice for path in sorted(voices_folder().glob("*.toml")) if (voice := read_voice(path)).engine == "http"]


@pytest.mark.parametrize("voice", ours(), ids=lambda voice: voice.name)
def test_the_voices_that_come_along_are_whole(
    engine: HttpEngine, voice: Voice, monkeypatch: pytest.MonkeyPatch, pronunciation: Callable[..., Pronunciation]
) -> None:
    monkeypatch.setenv(voice.key, CANARY)
    monkeypatch.setenv("AZURE_SPEECH_REGION", "westeurope")
    assert engine.version(voice).startswith("1 ")
    api = APIS[str(voice.option("api", ""))]
    request = api.request(voice, "سلام.", PLAIN, api.base(voice), CANARY)
    assert request.url.startswith("https://")
    assert "سلام." in request.body.decode()
    assert voice.online
    assert "https://" in voice.cost
    assert voice.quality
    assert voice.input is VoiceInput.VOCALIZED
