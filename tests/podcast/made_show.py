"""A complete show on disk, made without speaking: three episodes, one in each format, with real sound."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from imageio_ffmpeg import get_ffmpeg_exe
from mutagen import id3, oggopus
from PIL import Image

from audiopress.model import (
    Boundary,
    ChapterMark,
    Cue,
    Episode,
    Pronunciation,
    Role,
    Sentence,
    Show,
    Utterance,
    Word,
)
from audiopress.podcast.artwork import named
from audiopress.podcast.captions import srt, webvtt
from audiopress.podcast.chapters import chapters_json
from audiopress.podcast.feed import feed_pages
from audiopress.podcast.landing import index_html, opml
from audiopress.podcast.library import facts_json, identity_of, load_deleted, load_entries, script_json
from audiopress.podcast.readalong import readalong_page
from audiopress.podcast.site import site_files
from audiopress.podcast.words import words_json

if TYPE_CHECKING:
    from pathlib import Path

SHOW = Show(
    "خبر روستا",
    "گزیده <خبرها> & گزارش‌ها",
    "خبرگزاری روستا",
    email="news@example.org",
    category="News > Daily News",
    base_url="https://example.org/p",
)
SECONDS = 8
RATE = 48000
CHAPTERS = (ChapterMark(0, "آغاز «باران»"), ChapterMark(3250, "گرما & سرما"))
SLUGS = {"a": "mp3", "b": "opus", "c": "m4a"}
_ENCODERS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "48k", "-id3v2_version", "0"],
    "opus": ["-c:a", "libopus", "-b:a", "24k"],
    "m4a": ["-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart"],
}


def make_show(output: Path) -> None:
    """Write the show into a folder."""
    for day, (slug, extension) in enumerate(SLUGS.items(), start=1):
        _write_episode(output, slug, extension, day)
    refresh(output, SHOW)


def refresh(output: Path, show: Show) -> None:
    """Write the feed and all that lies beside it anew, as the line does."""
    for old in output.glob("cover-*"):
        old.unlink()
    cover = picture(20)
    show = replace(show, image=named("cover", cover))
    (output / show.image).write_bytes(cover)
    entries = load_entries(output)
    (output / "assets").mkdir(exist_ok=True)
    for name, data in site_files():
        (output / name).write_bytes(data)
    (output / "index.html").write_bytes(index_html(show, [entry.episode for entry in entries]))
    (output / "show.opml").write_bytes(opml(show))
    for name, data in feed_pages(show, entries, load_deleted(output)):
        (output / name).write_bytes(data)


def picture(shade: int, side: int = 1400, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    """A plain picture."""
    buffer = io.BytesIO()
    colour: Any = (shade, shade, 90) if mode == "RGB" else shade
    Image.new(mode, (side, side), colour).save(buffer, kind)
    return buffer.getvalue()


def cues() -> tuple[Cue, ...]:
    """Four sentences in eight seconds."""
    said = ("باران می‌بارد.", "آب و هوا خوب است.", "گرما در راه است؛ کشاورزان نگران‌اند.", "پایان خبر.")
    return tuple(
        Cue((2 * number + 0) * RATE + 4800, (2 * number + 2) * RATE - 4800, _pronounced(text))
        for number, text in enumerate(said)
    )


def sound(path: Path, seconds: float = SECONDS) -> None:
    """Write a tone with the chapters in the way of its format."""
    extension = path.suffix.removeprefix(".")
    source = ["-f", "lavfi", "-i", f"sine=frequency=300:sample_rate={RATE}:duration={seconds}"]
    texts = path.with_suffix(".ini")
    if extension == "m4a":
        source += ["-i", str(texts)]
        ends = [mark.start for mark in CHAPTERS[1:]] + [round(seconds * 1000)]
        marks = "".join(
            f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={mark.start}\nEND={end}\ntitle={mark.title}\n"
            for mark, end in zip(CHAPTERS, ends, strict=True)
        )
        texts.write_text(f";FFMETADATA1\n{marks}", encoding="utf-8")
    command = [get_ffmpeg_exe(), "-v", "error", "-y", *source, "-map", "0:a", *_ENCODERS[extension], str(path)]
    subprocess.run(command, check=True)
    texts.unlink(missing_ok=True)
    if extension == "mp3":
        tag_mp3(path)
    elif extension == "opus":
        file: Any = oggopus.OggOpus(path)
        for number, mark in enumerate(CHAPTERS):
            file[f"CHAPTER{number:03}"] = f"00:00:{mark.start // 1000:02}.{mark.start % 1000:03}"
            file[f"CHAPTER{number:03}NAME"] = mark.title
        file.save()


def tag_mp3(path: Path, *, flags: int = 3, names: tuple[str, ...] = ("chp0", "chp1"), shift: int = 0) -> None:
    """Write ID3 chapters, those of the show or nearly."""
    tag: Any = id3.ID3()
    tag.add(id3.TIT2(encoding=1, text="باران"))
    if names:
        tag.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=list(names), sub_frames=[]))
    for number, mark in enumerate(CHAPTERS):
        title = id3.TIT2(encoding=1, text=mark.title)
        start = mark.start + (shift if number else 0)
        tag.add(id3.CHAP(element_id=f"chp{number}", start_time=start, end_time=start + 100, sub_frames=[title]))
    tag.save(path, v1=0, v2_version=3)


def replace_in(path: Path, old: str, new: str, count: int = 1) -> None:
    """Change the first places of a text file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def substitute(path: Path, pattern: str, new: str) -> None:
    """Change the first place that a pattern finds, which must be there."""
    text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert count, f"{pattern!r} is not in {path.name}"
    path.write_text(text, encoding="utf-8")


def _pronounced(text: str) -> Pronunciation:
    words = tuple(Word(word, "ˈɒb") for word in text.split())
    return Pronunciation(Utterance(Sentence(text, 1, Role.BODY, Boundary.PARAGRAPH), text), words)


def _write_episode(output: Path, slug: str, extension: str, day: int) -> None:
    folder = output / "episodes" / slug
    folder.mkdir(parents=True)
    path = folder / f"{slug}.{extension}"
    sound(path)
    cover = picture(40 + day)
    (folder / named(slug, cover)).write_bytes(cover)
    episode = Episode(
        slug=slug,
        guid=f"0a5be0ba-9c4e-5d55-a7e8-0f0d0a4d1a0{day}",
        title=f"باران و گرما، روز {'۰۱۲۳'[day]}",
        description="باران می‌بارد. گرما در راه است.",
        published=f"2025-07-1{day}T08:30:00+03:30",
        enclosure=f"episodes/{slug}/{path.name}",
        length=path.stat().st_size,
        seconds=SECONDS,
        voice="tone",
        agency="ایسنا",
        source=f"{slug}.txt",
        image=f"episodes/{slug}/{named(slug, cover)}",
        chapters=CHAPTERS,
    )
    spoken = cues()
    files = {
        f"{slug}.vtt": webvtt(spoken, RATE),
        f"{slug}.srt": srt(spoken, RATE),
        f"{slug}.words.json": words_json(spoken, RATE),
        f"{slug}.html": readalong_page(SHOW, episode, spoken, RATE),
        f"{slug}.chapters.json": chapters_json(CHAPTERS),
        "script.json": script_json({}),
        "episode.json": facts_json(episode, identity_of(episode.source, slug), {}),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
