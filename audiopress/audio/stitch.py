"""Putting clips one after another: first a timeline of sample positions, then a stream of PCM.

`plan` is pure arithmetic; `stream` opens one clip at a time, so memory does not grow with the programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from audiopress.audio.arrange import Span, arrange, ending, interlude, opening
from audiopress.audio.music import NONE, RATE
from audiopress.audio.pauses import CHAPTER_LEAD, PAUSES
from audiopress.audio.take import read
from audiopress.errors import AudioError
from audiopress.model import Boundary, Chapter, Cue, Mark, SegmentKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from audiopress.audio.arrange import Strip
    from audiopress.audio.music import Sounds
    from audiopress.audio.take import Take
    from audiopress.model import Segment

    type Shape = Callable[[int, NDArray[np.float32]], NDArray[np.float32]]
    type Blocks = Iterator[NDArray[np.float32]]
    type Finish = Callable[[Blocks], Blocks]

#: PCM rates a programme is stitched at; each is a whole fraction of 44.1 or 48 kHz.
RATES = (16000, 22050, 24000, 44100, 48000)

_FADE = 0.004  # seconds at both edges of a take: less than a plosive's burst, enough to hear no click
_BLOCK = 48000  # samples handed on at once, at most


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A take in its place: it sounds from ``start`` to ``stop``, in samples of the timeline."""

    take: Take
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A programme before it is sound: positions in samples at ``sample_rate``; silence lies between the pieces."""

    sample_rate: int
    samples: int
    pieces: tuple[Piece, ...]
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    strips: tuple[Strip, ...] = ()  #: music; see audio.mix


def plan(title: str, spoken: Sequence[tuple[Segment, Sequence[Take]]], sounds: Sounds = NONE) -> Timeline:
    """Lay out the takes of each segment, one take for each of its sentences, with pauses and music between them.

    Example::

        spoken = [(segment, [listen(clip) for clip in clips]) for segment, clips in …]
        plan("عنوان", spoken)   # → Timeline(sample_rate=24000, samples=…, chapters=(Chapter(0, …, "عنوان"), …))

    The timeline runs at the highest rate among the clips, so no clip loses its upper band, or with music at its rate. A
    chapter begins at each segment with a heading, a quarter of a second before its first word; greeting and title are
    one chapter, and lead, credit and good-bye belong to the chapter before them, because a chapter of one short
    sentence is of no use to a listener. The first chapter is called by its heading, or by ``title`` where it has none.
    Marks of the cues are positions in the programme.

    Raises:
        AudioError: there is nothing to say.
    """
    takes = [(segment, take) for segment, takes in spoken for take in takes]
    if not takes:
        raise AudioError("There is nothing to put together: no sentence was spoken.")
    music = sounds != NONE
    rate = RATE if music else _programme_rate(max(take.clip.sample_rate for _, take in takes))
    pieces: list[Piece] = []
    spans: list[Span] = []
    beginnings: list[tuple[int, str]] = []
    position = 0  # where the speech of the next take begins
    earliest = 0  # where the take before ends: edges kept around the speech do not overlap
    pause = opening(sounds, takes[0][0].kind)
    previous = None
    for segment, take in takes:
        begins = segment is not previous
        if begins and segment.kind is SegmentKind.SECTION and pieces:
            pause = max(pause, interlude(sounds))
        position += round(pause * rate)
        piece = _place(take, position, earliest, rate)
        if begins:
            chapter = max(earliest, position - round(CHAPTER_LEAD * rate)), _heading(segment)
            if previous is None or all(span.kind is SegmentKind.INTRO for span in spans):
                beginnings = [(chapter[0], chapter[1] or title)]
            elif chapter[1]:
                beginnings.append(chapter)
        pieces.append(piece)
        first = piece.start + _at(take.voiced_start - take.start, take, rate)
        position = piece.start + _at(take.voiced_stop - take.start, take, rate)
        spans.append(Span(spans[-1].segment + begins if spans else 0, segment.kind, first, position))
        earliest, previous = piece.stop, segment
        pause = PAUSES[take.clip.pronunciation.utterance.sentence.boundary]
    strips = arrange(sounds, spans) if music else ()
    samples = max(earliest, position + round(PAUSES[Boundary.END] * rate), ending(strips))
    cues = tuple(_cue(piece, rate) for piece in pieces)
    return Timeline(rate, samples, tuple(pieces), cues, _chapters(beginnings, samples), strips)


def _heading(segment: Segment) -> str:
    """Return what names a chapter that begins at a segment, "" where none does."""
    return "" if segment.kind in {SegmentKind.INTRO, SegmentKind.OUTRO} else segment.heading


def _unshaped(_index: int, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return samples


def _unfinished(blocks: Blocks) -> Blocks:
    return blocks


def stream(timeline: Timeline, shape: Shape = _unshaped, finish: Finish = _unfinished) -> Iterator[bytes]:
    """Yield the programme as mono 16-bit little-endian PCM, ``timeline.samples`` samples in all.

    ``shape(index, samples)`` may change the sound of the piece with that index (its level, say) but not its length; it
    gets float32 in [-1, 1). ``finish(blocks)`` gets all of it, block after block, and gives back as many samples.

    Raises:
        AudioError: a clip has gone or is damaged.
    """
    for block in finish(_speech(timeline, shape)):
        yield np.clip(np.rint(block * 32768), -32768, 32767).astype("<i2").tobytes()


def _speech(timeline: Timeline, shape: Shape) -> Blocks:
    """Yield the pieces and the silence between them."""
    position = 0
    for index, piece in enumerate(timeline.pieces):
        yield from _silence(piece.start - position)
        resampled = _resampled(read(piece.take), piece, timeline.sample_rate, quick=bool(timeline.strips))
        samples = _faded(resampled, timeline.sample_rate)
        shaped = shape(index, samples)
        for done in range(0, len(shaped), _BLOCK):
            yield shaped[done : done + _BLOCK]
        position = piece.stop
    yield from _silence(timeline.samples - position)


def _programme_rate(highest: int) -> int:
    """Return the lowest rate of RATES that keeps a clip of rate ``highest`` whole."""
    return next((rate for rate in RATES if rate >= highest), RATES[-1])


def _at(samples: int, take: Take, rate: int) -> int:
    """Return a length in a take's samples as a length at ``rate``: 147 at 22050 → 160 at 24000."""
    return round(samples * rate / take.clip.sample_rate)


