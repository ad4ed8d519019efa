"""A show that is well has no findings; each thing that breaks has its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imageio_ffmpeg import get_ffmpeg_exe
from lxml import etree
from made_show import SHOW, make_show, picture, refresh, replace_in, sound, substitute, tag_mp3

from audiopress.disk import alone
from audiopress.errors import OutputError
from audiopress.podcast.drafts import delete_episode
from audiopress.podcast.validate import Finding, validate
from audiopress.podcast.validation.captions import Caption, Unreadable, read_chapters, read_srt, read_vtt, read_words
from audiopress.podcast.validation.document import moment_of
from audiopress.podcast.validation.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiopress.model import Show

A = "باران و گرما، روز ۱"  # the oldest episode, an MP3
B = "باران و گرما، روز ۲"  # Opus
C = "باران و گرما، روز ۳"  # M4A


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("template")
    make_show(output)
    return output


@pytest.fixture
def output(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "output"))


def test_a_show_that_is_well_has_no_findings(output: Path) -> None:
    assert validate(output) == ()
    assert validate(output, show=SHOW) == ()


def test_a_show_that_is_not_public_yet_is_told_so_once(output: Path) -> None:
    show = replace(SHOW, base_url="")
    refresh(output, show)
    what = "The addresses are relative, so the show is not yet public: no directory can read it."
    remedy = "Set base_url in audiopress.toml, then run audiopress produce again."
    assert validate(output, show=show) == (Finding("warning", "feed.xml", what, remedy),)


def test_without_a_feed_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"has no feed\.xml; make an episode with: audiopress produce"):
        validate(tmp_path)


def test_a_folder_that_is_not_there_has_no_feed(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"has no feed\.xml"):
        validate(tmp_path / "nowhere")


# Breakages of the feed: a pattern that is found once or its first place counts, what it becomes, and what is found.
FEED = [
    ("</channel>", "", ("error", "feed.xml: line", "no well-formed XML")),
    ('version="2.0"', 'version="0.91"', ("error", "feed.xml", "not RSS 2.0")),
    (r"<rss ", "<!DOCTYPE rss [<!ENTITY a 'b'>]>\n<rss ", ("error", "feed.xml", "has a DOCTYPE")),
    (r"</channel>", "</channel><channel/>", ("error", "feed.xml", "has 2 channels, but must have one")),
    (
        r"lastBuildDate>(.*?)</lastBuildDate",
        r"lastbuilddate>\1</lastbuilddate",
        ("error", "feed.xml: line", "must be written lastBuildDate: case counts"),
        ("warning", "feed.xml", "last changed"),
    ),
    (r"<title>[^<]*</title>", "", ("error", "feed.xml", "The title is missing")),
    (r"<title>[^<]*</title>", f"<title>{'ب' * 256}</title>", ("warning", "feed.xml", "has 256 letters")),
    (r"<description>[^<]*</description>", "", ("error", "feed.xml", "The description is missing")),
    (
        r"<description>[^<]*</description>",
        f"<description>{'ب' * 2001}</description>",
        ("error", "feed.xml", "has 4002 bytes; at most 4000"),
    ),
    (r"<link>[^<]*</link>", "", ("error", "feed.xml", "(link) is missing")),
    (r"<link>[^<]*</link>", "<link>https://example.net/</link>", ("warning", "feed.xml", "is not where the feed lies")),
    ("<language>fa<", "<language>farsi<", ("error", "feed.xml", "language is «farsi»")),
    ("<language>fa<", "<language>pe<", ("error", "feed.xml", "language is «pe»")),
    (r"<itunes:image [^>]*>", "", ("error", "feed.xml", "has no cover")),
    (
        r'(<itunes:image href="[^"]*)cover-',
        r"\1cover-x",
        ("error", "feed.xml", "The file of the cover"),
        ("warning", "feed.xml", "two different covers"),
    ),
    (r"<itunes:category.*?</itunes:category>", "", ("error", "feed.xml", "no category")),
    ('text="Daily News"', 'text="Dayly News"', ("error", "feed.xml", "category «News > Dayly News» is none of")),
    ('text="News"', 'text="news"', ("error", "feed.xml", "category «news > Daily News» is none of")),
    ("itunes:explicit>false<", "itunes:explicit>no<", ("error", "feed.xml", "itunes:explicit is «no»")),
    ("<itunes:explicit>false</itunes:explicit>", "", ("error", "feed.xml", "itunes:explicit is «»")),
    ("itunes:type>episodic<", "itunes:type>daily<", ("error", "feed.xml", "itunes:type is «daily»")),
    (r"<itunes:owner>.*?</itunes:owner>", "", ("error", "feed.xml", "e-mail address is missing; Apple and Spotify")),
    ("<itunes:email>news@example", "<itunes:email>news example", ("error", "feed.xml", "is no e-mail address")),
    (r"<itunes:author>[^<]*</itunes:author>", "", ("warning", "feed.xml", "Nobody is named as the author")),
    (r"<podcast:locked [^>]*>yes<", "<podcast:locked>true<", ("error", "feed.xml", "podcast:locked is «true»")),
    (r"<podcast:locked [^>]*>yes</podcast:locked>", "", ("warning", "feed.xml", "(podcast:locked)")),
    (r"<podcast:guid>[^<]*</podcast:guid>", "", ("warning", "feed.xml", "no lasting identity")),
    (r"<podcast:guid>.", "<podcast:guid>x", ("error", "feed.xml", "but that of this address is")),
    (r"<atom:link [^>]*>", "", ("warning", "feed.xml", "does not say where it lies")),
    ("/p/feed.xml", "/p/rss.xml", ("error", "feed.xml", 'atom:link rel="self" is «https://example.org/p/rss.xml»')),
    (r"<lastBuildDate>[^<]*<", "<lastBuildDate>2025-07-13<", ("error", "feed.xml", "no date of RFC 2822")),
    (r"<lastBuildDate>[^<]*</lastBuildDate>", "", ("warning", "feed.xml", "last changed")),
    (r"<lastBuildDate>...", "<lastBuildDate>Mon", ("error", "feed.xml", "no date of RFC 2822")),
    # of the newest episode, an M4A
    (r"(<item>\s*)<title>[^<]*</title>", r"\1", ("error", "feed.xml: 0a5be0ba", "The title is missing")),
    (r"(<item>.*?)<description>[^<]*</description>", r"\1", ("error", C, "The description is missing")),
    (r"<guid [^>]*>[^<]*</guid>", "", ("error", C, "guid is missing"), ("error", "episodes/c", "not in the feed")),
    (r'<guid isPermaLink="false"', "<guid", ("warning", C, 'isPermaLink="false"')),
    (
        r"1a03</guid>",
        "1a02</guid>",
        ("error", "feed.xml", "2 episodes have the guid"),
        ("error", "episodes/c/c.m4a", "but was 0a5"),
        ("error", "episodes/c", "not in the feed"),
    ),
    (
        r"1a03</guid>",
        "1a04</guid>",
        ("error", "episodes/c/c.m4a", "players show it twice"),
        ("error", "episodes/c", "not in the feed"),
    ),
    (r"<pubDate>[^<]*</pubDate>", "", ("error", C, "date (pubDate) is missing")),
    (r"<pubDate>Sun, 13 Jul 2025", "<pubDate>Sun, 13 Jul 2098", ("error", C, "still to come")),
    (r"<pubDate>Sun, 13 Jul 2025", "<pubDate>Mon, 13 Jul 2025", ("error", C, "no date of RFC 2822")),
    (r"<pubDate>Sun, 13 Jul 2025", "<pubDate>۱۳ تیر", ("error", C, "no date of RFC 2822")),
    (r"<pubDate>Sun, 13 Jul", "<pubDate>Sun, 31 Jun", ("error", C, "no date of RFC 2822")),
    (r"(<item>.*?<itunes:explicit>)false", r"\1clean", ("error", C, "itunes:explicit is «clean»")),
    (r"<enclosure [^>]*>", "", ("error", C, "has 0 sounds")),
    (r"(<enclosure [^>]*>)", r"\1\1", ("error", C, "has 2 sounds")),
    (r'(<enclosure [^>]*)length="\d+"', r'\1length="12"', ("error", C, "sound has 12 bytes, but it has")),
    (r'(<enclosure [^>]*)length="\d+"', r'\1length="۱۲"', ("error", C, "length of the sound is «۱۲»")),
    (r'(<enclosure [^>]*)length="\d+"', r'\1length="0"', ("error", C, "length of the sound is «0»")),
    ('type="audio/mp4"', 'type="audio/mpeg"', ("error", C, "must be audio/mp4")),
    (
        r'(<enclosure url=")[^"]*',
        r"\1",
        ("error", C, "address of the sound is missing"),
        ("error", C, "The sound ends in «»"),
    ),
    (r'(<enclosure url=")https://example.org/p/', r"\1", ("error", C, "is relative")),
    (r'(<enclosure url=")https://example.org/p/', r"\1https://example.net/", ("error", C, "is not below")),
    (r'(<enclosure url="https://example.org/p/)', r"\1../../etc/", ("error", C, "is not below")),
    (r'(<enclosure url="[^"]*)c\.m4a', r"\1باران.m4a", ("error", C, "letters other than ASCII")),
    (r'(<enclosure url="[^"]*)c\.m4a', r"\1other.m4a", ("error", C, "The file of the sound")),
    (r"<itunes:duration>8<", "<itunes:duration>10<", ("error", C, "duration is 10 s, but the sound has 8.0 s")),
    (r"<itunes:duration>8<", "<itunes:duration>8.0<", ("error", C, "must be whole seconds")),
    (r"<itunes:duration>8</itunes:duration>", "", ("warning", C, "(itunes:duration) is missing")),
    (r"(<item>.*?)<itunes:image [^>]*>", r"\1", ("warning", C, "no cover of its own")),
    (r'(<item>.*?<itunes:image href="[^"]*)c-', r"\1d-", ("error", C, "The file of the cover")),
    (r"<podcast:chapters [^>]*>", "", ("warning", C, "has no chapters")),
    ('type="application/json.chapters"', 'type="text/plain"', ("error", C, "type of the chapters")),
    (r"c\.chapters\.json", "c.chapters.txt", ("error", C, "The file of the chapters")),
    (
        r"<podcast:transcript [^>]*text/vtt[^>]*>\s*<podcast:transcript [^>]*x-subrip[^>]*>",
        "",
        ("warning", C, "no transcript with times"),
    ),
    (r"c\.vtt", "c.sub", ("error", C, "The file of a transcript"), ("error", C, "of no known kind")),
    ('type="text/vtt"', 'type="text/srt"', ("error", C, "must be text/vtt")),
]


@pytest.mark.parametrize(("pattern", "new", "expected"), [(each[0], each[1], each[2:]) for each in FEED])
def test_what_the_feed_says_wrongly_is_found(
    output: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, new: str, expected: tuple[tuple[str, str, str], ...]
) -> None:
    monkeypatch.setattr("audiopress.podcast.validate.CLOSELY", 0)
    substitute(output / "feed.xml", pattern, new)
    assert_found(validate(output), expected)


def assert_found(findings: tuple[Finding, ...], expected: tuple[tuple[str, str, str], ...]) -> None:
    """Every finding is expected, and everything expected is found."""

    def fits(finding: Finding, level: str, where: str, what: str) -> bool:
        return finding.level == level and where in finding.where and what in finding.what

    for each in expected:
        assert any(fits(finding, *each) for finding in findings), (each, findings)
    for finding in findings:
        assert any(fits(finding, *each) for each in expected), finding
        assert finding.what.endswith((".", "…"))
        assert finding.remedy.endswith(".")


def test_a_namespace_that_is_nearly_right_is_wrong(output: Path) -> None:
    replace_in(output / "feed.xml", "podcastindex.org/namespace/1.0", "podcastindex.org/namespace/1.0/")
    found = [finding for finding in validate(output) if finding.level == "error"]
    what = "The namespace podcast is «https://podcastindex.org/namespace/1.0/», but must be https://podcastindex.org/namespace/1.0."
    assert [finding.what for finding in found] == [what]


def in_episode(slug: str, change: Callable[[Path], object]) -> Callable[[Path], None]:
    """Do something to an episode's folder."""

    def do(output: Path) -> None:
        change(output / "episodes" / slug)

    return do


