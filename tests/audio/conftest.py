"""Clips of real sound, and a decoder that is not ours."""

from __future__ import annotations

import subprocess
import wave
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest

from audiopress.model import Boundary, Clip, Mark, Pronunciation, Role, Sentence, Utterance, Word

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from sounds import Decode, MakeClip, MakeMusic


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
def make_music(tmp_path: Path) -> MakeMusic:
    def make(name: str, samples: NDArray[np.float32], rate: int = 44100) -> Path:
        """A sound file of (n,) or (n, channels) samples, in the format of its name."""
        path = tmp_path / name
        channels = samples.shape[1] if samples.ndim > 1 else 1
        source = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0"]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, str(path)]
        subprocess.run(command, input=samples.astype("<f4").tobytes(), check=True)
        return path

    return make


@pytest.fixture
def decode() -> Decode:
    def run(path: Path) -> tuple[NDArray[np.float32], int]:
        said = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)], capture_output=True, check=False)
        rate = int(said.stderr.decode(errors="replace").split(" Hz")[0].split()[-1])
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:a", "-f", "f32le", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        return np.frombuffer(raw, dtype="<f4"), rate

    return run
