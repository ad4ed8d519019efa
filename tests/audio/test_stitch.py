"""The timeline is arithmetic, and the stream is as long as the timeline says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import MakeClip, babble, quiet, tone

from audiopress.audio.pauses import CHAPTER_LEAD, LEAD_IN, PAUSES
from audiopress.audio.stitch import Timeline, _round, plan, stream
from audiopress.audio.take import Take, listen
from audiopress.errors import AudioError
from audiopress.model import Boundary, Clip, Mark, Pronunciation, Role, Segment, SegmentKind, Sentence, Utterance, Word


def segment(kind: SegmentKind, heading: str, *takes: Take) -> tuple[Segment, tuple[Take, ...]]:
    sentences = tuple(take.clip.pronunciation.utterance.sentence for take in takes)
    return Segment(kind, heading, int(bool(heading)), sentences), takes


def pcm(timeline: Timeline) -> np.ndarray:
    return np.frombuffer(b"".join(stream(timeline)), dtype="<i2")


def test_the_pauses_are_those_of_the_table(make_clip: MakeClip) -> None:
    takes = [listen(make_clip(tone(1, 24000), boundary=boundary)) for boundary in Boundary]
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", *takes)])
    assert timeline.pieces[0].start == round(LEAD_IN * 24000)
    for boundary, one, two in zip(Boundary, timeline.pieces, timeline.pieces[1:], strict=False):
        assert two.start - one.stop == round(PAUSES[boundary] * 24000), boundary
    assert timeline.samples - timeline.pieces[-1].stop == round(PAUSES[Boundary.END] * 24000)


@pytest.mark.parametrize("rate", [16000, 22050, 24000])
def test_silence_at_the_edges_of_a_clip_does_not_lengthen_the_pause(make_clip: MakeClip, rate: int) -> None:
    speech = tone(1, rate)
    padded = np.concatenate([quiet(0.4, rate), speech, quiet(0.7, rate)])
    takes = [listen(make_clip(padded, rate)) for _ in range(2)]
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", *takes)])
    loud = np.flatnonzero(np.abs(pcm(timeline)) > 300)
    pause = np.diff(loud).max() / rate
    assert pause == pytest.approx(PAUSES[Boundary.SENTENCE], abs=0.021)  # edges are found to 10 ms each


def test_lead_and_credit_belong_to_the_chapter_before_them(make_clip: MakeClip) -> None:
    takes = [listen(make_clip(tone(1, 24000))) for _ in range(6)]
    timeline = plan(
        "عنوان",
        [
            segment(SegmentKind.TITLE, "عنوان خبر", takes[0]),
            segment(SegmentKind.LEAD, "", takes[1]),
            segment(SegmentKind.SECTION, "بخش یک", takes[2]),
            segment(SegmentKind.SECTION, "بخش دو", takes[3], takes[4]),
            segment(SegmentKind.CREDIT, "", takes[5]),
        ],
    )
    assert [chapter.title for chapter in timeline.chapters] == ["عنوان خبر", "بخش یک", "بخش دو"]
    assert timeline.chapters[0].start == 0
    assert timeline.chapters[-1].stop == timeline.samples
    for one, two in zip(timeline.chapters, timeline.chapters[1:], strict=False):
        assert one.stop == two.start
    assert timeline.pieces[2].start - timeline.chapters[1].start == round(CHAPTER_LEAD * 24000)


def test_a_programme_without_headings_is_one_chapter_with_the_title(make_clip: MakeClip) -> None:
    timeline = plan("عنوان", [segment(SegmentKind.LEAD, "", listen(make_clip(tone(1, 24000))))])
    assert [(chapter.start, chapter.stop, chapter.title) for chapter in timeline.chapters] == [
        (0, timeline.samples, "عنوان")
    ]


def test_two_equal_headings_are_two_chapters(make_clip: MakeClip) -> None:
    take = listen(make_clip(tone(1, 24000)))
    one, two = segment(SegmentKind.SECTION, "بخش", take), segment(SegmentKind.SECTION, "بخش", take)
    assert len(plan("عنوان", [one, two]).chapters) == 2


def test_marks_become_positions_in_the_programme(make_clip: MakeClip) -> None:
    samples = np.concatenate([quiet(0.5, 24000), tone(1, 24000), quiet(0.5, 24000)])
    clip = make_clip(samples, marks=(Mark(12000, 24000), Mark(24000, 36000)))
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", listen(clip))])
    first = round(LEAD_IN * 24000)
    assert timeline.cues[0].marks == (Mark(first, first + 12000), Mark(first + 12000, first + 24000))


def test_the_stream_is_as_long_as_the_timeline_and_silent_between(make_clip: MakeClip) -> None:
    takes = [listen(make_clip(babble(0.7, 22050, seed=seed), 22050)) for seed in range(3)]
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", *takes)])
    samples = pcm(timeline)
    assert len(samples) == timeline.samples
    for one, two in zip(timeline.pieces, timeline.pieces[1:], strict=False):
        assert not samples[one.stop : two.start].any()
        assert samples[one.start : one.stop].any()


def test_a_clip_of_another_rate_is_brought_to_the_highest_without_images(make_clip: MakeClip) -> None:
    foreign = listen(make_clip(tone(1, 22050, 5000), 22050))
    own = listen(make_clip(tone(1, 24000, 5000), 24000))
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", foreign, own)])
    assert timeline.sample_rate == 24000
    piece = timeline.pieces[0]
    assert piece.stop - piece.start == 24000
    heard = pcm(timeline)[piece.start + 2400 : piece.stop - 2400].astype(float)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    hertz = np.fft.rfftfreq(len(heard), 1 / 24000)
    assert hertz[spectrum.argmax()] == pytest.approx(5000, abs=2)
    assert spectrum[np.abs(hertz - 5000) > 50].max() < spectrum.max() * 10 ** (-70 / 20)


def test_nothing_to_say_is_said() -> None:
    with pytest.raises(AudioError, match="nothing to put together"):
        plan("عنوان", [])


def test_a_clip_that_has_gone_or_is_damaged_is_said(make_clip: MakeClip) -> None:
    gone, cut, noise, wrong = (make_clip(tone(1, 24000)) for _ in range(4))
    gone.path.unlink()
    cut.path.write_bytes(cut.path.read_bytes()[:20000])
    noise.path.write_bytes(b"no sound at all")
    other = Clip(wrong.pronunciation, wrong.path, wrong.samples, 22050)
    with pytest.raises(AudioError, match="has gone"):
        listen(gone)
    for clip in (cut, noise, other):
        with pytest.raises(AudioError, match="is damaged"):
            listen(clip)


def test_a_silent_clip_is_kept_whole_and_an_empty_one_takes_no_time(make_clip: MakeClip) -> None:
    silent, empty = listen(make_clip(quiet(0.5, 24000))), listen(make_clip(quiet(0, 24000)))
    assert (silent.start, silent.stop) == (0, 12000)
    timeline = plan("عنوان", [segment(SegmentKind.TITLE, "عنوان", silent, empty, listen(make_clip(tone(1, 24000))))])
    assert len(pcm(timeline)) == timeline.samples


edges = st.integers(0, 3000)
shapes = st.tuples(edges, edges, edges, st.sampled_from([16000, 22050, 24000]))
drawn_takes = st.lists(st.tuples(shapes, st.sampled_from(Boundary), st.booleans()), min_size=1, max_size=12)


@settings(deadline=None)
@given(drawn_takes)
def test_pieces_never_overlap_and_chapters_touch(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[tuple[int, int, int, int], Boundary, bool]]
) -> None:
    spoken = []
    for (before, voiced, after, rate), boundary, heading in drawn:
        sentence = Sentence("سلام", 1, Role.BODY, boundary)
        pronunciation = Pronunciation(Utterance(sentence, "سلام"), (Word("سلام", "sælˈɒm"),))
        whole = before + voiced + after
        clip = Clip(pronunciation, tmp_path_factory.getbasetemp() / "none.wav", whole, rate, (Mark(0, whole),))
        take = Take(clip, 0, whole, before, before + voiced, np.zeros(1, np.float32), -20.0)
        spoken.append((Segment(SegmentKind.SECTION, "بخش" if heading else "", 1, (sentence,)), (take,)))
    timeline = plan("عنوان", spoken)
    places = [0, *(edge for piece in timeline.pieces for edge in (piece.start, piece.stop)), timeline.samples]
    assert places == sorted(places)
    chapters = timeline.chapters
    assert chapters[0].start == 0
    assert chapters[-1].stop == timeline.samples
    assert all(one.stop == two.start and one.start < one.stop for one, two in pairwise(chapters))
    for cue in timeline.cues:
        assert all(cue.start <= mark.start <= mark.stop <= cue.stop for mark in cue.marks)


def test_round_numbers_have_small_factors() -> None:
    assert [_round(number) for number in (1, 2, 7, 11, 121, 1999, 65537, 1_000_003)] == [
        1,
        2,
        8,
        12,
        125,
        2000,
        65610,
        1_012_500,
    ]


def test_a_pause_follows_each_kind_of_boundary() -> None:
    assert set(PAUSES) == set(Boundary)
