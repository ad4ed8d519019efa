"""The feed, read by a parser that is not ours."""

from __future__ import annotations

import calendar
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from audiopress.model import ChapterMark, Episode, Show
from audiopress.podcast.feed import PAGE, Deleted, Entry, feed_guid, feed_pages
from audiopress.podcast.notes import clock, notes_html, shorten

SHOW = Show("خبرهای روز", "گزیده <خبرها> & گزارش‌ها", "تسنیم", email="a@example.org", base_url="https://example.org/p/")
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
    image="episodes/gzrsh/gzrsh-0a1b2c3d.jpg",
    chapters=(ChapterMark(0, "آغاز"), ChapterMark(61500, "گرما <۴۰")),
)
ENDINGS = (".mp3", ".vtt", ".srt", ".words.json", ".html", ".chapters.json")
ENTRY = Entry(EPISODE, frozenset(f"gzrsh{ending}" for ending in ENDINGS))
ATOM = "{http://www.w3.org/2005/Atom}"
PODCAST = {"podcast": "https://podcastindex.org/namespace/1.0", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}


def feed_xml(show: Show, entries: tuple[Entry, ...]) -> bytes:
    ((name, data),) = feed_pages(show, entries)
    assert name == "feed.xml"
    return data


def channel(show: Show = SHOW, *entries: Entry) -> etree._Element:
    return parsed(feed_xml(show, entries or (ENTRY,)))


def parsed(data: bytes) -> etree._Element:
    found = etree.fromstring(data).find("channel")
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
    chapters = found.find("item/podcast:chapters", PODCAST)
    address = "https://example.org/p/episodes/gzrsh/gzrsh"
    assert [dict(transcript.attrib) for transcript in found.findall("item/podcast:transcript", PODCAST)] == [
        {"url": f"{address}.vtt", "type": "text/vtt", "language": "fa"},
        {"url": f"{address}.srt", "type": "application/x-subrip", "language": "fa"},
        {"url": f"{address}.words.json", "type": "application/json", "language": "fa"},
        {"url": f"{address}.html", "type": "text/html", "language": "fa"},
    ]
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


@pytest.mark.parametrize(("moment", "expected"), [(0, "00:00"), (75_999, "01:15"), (3_661_000, "1:01:01")])
def test_times_in_the_notes(moment: int, expected: str) -> None:
    assert clock(moment) == expected


def test_the_notes_credit_the_source_and_tell_of_the_voice() -> None:
    notes = notes_html(replace(EPISODE, link="https://example.org/a?b=1&c=2"))
    assert '<p>منبع: <a href="https://example.org/a?b=1&amp;c=2">تسنیم</a></p>' in notes
    assert "هوش مصنوعی" in notes
    assert etree.fromstring(notes).get("dir") == "rtl"


def test_categories_have_subcategories() -> None:
    found = channel(replace(SHOW, category="News > Daily News"))
    (category,) = found.findall("itunes:category", PODCAST)
    assert category.get("text") == "News"
    assert [inner.get("text") for inner in category] == ["Daily News"]


def test_each_episode_has_its_cover() -> None:
    address = "https://example.org/p/episodes/gzrsh/gzrsh-0a1b2c3d.jpg"
    assert channel().find("item/itunes:image", PODCAST).get("href") == address


def test_what_was_changed_after_publishing_says_so() -> None:
    assert channel().find(f"item/{ATOM}updated") is None
    changed = replace(EPISODE, updated="2026-07-17T09:00:00+03:30", change="voice")
    found = channel(SHOW, Entry(changed))
    assert found.findtext(f"item/{ATOM}updated") == "2026-07-17T09:00:00+03:30"
    assert found.findtext("item/guid") == EPISODE.guid
    assert found.findtext("lastBuildDate") == "Fri, 17 Jul 2026 09:00:00 +0330"
    assert "صدای دیگری" in found.findtext("item/{http://purl.org/rss/1.0/modules/content/}encoded")


def test_a_deleted_episode_is_told_of() -> None:
    deleted = Deleted(EPISODE.guid, "2026-07-18T10:00:00+00:00", EPISODE.published)
    ((_, data),) = feed_pages(SHOW, (), (deleted,))
    found = parsed(data)
    assert dict(found.find("{http://purl.org/atompub/tombstones/1.0}deleted-entry").attrib) == {
        "ref": EPISODE.guid,
        "when": "2026-07-18T10:00:00+00:00",
    }
    assert found.findtext("lastBuildDate") == "Sat, 18 Jul 2026 10:00:00 +0000"
    assert not feedparser.parse(data).bozo


def many(count: int) -> tuple[Entry, ...]:
    dates = (f"2026-{1 + number // 28:02}-{1 + number % 28:02}T08:00:00+00:00" for number in range(count))
    made = [Entry(replace(EPISODE, guid=f"g{number}", published=date)) for number, date in enumerate(dates)]
    return tuple(reversed(made))


def test_a_long_show_has_pages() -> None:
    entries = many(11) * 60  # 660
    pages = dict(feed_pages(SHOW, entries))
    assert list(pages) == ["feed.xml", "feed-2.xml", "feed-3.xml"]
    links = {
        name: {link.get("rel"): link.get("href").rpartition("/")[2] for link in parsed(data).findall(f"{ATOM}link")}
        for name, data in pages.items()
    }
    ends = {"first": "feed.xml", "last": "feed-3.xml"}
    assert links == {
        "feed.xml": {"self": "feed.xml", **ends, "next": "feed-2.xml"},
        "feed-2.xml": {"self": "feed-2.xml", **ends, "previous": "feed.xml", "next": "feed-3.xml"},
        "feed-3.xml": {"self": "feed-3.xml", **ends, "previous": "feed-2.xml"},
    }
    counts = [len(parsed(data).findall("item")) for data in pages.values()]
    assert counts == [PAGE, PAGE, 60]
    guids = {parsed(data).findtext("podcast:guid", namespaces=PODCAST) for data in pages.values()}
    assert guids == {feed_guid("https://example.org/p/feed.xml")}


def test_a_show_keeps_as_many_episodes_as_it_says() -> None:
    found = parsed(feed_xml(replace(SHOW, keep=3), many(5)))
    assert [item.findtext("guid") for item in found.findall("item")] == ["g4", "g3", "g2"]


def test_a_series_is_numbered_from_its_beginning_and_keeps_its_numbers() -> None:
    entries = many(4)
    gone = entries[2].episode  # the second one published
    kept = tuple(entry for entry in entries if entry.episode is not gone)
    deleted = (Deleted(gone.guid, "2026-08-01T00:00:00+00:00", gone.published),)
    ((_, data),) = feed_pages(replace(SHOW, order="oldest"), kept, deleted)
    found = parsed(data)
    assert found.findtext("itunes:type", namespaces=PODCAST) == "serial"
    numbers = [
        (item.findtext("guid"), item.findtext("itunes:episode", namespaces=PODCAST)) for item in found.findall("item")
    ]
    assert numbers == [("g3", "4"), ("g2", "3"), ("g0", "1")]


def test_a_promise_of_new_episodes_is_a_rule() -> None:
    promise = channel(replace(SHOW, frequency="workdays")).find("podcast:updateFrequency", PODCAST)
    assert promise.get("rrule") == "FREQ=WEEKLY;BYDAY=SA,SU,MO,TU,WE"
    assert promise.text == "روزهای کاری"
    assert channel().find("podcast:updateFrequency", PODCAST) is None


def test_browsers_are_given_a_style() -> None:
    data = feed_xml(SHOW, (ENTRY,))
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet ")
    assert b'href="assets/feed.xsl"' in data
