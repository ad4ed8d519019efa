"""Feeds as agencies and bloggers write them, and broken ones."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.errors import SourceError
from audiopress.sources.feed import Item, is_feed, read_feed

URL = "https://example.org/rss/feed.xml"
LONG = "باران آمد و مردم شاد شدند. " * 30

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>خبر روستا</title><link>https://example.org/</link>
<item><title>باران &amp;amp; باد می‌آید</title><link>/news/1</link><guid isPermaLink="false">n-1</guid>
 <pubDate>Mon, 23 Nov 2026 10:30:00 +0330</pubDate><dc:creator>مینا راد</dc:creator><category>هواشناسی</category>
 <description>لید خبر.</description><content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>
 <media:content url="https://example.org/1.jpg" medium="image"/></item>
<item><title>باران &amp; باد</title><link>https://example.org/news/1b</link><guid isPermaLink="false">n-1</guid></item>
<item><title>خبر دوم</title><link>https://example.org/news/2</link>
 <description>{LONG}…</description><enclosure url="https://example.org/2.png" type="image/png" length="1"/></item>
<item><title>فقط عنوان</title></item>
<item><title>بد</title><link>javascript:alert(1)</link><guid>x</guid></item>
</channel></rss>""".encode()

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example.org/"><title>وبلاگ</title>
<link href="https://blog.example.org/"/>
<entry><id>tag:blog.example.org,2026:1</id><title type="html">سفر &lt;b&gt;کوتاه&lt;/b&gt;</title>
<link href="posts/1"/><updated>2026-11-22T08:00:00Z</updated><author><name>نیما</name></author>
<content type="html">&lt;p&gt;متن می‌شود.&lt;/p&gt;</content></entry></feed>""".encode()


def test_an_rss_feed_gives_its_items_once_each_and_whole() -> None:
    feed = read_feed(RSS, URL, "application/rss+xml")
    assert (feed.title, feed.link) == ("خبر روستا", "https://example.org/")
    first, second = feed.items
    assert first == Item(
        id="n-1",
        link="https://example.org/news/1",
        title="باران & باد می‌آید",
        html=f"<p>{LONG}</p>",
        whole=True,
        published="2026-11-23T07:00:00+00:00",
        byline="مینا راد",
        image="https://example.org/1.jpg",
        section="هواشناسی",
    )
    assert (second.id, second.whole, second.image) == (second.link, False, "https://example.org/2.png")


def test_an_atom_feed_gives_its_entries() -> None:
    (item,) = read_feed(ATOM, "https://blog.example.org/atom").items
    assert (item.title, item.link, item.byline) == ("سفر کوتاه", "https://blog.example.org/posts/1", "نیما")
    assert (item.published, item.html, item.whole) == ("2026-11-22T08:00:00+00:00", "<p>متن می‌شود.</p>", False)


def test_the_encoding_is_that_of_header_or_declaration() -> None:
    data = RSS.decode().replace("UTF-8", "windows-1256").replace("ی", "ي").replace("ک", "ك").encode("cp1256", "ignore")
    assert read_feed(data, URL).items[0].title.startswith("باران & باد")
    sent = RSS.replace(b' encoding="UTF-8"', b"")
    assert read_feed(sent, URL, "text/xml; charset=utf-8").items[0].title == "باران & باد می‌آید"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    cut = RSS[: RSS.index("فقط".encode())]
    assert len(read_feed(cut, URL).items) == 2
    with_ampersand = RSS.replace("هواشناسی".encode(), "هوا & آب".encode())
    assert len(read_feed(with_ampersand, URL).items) == 2


def test_entities_are_never_opened() -> None:
    hostile = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY g "' + b"x" * 99 + b'">]>'
    data = hostile + b"<rss><channel><item><title>a&f;&g;b</title><link>https://e.org/1</link></item></channel></rss>"
    (item,) = read_feed(data, URL).items
    assert "root:" not in item.title
    assert "xx" not in item.title


@pytest.mark.parametrize("data", [b"", b"<html><p>x</p></html>", b"\x89PNG", b'{"version": 1}'])
def test_what_is_no_feed_is_told(data: bytes) -> None:
    assert not is_feed(data)
    with pytest.raises(SourceError, match="not an RSS or Atom feed"):
        read_feed(data, URL)


def test_a_feed_of_ten_thousand_items_is_read() -> None:
    items = "".join(f"<item><title>خبر {n}</title><link>https://e.org/{n}</link></item>" for n in range(10_000))
    assert len(read_feed(f"<rss><channel>{items}</channel></rss>".encode(), URL).items) == 10_000


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damaged_bytes_give_items_or_one_sentence(noise: bytes, place: int) -> None:
    data = RSS[:place] + noise + RSS[place + len(noise) :]
    with suppress(SourceError):
        assert all(item.id for item in read_feed(data, URL).items)
