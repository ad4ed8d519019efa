"""Captions: a transcript as WebVTT and as SubRip, with the same lines and times."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from audiopress.podcast.transcript import timed_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Cue

_RIGHT_TO_LEFT_MARK = "\u200f"
_WORD_JOINER = "\u2060"
#: What readers of SubRip, which has no escapes, take for a tag, an override or an arrow: after its first sign an
#: invisible word joiner is set.
_MISREAD = re.compile(r"<(?=[/A-Za-z])|{(?=\\)|-(?=->)")


def webvtt(cues: Sequence[Cue], sample_rate: int) -> bytes:
    r"""Return a transcript as WebVTT, UTF-8: each line at most 65 characters, as the article spells it.

    Example::

        webvtt((Cue(12000, 96000, pronunciation),), 48000)
        # → "WEBVTT\n\nNOTE language: fa\n\n00:00:00.250 --> 00:00:02.000\nسلام.\n"
    """
    blocks = ["WEBVTT", "NOTE language: fa"]
    for start, stop, line in timed_lines(cues, sample_rate):
        blocks.append(f"{_time(start, '.')} --> {_time(stop, '.')}\n{_from_the_right(_escaped(line))}")
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def srt(cues: Sequence[Cue], sample_rate: int) -> bytes:
    r"""Return the same transcript as SubRip, UTF-8 without a byte order mark, lines ended by LF as ffmpeg writes them.

    Example::

        srt((Cue(12000, 96000, pronunciation),), 48000)
        # → "1\n00:00:00,250 --> 00:00:02,000\nسلام.\n"
    """
    blocks = []
    for number, (start, stop, line) in enumerate(timed_lines(cues, sample_rate), start=1):
        text = _from_the_right(_MISREAD.sub(lambda found: found[0] + _WORD_JOINER, line))
        blocks.append(f"{number}\n{_time(start, ',')} --> {_time(stop, ',')}\n{text}\n")
    return "\n".join(blocks).encode("utf-8", "replace")


def _escaped(line: str) -> str:
    """Return a line as WebVTT's cue text (W3C WebVTT, section 4.2.2)."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _from_the_right(line: str) -> str:
    """Return a line that runs from right to left, marked so where its first strong letter would say otherwise."""
    strong = next((way for letter in line if (way := unicodedata.bidirectional(letter)) in {"L", "R", "AL"}), "L")
    return _RIGHT_TO_LEFT_MARK + line if strong == "L" else line


def _time(milliseconds: int, point: str) -> str:
    """Return a time as captions write it: 1500, "." → 00:00:01.500."""
    seconds, thousandth = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{thousandth:03}"
