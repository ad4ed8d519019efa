"""What is sent to a service: text, in pieces where the service takes only so much of it, and their speech joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineError
from audiopress.model import WRITTEN_PAUSES, Audio, Mark, VoiceInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiopress.model import Pronunciation, Voice, Word

#: Where a sentence is cut, the best places first, and the seconds of silence put there: a newsreader's pauses, less
#: the bit of silence that speech keeps around it.
CUTS = ((".?!", 0.25), (";:", 0.2), (",", 0.15))
ELSEWHERE = 0.02  # seconds, where there is no pause to cut at


def text(pronunciation: Pronunciation, voice: Voice) -> str:
    """What a service is to say: ``کتابِ من، خانهٔ ما.``, or for a voice that eats phonemes ``ketˈɒbe mˈæn, …``.

    A word without a vocalized form is sent as it is spoken; "" where there is no word.
    """
    if voice.input is VoiceInput.PHONEMES:
        return " ".join(word.phonemes + word.after for word in pronunciation.words)
    return " ".join(_written(word) for word in pronunciation.words)


def pieces(pronunciation: Pronunciation, limit: int, size: Callable[[Pronunciation], int]) -> list[Pronunciation]:
    """The same words in as many parts as it takes for each to have a ``size`` of ``limit`` at most.

    Parts end at a pause where there is one in their second half, the longest pause first. A word is never cut: one
    that is larger than the limit raises EngineError. No words → no parts.
    """
    parts: list[Pronunciation] = []
    words = pronunciation.words
    while words:
        fitting = _fitting(pronunciation, words, limit, size)
        if not fitting:
            raise EngineError(f"The word {words[0].spoken[:40]!r} is too long for this voice; choose another voice.")
        count = fitting if fitting == len(words) else _cut(words[:fitting])
        parts.append(replace(pronunciation, words=words[:count]))
        words = words[count:]
    return parts


def joined(parts: Sequence[Pronunciation], spoken: Sequence[Audio], rate: float = 1.0) -> Audio:
    """The speech of `pieces` as one, with a pause after each but the last; ``rate`` shortens the pauses.

    Marks are kept where every part has them.
    """
    if len(spoken) == 1:
        return spoken[0]
    sample_rate = spoken[0].sample_rate
    samples: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    marks: list[Mark] = []
    position = 0
    for index, (part, audio) in enumerate(zip(parts, spoken, strict=True)):
        marks += (Mark(mark.start + position, mark.stop + position) for mark in audio.marks)
        last = index == len(spoken) - 1
        silence = 0 if last else round(_pause(part.words[-1]) / rate * sample_rate)
        samples += [audio.samples, np.zeros(silence, np.float32)]
        position += len(audio.samples) + silence
    known = len(marks) == sum(len(part.words) for part in parts)
    return Audio(np.concatenate(samples), sample_rate, tuple(marks) if known else ())


def _written(word: Word) -> str:
    return (word.vocalized or word.spoken) + WRITTEN_PAUSES.get(word.after, "")


def _fitting(whole: Pronunciation, words: tuple[Word, ...], limit: int, size: Callable[[Pronunciation], int]) -> int:
    """How many of the words fit, found by halving: sizes grow with every word."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if size(replace(whole, words=words[:middle])) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(words: tuple[Word, ...]) -> int:
    """After how many of the words to cut."""
    for kinds, _ in CUTS:
        for count in range(len(words), (len(words) - 1) // 2, -1):
            if words[count - 1].after and words[count - 1].after in kinds:
                return count
    return len(words)


def _pause(word: Word) -> float:
    """Seconds of silence after a part that ends with this word."""
    return next((pause for kinds, pause in CUTS if word.after and word.after in kinds), ELSEWHERE)
