"""Arithmetic of listening: chapters, the sleep timer, where to go on, when an episode counts as heard."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import ChapterMark

#: As in the web player: an episode goes on so many seconds earlier, to find the thread again.
AGAIN = 3.0
#: As in the web player: heard to its last 30 s, or of a short one to 97 %, is heard.
_LAST = 30.0
_NEARLY = 0.97
#: «Previous» within so many seconds of a chapter's beginning means the one before, as on every player with one button.
_JUST_BEGUN = 3.0

SLOWEST, FASTEST, STEP = 0.7, 2.5, 0.1  #: speeds, as in the web player


class Until(StrEnum):
    """What a sleep timer waits for."""

    TIME = "time"
    CHAPTER = "chapter"
    EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class Sleep:
    """A sleep timer: ``at`` is in seconds of listening (`TIME`) or of the episode (`CHAPTER`), else of no meaning."""

    until: Until
    at: float = 0.0


def chapter_at(chapters: Sequence[ChapterMark], seconds: float) -> int:
    """Return the number of the chapter a time lies in, -1 before the first: ``(0 s, 52 s)``, 60.0 → 1."""
    return bisect_right(chapters, round(seconds * 1000), key=lambda mark: mark.start) - 1


def chapter_end(chapters: Sequence[ChapterMark], seconds: float, length: float) -> float:
    """Return where the chapter ends that a time lies in, in seconds; the last one ends with the episode."""
    following = chapter_at(chapters, seconds) + 1
    return chapters[following].start / 1000 if following < len(chapters) else length


def chapter_before(chapters: Sequence[ChapterMark], seconds: float) -> float:
    """Return where «previous» leads: the chapter's beginning, or just after it the beginning of the one before."""
    index = chapter_at(chapters, max(0.0, seconds - _JUST_BEGUN))
    return chapters[index].start / 1000 if index >= 0 else 0.0


def sleeps_in(sleep: Sleep, *, position: float, length: float, heard: float, speed: float) -> float:
    """Return in how many seconds by the clock a timer ends the listening, if nothing is paused: ≥ 0.

    ``sleeps_in(Sleep(Until.CHAPTER, 100), position=60, length=300, heard=…, speed=2.0)`` → ``20.0``. ``heard`` counts
    the seconds of listening by the clock, so that 15 minutes are 15 minutes at every speed, and a pause does not count.
    """
    if sleep.until is Until.TIME:
        return max(0.0, sleep.at - heard)
    end = length if sleep.until is Until.EPISODE else sleep.at
    return max(0.0, (end - position) / speed)


def goes_on_at(seconds: float, length: float, *, played: bool) -> float:
    """Return where an episode goes on that stopped at ``seconds``: a little earlier, a heard one from its beginning."""
    return 0.0 if played or not 0 <= seconds < length else max(0.0, seconds - AGAIN)


def is_heard(seconds: float, length: float) -> bool:
    """Say whether an episode counts as heard: 355 of 365 s → True, 300 of 365 s → False."""
    return length > 0 and seconds >= max(length - _LAST, _NEARLY * length)


def faster(speed: float, steps: int) -> float:
    """Return a speed so many steps higher, within what the player can: 1.0, 2 → 1.2; 2.5, 1 → 2.5."""
    return min(FASTEST, max(SLOWEST, round(speed + steps * STEP, 1)))
