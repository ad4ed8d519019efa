"""The formants of speech put back after its pitch was changed, so that the speaker stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME = 0.04  # seconds, three periods of a low voice; the next power of two of samples is taken
HOPS = 4  # frames that overlap
#: Seconds up to which the cepstrum is the vocal tract and not the voice, whose period is longer: 400 Hz.
TRACT = 0.0018
ROUNDS = 6  # of raising the envelope to the harmonics it lies below; it settles after 4 or 5
MOST = 2.5  # the greatest gain, up or down, as a natural logarithm (22 dB)
FLOOR = 1e-5  # of full scale: what is added to a magnitude, so that silence has a logarithm


def restored(
    shifted: NDArray[np.float32], original: NDArray[np.float32], rate: float, pitch: float, sample_rate: int
) -> NDArray[np.float32]:
    """``shifted``, whose formants lie ``pitch`` times as high as those of ``original``, with them where they were.

    It is as long as ``original`` divided by ``rate``. What lies ``f`` Hz high was at ``f / pitch``: every frame is
    weighed by the spectral envelope of the original at the same place, here and there.
    """
    size = 1 << int(np.ceil(np.log2(FRAME * sample_rate)))
    hop = size // HOPS
    window = np.hanning(size + 1)[:-1]
    centres = np.arange(0, len(shifted) + hop, hop)
    spectra = np.fft.rfft(_frames(shifted, centres, size) * window)
    before = np.round(centres * rate).astype(int)
    envelope = _envelope(_frames(original, before, size) * window, round(TRACT * sample_rate))
    places = np.minimum(np.arange(envelope.shape[1]) / pitch, envelope.shape[1] - 1)
    low = np.floor(places).astype(int)
    high, share = np.minimum(low + 1, envelope.shape[1] - 1), places - low
    gain = envelope - (envelope[:, low] * (1 - share) + envelope[:, high] * share)
    frames = np.fft.irfft(spectra * np.exp(np.clip(gain, -MOST, MOST)), size) * window
    out = np.zeros(len(shifted) + 2 * size)
    weight = np.zeros(len(out))
    for centre, frame in zip(centres, frames, strict=True):
        out[centre : centre + size] += frame
        weight[centre : centre + size] += window**2
    inside = slice(size // 2, size // 2 + len(shifted))
    return (out[inside] / np.maximum(weight[inside], FLOOR)).astype(np.float32)


def _frames(samples: NDArray[np.float32], centres: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """The frames of ``size`` samples around each centre, silence beyond the ends: (centres, size)."""
    last = int(centres[-1]) + size
    padded = np.pad(samples.astype(np.float64), (size // 2, max(0, last - len(samples))))
    frames: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, size)[centres]
    return frames


def _envelope(frames: NDArray[np.float64], cut: int) -> NDArray[np.float64]:
    """The logarithm of each frame's spectral envelope, smooth and as high as the harmonics: (frames, size / 2 + 1).

    The cepstrum up to ``cut`` samples gives a smooth curve through the middle; each round lifts the valleys between
    the harmonics to the curve, which so rises to their tops.
    """
    size = frames.shape[1]
    target = np.log(np.abs(np.fft.rfft(frames)) / size + FLOOR)
    lifter = np.zeros(size)
    lifter[: cut + 1] = lifter[-cut:] = 1.0
    smooth: NDArray[np.float64] = target
    for _ in range(ROUNDS):
        smooth = np.fft.rfft(np.fft.irfft(target, size) * lifter).real
        target = np.maximum(target, smooth)
    return smooth
