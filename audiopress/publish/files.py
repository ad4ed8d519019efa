"""Files as they are read while a show is sent."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from audiopress.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiopress.model import Upload

#: Bytes read at a time: large enough to keep a disk busy, small enough for progress to move.
BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file as it was when sending began."""

    upload: Upload
    size: int  #: bytes
    mtime: int  #: ns since 1970
    inode: int

    @property
    def name(self) -> str:
        """Its name below the show's address."""
        return self.upload.name

    @property
    def wave(self) -> int:
        """0 for media, 1 for pages, 2 for the feed."""
        return self.upload.wave


def survey(uploads: Iterable[Upload]) -> tuple[LocalFile, ...]:
    """Note size and time of each file, so that a later change is noticed; nothing is read.

    Whoever surveys while the show's folder is locked knows that the feed names no file that is not among them.

    Raises:
        PublishError: a file has gone, or its name would lead out of the target.
    """
    return tuple(_surveyed(upload) for upload in uploads)


def _surveyed(upload: Upload) -> LocalFile:
    if not upload.name or any(step in {"", ".", ".."} for step in upload.name.split("/")) or "\0" in upload.name:
        raise PublishError(f"{upload.name!r} is no name for a public file; rename {upload.path}.")
    try:
        found = upload.path.stat()
    except OSError as error:
        raise PublishError(f"{upload.path} cannot be read ({_why(error)}); publish again.") from error
    return LocalFile(upload, found.st_size, found.st_mtime_ns, found.st_ino)


@contextmanager
def opened(file: LocalFile) -> Iterator[BinaryIO]:
    """Open a file that is still as it was surveyed; what replaces it meanwhile does not disturb the reading.

    Raises:
        PublishError: it has changed or gone since, or cannot be read.
    """
    path = file.upload.path
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise _changed(file) from error
    except OSError as error:
        raise PublishError(f"{path} cannot be read ({_why(error)}); mend that and publish again.") from error
    with stream:
        found = os.fstat(stream.fileno())
        if (found.st_size, found.st_mtime_ns, found.st_ino) != (file.size, file.mtime, file.inode):
            raise _changed(file)
        yield stream


def _changed(file: LocalFile) -> PublishError:
    return PublishError(f"{file.upload.path} changed while the show was being sent; publish again.")


def blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the rest of a file, block after block."""
    while block := stream.read(size):
        yield block


def sha256(stream: BinaryIO) -> str:
    """The SHA-256 of a file from its beginning, in hexadecimal; it is left at its beginning."""
    return _hash(stream, "sha256")


def md5(stream: BinaryIO) -> str:
    """The MD5 of a file from its beginning, in hexadecimal, as S3 names contents; it is left at its beginning."""
    return _hash(stream, "md5")


def _hash(stream: BinaryIO, name: str) -> str:
    stream.seek(0)
    digest = hashlib.new(name, usedforsecurity=False)
    for block in blocks(stream):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
