"""The programme as a WAV file: mastered, not encoded."""

from __future__ import annotations

import os
import wave
from typing import TYPE_CHECKING

from audiopress.audio import master
from audiopress.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.audio.stitch import Timeline


def write_wav(timeline: Timeline, path: Path) -> float:
    """Write a timeline as 16-bit mono PCM at its own rate, whole or not at all, and give its length in seconds.

    Raises:
        OutputError: ``path`` cannot be written.
        AudioError: a clip or a piece of music is damaged, or all is silent.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with wave.open(str(aside), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(timeline.sample_rate)
            for block in master.mastered(timeline, master.levels(timeline)):
                file.writeframesraw(block)
        aside.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error}); choose another file.") from error
    finally:
        aside.unlink(missing_ok=True)
    return timeline.samples / timeline.sample_rate