def edit(name: str, pattern: str, new: str) -> Callable[[Path], None]:
    return in_episode("a", lambda folder: substitute(folder / name, pattern, new))


def remove(name: str) -> Callable[[Path], None]:
    return in_episode("a", lambda folder: (folder / name).unlink())


def sound_again(slug: str, change: Callable[[Path], object]) -> Callable[[Path], None]:
    """Do something to an episode's sound, and write the feed anew, so that only what the sound says is wrong."""

    def do(output: Path) -> None:
        (path,) = (output / "episodes" / slug).glob(f"{slug}.[mo]*")
        change(path)
        refresh(output, SHOW)

    return do


def cover_again(data: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (path,) = folder.glob("a-*.jpg")
        path.write_bytes(data)

    return in_episode("a", change)


def bare(path: Path) -> None:
    """Take the tags of a sound away."""
    aside = path.with_name("bare.mp3")
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-c", "copy", "-map_chapters", "-1", str(aside)]
    subprocess.run(command, check=True)
    aside.replace(path)


def grow(folder: Path) -> None:
    """Add tags of the old kind, as some programs do."""
    path = folder / "a.mp3"
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(125))


def cut(path: Path) -> None:
    """Keep three quarters of a file, as a full disk or a torn download does."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])


def chapters(*starts: float, title: str = "a", version: object = "1.2.0") -> Callable[[Path], None]:
    document = {"version": version, "chapters": [{"startTime": start, "title": title} for start in starts]}
    return in_episode("a", lambda folder: (folder / "a.chapters.json").write_text(json.dumps(document)))


def facts(key: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        document = json.loads((folder / "episode.json").read_bytes())
        document["episode"][key] = value
        (folder / "episode.json").write_text(json.dumps(document))

    return in_episode("a", change)


def make_folder(name: str) -> Callable[[Path], None]:
    return lambda output: (output / name).mkdir()


def make_file(name: str) -> Callable[[Path], None]:
    return lambda output: (output / name).write_bytes(b"x")


FILES: list[tuple[str, Callable[[Path], object], tuple[tuple[str, str, str], ...]]] = [
    (
        "sound missing",
        remove("a.mp3"),
        (("error", A, "The file of the sound"), ("error", "episodes/a", "no whole episode")),
    ),
    ("sound grown", in_episode("a", grow), (("error", A, "bytes, but it has"),)),
    ("mp3 cut", sound_again("a", cut), (("error", A, "a.mp3 is cut off: 6."),)),
    ("opus cut", sound_again("b", cut), (("error", B, ""),)),
    ("m4a cut", sound_again("c", cut), (("error", C, "c.m4a is damaged"),)),
    (
        "mp3 of noise",
        sound_again("a", lambda path: path.write_bytes(b"noise" * 1000)),
        (("error", A, "a.mp3 is damaged"),),
    ),
    (
        "mp3 empty",
        sound_again("a", lambda path: path.write_bytes(b"")),
        (("error", A, "a.mp3 is damaged"), ("error", A, "length of the sound is «0»")),
    ),
    (
        "another format",
        sound_again("b", lambda path: shutil.copy(path.parents[1] / "c" / "c.m4a", path)),
        (("error", B, "b.opus is damaged"),),
    ),
    (
        "another length",
        sound_again("a", partial(sound, seconds=12)),
        (("error", A, "duration is 8 s, but the sound has 12.0 s"),),
    ),
    (
        "too short",
        sound_again("a", partial(sound, seconds=5)),
        (("error", A, "duration is 8 s"), ("error", A, "goes on to 7.9 s, but the sound ends at 5.0 s")),
    ),
    (
        "shorter than its chapters",
        sound_again("a", partial(sound, seconds=3)),
        (
            ("error", A, "duration is 8 s"),
            ("error", A, "goes on to"),
            ("error", A, "last chapter begins at 3.25 s, but the sound ends at 3.0 s"),
        ),
    ),
    ("no chapters in it", sound_again("a", bare), (("error", A, "a.mp3 has no chapters in it"),)),
    (
        "chapters a millisecond later",
        sound_again("a", partial(tag_mp3, shift=1)),
        (("error", A, "The chapters in a.mp3 are not those of a.chapters.json"),),
    ),
    (
        "no list of chapters",
        sound_again("a", partial(tag_mp3, names=())),
        (("error", A, "need one top-level list (CTOC), but there are 0"),),
    ),
    (
        "chapters in no order",
        sound_again("a", partial(tag_mp3, flags=2)),
        (("error", A, "does not say that they are in order"),),
    ),
    (
        "chapters the other way",
        sound_again("a", partial(tag_mp3, names=("chp1", "chp0"))),
        (("error", A, "names other chapters"),),
    ),
    ("chapters missing", remove("a.chapters.json"), (("error", A, "The file of the chapters"),)),
    ("chapters no JSON", edit("a.chapters.json", "{", "["), (("error", "a.chapters.json", "is no JSON"),)),
    (
        "chapters with a number for a version",
        chapters(0, 3.25, version=1.2),
        (("error", "a.chapters.json", "version as a text"),),
    ),
    ("chapters from later on", chapters(0.5, 3.25), (("error", "a.chapters.json", "begins at 0.5 s"),)),
    (
        "chapters back",
        chapters(0, 3.25, 3.25),
        (("error", "a.chapters.json", "has a chapter at 3.25 s after one at 3.25 s"),),
    ),
    ("chapters without titles", chapters(0, title=" "), (("error", "a.chapters.json", "has no title for chapter 1"),)),
    ("no chapters", chapters(), (("error", "a.chapters.json", "has no chapters"),)),
    ("chapters never", chapters(float("nan")), (("error", "a.chapters.json", "has no time in seconds"),)),
    ("other titles", chapters(0, 3.25), (("error", A, "are not those of a.chapters.json"),)),
    ("vtt missing", remove("a.vtt"), (("error", A, "The file of a transcript"),)),
    ("vtt without its head", edit("a.vtt", "WEBVTT", "WEB"), (("error", "a.vtt", "does not begin with WEBVTT"),)),
    ("vtt with commas", edit("a.vtt", r"\.100 -->", ",100 -->"), (("error", "a.vtt", "has no times in cue 1"),)),
    (
        "vtt that stands still",
        edit("a.vtt", r"--> 00:00:01\.900", "--> 00:00:00.100"),
        (("error", "a.vtt", "ends before it begins"),),
    ),
    (
        "vtt back",
        edit("a.vtt", r"00:00:02\.100", "00:00:00.050"),
        (("error", "a.vtt", "goes back from 0.1 s to 0.05 s"), ("error", A, "do not have the same times")),
    ),
    (
        "vtt too long",
        edit("a.vtt", r"00:00:07\.900", "00:00:17.900"),
        (
            ("error", "a.vtt", "goes on to 17.9 s, but the sound ends at 8.0 s"),
            ("error", A, "do not have the same times"),
        ),
    ),
    (
        "vtt of long lines",
        edit("a.vtt", "پایان خبر", "پایان " * 11),
        (("error", "a.vtt", "has a line of 67 letters; 65 is the most"),),
    ),
    (
        "vtt of nothing",
        in_episode("a", lambda folder: (folder / "a.vtt").write_text("WEBVTT\n")),
        (("error", "a.vtt", "has no words"), ("error", A, "do not have the same times")),
    ),
    (
        "vtt in Windows-1256",
        in_episode("a", lambda folder: (folder / "a.vtt").write_bytes("WEBVTT باران".encode("cp1256"))),
        (("error", "a.vtt", "is not UTF-8 (byte 7)"),),
    ),
    ("srt without numbers", edit("a.srt", "^1\n", ""), (("error", "a.srt", "numbered"),)),
    ("srt with points", edit("a.srt", ",100 -->", ".100 -->"), (("error", "a.srt", "has no times in cue 1"),)),
    (
        "words backwards",
        edit("a.words.json", '"startTime":0.1', '"startTime":7.1'),
        (("error", "a.words.json", "goes back"),),
    ),
    (
        "words of numbers",
        edit("a.words.json", '"body":"[^"]*"', '"body":7'),
        (("error", "a.words.json", "has no text in segment 1"),),
    ),
    ("cover small", cover_again(picture(9, 600)), (("error", A, "600×600"),)),
    ("cover grey", cover_again(picture(9, mode="L")), (("error", A, "would be refused"),)),
    ("cover a png", cover_again(picture(9, kind="PNG")), (("error", A, "would be refused"),)),
    ("cover cut", cover_again(picture(9)[:3000]), (("error", A, "would be refused"),)),
    ("cover heavy", cover_again(picture(9) + bytes(600_000)), (("warning", A, "players show at once"),)),
    (
        "cover of the show",
        lambda output: next(output.glob("cover-*")).write_bytes(picture(9, 3001)),
        (("error", "cover-", "would be refused"),),
    ),
    (
        "cover of the show missing",
        lambda output: next(output.glob("cover-*")).unlink(),
        (("error", "feed.xml", "The file of the cover"),),
    ),
    (
        "facts missing",
        remove("episode.json"),
        (("error", "episodes/a/a.mp3", "no episode.json tells of it"), ("error", "episodes/a", "no whole episode")),
    ),
    (
        "facts odd",
        facts("slug", []),
        (("error", "episodes/a/a.mp3", "no episode.json"), ("error", "episodes/a", "no whole episode")),
    ),
    ("facts of a guid", facts("guid", "another"), (("error", "episodes/a/a.mp3", "but was another"),)),
    (
        "landing page missing",
        lambda output: (output / "index.html").unlink(),
        (("warning", "index.html", "is missing"),),
    ),
    (
        "style missing",
        lambda output: (output / "assets" / "feed.xsl").unlink(),
        (("warning", "assets/feed.xsl", "is missing"),),
    ),
    (
        "killed while making",
        make_folder("episodes/.d.0a1b.tmp-0c"),
        (("warning", "episodes/.d.0a1b.tmp-0c", "run that was killed"),),
    ),
    (
        "killed while replacing",
        make_folder("episodes/.a.old-0c"),
        (("warning", "episodes/.a.old-0c", "run that was killed"),),
    ),
    (
        "killed while writing",
        make_file(".feed.xml.77.part"),
        (("warning", ".feed.xml.77.part", "run that was killed"),),
    ),
    (
        "killed while writing an episode",
        make_file("episodes/a/.a.vtt.77.part"),
        (("warning", "episodes/a/.a.vtt.77.part", "run that was killed"),),
    ),
    ("a folder of nothing", make_folder("episodes/d"), (("error", "episodes/d", "no whole episode"),)),
    (
        "a page too many",
        lambda output: shutil.copy(output / "feed.xml", output / "feed-3.xml"),
        (("error", "feed-2.xml", "page of the feed is missing"),),
    ),
]


#: Of these, sound and covers are decoded; for the others that would only take time.
CLOSELY = ("mp3 ", "opus ", "m4a ", "cover ", "sound ", "another ", "too short")


@pytest.mark.parametrize(("name", "change", "expected"), FILES, ids=[each[0] for each in FILES])
def test_what_is_wrong_in_the_folder_is_found(
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    change: Callable[[Path], object],
    expected: tuple[tuple[str, str, str], ...],
) -> None:
    if not name.startswith(CLOSELY):
        monkeypatch.setattr("audiopress.podcast.validate.CLOSELY", 0)
    change(output)
    assert_found(validate(output), expected)


@pytest.fixture
def paged(output: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The show with an episode a page."""
    monkeypatch.setattr("audiopress.podcast.feed.PAGE", 1)
    refresh(output, SHOW)
    assert (output / "feed-3.xml").is_file()
    return output


