"""Dates and times as Persian readers write them: the Jalali calendar, Persian digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)
_MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
#: From Monday on, as `datetime.weekday` counts; spelt as the text room says them (text/numbers/dates.py).
_DAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یکشنبه")


def jalali(when: datetime) -> str:
    """The day of a moment in its own time zone: 2026-11-25 → «چهارشنبه ۴ آذر ۱۴۰۵».

    Raises:
        ValueError: the moment lies before the calendar's first year (AD 622) or after AD 9998.
    """
    return f"{_DAYS[when.weekday()]} {short_jalali(when)}"


def spoken_day(when: datetime) -> str:
    """The day as a newsreader opens with it: 2026-11-22 → «یکشنبه، ۱ آذر»; raises as `jalali` does."""
    day, month, _ = short_jalali(when).split()
    return f"{_DAYS[when.weekday()]}، {day} {month}"


def short_jalali(when: datetime) -> str:
    """The day without its name: 2026-11-25 → «۴ آذر ۱۴۰۵»; raises as `jalali` does."""
    import jdatetime  # noqa: PLC0415 - only needed when a date is written

    day = jdatetime.date.fromgregorian(date=when.date())
    return persian_digits(f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def persian_digits(text: str) -> str:
    """The text with Persian digits for European and Arabic ones: ``"4:09"`` → «۴:۰۹»."""
    return text.translate(_DIGITS)


def clock(seconds: float) -> str:
    """A length as people read it, rounded to the second: 249.4 → «۴:۰۹», 3909 → «۱:۰۵:۰۹», −1 → «۰:۰۰»."""
    minutes, second = divmod(max(0, round(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return persian_digits(f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}")
