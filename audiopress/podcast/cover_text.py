"""Persian text on a cover: broken into balanced lines, as large as its box allows, drawn right to left."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from math import inf
from typing import TYPE_CHECKING, Any

from audiopress.podcast.cover_font import LONGEST, NON_JOINER, drawable, font, length
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    type Text = Sequence[str]

#: From one baseline to the next, in sizes of the font: under «ی» (0.34) the next line's «آ» (0.97) still stands free.
LEADING = 1.34
#: What stands above the first baseline and below the last one, in sizes of the font, as measured on Vazirmatn: «هٔ» and
#: a kasre below «ج».
ABOVE, BELOW = 1.06, 0.48
DEEP = 0.34  #: what «ی» and «ج» reach below the baseline
MOST_LINES = 6

#: What a line costs that ends with a word that leans on the next («و», «از»), or begins with one that leans on the
#: word before («را»), as a share of the lines' length squared: as bad as a line that is 40 % too short.
_LEANING = 0.16
#: A line more must make the letters so much larger, or it is not made.
_WORTH_A_LINE = 1.06
#: A word of more sizes of the font than this is cut: the longest Persian compounds have 11.
_LONGEST_WORD = 13.0

_JOINER = "\u200d"
_LATIN = re.compile("[0-9A-Za-z\u00c0-\u024f]")
_LEFT_TO_RIGHT_MARK = "\u200e"
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_RIGHT_TO_LEFT = {"R", "AL"}
_TOO_LONG = 2.5  # lines of even length: longer ones are not tried, unless a word alone is so long
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as it will be drawn: its lines, and the size of the font in pixels."""

    lines: tuple[str, ...]
    size: int
    rtl: bool = True  #: whether its lines run from right to left

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last, px."""
        return round(self.size * (ABOVE + BELOW + LEADING * (len(self.lines) - 1))) if self.lines else 0


def fit(
    text: str, width: int, height: int, *, largest: int, smallest: int, weight: int, most: int = MOST_LINES
) -> Setting:
    """The setting in which a text stands largest in a box, its lines about as long as each other.

    Example::

        fit("باران در شمال کشور", 2540, 1400, largest=430, smallest=96, weight=800)
        # → Setting(("باران در", "شمال کشور"), 430)

    ``width`` and ``height`` are px, ``most`` is of lines. What does not fit even at the smallest size ends with «…».
    """
    plain = drawable(text)[:LONGEST]
    rtl = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in plain)
    words = [piece for word in plain.split() for piece in (_pieces(word, weight) if most > 1 else [word])]
    ends = accumulate(length(f"{word} ", weight) for word in words)
    kept = max(1, bisect_right([*ends], most * width / smallest)) if words else 0
    while kept:
        shown = words if kept == len(words) else [*words[: kept - 1], f"{words[kept - 1]}{_ELLIPSIS}"]
        lines, size = _largest(shown, width, height, largest=largest, weight=weight, most=most)
        if size >= smallest or kept == 1:
            return Setting(_bound(lines) if rtl else lines, size, rtl)
        kept -= max(1, kept // 20)
    return Setting((), largest)


def _largest(
    words: Text, width: int, height: int, *, largest: int, weight: int, most: int
) -> tuple[tuple[str, ...], int]:
    """Return the lines that allow the largest letters, as few as that takes, and the size of these letters."""
    best: tuple[tuple[str, ...], int] = ((), 0)
    for count in range(1, min(most, len(words)) + 1):
        lines = _divided(words, count, weight)
        longest = max(length(line, weight) for line in lines)
        size = int(min(largest, width / longest, height / (ABOVE + BELOW + LEADING * (count - 1))))
        if size > best[1] * _WORTH_A_LINE:
            best = lines, size
    return best


def _divided(words: Text, count: int, weight: int) -> tuple[str, ...]:
    """Return a text in so many lines, as even as can be."""
    space = length("ا ا", weight) - length("اا", weight)
    reach = [0.0, *accumulate(length(word, weight) + space for word in words)]
    target = reach[-1] / count
    best = [0.0] + [inf] * len(words)  # the least cost of so many words in the lines so far
    begins = []  # for each line, where it begins when it ends before the word of that number
    for _ in range(count):
        row = [min(_lines_ending(end, reach, target, best)) for end in range(len(words) + 1)]
        best = [cost + _leaning_cost(words, end) for end, (cost, _) in enumerate(row)]
        begins.append([begin for _, begin in row])
    ends = [len(words)]
    for line in reversed(begins):
        ends.append(line[ends[-1]])
    return tuple(" ".join(words[start:end]) for start, end in pairwise(reversed(ends)))


def _lines_ending(
    end: int, reach: Sequence[float], target: float, best: Sequence[float]
) -> Iterator[tuple[float, int]]:
    """Yield the cost of each line that ends before the word numbered ``end``, and where it begins."""
    yield inf, 0
    for begin in range(end - 1, -1, -1):
        share = (reach[end] - reach[begin]) / target
        yield best[begin] + (share - 1) ** 2, begin
        if share > _TOO_LONG:
            break


def _leaning_cost(words: Text, end: int) -> float:
    """Return what it costs to end a line before the word numbered ``end``."""
    if end in {0, len(words)}:
        return 0.0
    before, after = words[end - 1], words[end]
    name = bool(_LATIN.search(before) and _LATIN.search(after))  # «iPhone 18» is one name, and counts three times
    return _LEANING * (3 * name + (before.isdecimal() or before in _opening()) + (after in _closing()))


@cache
def _opening() -> frozenset[str]:
    """Words that lean on the next one: those a subtitle never ends with either, and a cover's own."""
    rows = [*read_table("podcast", "phrase_words.tsv", 3), *read_table("podcast", "cover_words.tsv", 2)]
    return frozenset(word for side, word, *_ in rows if side == "before")


