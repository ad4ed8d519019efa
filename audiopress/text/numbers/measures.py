"""Percent signs and units become words: ``۱۲٪`` → ``۱۲ درصد``, ``90 km/h`` → ``90 کیلومتر بر ساعت``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, quantity
from audiopress.text.numbers.digits import to_ascii
from audiopress.text.numbers.number_data import DASH, END, NUMBER, context
from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_PERCENT = "درصد"


@cache
def _units() -> dict[str, str]:
    return {to_ascii(written): spoken for written, spoken in read_rows("units.tsv", 2)}


def _pattern(written: str) -> str:
    """Return a pattern for a unit: it ends where its letters end."""
    return re.escape(written) + (r"(?![^\W_])" if written[-1].isalnum() else "")


@cache
def percent_rules() -> tuple[Rule, ...]:
    """Return the rules for the percent sign before, after and between numbers."""
    value = rf"(?P<value>{NUMBER})"
    range_ = rf"(?P<first>{NUMBER})\s?%?(?P<dash>{DASH}|\sتا\s|\sالی\s)(?P<last>{NUMBER})"
    return (
        (re.compile(rf"%\s?{range_}\s?%?"), lambda m: f"{m['first']}{m['dash']}{m['last']} {_PERCENT} "),
        (
            re.compile(rf"%\s?(?P<first>{NUMBER}){DASH}%\s?(?P<last>{NUMBER})"),
            lambda m: f"{m['first']}-{m['last']} {_PERCENT} ",
        ),
        (re.compile(rf"{range_}\s?%"), lambda m: f"{m['first']}{m['dash']}{m['last']} {_PERCENT} "),
        (re.compile(rf"{value}\s?%(?=\s?{_PERCENT})"), lambda m: m["value"]),
        (
            re.compile(rf"{value}\s?%[\s\u200c]?(?P<ending>ی{END})?"),
            lambda m: f"{m['value']} {_PERCENT}{m['ending'] or ''} ",
        ),
        (re.compile(rf"%\s?{value}(?:\s?{_PERCENT}{END})?"), lambda m: f"{m['value']} {_PERCENT} "),
        (re.compile(rf"{_PERCENT}\s*\+\s?(?=[0-9])"), lambda _: f"{_PERCENT} به علاوه "),
    )


def _coordinate(match: re.Match[str]) -> str:
    degrees, minutes, seconds = match["degrees"], match["minutes"], match["seconds"]
    poles = {"N": "شمالی", "S": "جنوبی", "E": "شرقی", "W": "غربی", None: ""}
    said = [f"{quantity(degrees)} درجه"]
    if minutes:
        said.append(f"{cardinal(minutes)} دقیقه")
    if seconds:
        said.append(f"{quantity(seconds)} ثانیه")
    return f"{' و '.join(said)} {poles[match['pole']]}".rstrip() + " "


@cache
def unit_rules() -> tuple[Rule, ...]:
    """Return the rules for units and coordinates; a unit stands after a digit or a scale name."""
    units = "|".join(_pattern(written) for written in sorted(_units(), key=len, reverse=True))
    with_power = "|".join(re.escape(written) for written in _units() if written[-1] in "²³")
    places = r"[0-9]{1,3}(?:\.[0-9]{1,8})?"
    return (
        (
            re.compile(
                rf"(?<![0-9.])(?P<degrees>{places})\s?[°º](?:\s?(?P<minutes>[0-9]{{1,2}})\s?['′’](?:\s?(?P<seconds>{places})\s?(?:[\"″”]|''))?)?\s?(?P<pole>[NSEW])(?![A-Za-z])"
            ),
            _coordinate,
        ),
        (
            re.compile(
                rf"(?<![0-9.])(?P<degrees>[0-9]{{1,3}})\s?[°º]\s?(?P<minutes>[0-9]{{1,2}})\s?['′’](?:\s?(?P<seconds>{places})\s?(?:[\"″”]|''))?(?P<pole>(?!))?"
            ),
            _coordinate,
        ),
        (re.compile(rf"(?<![0-9])(?<![0-9]\s)(?:[°º]C|C[°º]|℃)\s?(?P<value>{NUMBER})"), _celsius_first),
        (
            re.compile(
                rf"(?P<before>[0-9]|(?<=[0-9\u200c\s]){context('scale')})[\s\u200c]?(?P<unit>{units})(?P<ending>[\s\u200c]?ی{END})?"
            ),
            _unit,
        ),
        # «هر m²»: a unit that only its sign makes known
        (re.compile(rf"(?<![^\W_])(?:{with_power})(?![^\W_])"), _alone),
    )


def _celsius_first(match: re.Match[str]) -> str:
    return f"{match['value']} {_units()['°C']} "


def _alone(match: re.Match[str]) -> str:
    return f" {_units()[match[0]]} "


def _unit(match: re.Match[str]) -> str:
    spoken = _units()[match["unit"]]
    return f"{match['before']} {spoken}{(match['ending'] or '').strip()}" + ("" if match["ending"] else " ")
