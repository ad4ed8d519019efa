"""A batch on this machine: all made once, bad ones set aside, resumed where it was stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import feedparser
import psutil
import pytest

from audiopress.batch.queue import Job, Queue
from audiopress.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

type Batch = Callable[..., tuple[int, dict[str, Any], str]]


def episodes(show: Path) -> list[str]:
    return sorted(path.parent.name for path in show.glob("episodes/*/episode.json"))


def test_every_article_becomes_one_episode_and_the_bad_one_is_told(
    batch: Batch, articles: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = articles(6)
    (folder / "bad.txt").write_text("English only", encoding="utf-8")
    code, report, error = batch(folder, "--workers", 2, "--report", tmp_path / "report.json")
    assert (code, report["produced"], report["total"]) == (1, 6, 7)
    assert [failure["source"] for failure in report["failures"]] == [str(folder / "bad.txt")]
    assert "There is no Persian text" in error
    assert (tmp_path / "report.json").read_text(encoding="utf-8").count("bad.txt") >= 1
    assert episodes(tmp_path / "show") == [f"a{n}" for n in range(6)]
    feed = feedparser.parse((tmp_path / "show" / "feed.xml").read_bytes())
    assert len(feed.entries) == 6
    again, report, _ = batch(folder, "--workers", 2)
    assert (again, report["done_before"], report["produced"]) == (1, 6, 0)


def test_a_changed_article_and_another_voice_are_made_anew(
    batch: Batch, articles: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = articles(3)
    batch(folder)
    path = folder / "a1.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("هوا خوب بود", "هوا بسیار خوب بود"), encoding="utf-8")
    _, report, _ = batch(folder)
    assert (report["done_before"], report["produced"]) == (2, 1)
    _, report, _ = batch(folder, "--rate", "1.5")
    assert report["produced"] == 3
    assert episodes(tmp_path / "show") == ["a0", "a1", "a2"]


def test_a_run_that_is_killed_goes_on_where_it_was(
    batch: Batch, articles: Callable[[int], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    folder, show = articles(12), tmp_path / "show"
    command = [sys.executable, "-m", "audiopress", "batch", str(folder), "--output", str(show), "--voice", "tone"]
    first = subprocess.Popen([*command, "--quiet"], env=environment, start_new_session=True)
    until = time.monotonic() + 60
    while len(episodes(show)) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    before = len(episodes(show))
    assert before >= 3
    code, report, _ = batch(folder)
    assert code == 0
    assert report["done_before"] + report["unchanged"] + report["produced"] == 12
    assert report["produced"] <= 12 - before + 1
    assert episodes(show) == sorted(f"a{n}" for n in range(12))
    assert not list(show.glob("episodes/.*"))


def test_a_worker_that_dies_is_replaced(
    batch: Batch, articles: Callable[[int], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    folder, show = articles(24), tmp_path / "show"
    command = [sys.executable, "-m", "audiopress", "batch", str(folder), "--output", str(show), "--voice", "tone"]
    run = subprocess.Popen([*command, "--quiet", "--workers", "2"], env=environment)
    until = time.monotonic() + 60
    while len(episodes(show)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    workers = [child for child in psutil.Process(run.pid).children() if "spawn_main" in " ".join(child.cmdline())]
    assert workers
    workers[0].kill()
    assert run.wait(120) == 0
    assert episodes(show) == sorted(f"a{n}" for n in range(24))


def test_workers_end_with_a_leader_that_is_killed(
    articles: Callable[[int], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    folder, show, own = articles(24), tmp_path / "show", tmp_path / "tmp"
    own.mkdir()
    command = [sys.executable, "-m", "audiopress", "batch", str(folder), "--output", str(show), "--voice", "tone"]
    run = subprocess.Popen([*command, "--quiet", "--workers", "2"], env=environment | {"TMPDIR": str(own)})
    until = time.monotonic() + 60
    while len(episodes(show)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    workers = psutil.Process(run.pid).children(recursive=True)
    assert workers
    run.kill()
    run.wait()
    _, left = psutil.wait_procs(workers, timeout=20)
    assert left == []
    assert not list(own.glob("audiopress-*"))


def test_a_queue_remembers_what_is_done(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "queue.sqlite"
    with Queue(path) as queue:
        queue.fill([Job("a", "1"), Job("b", "1"), Job("c", "1")])
        queue.done("a", "ep-a")
        queue.failed("b", "no text")
        assert queue.open_keys() == {"c"}
    with Queue(path) as queue:
        queue.fill([Job("a", "1"), Job("b", "1"), Job("c", "1")])
        assert queue.open_keys() == {"b", "c"}
        queue.fill([Job("a", "2")])
        assert queue.open_keys() == {"a", "b", "c"}


def test_a_file_that_is_no_queue_is_told(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    path.write_bytes(b"no database" * 500)
    with pytest.raises(OutputError, match="cannot be used as the queue"):
        Queue(path)


def test_a_feed_that_was_not_written_is_written_by_the_next_run(
    batch: Batch, articles: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, show = articles(2), tmp_path / "show"
    assert batch(folder)[0] == 0
    whole = (show / "feed.xml").read_bytes()
    (show / "feed.xml").unlink()  # as a kill between the last episode and the feed leaves it
    code, report, _ = batch(folder)
    assert (code, report["done_before"]) == (0, 2)
    assert (show / "feed.xml").read_bytes() == whole
