from __future__ import annotations

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress.errors import EngineError, OutputError
from audiopress.model import PLAIN, Audio, Delivery, Mark, Role
from audiopress.tts.cache import ClipCache, clip_key
from audiopress.tts.cache_files import paths
from audiopress.tts.cache_hold import HELD
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
    lock = threading.Lock()

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        with self.lock:
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
    sound, facts = paths(tmp_path / "clips", clip.path.stem)
    whole, told = sound.read_bytes(), json.loads(facts.read_bytes())
    for damage in (whole[:-100], b"", whole[:60] + b"\xff" + whole[61:]):
        sound.write_bytes(damage)
        assert clips.clip(engine, voice, pronunciation("sælɒm"), PLAIN).fresh
        assert clip.path.read_bytes() == sound.read_bytes() == whole
    for wrong in ({}, [], told | {"samples": 7}, told | {"sample_rate": 8000}, told | {"marks": [[0, 10**9]]}):
        facts.write_text(json.dumps(wrong))
        assert ClipCache(tmp_path / "clips").clip(engine, voice, pronunciation("sælɒm"), PLAIN).fresh
        assert json.loads(facts.read_bytes()) == told
    assert engine.calls == 9


def test_nothing_is_left_aside(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    clips = ClipCache(tmp_path / "clips")
    clips.clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)
    clips.close()
    names = sorted(path.suffix for path in (tmp_path / "clips").rglob("*") if path.is_file())
    assert names == [".json", ".wav"]
    facts = json.loads(next((tmp_path / "clips").rglob("*.json")).read_text())
    assert (facts["sample_rate"], facts["voice"]) == (24000, "tone")
    assert not list((tmp_path / "clips" / HELD).iterdir())


def test_a_clip_that_is_found_again_has_its_own_sentence(
    tmp_path: Path, engine: CountingEngine, pronunciation: Make
) -> None:
    clips = ClipCache(tmp_path / "clips")
    clips.clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)
    title = pronunciation("sælɒm", Role.TITLE)
    for cache in (clips, ClipCache(tmp_path / "clips")):
        assert cache.clip(engine, find_voice("tone"), title, PLAIN).pronunciation == title
    assert engine.calls == 1


def test_use_is_noted_once_an_hour(tmp_path: Path, engine: CountingEngine, pronunciation: Make) -> None:
    def used(age: float) -> float:
        """Use a clip that was last used ``age`` seconds ago; how long ago that is said to be then."""
        facts = next((tmp_path / "clips").rglob("*.json"))
        os.utime(facts, (time.time() - age,) * 2)
        ClipCache(tmp_path / "clips").clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)
        return time.time() - facts.stat().st_mtime

    ClipCache(tmp_path / "clips").clip(engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN)
    assert used(3000) > 2900
    assert used(4000) < 1000


def test_threads_that_ask_for_the_same_clip_have_it_spoken_once(
    tmp_path: Path, engine: CountingEngine, pronunciation: Make
) -> None:
    clips = ClipCache(tmp_path / "clips")
    texts = [pronunciation("mæ" + "no" * (number % 5 + 1)) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda text: clips.clip(engine, find_voice("tone"), text, PLAIN), texts))
    assert engine.calls == 5
    assert sum(clip.fresh for clip in made) == 5
    assert [clip.pronunciation for clip in made] == texts


def test_a_thread_that_waited_for_one_that_failed_speaks_itself(tmp_path: Path, pronunciation: Make) -> None:
    class Failing(CountingEngine):
        waiting = threading.Event()

        def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
            if not self.calls:
                self.calls += 1
                self.waiting.wait()
                raise EngineError("The line is down.")
            return super().synthesize(pronunciation, voice, delivery)

    clips, engine = ClipCache(tmp_path / "clips"), Failing(Places(tmp_path, tmp_path))
    with ThreadPoolExecutor(2) as pool:
        first, second = (
            pool.submit(clips.clip, engine, find_voice("tone"), pronunciation("sælɒm"), PLAIN) for _ in range(2)
        )
        engine.waiting.set()
    assert sorted([first.exception() is None, second.exception() is None]) == [False, True]
    assert engine.calls == 2


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
