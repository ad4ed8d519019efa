"""The read-along page: every word in its place, safe, the same bytes each time, and alive in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from audiopress.model import (
    Boundary,
    ChapterMark,
    Cue,
    Episode,
    Mark,
    Pronunciation,
    Role,
    Sentence,
    Show,
    Utterance,
    Word,
)
from audiopress.podcast.readalong import readalong_page
from audiopress.podcast.site import site_files
from audiopress.podcast.transcript import timed_lines

if TYPE_CHECKING:
    from pathlib import Path

RATE = 48000
SHOW = Show("خبر روستا", base_url="https://example.org/p", image="cover-0a1b2c3d.jpg")
EPISODE = Episode(
    slug="a",
    guid="g",
    title="باران آمد",
    description="دیروز باران آمد.",
    published="2026-11-25T08:30:00+03:30",
    enclosure="episodes/a/a.mp3",
    length=1,
    seconds=21.2,
    voice="nasim",
    agency="تسنیم",
    source="a.txt",
    image="episodes/a/a-0a1b2c3d.jpg",
    chapters=(ChapterMark(0, "باران آمد"), ChapterMark(9750, "سیل")),
)


def cue(written: str, start: float, stop: float, role: Role = Role.BODY, end: Boundary = Boundary.SENTENCE) -> Cue:
    words = tuple(Word(word, "x" * len(word)) for word in written.split())
    first, last = round(start * RATE), round(stop * RATE)
    step = (last - first) // max(1, len(words))
    marks = tuple(Mark(first + step * n, first + step * (n + 1)) for n in range(len(words)))
    return Cue(first, last, Pronunciation(Utterance(Sentence(written, 1, role, end), written), words), marks)


CUES = (
    cue("باران آمد", 0.25, 2.25, Role.TITLE, Boundary.TITLE),
    cue("دیروز باران آمد.", 3.0, 6.0),
    cue("امروز نیامد.", 6.5, 8.5, end=Boundary.SECTION),
    cue("سیل", 10.0, 11.0, Role.HEADING, Boundary.HEADING),
    cue("رود بالا آمد.", 12.0, 15.0, end=Boundary.PARAGRAPH),
    cue("خبرگزاری تسنیم", 16.0, 18.0, Role.CREDIT, Boundary.END),
)


def page(show: Show = SHOW, episode: Episode = EPISODE, cues: tuple[Cue, ...] = CUES) -> html.HtmlElement:
    return html.document_fromstring(readalong_page(show, episode, cues, RATE).decode())


def spans(tree: html.HtmlElement) -> list[tuple[str, int, int, str]]:
    return [
        (span.text_content(), int(span.get("data-start")), int(span.get("data-stop")), span.get("data-words"))
        for span in tree.xpath("//span[@class='sentence']")
    ]


def assert_safe(tree: html.HtmlElement) -> None:
    """Assert that a strict content security policy lets the page be, and that its ids and references hold."""
    for script in tree.iter("script"):
        assert script.get("src")
        assert not script.text
    assert not list(tree.iter("style", "iframe", "object", "base", "form"))
    for element in tree.iter(html.etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src"}:
                assert re.match(r"(?i)(https?://|podcasts://|\.\./|[\w#])", value)
                assert not value.lower().startswith(("javascript:", "data:"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {*tree.xpath("//@aria-labelledby")} <= {*ids}
    assert {link[1:] for link in tree.xpath("//@href") if link.startswith("#")} <= {*ids}


def test_every_sentence_stands_there_with_its_times() -> None:
    assert spans(page()) == [
        ("باران آمد", 250, 2250, "250 1250"),
        ("دیروز باران آمد.", 3000, 6000, "3000 4000 5000"),
        ("امروز نیامد.", 6500, 8500, "6500 7500"),
        ("سیل", 10000, 11000, "10000"),
        ("رود بالا آمد.", 12000, 15000, "12000 13000 14000"),
        ("خبرگزاری تسنیم", 16000, 18000, "16000 17000"),
    ]


def test_the_outline_is_that_of_the_chapters() -> None:
    tree = page()
    assert (tree.get("lang"), tree.get("dir")) == ("fa", "rtl")
    outline = [(heading.tag, heading.text_content()) for heading in tree.iter("h1", "h2", "h3")]
    assert outline == [("h1", "باران آمد"), ("h2", "فصل‌ها"), ("h2", "سیل")]
    sections = tree.xpath("//main/section")
    assert [section.get("id") for section in sections] == ["chapter-1", "chapter-2"]
    paragraphs = [[" ".join(p.text_content().split()) for p in section.iter("p")] for section in sections]
    assert paragraphs == [
        ["۰:۰۳ دیروز باران آمد. امروز نیامد."],
        ["۰:۱۲ رود بالا آمد.", "۰:۱۶ خبرگزاری تسنیم"],
    ]
    assert sections[1].xpath("p[@class='credit']/span/text()") == ["خبرگزاری تسنیم"]


def test_links_lead_into_the_sound_without_script() -> None:
    tree = page()
    listed = [(li.xpath("a/@href"), li.xpath("a/@data-seek")) for li in tree.xpath("//nav//li")]
    assert listed == [(["a.mp3#t=0", "#chapter-1"], ["0"]), (["a.mp3#t=9.75", "#chapter-2"], ["9750"])]
    assert tree.xpath("//main//p/a/@href") == ["a.mp3#t=3", "a.mp3#t=12", "a.mp3#t=16"]
    (audio,) = tree.iter("audio")
    assert (audio.get("src"), audio.get("controls")) == ("a.mp3", "")
    assert tree.xpath("//head/link[@rel='stylesheet']/@href") == ["../../assets/site.css"]
    assert tree.xpath("//script/@src") == ["../../assets/readalong.js"]
    assert tree.xpath("//header//a/@href") == ["../../index.html"]


def test_date_length_and_source_are_said() -> None:
    facts = page().xpath("//p[@class='facts']")[0]
    assert facts.text_content() == "چهارشنبه ۴ آذر ۱۴۰۵ ۰:۲۱ تسنیم"
    assert facts.xpath("time/@datetime") == ["2026-11-25T08:30:00+03:30", "PT21.2S"]
    linked = page(episode=replace(EPISODE, link="https://example.org/?a=1&b=2"))
    assert linked.xpath("//p[@class='facts']/a/@href") == ["https://example.org/?a=1&b=2"]
    assert not page(episode=replace(EPISODE, link="javascript:alert(1)")).xpath("//p[@class='facts']/a")


def test_previews_need_the_shows_address() -> None:
    tree = page()
    assert tree.xpath("//meta[@property='og:image']/@content") == ["https://example.org/p/episodes/a/a-0a1b2c3d.jpg"]
    assert tree.xpath("//meta[@property='og:audio']/@content") == ["https://example.org/p/episodes/a/a.mp3"]
    assert tree.xpath("//link[@rel='canonical']/@href") == ["https://example.org/p/episodes/a/a.html"]
    at_home = page(replace(SHOW, base_url=""))
    assert not at_home.xpath("//meta[@property='og:image' or @property='og:audio'] | //link[@rel='canonical']")


def test_a_greeting_before_the_title_is_read_before_the_text() -> None:
    greeting = cue("این خبر روستا است.", 0.25, 2.0, end=Boundary.TITLE)
    title = cue("باران آمد", 2.5, 4.0, Role.TITLE, Boundary.TITLE)
    tree = page(cues=(greeting, title, cue("دیروز باران آمد.", 5.0, 6.0, end=Boundary.END)))
    assert tree.xpath("//h1/span/@data-start") == ["2500"]
    assert tree.xpath("//main//span/text()") == ["این خبر روستا است.", "دیروز باران آمد."]


def test_an_episode_without_chapters_or_sentences_is_a_page_too() -> None:
    tree = page(episode=replace(EPISODE, chapters=()))
    assert len(spans(tree)) == 6
    assert not list(tree.iter("nav"))
    empty = page(cues=())
    assert [h1.text_content() for h1 in empty.iter("h1")] == ["باران آمد"]
    assert_safe(tree)
    assert_safe(empty)


def test_a_chapter_whose_heading_is_not_said_keeps_its_title() -> None:
    marks = (ChapterMark(0, "باران آمد"), ChapterMark(5000, "میانه"), ChapterMark(30000, "پایان"))
    tree = page(episode=replace(EPISODE, chapters=marks))
    assert [h2.text_content() for h2 in tree.iter("h2")] == ["فصل‌ها", "میانه", "پایان"]
    assert len(spans(tree)) == 6


def test_a_changed_episode_says_so() -> None:
    changed = page(episode=replace(EPISODE, updated="2026-11-28T10:00:00+03:30", change="text"))
    assert "این قسمت در شنبه ۷ آذر ۱۴۰۵ به‌روز شد." in changed.xpath("//footer")[0].text_content()


EVIL = '</title><script>alert("1")</script> & <b onclick=x> "نقل" 😀 \u202e\u0000\ud800'


def test_what_would_be_markup_is_text() -> None:
    show = replace(SHOW, title=EVIL, description=EVIL, author=EVIL)
    marks = (ChapterMark(0, EVIL), ChapterMark(9750, EVIL))
    episode = replace(EPISODE, title=EVIL, description=EVIL, agency=EVIL, chapters=marks)
    tree = page(show, episode, (cue(EVIL, 0.25, 2), cue(EVIL, 10, 11, Role.HEADING, Boundary.HEADING)))
    assert len(list(tree.iter("script"))) == 1
    assert not list(tree.iter("b"))
    said = '</title><script>alert("1")</script> & <b onclick=x> "نقل" 😀'
    assert [text.strip() for text, *_ in spans(tree)] == [said, said]
    assert_safe(tree)


def test_the_same_episode_gives_the_same_bytes() -> None:
    first = readalong_page(SHOW, EPISODE, CUES, RATE)
    assert readalong_page(SHOW, EPISODE, CUES, RATE) == first
    assert first.startswith(b"<!DOCTYPE html>\n<html lang=")
    assert b"Content-Security-Policy" in first


text = st.text(
    st.one_of(st.sampled_from("ابپتس‌ ،.<>&\"'()۰۱abc\n\u200f\u202e\u2028-؟"), st.characters(exclude_categories=())),
    max_size=120,
)


@given(st.lists(st.tuples(text, st.sampled_from(Role), st.sampled_from(Boundary)), max_size=5), text)
@settings(max_examples=60)
def test_odd_text_is_shown_whole_and_agrees_with_the_captions(
    said: list[tuple[str, Role, Boundary]], title: str
) -> None:
    cues = tuple(cue(words, 2.0 * n, 2.0 * n + 1.5, role, end) for n, (words, role, end) in enumerate(said))
    tree = page(episode=replace(EPISODE, title=title), cues=cues)
    assert_safe(tree)
    shown = sorted(spans(tree), key=lambda span: span[1])
    lines = list(timed_lines(cues, RATE))
    edges = {start: max(stop for begin, stop, _ in lines if begin // 2000 == start // 2000) for _, start, *_ in shown}
    for words, start, stop, starts in shown:
        assert start % 2000 == 0
        assert stop == edges[start]
        times = [int(time) for time in starts.split(" ")]
        assert times == sorted(times)
        assert start <= times[0]
        assert times[-1] <= stop
        assert len(words.split(" ")) == len(times)
    assert len(shown) == len({begin // 2000 for begin, _, _ in lines})


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine")
def test_in_a_browser_the_sentence_at_the_time_in_the_address_is_marked(tmp_path: Path) -> None:
    folder = tmp_path / "episodes" / "a"
    folder.mkdir(parents=True)
    (tmp_path / "assets").mkdir()
    for name, data in site_files():
        (tmp_path / name).write_bytes(data)
    (folder / "a.html").write_bytes(readalong_page(replace(SHOW, base_url=""), EPISODE, CUES, RATE))
    profile = tmp_path / "profile"
    command = [
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--virtual-time-budget=2000", f"--user-data-dir={profile}", "--dump-dom"),
        f"{(folder / 'a.html').as_uri()}#t=7",
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    tree = html.document_fromstring(done.stdout.decode())
    assert tree.xpath("//*[@aria-current='true']/@data-start") == ["6500"]
    assert tree.xpath("//*[@class='sentence'][@tabindex='0']/@data-start") == ["6500"]
    assert {*tree.xpath("//*[@class='sentence']/@role")} == {"button"}
    assert tree.xpath("//div[@class='buttons']/@hidden") == []
