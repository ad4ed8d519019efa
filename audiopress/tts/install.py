"""Installs what a voice downloads, whole or not at all, and removes it again.

A folder of voices holds NAME/ with the files of the voice NAME, and ``.installing/NAME/`` while it is being installed:
the lock that keeps two installers apart, and the parts that the next try goes on with.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from audiopress.disk import alone, write_whole
from audiopress.errors import ConfigError, EngineUnavailable, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiopress.model import Download, Voice
    from audiopress.tts.download import Patience

    type Progress = Callable[[int, int], None]

RECEIPT = "installed.json"
INSTALLING = ".installing"


@dataclass(frozen=True, slots=True)
class Received:
    """A file of a voice as it was received."""

    file: str
    size: int  #: bytes
    sha256: str
    verified: bool  #: the voice file says the same hash

    def report(self) -> dict[str, Any]:
        """The file as JSON."""
        return asdict(self)


def silent(done: int, total: int) -> None:
    """Show no progress."""


def install(
    voice: Voice, folder: Path, progress: Progress = silent, patience: Patience | None = None
) -> tuple[Received, ...]:
    """Download the files of a voice into ``folder``/NAME, or leave them as they are where they are whole.

    ``progress(done, total)`` counts bytes of all files, total 0 as long as it is not known. What was received says
    which hashes could not be verified. Raises EngineUnavailable where a file cannot be had or is not what it should
    be, ConfigError where the voice has nothing to download, OutputError where the disk does not take it. Whatever
    happens, ``folder``/NAME holds all files or is as it was.
    """
    from audiopress.tts.download import Patience, fetch  # noqa: PLC0415 - the network is needed here alone

    _check_names(voice)
    work = folder / INSTALLING / voice.name
    with _telling(folder), alone(work):
        there = installed(voice, folder)
        if there and all(_digest(folder / voice.name / each.file) == each.sha256 for each in there):
            return there
        new = work / "files"
        new.mkdir(exist_ok=True)
        _check_room(voice, new)
        sizes = {each.file: each.size for each in voice.downloads}
        done_before = 0
        received = []
        for download in voice.downloads:

            def told(done: int, total: int, file: str = download.file, before: int = done_before) -> None:
                sizes[file] = total or sizes[file]
                progress(before + done, sum(sizes.values()) if all(sizes.values()) else 0)

            path = new / download.file
            digest = fetch(download, path, told, patience or Patience())
            _check_content(download, path)
            received.append(Received(download.file, path.stat().st_size, digest, verified=bool(download.sha256)))
            done_before += path.stat().st_size
        receipt = {"files": [each.report() for each in received]}
        write_whole(new / RECEIPT, json.dumps(receipt, indent=2).encode())
        _put(new, folder / voice.name, {*sizes, RECEIPT}, work / "old")
        return tuple(received)


def remove(voice: Voice, folder: Path) -> bool:
    """Remove the files of a voice and what is left of a try to install it; False where there was nothing."""
    _check_names(voice)
    home, work = folder / voice.name, folder / INSTALLING / voice.name
    there = home.is_dir() or bool(list(work.glob("*")))
    if there:
        with _telling(folder), alone(work):
            if home.is_dir():
                shutil.rmtree(work / "old", ignore_errors=True)
                home.rename(work / "old")  # gone at once, whatever happens to the rest
            for each in ("old", "files"):
                shutil.rmtree(work / each, ignore_errors=True)
    return there


def installed(voice: Voice, folder: Path) -> tuple[Received, ...]:
    """The files of a voice as its receipt lists them; () where it was not installed or its files were changed.

    Only sizes are compared: a model is read when it speaks.
    """
    home = folder / voice.name
    try:
        known = json.loads((home / RECEIPT).read_bytes())["files"]
        files = tuple(Received(**each) for each in known)
        whole = all((home / each.file).stat().st_size == each.size for each in files)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    wanted = {each.file: each.sha256 for each in voice.downloads}
    same = wanted.keys() == {each.file for each in files} and all(
        wanted[each.file] in {"", each.sha256} for each in files
    )
    return files if whole and same else ()


def _put(new: Path, home: Path, names: set[str], old: Path) -> None:
    """Put a finished folder in its place; what lay there before goes when the new one is there."""
    for path in new.iterdir():
        if path.name not in names:
            path.unlink()
    _sync(new)
    shutil.rmtree(old, ignore_errors=True)
    if home.exists():
        home.rename(old)
    new.rename(home)
    _sync(home.parent)
    shutil.rmtree(old, ignore_errors=True)


def _check_names(voice: Voice) -> None:
    """Refuse names that lead out of the folder, and a voice that downloads nothing."""
    for name in (voice.name, *(each.file for each in voice.downloads)):
        if name in {"", ".", ".."} or name.startswith(".") or PurePath(name).name != name or "\\" in name:
            raise ConfigError(f"The voice file of {voice.name!r} names a file {name!r}; it must be a plain name.")
    if not voice.downloads:
        raise ConfigError(f"The voice {voice.name} has nothing to install; it needs what `audiopress voices` says.")


def _check_room(voice: Voice, folder: Path) -> None:
    """Say before anything is fetched that the disk has no room."""
    have = sum(path.stat().st_size for path in folder.iterdir())
    missing = sum(each.size for each in voice.downloads) - have
    free = shutil.disk_usage(folder).free
    if missing > free:
        raise OutputError(
            f"The voice {voice.name} needs {missing / 1e6:.0f} MB, and {folder} has {free / 1e6:.0f} MB free; "
            "free some space there or name another folder in AUDIOPRESS_DATA."
        )


def _check_content(download: Download, path: Path) -> None:
    """Refuse a file that is not of the kind its name says, however it came here."""
    try:
        if download.file.endswith(".json"):
            json.loads(path.read_bytes())
        elif download.file.endswith(".onnx"):
            _parse_model(path)
    except ValueError as error:
        path.unlink()
        raise EngineUnavailable(
            f"{download.url} is not what its name says ({error}); try again, or look for a newer version of audiopress."
        ) from error


def _parse_model(path: Path) -> None:
    """Raise ValueError where a file is no ONNX model."""
    import onnx  # noqa: PLC0415 - slow to import

    try:
        model = onnx.load(str(path), load_external_data=False)
    except OSError:
        raise
    except Exception as error:  # a class of protobuf's own, which has no types
        raise ValueError("it is no ONNX model") from error
    if not model.graph.node:
        raise ValueError("it is an ONNX model without anything in it")


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Say of a disk that does not take the files what to do."""
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} else error.strerror
        raise OutputError(
            f"Voices cannot be kept in {folder} ({why}); free some space there or name another folder in "
            "AUDIOPRESS_DATA."
        ) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Force a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
