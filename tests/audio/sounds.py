"""Sounds to make clips of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiopress.audio.music import NONE, Sounds
from audiopress.audio.stitch import Timeline, plan
from audiopress.audio.take import listen
from audiopress.model import Clip, Segment, SegmentKind

type MakeClip = Callable[..., Clip]
type MakeMusic = Callable[..., Path]
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


def laid_out(spoken: list[tuple[SegmentKind, str, list[Clip]]], sounds: Sounds = NONE) -> Timeline:
    """A timeline of segments, each with its heading and clips."""
    takes = [(kind, heading, [listen(clip) for clip in clips]) for kind, heading, clips in spoken]
    segments = [
        (Segment(kind, heading, 1, tuple(take.clip.pronunciation.utterance.sentence for take in heard)), heard)
        for kind, heading, heard in takes
    ]
    return plan("عنوان", segments, sounds)


def strength_of(heard: NDArray[np.float32], hertz: float, rate: int = 48000) -> float:
    """How strong a sine of that frequency is in a stretch, in dBFS of its amplitude."""
    window = np.hanning(len(heard))
    turning = np.exp(-2j * np.pi * hertz * np.arange(len(heard)) / rate)
    return float(20 * np.log10(2 * np.abs((heard * window) @ turning) / window.sum() + 1e-9))
