"""The one contract suite that every engine passes, on real engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from edge_server import edge_at_loopback
from google_server import google_at_loopback
from piper_model import make_piper_voice
from service import SpeechServer

from audiopress.errors import EngineError
from audiopress.model import Delivery, VoiceInput
from audiopress.tts.engine import Engine, Places
from audiopress.tts.espeak import EspeakEngine
from audiopress.tts.registry import BUILT_IN, make_engine
from audiopress.tts.voices import all_voices, find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from audiopress.model import Audio, Pronunciation, Voice

type Make = Callable[..., Pronunciation]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."
VOWELS = "mɒ mɒnɒmɒ nɒmɒlɒ lɒmɒnɒ."
EVERY_PHONEME = "bæ pe to di kɒ ɡu qæ ʔe fo vi sɒ zu ʃæ ʒe xo hi tʃɒ dʒu mæ ne lo ri jɒ."


def rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def fundamental(audio: Audio) -> float:
    """The median pitch in Hz of the louder frames of 50 ms, by autocorrelation between 60 and 400 Hz."""
    rate, size = audio.sample_rate, audio.sample_rate // 20
    frames = audio.samples[: len(audio.samples) // size * size].reshape(-1, size).astype(np.float64)
    loud = frames[np.square(frames).mean(axis=1) > 0.25 * np.square(frames).mean()]
    found = []
    for frame in loud:
        spectrum = np.fft.rfft(frame - frame.mean(), 4 * size)
        similar = np.fft.irfft(np.abs(spectrum) ** 2)[: rate // 60]
        lags = np.arange(rate // 60)
        weighed = similar / (1 - lags / size)  # longer lags have fewer products
        likely = weighed[rate // 400 :]
        first = int(np.argmax(likely > 0.9 * likely.max()))  # not a multiple of the period
        while first + 1 < len(likely) and likely[first + 1] > likely[first]:
            first += 1
        found.append(rate / (rate // 400 + first))
    return float(np.median(found))


@contextmanager
def at_home(name: str, folder: Path) -> Iterator[tuple[Engine, Voice]]:
    """An engine that needs nobody, with the first of its voices."""
    voice = next(voice for voice in all_voices().values() if voice.engine == name)
    yield make_engine(name, Places(folder, folder)), voice


@contextmanager
def piper_at_home(name: str, folder: Path) -> Iterator[tuple[Engine, Voice]]:
    """The real piper-tts with a tiny model in place of the one its user installs."""
    data = folder / "piper"
    yield make_engine(name, Places(folder, data)), make_piper_voice(data, "amir")


@contextmanager
def over_http(name: str, folder: Path) -> Iterator[tuple[Engine, Voice]]:
    """A service on loopback that speaks OpenAI's protocol."""
    with SpeechServer() as server:
        yield make_engine(name, Places(folder, folder)), server.voice("openai")


@contextmanager
def over_edge(name: str, folder: Path) -> Iterator[tuple[Engine, Voice]]:
    """The real edge-tts with a server on loopback."""
    with edge_at_loopback():
        yield make_engine(name, Places(folder, folder)), find_voice("dilara")


@contextmanager
def over_google(name: str, folder: Path) -> Iterator[tuple[Engine, Voice]]:
    """The real gTTS with a server on loopback."""
    with google_at_loopback():
        yield make_engine(name, Places(folder, folder)), find_voice("google")


#: How each engine is set up for real, with a voice that speaks here.
SETTINGS: dict[str, Callable[[str, Path], AbstractContextManager[tuple[Engine, Voice]]]] = {
    "kokoro": at_home,
    "espeak": at_home,
    "tone": at_home,
    "piper": piper_at_home,
    "http": over_http,
    "edge": over_edge,
    "google": over_google,
}


def test_no_engine_is_left_out() -> None:
    assert set(SETTINGS) == set(BUILT_IN)


@pytest.fixture(scope="module", params=sorted(SETTINGS))
def setting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Voice]]:
    folder = tmp_path_factory.getbasetemp().parent / "audiopress-cache"
    with SETTINGS[request.param](request.param, folder) as (engine, voice):
        yield engine, voice
        engine.close()


@pytest.fixture
def engine(setting: tuple[Engine, Voice]) -> Engine:
    return setting[0]


