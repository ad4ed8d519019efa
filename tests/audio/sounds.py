"""Sounds to make clips of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiopress.model import Clip

type MakeClip = Callable[..., Clip]
type Decode = Callable[[Path], tuple[NDArray[np.float32], int]]


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
