"""Rate, pitch and volume of finished speech, for what engines cannot do by themselves."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineError
from audiopress.ffmpeg import binary
from audiopress.model import Mark
from audiopress.tts.formants import restored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Audio, Delivery

PEAK = 0.99  # louder samples are scaled down to it rather than clipped
#: Seconds of silence put after the speech while it is stretched: rubberband gives nothing at all for less than 30 ms.
PADDING = 0.1
#: Stretching smears the sound and takes 1 dB of its level, which is given back; no gain is greater than this.
MOST_GAIN = 2.0


def shaped(audio: Audio, delivery: Delivery) -> Audio:
    """The same speech at another rate, pitch and volume; a plain delivery gives it back untouched.

    ``shaped(audio, Delivery(rate=1.25))`` → four fifths as long to the sample, as loud, its marks moved along; no
    sample is beyond -1 … 1. Rate and pitch go through ffmpeg's `rubberband`, or `resampled` where ffmpeg was built
    without it; the formants, which both move with the pitch, are put back. Raises EngineError where ffmpeg fails.
    """
    if not len(audio.samples):
        return audio
    if delivery.rate != 1.0 or delivery.pitch:
        audio = _stretched(audio, delivery.rate, 2 ** (delivery.pitch / 12))
    if delivery.volume:
        samples = audio.samples * np.float32(10 ** (delivery.volume / 20))
        audio = replace(audio, samples=_within(samples))
    return audio


def _within(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(PEAK / peak) if peak > PEAK else samples


def _stretched(audio: Audio, rate: float, pitch: float) -> Audio:
    """Speech ``rate`` times as fast and ``pitch`` times as high, of exactly the length that the rate asks for."""
    wanted = round(len(audio.samples) / rate)
    form = ["-f", "f32le", "-ar", str(audio.sample_rate), "-ac", "1"]
    kind = rubberband(rate, pitch) if has_rubberband() else resampled(audio.sample_rate, rate, pitch)
    command = [binary(), "-v", "error", *form, "-i", "-", "-af", kind, *form, "-"]
    padded = np.pad(audio.samples, (0, round(PADDING * audio.sample_rate)))
    done = subprocess.run(command, input=padded.astype("<f4").tobytes(), capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise EngineError(f"ffmpeg could not change the rate or pitch of the speech ({why[0]}); leave them at 1 and 0.")
    samples = np.frombuffer(done.stdout, "<f4")[:wanted]
    samples = np.pad(samples, (0, wanted - len(samples)))
    if pitch != 1.0:
        samples = restored(samples, audio.samples, rate, pitch, audio.sample_rate)
    before, after = (float(np.sqrt(np.mean(np.square(part)))) if len(part) else 0 for part in (audio.samples, samples))
    gain = min(before / after, MOST_GAIN) if after else 1.0
    marks = tuple(
        Mark(min(round(mark.start / rate), wanted), min(round(mark.stop / rate), wanted)) for mark in audio.marks
    )
    return replace(audio, samples=_within(samples * np.float32(gain)), marks=marks)


def rubberband(rate: float, pitch: float) -> str:
    """The filter that changes rate and pitch each by themselves.

    Its own formant=preserved is not used: of a shift by four semitones it leaves three in the formants (measured).
    """
    return f"rubberband=tempo={rate}:pitch={pitch}:pitchq=quality"


def resampled(sample_rate: int, rate: float, pitch: float) -> str:
    """The filters that change the pitch by playing faster or slower, and then the tempo to what the rate asks for.

    Each step of the tempo is at least .5, the least that one filter does.
    """
    tempo, steps = rate / pitch, []
    while tempo < 0.5:  # noqa: PLR2004 - see above
        steps.append("atempo=0.5")
        tempo /= 0.5
    return ",".join([f"asetrate={round(sample_rate * pitch)}", f"aresample={sample_rate}", *steps, f"atempo={tempo}"])


@cache
def has_rubberband() -> bool:
    """Whether this ffmpeg stretches speech with the Rubber Band library; the builds for Linux and Windows do."""
    listed = subprocess.run([binary(), "-v", "error", "-filters"], capture_output=True, text=True, check=False).stdout
    return " rubberband " in listed
