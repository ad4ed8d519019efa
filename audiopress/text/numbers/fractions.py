"""What a slash between two numbers is: a decimal point, a fraction, two seasons or the parts of a reference."""

from __future__ import annotations

import re
from functools import cache
from math import gcd
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, fraction, spoken_number
from audiopress.text.numbers.number_data import END, NEAR, context, just_after, near, shortly_before, style

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

#: Denominators that are said in a fraction; other slashes are decimal points.
_DENOMINATORS = {*range(2, 13), 15, 16, 20, 32, 50, 64, 100, 1000, 10000}
#: What follows a decimal number at once.
_MEASURED = ("scale", "percent", "count")
#: «قانون ۵۰/۵۰» is halves; «۲۰/۲۰» is twenty marks of twenty.
_FULL_MARKS = {"50": " ", "10": " از ", "20": " از ", "100": " از "}
_OUT_OF = re.compile(r"\sاز\s[0-9]")
_WORD = re.compile(r"\s[^\W\d_]{2}")


def _slash(match: re.Match[str]) -> str:
    above, below = match["above"], match["below"]
    if shortly_before(match, "blood_pressure", within=20):
        return f"{cardinal(above)} روی {cardinal(below)}"
    if (above, below) == ("24", "7") and near(match, "round_clock", within=20):
        return style().round_the_clock
    if above == below and above in _FULL_MARKS and not just_after(match, *_MEASURED):
        return f"{cardinal(above)}{_FULL_MARKS[above]}{cardinal(below)}"
    if (above, below) == ("1", "2") and just_after(match, "final"):
        return "نیمه"
    if above == "1" and re.fullmatch("10+", below) and (len(below) > 2 or not just_after(match, "scale")):  # noqa: PLR2004
        return fraction(above, below)
    if (len(above) > 3 and len(below) > 3) or len(below) > 4:  # noqa: PLR2004 - no news figure is so exact
        return f"{spoken_number(above)}، {spoken_number(below)}"
    if _is_fraction(match, int(above), int(below)):
        return fraction(above, below)
    if below == "0" and just_after(match, *_MEASURED):
        return f"0.{above}"  # «۲/۰ میلیارد», typed from the right
    return f"{above}.{below}"


def _is_fraction(match: re.Match[str], above: int, below: int) -> bool:
    if match["below"].startswith("0") or match["above"].startswith("0"):
        return False
    if not above < below or below not in _DENOMINATORS or gcd(above, below) > 1:
        return False
    if _OUT_OF.match(match.string, match.end()):
        return False  # «امتیاز ۷/۸ از ۱۰»
    if just_after(match, "fraction_after"):
        return True
    if just_after(match, *_MEASURED) or shortly_before(match, "decimal_before", within=NEAR // 2):
        return False
    # Halves are written «۳/۵»: with a five below only a clue makes a fraction
    followed_by_noun = bool(_WORD.match(match.string, match.end())) and not just_after(match, "after_decimal")
    return below != 5 and (above == 1 or followed_by_noun or match[0] == match.string.strip())  # noqa: PLR2004


def _reference(match: re.Match[str]) -> str:
    return "، ".join(map(spoken_number, re.findall("[0-9]+", match[0])))


@cache
def slash_rules() -> tuple[Rule, ...]:
    """Return the rules for numbers with slashes; decimals leave with a point: ``۱۲/۷`` → ``12.7``."""
    pair = r"[0-9]{1,9}/[0-9]{1,9}"
    joint = r"\s?(?:،|,|و|تا|الی|-|–)\s?"
    fence, stop = r"(?<![0-9])(?<![0-9][./])", r"(?![0-9])(?![./][0-9])"
    measured = context("scale", "percent", "count")
    return (
        (re.compile(rf"{fence}[0-9]{{1,9}}(?:/[0-9]{{1,9}}){{2,6}}(?![0-9])"), _reference),
        # A list of shares is as decimal as its last, which alone has the unit: «۹/۱۵، ۱/۱۲ و ۲/۵ درصد»
        (
            re.compile(
                rf"{fence}(?:{pair}|[0-9]{{1,9}})(?:{joint}(?:{pair}|[0-9]{{1,9}})){{1,9}}(?=[\s\u200c]?{measured}{END})"
            ),
            lambda m: re.sub(r"(?<=[0-9])/(?=[0-9])", ".", m[0]),
        ),
        (re.compile(rf"{fence}(?P<above>[0-9]{{1,9}})/(?P<below>[0-9]{{1,9}}){stop}"), _slash),
    )
