"""Numbers that point at a place: ordinals, list items, verses, pages, centuries, kings, clauses of law."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, ordinal, rank
from audiopress.text.numbers.number_data import DASH, END, FAR, START, any_of, context
from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
#: Well-formed Roman numerals below 400: «MIX» or «CIVIL» are words.
_ROMAN = r"(?=[CLXVI])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![A-Za-z])"
#: The signs of Unicode for Roman numerals up to a thousand.
_ROMAN_SIGNS = "[\u2160-\u217f]{1,12}"
#: The abbreviations that references put before a number.
_REFERENCES = {"ص": "صفحه", "صص": "صفحات", "ج": "جلد", "چ": "چاپ"}
#: ۲۰۲۳م is a year, not a rank; ۱۰۰۰م is a rank.
_YEARS_WITH_A_LETTER = range(1001, 2200)
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
    return match[1].rstrip("\u200c ") + " " + rank(roman_value(match[2]))


def _suffixed(match: re.Match[str]) -> str:
    glued = match.start() > 0 and match.string[match.start() - 1].isalpha()
    return (" " if glued else "") + _with_suffix(match["digits"], match["suffix"])


def _with_suffix(digits: str, suffix: str) -> str:
    if suffix == "م" and int(digits) in _YEARS_WITH_A_LETTER:
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
        # A zero stuck to a closing quote numbers nothing: «شهر فرنگ»0
        (re.compile(r"(?<=»)0(?![0-9.,/])"), lambda _: ""),
        # A weight class: «وزن ۵۸- کیلوگرم»
        (re.compile(r"(?<=وزن )([0-9]{2,3})\s?[-−](?!\s?[0-9])"), lambda m: f"منفی {m[1]} "),
        # A minus before an item («-۱ ثبت نام») is the dash of its list, typed on the other side, or a bullet.
        (
            re.compile(rf"\A(\s*)[-–—]\s?(1?[0-9]|20)\s+(?!{context('count', 'percent', 'scale')}{END}){letter}"),
            lambda m: f"{m[1]}{cardinal(m[2])}، ",
        ),
        (re.compile(r"\A(\s*)[•*]+\s?(?=[0-9])"), lambda m: m[1]),
        (
            re.compile(r"\A(\s*)[-–—]\s?(?=[0-9.,/]+\s?[^\W\d_])(?![0-9.,/]+\s?(?:درجه|°|%|درصد))"),
            lambda m: m[1],
        ),
        (
            re.compile(rf"\A(\s*)[(\[]?([0-9]{{1,3}})\s?(?:[.)\]:]|[-–—_ـ])+\s*{letter}"),
            lambda m: f"{m[1]}{cardinal(m[2])}، ",
        ),
        (re.compile(rf"(?<=[^\W\d_]) ([0-9]{{1,2}})[-–—]\s+{letter}"), _next_item),
        (re.compile(rf"([\u2460-\u2473\u2776-\u2793])[.)]?\s*{letter}"), lambda m: f" {cardinal(_circled(m[1]))}، "),
        # «۱- سنندج ۲- مریوان», «در سال ۲۰۱۳- تفاهم‌نامه», «ایران ۲ - عراق ۱»
        (re.compile(rf"(?<![0-9./:,-])([0-9]{{1,4}})\s?[-–—_]+\s+{letter}"), lambda m: f"{m[1]}، "),
        (re.compile(rf"(?<![0-9./:,-])([0-9]{{1,4}})[-–—]{letter}"), lambda m: f"{m[1]} "),
    )


def _circled(sign: str) -> str:
    return str(int(unicodedata.numeric(sign)))


def _next_item(match: re.Match[str]) -> str:
    """Set off an item that follows the one before it in the same sentence: ``۱- سنندج ۲- مریوان``."""
    number = int(match[1])
    before = match.string[max(0, match.start() - FAR) : match.start()]
    last_item = rf"(?<![0-9]){number - 1}\s?[-–—،]|\A\s*{cardinal(str(number - 1))}،" if number > 1 else r"(?!)"
    return f"، {match[1]}، " if re.search(last_item, before) else match[0]


@cache
def reference_rules() -> tuple[Rule, ...]:
    """Return the rules for verses and pages: ``(بقره/۲۸۶)`` → ``(بقره، آیه ۲۸۶)``, ``ص۱۰۵`` → ``صفحه ۱۰۵``."""
    sura = any_of(name for _, name in read_rows("surahs.tsv", 2))
    pages = r"(?P<digits>[0-9]{1,4})"
    return (
        (re.compile(rf"({START}{sura})\s?/\s?(?=[0-9]{{1,3}}(?![0-9/.]))"), lambda m: f"{m[1]}، آیه "),
        (re.compile(rf"({START}{sura})\s?\([0-9]{{1,3}}\)\s?:\s?(?=[0-9])"), lambda m: f"{m[1]}، آیه "),
        (re.compile(r"(آیه [0-9]{1,3})\s?[-–—ـ]+\s?([0-9]{1,3})(?![0-9])"), _verses),
        (
            re.compile(rf"{START}(صص|ص|ج|چ)\s?[.:]?\s?(?={pages}(?![0-9]))"),
            lambda m: _REFERENCES[m[1]] + " ",
        ),
    )


def _verses(match: re.Match[str]) -> str:
    first, last = sorted((match[1].removeprefix("آیه "), match[2]), key=int)
    return f"آیات {first} تا {last}"


def _ordinals_after(match: re.Match[str]) -> str:
    return match[1] + re.sub("[0-9]+", lambda m: rank(m[0]), match[2])


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
            re.compile(
                rf"({START}{context('clause')}\s+)([0-9]{{1,3}}(?:{DASH}[0-9]{{1,3}}){{1,3}})(?![0-9])(?!\s?(?:درصد|متر|نفر))"
            ),
            _clause,
        ),
    )
