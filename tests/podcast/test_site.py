"""The shared files of a show: colours that can be read, and a feed that people can read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files

import jdatetime
import pytest
from lxml import etree

from audiopress.media import media_type
from audiopress.model import Episode, Show
from audiopress.podcast.feed import Entry, feed_pages
from audiopress.podcast.pages import NIGHT, PAPER
from audiopress.podcast.site import site_files

SITE = dict(site_files())
CSS = SITE["assets/site.css"].decode()
FEED_CSS = SITE["assets/feed.css"].decode()
HEX = re.compile(r"#[0-9a-f]{3,8}\b")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, "contrast ratio" and "relative luminance")."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def schemes() -> list[dict[str, str]]:
    """Return the colours of both schemes by name."""
    blocks = re.findall(r":root {(.*?)}", CSS, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", range(2))
def test_all_text_can_be_read(scheme: int) -> None:
    colours = schemes()[scheme]
    pairs = [(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "raised")]
    pairs += [("on-sentence", "sentence"), ("on-word", "word")]
    assert set(colours) - {"line"} == {name for pair in pairs for name in pair}
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    # The frame around what has the focus, and the marked sentence against the page (WCAG 2.2, 1.4.11).
    assert contrast(colours["accent"], colours["paper"]) >= 3


def test_colours_stand_in_the_schemes_only() -> None:
    assert [scheme["paper"] for scheme in schemes()] == [PAPER, NIGHT]
    named = sum(len(scheme) for scheme in schemes())
    assert len(HEX.findall(CSS)) == named == 20


def test_the_feeds_colours_can_be_read() -> None:
    light, dark = FEED_CSS.split("@media (prefers-color-scheme: dark)")
    assert {*HEX.findall(light)} == {"#fbf9f4", "#25211c", "#ffffff", "#e3ddd0", "#655d52"}
    assert {*HEX.findall(dark)} == {"#15191c", "#e9e5dc", "#1d2327", "#333b40", "#a9a498"}
    texts = [("#25211c", "#fbf9f4"), ("#655d52", "#fbf9f4"), ("#655d52", "#ffffff")]
    texts += [("#e9e5dc", "#15191c"), ("#a9a498", "#15191c"), ("#a9a498", "#1d2327")]
    assert min(contrast(*pair) for pair in texts) >= 4.5


def test_every_file_is_there_and_may_be_published() -> None:
    folder = files("audiopress.podcast.site")
    lying = {path.name for path in folder.iterdir() if path.is_file() and not path.name.endswith(".py")}
    assert {name.removeprefix("assets/") for name in SITE} == lying
    assert all(media_type(name) for name in SITE)
    for style in (CSS, FEED_CSS):
        assert {f"assets/{name}" for name in re.findall(r'url\("([^"]+)"\)', style)} <= set(SITE)
        assert "@import" not in style
        assert "http" not in style.replace("http://www.w3.org/2005/Atom", "")
    assert SITE["assets/vazirmatn.woff2"].startswith(b"wOF2")


def test_motion_is_only_for_those_who_like_it() -> None:
    calm, lively = CSS.split("@media (prefers-reduced-motion: no-preference)")
    assert "scroll-behavior: smooth" in lively
    assert "transition" not in calm
    assert "animation" not in CSS
    assert ":focus-visible" in calm
    assert not re.search(r"outline:\s*(none|0)", CSS)


EPISODE = Episode(
    slug="a",
    guid="g",
    title='باران & "سیل" <در> شمال',
    description="شرح <b>",
    published="2026-11-25T08:30:00+03:30",
    enclosure="episodes/a/a.mp3",
    length=1,
    seconds=3669.0,
    voice="nasim",
    agency="",
    source="",
)
SHOW = Show("خبر روستا", description="هر روز", base_url="https://example.org/p", image="cover-0a1b2c3d.jpg")


def transformed(feed: bytes) -> etree._ElementTree:
    transform = etree.XSLT(etree.fromstring(SITE["assets/feed.xsl"]))
    return etree.HTML(str(transform(etree.fromstring(feed)))).getroottree()


def test_the_feed_becomes_a_page() -> None:
    feed = dict(feed_pages(SHOW, (Entry(EPISODE, frozenset({"a.html"})),)))["feed.xml"]
    page = transformed(feed)
    assert page.xpath("/html/@dir") == ["rtl"]
    assert page.xpath("//h1/text()") == ["خبر روستا"]
    assert page.xpath("//code/text()") == ["https://example.org/p/feed.xml"]
    assert page.xpath("//article/h3/a/text()") == ['باران & "سیل" <در> شمال']
    assert page.xpath("//article/h3/a/@href") == ["https://example.org/p/episodes/a/a.html"]
    assert page.xpath("//article/p[@class='facts']/span/text()") == ["۴ آذر ۱۴۰۵", "۱:۰۱:۰۹"]
    assert page.xpath("//article/p[@class='description']/text()") == ["شرح <b>"]
    assert page.xpath("//audio/@src") == ["https://example.org/p/episodes/a/a.mp3"]
    assert page.xpath("//link/@href") == ["assets/site.css"]
    assert not page.xpath("//script | //style | //@style")


def test_pages_of_the_feed_lead_to_each_other() -> None:
    episodes = tuple(Entry(replace(EPISODE, guid=str(n))) for n in range(301))
    pages = dict(feed_pages(replace(SHOW, base_url=""), episodes))
    first, second = transformed(pages["feed.xml"]), transformed(pages["feed-2.xml"])
    assert first.xpath("//a[text()='قسمت‌های قدیمی‌تر']/@href") == ["feed-2.xml"]
    assert second.xpath("//a[text()='قسمت‌های تازه‌تر']/@href") == ["feed.xml"]
    assert "نشانی را از نوار نشانی مرورگر بردارید." in "".join(first.xpath("//p[@class='hint']/text()"))


def test_an_empty_feed_is_a_page_too() -> None:
    page = transformed(dict(feed_pages(SHOW, ()))["feed.xml"])
    assert "هنوز قسمتی منتشر نشده است." in "".join(page.xpath("//main//p/text()"))


MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]


def dates(days: list[datetime]) -> list[str]:
    items = "".join(f"<item><pubDate>{format_datetime(day)}</pubDate></item>" for day in days)
    page = transformed(f"<rss><channel><title>x</title>{items}</channel></rss>".encode())
    return [str(text) for text in page.xpath("//p[@class='facts']/span/text()")]


def test_dates_are_those_of_the_persian_calendar() -> None:
    known = {
        datetime(2025, 3, 20, tzinfo=UTC): "۳۰ اسفند ۱۴۰۳",  # a leap year's last day
        datetime(2025, 3, 21, tzinfo=UTC): "۱ فروردین ۱۴۰۴",
        datetime(2024, 3, 19, tzinfo=UTC): "۲۹ اسفند ۱۴۰۲",
        datetime(2024, 2, 29, tzinfo=UTC): "۱۰ اسفند ۱۴۰۲",
        datetime(2026, 9, 22, tzinfo=UTC): "۳۱ شهریور ۱۴۰۵",
        datetime(2026, 9, 23, tzinfo=UTC): "۱ مهر ۱۴۰۵",
        datetime(2026, 11, 25, tzinfo=UTC): "۴ آذر ۱۴۰۵",
    }
    assert dates(list(known)) == list(known.values())


def test_dates_agree_with_the_calendars_library_for_a_century() -> None:
    days = [datetime(1980, 1, 1, tzinfo=UTC) + timedelta(days=5 * n) for n in range(7300)]
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    expected = []
    for day in days:
        date = jdatetime.date.fromgregorian(date=day.date())
        expected.append(f"{date.day} {MONTHS[date.month - 1]} {date.year}".translate(digits))
    assert dates(days) == expected
