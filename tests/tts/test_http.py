from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest
import service
from service import RATE, SpeechServer, hurried, spoken

from audiopress.errors import EngineError
from audiopress.model import PLAIN, Delivery, VoiceInput
from audiopress.tts.engine import Engine, Places
from audiopress.tts.http import HttpEngine
from audiopress.tts.http_apis import APIS
from audiopress.tts.http_client import retry_after
from audiopress.tts.online import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Audio, Pronunciation, Voice

type Say = Callable[..., Audio]

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
    """Speaks phonemes in a voice."""

    def said(voice: Voice, delivery: Delivery = PLAIN, phonemes: str = SENTENCE) -> Audio:
        return engine.synthesize(pronunciation(phonemes), voice, delivery)

    return said


def seconds(audio: Audio) -> float:
    return len(audio.samples) / audio.sample_rate


def test_it_speaks(say: Say, engine: HttpEngine, server: SpeechServer, api: str) -> None:
    assert isinstance(engine, Engine)
    audio = say(server.voice(api))
    assert audio.sample_rate == RATE
    assert audio.samples.dtype == np.float32
    assert audio.marks == ()
    assert seconds(audio) == pytest.approx(
        len(spoken(SENTENCE).samples) / RATE - service.BEFORE - service.AFTER, abs=0.15
    )
    assert server.texts == ["ketɒbˈe mˈæn، rˈuje mˈiz ˈæst."]


