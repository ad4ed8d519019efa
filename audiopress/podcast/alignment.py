"""When each word of the article is heard: written words set against the spoken ones, whose times the voice knows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Cue

#: What a mark within a sentence adds to its duration, in phonemes: a comma's pause of 0.25 s at 12 phonemes a second.
_PAUSE_PHONEMES = 3
#: Pairs of written and spoken words up to which every division is tried; a sentence has some ten of them. Beyond it
#: (a page of Latin or digits without a full stop) written letters share the spoken words.
_MOST_PAIRS = 3000
#: Spoken words that one written word becomes at most, among the divisions tried: a date of three numbers has eleven.
_LONGEST_RUN = 16

_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_A_LETTER = re.compile(r"[\W\u064b-\u0652\u0670_]+")
#: Written words that are said as one, among those tried: «نمی گفته ام».
_MOST_JOINED = 4
_PERSIAN = str.maketrans("يكة", "یکه")
_NUMBER = re.compile(r"\d+")
_SAID_AS_A_WORD = re.compile(r"[%٪$€£°×+=]|[A-Z]")  # signs, and the letters of an acronym
_ZERO = re.compile("[0۰٠]")


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as the article spells it, with its place in the programme, in samples."""

    start: int
    stop: int
    text: str


def written_words(cue: Cue) -> list[str]:
    """Return the words of a cue as written, without control and direction characters: «باران آمد.» → باران, آمد."""
    return _UNSEEN.sub("", cue.pronunciation.utterance.sentence.written).split()


def is_aligned(cue: Cue) -> bool:
    """Say whether the voice itself told where each word lies; otherwise times are estimated from the phonemes."""
    words = cue.pronunciation.words
    return bool(words) and len(cue.marks) == len(words)


def timed_words(cue: Cue, words: Sequence[str]) -> tuple[TimedWord, ...]:
    """Return when each of the written ``words`` of a cue is heard.

    Example::

        timed_words(cue, ["در", "۲۵", "تیر"])   # spoken «در بیست و پنج تیر»
        # → (TimedWord(0, 4800, "در"), TimedWord(4800, 28800, "۲۵"), TimedWord(30000, 40800, "تیر"))

    Times ascend and lie within the cue. A word that is not spoken («–») lasts no time. Measured after the pauses of a
    news article (27 sentences, 519 words; the sound at −40 dB of the peak), a start lies 0.02-0.08 s after the sound in
    the neural voice and up to 0.06 s before it in espeak's. Both count a pause to the word before it: the end of a word
    before a comma comes up to 0.4 s late, the last of a sentence 0.1 s.
    """
    begins, ends = _spoken_times(cue)
    firsts = first_spoken(
        [bare(word) for word in words], [bare(word.spoken) for word in cue.pronunciation.words], words
    )
    timed = []
    for word, (first, following) in zip(words, pairwise(firsts), strict=True):
        start = _at(begins, ends, first)
        whole = following > first and following == int(following)
        stop = ends[int(following) - 1] if whole else _at(begins, ends, following)
        timed.append(TimedWord(start, max(start, stop) if following > first else start, word))
    return tuple(timed)


def _at(begins: list[int], ends: list[int], place: float) -> int:
    """Return the sample of a place among the spoken words: 2.5 is the middle of the third."""
    word = int(place)
    return begins[word] + (round((ends[word] - begins[word]) * (place - word)) if place > word else 0)


def bare(word: str) -> str:
    """Return a word's letters and digits only, as Persian keyboards type them: «مي‌رود،» → ``میرود``."""
    return _NOT_A_LETTER.sub("", word).translate(_PERSIAN)


def first_spoken(written: Sequence[str], spoken: Sequence[str], raw: Sequence[str]) -> list[float]:
    """Return the number of the spoken word with which each written word begins, and the number of all spoken words.

    ``first_spoken(["در", "۲۵", "تیر"], ["در", "بیست", "و", "پنج", "تیر"], …)`` → ``[0, 1, 4, 5]``; ``raw`` are the
    written words with their signs. A fraction is a place within a spoken word: of «می گوید», said «می‌گوید», the
    second word begins at 0.33. Words that occur as often in the one as in the other are anchors («و» is none in a
    sentence where a number brings its own); what lies between two anchors is divided by what sounds alike.
    """
    often_written, often_spoken = Counter(written), Counter(spoken)
    keys = [word if often_written[word] == often_spoken[word] else (word, n) for n, word in enumerate(written)]
    firsts: list[float] = []
    before, reached = 0, 0
    for block in SequenceMatcher(None, keys, spoken, autojunk=False).get_matching_blocks():  # the last one is empty
        words = slice(before, block.a)
        firsts += [reached + first for first in _divided(written[words], spoken[reached : block.b], raw[words])]
        firsts += range(block.b, block.b + block.size)
        before, reached = block.a + block.size, block.b + block.size
    if firsts:
        firsts[0] = 0  # a word that is only heard belongs to the one before it, at the beginning to the first
    return [*firsts, len(spoken)]