def test_a_show_of_several_pages_is_well(paged: Path) -> None:
    assert validate(paged, show=SHOW) == ()


PAGES = [
    ("feed.xml", '<atom:link rel="next"[^>]*>', "", ("error", "feed.xml", "link to the next page is missing")),
    ("feed-2.xml", '<atom:link rel="first"[^>]*>', "", ("error", "feed-2.xml", "link to the first page is missing")),
    (
        "feed-3.xml",
        '(rel="previous"[^>]*)feed-2',
        r"\1feed-3",
        ("error", "feed-3.xml", "must be https://example.org/p/feed-2.xml"),
    ),
    (
        "feed-3.xml",
        'rel="previous"',
        'rel="next"',
        ("error", "feed-3.xml", "previous page is missing"),
        ("error", "feed-3.xml", "links a next page"),
    ),
    ("feed-2.xml", 'rel="self"([^>]*)feed-2', r'rel="self"\1feed', ("error", "feed-2.xml", 'rel="self"')),
    ("feed-2.xml", "<podcast:guid>....", "<podcast:guid>abcd", ("error", "feed-3.xml", "belong to different shows")),
    (
        "feed-3.xml",
        "</channel>",
        "",
        ("error", "feed-3.xml: line", "no well-formed XML"),
        ("error", "episodes/a", "not in the feed"),
    ),
    (
        "feed-2.xml",
        "1a02</guid>",
        "1a03</guid>",
        ("error", "feed-2.xml", "2 episodes have the guid"),
        ("error", "episodes/b/b.opus", "but was"),
        ("error", "episodes/b", "not in the feed"),
    ),
]


