"""Signs between and before numbers: minus, plus, times, equals, powers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, quantity, spoken_number
from audiopress.text.numbers.number_data import NUMBER, shortly_before

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

#: The minutes after which football adds time; «۴+۹۰» is ninety plus four, typed from the right.
_HALVES = ("45", "90", "105", "120")
#: The pairs with a fixed order in Persian: the talks of the five and one.
_FIXED = {("1", "5"): ("5", "1")}
_PLUS = "به علاوه"


def _sum(match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    first, last = _FIXED.get((first, last), (first, last))
    if last in _HALVES and first not in _HALVES:
        first, last = last, first
    return f"{first} {_PLUS} {last}"


def _and_more(match: re.Match[str]) -> str:
    if match.string.endswith("بیش از ", 0, match.start()):
        return match["number"]
    sign = "مثبت" if shortly_before(match, "signed", within=15) else "بیش از"
    return f"{sign} {match['number']}"


def _scientific(match: re.Match[str]) -> str:
    sign = "منفی " if match["sign"] == "-" else ""
    return f"{quantity(match['base'])} ضرب در ده به توان {sign}{cardinal(match['power'])}"


def _power(match: re.Match[str]) -> str:
    sign = "منفی " if match["sign"] else ""
    return f"{quantity(match['base'])} به توان {sign}{spoken_number(match['power'])}"


def _times(match: re.Match[str]) -> str:
    follows = match.string[match.end() : match.end() + 12]
    return " ضرب در " if "=" in follows else " در "


@cache
def power_rules() -> tuple[Rule, ...]:
    """Return the rules for ``10^6`` and ``1.2e5``."""
    return (
        (re.compile(rf"(?P<base>{NUMBER})[eE](?P<sign>[+-]?)(?P<power>[0-9]{{1,4}})(?![^\W_])"), _scientific),
        (re.compile(rf"(?P<base>{NUMBER})\s?\^\s?(?P<sign>[-−]?)(?P<power>[0-9]{{1,6}})"), _power),
    )


@cache
def sign_rules() -> tuple[Rule, ...]:
    """Return the rules for signs between and before numbers."""
    gap = r"\s?"
    start = r"(?<![^\s(«\"،:؛\[])"
    return (
        (re.compile(rf"(?P<first>{NUMBER}){gap}\+{gap}(?P<last>{NUMBER})"), _sum),
        (re.compile(rf"(?<=[0-9]){gap}[×✕✖*]{gap}(?=[0-9])|(?<=[0-9])\s?[xX]\s?(?=[0-9])"), _times),
        (re.compile(rf"(?<=[0-9]){gap}÷{gap}(?=[0-9])"), lambda _: " تقسیم بر "),
        (re.compile(rf"(?<=[0-9]){gap}[−-]{gap}(?=[0-9.]{{1,20}}{gap}=)"), lambda _: " منهای "),
        (re.compile(rf"(?<=[0-9]){gap}={gap}(?=[-−]?[0-9])"), lambda _: " مساوی "),
        (re.compile(rf"{start}[-−](?=\.?[0-9])|(?<![0-9])(?<![0-9]\s)−(?=\.?[0-9])"), lambda _: " منفی "),
        (re.compile(r"(?<![0-9])(?<![0-9]\s)[-–]\s(?=[0-9./]{1,6}\s?درجه)"), lambda _: "منفی "),
        (re.compile(r"(?:±|\+/-)\s?(?=[0-9])"), lambda _: " مثبت و منفی "),
        (re.compile(r"(?<![0-9])\+(?=\.?[0-9])"), lambda _: " مثبت "),
        (re.compile(r"(?<=حدود )[~≈∼]\s?(?=[0-9])"), lambda _: ""),
        (re.compile(r"[~≈∼]\s?(?=[0-9])"), lambda _: " حدود "),
        (re.compile(r"≥\s?(?=[0-9])"), lambda _: " حداقل "),
        (re.compile(r"≤\s?(?=[0-9])"), lambda _: " حداکثر "),
        (re.compile(r">\s?(?=[0-9])"), lambda _: " بیشتر از "),
        (re.compile(r"<\s?(?=[0-9])"), lambda _: " کمتر از "),
        # «+۱۸» and «۱۸+» on a film poster are the same; any other «۴۰+» is «بیش از چهل»
        (re.compile(r"(?<![0-9.])18\s?\+(?![0-9^\W])"), lambda _: "مثبت 18"),
        (re.compile(rf"(?P<number>{NUMBER})\+(?!\s?[^\W\d_]{{2,}}/)(?![^\W])"), _and_more),
    )
