"""Clips of real sound, and a decoder that is not ours."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from audiopress.model import Boundary, Clip, Mark, Pronunciation, Role, Sentence, Utterance, Word

MakeClip = Callable[..., Clip]
Decode = Callable[[Path], tuple[NDArray[np.float32], int]]


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.1) -> NDArray[np.float32]:
    time = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def babble(seconds: float, rate: int, level: float = 0.1, seed: int = 0) -> NDArray[np.float32]:
    """Noise with the envelope of syllables."""
    time = np.arange(int(seconds * rate)) / rate
    noise = np.convolve(np.random.default_rng(seed).standard_normal(len(time)), np.hanning(9) / 4, "same")
    syllables = np.clip(np.sin(2 * np.pi * 4 * time) + 0.3 * np.sin(2 * np.pi * 0.3 * time), 0.02, None) ** 1.5
    return (level * noise * syllables).astype(np.float32)


def quiet(seconds: float, rate: int) -> NDArray[np.float32]:
    return np.zeros(int(seconds * rate), dtype=np.float32)


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    made = 0

    def make(
        samples: NDArray[np.float32],
        rate: int = 24000,
        boundary: Boundary = Boundary.SENTENCE,
        marks: tuple[Mark, ...] = (),
        text: str = "سلام.",
    ) -> Clip:
        nonlocal made
        made += 1
        path = tmp_path / f"clip{made}.wav"
        data = np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2")
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(data.tobytes())
        sentence = Sentence(text, 1, Role.BODY, boundary)
        pronunciation = Pronunciation(Utterance(sentence, text), (Word("سلام", "sælˈɒm"),))
        return Clip(pronunciation, path, len(data), rate, marks)

    return make


@pytest.fixture
def decode() -> Decode:
    def run(path: Path) -> tuple[NDArray[np.float32], int]:
        said = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)], capture_output=True, check=False)
        rate = int(said.stderr.decode().split(" Hz")[0].split()[-1])
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "f32le", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        return np.frombuffer(raw, dtype="<f4"), rate

    return run
