"""What a watch remembers, in one SQLite file: feeds and when to ask them again, stories and what became of them.

Every step is one transaction, forced to the disk: a process that is killed at any moment goes on where it was. A story
is there once, whatever feeds name it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from audiopress.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VERSION = 1
#: What is added to addresses to count visitors, and leads to the same page without.
_COUNTING = ("utm_", "fbclid", "gclid", "yclid", "mc_cid", "mc_eid", "ref_src")
#: Days after which what a story said is forgotten: agencies repeat a report for hours, not for weeks.
REMEMBERED = 14
_SCHEMA = """
CREATE TABLE feeds (
  url TEXT PRIMARY KEY, etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
  moved TEXT NOT NULL DEFAULT '', due REAL NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '', polled REAL NOT NULL DEFAULT 0) STRICT;
CREATE TABLE stories (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, feed TEXT NOT NULL, link TEXT NOT NULL, title TEXT NOT NULL,
  html TEXT NOT NULL, published TEXT NOT NULL, section TEXT NOT NULL, byline TEXT NOT NULL, image TEXT NOT NULL,
  seen REAL NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', episode TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0) STRICT;
CREATE INDEX stories_by_state ON stories (state, due);
CREATE TABLE sketches (hash INTEGER NOT NULL, story INTEGER NOT NULL, PRIMARY KEY (hash, story)) STRICT, WITHOUT ROWID;
CREATE INDEX sketches_by_story ON sketches (story);
CREATE TABLE bulletins (name TEXT PRIMARY KEY, made REAL NOT NULL, episode TEXT NOT NULL) STRICT;
"""


#: In the order of the fields of `Story`.
_COLUMNS = "key, feed, link, title, html, published, section, byline, image, id, seen, state, why, episode, tries"


class StoryState(StrEnum):
    """What became of a story."""

    NEW = "new"  #: to be made
    READ = "read"  #: kept for the next bulletin
    MADE = "made"  #: an episode, or told in a bulletin
    SAME = "same"  #: told already under another headline
    OLD = "old"  #: was in the feed before the watch began
    ASIDE = "aside"  #: could not be made; ``why`` says it


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed as it was left."""

    url: str
    etag: str = ""
    modified: str = ""
    moved: str = ""
    due: float = 0.0  #: seconds since 1970 before which it is not asked
    failures: int = 0
    error: str = ""
    polled: float = 0.0


@dataclass(frozen=True, slots=True)
class Story:
    """An item of a feed; ``key`` is the same wherever it is named."""

    key: str
    feed: str
    link: str
    title: str
    html: str = ""  #: the whole text where the feed holds it
    published: str = ""
    section: str = ""
    byline: str = ""
    image: str = ""
    id: int = 0
    seen: float = 0.0
    state: StoryState = StoryState.NEW
    why: str = ""
    episode: str = ""
    tries: int = 0


def _story(row: tuple[Any, ...]) -> Story:
    return replace(Story(*row), state=StoryState(row[11]))


def story_key(link: str, feed: str, item: str) -> str:
    """What makes a story one: its address without what counts visitors, or its feed's own name for it.

    ``("https://e.org/1?utm_source=rss#top", …)`` → ``"https://e.org/1"``.
    """
    if not link:
        return f"{feed} {item}"
    parts = urlsplit(link)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.startswith(_COUNTING)
    ]
    path = parts.path.rstrip("/") or "/"
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, urlencode(kept), ""))


