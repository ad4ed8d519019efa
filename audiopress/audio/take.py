"""Opening a clip: where its speech begins and ends, and how loud it is.

pydub reads the file and finds the edges. Cutting and fading stay with numpy, because pydub counts in milliseconds and a
clip at 22.05 kHz would gain or lose samples at every cut.
"""

from __future__ import annotations

import warnings
import wave
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from audiopress.audio import loudness
from audiopress.errors import AudioError
from audiopress.ffmpeg import binary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Clip

_FULL_SCALE = 32768.0

#: How far below the clip's highest peak a stretch of 10 ms counts as silence. The last breath and the release of a
#: final stop lie 45-58 dB below it in the Kokoro voices, their silence 69 and more.
_SILENCE_DB = 60.0
#: Seconds kept beyond the edges found, for what sets in or dies away below the threshold.
_KEEP_BEFORE = 0.020
_KEEP_AFTER = 0.040


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A clip and what was heard in it, in samples of the clip.

    What lies outside ``start``-``stop`` is silence and is cut away; the speech is ``voiced_start``-``voiced_stop``.
    """

    clip: Clip
    start: int
    stop: int
    voiced_start: int
    voiced_stop: int
    powers: NDArray[np.float32]  #: loudness.powers of start-stop
    loudness: float  #: LUFS of the clip alone


def listen(clip: Clip) -> Take:
    """Open a clip and find its edges and loudness; the audio itself is not kept.

    ``listen(clip)`` → ``Take(start=2400, stop=52800, …, loudness=-23.4)``.

    Raises:
        AudioError: the file is missing, damaged, or not what the clip says it is.
    """
    segment = _open(clip)
    samples = _floats(segment)
    first, last = _edges(segment, clip)
    start = max(0, first - int(_KEEP_BEFORE * clip.sample_rate))
    stop = min(clip.samples, last + int(_KEEP_AFTER * clip.sample_rate))
    powers = loudness.powers(samples[start:stop], clip.sample_rate)
    return Take(clip, start, stop, first, last, powers, loudness.integrated(powers))


def read(take: Take) -> NDArray[np.float32]:
    """Return the kept part of the take as mono float32 in [-1, 1), shape (stop - start,), at the clip's rate."""
    return _floats(_open(take.clip))[take.start : take.stop]


@cache
def _pydub() -> Any:
    """Import pydub without its warnings, and tell it where ffmpeg is."""
    with warnings.catch_warnings():
        # It compiles with SyntaxWarnings, imports audioop (deprecated in 3.12; audioop-lts in 3.13) and warns where no
        # ffmpeg is on the PATH.
        warnings.simplefilter("ignore")
        import pydub  # noqa: PLC0415 - must happen within the filter
    pydub.AudioSegment.converter = binary()
    return pydub


def _open(clip: Clip) -> Any:
    """Return the clip as a mono 16-bit pydub AudioSegment of exactly the length it claims."""
    try:
        with wave.open(str(clip.path), "rb") as file:  # pydub's own reader starts ffprobe when a file is damaged
            form = {
                "sample_width": file.getsampwidth(),
                "frame_rate": file.getframerate(),
                "channels": file.getnchannels(),
            }
            segment = _pydub().AudioSegment(data=file.readframes(file.getnframes()), **form)
    except FileNotFoundError as error:
        raise AudioError(f"The clip {clip.path} has gone; run the command again to speak it anew.") from error
    except (OSError, EOFError, wave.Error, ValueError) as error:
        raise _damaged(clip) from error
    segment = segment.set_channels(1).set_sample_width(2)
    if segment.frame_rate != clip.sample_rate or int(segment.frame_count()) != clip.samples:
        raise _damaged(clip)
    return segment


def _damaged(clip: Clip) -> AudioError:
    return AudioError(f"The clip {clip.path} is damaged; delete it and run the command again.")


def _floats(segment: Any) -> NDArray[np.float32]:
    return np.frombuffer(segment.raw_data, dtype="<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def _edges(segment: Any, clip: Clip) -> tuple[int, int]:
    """Return the first sample of speech and the one after its last; a silent clip is kept whole."""
    highest = segment.max_dBFS
    if highest == float("-inf"):
        return 0, clip.samples
    silence = _pydub().silence.detect_leading_silence
    before = silence(segment, silence_threshold=highest - _SILENCE_DB)
    after = silence(segment.reverse(), silence_threshold=highest - _SILENCE_DB)
    first = min(clip.samples, before * clip.sample_rate // 1000)
    return first, max(first, clip.samples - after * clip.sample_rate // 1000)
