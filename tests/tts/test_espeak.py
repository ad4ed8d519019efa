"""espeak speaks in processes of its own: the same samples in each, however many there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress import espeak_ng
from audiopress.errors import EngineError
from audiopress.model import Delivery
from audiopress.tts.engine import Places
from audiopress.tts.espeak import EspeakEngine, own_pitch, own_rate
from audiopress.tts.espeak_pool import Pool
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Audio, Pronunciation, Voice

type Make = Callable[..., Pronunciation]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."


@pytest.fixture
def voice() -> Voice:
    return find_voice("espeak")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EspeakEngine]:
    made = EspeakEngine(Places(tmp_path, tmp_path), workers=3)
    yield made
    made.close()


def sentences() -> list[str]:
    """Twenty of 2 to 20 syllables, with commas, questions and stress."""
    chance = Random(3)
    made = []
    for count in range(1, 21):
        words = [
            "".join(chance.choice(["b", "k", "ʃ", "m", "r", "s", "h"]) + chance.choice("æeoɒiu") for _ in range(2))
            for _ in range(chance.randint(1, 10))
        ]
        words[0] = words[0][0] + "ˈ" + words[0][1:] + ("," if count % 3 == 0 else "")
        made.append(" ".join(words) + ".?!"[count % 3])
    return made


def same(one: Audio, other: Audio) -> bool:
    return np.array_equal(one.samples, other.samples) and one.marks == other.marks


def test_an_utterance_sounds_the_same_in_any_order_and_in_any_of_the_workers(
    engine: EspeakEngine, voice: Voice, pronunciation: Make, tmp_path: Path
) -> None:
    texts = [pronunciation(text) for text in sentences()]
    alone = EspeakEngine(Places(tmp_path, tmp_path), workers=1)
    first = [alone.synthesize(text, voice) for text in texts]
    backwards = [alone.synthesize(text, voice) for text in reversed(texts)]
    order = [*range(20), *range(20)]
    Random(1).shuffle(order)
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda place: engine.synthesize(texts[place], voice), order))
    assert len(alone._pool.processes) == 1
    assert 1 <= len(engine._pool.processes) <= 3
    alone.close()
    assert all(map(same, first, reversed(backwards)))
    assert all(same(audio, first[place]) for place, audio in zip(order, together, strict=True))


def test_what_was_said_before_is_not_heard() -> None:
    before = espeak_ng.synthesize("[[sal'Am]] [[donj'A]].")
    espeak_ng.synthesize("[[Z'a]]", rate=300, pitch=90, spread=99)
    espeak_ng.text_to_phonemes("کتابِ")
    assert espeak_ng.synthesize("[[sal'Am]] [[donj'A]].") == before


def test_one_caller_alone_starts_one_process(engine: EspeakEngine, voice: Voice, pronunciation: Make) -> None:
    for _ in range(3):
        engine.synthesize(pronunciation(SENTENCE), voice)
    assert len(engine._pool.processes) == 1
    engine.close()
    assert engine._pool.processes == ()


def test_a_process_that_died_is_told_once_and_replaced() -> None:
    pool = Pool(2)
    request = {"text": "[[sal'Am]]"}
    first = pool.ask(request)
    (process,) = pool.processes
    process.kill()
    process.wait()
    with pytest.raises(EngineError, match="run the command again"):
        pool.ask(request)
    assert pool.processes == ()
    assert pool.ask(request) == first
    pool.close()


def test_a_refusal_is_told_and_the_process_goes_on(engine: EspeakEngine, voice: Voice, pronunciation: Make) -> None:
    with pytest.raises(EngineError, match="ŋ"):
        engine.synthesize(pronunciation("sæŋ"), voice)
    assert len(engine.synthesize(pronunciation(SENTENCE), voice).samples)


@pytest.mark.parametrize(("wanted", "own"), [(70.0, 80), (140.0, 140), (224.4, 224), (900.0, 450)])
def test_a_rate_stays_within_what_the_library_goes_to(wanted: float, own: int) -> None:
    assert own_rate(wanted) == own


@pytest.mark.parametrize(
    ("semitones", "expected"), [(0.0, (50, 50)), (4.0, (70, 63)), (-4.0, (28, 40)), (40.0, (99, 99)), (-40.0, (0, 5))]
)
def test_semitones_become_pitch_and_spread(semitones: float, expected: tuple[int, int]) -> None:
    assert own_pitch(50, semitones) == expected


@pytest.mark.parametrize("rate", [0.5, 0.7, 0.85, 1.25, 1.6, 2.0])
def test_the_rate_asked_for_is_met(engine: EspeakEngine, voice: Voice, pronunciation: Make, rate: float) -> None:
    text = pronunciation("mærdˈome rustˈɒ dirˈuz dær mejdˈɒne bozˈorɡ dʒˈæʃn ɡereftˈænd væ be xɒnˈe ræftˈænd.")
    plain, other = (engine.synthesize(text, voice, Delivery(rate=each)) for each in (1.0, rate))
    assert len(plain.samples) / len(other.samples) == pytest.approx(rate, rel=0.1)
    assert len(other.marks) == len(plain.marks)


@pytest.mark.parametrize("rate", [0.7, 1.0, 1.6])
def test_commas_and_questions_are_heard_at_every_rate(
    engine: EspeakEngine, voice: Voice, pronunciation: Make, rate: float
) -> None:
    words = "mærdˈom dirˈuz be dʒˈæʃn ræftˈænd{} væ kudækˈɒn dær bˈɒq bɒzˈi kærdˈænd{}"
    run, parted, asked = (
        engine.synthesize(pronunciation(words.format(*signs)), voice, Delivery(rate=rate))
        for signs in (("", "."), (",", "."), ("", "?"))
    )
    assert len(parted.samples) - len(run.samples) > 0.05 * voice.sample_rate / rate
    assert not np.array_equal(run.samples, asked.samples)
