"""How much room the clips take, and making some: what was not used for longest goes first.

A running total tells when to look; the whole cache is walked only when it has passed the limit.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from audiopress.disk import alone
from audiopress.tts.cache_files import contents, discard, estimate, oldest_first
from audiopress.tts.cache_hold import bury, holders
from audiopress.tts.cache_models import remove_unused

if TYPE_CHECKING:
    from pathlib import Path

#: After so many parts of the limit were written the total is estimated anew: others write, too.
PARTS = 20
#: What is left of the limit after a sweep, in tenths, so that the next one is not due at once.
TENTHS = 9


class Room:
    """Keeps the clips of a folder within a limit; several threads and processes may do so at once."""

    def __init__(self, clips: Path, limit: int) -> None:
        """``limit`` in bytes; what is in use stays even beyond it."""
        self._clips = clips
        self._limit = limit
        self._lock = Lock()
        self._total = 0
        self._unseen: int | None = None  # bytes written since the total was estimated, None before the first time
        self._due = limit  # the total at which the next sweep is worth its time

    def taken(self, size: int) -> None:
        """So many bytes were written: sweep, if that is due."""
        with self._lock, suppress(OSError):  # a sweep that fails hinders nobody
            if self._unseen is None:
                self._tidy()
            if self._unseen is None or self._unseen + size > max(self._limit, self._total) // PARTS:
                self._total, self._unseen = estimate(self._clips), 0
            else:
                self._total += size
                self._unseen += size
            if self._total > self._due:
                self._due = self._total + self._total // PARTS  # should it fail, it is not tried at every clip
                self._sweep()

    def given_back(self) -> None:
        """What this process used may go now: sweep, if the total is above the limit."""
        with self._lock, suppress(OSError):
            self._due = self._limit
            if self._total > self._limit:
                self._sweep()

    def halve(self) -> None:
        """The disk is full: half of the clips go, as far as nobody uses them."""
        with self._lock, suppress(OSError):
            self._sweep(full=True)

    def _tidy(self) -> None:
        """What costs little, once a process: the cache may never reach its limit."""
        with suppress(OSError):  # another user's
            remove_unused(self._clips.parent)
        with suppress(OSError), alone(self._clips):
            bury(holders(self._clips).dead)

    def _sweep(self, *, full: bool = False) -> None:
        with alone(self._clips):
            used = holders(self._clips)
            bury(used.dead)
            found = contents(self._clips)
            discard(found.litter)
            left = found.size
            goal = left // 2 if full else self._limit // 10 * TENTHS if left > self._limit else left
            for entry in oldest_first(found.entries):
                if left <= goal:
                    break
                if not used.uses(entry):
                    with suppress(OSError):  # another user's
                        left -= entry.remove()
        self._total, self._unseen = left, 0
        self._due = max(self._limit, left + left // 10)  # where all is in use, not at each clip again