def _divided(written: Sequence[str], spoken: Sequence[str], raw: Sequence[str]) -> list[float]:
    """Return where each written word begins, for words between two anchors: the likeliest division."""
    if len(written) <= 1 or not spoken:
        return [0] * len(written)
    if len(written) * len(spoken) > _MOST_PAIRS:
        reach = [0, *accumulate(len(word) + 1 for word in raw)]
        return [len(spoken) * done // reach[-1] for done in reach[:-1]]
    # costs[w][s]: of giving the first w written words the first s spoken ones; steps: how many of each came last.
    costs = [[0.0, *[inf] * len(spoken)]]
    steps = [[(0, 0)] * (len(spoken) + 1)]
    for w in range(1, len(written) + 1):
        row = []
        for s in range(len(spoken) + 1):
            ways = [
                (costs[w - 1][s - run] + _unlike(written[w - 1], raw[w - 1], spoken[s - run : s]), 1, run)
                for run in range(min(s, _LONGEST_RUN) + 1)
            ]
            ways += [
                (costs[w - joined][s - 1], joined, 1)
                for joined in range(2, min(w, _MOST_JOINED) + 1)
                if s and "".join(written[w - joined : w]) == spoken[s - 1]
            ]
            row.append(min(ways))
        costs.append([cost for cost, _, _ in row])
        steps.append([(words, run) for _, words, run in row])
    firsts: list[float] = []
    w, s = len(written), len(spoken)
    while w:
        words, run = steps[w][s]
        w, s = w - words, s - run
        reach = [0, *accumulate(len(word) for word in written[w : w + words])]
        firsts = [*(s + done / max(1, reach[-1]) for done in reach[:-1]), *firsts]
    return firsts


def _unlike(word: str, signs: str, run: Sequence[str]) -> float:
    """Say how unlikely it is that a written word is said as this run of spoken ones, 0 for the same letters."""
    said = "".join(run)
    if said == word:
        return 0.0
    expected = sum(_words_of(number) for number in _NUMBER.findall(signs)) + len(_SAID_AS_A_WORD.findall(signs))
    if expected:
        return float(abs(len(run) - expected))
    # Each letter more or less counts a little, each word much: other words are spoken nearly as they are written.
    return (1 if word else 0) + 2 * abs(len(run) - bool(word)) + abs(len(said) - len(word)) / 8


def _words_of(number: str) -> int:
    """Return about how many words a number is said with: «۲۵» → 3 (بیست و پنج), «۱۴۰۱» → 5 (هزار و چهارصد و یک)."""
    digits = len(_ZERO.sub("", number.lstrip("0۰٠")))
    teen = len(number) > 1 and number[-2] in "1۱١" and not _ZERO.match(number[-1])
    return max(1, 2 * digits - 1 - 2 * teen)


def _spoken_times(cue: Cue) -> tuple[list[int], list[int]]:
    """Return where each spoken word begins, and the cue's end; and where each spoken word ends."""
    words = cue.pronunciation.words
    if is_aligned(cue):
        begins = [mark.start for mark in cue.marks]
        ends = [mark.stop for mark in cue.marks]
    else:
        lengths = [len(word.plain) for word in words]
        reach = [
            0,
            *accumulate(n + (_PAUSE_PHONEMES if word.after else 0) for n, word in zip(lengths, words, strict=True)),
        ]
        whole = max(1, reach[-1])
        begins = [cue.start + (cue.stop - cue.start) * done // whole for done in reach[:-1]]
        ends = [
            cue.start + (cue.stop - cue.start) * (done + n) // whole
            for done, n in zip(reach[:-1], lengths, strict=True)
        ]
    begins = [min(max(begin, cue.start), cue.stop) for begin in accumulate(begins, max)] + [cue.stop]
    return begins, [min(max(end, cue.start), following) for end, following in zip(ends, begins[1:], strict=True)]
