"""The tone engine: one sine tone a word, as long as the word takes to say. For tests and for ``--dry-run`` timing."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiopress.model import PLAIN, Audio, Mark
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Places

SAMPLE_RATE = 24_000  # Hz, that of the embedded neural voices
PHONEMES_PER_SECOND = 12.5  # inside words; with the pauses below a newsreader's pace of about 10.6 is met
#: Seconds of silence after the punctuation inside an utterance.
PAUSES = {",": 0.2, ";": 0.25, ":": 0.25, ".": 0.3, "?": 0.3, "!": 0.3}
GAP = 0.03  # seconds between words
FADE = 0.005  # seconds, so that tones do not click


class ToneEngine:
    """Speaks in tones whose lengths are those of speech; the same input gives the same samples everywhere."""

    name = "tone"
    workers = 1

    def __init__(self, places: Places) -> None:
        """Needs nothing of the folders; every engine is made with them."""

    def version(self, voice: Voice) -> str:  # noqa: ARG002 - it has one voice
        """Raised by hand when a tone sounds otherwise."""
        return "1"

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance, e.g. ``ketɒbe mæn`` → two tones, 0.48 s and 0.24 s, and a gap."""
        rate = voice.sample_rate
        pieces: list[NDArray[np.float32]] = []
        marks: list[Mark] = []
        position = 0
        last = len(pronunciation.words) - 1
        for index, word in enumerate(pronunciation.words):
            length = round(len(word.plain) / PHONEMES_PER_SECOND / delivery.rate * rate)
            marks.append(Mark(position, position + length))
            silence = round((PAUSES.get(word.after, GAP) / delivery.rate if index < last else 0.0) * rate)
            pieces += [tone(word.plain, length, rate), np.zeros(silence, np.float32)]
            position += length + silence
        samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
        return shaped(Audio(samples, rate, tuple(marks)), replace(delivery, rate=1.0))

    def close(self) -> None:
        """Nothing to free."""


def tone(word: str, length: int, rate: int) -> NDArray[np.float32]:
    """A sine of ``length`` samples at ``rate`` Hz whose pitch (110-330 Hz) is drawn from the word itself."""
    pitch = 110 + zlib.crc32(word.encode()) % 220
    samples = 0.25 * np.sin(2 * np.pi * pitch * np.arange(length) / rate)
    fade = min(round(FADE * rate), length // 2)
    if fade:
        ramp = np.linspace(0, 1, fade)
        samples[:fade] *= ramp
        samples[-fade:] *= ramp[::-1]
    return samples.astype(np.float32)
