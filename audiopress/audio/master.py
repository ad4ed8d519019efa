"""Mastering: every clip at the programme's level, the programme at the loudness listeners expect, no peak too high."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audiopress.audio import loudness
from audiopress.audio.limiter import limit, limit_stream
from audiopress.audio.mix import mixed, step_powers
from audiopress.audio.stitch import stream
from audiopress.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audiopress.audio.ffmpeg import Measured
    from audiopress.audio.stitch import Blocks, Finish, Shape, Timeline
    from audiopress.audio.take import Take
    from audiopress.model import Clip

#: LUFS of the mono file: -16 as heard from two speakers (Apple's recommendation for podcasts), as dual mono reads 3 LU
#: more.
TARGET = -19.0
#: dBTP after encoding (Apple, EBU R 128 s2).
HIGHEST_PEAK = -1.0

#: LU by which a sentence may stand out from its voice's median: a reader's own emphasis. What lies beyond (a clip that
#: came out weak) is brought back to this edge.
_NATURAL = 1.5
#: dBTP the limiter starts from. Encoded at 96 kbps, speech of the espeak and Kokoro voices limited to -1.2 peaked at
#: -1.5 and -1.6: LAME's scaling takes 0.45 dB away and coding gives up to 0.2 back, which leaves 0.5 for odd voices.
_CEILING = -1.2
#: LU from TARGET that are not worth a second encoding: within the 0.5 that is promised, with room for the meter's own
#: rounding to a tenth.
_TOLERANCE = 0.3
_METER_STEP = 0.1  # dB: the meter's rounding


@dataclass(frozen=True, slots=True)
class Levels:
    """What mastering decided: dB for each piece and each strip in order, dB for all, the limiter's ceiling in dBTP."""

    pieces: tuple[float, ...]
    gain: float
    ceiling: float
    strips: tuple[float, ...] = ()


def levels(timeline: Timeline) -> Levels:
    """Work out the gains that bring a timeline to TARGET, from what was heard when its clips were opened.

    ``levels(timeline)`` → ``Levels(pieces=(0.0, -1.2, …), gain=5.3, ceiling=-1.8)``.

    Raises:
        AudioError: the whole programme is silent.
    """
    clips = [piece.take.clip for piece in timeline.pieces]
    heard = [_plain(piece.take) for piece in timeline.pieces]
    voices = _by_voice(clips, heard)
    audible = [level for level in heard if level > loudness.SILENT]
    if not audible:
        raise AudioError("The voice gave only silence; try another one with --voice.")
    middle = float(np.median(audible))
    pieces = tuple(_levelled(level, voices[clip.voice], middle) for level, clip in zip(heard, clips, strict=True))
    strips = tuple(middle - strip.sound.loudness for strip in timeline.strips)
    return Levels(pieces, TARGET - _programme_loudness(timeline, pieces, strips), _CEILING, strips)


def mastered(timeline: Timeline, decided: Levels) -> Iterator[bytes]:
    """Yield the programme as `stitch.stream` does, with its music, at its levels, its true peaks below the ceiling.

    Raises:
        AudioError: a clip or a piece of music has gone or is damaged.
    """
    if timeline.strips:
        return stream(timeline, _leveller(decided), _mixer(timeline, decided))
    return stream(timeline, shaper(timeline, decided))


def shaper(timeline: Timeline, decided: Levels) -> Shape:
    """Return what `stitch.stream` calls for each piece: its level set, its true peaks below the ceiling."""
    level = _leveller(decided)

    def shape(index: int, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        return limit(level(index, samples), timeline.sample_rate, decided.ceiling)

    return shape


def _leveller(decided: Levels) -> Shape:
    def level(index: int, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        return samples * np.float32(10 ** ((decided.gain + decided.pieces[index]) / 20))

    return level


def _mixer(timeline: Timeline, decided: Levels) -> Finish:
    """Return what adds the music; speech and music are limited together, as their peaks may meet."""
    factors = [10 ** ((decided.gain + decibels) / 20) for decibels in decided.strips]

    def mix(blocks: Blocks) -> Blocks:
        return limit_stream(mixed(blocks, timeline.strips, factors), timeline.sample_rate, decided.ceiling)

    return mix


def corrected(decided: Levels, measured: Measured) -> Levels | None:
    """Return better levels after an encoded programme was measured, or None where it is as it should be."""
    apart = TARGET - measured.integrated
    over = measured.true_peak - HIGHEST_PEAK
    if abs(apart) <= _TOLERANCE and over <= 0:
        return None
    ceiling = decided.ceiling - over - _METER_STEP if over > 0 else decided.ceiling
    return replace(decided, gain=decided.gain + apart, ceiling=ceiling)


def _plain(take: Take) -> float:
    """Return how loud a take would be without the volume that was asked for."""
    return take.loudness if take.loudness <= loudness.SILENT else take.loudness - take.clip.volume


def _by_voice(clips: list[Clip], heard: list[float]) -> dict[str, float]:
    """Return the median loudness of each voice: engines differ by 10 LU, which no listener should hear."""
    levels: dict[str, list[float]] = {}
    for clip, level in zip(clips, heard, strict=True):
        levels.setdefault(clip.voice, []).append(level)
    return {
        voice: float(np.median([level for level in each if level > loudness.SILENT] or [loudness.SILENT]))
        for voice, each in levels.items()
    }


def _levelled(level: float, own: float, middle: float) -> float:
    """Return the dB that bring a sentence's voice to the middle, and the sentence within _NATURAL of its voice.

    4 LU louder than its voice → 2.5 dB less than its voice gets.
    """
    if level <= loudness.SILENT:
        return 0.0
    apart = level - own
    return min(max(apart, -_NATURAL), _NATURAL) - apart + middle - own


def _programme_loudness(timeline: Timeline, pieces: tuple[float, ...], strips: tuple[float, ...]) -> float:
    """Return the integrated loudness of the programme, each piece and strip at its dB, from their steps.

    Pieces are moved to the nearest tenth of a second; what that changes (a few hundredths of a LU) is put right after
    the encoded file has been measured.
    """
    steps = np.zeros(timeline.samples * loudness.STEPS // timeline.sample_rate + 2, dtype=np.float32)
    for piece, gain in zip(timeline.pieces, pieces, strict=True):
        first = round(piece.start * loudness.STEPS / timeline.sample_rate)
        room = steps[first : first + len(piece.take.powers)]
        room += piece.take.powers[: len(room)] * np.float32(10 ** (gain / 10))
    for strip, gain in zip(timeline.strips, strips, strict=True):
        first, powers = step_powers(strip, timeline.sample_rate)
        room = steps[first : first + len(powers)]
        room += powers[: len(room)] * np.float32(10 ** (gain / 10))
    return loudness.integrated(steps)
