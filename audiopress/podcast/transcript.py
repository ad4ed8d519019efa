"""The lines of a transcript: the article's own spelling, phrase by phrase, in time with the voice."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from audiopress.model import milliseconds
from audiopress.podcast.alignment import bare, timed_words, written_words
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiopress.model import Cue

#: Letters of a line, after which Apple and others wrap or cut (podcast:transcript asks for 65); one is kept for the
#: direction mark.
LONGEST_LINE = 64

#: How bad it is to end a line after this mark (0 best); without a mark it depends on the word that follows.
_AFTER = {".": 0, "؟": 0, "!": 0, "؛": 0, ":": 1, "،": 1, ",": 1, "…": 1, "»": 3, ")": 3, "–": 2, "-": 4}
_ANYWHERE = 9
_NEVER = 20  # after a word that opens a phrase: «و», «از»
_QUOTE = 3  # before an opening quotation mark or bracket
#: What a new line costs by itself, in the same measure: a comma is worth ending a line, a conjunction only where the
#: line is full anyway.
_LINE = 2
#: Letters below which a line is too short to be read at ease, and what a line of no letters would cost.
_SHORT = 24
_TOO_SHORT = 12


def timed_lines(cues: Sequence[Cue], sample_rate: int) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of a programme with their times in whole milliseconds: (250, 2000, "سلام بر شما.").

    Lines of a cue touch each other; each lasts at least a millisecond, as captions must.
    """
    for cue in cues:
        for start, stop, line in phrases(cue):
            begin = milliseconds(start, sample_rate)
            yield begin, max(begin + 1, milliseconds(stop, sample_rate)), line


def phrases(cue: Cue) -> tuple[tuple[int, int, str], ...]:
    """Return the lines of a cue with their samples, touching each other: ((start, stop, "line"), …).

    A long sentence is divided where a reader would take breath: after its marks, before conjunctions and prepositions.
    A line begins when the voice says its first word.
    """
    words = [piece for word in written_words(cue) for piece in _pieces(word)]
    if not words:
        return ()
    ends = _divide(words)
    starts = [word.start for word in timed_words(cue, words)]
    times = [cue.start, *(starts[end] for end in ends[:-1]), cue.stop]
    lines = [" ".join(words[first:last]) for first, last in pairwise([0, *ends])]
    return tuple((start, stop, line) for (start, stop), line in zip(pairwise(times), lines, strict=True))


def _pieces(word: str) -> list[str]:
    """Cut what is longer than a line (an address, a run of signs) into pieces."""
    return [word[first : first + LONGEST_LINE] for first in range(0, len(word), LONGEST_LINE)]


def _divide(words: list[str]) -> list[int]:
    """Return where the lines end, as numbers of words: the cheapest division into lines that fit."""
    lengths = [0, *accumulate(len(word) + 1 for word in words)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            length = lengths[end] - lengths[start] - 1
            if length > LONGEST_LINE:
                break
            short = max(0.0, 1 - length / _SHORT)
            choices.append((best[start][0] + _LINE + _TOO_SHORT * short + _badness(words, end), start))
        best.append(min(choices))
    ends = [len(words)]
    while best[ends[-1]][1]:
        ends.append(best[ends[-1]][1])
    return ends[::-1]


def _badness(words: list[str], end: int) -> int:
    """Say how bad it is to end a line before ``words[end]``."""
    if end == len(words):
        return 0
    opening, closing = _phrase_words()
    last, following = words[end - 1], words[end]
    mark = _AFTER.get(last[-1])
    if mark is not None:
        return mark
    if bare(last) in opening:
        return _NEVER
    before = _QUOTE if following[0] in "«(" else opening.get(bare(following), _ANYWHERE)
    return min(before, closing.get(bare(last), _ANYWHERE))


@cache
def _phrase_words() -> tuple[dict[str, int], dict[str, int]]:
    """Read data/phrase_words.tsv: word → badness of dividing before it, and word → badness of dividing after it."""
    rows = read_table("podcast", "phrase_words.tsv", 3)
    opening = {bare(word): int(badness) for side, word, badness in rows if side == "before"}
    closing = {bare(word): int(badness) for side, word, badness in rows if side == "after"}
    return opening, closing
