"""The espeak engine: espeak-ng fed our phonemes, in worker processes, since the library holds global state."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from audiopress import espeak_ng
from audiopress.errors import EngineError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Delivery, Mark
from audiopress.tables import read_table
from audiopress.tts.espeak_pool import Pool
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audiopress.model import Pronunciation, Voice
    from audiopress.tts.engine import Places

#: Below this share of full scale a sample at the edge of a clip is silence: espeak-ng's silence is exactly 0, and its
#: quietest onset (an h) passes 0.002 within a millisecond.
SILENCE = 0.002
LOWEST, HIGHEST = -8.0, 9.0  # semitones that the library reaches from its middle


@cache
def mnemonics() -> dict[str, str]:
    """Our phonemes and the stress mark → espeak-ng mnemonics, from data/espeak_phonemes.tsv."""
    return {ipa: mnemonic for ipa, mnemonic in read_table("tts", "espeak_phonemes.tsv", 2)}  # noqa: C416 - two cells


@cache
def phoneme_pattern() -> re.Pattern[str]:
    """Matches one phoneme, the affricates before their parts."""
    return re.compile("|".join(map(re.escape, sorted(mnemonics(), key=len, reverse=True))) + "|(.)")


def to_mnemonics(phonemes: str) -> str:
    """``ketˈɒbe`` → ``ket'Abe``; raises EngineError naming a phoneme that the map lacks."""

    def one(match: re.Match[str]) -> str:
        if match[1] is not None:
            raise EngineError(f"The espeak voice has no phoneme {match[1]!r}; add it to tts/data/espeak_phonemes.tsv.")
        return mnemonics()[match[0]]

    return phoneme_pattern().sub(one, phonemes)


def to_texts(pronunciation: Pronunciation) -> list[str]:
    """Each word as mnemonics with the pause after it: ``["[[ket'Abe]]", "[[m'an]]."]``."""
    return [f"[[{to_mnemonics(word.phonemes)}]]{word.after}" for word in pronunciation.words]


def word_starts(texts: list[str], events: Sequence[espeak_ng.WordEvent]) -> list[int]:
    """The sample at which each word of ``" ".join(texts)`` starts, or [] where espeak-ng did not say it of every word.

    Events are matched by their place in the text: in sentences of some 70 words the library breaks a clause where there
    is none, and tells of the word at the break twice.
    """
    places = [0, *accumulate(len(text) + 1 for text in texts)]
    starts: dict[int, int] = {}
    for event in events:
        starts.setdefault(bisect_right(places, event.position) - 1, event.sample)
    return [starts[word] for word in range(len(texts))] if starts.keys() >= set(range(len(texts))) else []


def trim(samples: NDArray[np.int16], sample_rate: int, starts: Sequence[int]) -> Audio:
    """Cut the silence at both edges; a word lasts until the next one starts, the last to the end of the clip."""
    floats = samples.astype(np.float32) / np.float32(32768)
    loud = np.flatnonzero(np.abs(floats) > SILENCE)
    if not loud.size:
        return Audio(floats[:0], sample_rate)
    first, end = int(loud[0]), int(loud[-1]) + 1
    edges = [min(max(start, first), end) - first for start in starts] + [end - first]
    marks = tuple(Mark(start, stop) for start, stop in pairwise(edges))
    return Audio(floats[first:end], sample_rate, marks)


def own_rate(wanted: float) -> int:
    """The words a minute, of those that the library goes to, that are nearest to ``wanted``.

    Its speech gets shorter as they rise: words a minute times seconds stay within 5 % from 98 to 450 (measured).
    """
    return min(max(round(wanted), espeak_ng.SLOWEST), espeak_ng.FASTEST)


def own_pitch(middle: int, semitones: float) -> tuple[int, int]:
    """The pitch and its spread, 0 … 99, that are ``semitones`` above ``middle``: ``50, 4.0`` → ``(69, 63)``.

    The library's pitch is one of an octave in 50 steps, but what it counts its melody from moves against it as the
    spread grows, which scales the melody along; the quarter is fitted to measured pitches (within .5 semitones of what
    is asked for between -8 and 9, on a sentence of vowels and nasals).
    """
    factor = 2 ** (semitones / 12)
    pitch = middle + 50 * math.log2(max(1.25 * factor - 0.25, 0.01))
    return min(max(round(pitch), 0), 99), min(max(round(espeak_ng.RANGE * factor), 0), 99)


class EspeakEngine:
    """Speaks through worker processes, started when they are needed; each utterance sounds the same in all of them."""

    name = "espeak"

    def __init__(self, places: Places, workers: int | None = None) -> None:  # noqa: ARG002 - every engine is made with it
        """Needs nothing of the folders; ``workers`` is 1 if None: a second one is 2 % sooner and takes 18 MB."""
        self.workers = workers or 1
        self._pool = Pool(self.workers)

    def version(self, voice: Voice) -> str:  # noqa: ARG002 - it has one voice
        """The library's package, our map and how a delivery is obeyed: what changes how it sounds."""
        try:
            return f"2/{version('espeakng-loader')}/{sorted(mnemonics().items())}"
        except PackageNotFoundError as error:
            raise EngineUnavailable("The espeak voice needs espeakng-loader: pip install espeakng-loader") from error

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance at 22,050 Hz, its words marked where espeak-ng says they start.

        Rate and pitch are the library's own as far as it goes, `shaped` does the rest; volume is a gain.
        """
        texts = to_texts(pronunciation)
        wanted = float(voice.option("rate", espeak_ng.RATE)) * delivery.rate
        semitones = min(max(delivery.pitch, LOWEST), HIGHEST)
        rate = own_rate(wanted)
        pitch, spread = own_pitch(int(voice.option("pitch", espeak_ng.PITCH)), semitones)
        request = {"text": " ".join(texts), "rate": rate, "pitch": pitch, "spread": spread}
        reply, pcm = self._pool.ask(request)
        events = [espeak_ng.WordEvent(*event) for event in reply["events"]]
        audio = trim(np.frombuffer(pcm, "<i2"), reply["sample_rate"], word_starts(texts, events))
        left = wanted / rate if abs(wanted - rate) >= 1 else 1.0
        return shaped(audio, Delivery(left, delivery.pitch - semitones, delivery.volume))

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()
