"""Transcripts and chapters, read back as a player reads them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

from audiopress.model import ChapterMark

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Letters of a line (podcast-namespace, transcripts.md: "a maximum of 65 characters per line").
LONGEST_LINE = 65

_STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_VTT_TIMES = re.compile(rf"{_STAMP.replace('[.,]', '[.]')}[ \t]+-->[ \t]+{_STAMP.replace('[.,]', '[.]')}(?:[ \t].*)?")
_SRT_TIMES = re.compile(rf"{_STAMP.replace('[.,]', ',')} --> {_STAMP.replace('[.,]', ',')}")
_VTT_HEAD = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
#: Blocks of WebVTT that are no cues (W3C WebVTT, section 4.1).
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")


class Unreadable(ValueError):  # noqa: N818 - says what is the matter, as FileNotFoundError does
    """A file is not what it should be; the message is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Lines with their time in milliseconds."""

    start: int
    stop: int
    text: str


def read_vtt(data: bytes) -> tuple[Caption, ...]:
    r"""Return the cues of WebVTT; raises Unreadable.

    ``read_vtt(b"WEBVTT\n\n00:00.250 --> 00:02.000\nA.\n")`` → ``(Caption(250, 2000, "A."),)``
    """
    head, *blocks = _blocks(data)
    if not _VTT_HEAD.fullmatch(head.partition("\n")[0]):
        raise Unreadable("does not begin with WEBVTT")
    captions: list[Caption] = []
    for block in blocks:
        first, _, rest = block.partition("\n")
        if _ASIDE.fullmatch(first):
            continue
        times, text = (rest.partition("\n")[0], rest.partition("\n")[2]) if "-->" not in first else (first, rest)
        captions.append(_caption(_VTT_TIMES, times, unescape(_TAG.sub("", text)), len(captions) + 1))
    return tuple(captions)


def read_srt(data: bytes) -> tuple[Caption, ...]:
    """Return the cues of SubRip, numbered from 1; raises Unreadable."""
    captions: list[Caption] = []
    for block in filter(None, _blocks(data)):
        number, times, text = [*block.split("\n", 2), "", ""][:3]
        if number.removeprefix("\ufeff") != str(len(captions) + 1):
            raise Unreadable(f"has a cue numbered {number[:20]!r} where {len(captions) + 1} must be")
        captions.append(_caption(_SRT_TIMES, times, text, len(captions) + 1))
    return tuple(captions)


def read_words(data: bytes) -> tuple[Caption, ...]:
    """Return the words of a JSON transcript (podcast-namespace, transcripts.md); raises Unreadable."""
    document = _json(data)
    if not isinstance(document.get("version"), str):
        raise Unreadable("must have its version as a text")
    captions = []
    for number, segment in enumerate(_list(document, "segments"), start=1):
        start, stop = (_seconds(segment.get(name), f"segment {number}") for name in ("startTime", "endTime"))
        if not isinstance(segment.get("body"), str):
            raise Unreadable(f"has no text in segment {number}")
        captions.append(Caption(start, stop, segment["body"]))
    return tuple(captions)


def read_chapters(data: bytes) -> tuple[ChapterMark, ...]:
    """Return the chapters of a JSON file (Podcasting 2.0, JSON chapters 1.2.0); raises Unreadable.

    ``read_chapters(b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "A"}]}')`` →
    ``(ChapterMark(0, "A"),)``
    """
    document = _json(data)
    if not isinstance(document.get("version"), str):
        raise Unreadable("must have its version as a text")
    marks = []
    for number, chapter in enumerate(_list(document, "chapters"), start=1):
        title = chapter.get("title")
        if not isinstance(title, str) or not title.strip():
            raise Unreadable(f"has no title for chapter {number}")
        marks.append(ChapterMark(_seconds(chapter.get("startTime"), f"chapter {number}"), title))
    if not marks:
        raise Unreadable("has no chapters")
    if marks[0].start:
        raise Unreadable(f"begins at {marks[0].start / 1000} s, but the first chapter must begin at 0")
    for one, other in pairwise(marks):
        if other.start <= one.start:
            raise Unreadable(f"has a chapter at {other.start / 1000} s after one at {one.start / 1000} s")
    return tuple(marks)


def complaints(captions: tuple[Caption, ...], seconds: float, slack: float) -> Iterator[str]:
    """Yield what is wrong with the times and lines of a transcript, each the end of a sentence, the first of a kind."""
    if not captions:
        yield "has no words"
        return
    for one, other in pairwise(captions):
        if other.start < one.start:
            yield f"goes back from {one.start / 1000} s to {other.start / 1000} s"
            break
    end = max(caption.stop for caption in captions) / 1000
    if end > seconds + slack:
        yield f"goes on to {end:.1f} s, but the sound ends at {seconds:.1f} s"
    lengths = [len(line) for caption in captions for line in caption.text.split("\n")]
    if max(lengths) > LONGEST_LINE:
        yield f"has a line of {max(lengths)} letters; {LONGEST_LINE} is the most that players show"


def _caption(pattern: re.Pattern[str], times: str, text: str, number: int) -> Caption:
    found = pattern.fullmatch(times)
    if not found:
        raise Unreadable(f"has no times in cue {number}: {times[:60]!r}")
    parts = [int(part or 0) for part in found.groups()]
    start, stop = (
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
        for hours, minutes, seconds, thousandths in (parts[:4], parts[4:])
    )
    if stop <= start:
        raise Unreadable(f"has a cue that ends before it begins, number {number}")
    if not text.strip():
        raise Unreadable(f"has nothing to read in cue {number}")
    return Caption(start, stop, text)


def _blocks(data: bytes) -> list[str]:
    """Return what blank lines separate."""
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        raise Unreadable(f"is not UTF-8 (byte {problem.start})") from problem
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return re.split(r"\n\n+", lines)


def _json(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"is no JSON: {problem}") from problem
    if not isinstance(document, dict):
        raise Unreadable("must be a JSON object")
    return document


def _list(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = document.get(name)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Unreadable(f"must have a list of {name}")
    return entries


def _seconds(value: object, where: str) -> int:
    """Return a time in milliseconds."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not isfinite(value)
        or not 0 <= value < _LONGEST
    ):
        raise Unreadable(f"has no time in seconds in {where}")
    return round(value * 1000)


_LONGEST = 1e6  # seconds: eleven days
