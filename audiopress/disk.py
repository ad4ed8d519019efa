"""What every room that keeps something needs of the disk: files that are there whole or not at all, folders held alone.

Both raise OSError; what the user is told of it is each room's own sentence.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside, force it to the disk and rename it into place: ``write_whole(Path("feed.xml"), b"…")``."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        with suppress(OSError):
            aside.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder alone, waiting for whoever holds it; it is made where it does not exist.

    The lock is on the folder itself: no file is left behind, and the kernel lets go when a process dies. A network
    share that knows no such locks is used without one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with opened(folder) as handle:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def deserted(folder: Path) -> bool:
    """Say whether nobody holds the folder with `alone` any more."""
    with opened(folder) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """Open a folder, for what is asked of its handle."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)
