"""The one contract suite that every engine passes, on real engines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress.errors import EngineError
from audiopress.model import Delivery
from audiopress.tts.engine import Places
from audiopress.tts.espeak import EspeakEngine
from audiopress.tts.registry import BUILT_IN, make_engine
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Pronunciation, Voice
    from audiopress.tts.engine import Engine

type Make = Callable[..., Pronunciation]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."
EVERY_PHONEME = "bæ pe to di kɒ ɡu qæ ʔe fo vi sɒ zu ʃæ ʒe xo hi tʃɒ dʒu mæ ne lo ri jɒ."


@pytest.fixture(scope="module", params=sorted(BUILT_IN))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.getbasetemp().parent / "audiopress-cache"
    engine = make_engine(request.param, Places(folder, folder))
    yield engine
    engine.close()


@pytest.fixture
def voice(engine: Engine) -> Voice:
    return next(voice for voice in all_voices().values() if voice.engine == engine.name)


def test_it_speaks(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    assert audio.sample_rate == voice.sample_rate
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert 1.0 < len(audio.samples) / audio.sample_rate < 6.0
    assert 0.02 < np.abs(audio.samples).max() <= 1.0


def test_marks_are_ordered_and_inside(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    assert len(audio.marks) == 5
    assert all(mark.start < mark.stop for mark in audio.marks)
    assert all(a.stop <= b.start for a, b in pairwise(audio.marks))
    assert audio.marks[0].start >= 0
    assert audio.marks[-1].stop <= len(audio.samples)


def test_the_edges_are_not_silence(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    loud = np.flatnonzero(np.abs(audio.samples) > 0.01)
    assert loud[0] < 0.15 * audio.sample_rate
    assert len(audio.samples) - loud[-1] < 0.25 * audio.sample_rate


def test_every_phoneme_of_the_alphabet_is_spoken(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(EVERY_PHONEME), voice)
    assert len(audio.samples) / audio.sample_rate > 3.0


def test_pace_changes_the_length(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    normal = len(engine.synthesize(pronunciation(SENTENCE), voice).samples)
    slow = len(engine.synthesize(pronunciation(SENTENCE), voice, Delivery(rate=0.7)).samples)
    assert slow > 1.15 * normal


def test_nothing_to_say_is_silence(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(""), voice)
    assert len(audio.samples) < 0.5 * audio.sample_rate
    assert audio.marks == ()


def test_a_long_sentence_is_spoken_whole(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    words = ["ketɒbe", "xube", "mæn", "ruje", "mize", "tʃubi", "æst", "væ"]
    few, many = " ".join(words * 2), " ".join(words * 12)
    short = engine.synthesize(pronunciation(few), voice)
    long = engine.synthesize(pronunciation(many), voice)
    assert len(long.marks) == 12 * len(words)
    assert 4.5 < len(long.samples) / len(short.samples) < 7.5


def test_an_unknown_phoneme_is_named(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    if engine.name == "tone":
        pytest.skip("a tone can say any phoneme")
    with pytest.raises(EngineError, match="ŋ"):
        engine.synthesize(pronunciation("sæŋ"), voice)


def test_it_speaks_again_after_close(engine: Engine, voice: Voice, pronunciation: Make, tmp_path: Path) -> None:
    engine.close()
    assert len(engine.synthesize(pronunciation("sælɒm"), voice).samples) > 0
    engine.close()


def test_its_version_says_the_same_twice(engine: Engine, voice: Voice) -> None:
    assert engine.version(voice) == engine.version(voice)
    assert engine.version(voice)


def test_a_worker_that_died_is_told_and_replaced(voice: Voice, pronunciation: Make, tmp_path: Path) -> None:
    if voice.engine != "espeak":
        pytest.skip("only espeak speaks in a process of its own")
    engine = EspeakEngine(Places(tmp_path, tmp_path))
    first = engine.synthesize(pronunciation(SENTENCE), voice)
    assert engine._worker is not None
    engine._worker.kill()
    engine._worker.wait()
    with pytest.raises(EngineError, match="run the command again"):
        engine.synthesize(pronunciation(SENTENCE), voice)
    again = engine.synthesize(pronunciation(SENTENCE), voice)
    assert len(again.samples) == pytest.approx(len(first.samples), rel=0.01)
    engine.close()
