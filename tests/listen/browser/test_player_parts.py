"""The player's parts by themselves, in the browser that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from player_show import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHAPTERS = "[{start: 0, title: 'a'}, {start: 20, title: 'b'}, {start: 40, title: 'c'}]"
EARLIER = "{a: {seconds: 5, played: false, at: '2026-11-25T08:00:00Z'}}"
CASES = [
    # chapters: "previous" within three seconds is the one before
    ("chapters.js", f"m.previousStart({CHAPTERS}, 22.9)", 0),
    ("chapters.js", f"m.previousStart({CHAPTERS}, 23.1)", 20),
    ("chapters.js", f"m.previousStart({CHAPTERS}, 2)", 0),
    ("chapters.js", f"m.nextStart({CHAPTERS}, 19.99)", 40),  # a hair before its chapter
    ("chapters.js", f"m.nextStart({CHAPTERS}, 19.9)", 20),
    ("chapters.js", f"m.nextStart({CHAPTERS}, 41)", None),
    ("chapters.js", "m.chapterAt([{start: 5, title: 'late'}], 1)", 0),
    # heard: the last thirty seconds, 97 %, but no more than a tenth of a short one
    ("store.js", "m.isNearEnd(569, 600)", False),
    ("store.js", "m.isNearEnd(570, 600)", True),
    ("store.js", "m.isNearEnd(3491, 3600)", False),
    ("store.js", "m.isNearEnd(3492, 3600)", True),
    ("store.js", "m.isNearEnd(35, 60)", False),
    ("store.js", "m.isNearEnd(54, 60)", True),
    ("store.js", "m.isNearEnd(0, 0)", False),
    ("store.js", "m.resumeAt({seconds: 61.5}, 600)", 58.5),
    ("store.js", "m.resumeAt({seconds: 2}, 600)", 0),
    ("store.js", "m.resumeAt({seconds: 590}, 600)", 0),
    ("store.js", "m.resumeAt(null, 600)", 0),
    # positions: the newer one, of equals the one heard further, nothing that is none
    (
        "store.js",
        f"m.merge({EARLIER}, {{a: {{seconds: 1, played: false, at: '2026-11-25T11:31:00+03:30'}}}}).a.seconds",
        1,
    ),
    (
        "store.js",
        f"m.merge({EARLIER}, {{a: {{seconds: 9, played: false, at: '2026-11-25T08:00:00Z'}}}}).a.seconds",
        9,
    ),
    (
        "store.js",
        "m.merge({}, {a: {seconds: -1, played: false, at: '2026-11-25'}, b: 7, c: null, d: {seconds: 1}})",
        {},
    ),
    # sleep: by the clock, whatever the speed
    ("sleep.js", "m.secondsLeft({kind: 'minutes', deadline: 61000}, {now: 1000, time: 9, rate: 2, end: 10})", 60),
    ("sleep.js", "m.secondsLeft({kind: 'chapter'}, {now: 0, time: 9, rate: 2, end: 20})", 5.5),
    ("sleep.js", "m.secondsLeft({kind: 'episode'}, {now: 0, time: 21, rate: 2, end: 20})", 0),
    ("sleep.js", "m.secondsLeft(null, {})", None),
    ("sleep.js", "m.gainAt({kind: 'minutes'}, 5)", 0.5),
    ("sleep.js", "m.gainAt({kind: 'chapter'}, 0.1)", 1),
    # the queue
    ("queue.js", "m.moved([1, 2, 3], 0, 1)", [2, 1, 3]),
    ("queue.js", "m.moved([1, 2, 3], 0, -1)", [1, 2, 3]),
    ("queue.js", "m.moved([1, 2, 3], 0, 9)", [2, 3, 1]),
    ("queue.js", "m.following(['x', 'b'], [{guid: 'a'}, {guid: 'b'}], () => true, 'a', false).guid", "b"),
    ("queue.js", "m.following([], [{guid: 'a'}, {guid: 'b'}, {guid: 'c'}], (g) => g === 'b', 'a', true).guid", "c"),
    ("queue.js", "m.following([], [{guid: 'a'}, {guid: 'b'}], () => false, 'a', false)", None),
    (
        "queue.js",
        "m.unheard([{guid: 'a'}, {guid: 'b'}, {guid: 'c'}], (g) => g === 'a', 'c')",
        [{"guid": "c"}, {"guid": "b"}],
    ),
    # texts
    ("text.js", "m.clock(249.4)", "۴:۰۹"),
    ("text.js", "m.clock(3909)", "۱:۰۵:۰۹"),
    ("text.js", "m.clock(NaN)", "۰:۰۰"),
    ("text.js", "m.spoken(3661)", "۱ ساعت و ۱ دقیقه و ۱ ثانیه"),
    ("text.js", "m.spoken(0.2)", "صفر ثانیه"),
    ("text.js", "m.size(3157706)", "۳٫۲ مگابایت"),
    ("text.js", "m.size(52428800)", "۵۲ مگابایت"),
    ("text.js", "m.day('Wed, 25 Nov 2026 23:30:00 +0330')", "۴ آذر ۱۴۰۵"),
    ("text.js", "m.day('Wed, 25 Nov 2026 00:10:00 -0500')", "۴ آذر ۱۴۰۵"),
    ("text.js", "m.day('no day')", ""),
    # search
    ("search.js", "m.plain('كتاب‌هايِ ۲۵')", "کتابهای 25"),
    ("search.js", "m.find('آ کِتاب‌ها', 'کتابها')", [2, 10]),
    ("search.js", "m.find('کتاب', '')", None),
    (
        "search.js",
        "m.findIn([{start: 1, text: 'یک دو'}, {start: 4, text: 'سه چهار'}], 'دو سه').map((p) => p.start)",
        [1],
    ),
    (
        "search.js",
        r"m.parseCaptions('WEBVTT\r\n\r\nNOTE x\r\n\r\n00:01.500 --> 00:02.000 align:end\r\n<v A>یک</v>\r\n&lt;دو')",
        [{"start": 1.5, "text": "یک <دو"}],
    ),
    # voice
    ("voice.js", "m.commandIn('لطفاً برو فصل بعدی!')", "nextChapter"),
    ("voice.js", "m.commandIn('بعدی')", "nextEpisode"),
    ("voice.js", "m.commandIn('بس است')", "pause"),
    ("voice.js", "m.commandIn('یواش‌تر')", "slower"),
    ("voice.js", "m.commandIn('یواشتر')", "slower"),
    ("voice.js", "m.commandIn('پخش اخبار')", "playAll"),
    ("voice.js", "m.commandIn('عقبه')", ""),
]


@pytest.fixture(scope="module")
def modules(chromium: Any, output: Path) -> Iterator[Callable[[str, str], Any]]:
    """Evaluates an expression over ``m``, a module of the player."""
    with served(output) as address:
        page = chromium.new_page()
        page.goto(f"{address}news/assets/player/text.js")

        def evaluate(module: str, expression: str) -> Any:
            return page.evaluate(f"import('{address}news/assets/player/{module}').then((m) => {expression})")

        yield evaluate
        page.close()


@pytest.mark.parametrize(("module", "expression", "expected"), CASES, ids=lambda each: str(each)[:60])
def test_parts(modules: Callable[[str, str], Any], module: str, expression: str, expected: object) -> None:
    assert modules(module, expression) == expected


def feed(items: str, head: str = "") -> str:
    namespaces = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
    return f"<rss version='2.0' {namespaces}><channel><title>t</title>{head}{items}</channel></rss>"


SELF = '<atom:link rel="self" href="https://example.org/p/feed.xml"/>'
ITEM = "<item><title> a &lt;b&gt; </title><guid>g</guid><enclosure url='{}' length='9' type='audio/mpeg'/></item>"


@pytest.mark.parametrize(
    ("url", "head", "heard"),
    [
        ("https://example.org/p/episodes/a/a.mp3", SELF, "http://here/x/episodes/a/a.mp3"),
        ("https://cdn.example.net/a.mp3", SELF, "https://cdn.example.net/a.mp3"),
        ("https://example.org/page/a.mp3", SELF, "https://example.org/page/a.mp3"),
        ("episodes/a/a.mp3", "", "http://here/x/episodes/a/a.mp3"),
    ],
)
def test_addresses_of_the_feed(modules: Callable[[str, str], Any], url: str, head: str, heard: str) -> None:
    text = feed(ITEM.format(url), head)
    found = modules("feed.js", f"m.parseFeed({text!r}, 'http://here/x/').episodes[0]")
    assert (found["audio"], found["slug"], found["title"]) == (heard, "a", "a <b>")


def test_strange_feeds(modules: Callable[[str, str], Any]) -> None:
    text = feed(ITEM.format("javascript:alert(1)") + "<item><title>no sound</title></item>")
    assert modules("feed.js", f"m.parseFeed({text!r}, 'http://here/x/').episodes") == []
    assert (
        modules("feed.js", "Promise.resolve().then(() => m.parseFeed('<html', 'http://h/')).catch(String)")
        == "Error: no feed"
    )
