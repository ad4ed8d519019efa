"""Sound spoilt as services, rooms and microphones spoil it; the places of its words stay known."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiopress.ffmpeg import binary
from audiopress.model import Audio

if TYPE_CHECKING:
    from random import Random

    from training.align.speech import Place, Speech


def padded(speech: Speech, chance: Random) -> Speech:
    """The same with silence around it and between some of its words, of up to a second."""
    seconds = [chance.choice([0.0, chance.uniform(0, 1)]) for _ in range(2)]
    pieces = [np.zeros(round(seconds[0] * speech.sample_rate), np.float32)]
    moved = len(pieces[0])
    places: list[Place] = []
    at = 0
    for before, place in zip([None, *speech.places[:-1]], speech.places, strict=True):
        if before and place.word != before.word and min(place.word, before.word) >= 0 and chance.random() < 0.04:
            cut = (before.stop + place.start) // 2
            pieces += [
                speech.samples[at:cut],
                np.zeros(round(chance.uniform(0.05, 0.8) * speech.sample_rate), np.float32),
            ]
            at, moved = cut, moved + len(pieces[-1])
        places.append(replace(place, start=place.start + moved, stop=place.stop + moved))
    pieces += [speech.samples[at:], np.zeros(round(seconds[1] * speech.sample_rate), np.float32)]
    return replace(speech, samples=np.concatenate(pieces), places=tuple(places))


def coded(audio: Audio, bits: int, coding: str = "mp3") -> Audio:
    """The audio after a coding at so many kbit/s; the delay of the coder is taken off by its decoder."""
    form = ["-f", "f32le", "-ar", str(audio.sample_rate), "-ac", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"clip.{coding}")
        command = [binary(), "-v", "error", *form, "-i", "-", "-b:a", f"{bits}k", path]
        subprocess.run(command, input=audio.samples.astype("<f4").tobytes(), check=True)
        done = subprocess.run([binary(), "-v", "error", "-i", path, *form, "-"], capture_output=True, check=True)
    samples = np.frombuffer(done.stdout, "<f4")[: len(audio.samples)]
    return Audio(np.pad(samples, (0, len(audio.samples) - len(samples))), audio.sample_rate)


def noisy(audio: Audio, decibels: float, tilt: float, seed: int) -> Audio:
    """With noise so many dB below it, white (tilt 0) to brown (tilt 1)."""
    shape = np.random.default_rng(seed).standard_normal(len(audio.samples))
    spectrum = np.fft.rfft(shape)
    spectrum /= np.maximum(1, np.arange(len(spectrum)) / len(spectrum) * 100) ** tilt
    noise = np.fft.irfft(spectrum, len(shape))
    loud = np.sqrt(np.mean(audio.samples[np.abs(audio.samples) > 0.01] ** 2))
    noise *= loud * 10 ** (-decibels / 20) / np.sqrt(np.mean(noise**2))
    return replace(audio, samples=(audio.samples + noise).astype(np.float32))


def echoing(audio: Audio, seconds: float, share: float, seed: int) -> Audio:
    """In a room whose sound dies by 60 dB in so many seconds; ``share`` of the sound comes from its walls."""
    size = round(seconds * audio.sample_rate)
    walls = np.random.default_rng(seed).standard_normal(size) * 10 ** (-3 * np.arange(size) / size)
    walls *= share / np.sqrt(np.sum(walls**2))
    walls[0] += 1
    length = 1 << (len(audio.samples) + size).bit_length()
    both = np.fft.irfft(np.fft.rfft(audio.samples, length) * np.fft.rfft(walls, length), length)
    return replace(audio, samples=both[: len(audio.samples)].astype(np.float32))