@pytest.mark.parametrize(("name", "pattern", "new", "expected"), [(*each[:3], each[3:]) for each in PAGES])
def test_pages_that_do_not_hang_together_are_found(
    paged: Path, name: str, pattern: str, new: str, expected: tuple[tuple[str, str, str], ...]
) -> None:
    substitute(paged / name, pattern, new)
    assert_found(validate(paged, show=SHOW), expected)


def test_a_sound_that_two_episodes_share_is_found(output: Path) -> None:
    path = output / "feed.xml"
    (address,) = set(re.findall(r"https://[^\"]*/a\.mp3", path.read_text(encoding="utf-8")))
    substitute(path, r'https://[^"]*/b\.opus', address)
    found = [finding.what for finding in validate(output)]
    assert "2 episodes have the same sound, «https://example.org/p/episodes/a/a.mp3»." in found


def test_a_feed_that_was_made_with_other_settings_is_found(output: Path) -> None:
    (finding,) = validate(output, show=replace(SHOW, base_url="https://example.org/other"))
    what = "The feed was made for https://example.org/p/, but base_url in audiopress.toml is https://example.org/other."
    assert (finding.level, finding.what) == ("error", what)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (replace(SHOW, title="خبر شهر"), "The feed says «خبر روستا», but title in audiopress.toml is «خبر شهر»."),
        (replace(SHOW, email=""), "The feed says «news@example.org», but email in audiopress.toml is «»."),
        (replace(SHOW, explicit=True), "The feed says «false», but explicit in audiopress.toml is «true»."),
        (replace(SHOW, description=""), "but description in audiopress.toml is «خبر روستا»."),
    ],
)
def test_a_setting_that_was_changed_since_is_found(output: Path, changed: Show, what: str) -> None:
    assert_found(validate(output, show=changed), (("error", "feed.xml", what),))


