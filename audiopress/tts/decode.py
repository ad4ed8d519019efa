"""What a service sent, as audio: decoded, and checked to be speech of the length that its text takes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineError
from audiopress.ffmpeg import binary
from audiopress.model import Audio

if TYPE_CHECKING:
    from audiopress.model import Pronunciation

#: Phonemes a second that no speaker passes or falls below: newsreaders speak 10 to 14 with their pauses (benchmarks),
#: a service at its slowest and fastest setting half and twice that.
FASTEST, SLOWEST = 28.0, 3.0
#: Seconds that a clip may have more than its phonemes take: services put silence around what they say.
PADDING = 3.0
SILENCE = 0.003  # of full scale, -50 dB: services' silence is digital or lies below -60 dB


def decoded(data: bytes, sample_rate: int) -> Audio:
    """Mono audio at ``sample_rate`` from the bytes of an MP3, WAV, Opus, AAC or FLAC file.

    Raises EngineError where it is empty, no audio at all (an error page, say) or damaged.
    """
    if not data:
        raise EngineError("the service sent no audio")
    if data.lstrip()[:1] in {b"<", b"{"}:
        raise EngineError("the service sent a page or a message in place of audio")
    form = ["-f", "f32le", "-ar", str(sample_rate), "-ac", "1"]
    command = [binary(), "-v", "error", "-xerror", "-i", "pipe:0", "-map", "a:0", *form, "pipe:1"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    samples = np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], "<f4")
    if done.returncode or not len(samples):
        raise EngineError("the service sent something that is no audio, or damaged audio")
    return Audio(samples.copy(), sample_rate)


def checked(audio: Audio, pronunciation: Pronunciation, rate: float = 1.0) -> Audio:
    """The audio without the silence around it, if it can be the whole utterance spoken at ``rate``.

    Raises EngineError where it is silent, too short (cut off on the way) or too long.
    """
    loud = np.flatnonzero(np.abs(audio.samples) > SILENCE)
    phonemes = sum(len(word.plain) for word in pronunciation.words)
    if not phonemes:
        return Audio(audio.samples[:0], audio.sample_rate)
    if not loud.size:
        raise EngineError("the service sent silence")
    first, last = int(loud[0]), int(loud[-1]) + 1
    seconds = (last - first) / audio.sample_rate * rate
    if seconds < phonemes / FASTEST:
        raise EngineError(f"the service sent {seconds:.1f} s of speech, too short for its text: it was cut off")
    if seconds > phonemes / SLOWEST + PADDING:
        raise EngineError(f"the service sent {seconds:.1f} s of speech, too long for its text")
    edge = round(0.02 * audio.sample_rate)
    return Audio(audio.samples[max(0, first - edge) : last + 2 * edge], audio.sample_rate)
