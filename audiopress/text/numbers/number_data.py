"""The tables and the style that the number passes share, and what they build from them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: A pass over a sentence: where it looks and what it puts there. "" as a match's own text means "not mine".
type Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

#: A whole number, or one with a decimal point or slash; fences keep it from starting inside another number.
NUMBER = r"(?<![0-9])(?<![0-9][./])[0-9]+(?:[./][0-9]+)?(?![./]?[0-9])"
#: A hyphen or dash between numbers, with spaces on either side or none.
DASH = r"\s?[-–—−]\s?"
#: No letter follows: the word ends here.
END = r"(?![^\W\d_])(?!\u200c[^\W\d_])"
#: No letter precedes: the word starts here.
START = r"(?<![^\W\d_])(?<![^\W\d_]\u200c)(?<![\u064b-\u0654\u0670])"
#: How many characters on each side of a number a clue may lie; a clause of Persian news is about this long.
NEAR = 40
#: The same for clues that rule the whole sentence (it is about sport).
FAR = 200


class Style(NamedTuple):
    """The choices of ``data/style.toml``, described there."""

    decimal: str
    half: bool
    decimal_places: int
    cents: bool
    one_thousand: bool
    half_hour: str
    day_of_month: str
    first_of_month: str
    neighbours: bool
    neighbours_to: int
    digit_pairs: bool
    round_the_clock: str


@cache
def style() -> Style:
    """Return the choices of ``data/style.toml``; a key that is missing or unknown raises TypeError."""
    text = (files("audiopress.text") / "data" / "style.toml").read_text(encoding="utf-8")
    return Style(**tomllib.loads(text))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first: ``["از", "ساعت"]`` → ``(?:ساعت|از)``.

    ``_``, a space and a half-space stand for each other and for nothing, since copied text has often lost them.
    """
    longest_first = sorted(set(words), key=len, reverse=True)
    return (
        "(?:" + "|".join(r"[\s\u200c]?".join(map(re.escape, re.split(r"[_\s\u200c]", w))) for w in longest_first) + ")"
    )


@cache
def _contexts() -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for name, word in read_rows("contexts.tsv", 2):
        words[name] = (*words.get(name, ()), word)
    return words


@cache
def context(*names: str) -> str:
    """Return a pattern for any word of the named contexts of ``data/contexts.tsv``."""
    return any_of(word for name in names for word in _contexts()[name])


@cache
def _clue(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(START + context(*names) + END)


@cache
def _clue_at_end(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(START + context(*names) + r"[\s\u200c:«(\"]*\Z")


@cache
def _clue_at_start(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"[\s\u200c]*" + context(*names) + r"(?:ی|[\s\u200c]?ای)?" + END)


def near(match: re.Match[str], *names: str, within: int = NEAR) -> bool:
    """Say whether a word of the named contexts stands within so many characters of the match, on either side."""
    before = match.string[max(0, match.start() - within) : match.start()]
    after = match.string[match.end() : match.end() + within]
    return bool(_clue(names).search(before) or _clue(names).search(after))


def shortly_before(match: re.Match[str], *names: str, within: int = NEAR) -> bool:
    """Say whether a word of the named contexts stands within so many characters before the match."""
    return bool(_clue(names).search(match.string[max(0, match.start() - within) : match.start()]))


def just_before(match: re.Match[str], *names: str) -> bool:
    """Say whether the word right before the match is one of the named contexts: ``ساعت`` before ``۸-۱۰``."""
    return bool(_clue_at_end(names).search(match.string[max(0, match.start() - NEAR) : match.start()]))


def just_after(match: re.Match[str], *names: str) -> bool:
    """Say whether the word right after the match is one of the named contexts: ``نفر`` after ``۴-۵``."""
    return bool(_clue_at_start(names).match(match.string[match.end() : match.end() + NEAR]))
