"""Where a show's music sounds and how loud: pure arithmetic on the places of the speech.

    intro   alone, then turned down under the first segment
    bed     under the headlines, rising in long pauses, gone soon after them
    section in the pause before a section
    outro   under the last words, then alone

All positions are known beforehand, so music makes way before a word begins, not after.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from audiopress.audio.music import MOST, RATE
from audiopress.audio.pauses import CHAPTER_LEAD, LEAD_IN
from audiopress.model import SegmentKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.audio.music import Sound, Sounds

_HEADLINES = frozenset({SegmentKind.INTRO, SegmentKind.TITLE})

#: LU against the voice at which music sounds alone: as loud, so that nobody reaches for the volume.
ALONE = 0.0
#: LU against the voice of a bed in a pause: 10 LU less are heard as half as loud, which is what a background is.
BED = -10.0
#: LU against the voice of music under speech, by its loudest second: WCAG 2 SC 1.4.7 asks for 20 dB; sentences may
#: stand 1.5 LU below the voice's median (audio.master), and coding adds a little.
UNDER_SPEECH = -22.0

#: Seconds that intro music sounds alone: long enough to be known again, short enough to wait for the news; the middle
#: of the three to five seconds that are usual before a newsreader speaks.
_INTRO = 4.0
#: Seconds up to which intro music is a sting of its own and is heard whole, before the voice begins.
_INTRO_WHOLE = 6.0
#: Seconds it goes on under the first segment at most, and over how many it fades.
_INTRO_UNDER = MOST["intro"] - _INTRO
_FADE = 3.0
#: Seconds of outro music under the last words, at most a third of it; a sound no longer than this waits until they are
#: said.
_OUTRO_UNDER = 4.0
#: Seconds of silence after it: it has died away already, and players cut to the next episode at once.
_OUTRO_TAIL = 0.5
#: Seconds between speech and a sound that stands alone: together the pause between two sections (audio.pauses), parted
#: so that the sound is closer to what it closes, and a chapter's beginning lies after it.
_AIR_BEFORE = 0.5
_AIR_AFTER = 0.6
#: Seconds over which a sound is faded that is cut short between sections: a quarter of the longest.
_SECTION_FADE = 1.0
#: Seconds a bed is heard before the first word where no intro music comes first, and over how many it follows on intro
#: music or on its own end: long enough that two unrelated pieces do not collide.
_BED_FIRST = 1.0
_CROSSFADE = 1.0
#: Seconds after the last headline until a bed is gone: under the lead's first words (a dozen of them take as long), or
#: within the pause where a section follows at once.
_BED_LEAVES = 5.0
_BED_LEAVES_SOON = 0.9
#: A pause of so many seconds lets the bed rise: that after a title, no pause between sentences (audio.pauses).
_RISES_IN = 0.99
#: Seconds over which music makes way before a word and comes back after it: a quick syllable and a slow one, so that
#: neither jumps; both fit into _RISES_IN.
_ATTACK = 0.25
_RELEASE = 0.5
#: Seconds of fade where a sound begins or ends by itself: no click from a file that does not start at zero.
_DECLICK = 0.010


@dataclass(frozen=True, slots=True)
class Span:
    """Speech from ``start`` to ``stop``, in samples of the timeline, in the segment of that number."""

    segment: int
    kind: SegmentKind
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A sound in its place: from ``start`` to ``stop`` of the timeline.

    ``curve`` gives its strength against the voice at some positions, as a factor; between them it turns gently.
    ``rise`` and ``fall`` are the samples over which it fades in and out. A sound that is shorter than its place starts
    anew ``crossfade`` samples before its end.
    """

    sound: Sound
    start: int
    stop: int
    curve: tuple[tuple[int, float], ...]
    rise: int
    fall: int
    crossfade: int = 0


def opening(sounds: Sounds, kind: SegmentKind) -> float:
    """Return the seconds before the first word, which is of that kind: 0.25 without music, 4.25 with intro music."""
    if sounds.intro:
        length = sounds.intro.samples / RATE
        return LEAD_IN + (length + _AIR_AFTER if length <= _INTRO_WHOLE else _INTRO)
    return LEAD_IN + (_BED_FIRST if sounds.bed and kind in _HEADLINES else 0.0)


def interlude(sounds: Sounds) -> float:
    """Return the seconds of the pause before a section in which its sound is heard, 0 where there is none."""
    if not sounds.section:
        return 0.0
    return _AIR_BEFORE + min(sounds.section.samples / RATE, MOST["section"]) + _AIR_AFTER


def ending(strips: Sequence[Strip]) -> int:
    """Return the position before which a programme with this music may not end."""
    return max((strip.stop for strip in strips), default=0) + _samples(_OUTRO_TAIL)


def arrange(sounds: Sounds, spans: Sequence[Span]) -> tuple[Strip, ...]:
    """Lay a show's music around and under its speech, in the order in which it ends.

    ``arrange(Sounds(intro=twelve_seconds), spans)`` → ``(Strip(start=12000, stop=588000, …),)``
    """
    runs = _runs(spans)
    outro = _outro(sounds.outro, spans, runs)
    sections = _sections(sounds.section, spans)
    end = outro[0].start if outro else spans[-1].stop + _samples(_BED_LEAVES)
    intro = _intro(sounds, spans, runs, end)
    bed = _bed(sounds, spans, runs, min([end, *(strip.start for strip in sections)]))
    return (*intro, *bed, *sections, *outro)


