"""Where music sounds, and that speech is always well above it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiopress.audio.arrange import Span, Strip, arrange, interlude, opening
from audiopress.audio.mix import strength
from audiopress.audio.music import NONE, RATE, Sound, Sounds
from audiopress.audio.pauses import LEAD_IN
from audiopress.audio.stitch import plan
from audiopress.audio.take import Take
from audiopress.model import Boundary, Clip, Pronunciation, Role, Segment, SegmentKind, Sentence, Utterance, Word

INTRO, TITLE, LEAD, SECTION, CREDIT, OUTRO = SegmentKind


def sound(seconds: float, *, cut: bool = False) -> Sound:
    samples = round(seconds * RATE)
    return Sound(Path("none.pcm"), 0, samples, np.ones(samples // 4800 + 2, np.float32), -20.0, -18.0, cut)


def spans(*spoken: tuple[SegmentKind, float, float]) -> list[Span]:
    return [
        Span(number, kind, round(start * RATE), round(stop * RATE)) for number, (kind, start, stop) in enumerate(spoken)
    ]


def place(strip: Strip) -> tuple[float, float, float, float]:
    """Seconds: from, to, fading in, fading out."""
    return tuple(round(samples / RATE, 3) for samples in (strip.start, strip.stop, strip.rise, strip.fall))  # type: ignore[return-value]


def heard(strip: Strip, *seconds: float) -> list[float]:
    """dB against the voice."""
    positions = np.array([round(second * RATE) for second in seconds])
    return [round(float(decibels), 1) for decibels in 20 * np.log10(strength(strip, positions))]


def test_without_music_there_is_a_quarter_second() -> None:
    assert opening(NONE, TITLE) == LEAD_IN == 0.25
    assert interlude(NONE) == 0.0
    assert arrange(NONE, spans((TITLE, 0.25, 2))) == ()


def test_long_intro_music_leads_the_voice_by_four_seconds_and_fades_under_the_first_segment() -> None:
    sounds = Sounds(intro=sound(12))
    assert opening(sounds, TITLE) == 4.25
    (strip,) = arrange(sounds, spans((TITLE, 4.25, 9.25), (LEAD, 10.25, 40)))
    assert place(strip) == (0.25, 9.25, 0.01, 3.0)
    assert heard(strip, 1, 4.0, 4.25, 6) == [0, 0, -24, -24]  # its loudest second is 2 LU louder: 22 below the voice
    assert heard(strip, 4.125) == [-5.5]  # it makes way gently before the first word


def test_under_a_long_first_segment_it_is_gone_after_eight_seconds() -> None:
    (strip,) = arrange(Sounds(intro=sound(12, cut=True)), spans((LEAD, 4.25, 300)))
    assert place(strip) == (0.25, 12.25, 0.01, 3.0)
    (strip,) = arrange(Sounds(intro=sound(9)), spans((LEAD, 4.25, 300)))
    assert place(strip) == (0.25, 9.25, 0.01, 0.01)  # it ends by itself


def test_short_intro_music_is_heard_whole_before_the_voice() -> None:
    sounds = Sounds(intro=sound(5.5))
    assert opening(sounds, TITLE) == 0.25 + 5.5 + 0.6
    (strip,) = arrange(sounds, spans((TITLE, 6.35, 9)))
    assert place(strip) == (0.25, 5.75, 0.01, 0.01)
    assert heard(strip, 1, 5.5) == [0, 0]


def test_a_bed_lies_under_the_headlines_rises_between_them_and_leaves_under_the_lead() -> None:
    sounds = Sounds(bed=sound(100))
    assert opening(sounds, TITLE) == 1.25
    assert opening(sounds, LEAD) == 0.25  # nothing to lie under
    (strip,) = arrange(sounds, spans((INTRO, 1.25, 4), (TITLE, 5.1, 9), (LEAD, 10, 40), (SECTION, 41.1, 60)))
    assert place(strip) == (0.25, 14.0, 0.01, 5.0)
    assert heard(strip, 0.5, 1.25, 4, 4.7, 5.1, 8.9) == [-10, -24, -24, -10, -24, -24]
    assert arrange(sounds, spans((LEAD, 0.25, 40))) == ()


def test_a_bed_is_gone_before_a_section_begins() -> None:
    spoken = spans((TITLE, 1.25, 4), (SECTION, 5, 9))
    (bed,) = arrange(Sounds(bed=sound(100)), spoken)
    assert place(bed)[1] == 4.75  # where the chapter begins
    spoken = spans((TITLE, 1.25, 4), (SECTION, 7.1, 9))
    bed, between = arrange(Sounds(bed=sound(100), section=sound(2)), spoken)
    assert place(bed)[1] == place(between)[0] == 4.5


def test_a_short_bed_is_repeated() -> None:
    (strip,) = arrange(Sounds(bed=sound(3)), spans((TITLE, 1.25, 9), (LEAD, 10, 40)))
    assert strip.crossfade == 0.75 * RATE


def test_intro_music_gives_way_to_a_bed() -> None:
    spoken = spans((TITLE, 4.25, 9), (LEAD, 10, 40))
    intro, bed = arrange(Sounds(intro=sound(12), bed=sound(60)), spoken)
    assert place(intro) == (0.25, 4.25, 0.01, 1.0)
    assert place(bed) == (3.25, 14.0, 1.0, 5.0)


def test_the_section_sound_stands_in_the_pause_before_each_section_and_nowhere_else() -> None:
    sounds = Sounds(section=sound(2))
    assert interlude(sounds) == pytest.approx(3.1)
    spoken = spans((TITLE, 0, 2), (LEAD, 3, 5), (SECTION, 8.1, 10), (SECTION, 13.1, 15), (CREDIT, 16.1, 17))
    assert [place(strip)[:2] for strip in arrange(sounds, spoken)] == [(5.5, 7.5), (10.5, 12.5)]
    assert arrange(sounds, spans((TITLE, 0, 2), (LEAD, 3, 5))) == ()
    assert arrange(sounds, spans((SECTION, 0, 2))) == ()  # nothing comes before it
    (long,) = arrange(Sounds(section=sound(60)), spans((TITLE, 0, 2), (SECTION, 7.1, 9)))
    assert place(long) == (2.5, 6.5, 0.01, 1.0)


def test_outro_music_begins_under_the_last_words_and_then_sounds_alone() -> None:
    spoken = spans((TITLE, 0, 2), (OUTRO, 10, 20))
    (strip,) = arrange(Sounds(outro=sound(15, cut=True)), spoken)
    assert place(strip) == (16, 31, 0.01, 3.0)
    assert heard(strip, 17, 20, 20.5, 25) == [-24, -24, 0, 0]
    (strip,) = arrange(Sounds(outro=sound(6)), spoken)
    assert place(strip)[:2] == (18, 24)  # a third of it
    (strip,) = arrange(Sounds(outro=sound(3)), spoken)
    assert place(strip)[:2] == (20.5, 23.5)
    (strip,) = arrange(Sounds(outro=sound(15)), spans((TITLE, 0, 2), (OUTRO, 19, 20)))
    assert place(strip)[:2] == (19, 34)  # not before the last segment


def take(kind: Boundary, voiced: int) -> Take:
    sentence = Sentence("سلام", 1, Role.BODY, kind)
    pronunciation = Pronunciation(Utterance(sentence, "سلام"), (Word("سلام", "sælˈɒm"),))
    clip = Clip(pronunciation, Path("none.wav"), voiced + 1440, 24000)
    return Take(clip, 0, voiced + 1440, 480, 480 + voiced, np.zeros(1, np.float32), -20.0)


lengths = st.none() | st.floats(0.01, 20).map(sound)
drawn_sounds = st.builds(Sounds, lengths, lengths, lengths, lengths).filter(lambda sounds: sounds != NONE)
drawn_takes = st.lists(st.tuples(st.sampled_from(Boundary), st.integers(0, 200000)), min_size=1, max_size=3)
drawn_segments = st.lists(st.tuples(st.sampled_from(SegmentKind), drawn_takes), min_size=1, max_size=6)


@settings(deadline=None, max_examples=150)
@given(drawn_sounds, drawn_segments)
def test_whatever_is_said_the_music_keeps_below_it(
    sounds: Sounds, drawn: list[tuple[SegmentKind, list[tuple[Boundary, int]]]]
) -> None:
    spoken = [
        (Segment(kind, "سر" if kind in {TITLE, SECTION} else "", 1, ()), [take(*facts) for facts in takes])
        for kind, takes in drawn
    ]
    timeline = plan("عنوان", spoken, sounds)
    assert timeline.sample_rate == 48000
    for strip in timeline.strips:
        assert 0 <= strip.start < strip.stop <= timeline.samples
        places = [position for position, _ in strip.curve]
        assert places == sorted(places)
        for piece in timeline.pieces:
            first, last = max(piece.start + 960, strip.start), min(piece.stop - 1920, strip.stop - 1)  # its speech
            if first <= last:
                assert strength(strip, np.linspace(first, last, 9).astype(int)).max() <= 10 ** (-24 / 20) + 1e-6
    ordered = sorted(timeline.strips, key=lambda strip: strip.start)
    for one, two in pairwise(ordered):
        assert two.start >= one.stop - RATE  # only intro music and bed meet, for a second
    for one, two in pairwise(timeline.pieces):
        assert one.stop <= two.start
    for chapter in timeline.chapters[1:]:
        assert any(0 <= piece.start + 960 - chapter.start <= 12000 for piece in timeline.pieces)


def test_greeting_and_title_are_one_chapter_and_the_good_bye_belongs_to_the_last() -> None:
    def said(kind: SegmentKind, heading: str) -> tuple[Segment, list[Take]]:
        return Segment(kind, heading, 1, ()), [take(Boundary.SECTION, 24000)]

    body = [said(LEAD, ""), said(SECTION, "بخش"), said(OUTRO, "")]
    greeted = plan("نام", [said(INTRO, ""), said(TITLE, "عنوان خبر"), *body])
    assert [chapter.title for chapter in greeted.chapters] == ["عنوان خبر", "بخش"]
    assert greeted.chapters[0].start == 0
    assert [chapter.title for chapter in plan("نام", [said(INTRO, ""), *body]).chapters] == ["نام", "بخش"]
    assert [chapter.title for chapter in plan("نام", [said(INTRO, "")]).chapters] == ["نام"]