def test_an_address_that_is_not_https_is_found_once(output: Path) -> None:
    show = replace(SHOW, base_url="http://example.org/p")
    refresh(output, show)
    (finding,) = validate(output, show=show)
    assert finding.what == "The show's address, http://example.org/p/, is not https, which Apple asks for."


def test_an_episode_that_the_feed_does_not_list_is_found(output: Path) -> None:
    substitute(output / "feed.xml", "<item>.*?</item>", "")
    expected = (("error", "episodes/c", "The episode is not in the feed"),)
    assert_found(validate(output), expected)
    assert_found(validate(output, show=SHOW), expected)


def test_what_the_show_does_not_keep_is_not_missed(output: Path) -> None:
    refresh(output, replace(SHOW, keep=2))
    assert validate(output) == ()
    assert validate(output, show=replace(SHOW, keep=2)) == ()
    assert_found(validate(output, show=SHOW), (("error", "episodes/a", "The episode is not in the feed"),))
    assert_found(
        validate(output, show=replace(SHOW, keep=1)), (("error", "feed.xml", "lists 2 episodes, but keep is 1"),)
    )


def test_a_deleted_episode_is_well_once_the_feed_knows(output: Path) -> None:
    delete_episode(output, "a", datetime(2025, 8, 1, tzinfo=UTC))
    found = validate(output)
    assert_found(found, (("error", A, "is not there"), ("error", "feed.xml", "The deleted episode «0a5be0ba-")))
    refresh(output, SHOW)
    assert validate(output, show=SHOW) == ()


