"""Sound as the aligner sees it: a spectrum of few bands every 10 ms, the same for any sample rate, level and colour."""

from __future__ import annotations

from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from audiopress.tts.align_product import product

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Audio

FRAMES = 100  #: frames a second
BANDS = 40
LOWEST, HIGHEST = 60.0, 7600.0  # Hz: what speech codecs of 16 kHz and more keep
WINDOW = 0.025  # seconds a frame looks at, as speech recognisers do
#: Below the loud frames by so much everything is silence: services' noise and coding lie about there.
FLOOR = 10 ** (-55 / 10)
LOUD = 95  # percentile of the frames' power that counts as the clip's level
SPOKEN = 10 ** (-25 / 10)  # frames less far below that level tell the colour of the voice
TINY = 1e-12  # power of digital silence, so that its logarithm exists
BLOCK = 256  # frames transformed at once: 4 MB at 48 kHz


def powers(audio: Audio) -> NDArray[np.float32]:
    """The power in each band, one row a frame: (frames, BANDS); frame n lies around n / FRAMES seconds."""
    rate = audio.sample_rate
    size = round(WINDOW * rate)
    count = len(audio.samples) * FRAMES // rate + 1
    starts = np.arange(count) * rate // FRAMES
    padded = np.pad(audio.samples, (size // 2, size + rate // FRAMES))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)
    window, bands = _window(size), _bands(rate, size)
    length = _length(size)
    rows = []
    for at in range(0, count, BLOCK):
        spectrum = np.fft.rfft(frames[starts[at : at + BLOCK]] * window, length)
        rows.append(product((spectrum.real**2 + spectrum.imag**2).astype(np.float32), bands))
    return np.concatenate(rows)


def features(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithms of the powers, above a floor below the clip's level, less the mean of its spoken frames."""
    total = power.sum(axis=1)
    level = max(float(np.percentile(total, LOUD)), TINY)
    logs = np.log(power / level * BANDS + FLOOR)
    mean = logs[total > level * SPOKEN].mean(axis=0)
    scaled: NDArray[np.float32] = ((logs - mean) / 4).astype(np.float32)
    return scaled


@lru_cache(maxsize=8)
def _window(size: int) -> NDArray[np.float32]:
    window = np.hanning(size + 1)[:-1]
    whole: NDArray[np.float32] = (window / np.sqrt(np.sum(window**2) * size)).astype(np.float32)
    return whole


def _length(size: int) -> int:
    """The next power of two, which is fast to transform."""
    return 1 << (size - 1).bit_length()


@lru_cache(maxsize=8)
def _bands(rate: int, size: int) -> NDArray[np.float32]:
    """Triangles on the mel scale (2595 log10(1 + f/700)) as a matrix; bands above half the rate stay empty."""
    frequencies = np.fft.rfftfreq(_length(size), 1 / rate)
    lowest, highest = (2595 * log10(1 + hertz / 700) for hertz in (LOWEST, HIGHEST))
    edges = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies[:, None] - low) / (middle - low)
    falling = (high - frequencies[:, None]) / (high - middle)
    triangles = np.maximum(0, np.minimum(rising, falling))
    bands: NDArray[np.float32] = (triangles / np.maximum(triangles.sum(axis=0), 1e-9)).astype(np.float32)
    return bands
