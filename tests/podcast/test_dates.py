"""The Jalali calendar and Persian digits; days from published calendars of Iran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from audiopress.podcast.dates import clock, jalali, persian_digits, short_jalali

TEHRAN = timezone(timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ((2026, 11, 25), "چهارشنبه ۴ آذر ۱۴۰۵"),
        ((2025, 3, 20), "پنج‌شنبه ۳۰ اسفند ۱۴۰۳"),  # 1403 was a leap year
        ((2025, 3, 21), "جمعه ۱ فروردین ۱۴۰۴"),
        ((2026, 3, 20), "جمعه ۲۹ اسفند ۱۴۰۴"),
        ((2026, 3, 21), "شنبه ۱ فروردین ۱۴۰۵"),
        ((2024, 3, 20), "چهارشنبه ۱ فروردین ۱۴۰۳"),
        ((1979, 2, 11), "یکشنبه ۲۲ بهمن ۱۳۵۷"),
        ((2024, 2, 29), "پنج‌شنبه ۱۰ اسفند ۱۴۰۲"),
        ((2022, 12, 20), "سه‌شنبه ۲۹ آذر ۱۴۰۱"),
        ((2023, 5, 22), "دوشنبه ۱ خرداد ۱۴۰۲"),
    ],
)
def test_days(day: tuple[int, int, int], expected: str) -> None:
    assert jalali(datetime(*day, 12, tzinfo=UTC)) == expected


def test_the_months_in_their_order() -> None:
    """The first six have 31 days, the next five 30."""
    day = datetime(2026, 3, 21, tzinfo=UTC)
    names = []
    for length in (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 29):
        names.append(short_jalali(day))
        day += timedelta(days=length)
    assert names == [
        "۱ فروردین ۱۴۰۵",
        "۱ اردیبهشت ۱۴۰۵",
        "۱ خرداد ۱۴۰۵",
        "۱ تیر ۱۴۰۵",
        "۱ مرداد ۱۴۰۵",
        "۱ شهریور ۱۴۰۵",
        "۱ مهر ۱۴۰۵",
        "۱ آبان ۱۴۰۵",
        "۱ آذر ۱۴۰۵",
        "۱ دی ۱۴۰۵",
        "۱ بهمن ۱۴۰۵",
        "۱ اسفند ۱۴۰۵",
    ]


def test_the_day_is_that_of_the_moments_own_time_zone() -> None:
    late = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    assert short_jalali(late) == "۴ آذر ۱۴۰۵"
    assert jalali(late.astimezone(TEHRAN)) == "پنج‌شنبه ۵ آذر ۱۴۰۵"


def test_the_day_turns_at_midnight() -> None:
    assert jalali(datetime(2025, 3, 20, 23, 59, 59, 999999, TEHRAN)) == "پنج‌شنبه ۳۰ اسفند ۱۴۰۳"
    assert jalali(datetime(2025, 3, 21, 0, 0, tzinfo=TEHRAN)) == "جمعه ۱ فروردین ۱۴۰۴"


def test_every_day_follows_the_one_before() -> None:
    day = datetime(2020, 1, 1, tzinfo=UTC)
    seen = [short_jalali(day + timedelta(days=number)) for number in range(366 * 6)]
    assert len(set(seen)) == len(seen)
    assert sum(text.startswith("۳۰ اسفند") for text in seen) == 2  # 1399 and 1403


@pytest.mark.parametrize("year", [1, 621, 9999])
def test_a_day_outside_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="year is out of range"):
        jalali(datetime(year, 12, 31, tzinfo=UTC) if year > 621 else datetime(year, 1, 1, tzinfo=UTC))


def test_digits() -> None:
    assert persian_digits("12:30 abc ٤٥٦ ۷") == "۱۲:۳۰ abc ۴۵۶ ۷"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "۰:۰۰"),
        (249.4, "۴:۰۹"),
        (59.6, "۱:۰۰"),
        (3599.6, "۱:۰۰:۰۰"),
        (3909, "۱:۰۵:۰۹"),
        (100 * 3600, "۱۰۰:۰۰:۰۰"),
        (-5, "۰:۰۰"),
    ],
)
def test_lengths(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected
