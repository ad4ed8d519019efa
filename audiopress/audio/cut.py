"""Cutting a finished MP3 into parts without encoding it again, for services that take no file so long."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from audiopress.audio import ffmpeg
from audiopress.errors import AudioError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Frames of the ID3 tag that every part keeps; chapters and lyrics are the whole's.
_KEPT = ("TIT2", "TALB", "TPE1", "TLAN", "APIC")
_COPY = "-map 0:a:0 -c copy -map_metadata -1 -map_chapters -1 -id3v2_version 0 -write_xing 1 -f mp3"


def cut_chapters(path: Path, bounds: Sequence[tuple[float, float]], folder: Path) -> tuple[Path, ...]:
    """Cut an MP3 at ``bounds``, seconds from its beginning, into ``folder``; each cut is exact to a frame (26 ms).

    Example::

        cut_chapters(Path("a.mp3"), [(0.0, 61.5), (61.5, 130.0)], folder)   # → (folder/"a-1.mp3", folder/"a-2.mp3")

    Nothing is lost where one part ends and the next begins: the frame at that place is in both. A part keeps title,
    show, speaker and cover, and has its number as its track. All parts are made before the first appears.

    Raises:
        AudioError: ``path`` is no MP3, or bounds are empty, turned round or overlap.
        OutputError: ``folder`` cannot be written.
    """
    ordered = all(start < stop for start, stop in bounds) and all(one[1] <= two[0] for one, two in pairwise(bounds))
    if not (bounds and ordered and bounds[0][0] >= 0):
        raise AudioError(f"{path.name} cannot be cut at {list(bounds)}; name stretches that follow each other.")
    length = _length(path)
    if bounds[-1][0] >= length:
        raise AudioError(f"{path.name} ends after {length:.1f} seconds; name stretches within it.")
    parts = [folder / f"{path.stem}-{number}.mp3" for number in range(1, len(bounds) + 1)]
    aside = [part.with_name(f".{part.name}.{os.getpid()}.part") for part in parts]
    try:
        for number, (bound, written) in enumerate(zip(bounds, aside, strict=True), start=1):
            _cut(path, bound, written)
            _tag(path, written, f"{number}/{len(parts)}")
        for written, part in zip(aside, parts, strict=True):
            written.replace(part)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{folder} cannot be written ({why}); free some space or choose another folder.") from error
    finally:
        for written in aside:
            with suppress(OSError):
                written.unlink()
    return tuple(parts)


def _length(path: Path) -> float:
    """Return the seconds of an MP3."""
    mutagen = _mutagen()
    try:
        return float(mutagen.mp3.MP3(path).info.length)
    except mutagen.MutagenError as error:
        if isinstance(error.args[0], FileNotFoundError):
            raise AudioError(f"{path.name} is not there; make the episode anew.") from error
        raise AudioError(
            f"{path.name} cannot be cut, as it is no MP3 that can be read; make the episode anew."
        ) from error


def _cut(path: Path, bound: tuple[float, float], written: Path) -> None:
    """Copy the frames of a stretch; ffmpeg finds the first by the constant bitrate and writes a header of its own."""
    start, stop = (f"{edge:.6f}" for edge in bound)
    source = ["-ss", start, "-to", stop, "-f", "mp3", "-i", f"file:{path}"]
    try:
        ffmpeg.feed([*source, *_COPY.split()], (), written, written.name)
    except AudioError as error:
        raise AudioError(
            f"{path.name} cannot be cut, as it is no MP3 that can be read; make the episode anew."
        ) from error


def _tag(path: Path, written: Path, number: str) -> None:
    """Give a part what it keeps of the whole's tag, and its number among all."""
    id3 = _mutagen().id3
    tag = id3.ID3()
    with suppress(id3.ID3NoHeaderError):
        whole = id3.ID3(path, translate=False)
        for frame in (frame for name in _KEPT for frame in whole.getall(name)):
            tag.add(frame)
    tag.add(id3.TRCK(encoding=id3.Encoding.LATIN1, text=number))
    tag.save(written, v1=0, v2_version=3)
    with written.open("rb") as file:
        os.fsync(file.fileno())


def _mutagen() -> Any:
    """Import mutagen, which has no types, when something is cut."""
    import mutagen.id3  # noqa: PLC0415 - only needed when something is cut
    import mutagen.mp3  # noqa: PLC0415 - only needed when something is cut

    return mutagen
