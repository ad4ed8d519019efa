"""What a service sent, as audio: decoded, and checked to be speech of the length that its text takes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineError
from audiopress.ffmpeg import binary
from audiopress.model import Audio, Mark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Pronunciation

#: Phonemes a second that no speaker passes or falls below, pauses included: newsreaders speak 10 to 14 (benchmarks).
#: Half of a sentence that is spoken at 12 counts as 24, so it is found out.
FASTEST, SLOWEST = 22.0, 3.0
#: Seconds that a clip may have more than its phonemes take: services put silence around what they say.
PADDING = 3.0
SILENCE = 0.003  # of full scale, -50 dB: services' silence is digital or lies below -60 dB
LONGEST = 1200.0  # seconds that are decoded, twice the longest answer of any service; the rest would only fill memory
#: Speech dies away. A sound that ends within its last 5 ms at 0.7 of the loudness of the whole was cut off.
END, CUT = 0.005, 0.7
EDGE = 0.02  # seconds of silence kept before the speech, and twice as much after it
UNKNOWN = 0x7FFF0000  # bytes: what claims to be so long was written before its length was known
#: The only containers that are opened: playlists and scripts, which name other files, are not among them.
CONTAINERS = "mp3,wav,w64,ogg,flac,aac,mov,matroska"


def decoded(data: bytes, sample_rate: int) -> Audio:
    """Mono audio at ``sample_rate`` from the bytes of an MP3, WAV, Opus, AAC, FLAC, M4A or WebM file.

    Raises EngineError where it is empty, no audio at all (an error page, say) or damaged; its message is a clause that
    goes on after "SERVICE could not speak:".
    """
    if not data:
        raise EngineError("the service sent no audio")
    if data.lstrip()[:1] in {b"<", b"{"}:
        raise EngineError("the service sent a page or a message in place of audio")
    data = _measured(data)
    known = ["-protocol_whitelist", "pipe", "-format_whitelist", CONTAINERS]
    form = ["-t", str(LONGEST), "-f", "f32le", "-ar", str(sample_rate), "-ac", "1"]
    command = [binary(), "-v", "error", "-xerror", *known, "-i", "pipe:0", "-map", "a:0", *form, "pipe:1"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    samples = np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], "<f4")
    if done.returncode or not len(samples):
        raise EngineError("the service sent something that is no audio, or damaged audio")
    return Audio(np.clip(samples, -1.0, 1.0).astype(np.float32), sample_rate)


def checked(audio: Audio, pronunciation: Pronunciation, rate: float = 1.0) -> Audio:
    """The audio without the silence around it, if it can be the whole utterance spoken at ``rate``.

    Marks move along. Raises EngineError, as `decoded` does, where it is silent, too short or stops in the middle of a
    sound (cut off on the way) or too long.
    """
    phonemes = sum(len(word.plain) for word in pronunciation.words)
    if not phonemes:
        return Audio(audio.samples[:0], audio.sample_rate)
    loud = np.flatnonzero(np.abs(audio.samples) > SILENCE)
    if not loud.size:
        raise EngineError("the service sent silence")
    first, last = int(loud[0]), int(loud[-1]) + 1
    seconds = (last - first) / audio.sample_rate * rate
    if seconds < phonemes / FASTEST:
        raise EngineError(f"the service sent {seconds:.1f} s of speech, too short for its text: it was cut off")
    if seconds > phonemes / SLOWEST + PADDING:
        raise EngineError(f"the service sent {seconds:.1f} s of speech, too long for its text")
    if _stops_short(audio.samples[first:], audio.sample_rate):
        raise EngineError("the service sent speech that stops in the middle of a sound: it was cut off")
    edge = round(EDGE * audio.sample_rate)
    start, stop = max(0, first - edge), min(len(audio.samples), last + 2 * edge)
    marks = (Mark(max(mark.start - start, 0), min(mark.stop, stop) - start) for mark in audio.marks)
    return Audio(audio.samples[start:stop], audio.sample_rate, tuple(marks))


def _measured(data: bytes) -> bytes:
    """A WAV that was written before its length was known, with its length; anything else as it is.

    OpenAI and ffmpeg send such files: their "data" chunk claims to have 0 or some 2 GB or more (RIFF has 32 bits for
    it). One that claims another length than it has is left alone: it was cut off on the way.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return data
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"data":
            there = len(data) - at - 8
            if 0 < size < UNKNOWN:
                return data
            whole = (len(data) - 8).to_bytes(4, "little")
            return data[:4] + whole + data[8 : at + 4] + there.to_bytes(4, "little") + data[at + 8 :]
        at += 8 + size + size % 2
    return data


def _stops_short(samples: NDArray[np.float32], sample_rate: int) -> bool:
    """Whether the very end is about as loud as the whole."""
    end = samples[-max(1, round(END * sample_rate)) :]
    return _loudness(end) > CUT * _loudness(samples)


def _loudness(samples: NDArray[np.float32]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
