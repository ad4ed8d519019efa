"""Music under speech: strips are read from disk block by block and added, each at its strength at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiopress.audio import loudness
from audiopress.audio.music import pcm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from audiopress.audio.arrange import Strip


def mixed(
    blocks: Iterable[NDArray[np.float32]], strips: Sequence[Strip], factors: Sequence[float]
) -> Iterator[NDArray[np.float32]]:
    """Add the strips, each times its factor, to the consecutive blocks of a programme."""
    position = 0
    for block in blocks:
        end = position + len(block)
        together = block.copy()
        for strip, factor in zip(strips, factors, strict=True):
            start, stop = max(position, strip.start), min(end, strip.stop)
            if start < stop:
                together[start - position : stop - position] += played(strip, start, stop) * (
                    strength(strip, np.arange(start, stop)) * np.float32(factor)
                )
        yield together
        position = end


def strength(strip: Strip, positions: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the factor of a strip at positions of the timeline: its curve times its fades."""
    places = np.array([place for place, _ in strip.curve])
    heights = np.array([height for _, height in strip.curve])
    before = np.clip(np.searchsorted(places, positions, "right") - 1, 0, len(places) - 1)
    after = np.minimum(before + 1, len(places) - 1)
    way = np.clip((positions - places[before]) / np.maximum(places[after] - places[before], 1), 0, 1)
    turned = (1 - np.cos(np.pi * way)) / 2  # sets out and arrives gently
    curve = heights[before] + (heights[after] - heights[before]) * turned
    risen = _quarter(positions - strip.start, strip.rise)
    fallen = _quarter(strip.stop - 1 - positions, strip.fall)
    factor: NDArray[np.float32] = (curve * risen * fallen).astype(np.float32)
    return factor


def played(strip: Strip, start: int, stop: int) -> NDArray[np.float32]:
    """Return what a strip's sound plays at ``start``-``stop`` of the timeline, at its own level.

    A sound that is too short starts anew while its end fades: the powers of both add up to one, as unrelated sounds
    need it.
    """
    sound, overlap = strip.sound, strip.crossfade
    first, last = start - strip.start, stop - strip.start
    if not overlap:
        return np.pad(pcm(sound, first, last), (0, max(0, last - max(first, sound.samples))))
    period = sound.samples - overlap
    heard = np.zeros(last - first, dtype=np.float32)
    for turn in range(max(0, (first - sound.samples) // period), (last - 1) // period + 1):
        begins = turn * period
        one, two = max(first, begins), min(last, begins + sound.samples)
        if one >= two:
            continue
        places = np.arange(one - begins, two - begins)
        faded = _quarter(sound.samples - 1 - places, overlap)
        if turn:
            faded = faded * _quarter(places, overlap)
        heard[one - first : two - first] += pcm(sound, one - begins, two - begins) * faded.astype(np.float32)
    return heard


def step_powers(strip: Strip, sample_rate: int) -> tuple[int, NDArray[np.float32]]:
    """Return the first step (a tenth of a second) in which a strip sounds, and its K-weighted powers from there on."""
    step = sample_rate // loudness.STEPS
    first, last = round(strip.start / step), round(strip.stop / step)
    steps = np.arange(last - first)
    sounding = steps % max(1, (strip.sound.samples - strip.crossfade) // step) if strip.crossfade else steps
    powers = strip.sound.powers[np.minimum(sounding, len(strip.sound.powers) - 1)]
    return first, powers * strength(strip, np.clip((first + steps) * step, strip.start, strip.stop - 1)) ** 2


def _quarter(away: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return a fade by the samples away from its silent end, a quarter of a sine: 0 at -1, 1 from ``length`` on."""
    return np.sin(np.pi / 2 * np.clip((away + 1) / (length + 1), 0, 1))
