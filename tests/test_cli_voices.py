"""The commands about voices, run as a user runs them."""

from __future__ import annotations

import hashlib
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiopress.cli import main
from audiopress.tts import download
from audiopress.tts.registry import BUILT_IN
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from collections.abc import Iterator

HELPERS = Path(__file__).parent / "tts"

VOICE = """
name = "{name}"
engine = "piper"
language = "fa"
gender = "none"
input = "phonemes"
sample_rate = 22050
licence = "CC0-1.0 [of its own]"
attribution = "nobody"
description = "A hum."
quality = "Hums well."
[options]
noise_w = 0.0
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own."""
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))
    monkeypatch.setitem(BUILT_IN, "piper", "audiopress.tts.piper:PiperEngine")
    monkeypatch.setattr(download.Patience.__init__, "__defaults__", (0.5, 2, 0.01))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "voices").mkdir(parents=True)
    return tmp_path / "data"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server with the files of a tiny voice."""
    monkeypatch.syspath_prepend(HELPERS)
    model = importlib.import_module("piper_model")
    with importlib.import_module("voice_host").Host() as host:
        host.files = {
            "hum.onnx": model.graph().SerializeToString(),
            "hum.onnx.json": json.dumps(model.config()).encode(),
        }
        yield host


@pytest.fixture
def hum(data: Path, host: Any) -> str:
    """The voice file of a user's own voice, which the server has."""
    return own_voice(data, host, "hum")