def test_openai_is_asked_as_it_wants(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", f" {CANARY}\n")
    with SpeechServer(CANARY) as server:
        voice = server.voice("openai", "TEST_KEY", format="mp3", instructions="Read the news.")
        say(voice)
        asked = server.asked[0]
    assert asked.headers["Authorization"] == f"Bearer {CANARY}"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.fields == {
        "model": "tts-1",
        "voice": "coral",
        "input": "ketɒbˈe mˈæn، rˈuje mˈiz ˈæst.",
        "response_format": "mp3",
        "instructions": "Read the news.",
    }


def test_azure_is_asked_as_it_wants(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    with SpeechServer(CANARY) as server:
        audio = say(server.voice("azure", "TEST_KEY"), phonemes="ketɒb & <man>.")
        asked = server.asked[0]
    assert seconds(audio) > 0.5
    assert asked.text == "ketɒb & <man>."
    assert asked.headers["Ocp-Apim-Subscription-Key"] == CANARY
    assert asked.headers["Content-Type"] == "application/ssml+xml"
    assert asked.headers["X-Microsoft-OutputFormat"] == "riff-24khz-16bit-mono-pcm"
    assert asked.headers["User-Agent"] == "audiopress"
    assert asked.fields == {"voice": "fa-IR-DilaraNeural"}


def test_elevenlabs_is_asked_as_it_wants(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", CANARY)
    with SpeechServer(CANARY) as server:
        voice = server.voice("elevenlabs", "TEST_KEY", stability=1.0, seed=7)
        say(voice)
        asked = server.asked[0]
    assert asked.headers["xi-api-key"] == CANARY
    assert asked.fields == {
        "text": "ketɒbˈe mˈæn، rˈuje mˈiz ˈæst.",
        "model_id": "eleven_v3",
        "language_code": "fa",
        "seed": 7,
        "voice_settings": {"stability": 1.0},
    }


def test_vocalized_text_is_sent_and_phonemes_where_the_voice_eats_them(
    engine: HttpEngine, server: SpeechServer, pronunciation: Callable[..., Pronunciation]
) -> None:
    made = pronunciation("ketɒbˈe mˈæn?")
    words = (replace(made.words[0], spoken="کتاب", vocalized="کتابِ"), replace(made.words[1], vocalized="من"))
    voice = server.voice()
    engine.synthesize(replace(made, words=words), voice)
    engine.synthesize(made, replace(voice, input=VoiceInput.PHONEMES))
    assert server.texts == ["کتابِ من؟", "ketɒbˈe mˈæn?"]


@pytest.mark.parametrize("sentence", ["", "."])
def test_nothing_is_asked_where_nothing_is_said(say: Say, server: SpeechServer, api: str, sentence: str) -> None:
    audio = say(server.voice(api), phonemes=sentence)
    assert len(audio.samples) == 0
    assert server.asked == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiopress-")]


@pytest.mark.parametrize("rate", [0.7, 1.4])
def test_the_rate_is_obeyed(say: Say, server: SpeechServer, api: str, rate: float) -> None:
    plain, other = (say(server.voice(api), Delivery(rate=each)) for each in (1.0, rate))
    assert seconds(plain) / seconds(other) == pytest.approx(rate, rel=0.1)
    asked = [set(asked.fields) & {"speed", "rate"} for asked in server.asked]
    assert asked == [set(), {"rate"} if api == "azure" else set()]


@pytest.mark.parametrize(
    ("api", "rate", "native"), [("openai", 1.4, 1.4), ("elevenlabs", 1.1, 1.1), ("elevenlabs", 1.5, 1)]
)
def test_the_service_is_asked_for_the_rate_where_the_voice_says_so_and_it_can(
    say: Say, server: SpeechServer, api: str, rate: float, native: float
) -> None:
    voice = server.voice(api, rate="service")
    plain, other = (say(voice, Delivery(rate=each)) for each in (1.0, rate))
    assert seconds(plain) / seconds(other) == pytest.approx(rate, rel=0.1)
    settings = server.asked[1].fields
    inner = settings.get("voice_settings", settings)
    assert isinstance(inner, dict)
    assert inner.get("speed", 1) == native


def test_azure_changes_pitch_and_rate_itself_within_its_range(say: Say, server: SpeechServer) -> None:
    voice = server.voice("azure")
    say(voice, Delivery(rate=0.9, pitch=2, volume=3))
    say(voice, Delivery(rate=2.5, pitch=9))
    assert server.asked[0].fields == {"voice": "fa-IR-DilaraNeural", "rate": "-10.00%", "pitch": "+12.25%"}
    assert server.asked[1].fields == {"voice": "fa-IR-DilaraNeural"}


def test_volume_changes_the_level(say: Say, server: SpeechServer, api: str) -> None:
    plain, soft = (say(server.voice(api), Delivery(volume=each)) for each in (0, -6))
    assert np.abs(soft.samples).max() / np.abs(plain.samples).max() == pytest.approx(0.5, abs=0.02)


def test_a_long_text_is_asked_in_pieces_that_end_at_pauses(
    engine: HttpEngine, server: SpeechServer, pronunciation: Callable[..., Pronunciation], api: str
) -> None:
    long = pronunciation("ketɒbe xube mæn ruje miz æst, væ xɒne bɒlɒje kuh, ke dur nist.")
    whole = engine.synthesize(long, server.voice(api))
    parts = engine.synthesize(long, server.voice(api, limit=40))
    assert server.texts[1:] == ["ketɒbe xube mæn ruje miz æst،", "væ xɒne bɒlɒje kuh، ke dur nist."]
    assert seconds(parts) == pytest.approx(seconds(whole), abs=0.25)


@pytest.mark.parametrize(
    "act",
    [
        service.status(429),
        service.status(429, retry_after_ms="50"),
        service.status(408),
        service.status(500, "<h1>Oops</h1>"),
        service.status(502),
        service.status(503, Retry_After="0"),
        service.status(504),
        service.reset,
        service.cut,
        service.page(),
        service.silence(),
        service.send(b""),
        service.send(b'{"error": "busy"}', "application/json"),
        service.send(b"come again later", "text/plain"),
        service.send(service.speech("ketɒb.")),
        service.send(service.speech("ketɒb " * 40)),
    ],
    ids=lambda act: "",
)
def test_what_goes_wrong_once_is_asked_again(say: Say, server: SpeechServer, act: service.Act, api: str) -> None:
    server.plan.append(act)
    audio = say(server.voice(api))
    assert seconds(audio) > 1.2
    assert len(server.asked) == 2


def test_a_stall_is_given_up_and_asked_again(say: Say, server: SpeechServer) -> None:
    server.plan.append(service.stall)
    audio = say(server.voice(timeout=1.0))
    assert seconds(audio) > 1.2
    assert len(server.asked) == 2


def test_a_slow_service_is_waited_for(say: Say, server: SpeechServer) -> None:
    server.plan.append(service.slow(0.5))
    say(server.voice())
    assert len(server.asked) == 1


def test_the_content_type_does_not_matter_where_the_bytes_are_audio(say: Say, server: SpeechServer) -> None:
    server.plan.append(service.send(service.speech("ketɒbˈe mˈæn، rˈuje mˈiz ˈæst."), "text/html"))
    say(server.voice())
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            service.status(503),
            r"could not speak: it has trouble of its own \(503\) \(tried 4 times\); try again later\.",
        ),
        (service.status(429), r"could not speak: it is asked too much \(429\) \(tried 4 times\); try again later\."),
        (service.reset, r"could not speak: the connection broke off \(tried 4 times\); try again later\."),
        (service.silence(), r"could not speak: the service sent silence \(tried 4 times\); try again later\."),
        (service.page(), r"could not speak: the service sent a page or a message in place of audio \(tried 4 times\)"),
    ],
)
def test_after_four_tries_it_says_why(
    say: Say, server: SpeechServer, act: service.Act, sentence: str, api: str
) -> None:
    server.always = act
    with pytest.raises(EngineError, match=f"^{APIS[api].name} {sentence}") as caught:
        say(server.voice(api))
    assert caught.value.__cause__ is not None
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (service.status(400), r"does not accept what it is asked \(400\)"),
        (service.status(401), r"asks for a key \(401\)"),
        (service.status(402), r"asks for a payment \(402\)"),
        (service.status(403), r"does not let you use this voice \(403\)"),
        (service.status(404), r"does not know this address, model or voice \(404\)"),
        (service.status(422), r"does not accept what it is asked \(422\)"),
        (service.status(302, Location="https://example.org/"), r"has moved \(302\)"),
        (service.status(429, '{"error": {"code": "insufficient_quota"}}'), r"The credit of your .* is used up"),
        (service.status(401, '{"detail": {"status": "quota_exceeded"}}'), r"The credit of your .* is used up"),
    ],
)
def test_what_will_not_pass_is_not_asked_again(
    say: Say, server: SpeechServer, act: service.Act, why: str, api: str
) -> None:
    server.always = act
    with pytest.raises(Refused, match=why):
        say(server.voice(api))
    assert len(server.asked) == 1


