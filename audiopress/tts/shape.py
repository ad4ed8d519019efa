"""Rate, pitch and volume of finished speech, for engines that cannot do them by themselves."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineError
from audiopress.ffmpeg import binary
from audiopress.model import Mark

if TYPE_CHECKING:
    from audiopress.model import Audio, Delivery

PEAK = 0.99  # louder samples are scaled down to it rather than clipped


def shaped(audio: Audio, delivery: Delivery) -> Audio:
    """The same speech at another rate, pitch and volume; a plain delivery gives it back untouched.

    ``shaped(audio, Delivery(rate=1.25))`` → four fifths as long, its marks moved along. Rate and pitch go through
    ffmpeg's rubberband (formants preserved), or where it was built without it through atempo, which moves formants
    with the pitch. Raises EngineError where ffmpeg fails.
    """
    if not len(audio.samples):
        return audio
    if delivery.rate != 1.0 or delivery.pitch:
        audio = _stretched(audio, delivery.rate, 2 ** (delivery.pitch / 12))
    if delivery.volume:
        samples = audio.samples * np.float32(10 ** (delivery.volume / 20))
        peak = float(np.abs(samples).max())
        audio = replace(audio, samples=samples * np.float32(PEAK / peak) if peak > PEAK else samples)
    return audio


def _stretched(audio: Audio, rate: float, pitch: float) -> Audio:
    """Speech ``rate`` times as fast and ``pitch`` times as high, of exactly the length that the rate asks for."""
    wanted = round(len(audio.samples) / rate)
    form = ["-f", "f32le", "-ar", str(audio.sample_rate), "-ac", "1"]
    command = [binary(), "-v", "error", *form, "-i", "-", "-af", _filter(audio.sample_rate, rate, pitch), *form, "-"]
    done = subprocess.run(command, input=audio.samples.astype("<f4").tobytes(), capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise EngineError(f"ffmpeg could not change the rate or pitch of the speech ({why[0]}); leave them at 1 and 0.")
    samples = np.frombuffer(done.stdout, "<f4")[:wanted]
    samples = np.pad(samples, (0, wanted - len(samples)))
    marks = tuple(Mark(round(mark.start / rate), min(round(mark.stop / rate), wanted)) for mark in audio.marks)
    return replace(audio, samples=samples, marks=marks)


def _filter(sample_rate: int, rate: float, pitch: float) -> str:
    if has_rubberband():
        return f"rubberband=tempo={rate}:pitch={pitch}:formant=preserved:pitchq=quality"
    return f"asetrate={round(sample_rate * pitch)},aresample={sample_rate},atempo={rate / pitch}"


@cache
def has_rubberband() -> bool:
    """Whether this ffmpeg stretches speech with the Rubber Band library; the builds for Linux and Windows do."""
    listed = subprocess.run([binary(), "-v", "error", "-filters"], capture_output=True, text=True, check=False).stdout
    return " rubberband " in listed
