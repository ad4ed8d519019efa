"""The transcript as WebVTT: the article's own spelling, phrase by phrase, in time with the voice."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Cue

#: Letters of a line, after which Apple and others wrap or cut (podcast:transcript asks for 65); one is kept for the
#: direction mark.
LONGEST_LINE = 64
_RIGHT_TO_LEFT_MARK = "\u200f"

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

#: What a mark within a sentence adds to its duration, in phonemes: a comma's pause of 0.25 s at 12 phonemes a second.
_PAUSE_PHONEMES = 3

_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_A_LETTER = re.compile(r"[\W\u064b-\u0652\u0670_]+")


def webvtt(cues: Sequence[Cue], sample_rate: int) -> bytes:
    r"""Return a transcript, UTF-8: each cue one line of at most 65 characters, as the article spells it.

    Example::

        webvtt((Cue(12000, 96000, pronunciation),), 48000)
        # → "WEBVTT\n\nNOTE language: fa\n\n00:00:00.250 --> 00:00:02.000\nسلام.\n"

    A long sentence is divided where a reader would take breath: after its marks, before conjunctions and prepositions.
    The times of its parts come from the voice's word marks, or where it gave none from the number of phonemes.
    """
    blocks = ["WEBVTT", "NOTE language: fa"]
    for cue in cues:
        for start, stop, line in phrases(cue):
            blocks.append(f"{_time(start, sample_rate)} --> {_time(stop, sample_rate)}\n{_escaped(line)}")
    return ("\n\n".join(blocks) + "\n").encode()


def phrases(cue: Cue) -> tuple[tuple[int, int, str], ...]:
    """Return the lines of a cue with their samples, touching each other: ((start, stop, "line"), …)."""
    words = _UNSEEN.sub("", cue.pronunciation.utterance.sentence.written).split()
    words = [piece for word in words for piece in _pieces(word)]
    if not words:
        return ()
    ends = _divide(words)
    starts = _starts(cue, words)
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
    if _bare(last) in opening:
        return _NEVER
    before = _QUOTE if following[0] in "«(" else opening.get(_bare(following), _ANYWHERE)
    return min(before, closing.get(_bare(last), _ANYWHERE))


@cache
def _phrase_words() -> tuple[dict[str, int], dict[str, int]]:
    """Read data/phrase_words.tsv: word → badness of dividing before it, and word → badness of dividing after it."""
    rows = read_table("podcast", "phrase_words.tsv", 3)
    opening = {_bare(word): int(badness) for side, word, badness in rows if side == "before"}
    closing = {_bare(word): int(badness) for side, word, badness in rows if side == "after"}
    return opening, closing


def _starts(cue: Cue, words: list[str]) -> list[int]:
    """Return the sample at which each written word begins.

    Written and spoken words differ («۲۵» is spoken as three words), so the words they share are anchors, and between
    two anchors written letters share the spoken time evenly.
    """
    begins = _spoken_starts(cue)
    spoken = [_bare(word.spoken) for word in cue.pronunciation.words]
    matcher = SequenceMatcher(None, [_bare(word) for word in words], spoken, autojunk=False)
    starts: list[int] = []
    before = (0, 0)
    for block in matcher.get_matching_blocks():  # the last one is empty and stands at both ends
        starts += _spread(words[before[0] : block.a], begins[before[1]], begins[block.b])
        starts += begins[block.b : block.b + block.size]
        before = (block.a + block.size, block.b + block.size)
    return starts


def _spread(words: list[str], start: int, stop: int) -> list[int]:
    """Return starts for the words between two samples, by their letters."""
    reach = [0, *accumulate(len(word) + 1 for word in words)]
    return [start + round((stop - start) * done / reach[-1]) for done in reach[:-1]]


def _spoken_starts(cue: Cue) -> list[int]:
    """Return where each spoken word begins, and the end of the last."""
    words = cue.pronunciation.words
    if words and len(cue.marks) == len(words):
        return [mark.start for mark in cue.marks] + [cue.stop]
    reach = [0, *accumulate(len(word.plain) + (_PAUSE_PHONEMES if word.after else 0) for word in words)]
    whole = reach[-1] or 1
    return [cue.start + (cue.stop - cue.start) * done // whole for done in reach]


def _bare(word: str) -> str:
    """Return a word's letters and digits only: «می‌رود،» → ``میرود``."""
    return _NOT_A_LETTER.sub("", word)


def _escaped(line: str) -> str:
    """Return a line safe for WebVTT; one that would run from left to right is told not to."""
    text = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    strong = next((way for letter in line if (way := unicodedata.bidirectional(letter)) in {"L", "R", "AL"}), "L")
    return _RIGHT_TO_LEFT_MARK + text if strong == "L" else text


def _time(samples: int, sample_rate: int) -> str:
    """Return a time as WebVTT writes it: 72000 at 48000 → 00:00:01.500."""
    seconds, thousandth = divmod(round(1000 * samples / sample_rate), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandth:03}"
