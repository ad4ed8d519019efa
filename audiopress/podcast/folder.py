"""Writing to the output folder: whole files, one writer at a time, and a sentence where the disk refuses."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from audiopress.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_FOLDER = {errno.EEXIST, errno.ENOTDIR}


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    ``write(Path("output/feed.xml"), b"…")``

    Raises:
        OutputError: it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with disk_errors(path.parent):
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
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses within the block into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        raise OutputError(_sentence(error, folder)) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone, waiting for whoever holds it; it is made where it does not exist.

    The lock is on the folder itself: no file is left behind, and the kernel lets go when a process dies. A network
    share that knows no such locks is written without one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder) as handle:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def deserted(folder: Path) -> bool:
    """Say whether nobody holds the folder with `locked` any more."""
    with _opened(folder) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _FULL:
        return f"The disk that holds {folder} is full; free some space or choose another folder with --output."
    if error.errno in _NO_FOLDER:
        return f"{error.filename or folder} is not a folder; choose another one with --output."
    return (
        f"{folder} cannot be written ({(error.strerror or str(error)).lower()}); choose another folder with --output."
    )
