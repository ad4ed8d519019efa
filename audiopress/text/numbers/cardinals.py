"""Whole numbers, ordinals, decimals and rows of digits as Persian words. All take ASCII digits."""

from __future__ import annotations

from functools import cache

from audiopress.text.numbers.number_data import style
from audiopress.text.tables import read_rows

#: The longest number read with its scale names; the largest, 10^18, still has a name above it in the table.
LONGEST_NAMED = 21
_DENOMINATORS = ("", "ده", "صد", "هزار", "ده‌هزار")


@cache
def _names() -> dict[int, str]:
    return {int(value): name for value, name, _ in read_rows("number_names.tsv", 3)}


@cache
def _ordinals() -> dict[str, str]:
    return {name: ordinal for _, name, ordinal in read_rows("number_names.tsv", 3) if ordinal}


@cache
def _below_thousand(number: int) -> str:
    names = _names()
    parts = [number // 100 * 100, number % 100]
    if parts[1] > 20:  # noqa: PLR2004 - up to twenty each number has its own name
        parts[1:] = [parts[1] // 10 * 10, parts[1] % 10]
    return " و ".join(names[part] for part in parts if part) or names[0]


def cardinal(digits: str) -> str:
    """Say a whole number: ``1391`` → ``هزار و سیصد و نود و یک``; leading zeros are not said.

    A number with more digits than there are scale names is said digit by digit.
    """
    digits = digits.lstrip("0")
    if len(digits) > LONGEST_NAMED:
        return digit_by_digit(digits)
    number, scale, parts = int(digits or "0"), 1, []
    if not number:
        return _names()[0]
    while number:
        number, group = divmod(number, 1000)
        if group == 1 and scale == 1000 and not (number or style().one_thousand):  # noqa: PLR2004 - هزار, not یک هزار
            parts.append(_names()[scale])
        elif group:
            name = _below_thousand(group)
            parts.append(f"{name} {_names()[scale]}" if scale > 1 else name)
        scale *= 1000
    return " و ".join(reversed(parts))


def spoken_number(digits: str) -> str:
    """Say a number with its leading zeros: ``007`` → ``صفر صفر هفت``."""
    bare = digits.lstrip("0")
    zeros = [_names()[0]] * (len(digits) - len(bare))
    return " ".join(zeros + ([cardinal(bare)] if bare else []))


def to_ordinal(words: str) -> str:
    """Turn cardinal words into ordinal ones: ``بیست و سه`` → ``بیست و سوم``."""
    head, _, last = words.rpartition(" ")
    last = _ordinals().get(last, last + "م")
    return f"{head} {last}" if head else last


def ordinal(digits: str) -> str:
    """Say an ordinal: ``30`` → ``سی‌ام``."""
    return to_ordinal(cardinal(digits))


def rank(digits: str) -> str:
    """Say the ordinal of a king, a century or a war: ``1`` → ``اول``, ``14`` → ``چهاردهم``."""
    return "اول" if int(digits) == 1 else ordinal(digits)


def day_of_month(digits: str) -> str:
    """Say a day in a date: ``22`` → ``بیست و دوم``; the first as the style has it."""
    if style().day_of_month == "cardinal":
        return cardinal(digits)
    return style().first_of_month if int(digits) == 1 else ordinal(digits)


def digit_by_digit(digits: str) -> str:
    """Say each digit: ``021`` → ``صفر دو یک``."""
    return " ".join(_names()[int(digit)] for digit in digits)


def quantity(written: str) -> str:
    """Say a number with or without a decimal part, after ``.`` or ``/``: ``12.7`` → ``دوازده و هفت دهم``."""
    whole, _, places = written.replace("/", ".").partition(".")
    if not places.strip("0"):
        return cardinal(whole)
    whole_words = cardinal(whole) if whole.strip("0") else ""
    if places == "5" and style().half:
        return f"{whole_words} و نیم" if whole_words else "نیم"
    if style().decimal == "tenths" and len(places) <= min(style().decimal_places, len(_DENOMINATORS) - 1):
        part = f"{cardinal(places)} {to_ordinal(_DENOMINATORS[len(places)])}"
        return f"{whole_words} و {part}" if whole_words else part
    spoken = spoken_number(places) if len(places) <= style().decimal_places else digit_by_digit(places)
    return f"{whole_words or _names()[0]} ممیز {spoken}"


def fraction(above: str, below: str) -> str:
    """Say a fraction: ``3``, ``4`` → ``سه چهارم``."""
    return f"{cardinal(above)} {ordinal(below)}"
