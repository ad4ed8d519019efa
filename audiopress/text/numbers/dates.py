"""Dates: ``۱۳۹۱/۱۱/۲۱`` → ``بیست و یکم بهمن هزار و سیصد و نود و یک``, in the calendars of Iran."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal, day_of_month
from audiopress.text.numbers.number_data import END, START, any_of, context, just_before
from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

#: Years of the solar calendar in news lie between these; larger ones are Gregorian.
_SOLAR_YEARS = range(1200, 1500)
_GREGORIAN_YEARS = range(1500, 2200)
_MONTHS, _DAYS = range(1, 13), range(1, 32)
_WEEKDAYS = ("", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه")
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
#: Two-digit years below this belong to the century of 1400.
_FIRST_OF_1300S = 20


@cache
def _month_names() -> dict[tuple[str, int], str]:
    return {(calendar, int(number)): name for calendar, number, name, _ in read_rows("months.tsv", 4)}


@cache
def _month_spellings() -> dict[str, tuple[str, ...]]:
    """Return the spellings of each calendar's months, without the ambiguous می and صفر."""
    spellings: dict[str, tuple[str, ...]] = {}
    for calendar, _, name, others in read_rows("months.tsv", 4):
        spellings[calendar] = (*spellings.get(calendar, ()), name, *others.split())
    return spellings


def _year(digits: str) -> str:
    """Say a year; ``0x`` is of the 1400s: ``02`` → ``هزار و چهارصد و دو``."""
    if len(digits) == 2 and int(digits) < _FIRST_OF_1300S:  # noqa: PLR2004 - a year of two digits
        return cardinal("14" + digits)
    return cardinal(digits)


def _spoken_date(year: str, month: int, day: int, *, lunar: bool) -> str:
    """Return a date in words, or "" where the numbers are none."""
    if month not in _MONTHS and day in _MONTHS:
        month, day = day, month  # ۱۲/۲۵/۲۰۲۳: the American order
    if month not in _MONTHS or day not in _DAYS:
        return ""
    number = int(year)
    calendar = "gregorian" if number in _GREGORIAN_YEARS else "solar"
    if len(year) == 4 and number not in _GREGORIAN_YEARS and number not in _SOLAR_YEARS:  # noqa: PLR2004 - four digits
        return ""
    name = _month_names()["lunar" if lunar and calendar == "solar" else calendar, month]
    return f"{day_of_month(str(day))} {name} {_year(year)}"


def _numeric(match: re.Match[str]) -> str:
    first, month, last = match["first"], match["month"], match["last"]
    year_first = len(first) == 4 or (len(last) < 4 and int(last) in _DAYS)  # noqa: PLR2004 - four digits are a year
    year, day = (first, last) if year_first else (last, first)
    if len(day) > 2 or len(year) not in {2, 4}:  # noqa: PLR2004 - a day has one or two digits, a year two or four
        return match[0]
    lunar = bool(re.match(r"\s*(?:هجری\s)?(?:قمری|ه\S{0,2}ق)", match.string[match.end() : match.end() + 20]))
    return _spoken_date(year, int(month), int(day), lunar=lunar) or match[0]


@cache
def _known_day() -> re.Pattern[str]:
    return re.compile(context("named_day"))


def _named_days(match: re.Match[str]) -> str:
    if just_before(match, "place", "event") and _known_day().fullmatch(f"{match['days']} {match['rest']}"):
        return f"{cardinal(match['days'])} {match['rest']}"  # a name, not a date: میدان ۷ تیر, راهپیمایی ۲۲ بهمن
    days = re.sub(r"\s?[-–—]\s?", " تا ", match["days"])
    days = re.sub(r"\s*،\s*|\s*,\s*", "، ", days)
    return re.sub("[0-9]+", lambda m: day_of_month(m[0]), days) + " " + match["rest"]


def _day_and_month(match: re.Match[str]) -> str:
    month, day = int(match["month"]), int(match["day"])
    if month not in _MONTHS or day not in _DAYS:
        return match[0]
    return f"{match['before']}{day_of_month(str(day))} {_month_names()['solar', month]}"


