"""Every written form of a digit → ASCII digits and plain words, so that the other number passes see one alphabet."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, fraction, spoken_number
from audiopress.text.numbers.number_data import END, context

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ى": "ی", "\u00ad": "\u200c", "٪": "%", "％": "%", "﹪": "%", "٫": "."})
_INVISIBLE = re.compile("[\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\u20e3\u20e2\u20dd]")
#: Direction marks that were typed for a half-space: «آل\u200fعمران».
_MARK_AS_HALF_SPACE = re.compile(r"(?<=[^\W\d_])[\u200e\u200f]+(?=[^\W\d_])")
_KEYCAP = re.compile(r"(\d)\ufe0f?\u20e3 ?")
_SPACES = re.compile("[\u00a0\u2002-\u200a\u202f\u3000]")
_WIDE = re.compile("[\uff01-\uff5e]")
_NATIVE_DIGIT = re.compile(r"(?![0-9])\d")
_SUPERSCRIPT = {"⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9"}
#: Numbers of so many digits look like card or account numbers once their separators are gone.
_LONG = 10
_POWERS = "".join(_SUPERSCRIPT)
#: Unicode has no fraction sign with a larger denominator (the Tamil ones end at 320).
_LARGEST_DENOMINATOR = 1000


def has_digit(text: str) -> bool:
    """Say whether a character of any script counts as a digit or number: ``①`` and ``Ⅳ`` do, letters do not."""
    if text.isascii():
        return any("0" <= char <= "9" for char in text)
    return any(unicodedata.category(char)[0] == "N" for char in set(text))


def to_ascii(text: str) -> str:
    """Write decimal digits as ASCII, and letters, percent signs and spaces in one form: ``۱۲٪ سكه`` → ``12% سکه``."""
    text = _KEYCAP.sub(r"\1- ", text)
    text = _MARK_AS_HALF_SPACE.sub("\u200c", text)
    text = _INVISIBLE.sub("", text.translate(_LETTERS))
    text = _WIDE.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)
    text = _SPACES.sub(" ", text)
    return _NATIVE_DIGIT.sub(lambda m: str(unicodedata.digit(m[0])), text)


def _vulgar(match: re.Match[str]) -> str:
    whole, value = match["whole"], Fraction(unicodedata.numeric(match["sign"])).limit_denominator(_LARGEST_DENOMINATOR)
    words = "نیم" if value == Fraction(1, 2) else fraction(str(value.numerator), str(value.denominator))
    percent = " درصد" if match["percent"] else ""
    return f" {cardinal(whole)} و {words}{percent} " if whole else f" {words}{percent} "


def _power(match: re.Match[str]) -> str:
    exponent = "".join(_SUPERSCRIPT[char] for char in match["exponent"])
    minus = "منفی " if match["minus"] else ""
    return f"{match['base']} به توان {minus}{spoken_number(exponent)} "


def _numeral(char: str) -> str:
    value = unicodedata.numeric(char, None)
    if value is None or value < 0:
        return " "
    exact = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    above, below = str(exact.numerator), str(exact.denominator)
    return f" {cardinal(above) if below == '1' else fraction(above, below)} "


@cache
def odd_sign_rules() -> tuple[Rule, ...]:
    """Return the rules for fractions in one sign, powers and footnote marks: ``۲½`` → ``دو و نیم``."""
    ten_to = "(?=10(?:[" + _POWERS + "⁻]| ?\\^))"
    signs = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    return (
        (re.compile(rf"(?<=[0-9])\s?[×xX*]\s?{ten_to}"), lambda _: " ضرب در "),
        (
            re.compile(rf"(?P<whole>(?<![0-9])[0-9]{{1,9}})?[\s\u200c]?(?P<sign>[{signs}])\s?(?P<percent>%)?"),
            _vulgar,
        ),
        (re.compile(rf"(?P<base>[0-9a-z)])(?P<minus>[⁻])?(?P<exponent>[{_POWERS}]{{1,20}})(?![0-9a-z])"), _power),
        (re.compile(rf"(?<=[^\W\d_a-zA-Z»).؛،.!؟])[{_POWERS}]{{1,3}}"), lambda _: ""),
    )


def speak_leftovers(text: str) -> str:
    """Say the numerals that no rule took: ``①`` → ``یک``; a numeral without a value becomes a space."""
    if not has_digit(text):
        return text
    return "".join(_numeral(char) if unicodedata.category(char)[0] == "N" else char for char in text)


@cache
def separator_rules() -> tuple[Rule, ...]:
    """Return the rules that take the separators out of large numbers: ``۱۲٬۳۴۵`` → ``12345``."""
    fence, stop = r"(?<![0-9])(?<![0-9][.,٬،'’/ ])", r"(?![0-9])"
    whole = rf"(?=\s?{context('whole')}{END})"
    counted = rf"(?=\s?{context('thousands')}ی?{END})"
    return (
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:[,٬،'’][0-9]{{3}}){{1,6}}{stop}(?![,٬،'’][0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,6}}{stop}(?!\.[0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?:/[0-9]{{3}}){{2,6}}{stop}(?!/[0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}\.[0-9]{{3}}{stop}{whole}"), _join),
        # «1.234,56», the continental way; «۱۲ ۳۴۵ ۶۷۸», with spaces
        (
            re.compile(rf"{fence}([1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{1,5}}),([0-9]{{1,2}}){stop}"),
            lambda m: f"{m[1].replace('.', '')}.{m[2]}",
        ),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}(?: [0-9]{{3}}){{2,5}}(?! ?[0-9])"), _join),
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}[./]000{stop}(?![./][0-9])"), _join),
        # «۲،۵ درصد»: a comma for the decimal sign
        (
            re.compile(rf"{fence}(?<![،,] )([0-9]{{1,3}})[،,]([0-9]{{1,2}})(?=\s?(?:%|{context('scale', 'percent')}))"),
            lambda m: f"{m[1]}.{m[2]}",
        ),
        # «۰۰۰/۰۰۰/۸۳», typed from the right
        (re.compile(rf"{fence}(?:000/){{1,4}}[1-9][0-9]{{0,2}}(?![0-9/])"), _reversed),
        # Prices and people come whole: ۱۲.۵۰۰ تومان
        (re.compile(rf"{fence}[1-9][0-9]{{0,2}}[./][0-9]{{2}}0{stop}{counted}"), _join),
    )


def _reversed(match: re.Match[str]) -> str:
    return "".join(reversed(match[0].split("/")))


def _join(match: re.Match[str]) -> str:
    """Drop the separators; a number too long to be told from a card number is said at once."""
    digits = re.sub("[^0-9]", "", match[0])
    return digits if len(digits) < _LONG else cardinal(digits)
