"""Which files are public, and in what order they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiopress.media import media_type
from audiopress.podcast.public import public_files

if TYPE_CHECKING:
    from pathlib import Path


def test_media_come_first_and_the_feed_last_and_the_rest_stays_home(tmp_path: Path) -> None:
    public = [
        "episodes/a/a.mp3",
        "episodes/a/a.vtt",
        "episodes/a/a.chapters.json",
        "episodes/a/a-0a1b2c3d.jpg",
        "cover-0a1b2c3d.jpg",
        "assets/site.css",
        "assets/player/player.js",
        "manifest.webmanifest",
        "sw.js",
        "index.html",
        "show.opml",
        "feed-2.xml",
        "feed.xml",
    ]
    private = [
        "audiopress.toml",
        "lexicon.tsv",
        "notes.html",
        "music/bed.mp3",
        "episodes/a/episode.json",
        "episodes/a/script.json",
        "episodes/b/deleted.json",
        "episodes/a/.a.mp3.7.part",
        "episodes/.c.0a.tmp-0b/c.mp3",
        ".feed.xml.9.part",
        "episodes/a/passwords",
    ]
    for name in [*public, *private]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = public_files(tmp_path)
    assert {upload.name for upload in found} == set(public)
    assert [upload.wave for upload in found] == [0] * 5 + [1] * 7 + [2]
    assert found[-1].name == "feed.xml"
    assert all((tmp_path / upload.name) == upload.path for upload in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mp3", "audio/mpeg"),
        ("a.m4a", "audio/mp4"),
        ("a.opus", "audio/ogg"),
        ("a.chapters.json", "application/json+chapters"),
        ("a.words.json", "application/json"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("a.exe", ""),
        ("mp3", ""),
    ],
)
def test_media_types(name: str, expected: str) -> None:
    assert media_type(name) == expected