def _year_and_month(match: re.Match[str]) -> str:
    return f"{_month_names()['solar', int(match['month'])]} {cardinal(match['year'])}"


@cache
def date_span_rules() -> tuple[Rule, ...]:
    """Return the rules for ``۲۹ شهریور-۵ مهر`` → ``۲۹ شهریور تا ۵ مهر`` and ``۵شنبه`` → ``پنج‌شنبه``."""
    month = any_of(name for names in _month_spellings().values() for name in names) + r"(?:[\s\u200c]?ماه)?"
    return (
        (re.compile(rf"(?<=[0-9\s\u200c])({month})\s?[-–—]\s?(?={_DAY}\s?{month}{END})"), lambda m: f"{m[1]} تا "),
        (re.compile(rf"(?<![0-9.,/])([1-5])[\s\u200c]?شنبه{END}"), lambda m: " " + _WEEKDAYS[int(m[1])]),
    )


@cache
def date_rules() -> tuple[Rule, ...]:
    """Return the rules for dates in digits and for days before the name of a month."""
    months = _month_spellings()
    plain = [name for names in months.values() for name in names if name not in {"می", "صفر", "تیر", "مه"}]
    between = r"\s?(?:و|تا|الی|لغایت|،|,|-|–|—)\s?"
    days = rf"(?<![0-9])(?<![0-9][./:])(?P<days>{_DAY}(?:{between}{_DAY}){{0,6}})[\s\u200c]*(?:ام\s)?"
    month_word = r"(?:[\s\u200c]?ماه)?"
    may_follows = r"(?:[\s\u200c]?ماه|\s?سال|\s?[0-9]{4}|\s?میلادی|\s?[،.)(؛:]|\s?\Z)"
    shots = r"(?<!شلیک )(?<!اصابت )(?<!گلوله )"
    fence = r"(?<![0-9])(?<![0-9][./:-])"
    stop = r"(?![0-9])(?![./:-][0-9])"
    return (
        (
            re.compile(
                rf"{fence}(?P<first>[0-9]{{4}}|[0-9]{{1,2}})(?P<sep>\s?/\s?)(?P<month>[0-9]{{1,2}})(?P=sep)(?P<last>[0-9]{{4}}|[0-9]{{1,2}}){stop}"
            ),
            _numeric,
        ),
        (
            re.compile(
                rf"{fence}(?P<first>[0-9]{{4}})(?P<sep>[.-])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<last>[0-9]{{1,2}}){stop}"
            ),
            _numeric,
        ),
        (
            re.compile(
                rf"{fence}(?P<first>[0-9]{{1,2}})(?P<sep>[.-])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<last>[0-9]{{4}}){stop}"
            ),
            _numeric,
        ),
        (
            re.compile(rf"{fence}(?P<year>1[34][0-9]{{2}})/(?P<month>0[1-9]|1[0-2]){stop}"),
            _year_and_month,
        ),
        (
            re.compile(
                rf"(?P<before>{START}{context('dated')}[\s\u200c:(]{{1,3}})(?P<day>[0-9]{{1,2}})\s?/\s?(?P<month>[0-9]{{1,2}}){stop}(?!\s?(?:درصد|میلیون|میلیارد|هزار))"
            ),
            _day_and_month,
        ),
        (re.compile(rf"{days}(?P<rest>{any_of(plain)}{month_word}){END}"), _named_days),
        (re.compile(rf"{shots}{days}(?P<rest>تیر{month_word}){END}"), _named_days),
        (re.compile(rf"{days}(?P<rest>مه{month_word}){END}(?!\s?(?:آلود|غلیظ))"), _named_days),
        (re.compile(rf"{days}(?P<rest>می(?={may_follows}){month_word}){END}"), _named_days),
        (re.compile(rf"(?<!حذف ){days}(?P<rest>صفر{month_word}){END}(?!\s?از)"), _named_days),
    )
