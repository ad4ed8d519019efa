"""The files of the clip cache: which are ours, how much they take, and which go first.

``clips/3f/3f8a….wav`` and ``….json`` are a clip; the JSON's time of change is when it was last used. Nothing else in
the folder is touched but what a process that was killed left behind.
"""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

HOUR = 3600.0  # seconds; how exactly it is known when a clip was last used, and how old litter must be
#: Clips whose sizes are added up to tell how much there is: keys are hashes, so that the first folders are like all
#: others, and with 400 clips of the usual lengths the sum is right to some 5 %.
ENOUGH = 400

_SHELF = re.compile(r"[0-9a-f]{2}")
_FILE = re.compile(r"([0-9a-f]{32})\.(wav|json)")
_ASIDE = re.compile(r"\.[0-9a-f]{32}\.(wav|json)\.\d+")  # how an earlier version wrote aside


@dataclass(frozen=True, slots=True)
class Entry:
    """A clip on disk."""

    folder: Path
    key: str
    used: float  #: seconds since 1970, right to an hour
    size: int  #: bytes of both files

    @property
    def facts(self) -> Path:
        """The JSON."""
        return self.folder / f"{self.key}.json"

    def remove(self) -> int:
        """Delete both files; gives the bytes that they took.

        The JSON goes first: half a clip is then a WAV that nobody looks for.
        """
        for ending in ("json", "wav"):
            with suppress(FileNotFoundError):  # another process was faster
                (self.folder / f"{self.key}.{ending}").unlink()
        return self.size


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in the clip cache."""

    entries: tuple[Entry, ...]
    litter: tuple[Path, ...]  #: half clips and files that were written aside, old enough to be nobody's

    @property
    def size(self) -> int:
        """Bytes of all clips."""
        return sum(entry.size for entry in self.entries)


def paths(folder: Path, key: str) -> tuple[Path, Path]:
    """The WAV and the JSON of a key; 256 folders keep each listing short."""
    shelf = folder / key[:2]
    return shelf / f"{key}.wav", shelf / f"{key}.json"


def contents(folder: Path, age: float = HOUR) -> Contents:
    """All of the cache; litter is what has not been changed for ``age`` seconds."""
    before = time.time() - age
    entries: list[Entry] = []
    litter: list[Path] = []
    for shelf in _shelves(folder):
        whole, rest = _look(shelf)
        entries += whole
        litter += [path for path, changed in rest if changed <= before]
    return Contents(tuple(entries), tuple(litter))


def estimate(folder: Path) -> int:
    """About how many bytes the clips take; exact for a small cache, and quick for a large one."""
    shelves = _shelves(folder)
    size = clips = 0
    for seen, shelf in enumerate(shelves, 1):
        whole, _ = _look(shelf)
        size += sum(entry.size for entry in whole)
        clips += len(whole)
        if clips >= ENOUGH:
            return size * len(shelves) // seen
    return size


def oldest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Clips in the order in which they go: what was not used for longest comes first."""
    return sorted(entries, key=lambda entry: (entry.used, entry.key))


def discard(litter: Iterable[Path]) -> int:
    """Delete files that are nobody's; gives the bytes that they took."""
    freed = 0
    for path in litter:
        with suppress(OSError):
            size = path.lstat().st_size
            path.unlink()
            freed += size
    return freed


def _shelves(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if _SHELF.fullmatch(path.name))
    except OSError:  # there is none yet
        return []


def _look(shelf: Path) -> tuple[list[Entry], list[tuple[Path, float]]]:
    """The whole clips of one folder, and what else of ours is there with its time of change."""
    sounds: dict[str, os.stat_result] = {}
    facts: dict[str, os.stat_result] = {}
    rest: list[tuple[Path, float]] = []
    for name, status in _files(shelf):
        if named := _FILE.fullmatch(name):
            (sounds if named[2] == "wav" else facts)[named[1]] = status
        elif _ASIDE.fullmatch(name):
            rest.append((shelf / name, status.st_mtime))
    for ending, these, others in (("wav", sounds, facts), ("json", facts, sounds)):
        rest += [(shelf / f"{key}.{ending}", these[key].st_mtime) for key in these.keys() - others.keys()]
    whole = [
        Entry(shelf, key, facts[key].st_mtime, sounds[key].st_size + facts[key].st_size)
        for key in sounds.keys() & facts.keys()
    ]
    return whole, rest


def _files(shelf: Path) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with os.scandir(shelf) as listing:
            for item in listing:
                with suppress(FileNotFoundError):  # it went while we looked
                    status = item.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        yield item.name, status
    except OSError:  # no folder, or not ours to read
        return
