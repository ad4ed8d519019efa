from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress.errors import OutputError
from audiopress.model import PLAIN, Audio, Delivery, Mark
from audiopress.tts.cache import ClipCache, clip_key
from audiopress.tts.engine import Places
from audiopress.tts.tone import ToneEngine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Pronunciation, Voice

type Make = Callable[..., Pronunciation]


class CountingEngine(ToneEngine):
    """The tone engine, which counts how often it was asked."""

    calls = 0

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        self.calls += 1
        return super().synthesize(pronunciation, voice, delivery)


@pytest.fixture
def engine(tmp_path: Path) -> CountingEngine:
    return CountingEngine(Places(tmp_path, tmp_path))


def test_a_clip_is_spoken_once(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    clips = ClipCache(tmp_path / "clips")
    voice = find_voice("tone")
    first = clips.clip(engine, voice, pronunciation("sælˈɒm donjˈɒ."), PLAIN)
    second = clips.clip(engine, voice, pronunciation("sælˈɒm donjˈɒ."), PLAIN)
    assert engine.calls == 1
    assert (first.fresh, second.fresh) == (True, False)
    assert first == second
    assert second.marks[0] == Mark(0, round(5 / 12.5 * 24000))


def test_what_changes_the_sound_changes_the_key(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    tone, espeak = find_voice("tone"), find_voice("espeak")
    keys = {
        clip_key(engine, tone, pronunciation("sælɒm"), PLAIN),
        clip_key(engine, tone, pronunciation("sælɒme"), PLAIN),
        clip_key(engine, tone, pronunciation("sælɒm."), PLAIN),
        clip_key(engine, tone, pronunciation("sælɒm"), Delivery(rate=0.9)),
        clip_key(engine, espeak, pronunciation("sælɒm"), PLAIN),
    }
    assert len(keys) == 5


def test_a_damaged_clip_is_made_anew(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    clips = ClipCache(tmp_path / "clips")
    voice = find_voice("tone")
    clip = clips.clip(engine, voice, pronunciation("sælɒm"), PLAIN)
    whole = clip.path.read_bytes()
    for damage in (whole[:-100], b"", whole[:60] + b"\xff" + whole[61:]):
        clip.path.write_bytes(damage)
        assert clips.clip(engine, voice, pronunciation("sælɒm"), PLAIN).fresh
        assert clip.path.read_bytes() == whole
    clip.path.with_suffix(".json").write_text("{}")
    assert clips.clip(engine, voice, pronunciation("sælɒm"), PLAIN).fresh
    assert engine.calls == 5


def test_nothing_is_left_aside(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    clips = ClipCache(tmp_path / "clips")
    clips.clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)
    names = sorted(path.suffix for path in (tmp_path / "clips").rglob("*") if path.is_file())
    assert names == [".json", ".wav"]
    assert json.loads(next((tmp_path / "clips").rglob("*.json")).read_text())["sample_rate"] == 24000


def test_an_unwritable_cache_says_what_to_do(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    (tmp_path / "clips").write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="AUDIOPRESS_CACHE"):
        ClipCache(tmp_path / "clips").clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)


def test_loud_samples_are_clipped_not_wrapped(tmp_path: Path, pronunciation: Make) -> None:
    class Loud(ToneEngine):
        def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
            return Audio(np.array([2.0, -2.0, 0.5], np.float32), 24000)

    clip = ClipCache(tmp_path).clip(Loud(Places(tmp_path, tmp_path)), find_voice("tone"), pronunciation("sælɒm"), PLAIN)
    pcm = np.frombuffer(clip.path.read_bytes()[44:], "<i2")
    assert pcm.tolist() == [32767, -32767, 16384]
    assert os.path.getsize(clip.path) == 50  # noqa: PTH202  (a 44-byte header and three samples)
