"""A watch over real feeds on loopback: nothing twice, copies found, bad ones set aside, bulletins, kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import feedparser
import pytest

from audiopress.config import Settings, Watch
from audiopress.model import Show
from audiopress.press import Line, Places
from audiopress.press.watching import Watcher
from audiopress.sources.fetch import Fetcher, Limits
from audiopress.watch.state import State, StoryState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RAIN = (
    "اداره راهداری استان از بازسازی هفت پل روستایی در دره‌های شمالی خبر داد. این پل‌ها در سیلاب بهار آسیب دیده بودند.",
    (
        "مدیر این اداره گفت کارگران از هفته گذشته پی پل نخست را می‌کنند و تا پایان پاییز چهار پل باز می‌شود. "
        "به گفته او ۱۲ میلیارد تومان برای این کار کنار گذاشته شده است."
    ),
)
WHEAT = (
    "گندم در بازار روستا ارزان شد و نانوایان از فردا نان را به بهای تازه می‌فروشند. کشاورزان از باران بهار راضی‌اند.",
    "آسیابان می‌گوید سیلوها تا شهریور پر می‌شود و کامیون‌ها هر روز سه بار میان مزرعه و شهر می‌روند.",
)


def page(title: str, paragraphs: tuple[str, ...]) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<html lang='fa'>{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()


class Agency:
    """A server with a feed and its pages."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | int] = {}
        self.items: list[tuple[str, str, str]] = []  # path, title, section
        self.asked: list[str] = []
        agency = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                agency.asked.append(self.path)
                if self.path == "/rss":
                    data: bytes | int = agency.feed()
                    if self.headers["If-None-Match"] == agency.etag():
                        data = 304
                else:
                    data = agency.pages.get(self.path, 404)
                self.send_response(data if isinstance(data, int) else 200)
                if self.path == "/rss":
                    self.send_header("ETag", agency.etag())
                body = b"" if isinstance(data, int) else data
                self.send_header(
                    "Content-Type", "application/rss+xml" if self.path == "/rss" else "text/html; charset=utf-8"
                )
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def etag(self) -> str:
        return f'"{len(self.items)}"'

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>{title}</title><link>{self.url}{path}</link><category>{section}</category></item>"
            for path, title, section in reversed(self.items)
        )
        return f"<rss version='2.0'><channel><title>خبر</title>{items}</channel></rss>".encode()

    def publish(self, path: str, title: str, paragraphs: tuple[str, ...] | int, section: str = "جامعه") -> None:
        self.pages[path] = paragraphs if isinstance(paragraphs, int) else page(title, paragraphs)
        self.items.append((path, title, section))

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Told:
    """A clock of our own, and what was told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def begin(self, title: str, utterances: int) -> None:
        pass

    def spoken(self) -> None:
        pass

    def mastering(self) -> None:
        pass


@pytest.fixture
def agency() -> Iterator[Agency]:
    made = Agency()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Agency]:
    made = Agency()
    yield made
    made.close()


class Desk:
    """All that a watch needs, over one show."""

    def __init__(self, folder: Path, watch: Watch) -> None:
        self.told = Told()
        settings = Settings(output=folder / "show", voice="tone", show=Show("خبر روستا"), watch=watch)
        self.line = Line(settings, Places(folder / "cache", folder / "data"), self.told)
        self.fetcher = Fetcher(Limits(seconds=5.0, private=True))
        self.state = State(folder / "watch.sqlite")
        self.watcher = Watcher(watch, self.state, self.fetcher, self.line, self.told, clock=lambda: self.told.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.__exit__()
        self.fetcher.__exit__()
        self.state.__exit__()


def desk(folder: Path, *agencies: Agency, **more: Any) -> Desk:
    return Desk(folder, Watch(feeds=tuple((f"{each.url}/rss", "") for each in agencies), **more))


def titles(folder: Path) -> list[str]:
    return sorted(entry.title for entry in feedparser.parse((folder / "show" / "feed.xml").read_bytes()).entries)


def test_new_stories_become_episodes_once(agency: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN)
    with desk(tmp_path, agency) as one:
        assert [made.title for made in one.watcher.look().made] == ["بازسازی هفت پل"]
        one.told.now += 60
        rested = one.watcher.look()
        assert rested.feeds == 0, "it is asked every fifteen minutes"
        assert [feed.url for feed in rested.resting] == [f"{agency.url}/rss"]
        one.told.now += 900
        assert one.watcher.look().made == ()
        agency.publish("/2", "نان ارزان شد", WHEAT)
        one.told.now += 900
        (made,) = one.watcher.look().made
        assert made.title == "نان ارزان شد"
    assert titles(tmp_path) == ["بازسازی هفت پل", "نان ارزان شد"]
    assert agency.asked.count("/1") == 1
    entry = feedparser.parse((tmp_path / "show" / "feed.xml").read_bytes()).entries[0]
    assert entry.link.startswith(agency.url)


def test_the_same_report_of_another_agency_is_one_story(agency: Agency, other: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN)
    other.publish("/9", "پل‌های تازه برای روستاها", ("به گزارش خبرگزاری دیگر، " + RAIN[0], RAIN[1], "انتهای پیام"))
    other.publish("/10", "نان ارزان شد", WHEAT)
    with desk(tmp_path, agency, other) as one:
        found = one.watcher.look()
    assert [made.title for made in found.made] == ["بازسازی هفت پل", "نان ارزان شد"]
    assert found.same == (("پل‌های تازه برای روستاها", "بازسازی هفت پل"),)
    assert titles(tmp_path) == ["بازسازی هفت پل", "نان ارزان شد"]


def test_a_bad_story_is_set_aside_and_stops_no_other(agency: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN)
    agency.publish("/2", "نیست", 404)
    agency.publish("/3", "پیام انگلیسی", ("An English page without a word of ours.",))
    agency.publish("/4", "بعداً", 503)
    with desk(tmp_path, agency) as one:
        found = one.watcher.look()
        assert [made.title for made in found.made] == ["بازسازی هفت پل"]
        assert {title for title, _ in found.aside} == {"نیست", "پیام انگلیسی"}
        assert any("has nothing at this address" in note for note in one.told.notes)
        for _ in range(4):
            one.told.now += 3600
            one.watcher.look()
        assert agency.asked.count("/4") == 4
        assert agency.asked.count("/2") == 1
        assert {story.title for story in one.state.stories(StoryState.ASIDE)} == {"نیست", "پیام انگلیسی", "بعداً"}


def test_a_feed_that_fails_is_asked_ever_more_seldom(agency: Agency, tmp_path: Path) -> None:
    broken = Watch(feeds=((f"{agency.url}/none", ""), (f"{agency.url}/gone", "")), every=1)
    agency.pages["/gone"] = 410
    with Desk(tmp_path, broken) as one:
        assert len(one.watcher.look().failed) == 2
        for _ in range(8 * 60):
            one.told.now += 60
            rested = one.watcher.look()
    assert {feed["feed"][-5:]: bool(feed["until"]) for feed in rested.report()["resting"]} == {
        "/none": True,
        "/gone": False,
    }
    assert agency.asked.count("/gone") == 1
    assert 5 <= agency.asked.count("/none") <= 8


def test_a_bulletin_tells_what_is_new_once(agency: Agency, other: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN, "جامعه")
    agency.publish("/2", "نان ارزان شد", WHEAT, "اقتصاد")
    other.publish("/9", "پل‌های تازه", RAIN)
    when = datetime(2026, 11, 22, 7, tzinfo=UTC)
    with desk(tmp_path, agency, other, bulletin=True, sections=(("اقتصاد", 2.0),)) as one:
        assert one.watcher.look().made == ()
        made = one.watcher.bulletin(when)
        assert made is not None
        assert made.title == "خبر روستا، یکشنبه، ۱ آذر"
        assert one.watcher.bulletin(when) is None
        assert one.watcher.bulletin(datetime(2026, 11, 23, 7, tzinfo=UTC)) is None
    script = (tmp_path / "show" / "episodes" / made.slug / "script.json").read_text(encoding="utf-8")
    assert script.index("اقتصاد") < script.index("جامعه")
    assert script.count("بازسازی هفت پل روستایی") == 2, "as written and as spoken, of one report"
    (entry,) = feedparser.parse((tmp_path / "show" / "feed.xml").read_bytes()).entries
    assert f'<a href="{agency.url}/2">نان ارزان شد</a>' in entry.content[0].value
    chapters = json.loads(next(tmp_path.glob("show/episodes/*/*.chapters.json")).read_bytes())["chapters"]
    assert {mark["title"]: mark.get("url") for mark in chapters}["نان ارزان شد"] == f"{agency.url}/2"


def test_a_watch_that_is_killed_tells_no_story_twice(agency: Agency, tmp_path: Path) -> None:
    for n, letter in enumerate("ابتثجحدر"):
        words = [f"{word}{letter}" for word in (*RAIN[0].split(), *WHEAT[1].split())]  # no triple is shared
        agency.publish(f"/{n}", f"خبر شماره {n}", (" ".join(words[:20]) + ".", " ".join(words[20:]) + "."))
    show = tmp_path / "show"
    environment = os.environ | {"AUDIOPRESS_CACHE": str(tmp_path / "cache"), "AUDIOPRESS_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "audiopress", "watch", f"{agency.url}/rss", "--once", "--output", str(show)]
    command += ["--voice", "tone", "--allow-private", "--quiet"]
    killed = 0
    for _ in range(3):
        before = len(list(show.glob("episodes/*/episode.json")))
        run = subprocess.Popen(command, env=environment)
        until = time.monotonic() + 60
        while len(list(show.glob("episodes/*/episode.json"))) <= before and time.monotonic() < until:
            if run.poll() is not None:
                break
            time.sleep(0.01)
        if run.poll() is None:
            os.kill(run.pid, signal.SIGKILL)
            killed += 1
        run.wait()
    assert killed
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    assert titles(tmp_path) == sorted(f"خبر شماره {n}" for n in range(8))


def test_a_feed_that_was_not_written_is_written_at_the_next_look(agency: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN)
    with desk(tmp_path, agency) as one:
        one.watcher.look()
    feed = tmp_path / "show" / "feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b"<item>", b"<gone>").replace(b"</item>", b"</gone>"))
    os.utime(feed, ns=(0, 0))  # as a kill between the episode and its feed leaves it
    with desk(tmp_path, agency) as one:
        one.watcher.look()
    assert titles(tmp_path) == ["بازسازی هفت پل"]


def test_author_date_and_link_come_along(agency: Agency, tmp_path: Path) -> None:
    agency.publish("/1", "بازسازی هفت پل", RAIN)
    dated = "<meta property='article:published_time' content='2026-11-22T08:30:00+03:30'>"
    dated += "<meta name='author' content='مینا راد'></head>"
    page_with = agency.pages["/1"]
    assert isinstance(page_with, bytes)
    agency.pages["/1"] = page_with.replace(b"</head>", dated.encode())
    with desk(tmp_path, agency) as one:
        one.watcher.look()
    (entry,) = feedparser.parse((tmp_path / "show" / "feed.xml").read_bytes()).entries
    notes = entry.content[0].value if "content" in entry else entry.summary
    assert "نویسنده: مینا راد" in notes
    assert "تاریخ خبر: ۱ آذر ۱۴۰۵" in notes
    assert agency.url in notes
