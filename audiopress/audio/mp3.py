"""The programme as an MP3: encoded once, measured, tagged, and put in its place whole."""

from __future__ import annotations

import functools
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audiopress.audio import ffmpeg, master
from audiopress.audio.stitch import stream
from audiopress.errors import OutputError
from audiopress.model import Programme, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.audio.ffmpeg import Measured
    from audiopress.audio.stitch import Timeline
    from audiopress.model import Chapter

#: Constant bitrate, so that every player finds a time by its byte; the lower end of what Apple recommends for mono, and
#: more than clips with a band of 11-12 kHz can fill.
BITRATE = "96k"
#: libmp3lame's effort: 5 codes a Kokoro episode with as little noise as 3, ffmpeg's default (21.6 and 21.7 dB below the
#: voice, mean of ten bands to 12 kHz), in 15 % less time; 7 takes a third less again but is 0.4 dB noisier.
_EFFORT = "5"
#: dB by which LAME turns down what it encodes at a constant bitrate (by 0.95): a sine at -9.0 LUFS came out at -9.5 at
#: 64-128 kbps, 44.1 and 48 kHz.
_LAME_LOSS = 0.45
#: How often a programme is encoded at most: once, and again when very short or very peaky sound missed the target.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Tags:
    """What an MP3 says of itself; ``text`` is read along, ``cover`` a JPEG or PNG file's bytes or b""."""

    title: str
    album: str
    artist: str
    text: str = ""
    language: str = "fas"  #: ISO 639-2
    cover: bytes = b""


def write_programme(timeline: Timeline, path: Path, tags: Tags) -> Programme:
    """Master a timeline, encode it to ``path``, tag it, and say what came out.

    Example::

        write_programme(timeline, Path("a.mp3"), Tags("عنوان", "نمایش", "تسنیم"))
        # → Programme(path=…, sample_rate=48000, loudness=-19.0, true_peak=-1.9, …)

    The file has 44.1 or 48 kHz, whichever is a whole multiple of the timeline's rate, so positions in the programme are
    exact multiples of positions in the timeline. It appears whole or not at all.

    Raises:
        OutputError: ``path`` cannot be written.
        AudioError: a clip is damaged, all is silent, or ffmpeg is missing.
    """
    rate = 44100 if 44100 % timeline.sample_rate == 0 else 48000
    programme = _at_rate(timeline, path, rate)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _disk_errors(path):
        try:
            measured = _encode(timeline, aside, path, rate)
            _tag(aside, tags, programme)
            _settle(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    return replace(programme, loudness=measured.integrated, true_peak=measured.true_peak)


def _encode(timeline: Timeline, aside: Path, path: Path, rate: int) -> Measured:
    """Encode until loudness and peak are right, which is nearly always at once."""
    levels = master.levels(timeline)
    levels = replace(levels, gain=levels.gain + _LAME_LOSS)
    source = f"-f s16le -ar {timeline.sample_rate} -ac 1 -i pipe:0"
    # The resampler works in float; ID3 is written afterwards; the LAME header keeps the length exact to the sample.
    sound = f"-af aresample={rate}:internal_sample_fmt=fltp:out_sample_fmt=fltp"
    target = f"-c:a libmp3lame -b:a {BITRATE} -compression_level {_EFFORT} -map_metadata -1"
    arguments = f"{source} {sound} {target} -id3v2_version 0 -write_xing 1 -f mp3".split()
    for _ in range(_ATTEMPTS):
        ffmpeg.feed(arguments, stream(timeline, master.shaper(timeline, levels)), aside, path.name)
        measured = ffmpeg.measure(aside)
        better = master.corrected(levels, measured)
        if better is None:
            break
        levels = better
    return measured


def _at_rate(timeline: Timeline, path: Path, rate: int) -> Programme:
    """Return the programme of a timeline with every position at the file's rate; it is not measured yet."""
    times = rate // timeline.sample_rate
    cues = tuple(
        replace(
            cue,
            start=cue.start * times,
            stop=cue.stop * times,
            marks=tuple(replace(mark, start=mark.start * times, stop=mark.stop * times) for mark in cue.marks),
        )
        for cue in timeline.cues
    )
    chapters = tuple(
        replace(chapter, start=chapter.start * times, stop=chapter.stop * times) for chapter in timeline.chapters
    )
    return Programme(path, timeline.samples * times, rate, 0.0, 0.0, chapters, cues)


def _tag(path: Path, tags: Tags, programme: Programme) -> None:
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
        mime = "image/png" if tags.cover.startswith(b"\x89PNG") else "image/jpeg"
        tag.add(
            id3.APIC(
                encoding=id3.Encoding.LATIN1, mime=mime, type=id3.PictureType.COVER_FRONT, desc="", data=tags.cover
            )
        )
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


def _settle(aside: Path, path: Path) -> None:
    """Move a finished file to its place once the disk has all of it."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence."""
    from mutagen import MutagenError  # noqa: PLC0415 - only needed when something is encoded

    try:
        yield
    except (OSError, MutagenError) as error:
        cause = next((each for each in (error, *error.args) if isinstance(each, OSError)), None)
        why = (cause and cause.strerror) or str(error)
        raise OutputError(
            f"{path.name} cannot be written ({why.lower()}); free some space or choose another folder with --output."
        ) from error
