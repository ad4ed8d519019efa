"""Speech → frames and their labels, spoilt as services and microphones spoil it: the classifier is to know that too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from audiopress.model import Audio
from audiopress.tts.align_network import SOUNDS
from audiopress.tts.align_sound import BANDS, FRAMES, features, powers
from training.align.spoil import coded, echoing, noisy, padded

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

    from training.align.speech import Speech

UNKNOWN = -1  #: label of frames that are neither a phoneme nor silence for sure
#: Frames that far below the clip's loud ones are silent where no phoneme, or the end of one before a pause, is due.
SILENT = 10 ** (-38 / 10)
NAMES = {name: number for number, name in enumerate(SOUNDS)}


@dataclass(frozen=True, slots=True)
class Frames:
    """One clip as the classifier gets it."""

    voice: str
    features: NDArray[np.float32]
    labels: NDArray[np.int8]


def labels(speech: Speech) -> NDArray[np.int8]:
    """The sound of each frame of clean speech."""
    power = powers(Audio(speech.samples, speech.sample_rate)).sum(axis=1)
    quiet = power < SILENT * np.percentile(power, 95)
    found = np.full(len(power), UNKNOWN, np.int8)
    edges = np.round(np.array([[p.start, p.stop] for p in speech.places]) * FRAMES / speech.sample_rate).astype(int)
    for place, (start, stop) in zip(speech.places, edges, strict=True):
        if place.phoneme:
            found[start:stop] = NAMES[place.phoneme]
    gaps = found == UNKNOWN
    found[gaps & quiet] = 0
    ends = [stop for (_, stop), (start, _) in pairwise(edges) if start > stop]
    for stop in [*ends, int(edges[-1][1])]:  # what is quiet at the end of the last phoneme before a gap
        at = min(stop, len(found)) - 1
        if stop < len(found) and not quiet[stop]:
            continue
        while at > 0 and quiet[at] and found[at] != UNKNOWN:
            found[at] = 0
            at -= 1
    return found


def coloured(power: NDArray[np.float32], chance: Random) -> NDArray[np.float32]:
    """As through another microphone: a random smooth gain a band of about ±6 dB, and at times nothing above 4 kHz."""
    knots = [chance.gauss(0, 6) for _ in range(6)]
    gains = np.interp(np.linspace(0, 5, BANDS), np.arange(6), knots)
    if chance.random() < 0.08:
        gains[round(BANDS * chance.uniform(0.7, 0.95)) :] = -60
    return power * np.float32(10) ** (gains / 10).astype(np.float32)


def spoilt(speech: Speech, chance: Random) -> Frames:
    """One spoilt version of a clip. Faster playing makes another speaker of it: pitch, formants and pace rise."""
    known = padded(speech, chance)
    speed = chance.choice([1.0, chance.uniform(0.84, 1.19)])
    audio = Audio(known.samples, known.sample_rate)
    if chance.random() < 0.25:
        audio = echoing(audio, chance.uniform(0.1, 0.5), chance.uniform(0.1, 0.5), chance.randrange(1 << 30))
    if chance.random() < 0.5:
        audio = noisy(audio, chance.uniform(8, 40), chance.choice([0, 0.5, 1]), chance.randrange(1 << 30))
    if chance.random() < 0.3:
        audio = coded(audio, chance.choice([24, 32, 48]))
    rate = round(known.sample_rate * speed)
    power = powers(Audio(audio.samples, rate))
    if chance.random() < 0.7:
        power = coloured(power, chance)
    return Frames(speech.voice, features(power), labels(replace(known, sample_rate=rate)))


def clean(speech: Speech) -> Frames:
    """A clip as it is."""
    power = powers(Audio(speech.samples, speech.sample_rate))
    return Frames(speech.voice, features(power), labels(speech))