def test_a_wish_to_wait_for_hours_ends_it(say: Say, server: SpeechServer) -> None:
    server.always = service.status(429, Retry_After="7200")
    with pytest.raises(EngineError, match="it asks to be left alone for 7200 s"):
        say(server.voice())
    assert len(server.asked) == 1


def test_a_wish_to_wait_is_heeded(say: Say, server: SpeechServer) -> None:
    server.plan.append(service.status(429, retry_after="1"))
    say(server.voice())
    assert server.asked[1].time - server.asked[0].time >= 1.0


def test_an_answer_without_end_is_not_read_to_its_end(
    say: Say, server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiopress.tts.http_client.LARGEST", 1_000_000)
    server.always = service.send(bytes(3_000_000))
    with pytest.raises(EngineError, match="it sent more than 1 MB for one sentence"):
        say(server.voice())


def test_no_server_is_told(say: Say) -> None:
    with SpeechServer() as server:
        voice = server.voice()
    with pytest.raises(
        EngineError, match=r"OpenAI could not speak: it cannot be reached \(no connection to 127.0.0.1; tried 4 times\)"
    ):
        say(voice)


def test_many_threads_keep_within_the_bound_and_get_their_own_speech(say: Say, server: SpeechServer) -> None:
    voice = server.voice(concurrency=2)
    server.always = service.slow(0.05)
    texts = [" ".join(["ketɒb"] * count) + "." for count in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        audios = list(pool.map(lambda text: say(voice, phonemes=text), texts))
    assert server.busiest == 2
    lengths = [seconds(audio) for audio in audios]
    assert lengths == sorted(lengths)
    assert sorted(server.texts) == sorted(texts)


def test_requests_of_a_minute_are_spaced_out(say: Say, server: SpeechServer) -> None:
    voice = server.voice(concurrency=2, per_minute=1202)  # 2 at once, 20 a second
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: say(voice), range(8)))
    times = [asked.time for asked in server.asked]
    assert times[-1] - times[0] > 0.2  # six had to wait 50 ms each; the first may have been late


def test_close_gives_up_what_is_under_way_and_it_speaks_again(
    say: Say, engine: HttpEngine, server: SpeechServer, pronunciation: Callable[..., Pronunciation]
) -> None:
    server.plan.extend([service.stall] * 4)
    voice = server.voice()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(engine.synthesize, pronunciation(SENTENCE), voice) for _ in range(4)]
        while len(server.asked) < 4:
            time.sleep(0.01)
        engine.close()
        for future in waiting:
            with pytest.raises(EngineError, match="OpenAI was stopped while it spoke"):
                future.result()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiopress-")]
    assert seconds(say(voice)) > 1.2


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "9", "Retry-After-Ms": "250"}, 0.25),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
    ],
)
def test_the_wish_to_wait_is_read(headers: dict[str, str], expected: float) -> None:
    assert retry_after(httpx.Headers(headers)) == expected


def test_the_wish_to_wait_may_be_a_date() -> None:
    assert retry_after(httpx.Headers({"Retry-After": "Thu, 31 Dec 2099 23:59:59 GMT"})) > 1e9
