"""What is decided without touching either side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from showfolder import FILES, wave

from audiopress.model import Upload
from audiopress.publish.files import LocalFile
from audiopress.publish.plan import Action, Report, Step, cache_control, folders, is_ours, plan

SEND, REPLACE, REMOVE = Action.SEND, Action.REPLACE, Action.REMOVE


def local(name: str, size: int = 1) -> LocalFile:
    return LocalFile(Upload(Path(name), name, "x/y", wave(name)), size, 0, 0)


def test_media_come_first_the_feed_last_and_removals_after_it() -> None:
    files = [local("feed.xml", 3), local("index.html", 2), local("episodes/b/b.mp3", 9), local("episodes/a/a.mp3", 8)]
    theirs = {"index.html": False, "episodes/b/b.mp3": True, "episodes/old/old.mp3": False, "about.html": False}
    assert plan(files, theirs, delete=True) == (
        Step(SEND, "episodes/a/a.mp3", 8),
        Step(REPLACE, "index.html", 2),
        Step(SEND, "feed.xml", 3),
        Step(REMOVE, "episodes/old/old.mp3"),
    )
    assert [step.action for step in plan(files, theirs, delete=False)] == [SEND, REPLACE, SEND]


def test_what_is_there_is_left_alone() -> None:
    assert plan([local(name) for name in FILES], dict.fromkeys(FILES, True), delete=True) == ()


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("episodes/a/a.mp3", True),
        ("episodes/رود/رود.words.json", True),
        ("episodes/a/a-0123abcd.jpg", True),
        ("episodes/a/.a.mp3.0123abcd.part", True),
        ("episodes/a/.a.mp3.part", True),
        (".cover-0123abcd.jpg.part", True),
        ("cover-0123abcd.png", True),
        ("feed-12.xml", True),
        ("episodes/a/b.mp3", False),
        ("episodes/a/a.pdf", False),
        ("episodes/index.html", False),
        ("x/episodes/a/a.mp3", False),
        ("cover-photo.jpg", False),
        ("feed.xml", False),
        ("index.html", False),
        ("assets/site.css", False),
        ("audiopress.toml", False),
        (".htaccess", False),
        ("episodes/a/.b.mp3.part", False),
        (".part", False),
        ("", False),
    ],
)
def test_only_what_a_show_alone_has_is_ours(name: str, ours: bool) -> None:  # noqa: FBT001
    assert is_ours(name) is ours


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("cover-0123abcd.jpg", "public, max-age=31536000, immutable"),
        ("episodes/a/a-0123abcd.jpg", "public, max-age=31536000, immutable"),
        ("episodes/a/a.mp3", "public, max-age=3600"),
        ("episodes/a-0123abcd/a-0123abcd.mp3", "public, max-age=3600"),
        ("index.html", "public, max-age=300"),
        ("feed.xml", "public, max-age=300"),
    ],
)
def test_how_long_caches_may_keep_a_file(name: str, header: str) -> None:
    assert cache_control(local(name)) == header


def test_folders_that_are_listed() -> None:
    assert folders([local(name) for name in FILES]) == ("", "assets", "episodes")
    assert folders([]) == ("", "episodes")


def test_a_report_is_json() -> None:
    report = Report("s3://b", (Step(SEND, "خبر.mp3", 5), Step(REPLACE, "feed.xml", 2), Step(REMOVE, "x")), 7)
    assert (report.sent, report.removed, report.bytes) == (2, 1, 7)
    facts = json.loads(json.dumps(report.report()))
    assert facts["steps"][0] == {"action": "send", "name": "خبر.mp3", "size": 5}
    assert (facts["target"], facts["kept"], facts["sent"], facts["dry_run"]) == ("s3://b", 7, 2, False)