def own_voice(data: Path, host: Any, name: str, *files: str) -> str:
    lines = [VOICE.format(name=name)]
    for file in files or ("hum.onnx", "hum.onnx.json"):
        lines.append(f'[[downloads]]\nurl = "{host.url(file)}"\nfile = "{file}"')
        if file == "hum.onnx":
            lines.append(f'sha256 = "{hashlib.sha256(host.files[file]).hexdigest()}"')
    (data / "voices" / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")
    return name


def asked(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> Any:
    """What a command prints as JSON."""
    assert main(["voices", *map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    """What a command prints for people, its lines joined."""
    assert main(["voices", *map(str, arguments)]) == code
    printed = capsys.readouterr()
    assert printed.err.count("\n") == (1 if code else 0)
    return " ".join((printed.out + printed.err).split())


def test_voices_alone_lists_them_with_the_users_own(hum: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in asked(capsys)}
    assert list(rows) == sorted([*all_voices(), hum])
    assert rows["nasim"]["state"] == "installed"
    assert rows["mana"]["state"].endswith("run: audiopress voices install mana")
    assert rows[hum]["licence"] == "CC0-1.0 [of its own]"
    assert asked(capsys, "list") == list(rows.values())
    assert main(["voices", "--json", "list"]) == 0
    assert json.loads(capsys.readouterr().out) == list(rows.values())
    table = said(capsys, "list")
    assert said(capsys) == table
    assert "CC0-1.0 [of its own]" in table
    assert f"own voice files belong into {data / 'voices'}" in table


def test_show_tells_all_that_is_known(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = asked(capsys, "show", "mana")
    voice = all_voices()["mana"]
    for key in ("name", "engine", "gender", "sample_rate", "licence", "attribution", "quality", "description"):
        assert facts[key] == getattr(voice, key)
    assert (facts["input"], facts["online"], facts["cost"]) == ("phonemes", False, "")
    assert facts["folder"] == str(data / "voices" / "mana")
    assert [file["verified"] for file in facts["files"]] == [True, True]
    shown = said(capsys, "show", "mana")
    for part in (voice.licence, voice.attribution, "22050", voice.downloads[0].sha256, "63.5 MB", "on this machine"):
        assert part in shown
    assert "voices install mana" in shown
    assert asked(capsys, "show", "nasim")["options"]["style"] == "nasim"
    assert "SHA-256 not known" in said(capsys, "show", "gyro")


def test_square_brackets_are_shown_as_they_are(
    hum: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "CC0-1.0 [of its own]" in said(capsys, "show", hum)
    from audiopress.tts import piper_files  # noqa: PLC0415

    def missing(name: str) -> str:
        raise piper_files.PackageNotFoundError(name)

    monkeypatch.setattr(piper_files, "version", missing)
    assert "pip install 'audiopress[piper]'" in said(capsys, "show", hum)
    assert "'audiopress[piper]'" in said(capsys)


def test_a_key_is_named_and_never_shown(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUM_KEY", "sesame-1234")
    text = VOICE.format(name="far").replace("[options]", 'key = "HUM_KEY"\nonline = true\ncost = "2 ¢"\n[options]')
    (data / "voices" / "far.toml").write_text(text, encoding="utf-8")
    for shown in (said(capsys, "show", "far"), json.dumps(asked(capsys, "show", "far"), ensure_ascii=False)):
        assert "HUM_KEY" in shown
        assert "2 ¢" in shown
        assert "sesame" not in shown
    assert "sent to a service" in said(capsys, "show", "far")


def test_a_voice_is_installed_heard_and_removed(
    hum: str, data: Path, host: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = asked(capsys, "install", hum)["voices"][0]
    assert (report["status"], report["state"], report["folder"]) == (
        "installed",
        "installed",
        str(data / "voices" / hum),
    )
    assert [file["verified"] for file in report["files"]] == [True, False]
    assert (data / "voices" / hum / "hum.onnx").read_bytes() == host.files["hum.onnx"]
    assert asked(capsys, "install", hum)["voices"][0]["status"] == "unchanged"
    assert asked(capsys, "show", hum)["files"][1]["sha256"] == report["files"][1]["sha256"]
    assert "nobody vouches for it" in said(capsys, "show", hum)

    outcome = asked(capsys, "preview", hum)
    assert outcome["path"] == "hum.mp3"
    assert outcome["seconds"] > 3
    assert (tmp_path / "hum.mp3").stat().st_size > 10_000
    assert asked(capsys, "preview", hum, "-o", tmp_path / "a.wav", "--text", "سلام.")["utterances"] == 1
    assert (tmp_path / "a.wav").is_file()

    assert asked(capsys, "remove", hum) == {"removed": hum, "folder": str(data / "voices" / hum)}
    assert not (data / "voices" / hum).exists()
    assert "is not installed" in said(capsys, "remove", hum, code=1)
    assert "voices install hum" in said(capsys, "preview", hum, code=1)


def test_installing_says_where_and_what_nobody_verified(
    hum: str, data: Path, host: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, "install", hum, "nasim")
    assert f"hum: installed in {data / 'voices' / hum}" in told
    digest = hashlib.sha256(host.files["hum.onnx.json"]).hexdigest()
    assert f"hum.onnx.json could not be verified; what came has the SHA-256 {digest}" in told
    assert "nasim: ready" in told
    assert f"Removed {data / 'voices' / hum}" in said(capsys, "remove", hum)


def test_one_voice_that_fails_does_not_stop_the_others(
    hum: str, data: Path, host: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    own_voice(data, host, "lost", "lost.onnx")
    assert main(["voices", "install", "lost", hum, "--json"]) == 1
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert [voice["name"] for voice in report["voices"]] == [hum]
    assert report["failures"][0]["name"] == "lost"
    assert "does not exist any more (404)" in printed.err
    assert printed.err.count("\n") == 1


def test_quiet_says_nothing(hum: str, capfd: pytest.CaptureFixture[str]) -> None:
    for arguments in (["install", hum], ["preview", hum], ["remove", hum]):
        assert main(["voices", *arguments, "--quiet"]) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["show", "nobody"], "no voice called 'nobody'"),
        (["install", "nobody"], "choose one of: amir"),
        (["preview", "nobody"], "no voice called"),
        (["remove", "nobody"], "no voice called"),
        (["remove", "nasim"], "no files of its own"),
        (["remove", "mana"], "not installed"),
        (["preview", "tone", "-o", "a.ogg"], "must end in"),
        (["preview", "tone", "--text", "..."], "Persian"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], complaint: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint in said(capsys, *arguments, code=1)


@pytest.mark.parametrize("arguments", [["show"], ["install"], ["sing"], ["preview", "tone", "--loud"]])
def test_wrong_usage_leaves_with_2(arguments: list[str], data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["voices", *arguments])
    assert left.value.code == 2


def test_a_preview_names_the_voice_in_persian(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(HELPERS)
    importlib.import_module("piper_model").make_piper_voice(data, "mana")
    heard = asked(capsys, "preview", "mana")
    assert heard["voice"] == "mana"
    assert "مانا" in heard["title"]
    assert heard["utterances"] == 2
