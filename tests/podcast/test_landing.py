"""The show's own page and its OPML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from audiopress.model import Episode, Show
from audiopress.podcast.landing import index_html, opml

SHOW = Show(
    "خبر روستا",
    description="هر روز یک خبر.",
    author="تحریریه",
    base_url="https://example.org/p/",
    image="cover-0a1b2c3d.jpg",
    links=(
        ("spotify", "https://open.spotify.com/show/x"),
        ("پادگیر", "https://example.ir/x"),
        ("bad", "javascript:x()"),
    ),
)


def episode(number: int) -> Episode:
    return Episode(
        slug=f"e-{number}",
        guid=f"g{number}",
        title=f"قسمت {number}",
        description=f"شرح {number}",
        published=f"2026-11-{1 + number % 28:02}T08:00:00+03:30",
        enclosure=f"episodes/e-{number}/e-{number}.mp3",
        length=1,
        seconds=249.2,
        voice="nasim",
        agency="",
        source="",
    )


def index(show: Show, *episodes: Episode) -> html.HtmlElement:
    return html.document_fromstring(index_html(show, episodes).decode())


def test_the_show_is_introduced() -> None:
    tree = index(SHOW)
    assert (tree.get("lang"), tree.get("dir")) == ("fa", "rtl")
    assert [(h.tag, h.text_content()) for h in tree.iter("h1", "h2")] == [
        ("h1", "خبر روستا"),
        ("h2", "اشتراک"),
        ("h2", "تازه‌ترین قسمت‌ها"),
    ]
    assert tree.xpath("//header//p/text()") == ["تحریریه", "هر روز یک خبر."]
    assert tree.xpath("//header//img/@src") == ["cover-0a1b2c3d.jpg"]
    assert "هنوز قسمتی منتشر نشده است." in tree.text_content()


def test_there_are_ways_to_subscribe() -> None:
    links = [(a.text, a.get("href")) for a in index(SHOW).xpath("//section[@class='subscribe']//li/a")]
    assert links == [
        ("اپل پادکست", "podcasts://example.org/p/feed.xml"),
        ("اسپاتیفای", "https://open.spotify.com/show/x"),
        ("پادگیر", "https://example.ir/x"),
        ("خوراک RSS", "feed.xml"),
    ]
    assert index(SHOW).xpath("//code/text()") == ["https://example.org/p/feed.xml"]
    listed = index(replace(SHOW, links=(("apple", "https://podcasts.apple.com/x"),)))
    assert listed.xpath("//section[@class='subscribe']//li/a/@href") == ["https://podcasts.apple.com/x", "feed.xml"]


def test_without_an_address_there_is_only_what_works_on_the_spot() -> None:
    tree = index(replace(SHOW, base_url="", links=()))
    assert tree.xpath("//section[@class='subscribe']//li/a/@href") == ["feed.xml"]
    assert not list(tree.iter("code"))
    assert not tree.xpath("//link[@rel='canonical'] | //meta[@property='og:image']")
    assert tree.xpath("//link[@rel='alternate']/@href") == ["feed.xml"]


def test_previews_have_picture_and_address() -> None:
    tree = index(SHOW)
    values = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}
    assert values == {
        "og:type": "website",
        "og:site_name": "خبر روستا",
        "og:title": "خبر روستا",
        "og:description": "هر روز یک خبر.",
        "og:locale": "fa_IR",
        "og:url": "https://example.org/p/",
        "og:image": "https://example.org/p/cover-0a1b2c3d.jpg",
    }


def test_an_episode_has_date_length_player_and_text() -> None:
    (article,) = index(SHOW, episode(24)).iter("article")
    assert article.xpath("p[@class='facts']")[0].text_content() == "چهارشنبه ۴ آذر ۱۴۰۵ ۴:۰۹"
    assert article.xpath("h3/a/@href") == ["episodes/e-24/e-24.html"]
    assert article.xpath("p[@class='description']/text()") == ["شرح 24"]
    (audio,) = article.iter("audio")
    assert (audio.get("src"), audio.get("preload")) == ("episodes/e-24/e-24.mp3", "none")


@pytest.mark.parametrize(
    ("order", "heading", "first"), [("newest", "تازه‌ترین قسمت‌ها", "قسمت 0"), ("oldest", "قسمت‌ها", "قسمت 59")]
)
def test_fifty_episodes_are_listed(order: str, heading: str, first: str) -> None:
    tree = index(replace(SHOW, order=order), *map(episode, range(60)))
    assert len(list(tree.iter("article"))) == 50
    assert tree.xpath("//article/h3/a/text()")[0] == first
    assert tree.xpath("//h2/text()")[-1] == heading
    assert tree.xpath("//p[@class='more']/a/text()") == ["۱۰ قسمت دیگر در خوراک RSS"]


def test_no_script_and_no_style_stands_in_the_page() -> None:
    tree = index(SHOW, episode(1))
    assert [dict(script.attrib) for script in tree.iter("script")] == [PLAYER]
    assert not list(tree.iter("style"))
    assert not tree.xpath("//@style")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {*tree.xpath("//@aria-labelledby")} <= {*ids}


#: The only script of the page, a file of the show's own.
PLAYER = {"type": "module", "src": "assets/player/player.js"}

EVIL = '</title><script>alert(1)</script> & "x" <img src=x onerror=y> 😀 BBC\u0000\ud800\x85'


def test_what_would_be_markup_is_text() -> None:
    show = replace(SHOW, title=EVIL, description=EVIL, author=EVIL, links=((EVIL, "https://example.org/?a&b"),))
    tree = index(show, replace(episode(1), title=EVIL, description=EVIL, agency=EVIL))
    assert [dict(script.attrib) for script in tree.iter("script")] == [PLAYER]
    assert len(list(tree.iter("img"))) == 1
    shown = '</title><script>alert(1)</script> & "x" <img src=x onerror=y> 😀 BBC'
    assert [h.text_content() for h in tree.iter("h1", "h3")] == [shown, shown]
    assert not [name for element in tree.iter(etree.Element) for name in element.attrib if name.startswith("on")]


def test_opml_names_the_feed() -> None:
    tree = etree.fromstring(opml(replace(SHOW, title='خبر & <روستا> "ما"\u0000')))
    assert (tree.tag, tree.get("version")) == ("opml", "2.0")
    (outline,) = tree.iter("outline")
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": 'خبر & <روستا> "ما"',
        "title": 'خبر & <روستا> "ما"',
        "xmlUrl": "https://example.org/p/feed.xml",
        "htmlUrl": "https://example.org/p/",
        "description": "هر روز یک خبر.",
        "language": "fa",
    }
    (at_home,) = etree.fromstring(opml(replace(SHOW, base_url=""))).iter("outline")
    assert (at_home.get("xmlUrl"), at_home.get("htmlUrl")) == ("feed.xml", None)


text = st.text(st.characters(exclude_categories=()), max_size=60)


@given(text, text, text)
@settings(max_examples=60)
def test_whatever_a_show_is_called_both_files_can_be_read(title: str, description: str, name: str) -> None:
    show = replace(SHOW, title=title, description=description, links=((name, "https://example.org"),))
    tree = index(show, replace(episode(1), title=title, description=description))
    assert len(list(tree.iter("article"))) == 1
    assert [dict(script.attrib) for script in tree.iter("script")] == [PLAYER]
    assert not list(tree.iter("style"))
    (outline,) = etree.fromstring(opml(show)).iter("outline")
    kept = re.sub(
        "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "", title
    )
    assert (outline.get("title") or "").split() == kept.split()
    assert index_html(show, ()) == index_html(show, ())