def _intro(sounds: Sounds, spans: Sequence[Span], runs: Sequence[tuple[int, int]], end: int) -> tuple[Strip, ...]:
    if not sounds.intro:
        return ()
    start = _samples(LEAD_IN)
    own = start + sounds.intro.samples
    if sounds.intro.samples <= _INTRO_WHOLE * RATE:
        return (_strip(sounds.intro, start, own, runs, ALONE),)
    first = spans[0].start
    if _headlines(spans) and sounds.bed:
        return (_strip(sounds.intro, start, first, runs, ALONE, fall=_CROSSFADE),)
    last = max(span.stop for span in spans if span.segment == spans[0].segment)
    stop = min(first + _samples(_INTRO_UNDER), last, end)
    fall = _DECLICK if own <= stop and not sounds.intro.cut else max(_CROSSFADE, min(_FADE, (stop - first) / RATE))
    return (_strip(sounds.intro, start, min(own, stop), runs, ALONE, fall=fall),)


def _bed(sounds: Sounds, spans: Sequence[Span], runs: Sequence[tuple[int, int]], end: int) -> tuple[Strip, ...]:
    """Lay the bed under the show's greeting and the title.

    The lead is text that is listened to closely, and may be the whole article, so the bed leaves under its first words.
    """
    headlines = _headlines(spans)
    if not (sounds.bed and headlines):
        return ()
    start = max(0, headlines[0].start - _samples(_BED_FIRST))
    if sounds.intro and sounds.intro.samples <= _INTRO_WHOLE * RATE:
        start = headlines[0].start - _samples(_AIR_AFTER)
    last = headlines[-1].stop
    after = spans[len(headlines) :]
    section = bool(after) and after[0].kind is SegmentKind.SECTION
    stop = min(last + _samples(_BED_LEAVES_SOON if section else _BED_LEAVES), end)
    if after:
        stop = min(stop, max(span.stop for span in after if span.segment == after[0].segment))
    if section:
        stop = min(stop, after[0].start - _samples(CHAPTER_LEAD))
    rise = _CROSSFADE if sounds.intro else _DECLICK
    return (_strip(sounds.bed, start, stop, runs, BED, rise=rise, fall=max(_CROSSFADE, (stop - last) / RATE)),)


def _sections(sound: Sound | None, spans: Sequence[Span]) -> tuple[Strip, ...]:
    if not sound:
        return ()
    length = min(sound.samples, _samples(MOST["section"]))
    fall = _DECLICK if length == sound.samples and not sound.cut else _SECTION_FADE
    words = [
        two.start for one, two in pairwise(spans) if two.segment != one.segment and two.kind is SegmentKind.SECTION
    ]
    stops = [word - _samples(_AIR_AFTER) for word in words]
    return tuple(_strip(sound, stop - length, stop, (), ALONE, fall=fall) for stop in stops)


def _outro(sound: Sound | None, spans: Sequence[Span], runs: Sequence[tuple[int, int]]) -> tuple[Strip, ...]:
    if not sound:
        return ()
    last = spans[-1].stop
    first = min(span.start for span in spans if span.segment == spans[-1].segment)
    short = sound.samples <= _OUTRO_UNDER * RATE
    under = min(_samples(_OUTRO_UNDER), sound.samples // 3)
    start = last + _samples(_AIR_BEFORE) if short else max(first, last - under)
    length = min(sound.samples, _samples(MOST["outro"]))
    fall = _DECLICK if length == sound.samples and not sound.cut else _FADE
    return (_strip(sound, start, start + length, runs, ALONE, fall=fall),)


def _headlines(spans: Sequence[Span]) -> Sequence[Span]:
    """Return the spans at the beginning that greet and give the title."""
    spoken = [span.kind in _HEADLINES for span in spans]
    return spans[: [*spoken, False].index(False)]


def _runs(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of speech that no long pause interrupts."""
    runs: list[tuple[int, int]] = []
    for span in spans:
        if runs and span.start - runs[-1][1] < _RISES_IN * RATE:
            runs[-1] = (runs[-1][0], max(runs[-1][1], span.stop))
        else:
            runs.append((span.start, span.stop))
    return tuple(runs)


def _strip(
    sound: Sound,
    start: int,
    stop: int,
    runs: Sequence[tuple[int, int]],
    alone: float,
    *,
    rise: float = _DECLICK,
    fall: float = _DECLICK,
) -> Strip:
    """Return a strip that makes way for the runs of speech it meets; seconds of fading never overlap."""
    loud = 10 ** (alone / 20)
    soft = 10 ** ((UNDER_SPEECH - (sound.loudest - sound.loudness)) / 20)
    curve: list[tuple[int, float]] = []
    for first, last in runs:
        before, after = first - _samples(_ATTACK), last + _samples(_RELEASE)
        if before < stop and after > start:
            curve += [(before, loud), (first, soft), (last, soft), (after, loud)]
    half = (stop - start) // 2
    crossfade = min(_samples(_CROSSFADE), sound.samples // 4) if stop - start > sound.samples else 0
    return Strip(
        sound,
        start,
        stop,
        tuple(curve) or ((start, loud),),
        min(_samples(rise), half),
        min(_samples(fall), half),
        crossfade,
    )


def _samples(seconds: float) -> int:
    return round(seconds * RATE)
