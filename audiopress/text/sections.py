"""Numbers that point at a place: ordinals with an ending, list items, verses, pages, centuries, kings, legal clauses."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.cardinals import cardinal, ordinal
from audiopress.text.number_data import DASH, END, START, any_of, context

if TYPE_CHECKING:
    from audiopress.text.number_data import Rule

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
#: Well-formed Roman numerals below 400: «MIX» or «CIVIL» are words.
_ROMAN = r"(?=[CLXVI])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![A-Za-z])"
#: The signs of Unicode for Roman numerals up to a thousand.
_ROMAN_SIGNS = "[\u2160-\u217f]{1,12}"
#: The abbreviations that references put before a number.
_REFERENCES = {"ص": "صفحه", "صص": "صفحات", "ج": "جلد", "چ": "چاپ"}
_CALENDARS = {"ق": "قمری", "ش": "شمسی", "م": "میلادی"}


def roman_value(letters: str) -> str:
    """Return a Roman numeral in digits: ``XIV`` → ``14``."""
    values = [_ROMAN_VALUES.get(letter, 0) for letter in unicodedata.normalize("NFKC", letters).upper()]
    following = [*values[1:], 0]
    return str(sum(-value if value < after else value for value, after in zip(values, following, strict=True)))


@cache
def roman_rules() -> tuple[Rule, ...]:
    """Return the rules for Roman numerals after the words that take them: ``لوئی XIV`` → ``لوئی چهاردهم``."""
    before = rf"({START}{context('roman_before')}[\s\u200c]*)"
    part = rf"({START}{context('roman_part')}\s+)"
    return (
        (re.compile(before + f"({_ROMAN_SIGNS})"), _rank),
        (re.compile(_ROMAN_SIGNS), lambda m: f" {cardinal(roman_value(m[0]))} "),
        (re.compile(before + f"({_ROMAN})"), _rank),
        (re.compile(part + f"({_ROMAN})"), lambda m: m[1] + cardinal(roman_value(m[2]))),
    )


def _rank(match: re.Match[str]) -> str:
    return match[1].rstrip("\u200c ") + " " + ordinal(roman_value(match[2]))


def _suffixed(match: re.Match[str]) -> str:
    digits, suffix = match["digits"], match["suffix"]
    if len(digits) == 4 and suffix == "م":  # noqa: PLR2004 - ۲۰۲۳م is a year, not a rank
        return f"{cardinal(digits)} {_CALENDARS['م']}"
    if not suffix.endswith("ین"):
        return ordinal(digits)
    return "اولین" if int(digits) == 1 else ordinal(digits) + "ین"


@cache
def ordinal_rules() -> tuple[Rule, ...]:
    """Return the rules for ``۱۳م، ۱۳ام، ۱۳اُم، ۱۳‌امین، 21st`` and for years with a letter: ``۱۴۰۴ق``."""
    number = r"(?<![0-9./:-])(?P<digits>[0-9]{1,18})"
    return (
        (re.compile(number + r"(?P<suffix>\u064f?م(?:ین)?)" + END), _suffixed),
        (re.compile(number + r"[\s\u200c]?(?P<suffix>[اأ]\u064f?م(?:ین)?|\u064fم(?:ین)?|مین)" + END), _suffixed),
        (re.compile(number + r"(?P<suffix>st|nd|rd|th)\b"), _suffixed),
        (
            re.compile(rf"(?<![0-9])([0-9]{{3,4}})[\s\u200c]?([قش]){END}(?![./]?[هـ])"),
            lambda m: f"{cardinal(m[1])} {_CALENDARS[m[2]]}",
        ),
    )


@cache
def list_rules() -> tuple[Rule, ...]:
    """Return the rules for list items and footnote marks: ``۱- ثبت نام`` → ``یک، ثبت نام``."""
    letter = r"(?=[«\"(]?[^\W\d_])"
    return (
        # A footnote mark is for the eye: «می‌دادند[۲].» and «اکتفا نمود.(۵)»
        (re.compile(r"(?<=\S)\[[0-9]{1,3}\]"), lambda _: ""),
        (re.compile(r"(?<=[.؟!»)])\([0-9]{1,2}\)(?=\s|\Z)"), lambda _: ""),
        # A minus before an item («-۱ ثبت نام») is the dash of its list, typed on the other side, or a bullet.
        (
            re.compile(rf"\A(\s*)[-–—]\s?([0-9]{{1,2}})\s+(?!{context('count', 'percent', 'scale')}){letter}"),
            lambda m: f"{m[1]}{cardinal(m[2])}، ",
        ),
        (re.compile(r"\A(\s*)[-–—•*]+\s?(?=[0-9])(?![0-9.,/]+\s?(?:درجه|°|%|درصد))"), lambda m: m[1]),
        (
            re.compile(rf"\A(\s*)[(\[]?([0-9]{{1,3}})\s?(?:[.)\]:]|[-–—_ـ])+\s*{letter}"),
            lambda m: f"{m[1]}{cardinal(m[2])}، ",
        ),
        # «۱- سنندج ۲- مریوان», «در سال ۲۰۱۳- تفاهم‌نامه», «ایران ۲ - عراق ۱»
        (re.compile(rf"(?<![0-9./:,-])([0-9]{{1,4}})\s?[-–—]+\s+{letter}"), lambda m: f"{m[1]}، "),
        (re.compile(rf"(?<![0-9./:,-])([0-9]{{1,4}})[-–—]{letter}"), lambda m: f"{m[1]} "),
    )


@cache
def reference_rules() -> tuple[Rule, ...]:
    """Return the rules for verses and pages: ``(بقره/۲۸۶)`` → ``(بقره، آیه ۲۸۶)``, ``ص۱۰۵`` → ``صفحه ۱۰۵``."""
    sura = any_of(_suras())
    pages = r"(?P<digits>[0-9]{1,4})"
    return (
        (re.compile(rf"({START}{sura})\s?/\s?(?=[0-9]{{1,3}}(?![0-9/.]))"), lambda m: f"{m[1]}، آیه "),
        (re.compile(rf"({START}{sura})\s?\([0-9]{{1,3}}\)\s?:\s?(?=[0-9])"), lambda m: f"{m[1]}، آیه "),
        (re.compile(rf"(آیه [0-9]{{1,3}})\s?[-–—ـ]\s?([0-9]{{1,3}})(?![0-9])"), _verses),
        (
            re.compile(rf"{START}(صص|ص|ج|چ)\s?[.:]?\s?(?={pages}(?![0-9]))"),
            lambda m: _REFERENCES[m[1]] + " ",
        ),
    )


def _verses(match: re.Match[str]) -> str:
    first, last = sorted((match[1].removeprefix("آیه "), match[2]), key=int)
    return f"آیات {first} تا {last}"


@cache
def _suras() -> tuple[str, ...]:
    from importlib.resources import files  # noqa: PLC0415 - read once, with the table

    lines = (files("audiopress.text") / "data" / "surahs.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def _ordinals_after(match: re.Match[str]) -> str:
    return match[1] + re.sub("[0-9]+", lambda m: ordinal(m[0]), match[2])


def _clause(match: re.Match[str]) -> str:
    return match[1] + " ".join(cardinal(digits) for digits in re.findall("[0-9]+", match[2]))


@cache
def rank_rules() -> tuple[Rule, ...]:
    """Return the rules for ``قرن ۲۱`` → ``قرن بیست و یکم`` and ``بند ۲-۳`` → ``بند دو سه``."""
    more = r"(?:\s?(?:و|تا|،|-|–)\s?[0-9]{1,2}(?![0-9])){0,5}"
    return (
        (
            re.compile(
                rf"({START}{context('ordinal_after')}(?:[\s\u200c]?(?:های|ی))?[\s\u200c]*)([0-9]{{1,2}}(?![0-9/.]){more})"
            ),
            _ordinals_after,
        ),
        (
            re.compile(rf"({START}{context('clause')}\s+)([0-9]{{1,3}}(?:{DASH}[0-9]{{1,3}}){{1,3}})(?![0-9])(?!\s?(?:درصد|متر|نفر))"),
            _clause,
        ),
    )
