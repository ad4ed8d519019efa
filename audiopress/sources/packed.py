"""Documents that are ZIP archives (.docx, .epub), opened with a limit on what they unpack to."""

from __future__ import annotations

import io
import zipfile

from audiopress.errors import SourceError

#: Bytes that a document may unpack to: books with pictures have some 50 MB.
LARGEST = 300_000_000
_MOST_FILES = 20_000


def open_packed(data: bytes, source: str) -> zipfile.ZipFile:
    """The archive in ``data``; raises SourceError where it is damaged, locked or unpacks to more than `LARGEST`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{source} is damaged or not of the kind its name says; save it anew.") from error
    entries = archive.infolist()
    if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
        raise SourceError(f"{source} unpacks to more than {LARGEST // 1_000_000} MB; it was not opened.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError(f"{source} is locked; save it without a password.")
    return archive


def unpacked(archive: zipfile.ZipFile, name: str, source: str) -> bytes:
    """One file of an archive, no longer than the archive says; raises SourceError where it is damaged or not there."""
    try:
        with archive.open(name) as file:
            size = archive.getinfo(name).file_size
            data = file.read(size + 1)
    except (KeyError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SourceError(f"{source} is damaged: {name} in it cannot be read; save it anew.") from error
    except Exception as error:  # zlib.error, lzma.LZMAError and others, which have no base of their own
        raise SourceError(f"{source} is damaged: {name} in it cannot be read; save it anew.") from error
    if len(data) > size:
        raise SourceError(f"{source} is damaged: {name} in it is longer than it says; save it anew.")
    return data
