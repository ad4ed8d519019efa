"""Writing to the output folder: whole files, and a sentence where the disk refuses."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiopress.disk import write_whole
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
    with disk_errors(path.parent):
        write_whole(path, data)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses within the block into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        raise OutputError(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _FULL:
        return f"The disk that holds {folder} is full; free some space or choose another folder with --output."
    if error.errno in _NO_FOLDER:
        return f"{error.filename or folder} is not a folder; choose another one with --output."
    return (
        f"{folder} cannot be written ({(error.strerror or str(error)).lower()}); choose another folder with --output."
    )
