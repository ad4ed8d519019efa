"""Everything with a digit in it, written → spoken: small passes, one semiotic class each, in a fixed order."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import digit_by_digit, quantity, spoken_number
from audiopress.text.numbers.dates import date_rules, date_span_rules
from audiopress.text.numbers.digits import has_digit, odd_sign_rules, separator_rules, speak_leftovers, to_ascii
from audiopress.text.numbers.electronic import electronic_rules
from audiopress.text.numbers.fractions import slash_rules
from audiopress.text.numbers.maths import power_rules, sign_rules
from audiopress.text.numbers.measures import percent_rules, unit_rules
from audiopress.text.numbers.money import money_rules
from audiopress.text.numbers.number_data import context
from audiopress.text.numbers.ranges import range_rules
from audiopress.text.numbers.sections import list_rules, ordinal_rules, rank_rules, reference_rules, roman_rules
from audiopress.text.numbers.sequences import sequence_rules
from audiopress.text.numbers.times import time_rules
from audiopress.text.numbers.years import year_rules

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_ROMAN_LETTER = re.compile("[IVXLCⅠ-ⅿ]")
_SPACES = re.compile(" {2,}")
_SPACE_BEFORE_STOP = re.compile(r" +(?=[،.؛:!؟)»\]])")
#: A whole number this long that counted nothing so far is a code, and said digit by digit, unless it is round.
_CODE = 16
_ROUND = 6  # digits before the zeros of a round number: ۱۲۳۴۵۶ followed by zeros is an amount
#: No number of the world's news is this long; a longer run is no number, and every rule would read through it.
_ENDLESS = re.compile("[0-9]{41,}")


def speak_numbers(text: str) -> str:
    """Write out all numbers of a sentence: ``در ۲۲ بهمن ۱۳۵۷`` → ``در بیست و دوم بهمن هزار و سیصد و پنجاه و هفت``.

    A sentence without a numeral of any script comes back unchanged (but for Roman numerals after kings, centuries and
    chapters), so a second call changes nothing. Never raises; no digit is left.
    """
    roman = bool(_ROMAN_LETTER.search(text))
    spoken = _apply(roman_rules(), text) if roman else text
    if has_digit(spoken):
        plain = _ENDLESS.sub(lambda match: f" {digit_by_digit(match[0])} ", to_ascii(spoken))
        spoken = speak_leftovers(_apply(_rules(), plain))
        # Parting a number from a glued word can lay a Roman numeral free: «۳قرن XX»
        spoken = _apply(roman_rules(), spoken) if roman else spoken
    elif spoken == text:
        return text
    return _SPACES.sub(" ", _SPACE_BEFORE_STOP.sub("", spoken)).strip(" ")


def _apply(rules: tuple[Rule, ...], text: str) -> str:
    for pattern, speak in rules:
        text = pattern.sub(speak, text)
    return text


@cache
def _rules() -> tuple[Rule, ...]:
    """Return all passes in order: what has the most distinct form comes first, the bare number last."""
    return (
        *electronic_rules(),
        *list_rules(),
        *reference_rules(),
        *unit_rules(),
        *odd_sign_rules(),
        *ordinal_rules(),
        *separator_rules(),
        *percent_rules(),
        *money_rules(),
        *power_rules(),
        *date_span_rules(),
        *_glue_rules(),
        *sequence_rules(),
        *date_rules(),
        *time_rules(),
        *year_rules(),
        *slash_rules(),
        *rank_rules(),
        *sign_rules(),
        *range_rules(),
        *_bare_rules(),
    )


@cache
def _glue_rules() -> tuple[Rule, ...]:
    """Return the rules that part a number from the word glued to it: ``جذب۷۱۴`` → ``جذب ۷۱۴``."""
    mark = "\u064b-\u0652\u0670"
    return (
        (
            re.compile(rf"(?<=[^\W\d_])([{mark}]?)[\u200c_]?(?:[-–](?=[0-9]+(?![0-9]*[-–،/])))?(?=[0-9])"),
            lambda m: f"{m[1]} ",
        ),
        (re.compile(r"(?<=[0-9])\u200c+(?=\S)|(?<=[0-9])_?(?=[^\W\d_])"), lambda _: " "),
        (re.compile(r"(?<=\S)\u200c+(?=[0-9])"), lambda _: ""),
        # «۱۳هزارو ۴۰۰»: the conjunction glued to the scale
        (re.compile(rf"({context('scale')})\u200c?و(?=\s?[0-9])"), lambda m: f"{m[1]} و "),
        (re.compile(r"(?<=[0-9])([،,؛])\u200c*(?=[^\s\u200c])"), lambda m: f"{m[1]} ".replace(",", "،")),
        (re.compile(r"(?<=[،؛:])(?=[0-9])(?<![0-9][،؛:])|(?<=[0-9])(?=[«(])|(?<=[»)])(?=[0-9])"), lambda _: " "),
    )


@cache
def _bare_rules() -> tuple[Rule, ...]:
    """Return the rules for numbers that stand alone: decimals, codes and cardinals."""
    return (
        (re.compile(r"(?<![^\s(«])\.([0-9]{1,12})(?![0-9])(?!\.[0-9])"), lambda m: quantity("0." + m[1])),
        (
            re.compile(r"(?<![0-9])(?<![0-9]\.)([0-9]{1,18})\.([0-9]{1,12})(?![0-9])(?!\.[0-9])"),
            lambda m: quantity(m[0]),
        ),
        (re.compile(r"(?<![0-9])1\s(?=هزار(?![^\W\d_]))"), lambda _: ""),
        (re.compile(r"[0-9]+"), lambda m: digit_by_digit(m[0]) if _is_code(m[0]) else spoken_number(m[0])),
    )


def _is_code(number: str) -> bool:
    """Whether a number is a code rather than an amount: ``6037991234567890`` is one, ``1000000000000000`` is not."""
    return len(number) >= _CODE and (number[0] == "0" or len(number.rstrip("0")) > _ROUND)