class State:
    """The file; it is this process's alone until it is closed. Use it as a context manager."""

    def __init__(self, path: Path, *, patience: float = 0.0) -> None:
        """Open or make the file, waiting ``patience`` seconds for another process that has it.

        Raises Busy where that does not end, OutputError where the file cannot be used.
        """
        use, worker = "the memory of the watch", "watch"
        self._file = Database(path, _SCHEMA, version=VERSION, use=use, worker=worker, patience=patience)

    def feed(self, url: str) -> FeedState:
        """A feed as it was left, a fresh one where it is new."""
        rows = self._file.rows("SELECT * FROM feeds WHERE url = ?", (url,))
        return FeedState(*rows[0]) if rows else FeedState(url)

    def polled(self, feed: FeedState, stories: Iterable[Story], now: float, fresh: int) -> int:
        """Keep what a feed said, all at once; return how many stories are new.

        Of a feed that was never asked before, stories beyond the first ``fresh`` are OLD.
        """
        new = 0
        with self._file.change() as file:
            first = file.execute("SELECT polled FROM feeds WHERE url = ?", (feed.url,)).fetchone() in {
                None,
                (0.0,),
            }
            file.execute(
                "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (feed.url, feed.etag, feed.modified, feed.moved, feed.due, feed.failures, feed.error, feed.polled),
            )
            for story in stories:
                state = StoryState.OLD if first and new >= fresh else StoryState.NEW
                made = file.execute(
                    "INSERT OR IGNORE INTO stories"
                    " (key, feed, link, title, html, published, section, byline, image, seen, state)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(story.key, story.feed, story.link, story.title, story.html, story.published),
                        *(story.section, story.byline, story.image, now, state),
                    ),
                )
                new += made.rowcount if state is StoryState.NEW else 0
        return new

    def stories(self, state: StoryState, now: float | None = None) -> tuple[Story, ...]:
        """The stories in a state, the first seen first; with ``now`` only those that are due."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM stories WHERE state = ? AND due <= ? ORDER BY id",  # noqa: S608 - a constant
            (state, float("inf") if now is None else now),
        )
        return tuple(map(_story, rows))

    def became(self, story: Story, state: StoryState, *, why: str = "", episode: str = "", due: float = 0.0) -> None:
        """Keep what became of a story; a try that failed and is ``due`` again counts."""
        with self._file.change() as file:
            file.execute(
                "UPDATE stories SET state = ?, why = ?, episode = ?, due = ?, tries = tries + ? WHERE id = ?",
                (state, why, episode, due, state in {StoryState.NEW, StoryState.ASIDE}, story.id),
            )

    def remember(self, story: Story, sketch: Iterable[int], kept: str = "") -> None:
        """Keep what a story says, so that its copies are known; ``kept`` is its article for a bulletin."""
        with self._file.change() as file:
            if kept:
                file.execute("UPDATE stories SET html = ? WHERE id = ?", (kept, story.id))
            file.executemany("INSERT OR IGNORE INTO sketches VALUES (?, ?)", ((number, story.id) for number in sketch))

    def alike(self, sketch: Iterable[int], most: int = 5) -> tuple[tuple[Story, frozenset[int]], ...]:
        """The stories that share most with a sketch, with their own sketches."""
        numbers = list(sketch)
        counts: dict[int, int] = {}
        for start in range(0, len(numbers), 500):  # SQLite takes so many parameters on any machine
            part = numbers[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT story, COUNT(*) FROM sketches WHERE hash IN ({marks}) GROUP BY story"  # noqa: S608 - marks
            for story, count in self._file.rows(query, part):
                counts[story] = counts.get(story, 0) + count
        best = sorted(counts, key=lambda story: (-counts[story], story))[:most]
        return tuple((self._story(story), self._sketch(story)) for story in best)

    def _story(self, number: int) -> Story:
        query = f"SELECT {_COLUMNS} FROM stories WHERE id = ?"  # noqa: S608 - a constant
        return _story(self._file.rows(query, (number,))[0])

    def _sketch(self, number: int) -> frozenset[int]:
        return frozenset(
            hashed for (hashed,) in self._file.rows("SELECT hash FROM sketches WHERE story = ?", (number,))
        )

    def bulletin(self, name: str) -> str:
        """The episode of a bulletin, "" where it is not made."""
        rows = self._file.rows("SELECT episode FROM bulletins WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def bulletin_made(self, name: str, episode: str, told: Iterable[Story], now: float) -> None:
        """Keep that a bulletin was made and what it told."""
        with self._file.change() as file:
            file.execute("INSERT OR REPLACE INTO bulletins VALUES (?, ?, ?)", (name, now, episode))
            for story in told:
                file.execute(
                    "UPDATE stories SET state = ?, episode = ? WHERE id = ?", (StoryState.MADE, episode, story.id)
                )

    def forget(self, now: float) -> None:
        """Drop what stories said that are older than `REMEMBERED` days; that they were there is kept."""
        before = now - REMEMBERED * 86400
        with self._file.change() as file:
            file.execute("DELETE FROM sketches WHERE story IN (SELECT id FROM stories WHERE seen < ?)", (before,))
            file.execute("UPDATE stories SET html = '' WHERE seen < ? AND html != ''", (before,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
