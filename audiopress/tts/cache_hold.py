"""Holding clips: what a process was given stays as it is until it lets go, whoever sweeps the cache meanwhile.

Each process has a folder ``clips/held/PID-…``, locked for as long as it lives, with hard links to the WAVs it uses:
they cost no room, and their bytes remain when the clip itself is swept, cleared or made anew by another process. Where
the disk knows no hard links (FAT, some network shares) a mark says so, and what was used since then is left alone.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from audiopress.disk import alone, deserted
from audiopress.tts.cache_files import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiopress.tts.cache_files import Entry

HELD = "held"
UNLINKED = "no-links"  # the mark of a process that could make no links

_NAME = re.compile(r"\d+-\w+")


@dataclass(frozen=True, slots=True)
class Holders:
    """What living processes use."""

    live: int  #: how many there are
    names: frozenset[str]  #: the WAVs they hold
    since: float  #: seconds since 1970; what was used later may be in use without being held
    dead: tuple[Path, ...]  #: folders whose processes have ended

    def uses(self, entry: Entry) -> bool:
        """Whether a clip may not go now."""
        return entry.used >= self.since or f"{entry.key}.wav" in self.names


def holders(clips: Path) -> Holders:
    """Who uses the cache; whoever deletes something after it holds the cache `alone`."""
    live, names, since, dead = 0, set[str](), float("inf"), []
    for folder in _folders(clips):
        if _is_dead(folder):
            dead.append(folder)
            continue
        live += 1
        with suppress(OSError):  # another user's, or just closed
            names.update(path.name for path in folder.iterdir())
            # A use is written down once an hour at most: what was used before the mark may be used still.
            since = min(since, (folder / UNLINKED).stat().st_mtime - HOUR)
    return Holders(live, frozenset(names), since, tuple(dead))


def bury(dead: Iterable[Path]) -> None:
    """Delete the folders of dead processes."""
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)


class Hold:
    """The folder of this process, made when its first clip is."""

    def __init__(self, clips: Path) -> None:
        """Hold clips of the cache ``clips``."""
        self._clips = clips
        self._lock = Lock()
        self._folder: Path | None = None
        self._handle = -1
        self._process = 0

    def folder(self) -> Path:
        """The folder, for what is written aside; raises OSError where none can be made."""
        with self._lock:
            if self._folder is None or self._process != os.getpid() or not self._folder.is_dir():
                self._folder = self._made()
            return self._folder

    def _made(self) -> Path:
        with alone(self._clips):  # nobody takes it for a dead one before it is locked
            (self._clips / HELD).mkdir(exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self._clips / HELD))
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with suppress(OSError):  # a share that knows no locks: nobody takes it for dead either
                fcntl.flock(handle, fcntl.LOCK_EX)
        if self._process == os.getpid():  # the one before was deleted
            os.close(self._handle)
        else:
            atexit.register(self.close)
        self._handle, self._process = handle, os.getpid()
        return folder

    def hold(self, sound: Path, name: str = "") -> Path:
        """Hold a WAV, under another name where it does not have its own yet; gives the path to read it from.

        Raises FileNotFoundError where it is not there.
        """
        try:
            folder = self.folder()
        except OSError:  # a folder that cannot be written
            return sound
        own = folder / (name or sound.name)
        try:
            own.unlink(missing_ok=True)
            os.link(sound, own)
        except FileNotFoundError:
            raise
        except OSError:
            with suppress(OSError):  # one that is there keeps its time
                (folder / UNLINKED).open("x").close()
            return sound
        return own

    def release(self) -> None:
        """Let go of all clips."""
        with self._lock:
            if self._folder is not None and self._process == os.getpid():
                for path in (*self._folder.glob("*.wav"), self._folder / UNLINKED):
                    with suppress(OSError):
                        path.unlink()

    def close(self) -> None:
        """Let go of all clips, and of the folder; it is made again when needed."""
        self.release()
        with self._lock:
            if self._folder is not None and self._process == os.getpid():
                shutil.rmtree(self._folder, ignore_errors=True)
                os.close(self._handle)
                self._process = 0
            self._folder = None
        atexit.unregister(self.close)


def _folders(clips: Path) -> list[Path]:
    try:
        return [path for path in (clips / HELD).iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []


def _is_dead(folder: Path) -> bool:
    try:
        return deserted(folder)
    except OSError:  # another user's, or just closed
        return False
