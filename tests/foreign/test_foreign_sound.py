"""Readers of sound that are not ours find in each format the tags and the chapters that were put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from foreign_show import MADE, TITLES, facts_of, sound_of
from id3_chapters import read_tag
from tinytag import TinyTag

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = {"mp3": ("mp3", "mp3"), "m4a": ("mov,mp4,m4a,3gp,3g2,mj2", "aac"), "opus": ("ogg", "opus")}


@pytest.mark.parametrize("name", [name for name, _ in MADE])
def test_tinytag(show: Path, name: str) -> None:
    facts = facts_of(show, name)
    assert facts["title"] == TITLES[name]
    tag = TinyTag.get(sound_of(show, name), image=True)
    assert (tag.title, tag.album) == (facts["title"], "خبر رودخانه")
    assert tag.artist
    assert tag.duration == pytest.approx(facts["seconds"], abs=0.1)
    assert tag.channels == 1
    picture = tag.images.front_cover
    assert picture is not None
    assert (picture.mime_type, picture.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_id3_as_the_specification_has_it(show: Path) -> None:
    data = sound_of(show, "river-festival").read_bytes()
    facts = facts_of(show, "river-festival")
    tag = read_tag(data)
    assert (tag.texts["TIT2"], tag.texts["TALB"], tag.texts["TLAN"]) == (facts["title"], "خبر رودخانه", "fas")
    assert tag.texts["TLEN"] == str(round(facts["seconds"] * 1000))
    marks = [(mark["start"], mark["title"]) for mark in facts["chapters"]]
    assert len(marks) == 5
    assert [(chapter.start, chapter.title) for chapter in tag.chapters] == marks
    ends = [start for start, _ in marks[1:]] + [round(facts["seconds"] * 1000)]
    assert [chapter.stop for chapter in tag.chapters] == ends
    (contents,) = tag.contents
    assert (contents.top_level, contents.ordered) == (True, True)
    assert contents.children == tuple(chapter.name for chapter in tag.chapters)
    assert data[tag.size : tag.size + 2] in {b"\xff\xfb", b"\xff\xfa"}  # an MPEG-1 layer III frame follows at once


@pytest.mark.parametrize("name", [name for name, _ in MADE])
def test_ffprobe(show: Path, name: str, probe: Callable[[Path], Any]) -> None:
    path, facts = sound_of(show, name), facts_of(show, name)
    found = probe(path)
    container, codec = FORMATS[path.suffix.removeprefix(".")]
    (stream,) = [stream for stream in found["streams"] if stream["codec_type"] == "audio"]
    assert (found["format"]["format_name"], stream["codec_name"], stream["channels"]) == (container, codec, 1)
    assert float(found["format"]["duration"]) == pytest.approx(facts["seconds"], abs=0.1)
    tags = {key.lower(): value for key, value in (found["format"].get("tags", {}) | stream.get("tags", {})).items()}
    assert (tags["title"], tags["album"]) == (facts["title"], "خبر رودخانه")
    chapters = [(round(float(chapter["start_time"]) * 1000), chapter["tags"]["title"]) for chapter in found["chapters"]]
    assert chapters == [(mark["start"], mark["title"]) for mark in facts["chapters"]]


def test_chapters_of_the_odd_article_are_its_headings(show: Path, probe: Callable[[Path], Any]) -> None:
    titles = [chapter["tags"]["title"] for chapter in probe(sound_of(show, "plan"))["chapters"]]
    assert titles == ["آب & آفتاب: «طرح A/B» در روستا", "<نخستین> روز", "پایان & ادامه"]