@pytest.fixture
def voice(setting: tuple[Engine, Voice]) -> Voice:
    return setting[1]


def test_it_is_an_engine_with_workers(engine: Engine) -> None:
    assert isinstance(engine, Engine)
    assert engine.workers >= 1


def test_it_speaks(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    assert audio.sample_rate == voice.sample_rate
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert 1.0 < len(audio.samples) / audio.sample_rate < 6.0
    assert 0.02 < np.abs(audio.samples).max() <= 1.0


def test_marks_are_ordered_and_inside(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    if not audio.marks:
        pytest.skip("the service tells no places of words; tts.align finds them")
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


@pytest.mark.parametrize("rate", [0.7, 1.6])
def test_rate_changes_the_length_and_marks_go_along(
    engine: Engine, voice: Voice, pronunciation: Make, rate: float
) -> None:
    plain = engine.synthesize(pronunciation(SENTENCE), voice)
    other = engine.synthesize(pronunciation(SENTENCE), voice, Delivery(rate=rate))
    assert 0.75 < len(plain.samples) / len(other.samples) / rate < 1.25
    assert len(other.marks) == len(plain.marks)
    if other.marks:
        assert other.marks[-1].stop <= len(other.samples)
        assert other.marks[-1].start > 0.5 * len(other.samples)


def test_pitch_changes_the_pitch_and_not_the_length(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    plain, high = (engine.synthesize(pronunciation(VOWELS), voice, Delivery(pitch=pitch)) for pitch in (0.0, 4.0))
    assert len(high.samples) == pytest.approx(len(plain.samples), rel=0.1)
    assert fundamental(high) / fundamental(plain) == pytest.approx(2 ** (4 / 12), rel=0.12)


def test_volume_changes_the_level_and_nothing_clips(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    plain, soft, loud = (
        engine.synthesize(pronunciation(SENTENCE), voice, Delivery(volume=volume)).samples for volume in (0, -6, 30)
    )
    assert 20 * np.log10(rms(soft) / rms(plain)) == pytest.approx(-6, abs=0.7)
    assert np.abs(loud).max() <= 1.0
    assert rms(loud) > rms(plain)


def test_a_comma_is_heard(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    words = "mærdˈom dirˈuz be dʒˈæʃn ræftˈænd{} væ kudækˈɒn dær bˈɒq bɒzˈi kærdˈænd."
    run, parted = (engine.synthesize(pronunciation(words.format(comma)), voice) for comma in ("", ","))
    assert len(parted.samples) - len(run.samples) > 0.05 * voice.sample_rate


def test_several_threads_may_speak_at_once(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    texts = [pronunciation(text) for text in ("sælɒm", "ketɒbe mæn", "ruje miz", "hævɒ sær bud")]
    alone = [len(engine.synthesize(text, voice).samples) for text in texts]
    with ThreadPoolExecutor(engine.workers) as pool:
        together = list(pool.map(lambda text: len(engine.synthesize(text, voice).samples), texts))
    assert together == pytest.approx(alone, rel=0.02)


def test_nothing_to_say_is_silence(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(""), voice)
    assert len(audio.samples) < 0.5 * audio.sample_rate
    assert audio.marks == ()


def test_a_long_sentence_is_spoken_whole(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    words = ["ketɒbe", "xube", "mæn", "ruje", "mize", "tʃubi", "æst", "væ"]
    few, many = " ".join(words * 2), " ".join(words * 12)
    short = engine.synthesize(pronunciation(few), voice)
    long = engine.synthesize(pronunciation(many), voice)
    assert len(long.marks) in {0, 12 * len(words)}
    assert 4.5 < len(long.samples) / len(short.samples) < 7.5


def test_an_unknown_phoneme_is_named(engine: Engine, voice: Voice, pronunciation: Make) -> None:
    if engine.name == "tone" or voice.input is VoiceInput.VOCALIZED:
        pytest.skip("it takes text, or any phoneme")
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
    (worker,) = engine._pool.processes
    worker.kill()
    worker.wait()
    with pytest.raises(EngineError, match="run the command again"):
        engine.synthesize(pronunciation(SENTENCE), voice)
    again = engine.synthesize(pronunciation(SENTENCE), voice)
    assert len(again.samples) == pytest.approx(len(first.samples), rel=0.01)
    engine.close()
