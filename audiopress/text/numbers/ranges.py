"""A dash between two numbers: the score of a game, a formation, neighbours («چهار پنج نفر») or from-to."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, spoken_number
from audiopress.text.numbers.number_data import (
    DASH,
    FAR,
    NUMBER,
    context,
    just_after,
    just_before,
    near,
    shortly_before,
    style,
)

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

#: No game in the news has more points on one side; basketball comes close.
_MOST_POINTS = 200
_FIFTY = "50"
#: Points of sets stand in a list, and keep the order of the teams.
_LISTED_AFTER = re.compile(r"\s?(?:[،,)]|و [0-9]|- ?[0-9])")
_LISTED_BEFORE = ("، ", ", ", "،", "(", " و ")


def _score(match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    # Two goals to one; a range rises, or follows a plural: «کلاس‌های ۶-۴»
    falling = len(first) == len(last) == 1 and first >= last and not match.string.endswith("های ", 0, match.start())
    if max(int(first), int(last)) > _MOST_POINTS or not (falling or near(match, "sport", within=FAR)):
        return match[0]
    counted = just_after(match, "count", "percent", "scale") and not just_before(match, "result")
    if counted or shortly_before(match, "age_range", within=12):
        return match[0]
    before = match.string[max(0, match.start() - 3) : match.start()]
    in_a_list = bool(_LISTED_AFTER.match(match.string, match.end())) or before.endswith(_LISTED_BEFORE)
    if near(match, "decided") and not in_a_list and int(first) < int(last):
        first, last = last, first  # the winner's goals come first in speech
    return f"{cardinal(first)} بر {cardinal(last)}"


def _row(match: re.Match[str]) -> str:
    parts = re.findall("[0-9]+", match[0])
    return (" " if max(map(len, parts)) == 1 else "، ").join(map(spoken_number, parts))


def _range(match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    if "." in first + last or "/" in first + last:
        low, high = (first, last) if _value(first) <= _value(last) else (last, first)
        return f"{low} تا {high}"
    if first == last == _FIFTY or just_before(match, "model"):
        return f"{cardinal(first)} {cardinal(last)}"
    if first.startswith("0") and len(first) > 1:
        return f"{spoken_number(first)}، {spoken_number(last)}"
    low, high = sorted((first, last), key=lambda digits: (len(digits.lstrip("0")), digits.lstrip("0")))
    if _are_neighbours(match, low, high):
        return f"{'یکی' if low == '1' else cardinal(low)} {cardinal(high)}"
    return f"{cardinal(low)} تا {cardinal(high)}"


def _are_neighbours(match: re.Match[str], low: str, high: str) -> bool:
    if not style().neighbours or len(high) > 2 or int(high) - int(low) != 1 or int(high) > style().neighbours_to:  # noqa: PLR2004
        return False
    return int(low) > 0 and just_after(match, "count", "scale") and not shortly_before(match, "age_range", within=8)


def _value(number: str) -> float:
    return float(number.replace("/", ".")[:30])


@cache
def range_rules() -> tuple[Rule, ...]:
    """Return the rules for dashes between numbers."""
    fence = r"(?<![0-9])(?<![0-9][./:-])"
    stop = r"(?![0-9])(?!\s?[-–—][0-9])(?![./:][0-9])"
    return (
        (re.compile(r"(?<=[0-9])\s?ـ+\s?(?=[0-9])"), lambda _: "-"),
        (re.compile(rf"{fence}[0-9]{{1,12}}(?:\s?[-–—_]\s?[0-9]{{1,12}}){{2,8}}(?![0-9])"), _row),
        (re.compile(r"(?<=[0-9])_+(?=[0-9])"), lambda _: "-"),
        (re.compile(rf"({context('scale')}){DASH}(?={NUMBER}\s?{context('scale')})"), lambda m: f"{m[1]} تا "),
        (re.compile(rf"{fence}(?P<first>[0-9]{{1,3}}){DASH}(?P<last>[0-9]{{1,3}}){stop}"), _score),
        (re.compile(rf"(?P<first>{NUMBER}){DASH}(?P<last>{NUMBER})"), _range),
    )
