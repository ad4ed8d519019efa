"""Copies of a report are one story; other reports in the same words of an agency are not."""

from __future__ import annotations

import pytest

from audiopress.watch.similar import is_same_story, overlap, sketch

REPORT = (
    "اداره راهداری استان از بازسازی هفت پل روستایی در دره‌های شمالی خبر داد. این پل‌ها در سیلاب بهار آسیب دیده بودند. "
    "مدیر این اداره گفت کارگران از هفته گذشته پی پل نخست را می‌کنند و اگر هوا خوب بماند تا "
    "پایان پاییز چهار پل باز می‌شود. "
    "به گفته او ۱۲ میلیارد تومان برای این کار کنار گذاشته شده و سنگ و سیمان از کارگاه‌های همان دره‌ها خریده می‌شود. "
    "شورای روستاها خواسته است که گذرگاه دانش‌آموزان پیش از مهر آماده باشد. یکی از اهالی می‌گوید بچه‌ها از بهار تا کنون "
    "هر روز یک ساعت بیشتر راه می‌روند. پل‌های تازه یک متر بلندتر از پل‌های پیشین ساخته می‌شوند تا آب از زیر آنها بگذرد."
)
OTHER = (
    "اداره راهداری استان از آسفالت چهل کیلومتر راه میان شهرهای جنوبی خبر داد. مدیر این اداره گفت این راه‌ها سال‌ها خاکی "
    "بود و کامیون‌ها در آن می‌ماندند. به گفته او کار از دو سو آغاز شده و تا نوروز به پایان می‌رسد. رانندگان از گرد و خاک "
    "گلایه داشتند و خواسته بودند که پیش از برداشت گندم راه هموار شود. شورای شهر نیز برای پیاده‌روها پول کنار گذاشته است."
)


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        "به گزارش خبرگزاری روستا، " + REPORT + " انتهای پیام",
        REPORT.replace("\u200c", " ").replace("ی", "ي").replace("ک", "ك").replace("۱۲", "12"),
        REPORT.replace("\u200c", ""),
        " ".join(REPORT.split(". ")[1:5]),
        REPORT.partition("شورای روستاها")[0],
        REPORT + " " + OTHER,
    ],
)
def test_a_copy_is_the_same_story(copy: str) -> None:
    assert is_same_story(sketch(REPORT), sketch(copy))
    assert is_same_story(sketch(copy), sketch(REPORT))


def test_another_report_of_the_same_office_is_another_story() -> None:
    assert overlap(sketch(REPORT), sketch(OTHER)) < 0.2
    assert not is_same_story(sketch(REPORT), sketch(OTHER))


def test_short_and_empty_texts() -> None:
    assert is_same_story(sketch("باران آمد."), sketch("باران آمد"))
    assert not is_same_story(sketch("باران آمد."), sketch("برف آمد."))
    assert sketch("…") == frozenset()
    assert not is_same_story(sketch(""), sketch(""))
