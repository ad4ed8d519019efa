"""Rows of digits that count nothing: telephone, card, account and identity numbers, said in the groups people use."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, digit_by_digit, spoken_number
from audiopress.text.numbers.number_data import END, START, context, style

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

#: How a number of so many digits is cut: 8-digit lines and cards in pairs, mobiles 4-3-2-2, others in three and pairs.
_GROUPS = {5: (2, 3), 6: (2, 2, 2), 7: (3, 2, 2), 8: (2, 2, 2, 2), 9: (3, 2, 2, 2), 10: (3, 3, 2, 2), 11: (4, 3, 2, 2)}
_PAUSE = "، "
#: Up to so many digits a number that is dialled is a code, not a line.
_SHORT = 4
_PLUS = "مثبت"


def short_code(digits: str) -> str:
    """Say a short code: ``1414`` → ``چهارده چهارده``, ``115`` → ``صد و پانزده``, ``1500`` → ``هزار و پانصد``."""
    if len(digits) != _SHORT or digits[0] == "0" or digits.endswith("00"):  # four digits fall in two
        return spoken_number(digits)
    return f"{cardinal(digits[:2])} {spoken_number(digits[2:])}"


def groups(digits: str) -> str:
    """Say a row of digits in groups: ``09123456789`` → ``صفر نهصد و دوازده، سیصد و چهل و پنج، …``."""
    if not style().digit_pairs:
        return digit_by_digit(digits)
    if len(digits) <= _SHORT:
        return short_code(digits)
    if re.fullmatch("[1-9]000[0-9]|[1-9][0-9]{1,2}000", digits):
        return cardinal(digits)
    if re.match("[1-9]000[0-9]", digits):  # the senders of bulk messages: ۳۰۰۰۱۲۳۴
        return f"{cardinal(digits[:4])}{_PAUSE}{groups(digits[4:])}"
    sizes = _GROUPS.get(len(digits)) or (2 + len(digits) % 2,) + (2,) * (len(digits) // 2 - 1)
    parts, start = [], 0
    for size in sizes:
        parts.append(spoken_number(digits[start : start + size]))
        start += size
    return _PAUSE.join(parts)


def _area_and_line(match: re.Match[str]) -> str:
    area, line = match["area"], re.sub(r"[\s-]", "", match["line"])
    return spoken_number(area) + _PAUSE + groups(line)


def _mobile(match: re.Match[str]) -> str:
    digits = re.sub(r"[\s-]", "", match[0])
    return groups(digits)


def _international(match: re.Match[str]) -> str:
    digits = re.sub(r"[^0-9]", "", match["rest"])
    prefix = {"+": _PLUS, "00": "صفر صفر", "": ""}[match["prefix"]]
    area = f"{cardinal(match['area'])}{_PAUSE}" if "area" in match.re.groupindex else ""
    return f"{prefix} {cardinal(match['country'])}{_PAUSE}{area}{groups(digits)}".lstrip()


def _in_fours(match: re.Match[str]) -> str:
    """Say a card number four by four, each four as two pairs."""
    digits = re.sub(r"[^0-9]", "", match[0])
    if not style().digit_pairs:
        return digit_by_digit(digits)
    fours = [digits[i : i + 4] for i in range(0, len(digits), 4)]
    return _PAUSE.join(f"{spoken_number(four[:2])} {spoken_number(four[2:])}".strip() for four in fours)


def _identity(match: re.Match[str]) -> str:
    """Say an identity or postal code digit by digit, with a pause after every five."""
    digits = re.sub(r"[^0-9]", "", match["digits"])
    fives = [digits[i : i + 5] for i in range(0, len(digits), 5)]
    return match["before"] + _PAUSE.join(map(digit_by_digit, fives))


def _listed(match: re.Match[str]) -> str:
    """Say each of the numbers after a word like تلفن; a hyphen before the last digits is a pause or «تا»."""
    return match["before"] + re.sub(
        r"(?<![0-9])([0-9]{1,24})(?:\s?[-–]\s?([0-9]{1,24}))?(?![0-9])", _one_listed, match["rest"]
    )


def _one_listed(match: re.Match[str]) -> str:
    first, second = match[1], match[2]
    if not second:
        return groups(first)
    # «۸۸۷۷۶۶۵۵-۸»: the last line of a block; «۹-۸۸۷۷۶۶۵۵» is the same typed from the right
    if len(first) <= 2 < len(second):  # noqa: PLR2004
        first, second = second, first
    if len(second) <= 2 < len(first):  # noqa: PLR2004 - one or two digits name the last line
        # «۵۵ تا ۵۸», as the pair before was said
        pair = len(first) > _SHORT and len(second) == 1 and style().digit_pairs
        return f"{groups(first)} تا {groups(first[-2] + second if pair else second)}"
    return groups(first) + _PAUSE + groups(second)


@cache
def sequence_rules() -> tuple[Rule, ...]:
    """Return the rules for numbers that are dialled or typed: ``۰۲۱-۸۸۷۷۶۶۵۵``, ``۶۱۰۴ ۳۳۷۹ …``, ``کد ملی ۰۰۱…``."""
    money = rf"(?!\s?{context('scale', 'percent', 'count')}(?:ی|[\s\u200c]?ای)?{END})"
    fence = r"(?<![0-9.,/+-])"
    gap = r"[\s-]?"
    called = rf"(?P<before>{START}{context('phone')}[^\W\d_]{{0,3}}"
    linked = rf"(?:[\s\u200c:«(]|شماره|{START}(?:به|با|از|طریق|ی|های|کوتاه|گویای|پیامکی)(?=\s))"
    row = r"(?:[0-9]{1,2}\s?[-–]\s?[0-9]{7,24}|[0-9]{5,24}(?:\s?[-–]\s?[0-9]{1,12})?)"
    return (
        (
            re.compile(
                rf"(?P<before>{START}{context('id_digits')}\D{{0,12}}?)(?P<digits>[0-9](?:{gap}[0-9]){{7,25}})(?![0-9])"
            ),
            _identity,
        ),
        (
            re.compile(
                r"(?:(?<![A-Za-z])IR|آی\u200c?آر)\s{0,2}(?P<digits>[0-9]{2}(?:\s{0,2}[0-9]{4}){5}\s?[0-9]{2})(?![0-9])"
            ),
            lambda m: "آی‌آر " + _in_fours(m),
        ),
        (
            re.compile(
                rf"{fence}[0-9]{{4}}(?P<sep>[\s-])[0-9]{{4}}(?P=sep)[0-9]{{4}}(?P=sep)[0-9]{{4}}(?![0-9,.]?[0-9])"
            ),
            _in_fours,
        ),
        (re.compile(rf"{fence}(?:5|6)[0-9]{{15}}(?![0-9,.]?[0-9]){money}"), _in_fours),
        (
            re.compile(
                rf"(?<![0-9])(?P<prefix>\+|00)(?P<country>98){gap}(?P<area>[1-8][0-9]){gap}(?P<rest>[0-9]{{8}})(?![0-9])"
            ),
            _international,
        ),
        (
            re.compile(
                rf"(?<![0-9])(?P<prefix>\+|00|(?=989[0-9]{{9}}(?![0-9])))(?P<country>98|[1-9][0-9]{{0,2}}(?=[\s-]))(?P<rest>(?:{gap}\(?[0-9]\)?){{7,12}})(?![0-9])"
            ),
            _international,
        ),
        (re.compile(rf"{fence}09[0-9]{{2}}{gap}[0-9]{{3}}{gap}[0-9]{{2}}{gap}[0-9]{{2}}(?![0-9])"), _mobile),
        (
            re.compile(
                rf"{fence}\(?(?P<area>0[1-8][0-9]{{1,2}})\)?\s?[-–\s]\s?(?P<line>[0-9]{{4,8}}(?:-[0-9]{{4}})?)(?![0-9])"
            ),
            _area_and_line,
        ),
        # «۸۸۷۷۶۶۵۵-۰۲۱», typed from the right
        (re.compile(rf"{fence}(?P<line>[0-9]{{7,8}})\s?[-–]\s?(?P<area>0[1-8][0-9]{{1,2}})(?![0-9])"), _area_and_line),
        (re.compile(rf"{fence}(?P<area>0[1-8][0-9])(?P<line>[0-9]{{8}})(?![0-9])"), _area_and_line),
        # A number of four digits may count something or be a year unless it follows at once
        (re.compile(rf"{called}{linked}{{0,12}})(?P<rest>[0-9]{{4}})(?![0-9.,/:-]?\s?[0-9]){money}"), _listed),
        (
            re.compile(
                rf"{called}[^0-9.؛!؟]{{0,30}}?)(?P<rest>{row}(?:\s?(?:و|،|یا|-)\s?{row}){{0,5}})(?![0-9.,/:]?[0-9]){money}"
            ),
            _listed,
        ),
        (
            re.compile(
                rf"(?P<before>{START}{context('id_pairs')}[^0-9.؛!؟]{{0,30}}?)(?P<rest>[0-9]{{6,24}})(?![0-9.,/:]?[0-9]){money}"
            ),
            _listed,
        ),
        # No number that counts begins with a zero
        (re.compile(rf"{fence}0[0-9]{{6,23}}(?![0-9.,/:-]?[0-9])"), lambda m: groups(m[0])),
    )
