"""The sound of an episode: its tags and length, and whether all of it can be decoded."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiopress.ffmpeg import binary
from audiopress.model import ChapterMark

if TYPE_CHECKING:
    from pathlib import Path

#: What keeps a list of chapters in an MP3 (ID3v2 Chapter Frame Addendum, section 3.2).
_TOP_LEVEL, _ORDERED = 2, 1
_PROGRESS = re.compile(rb"^out_time_us=(\d+)", re.MULTILINE)
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3})")
_CHAPTER = re.compile(r"CHAPTER(\d{3})")


@dataclass(frozen=True, slots=True)
class Sound:
    """What a file says of itself; ``complaint`` is a sentence about its chapters, or ""."""

    seconds: float
    chapters: tuple[ChapterMark, ...] = ()
    complaint: str = ""


class Damaged(ValueError):  # noqa: N818 - says what is the matter, as FileNotFoundError does
    """A sound cannot be read; the message is the end of a sentence."""


def read_sound(path: Path) -> Sound:
    """Return what a sound says of itself: ``read_sound(Path("a.mp3"))`` → ``Sound(102.6, (ChapterMark(0, "خبر"),))``.

    The suffix decides what it is read as, as it does for players. Raises Damaged where it is something else.
    """
    read = {".mp3": _mp3, ".opus": _opus, ".m4a": _m4a}[path.suffix.lower()]
    try:
        return read(path)
    except Damaged:
        raise
    except Exception as problem:  # a damaged file can make a reader of tags stumble anywhere
        raise Damaged(str(problem).strip() or type(problem).__name__) from problem


def decode(path: Path) -> float:
    """Decode a sound from its first to its last sample and return its length in seconds.

    Raises Damaged where that fails. ffmpeg takes .3 s of one core for four minutes of MP3.
    """
    arguments = ["-v", "error", "-nostdin", "-xerror", "-i", f"file:{path}", "-map", "0:a:0"]
    command = [binary(), *arguments, "-f", "null", "-progress", "pipe:1", "-"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as problem:
        raise Damaged(f"ffmpeg does not start: {problem.strerror}") from problem
    said = done.stderr.decode(errors="replace").strip()
    times = _PROGRESS.findall(done.stdout)
    if done.returncode or said or not times:
        raise Damaged(said.splitlines()[0].rpartition("] ")[2] if said else "no sound was decoded")
    return int(times[-1]) / 1e6


def _mp3(path: Path) -> Sound:
    from mutagen import mp3  # noqa: PLC0415 - only needed when a show is checked

    file = _opened(mp3.MP3, path)
    if file.tags is None:
        return Sound(file.info.length)
    frames = sorted(file.tags.getall("CHAP"), key=lambda frame: frame.start_time)
    marks = tuple(ChapterMark(frame.start_time, str(frame.sub_frames.get("TIT2", ""))) for frame in frames)
    lists = [toc for toc in file.tags.getall("CTOC") if toc.flags & _TOP_LEVEL]
    complaint = ""
    if frames and len(lists) != 1:
        complaint = f"The chapters need one top-level list (CTOC), but there are {len(lists)}."
    elif frames and not lists[0].flags & _ORDERED:
        complaint = "The list of chapters (CTOC) does not say that they are in order."
    elif frames and lists[0].child_element_ids != [frame.element_id for frame in frames]:
        complaint = "The list of chapters (CTOC) names other chapters than there are, or in another order."
    return Sound(file.info.length, marks, complaint)


def _opus(path: Path) -> Sound:
    from mutagen import oggopus  # noqa: PLC0415 - only needed when a show is checked

    file = _opened(oggopus.OggOpus, path)
    marks = []
    for key in sorted(key.upper() for key in file):
        if not _CHAPTER.fullmatch(key):
            continue
        time = _CLOCK.fullmatch(file[key][0])
        if not time:
            return Sound(file.info.length, (), f"{key} is no time: {file[key][0]}.")
        hours, minutes, seconds, thousandths = map(int, time.groups())
        start = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
        marks.append(ChapterMark(start, file.get(f"{key}NAME", [""])[0]))
    return Sound(file.info.length, tuple(marks))


def _m4a(path: Path) -> Sound:
    from mutagen import mp4  # noqa: PLC0415 - only needed when a show is checked

    file = _opened(mp4.MP4, path)
    marks = tuple(ChapterMark(round(mark.start * 1000), mark.title) for mark in file.chapters or ())
    return Sound(file.info.length, marks)


def _opened(kind: Any, path: Path) -> Any:
    """Open a file with one of mutagen's readers, which have no types."""
    return kind(path)
