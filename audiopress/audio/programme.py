"""The programme as a file: encoded once, measured, tagged, and put in its place whole."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from audiopress.audio import ffmpeg, master
from audiopress.audio.m4a import M4A
from audiopress.audio.mp3 import MP3
from audiopress.audio.opus import OPUS
from audiopress.audio.tags import Tags
from audiopress.errors import OutputError
from audiopress.model import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.audio.ffmpeg import Measured
    from audiopress.audio.stitch import Timeline
    from audiopress.audio.tags import Format

__all__ = ["FORMATS", "Tags", "settle", "write_programme"]

#: What can be written, by the end of the file's name.
FORMATS = MappingProxyType({".mp3": MP3, ".opus": OPUS, ".m4a": M4A})

#: How often a programme is encoded at most: once, and again when very short or very peaky sound missed the target.
_ATTEMPTS = 4


def write_programme(timeline: Timeline, path: Path, tags: Tags) -> Programme:
    """Master a timeline, encode it to ``path`` in the format of its suffix, tag it, and say what came out.

    Example::

        write_programme(timeline, Path("a.mp3"), Tags("عنوان", "نمایش", "تسنیم"))
        # → Programme(path=…, sample_rate=48000, loudness=-19.0, true_peak=-1.9, …)

    Positions in the programme count 44.1 or 48 kHz, whichever is a whole multiple of the timeline's rate: they are
    exact multiples of positions in the timeline, and the same in every format. That is the file's own rate too, but for
    Opus, which always runs at 48 kHz. The file appears whole or not at all.

    Raises:
        OutputError: ``path`` cannot be written, or ends in no suffix of FORMATS.
        AudioError: a clip or a piece of music is damaged, all is silent, or ffmpeg is missing.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise OutputError(f"{path} must end in {', '.join(FORMATS)}; choose another name.")
    rate = 44100 if 44100 % timeline.sample_rate == 0 else 48000
    programme = _at_rate(timeline, path, rate)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _disk_errors(path):
        try:
            measured = _encode(timeline, aside, programme, form)
            form.tag(aside, tags, programme)
            settle(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    return replace(programme, loudness=measured.integrated, true_peak=measured.true_peak)


def settle(aside: Path, path: Path) -> None:
    """Move a finished file to its place once the disk has all of it."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def _encode(timeline: Timeline, aside: Path, programme: Programme, form: Format) -> Measured:
    """Encode until loudness and peak are right, which is nearly always at once."""
    levels = master.levels(timeline)
    levels = replace(levels, gain=levels.gain + form.loss, ceiling=levels.ceiling - form.overshoot)
    source = f"-f s16le -ar {timeline.sample_rate} -ac 1 -i pipe:0"
    # The resampler works in float.
    rate = form.rate or programme.sample_rate
    target = f"-af aresample={rate}:internal_sample_fmt=fltp:out_sample_fmt=fltp {form.encoder}"
    with tempfile.TemporaryDirectory() as scratch:
        chapters = []
        if form.chapters:
            listed = Path(scratch) / "chapters"
            listed.write_text(form.chapters(programme), encoding="utf-8")
            chapters = ["-f", "ffmetadata", "-i", str(listed), "-map", "0:a", "-map_chapters", "1"]
        arguments = [*source.split(), *chapters, *target.split()]
        for _ in range(_ATTEMPTS):
            ffmpeg.feed(arguments, master.mastered(timeline, levels), aside, programme.path.name)
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
