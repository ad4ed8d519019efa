"""The memory of a watch: nothing twice, nothing lost, whatever kills it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from audiopress.errors import OutputError
from audiopress.watch.similar import is_same_story, sketch
from audiopress.watch.state import FeedState, State, Story, StoryState, story_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEED = "https://e.org/rss"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "deep" / "watch.sqlite") as state:
        yield state


def story(number: int) -> Story:
    link = f"https://e.org/{number}"
    return Story(story_key(link, FEED, ""), FEED, link, f"خبر {number}", section="اقتصاد")


def test_a_feed_is_left_and_found_again(state: State) -> None:
    assert state.feed(FEED) == FeedState(FEED)
    asked = FeedState(FEED, '"7"', "Mon", "https://e.org/new", 99.5, 2, "down", 50.0)
    state.polled(asked, [], 50.0, 10)
    assert state.feed(FEED) == asked


def test_an_item_is_new_once_and_what_was_there_before_is_old(state: State) -> None:
    asked = FeedState(FEED, polled=1.0)
    assert state.polled(asked, [story(1), story(2), story(3)], 1.0, 2) == 2
    assert state.polled(asked, [story(4), story(1), story(2), story(3), story(4)], 2.0, 2) == 1
    assert [each.title for each in state.stories(StoryState.NEW)] == ["خبر 1", "خبر 2", "خبر 4"]
    assert [each.title for each in state.stories(StoryState.OLD)] == ["خبر 3"]
    first = state.stories(StoryState.NEW)[0]
    assert (first.section, first.seen, first.tries) == ("اقتصاد", 1.0, 0)


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://E.org/1/?utm_source=rss&utm_medium=x#top", "https://e.org/1"),
        ("https://e.org/news?id=7&fbclid=abc", "https://e.org/news?id=7"),
        ("https://e.org", "https://e.org/"),
        ("", "https://e.org/rss n-1"),
    ],
)
def test_an_address_is_one_without_what_counts_visitors(link: str, key: str) -> None:
    assert story_key(link, FEED, "n-1") == key


def test_what_became_of_a_story_is_kept(state: State) -> None:
    state.polled(FeedState(FEED, polled=1.0), [story(1), story(2)], 1.0, 9)
    one, two = state.stories(StoryState.NEW)
    state.became(one, StoryState.MADE, episode="khabar")
    state.became(two, StoryState.NEW, why="the server is busy", due=500.0)
    assert state.stories(StoryState.MADE)[0].episode == "khabar"
    assert state.stories(StoryState.NEW, now=499.0) == ()
    (again,) = state.stories(StoryState.NEW, now=500.0)
    assert (again.why, again.tries) == ("the server is busy", 1)


def test_copies_are_found_among_many_and_forgotten_in_time(state: State) -> None:
    texts = [" ".join(f"واژه{n}x{m}" for m in range(80)) for n in range(40)]
    state.polled(FeedState(FEED, polled=1.0), [story(n) for n in range(40)], 1.0, 99)
    for each, text in zip(state.stories(StoryState.NEW), texts, strict=True):
        state.remember(each, sketch(text))
    copy = sketch("به گزارش خبرگزاری، " + texts[17])
    (found, its_sketch), *others = state.alike(copy)
    assert found.title == "خبر 17"
    assert is_same_story(copy, its_sketch)
    assert others == []
    state.forget(1.0 + 15 * 86400)
    assert state.alike(copy) == ()
    assert len(state.stories(StoryState.NEW)) == 40


def test_a_bulletin_is_made_once_and_its_stories_with_it(state: State) -> None:
    state.polled(FeedState(FEED, polled=1.0), [story(1), story(2)], 1.0, 9)
    told, _ = state.stories(StoryState.NEW)
    assert state.bulletin("1405-09-04") == ""
    state.bulletin_made("1405-09-04", "b-1", [told], 2.0)
    assert state.bulletin("1405-09-04") == "b-1"
    assert [each.id for each in state.stories(StoryState.MADE)] == [told.id]


WORK = """
import itertools, sys
from pathlib import Path
from audiopress.watch.state import FeedState, State, Story, StoryState
with State(Path(sys.argv[1])) as state:
    print("ready", flush=True)
    for n in itertools.count():
        stories = [Story(f"{n}-{m}", "f", "", "t") for m in range(20)]
        state.polled(FeedState("f", etag=str(n), polled=1.0), stories, 1.0, 99)
"""


def test_a_killed_process_leaves_whole_steps(tmp_path: Path) -> None:
    path = tmp_path / "watch.sqlite"
    for _ in range(3):
        worker = subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(0.15)
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()
        with State(path) as state:
            polls = int(state.feed("f").etag or -1) + 1
            keys = {each.key for each in state.stories(StoryState.NEW)}
            assert {f"{n}-{m}" for n in range(polls) for m in range(20)} <= keys
            assert len(keys) % 20 == 0


def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    path = tmp_path / "watch.sqlite"
    path.write_text("این پایگاه داده نیست" * 100, encoding="utf-8")
    with pytest.raises(OutputError, match="memory of the watch"):
        State(path)
    with pytest.raises(OutputError, match="memory of the watch"):
        State(path / "below.sqlite")