def test_an_episode_told_of_as_deleted_that_is_there_is_found(output: Path) -> None:
    gone = '<at:deleted-entry ref="0a5be0ba-9c4e-5d55-a7e8-0f0d0a4d1a01" when="2025-08-01T00:00:00+00:00"/>'
    substitute(output / "feed.xml", "<item>", f"{gone}<item>")
    assert_found(validate(output), (("error", "feed.xml", "is told of as deleted, but it is there"),))


def test_a_run_at_work_has_left_nothing(output: Path) -> None:
    making = output / "episodes" / ".d.0a1b.tmp-0c"
    with alone(making):
        assert validate(output) == ()
    assert len(validate(output)) == 1


def test_older_episodes_are_not_decoded(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = output / "episodes" / "a" / "a.mp3"
    data = path.read_bytes()
    path.write_bytes(data[:-4000] + b"\xff\xfb" + bytes(3998))
    assert_found(validate(output), (("error", A, "a.mp3 is"),))
    monkeypatch.setattr("audiopress.podcast.validate.CLOSELY", 2)
    assert validate(output) == ()


@pytest.mark.parametrize("name", ["feed.xml", "episodes/a/a.vtt", "episodes/a/a.chapters.json", "episodes/a/a.mp3"])
def test_what_may_not_be_read_is_found(output: Path, name: str) -> None:
    (output / name).chmod(0)
    if os.access(output / name, os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert any("permission denied" in finding.what.lower() for finding in validate(output))


def test_what_is_far_too_big_is_not_read(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiopress.podcast.validation.document.LARGEST", 1024 * 1024)
    with (output / "episodes" / "a" / "a.vtt").open("r+b") as file:
        file.truncate(1024 * 1024 + 1)
    assert_found(validate(output), (("error", "a.vtt", "a.vtt is larger than 1 MB"),))
    with (output / "feed.xml").open("r+b") as file:
        file.truncate(1024 * 1024 + 1)
    assert_found(validate(output), (("error", "feed.xml", "The feed cannot be read: is larger than 1 MB"),))


def test_a_feed_that_swells_is_refused(output: Path) -> None:
    swelling = "".join(f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>" for number in range(1, 12))
    text = (output / "feed.xml").read_text(encoding="utf-8")
    text = text.replace("<rss", f"<!DOCTYPE rss [<!ENTITY a0 'a'>{swelling}]><rss", 1).replace(
        "<title>", "<title>&a11;", 1
    )
    (output / "feed.xml").write_text(text, encoding="utf-8")
    found = validate(output)
    assert found
    assert all(len(finding.what) < 300 for finding in found)


def test_a_file_from_elsewhere_is_never_read(output: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("geheim", encoding="utf-8")
    entity = f"<!DOCTYPE rss [<!ENTITY s SYSTEM '{(tmp_path / 'secret').as_uri()}'>]><rss"
    substitute(output / "feed.xml", "<rss", entity)
    substitute(output / "feed.xml", "<title>", "<title>&s;")
    found = validate(output)
    assert found
    assert not any("geheim" in finding.what for finding in found)


@pytest.fixture
def lightly(template: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The show, to be damaged often: nothing is decoded."""
    monkeypatch.setattr("audiopress.podcast.validate.CLOSELY", 0)
    return Path(shutil.copytree(template, tmp_path_factory.mktemp("lightly") / "output"))


MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("feed.xml", "episode.json", "a.mp3", "a.vtt", "a.srt", "a.words.json", "a.chapters.json")
ODD = st.sampled_from(
    [
        "",
        " ",
        "\u200f",
        "٪",
        "a" * 5000,
        "../..",
        "https://[",
        "http://a:b/",
        "-1",
        "1e999",
        "9" * 5000,
        "null",
        "[]",
        "%00",
        "//",
    ]
)


@MANY
@given(
    st.sampled_from(NAMES), st.floats(0, 1), st.integers(0, 400), st.one_of(st.binary(max_size=80), ODD.map(str.encode))
)
def test_no_damage_makes_it_stumble(lightly: Path, name: str, share: float, length: int, new: bytes) -> None:
    path = lightly / name if name == "feed.xml" else lightly / "episodes" / "a" / name
    data = path.read_bytes()
    start = int(share * len(data))
    path.write_bytes(data[:start] + new + data[start + length :])
    try:
        findings = validate(lightly, show=SHOW)
    finally:
        path.write_bytes(data)
    assert all(finding.level in {"error", "warning"} and finding.what and finding.remedy for finding in findings)


@MANY
@given(st.data())
def test_no_feed_makes_it_stumble(lightly: Path, data: st.DataObject) -> None:
    path = lightly / "feed.xml"
    before = path.read_bytes()
    root = etree.fromstring(before)
    elements = list(root.iter("*"))
    for _ in range(data.draw(st.integers(1, 4))):
        element = elements[data.draw(st.integers(1, len(elements) - 1))]
        if element.attrib and data.draw(st.booleans()):
            element.set(data.draw(st.sampled_from(sorted(map(str, element.attrib)))), data.draw(ODD))
        elif data.draw(st.booleans()):
            element.text = data.draw(ODD)
        elif (parent := element.getparent()) is not None:
            parent.remove(element)
    path.write_bytes(etree.tostring(root))
    try:
        findings = validate(lightly, show=SHOW)
    finally:
        path.write_bytes(before)
    assert all(finding.level in {"error", "warning"} for finding in findings)


KEYS = ("version", "chapters", "segments", "startTime", "endTime", "title", "body")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
BLOCKS = st.lists(
    st.sampled_from(
        [
            "WEBVTT",
            "1",
            "2",
            "NOTE a",
            "00:00:01.000 --> 00:00:02.000",
            "00:01,000 --> 00:02,000",
            "سلام",
            "",
            "\n",
            "-->",
        ]
    ),
    max_size=12,
)


@given(
    st.one_of(
        st.binary(max_size=200),
        JSON.map(lambda each: json.dumps(each).encode()),
        BLOCKS.map(lambda each: "\n".join(each).encode()),
    )
)
@pytest.mark.parametrize("read", [read_vtt, read_srt, read_words, read_chapters])
def test_a_reader_reads_or_says_why_not(read: Callable[[bytes], tuple[object, ...]], data: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(read(data), tuple)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"version": "1", "chapters": [{"startTime": 1' + b"0" * 5000 + b"}]}"]
)
def test_json_that_is_made_to_hurt_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_chapters(data)


def test_webvtt_is_read_as_the_standard_says() -> None:
    blocks = ["\ufeffWEBVTT - a", "STYLE\n::cue {}", "id\n00:01.000 --> 00:02.500 align:start\n<b>a</b> &lt;\nb\n"]
    data = "\n\n".join(blocks).replace("\n", "\r\n")
    assert read_vtt(data.encode()) == (Caption(1000, 2500, "a <\nb"),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Thu, 16 Jul 2026 08:30:00 +0330", datetime(2026, 7, 16, 5, 0, tzinfo=UTC)),
        ("16 Jul 2026 08:30 GMT", datetime(2026, 7, 16, 8, 30, tzinfo=UTC)),
        ("Fri, 16 Jul 2026 08:30:00 +0330", None),
        ("2026-07-16T08:30:00Z", None),
        ("Thu, 16 Jul 26 08:30:00 +0330", None),
        ("Thu, 31 Jun 2026 08:30:00 +0330", None),
        ("Thu, 16 Jul 2026 25:30:00 +0330", None),
        ("Sat, 01 Jan 0000 00:00:00 +0000", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", None),
        ("", None),
    ],
)
def test_dates(written: str, expected: datetime | None) -> None:
    assert moment_of(written) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/p/a.mp3", "a.mp3"),
        ("https://example.org/p/a%20b/c.mp3?x=1#t", "a b/c.mp3"),
        ("https://example.org/other/a.mp3", None),
        ("https://example.org/p/../a.mp3", None),
        ("https://example.org/p/%2e%2e/a.mp3", None),
        ("https://example.org/p//etc/passwd", None),
        ("https://example.org/p/%2Fetc/passwd", None),
        ("https://example.org/p/a%00", None),
        ("https://example.org/p/", None),
        ("a.mp3", None),
    ],
)
def test_addresses_lead_to_files_of_the_folder_only(address: str, expected: str | None) -> None:
    found = Place(Path("out"), "https://example.org/p/").file(address)
    assert found == (Path("out") / expected if expected else None)
