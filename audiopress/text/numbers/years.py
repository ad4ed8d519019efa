"""Two years with a dash or slash: ``۹۶-۹۵`` → ``نود و پنج نود و شش``, ``۱۳۹۵–۱۳۹۹`` → ``… تا …``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal
from audiopress.text.numbers.number_data import just_after, shortly_before

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_YEARS = range(1000, 2200)
#: Two-digit pairs at least this large are taken for years without a clue: no sport counts so far, few ages do.
_CLEARLY_YEARS = 75
_LONG = 4
#: Below ten the second year is said in full: «هزار و چهارصد و یک، هزار و چهارصد و دو».
_SHORT = 10


def _pair(match: re.Match[str]) -> str:
    first, second, sep = match["first"], match["second"], match["sep"].strip()
    hinted = shortly_before(match, "season", "years", within=25)
    if just_after(match, "scale", "percent", "count") and not hinted:
        return match[0]
    if len(first) == len(second) == 2:  # noqa: PLR2004 - both shortened
        return _short_pair(match, hinted=hinted)
    low, high = _whole(first, second), _whole(second, first)
    if low not in _YEARS or high not in _YEARS or (sep == "/" and abs(low - high) > 1):
        return match[0]
    if low > high:
        first, second, low, high = second, first, high, low
    said = [_said(first, low), _said(second, high)]
    if len(first) < _LONG:  # «94-1393» and «14-2013»: the century is said with the earlier year
        said = [cardinal(str(low)), cardinal(str(high % 100 if high % 100 >= _SHORT else high))]
    season = high - low == 1 and (sep == "/" or len(first) != len(second) or shortly_before(match, "season", within=25))
    return (" " if season else " تا ").join(said)


def _short_pair(match: re.Match[str], *, hinted: bool) -> str:
    first, second = match["first"], match["second"]
    neighbours = abs(int(first) - int(second)) == 1 or {first, second} == {"99", "00"}
    if neighbours and (hinted or (min(int(first), int(second)) >= _CLEARLY_YEARS and match["sep"].strip() != "/")):
        low, high = (first, second) if second == "00" else sorted((first, second), key=int)
        return f"{cardinal(low)} {cardinal(high) if high != '00' else cardinal('1400')}"
    if hinted and match["sep"].strip() != "/" and shortly_before(match, "years", within=15):
        low, high = sorted((first, second), key=int)
        return f"{cardinal(low)} تا {cardinal(high)}"
    return match[0]


def _whole(year: str, other: str) -> int:
    """Return a year in full: ``94`` beside ``1393`` is 1394, ``00`` beside ``1399`` is 1400."""
    if len(year) == _LONG or len(other) != _LONG:
        return int(year)
    full = int(other[:2] + year)
    return full + 100 if full < int(other) - 50 else full  # the nearer century


def _said(written: str, full: int) -> str:
    return cardinal(written if int(written) >= _SHORT else str(full))


@cache
def year_rules() -> tuple[Rule, ...]:
    """Return the rule for two years of two or four digits."""
    year = "[0-9]{4}|[0-9]{2}"
    return (
        (re.compile(r"(?<![^\W_])['’](?=[0-9]{2}(?![0-9]))"), lambda _: ""),
        (
            re.compile(
                rf"(?<![0-9])(?<![0-9][./:-])(?P<first>{year})(?P<sep>\s?[-–—/]\s?)(?P<second>{year})(?![0-9])(?!\s?[./:–-]\s?[0-9])"
            ),
            _pair,
        ),
    )
