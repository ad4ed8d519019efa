"""The feed, read by a parser that is not ours."""

from __future__ import annotations

import calendar
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from audiopress.model import Episode
from audiopress.podcast.feed import Entry, ShowInfo, clock, feed_guid, feed_xml, shorten

SHOW = ShowInfo(
    "خبرهای روز", "گزیده <خبرها> & گزارش‌ها", "تسنیم", email="a@example.org", base_url="https://example.org/p/"
)
EPISODE = Episode(
    slug="gzrsh",
    guid="0a5be0ba-9c4e-5d55-a7e8-0f0d0a4d1a11",
    title="گزارش «بارش» & گرما",
    description="بارش‌ها آغاز می‌شود. گرما می‌ماند.",
    published="2026-07-16T08:30:00+03:30",
    enclosure="episodes/gzrsh/gzrsh.mp3",
    length=1234567,
    seconds=102.6,
    voice="nasim",
    agency="تسنیم",
    source="a.txt",
)
ENTRY = Entry(
    EPISODE, "episodes/gzrsh/gzrsh.vtt", "episodes/gzrsh/gzrsh.chapters.json", ((0.0, "آغاز"), (61.5, "گرما <۴۰"))
)
PODCAST = {"podcast": "https://podcastindex.org/namespace/1.0", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}


def channel(show: ShowInfo = SHOW, *entries: Entry) -> etree._Element:
    found = etree.fromstring(feed_xml(show, entries or (ENTRY,))).find("channel")
    assert found is not None
    return found


def test_feedparser_reads_it() -> None:
    feed = feedparser.parse(feed_xml(SHOW, (ENTRY,)))
    assert not feed.bozo
    assert feed.version == "rss20"
    assert (feed.feed.title, feed.feed.language, feed.feed.author) == ("خبرهای روز", "fa", "تسنیم")
    assert feed.feed.subtitle == "گزیده <خبرها> & گزارش‌ها"
    (item,) = feed.entries
    assert (item.title, item.id, item.guidislink) == (EPISODE.title, EPISODE.guid, False)
    assert calendar.timegm(item.published_parsed) == calendar.timegm((2026, 7, 16, 5, 0, 0))
    assert item.itunes_duration == "103"
    (enclosure,) = item.enclosures
    assert enclosure == {
        "href": "https://example.org/p/episodes/gzrsh/gzrsh.mp3",
        "length": "1234567",
        "type": "audio/mpeg",
    }
    notes = item.content[0].value
    assert "01:01 گرما &lt;۴۰" in notes
    assert "منبع: تسنیم" in notes


def test_what_apple_asks_for_is_there() -> None:
    found = channel(replace(SHOW, image="cover.jpg"))
    assert found.findtext("itunes:explicit", namespaces=PODCAST) == "false"
    assert found.find("itunes:category", PODCAST).get("text") == "News"
    assert found.find("itunes:image", PODCAST).get("href") == "https://example.org/p/cover.jpg"
    assert found.findtext("itunes:owner/itunes:email", namespaces=PODCAST) == "a@example.org"
    assert found.findtext("item/itunes:explicit", namespaces=PODCAST) == "false"
    assert found.findtext("item/pubDate") == "Thu, 16 Jul 2026 08:30:00 +0330"


def test_what_podcasting_2_asks_for_is_there() -> None:
    found = channel()
    assert found.findtext("podcast:guid", namespaces=PODCAST) == feed_guid("https://example.org/p/feed.xml")
    assert found.findtext("podcast:medium", namespaces=PODCAST) == "podcast"
    assert found.find("podcast:locked", PODCAST).attrib == {"owner": "a@example.org"}
    for place in ("podcast:txt", "item/podcast:txt"):
        assert found.find(place, PODCAST).attrib == {"purpose": "ai-content"}
        assert found.findtext(place, namespaces=PODCAST) == "true"
    transcript, chapters = found.find("item/podcast:transcript", PODCAST), found.find("item/podcast:chapters", PODCAST)
    assert transcript.attrib == {
        "url": "https://example.org/p/episodes/gzrsh/gzrsh.vtt",
        "type": "text/vtt",
        "language": "fa",
    }
    assert chapters.attrib == {
        "url": "https://example.org/p/episodes/gzrsh/gzrsh.chapters.json",
        "type": "application/json+chapters",
    }
    assert found.find("{http://www.w3.org/2005/Atom}link").get("href") == "https://example.org/p/feed.xml"


def test_the_guid_is_that_of_the_specification() -> None:
    assert feed_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert feed_guid("http://podnews.net/rss/") == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_without_a_base_url_addresses_are_relative() -> None:
    found = channel(replace(SHOW, base_url=""))
    assert found.find("item/enclosure").get("url") == "episodes/gzrsh/gzrsh.mp3"
    assert found.find("podcast:guid", PODCAST) is None
    assert found.find("{http://www.w3.org/2005/Atom}link") is None


def test_what_is_not_there_is_not_linked() -> None:
    found = channel(SHOW, Entry(EPISODE))
    assert found.find("item/podcast:transcript", PODCAST) is None
    assert found.find("item/podcast:chapters", PODCAST) is None


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    odd = replace(EPISODE, title="بد\x00\x0b\ud800 خوب\ufffe", description="الف\x1b ]]> ب")
    feed = feedparser.parse(feed_xml(SHOW, (Entry(odd),)))
    assert not feed.bozo
    assert feed.entries[0].title == "بد خوب"
    assert "]]" in feed.entries[0].content[0].value


def test_a_time_without_an_offset_is_utc() -> None:
    found = channel(SHOW, Entry(replace(EPISODE, published="2026-07-16T08:30:00")))
    assert found.findtext("item/pubDate") == "Thu, 16 Jul 2026 08:30:00 +0000"


def test_a_show_without_episodes_is_a_feed_too() -> None:
    feed = feedparser.parse(feed_xml(SHOW, ()))
    assert (feed.bozo, feed.entries) == (False, [])


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("کوتاه.", 4000, "کوتاه."),
        ("یک دو. سه چهار. پنج", 30, "یک دو. سه چهار."),
        ("یک دو سه چهار", 20, "یک دو سه…"),
        ("آیا؟ بله بله بله", 14, "آیا؟"),
        ("ببببببببببببب", 13, "ببببب…"),
    ],
)
def test_descriptions_are_cut_at_a_sentence(text: str, size: int, expected: str) -> None:
    assert shorten(text, size) == expected
    assert len(shorten(text, size).encode()) <= size


def test_a_long_description_fits_apple() -> None:
    found = channel(SHOW, Entry(replace(EPISODE, description="این یک جمله است. " * 400)))
    said = found.findtext("item/description")
    assert said is not None
    assert len(said.encode()) <= 4000
    assert said.endswith("است.")


@pytest.mark.parametrize(("seconds", "expected"), [(0, "00:00"), (75.2, "01:15"), (3661, "1:01:01")])
def test_times_in_the_notes(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected
