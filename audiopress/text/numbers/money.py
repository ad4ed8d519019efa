"""Money: signs and codes of currencies become words: ``$۱۲ میلیون`` → ``۱۲ میلیون دلار``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal
from audiopress.text.numbers.number_data import DASH, END, NUMBER, any_of, context, style
from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule


@cache
def _currencies() -> dict[str, str]:
    return {written: spoken for written, spoken, _ in read_rows("currencies.tsv", 3)}


@cache
def _hundredths() -> dict[str, str]:
    return {spoken: hundredth for _, spoken, hundredth in read_rows("currencies.tsv", 3) if hundredth}


def _cents(match: re.Match[str]) -> str:
    whole, places, currency = match["whole"], match["places"], match["currency"]
    if not style().cents or places == "00":
        return match[0]
    cents = f"{cardinal(places)} {_hundredths()[currency]}"
    return f"{cardinal(whole)} {currency} و {cents}" if whole.strip("0") else cents


_SHORT_SCALES = {
    "k": "هزار",
    "K": "هزار",
    "m": "میلیون",
    "M": "میلیون",
    "bn": "میلیارد",
    "B": "میلیارد",
    "T": "تریلیون",
}


def _sign_first(match: re.Match[str]) -> str:
    scale = match["scale"] or ""
    short = match["short"]
    spoken_scale = f" {_SHORT_SCALES[short]}" if short else scale.rstrip()
    return f"{match['amount']}{spoken_scale} {_currencies()[match['sign']]} ".replace("  ", " ")


@cache
def money_rules() -> tuple[Rule, ...]:
    """Return the rules for currency signs before and after an amount, and for cents."""
    signs = [written for written in _currencies() if not written.isalpha()]
    codes = [written for written in _currencies() if written.isalpha() and written.isascii()]
    sign = rf"(?P<sign>{any_of(signs)}|(?<![A-Za-z]){any_of(codes)}(?![A-Za-z]))"
    amount = rf"(?P<amount>{NUMBER}(?:{DASH}{NUMBER})?)"
    scale = rf"(?P<scale>(?:[\s\u200c]{{0,2}}{context('scale')}){{1,2}}{END})?"
    short = r"(?:\s?(?P<short>k|K|m|M|bn|B|T)(?![A-Za-z]))?"
    after = rf"(?:(?P<scale>(?:\s?{context('scale')}){{1,2}})\s?|(?<=[0-9])\s?)"
    return (
        # «$10-$12»: the first sign is said with the second
        (re.compile(rf"{any_of(signs)}\s?({NUMBER})({DASH})(?={any_of(signs)})"), lambda m: f"{m[1]}{m[2]}"),
        (re.compile(rf"(?P<minus>(?<![0-9])[-−])?{sign}\s?{amount}{short}{scale}"), _with_minus),
        (re.compile(rf"(?<=[0-9]){after}{sign}"), lambda m: f"{m['scale'] or ''} {_currencies()[m['sign']]}"),
        (
            re.compile(
                rf"(?<![0-9])(?<![0-9][./-])(?P<whole>[0-9]{{1,9}})[./](?P<places>[0-9]{{2}})\s?(?P<currency>{any_of(_hundredths())}){END}"
            ),
            _cents,
        ),
        # «با ۵۳ میلیارد ریال ۱۱۷ هزار متر لوله»: two amounts that only a pause parts
        (re.compile(rf"((?:[0-9]|{context('scale')})\s?{context('money')})\s(?=[0-9])"), lambda m: f"{m[1]}، "),
    )


def _with_minus(match: re.Match[str]) -> str:
    return ("منفی " if match["minus"] else "") + _sign_first(match)
