"""Every written form of a digit → ASCII digits and plain words, so that the other number passes see one alphabet."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.cardinals import cardinal, fraction, spoken_number
from audiopress.text.number_data import context

if TYPE_CHECKING:
    from audiopress.text.number_data import Rule

_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ى": "ی", "\u00ad": "\u200c", "٪": "%", "％": "%", "﹪": "%", "٫": ".", })
_INVISIBLE = re.compile("[\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\u20e3\u20e2\u20dd]")
_SPACES = re.compile("[\u00a0\u2002-\u200a\u202f\u3000]")
_WIDE = re.compile("[\uff01-\uff5e]")
_NATIVE_DIGIT = re.compile(r"(?![0-9])\d")
_SUPERSCRIPT = {"⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9"}
#: Numbers of so many digits look like card or account numbers once their separators are gone.
_LONG = 10
#: What is left of the world's numerals after decimal digits: fractions, circled and Roman numbers, superscripts.
_ODD = "".join(_SUPERSCRIPT)


def has_digit(text: str) -> bool:
    """Say whether a character of any script counts as a digit or number: ``①`` and ``Ⅳ`` do, letters do not."""
    if text.isascii():
        return any("0" <= char <= "9" for char in text)
    return any(unicodedata.category(char)[0] == "N" for char in set(text))


def to_ascii(text: str) -> str:
    """Write decimal digits as ASCII, and letters, percent signs and spaces in one form: ``۱۲٪ سكه`` → ``12% سکه``."""
    text = _INVISIBLE.sub("", text.translate(_LETTERS))
    text = _WIDE.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)
    text = _SPACES.sub(" ", text)
    return _NATIVE_DIGIT.sub(lambda m: str(unicodedata.digit(m[0])), text)


def _vulgar(match: re.Match[str]) -> str:
    whole, sign, percent = match["whole"], match["sign"], " درصد" if match["percent"] else ""
    value = Fraction(unicodedata.numeric(sign)).limit_denominator(1000)
    if value.denominator == 1:
        return match[0]
    half = value == Fraction(1, 2)
    words = "نیم" if half else fraction(str(abs(value.numerator)), str(value.denominator))
    return (f"{cardinal(whole)} و {words}" if whole else words) + percent


def _power(match: re.Match[str]) -> str:
    exponent = "".join(_SUPERSCRIPT[char] for char in match["exponent"])
    minus = "منفی " if match["minus"] else ""
    return f"{match['base']} به توان {minus}{spoken_number(exponent)}"


def _numeral(char: str) -> str:
    value = unicodedata.numeric(char, None)
    if value is None or value < 0:
        return " "
    whole = Fraction(value).limit_denominator(1000)
    words = cardinal(str(whole.numerator)) if whole.denominator == 1 else fraction(str(whole.numerator), str(whole.denominator))
    return f" {words} "


@cache
def odd_sign_rules() -> tuple[Rule, ...]:
    """Return the rules for fractions in one sign, powers and footnote marks: ``۲½`` → ``دو و نیم``."""
    signs = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    return (
        (re.compile(rf"(?P<whole>(?<![0-9])[0-9]{{1,9}})?[\s\u200c]?(?P<sign>[{signs}])\s?(?P<percent>%)?"), _vulgar_spaced),
        (re.compile(rf"(?P<base>[0-9a-z)])(?P<minus>[⁻])?(?P<exponent>[{_ODD}]{{1,20}})(?![0-9a-z])"), _power),
        (re.compile(rf"(?<=[^\W\d_a-zA-Z»).؛،.!؟])[{_ODD}]{{1,3}}"), lambda _: ""),
    )


def _vulgar_spaced(match: re.Match[str]) -> str:
    return f" {_vulgar(match).strip()} "


def speak_leftovers(text: str) -> str:
    """Say the numerals that no rule took: ``①`` → ``یک``; a numeral without a value becomes a space."""
    if not has_digit(text):
        return text
    return "".join(_numeral(char) if unicodedata.category(char)[0] == "N" else char for char in text)


@cache
def separator_rules() -> tuple[Rule, ...]:
    """Return the rules that take the separators out of large numbers: ``۱۲٬۳۴۵`` → ``12345``."""
    fence, stop = r"(?<![0-9])(?<![0-9][.,٬،'’/ ])", r"(?![0-9])"
    counted = rf"(?=\s?{context('thousands')})"
    return (
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:[,٬،'’][0-9]{{3}}){{1,6}}{stop}(?![,٬،'’][0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,6}}{stop}(?!\.[0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:/[0-9]{{3}}){{2,6}}{stop}(?!/[0-9])"), _join),
        # Prices and people come whole: ۱۲.۵۰۰ تومان
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}[./][0-9]{{2}}0{stop}{counted}"), _join),
    )


def _join(match: re.Match[str]) -> str:
    """Drop the separators; a number too long to be told from a card number is said at once."""
    digits = re.sub("[^0-9]", "", match[0])
    return digits if len(digits) < _LONG else cardinal(digits)
