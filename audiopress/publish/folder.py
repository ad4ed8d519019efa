"""A folder of this machine."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from audiopress.errors import PublishError
from audiopress.publish.files import blocks, opened
from audiopress.publish.plan import EPISODES, folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from audiopress.publish.files import LocalFile
    from audiopress.publish.store import Moved
    from audiopress.publish.targets import FolderTarget

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderStore:
    """Copies files into a folder; a file there is as ours if size and time are, or else its bytes."""

    parallel = 1  # a disk is no quicker with two writers

    def __init__(self, target: FolderTarget) -> None:
        """Make nothing yet."""
        self._root = target.path

    def compare(self, files: Sequence[LocalFile]) -> Mapping[str, bool]:
        """Return the names of the files there, and whether each is as ours."""
        with self._errors(self._root):
            if any((self._root / file.name).resolve() == file.upload.path.resolve() for file in files):
                raise PublishError(f"{self._root} is the show's own folder; name another one to send it to.")
            names = [name for folder in folders(files) for name in self._listed(folder)]
            own = {file.name: file for file in files}
            return {name: name in own and self._same(own[name]) for name in names}

    def _listed(self, folder: str) -> Iterator[str]:
        """Yield the names of a folder's files, and of those in the folders of episodes."""
        try:
            entries = list(os.scandir(self._root / folder))
        except FileNotFoundError:
            return
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_file():
                yield name
            elif folder == EPISODES and entry.is_dir():
                yield from self._listed(name)

    def _same(self, file: LocalFile) -> bool:
        there = (self._root / file.name).stat()
        if there.st_size != file.size:
            return False
        if there.st_mtime_ns == file.mtime and file.wave == 0:
            return True
        with opened(file) as ours, (self._root / file.name).open("rb") as theirs:
            return all(block == theirs.read(len(block)) for block in blocks(ours))

    def put(self, file: LocalFile, moved: Moved) -> None:
        """Copy a file aside, give it our time and move it into place."""
        path = self._root / file.name
        aside = path.with_name(f".{path.name}.part")
        with opened(file) as ours, self._errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with aside.open("wb") as theirs:
                    for block in blocks(ours):
                        theirs.write(block)
                        moved(len(block))
                    theirs.flush()
                    os.fsync(theirs.fileno())
                os.utime(aside, ns=(file.mtime, file.mtime))
                aside.replace(path)
            finally:
                with suppress(OSError):
                    aside.unlink()

    def remove(self, name: str) -> None:
        """Remove a file, and its folder if that is empty now."""
        path = self._root / name
        with self._errors(path):
            path.unlink(missing_ok=True)
        if "/" in name:
            with suppress(OSError):
                path.parent.rmdir()

    def close(self) -> None:
        """Nothing is open."""

    @contextmanager
    def _errors(self, path: Path) -> Iterator[None]:
        """Turn what the disk refuses within the block into a PublishError that says what to do."""
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                sentence = f"The disk is full: {path} was not written; free some space and publish again."
            elif error.errno in {errno.ENOTDIR, errno.EEXIST}:
                sentence = f"{error.filename or path} is not a folder; name another one to send the show to."
            else:
                why = (error.strerror or str(error)).lower()
                sentence = f"{path} cannot be written ({why}); mend that, or name another folder, and publish again."
            raise PublishError(sentence) from error
