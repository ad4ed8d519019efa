"""A true-peak limiter for one clip: nothing between the samples rises above the ceiling either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Four times 22.05-48 kHz: BS.1770-4 annex 2 asks for at least four times at 48 kHz.
_OVERSAMPLING = 4
#: A peak between samples stands at most this far above its neighbours in speech: the largest that was measured on
#: 24 kHz clips with energy to the top of the band is 2.2 dB (noise bursts); a clip below it is not looked at closely.
_HIDDEN_DB = 3.0
#: Seconds over which gain is taken back before a peak and given back after it: long enough not to bend the waveform of
#: a voice at 100 Hz (one period), short enough that a syllable beside a plosive keeps its level.
_WINDOW = 0.010


def limit(samples: NDArray[np.float32], sample_rate: int, ceiling: float) -> NDArray[np.float32]:
    """Return the clip with its true peaks at or below ``ceiling`` dBTP: (n,) → (n,), the same array if nothing rises.

    The gain is the smallest that any peak within the window asks for, then smoothed over the same window: it reaches
    its lowest point at the peak and never passes it.
    """
    if not len(samples):
        return samples
    top = 10 ** (ceiling / 20)
    if np.abs(samples).max() <= top * 10 ** (-_HIDDEN_DB / 20):
        return samples
    peaks = true_peaks(samples)
    if peaks.max() <= top:
        return samples
    wanted = np.minimum(1.0, top / np.maximum(peaks, top)).astype(np.float32)
    half = max(1, int(_WINDOW * sample_rate) // 2)
    return samples * _smooth(_lowest(wanted, half), half)[: len(samples)]


def true_peaks(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each sample the highest magnitude from it to the next, oversampled four times: (n,) → (n,)."""
    size = (
        -(-(len(samples) + 64) // 4096) * 4096
    )  # whole multiples of 4096 transform fast; 64 zeros part end from start
    spectrum = np.fft.rfft(samples, size)
    spectrum[-1] /= 2  # the Nyquist bin is shared between the two sides of the longer transform
    fine = np.fft.irfft(spectrum, size * _OVERSAMPLING) * _OVERSAMPLING
    highest: NDArray[np.float32] = np.abs(fine).reshape(-1, _OVERSAMPLING).max(axis=1)[: len(samples)]
    return highest


def _lowest(gain: NDArray[np.float32], half: int) -> NDArray[np.float32]:
    """Return the lowest gain within ``half`` samples on either side."""
    width = 2 * half + 1
    lowest = np.pad(gain, half, constant_values=1.0)
    reach = 1
    while reach < width:  # windows double until they cover the width
        shift = min(reach, width - reach)
        lowest = np.minimum(lowest[:-shift], lowest[shift:])
        reach += shift
    return lowest


def _smooth(gain: NDArray[np.float32], half: int) -> NDArray[np.float32]:
    """Return the mean over the window, so that the gain turns gently; it stays within what the window allowed."""
    width = 2 * half + 1
    sums = np.concatenate(([0.0], np.cumsum(np.pad(gain, half, mode="edge"), dtype=np.float64)))
    mean: NDArray[np.float32] = ((sums[width:] - sums[:-width]) / width).astype(np.float32)
    return mean
