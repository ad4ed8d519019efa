"""Loudness of speech after ITU-R BS.1770-4, from the powers of short steps.

A clip is measured once, when it is opened; the loudness of the programme is then worked out from its clips' steps
without opening them again. ffmpeg's own meter has the last word on the encoded file (see audio.ffmpeg).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Steps a second: blocks of 400 ms that overlap by 75 % (BS.1770-4, annex 1) move by 100 ms.
STEPS = 10
_STEPS_IN_BLOCK = 4

_ABSOLUTE_GATE = -70.0  # LUFS, BS.1770-4
_RELATIVE_GATE = -10.0  # LU below the mean of what passed the absolute gate, BS.1770-4
_OFFSET = -0.691  # LU, BS.1770-4: makes a 997 Hz sine at 0 dBFS read -3.01

#: The two filters of K-weighting at 48 kHz (BS.1770-4, tables 1 and 2): b0 b1 b2, a1 a2.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
_FILTER_RATE = 48000

SILENT = -120.0  # dB: what "nothing" reads, instead of minus infinity


@cache
def _weights(sample_rate: int, size: int) -> NDArray[np.float32]:
    """|K(f)|² of each bin of an rfft of ``size`` points; the response is the standard's at any sample rate."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / sample_rate) / _FILTER_RATE)
    response = np.ones_like(z)
    for (b0, b1, b2), (a1, a2) in (_SHELF, _HIGH_PASS):
        response *= (b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)
    weights = 2 * np.abs(response) ** 2  # each bin but the first and last stands for two
    weights[[0, -1]] /= 2
    return (weights / size).astype(np.float32)


def powers(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the K-weighted power of each tenth of a second: samples (n,) → (ceil(10 n / rate) + 1,).

    Entry i is centred on i/10 s. The frames overlap by half under a sine window, whose squares add up to one, so no
    energy is counted twice or lost.
    """
    step = sample_rate // STEPS
    size = 2 * step
    count = -(-len(samples) // step) + 1
    padded = np.zeros((count + 1) * step, dtype=np.float32)
    padded[step : step + len(samples)] = samples
    window = np.sin(np.pi * (np.arange(size, dtype=np.float32) + 0.5) / size)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step] * window
    spectrum = np.fft.rfft(frames)
    energy = (spectrum.real**2 + spectrum.imag**2) @ _weights(sample_rate, size)
    return (energy / step).astype(np.float32)


def integrated(steps: NDArray[np.float32]) -> float:
    """Return the gated loudness, in LUFS, of consecutive step powers; SILENT where nothing passes the gate.

    Less than one block (400 ms) counts as one block, so that a single word has a loudness too.
    """
    if len(steps) < _STEPS_IN_BLOCK:
        steps = np.pad(steps, (0, _STEPS_IN_BLOCK - len(steps)))
    sums = np.concatenate(([0.0], np.cumsum(steps, dtype=np.float64)))
    blocks = (sums[_STEPS_IN_BLOCK:] - sums[:-_STEPS_IN_BLOCK]) / _STEPS_IN_BLOCK
    for gate in (_power(_ABSOLUTE_GATE), None):
        floor = gate if gate is not None else blocks.mean() * 10 ** (_RELATIVE_GATE / 10)
        blocks = blocks[blocks > floor]
        if not len(blocks):
            return SILENT
    return level(float(blocks.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def level(power: float) -> float:
    """Return the LUFS of a K-weighted power: 1.0 → -0.691."""
    return float(_OFFSET + 10 * np.log10(power))
