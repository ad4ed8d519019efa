"""MP3: constant bitrate, ID3v2.3 with the chapters in their order."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from audiopress.audio.tags import Format, Tags, picture_type
from audiopress.model import milliseconds

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.model import Chapter, Programme

#: Constant bitrate, so that every player finds a time by its byte; the lower end of what Apple recommends for mono, and
#: more than clips with a band of 11-12 kHz can fill.
BITRATE = "96k"
#: libmp3lame's effort: 5 codes a Kokoro episode with as little noise as 3, ffmpeg's default (21.6 and 21.7 dB below the
#: voice, mean of ten bands to 12 kHz), in 15 % less time; 7 takes a third less again but is 0.4 dB noisier.
_EFFORT = "5"
#: dB by which LAME turns down what it encodes at a constant bitrate (by 0.95): a sine at -9.0 LUFS came out at -9.5 at
#: 64-128 kbps, 44.1 and 48 kHz.
_LOSS = 0.45


def tag(path: Path, tags: Tags, programme: Programme) -> None:
    """Write an ID3v2.3 tag in front of the sound; UTF-16 is the only Unicode that version 2.3 knows."""
    id3 = _id3()
    utf16 = id3.Encoding.UTF16
    tag = id3.ID3()
    tag.add(id3.TIT2(encoding=utf16, text=tags.title))
    tag.add(id3.TALB(encoding=utf16, text=tags.album))
    tag.add(id3.TPE1(encoding=utf16, text=tags.artist))
    tag.add(id3.TLAN(encoding=id3.Encoding.LATIN1, text=tags.language))
    tag.add(id3.TLEN(encoding=id3.Encoding.LATIN1, text=str(milliseconds(programme.samples, programme.sample_rate))))
    if tags.text:
        tag.add(id3.USLT(encoding=utf16, lang=tags.language, desc="", text=tags.text))
    if tags.cover:
        mime, kind = picture_type(tags.cover), id3.PictureType.COVER_FRONT
        tag.add(id3.APIC(encoding=id3.Encoding.LATIN1, mime=mime, type=kind, desc="", data=tags.cover))
    names = [f"chp{number}" for number in range(len(programme.chapters))]
    flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    title = id3.TIT2(encoding=utf16, text=tags.title)
    tag.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[title]))
    for name, chapter in zip(names, programme.chapters, strict=True):
        tag.add(_chap(name, chapter, programme.sample_rate))
    tag.save(path, v1=0, v2_version=3)
    with path.open("rb+") as file:
        header = file.read(10)
        frames = file.read(functools.reduce(lambda size, byte: size << 7 | byte, header[6:], 0))
        file.seek(len(header))
        file.write(_chapters_in_order(frames))


def _chapters_in_order(frames: bytes) -> bytes:
    """Return the frames of a tag with the CHAP frames last, by time.

    mutagen sorts frames by size, and some players take chapters as they come.
    """
    others: list[bytes] = []
    chapters: list[bytes] = []
    position = 0
    while frames[position : position + 4].strip(b"\0"):  # up to the padding
        end = position + 10 + int.from_bytes(frames[position + 4 : position + 8])
        frame = frames[position:end]
        (chapters if frame.startswith(b"CHAP") else others).append(frame)
        position = end
    chapters.sort(key=lambda frame: frame[frame.index(b"\0", 10) :][1:5])  # the start, after the name and its zero
    return b"".join(others + chapters) + frames[position:]


def _id3() -> Any:
    """Import mutagen's frames, which have no types, when something is tagged."""
    from mutagen import id3  # noqa: PLC0415 - only needed when something is encoded

    return id3


def _chap(name: str, chapter: Chapter, sample_rate: int) -> Any:
    """Return the CHAP frame of a chapter; byte offsets are left open, as times are exact."""
    id3 = _id3()
    return id3.CHAP(
        element_id=name,
        start_time=milliseconds(chapter.start, sample_rate),
        end_time=milliseconds(chapter.stop, sample_rate),
        start_offset=0xFFFFFFFF,
        end_offset=0xFFFFFFFF,
        sub_frames=[id3.TIT2(encoding=id3.Encoding.UTF16, text=chapter.title)],
    )


#: ID3 is written afterwards; the LAME header keeps the length exact to the sample.
MP3 = Format(
    encoder=f"-c:a libmp3lame -b:a {BITRATE} -compression_level {_EFFORT} -id3v2_version 0 -write_xing 1 -f mp3",
    loss=_LOSS,
    tag=tag,
)
