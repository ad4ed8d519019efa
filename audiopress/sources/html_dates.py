"""Dates as pages write them → ISO 8601: meta tags and JSON-LD, Jalali and Gregorian dates in Persian."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audiopress.sources.boilerplate import fold
from audiopress.tables import read_table

_NUMERIC = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![\d:])")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JALALI_YEARS = range(1250, 1500)  # AD 1871 to 2121: years so written are Jalali, there are no pages from AD 1499
_LONGEST = 200  # characters in which a date is looked for
_LONGEST_LINE = 80  # characters of a line that is a date alone
#: What stands beside a date in a line of its own.
_BESIDE = re.compile(
    r"(?:تاریخ|زمان|ساعت|انتشار|خبر|درج|منتشر شده|به ?روز(?: ?رسانی)?|شده|در|یک ?شنبه|دو ?شنبه|سه ?شنبه|چهار ?شنبه"
    r"|پنج ?شنبه|شنبه|جمعه|گرینویچ|تهران|به وقت|ق\.? ?ظ|ب\.? ?ظ)"
)
_AGO = re.compile(r"(?:\d+|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده) ?(?:ثانیه|دقیقه|ساعت|روز|هفته|ماه|سال) ?پیش")
_AFTERNOON, _MORNING = (
    re.compile(r"ب\.? ?ظ|بعد ?از ?ظهر|\bp\.?m\b", re.IGNORECASE),
    re.compile(r"ق\.? ?ظ|\ba\.?m\b", re.IGNORECASE),
)
_NOON = 12
_FIRST_YEAR = 1900


def iso(text: str) -> str:
    """A date and its time where there is one: «۴ آذر ۱۴۰۵ - ۱۰:۳۰» → ``2026-11-25T10:30:00+03:30``, "" for none.

    A time without an offset is Iran's. A day alone stays one: «۱۴۰۵/۰۹/۰۴» → ``2026-11-25``.
    """
    text = fold(_MARKS.sub("", text))[:_LONGEST]
    for read in (_iso, _mail, _written):
        try:
            found = read(text)
        except (ValueError, OverflowError, TypeError):  # a 31st of Esfand, a year 99999
            continue
        if found:
            return found
    return ""


def is_date(text: str) -> bool:
    """Whether a line only says when something was published: «تاریخ انتشار: ۴ آذر ۱۴۰۵ - ۱۰:۳۰», «۱۰:۳۰»."""
    if len(text) > _LONGEST_LINE:
        return False
    folded = fold(_MARKS.sub("", text))
    rest = folded
    for pattern in (_month_names(), _NUMERIC, _DAY_FIRST, _CLOCK):
        rest = pattern.sub(" ", rest)
    return rest != folded and not re.sub(r"[\W_]", "", _BESIDE.sub(" ", _AGO.sub(" ", rest)).replace("¶", ""))


def _iso(text: str) -> str:
    """ISO 8601, as meta tags have it; its year may be Jalali."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return ""
    if int(text[:4]) in _JALALI_YEARS:
        return ""
    if len(text) == len("2026-11-25"):
        return datetime.fromisoformat(text).date().isoformat()
    return _placed(datetime.fromisoformat(text))


def _mail(text: str) -> str:
    """RFC 2822, as feeds and some meta tags have it: ``Wed, 25 Nov 2026 10:30:00 +0330``."""
    return (
        _placed(parsedate_to_datetime(text)) if re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4}", text) else ""
    )


def _written(text: str) -> str:
    """A date as readers see it, with its time before or after it."""
    found = _month_names().search(text) or _NUMERIC.search(text) or _DAY_FIRST.search(text)
    if not found:
        return ""
    year, day = int(found["year"]), int(found["day"])
    calendar, month = _months().get(found["month"], ("", 0))
    month = month or int(found["month"])
    if (calendar == "jalali" and year not in _JALALI_YEARS) or (calendar == "gregorian" and year in _JALALI_YEARS):
        return ""
    if year in _JALALI_YEARS:
        import jdatetime  # noqa: PLC0415 - only pages without a date for machines need it

        when = jdatetime.date(year, month, day).togregorian()
    else:
        when = datetime(year, month, day, tzinfo=UTC).date()
    clock = _CLOCK.search(text.replace(found.group(), " "))
    if not clock:
        return str(when.isoformat()) if when.year >= _FIRST_YEAR else ""
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    if hour < _NOON and _AFTERNOON.search(text):
        hour += _NOON
    elif hour == _NOON and _MORNING.search(text):
        hour = 0
    return _placed(datetime(when.year, when.month, when.day, hour, minute, second))  # noqa: DTZ001 - placed next


def _placed(when: datetime) -> str:
    """A moment as ISO 8601 with its offset; a time without one is Iran's."""
    if when.year < _FIRST_YEAR:
        return ""
    if when.tzinfo is None:
        when = when.replace(tzinfo=_tehran())
    return when.replace(microsecond=0).isoformat()


@cache
def _tehran() -> ZoneInfo | timezone:
    try:
        return ZoneInfo("Asia/Tehran")
    except ZoneInfoNotFoundError:  # Windows without tzdata; Iran has kept +03:30 all the year since 2022
        return timezone(timedelta(hours=3, minutes=30))


@cache
def _months() -> dict[str, tuple[str, int]]:
    return {fold(name): (calendar, int(number)) for name, calendar, number, _ in read_table("sources", "months.tsv", 4)}


@cache
def _month_names() -> re.Pattern[str]:
    """«4 آذر 1405», also with «ماه» after the month, or commas between."""
    names = "|".join(sorted(_months(), key=len, reverse=True))
    return re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}) ?(?P<month>{names})(?: ماه)?[ ،,]{{1,2}}(?P<year>\d{{4}})(?!\d)")
