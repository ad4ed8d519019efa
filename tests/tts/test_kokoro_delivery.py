"""The neural voice slower, faster, higher and lower, with its real model."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiopress.model import Delivery, Voice
from audiopress.tts.engine import Places
from audiopress.tts.kokoro import SAMPLE_RATE, KokoroEngine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from audiopress.model import Pronunciation

type Make = Callable[..., Pronunciation]

SHORT = "sælˈɒm, donjˈɒ."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KokoroEngine]:
    folder = tmp_path_factory.getbasetemp().parent / "audiopress-cache"  # as in conftest: converted once
    made = KokoroEngine(Places(folder, folder))
    yield made
    made.close()


@pytest.fixture
def voice() -> Voice:
    return find_voice("arash")


@pytest.mark.parametrize("semitones", [-3.0, 3.0])
@pytest.mark.parametrize("name", ["arash", "nasim"])
def test_pitch_moves_the_fundamental_and_nothing_else(
    engine: KokoroEngine, pronunciation: Make, name: str, semitones: float
) -> None:
    text, voice = pronunciation("mɒmɒnˈɒ mɒnɒmˈɒ lɒlɒmˈɒ nɒmˈɒm."), find_voice(name)
    plain, other = (engine.synthesize(text, voice, Delivery(pitch=pitch)) for pitch in (0.0, semitones))
    assert abs(len(other.samples) - len(plain.samples)) < 0.03 * SAMPLE_RATE  # where the silence at the end is cut
    assert 12 * np.log2(fundamental(other.samples) / fundamental(plain.samples)) == pytest.approx(semitones, abs=0.5)


def test_a_pitch_of_zero_changes_no_bit(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    feeds = []
    sessions = engine._sessions
    real = sessions.run
    sessions.run = lambda feed: (feeds.append(feed), real(feed))[1]  # type: ignore[method-assign]
    engine.synthesize(pronunciation(SHORT), voice)
    sessions.run = real  # type: ignore[method-assign]
    (feed,) = feeds
    assert feed.pop("pitch") == 1
    without = sessions.run(feed)[0]  # the published inputs alone
    assert np.array_equal(without, sessions.run(feed | {"pitch": np.array([1], np.float32)})[0])


def fundamental(samples: NDArray[np.float32]) -> float:
    """The median over the louder frames of 60 ms of the first great peak of the autocorrelation, in Hz."""
    size = SAMPLE_RATE * 60 // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    loud = frames[np.square(frames).mean(axis=1) > 0.3 * np.square(frames).mean()]
    similar = np.fft.irfft(np.abs(np.fft.rfft(loud, 2 * size)) ** 2)[:, :size] / (size - np.arange(size))
    low, high = SAMPLE_RATE // 400, SAMPLE_RATE // 70
    found = []
    for curve in similar:
        first = low + int(np.argmax(curve[low:high] > 0.85 * curve[low:high].max()))
        found.append(SAMPLE_RATE / (first + int(np.argmax(curve[first : first + 20]))))
    return float(np.median(found))


@pytest.mark.parametrize("rate", [0.5, 0.7, 1.25, 1.6, 2.0])
def test_at_every_rate_all_phonemes_are_there_and_the_ends_are_whole(
    engine: KokoroEngine, voice: Voice, pronunciation: Make, rate: float
) -> None:
    text = pronunciation("ʃˈɒd budˈænd, tʃˈun mærdˈom ɡereftˈænd dʒˈæʃn.")
    lengths: list[NDArray[np.int64]] = []
    sessions = engine._sessions
    real = sessions.run

    def noted(feed: dict[str, NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        samples, frames = real(feed)
        lengths.append(frames)
        return samples, frames

    sessions.run = noted  # type: ignore[method-assign]
    plain = engine.synthesize(text, voice)
    audio = engine.synthesize(text, voice, Delivery(rate=rate))
    sessions.run = real  # type: ignore[method-assign]
    assert all(frames.min() >= 1 for frames in lengths)
    assert len(plain.samples) / len(audio.samples) == pytest.approx(rate, rel=0.15)
    assert np.abs(audio.samples[[0, -1]]).max() < 1e-2
    assert np.abs(audio.samples).max() <= 1
    starts = [mark.start for mark in audio.marks]
    assert starts == sorted(starts)
    assert len(starts) == len(text.words)
    assert audio.marks[-1].stop <= len(audio.samples)
    loudness = [np.sqrt(np.mean(audio.samples[mark.start : mark.stop] ** 2)) for mark in audio.marks]
    assert min(loudness) > 0.01, "a mark lies on silence"
    for before, after in zip(plain.marks, audio.marks, strict=True):
        assert after.start * rate == pytest.approx(before.start, abs=0.12 * SAMPLE_RATE)


@pytest.mark.parametrize("rate", [0.7, 1.6])
def test_a_comma_is_heard_at_every_rate(engine: KokoroEngine, voice: Voice, pronunciation: Make, rate: float) -> None:
    words = "mærdˈom dirˈuz be dʒˈæʃn ræftˈænd{} væ kudækˈɒn dær bˈɒq bɒzˈi kærdˈænd."
    run, parted = (
        engine.synthesize(pronunciation(words.format(comma)), voice, Delivery(rate=rate)).marks for comma in ("", ",")
    )
    gaps = [marks[5].start - marks[4].stop for marks in (run, parted)]
    assert gaps[1] - gaps[0] > 0.07 * SAMPLE_RATE / rate


@pytest.mark.parametrize("rate", [0.7, 1.6])
def test_stress_and_the_end_of_a_sentence_are_heard_at_every_rate(
    engine: KokoroEngine, voice: Voice, pronunciation: Make, rate: float
) -> None:
    said = ["dirˈuz ræftˈænd.", "dirˈuz ræftˈænd?", "dirˈuz ræftˈænd!", "dˈiruz ræftˈænd."]
    audios = [engine.synthesize(pronunciation(text), voice, Delivery(rate=rate)) for text in said]
    for one, other in combinations(audios, 2):
        assert not np.array_equal(one.samples, other.samples)