@cache
def _closing() -> frozenset[str]:
    """Words that lean on the one before them."""
    return frozenset(word for side, word in read_table("podcast", "cover_words.tsv", 2) if side == "after")


def _pieces(word: str, weight: int) -> list[str]:
    """Return a word in pieces that fit a line: nearly always itself; letters keep the shape they have in the word."""
    parts = int(length(word, weight) / _LONGEST_WORD) + 1
    share = -(-len(word) // parts)
    pieces, joined = [], ""
    while len(word) > share:
        cut = word.rfind(NON_JOINER, 1, share) + 1 or share
        first, word = word[:cut], word[cut:]
        after = _JOINER if _ARABIC.match(first[-1]) and _ARABIC.match(word[0]) else ""
        pieces.append(f"{joined}{first.rstrip(NON_JOINER)}{after}")
        joined = after
    return [*pieces, f"{joined}{word}"]


def _bound(lines: Text) -> tuple[str, ...]:
    """Return the lines of a text from right to left so that each is ordered as it would be within the whole text.

    A number that follows Latin letters belongs to them, also where a line begins between: «iPhone | 18 Pro».
    """
    bound, latin = [], False
    for line in lines:
        open_ended = unicodedata.bidirectional(line[0]) not in {"L", *_RIGHT_TO_LEFT}
        bound.append(_LEFT_TO_RIGHT_MARK * (latin and open_ended) + line)
        for letter in line:
            kind = unicodedata.bidirectional(letter)
            latin = kind == "L" or (latin and kind not in _RIGHT_TO_LEFT)
    return tuple(bound)


def draw(canvas: Any, setting: Setting, x: int, top: int, *, weight: int, fill: str, side: str = "r") -> None:
    """Draw a text whose lines end at ``x`` (``side`` "r") or begin there ("l"), all of it below ``top``, px."""
    direction = {"direction": "rtl", "language": "fa"} if setting.rtl else {"direction": "ltr", "language": "en"}
    letters = font(setting.size, weight)
    for line, baseline in zip(setting.lines, _baselines(setting, top), strict=True):
        canvas.text((x, baseline), line, font=letters, fill=fill, anchor=f"{side}s", **direction)


def corners(setting: Setting, right: int, top: int, weight: int) -> list[tuple[int, int]]:
    """Where each line of a text that ends at ``right`` has its lower left corner, px."""
    return [
        (right - round(setting.size * length(line, weight)), baseline + round(setting.size * DEEP))
        for line, baseline in zip(setting.lines, _baselines(setting, top), strict=True)
    ]


def _baselines(setting: Setting, top: int) -> list[int]:
    return [top + round(setting.size * (ABOVE + LEADING * line)) for line in range(len(setting.lines))]
