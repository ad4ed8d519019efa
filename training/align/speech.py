"""Speech in which the place of every phoneme is known, and the sentences that are spoken."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiopress.model import Boundary, Role, Sentence, Utterance
from audiopress.pronounce.pronounce import pronounce
from audiopress.text.normalize import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audiopress.model import Pronunciation

SENTENCES = Path(__file__).resolve().parent.parent / "pronounce" / "sentences"
#: The sentences of these files are spoken for training; 9.txt and examples/ stay unseen, for benchmarks/alignment.py.
FILES = ("1", "2", "3", "4", "5", "6", "7", "8")
SHORTEST, LONGEST = 3, 16  # words of a sentence
PHONEME = re.compile("tʃ|dʒ|[^ˈ]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phoneme lies in the sound, in samples; ``sure`` is False where its label is only about right."""

    phoneme: str  #: "" where it is silent
    word: int  #: counted from 0, -1 for silence
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken sentence: mono float32 with the places of its phonemes, in order, without overlap."""

    voice: str
    samples: NDArray[np.float32]
    sample_rate: int
    places: tuple[Place, ...]


def sentences(count: int, seed: int) -> list[Pronunciation]:
    """So many different sentences of our own, drawn with a seed."""
    texts = [
        line
        for name in FILES
        for line in (SENTENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#") and SHORTEST <= len(line.split()) <= LONGEST
    ]
    drawn = random.Random(seed).sample(texts, count)
    return said(drawn)


def said(texts: Sequence[str]) -> list[Pronunciation]:
    """Written sentences with their phonemes."""
    written = [Sentence(text, 1, Role.BODY, Boundary.SENTENCE) for text in texts]
    return list(pronounce(Utterance(sentence, normalize(sentence.written)) for sentence in written))


def phonemes(word: str) -> list[str]:
    """``tʃˈɒ`` → ``["tʃ", "ɒ"]``."""
    return PHONEME.findall(word)


def save(path: Path, speeches: Sequence[Speech]) -> None:
    """Keep them in one file, as 16-bit samples."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for number, speech in enumerate(speeches):
        arrays[f"{number}.samples"] = np.round(np.clip(speech.samples, -1, 1) * 32767).astype("<i2")
        arrays[f"{number}.places"] = np.array([[p.word, p.start, p.stop] for p in speech.places])
        arrays[f"{number}.names"] = np.array(
            [speech.voice, str(speech.sample_rate), *(p.phoneme for p in speech.places)]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def load(path: Path) -> list[Speech]:
    """What `save` kept."""
    with np.load(path) as file:
        count = sum(name.endswith(".samples") for name in file.files)
        speeches = []
        for number in range(count):
            voice, rate, *names = file[f"{number}.names"].tolist()
            rows = file[f"{number}.places"].tolist()
            places = tuple(Place(name, *row) for name, row in zip(names, rows, strict=True))
            samples = file[f"{number}.samples"].astype(np.float32) / np.float32(32768)
            speeches.append(Speech(voice, samples, int(rate), places))
    return speeches