def _place(take: Take, position: int, earliest: int, rate: int) -> Piece:
    """Put a take so that its speech begins at ``position``, or as soon after as the take before has ended."""
    start = max(earliest, position - _at(take.voiced_start - take.start, take, rate))
    return Piece(take, start, start + _at(take.stop - take.start, take, rate))


def _cue(piece: Piece, rate: int) -> Cue:
    take = piece.take
    marks = tuple(
        Mark(
            *(
                min(max(piece.start + _at(edge - take.start, take, rate), piece.start), piece.stop)
                for edge in (mark.start, mark.stop)
            )
        )
        for mark in take.clip.marks
    )
    return Cue(piece.start, piece.stop, take.clip.pronunciation, marks)


def _chapters(beginnings: list[tuple[int, str]], samples: int) -> tuple[Chapter, ...]:
    starts = [0, *(start for start, _ in beginnings[1:])]
    stops = [*starts[1:], samples]
    return tuple(Chapter(start, stop, name) for start, stop, (_, name) in zip(starts, stops, beginnings, strict=True))


def _silence(samples: int) -> Blocks:
    for done in range(0, samples, _BLOCK):
        yield np.zeros(min(_BLOCK, samples - done), dtype=np.float32)


def _faded(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return the samples with short fades at both ends."""
    length = min(int(_FADE * rate), len(samples) // 2)
    ramp = np.linspace(0, 1, length, endpoint=False, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(samples) - length :] *= ramp[::-1]
    return faded


def _resampled(samples: NDArray[np.float32], piece: Piece, rate: int, *, quick: bool) -> NDArray[np.float32]:
    """Return the samples at ``rate``, as long as the piece; a clip of another rate goes through its whole spectrum.

    An upsampled spectrum is the exact band-limited signal; pydub's own resampling draws straight lines between
    samples, which puts mirror images above the voice. ``quick`` adds silence up to a length of which a spectrum is
    quickly found: 3 times as quick on a programme whose every clip is resampled. Where that is the odd clip, it stays
    the same to the last bit as in earlier versions.
    """
    own, length = piece.take.clip.sample_rate, piece.stop - piece.start
    if own == rate:
        return samples
    unit = own // gcd(own, rate)  # a whole number of units has a whole number of samples at both rates
    units = -(-(len(samples) + unit) // unit)
    padded = (_round(units) if quick else units) * unit
    there = padded * rate // own
    spectrum = np.fft.rfft(samples, padded)
    fine = np.fft.irfft(spectrum[: there // 2 + 1], there) * (there / padded)
    resampled: NDArray[np.float32] = fine[:length].astype(np.float32)
    return resampled


def _round(number: int) -> int:
    """Return the lowest product of twos, threes and fives that is no less: 1999 → 2000."""
    best = 1 << max(0, number - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            two = three << max(0, -(-number // three) - 1).bit_length()
            best = min(best, two)
            three *= 3
        five *= 5
    return best
