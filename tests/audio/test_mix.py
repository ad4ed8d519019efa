"""Speech and music together: measured on the encoded file, decoded by a reader that is not ours."""

from __future__ import annotations

import hashlib
import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sounds import Decode, MakeClip, MakeMusic, babble, laid_out, quiet, strength_of, tone

from audiopress.audio import ffmpeg, loudness, master
from audiopress.audio.arrange import Strip
from audiopress.audio.limiter import limit, limit_stream
from audiopress.audio.mix import mixed, played, step_powers, strength
from audiopress.audio.music import open_music
from audiopress.audio.programme import Tags, write_programme
from audiopress.audio.stitch import stream
from audiopress.audio.wav import write_wav
from audiopress.errors import AudioError
from audiopress.model import Boundary, Clip, Music, SegmentKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.audio.music import Sound
    from audiopress.audio.stitch import Timeline

TAGS = Tags("عنوان", "نمایش", "ما")
INTRO, TITLE, LEAD, SECTION, CREDIT, OUTRO = SegmentKind


def programme(make_clip: MakeClip, tmp_path: Path, music: Music, rate: int = 24000, level: float = 0.1) -> Timeline:
    def said(seconds: float, seed: int, boundary: Boundary) -> Clip:
        return make_clip(babble(seconds, rate, level, seed), rate, boundary)

    spoken = [
        (INTRO, "", [said(1.5, 0, Boundary.SECTION)]),
        (TITLE, "عنوان", [said(2, 1, Boundary.TITLE)]),
        (LEAD, "", [said(5.5, 2, Boundary.SECTION)]),
        (SECTION, "یک", [said(1.5, 3, Boundary.SENTENCE), said(1, 4, Boundary.SECTION)]),
        (SECTION, "دو", [said(1.5, 5, Boundary.SECTION)]),
        (OUTRO, "", [said(4.5, 6, Boundary.END)]),
    ]
    return laid_out(spoken, open_music(music, tmp_path / "cache"))


def one(name: str, path: Path) -> Music:
    return Music(**{name: path})


def test_without_music_the_bytes_are_those_of_version_0_1(make_clip: MakeClip) -> None:
    steps = (np.arange(48000) * 37 % 801 - 400).astype(np.float32) / 32768 * 8  # whole numbers: alike on any machine
    clips = [
        make_clip(steps * (1 + n), boundary=boundary)
        for n, boundary in enumerate(b for b in Boundary if b is not Boundary.QUOTE)
    ]
    timeline = laid_out([(TITLE, "عنوان", clips[:2]), (SECTION, "یک", clips[2:4]), (SECTION, "دو", clips[4:])])
    assert timeline.strips == ()
    assert (timeline.sample_rate, timeline.samples) == (24000, 422400)
    assert [(chapter.start, chapter.stop) for chapter in timeline.chapters] == [
        (0, 123600),
        (123600, 258000),
        (258000, 422400),
    ]
    assert hashlib.sha256(b"".join(stream(timeline))).hexdigest() == (
        "37a2fc7fc4839c6c242d1572ac4c85ca25367c20bb424054633cb36bbe1f099a"
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("intro", (8000, 30.0)),
        ("intro", (22050, 0.05)),
        ("outro", (96000, 13.0)),
        ("section", (44100, 0.05)),
        ("bed", (44100, 0.05)),
    ],
)
def test_any_music_comes_out_at_the_right_loudness(
    make_clip: MakeClip, make_music: MakeMusic, tmp_path: Path, name: str, facts: tuple[int, float]
) -> None:
    rate, seconds = facts
    samples = np.stack([babble(seconds, rate, 0.4, 9), tone(seconds, rate, 660, 0.02)], axis=1)
    timeline = programme(make_clip, tmp_path, one(name, make_music("a.wav", samples, rate)))
    assert len(timeline.strips) == (2 if name == "section" else 1)
    finished = write_programme(timeline, tmp_path / "a.mp3", TAGS)
    measured = ffmpeg.measure(finished.path)
    assert measured.integrated == pytest.approx(-19, abs=0.5)
    assert measured.true_peak <= -1.0
    assert finished.samples == timeline.samples


def all_music(make_music: MakeMusic) -> Music:
    """A tone of its own for each, so that each is told apart from speech and from the others."""
    return Music(
        intro=make_music("i.wav", tone(20, 44100, 1000, 0.3), 44100),
        outro=make_music("o.wav", tone(20, 96000, 1400, 0.02), 96000),
        section=make_music("s.flac", tone(1.5, 22050, 1800, 0.9), 22050),
        bed=make_music("b.wav", np.repeat(tone(2.5, 48000, 2200, 0.2)[:, None], 2, axis=1), 48000),
    )


@pytest.mark.parametrize("suffix", ["mp3", "opus", "m4a"])
def test_music_is_heard_in_its_place_and_twenty_decibels_under_speech(
    make_clip: MakeClip, make_music: MakeMusic, decode: Decode, tmp_path: Path, suffix: str
) -> None:
    timeline = programme(make_clip, tmp_path, all_music(make_music))
    finished = write_programme(timeline, tmp_path / f"a.{suffix}", TAGS)
    assert finished.loudness == pytest.approx(-19, abs=0.5)
    assert finished.true_peak <= -1.0
    heard, rate = decode(finished.path)
    assert rate == 48000
    assert abs(len(heard) - finished.samples) <= 1152

    def level(hertz: float, start: float, stop: float) -> float:
        return strength_of(heard[round(start * rate) : round(stop * rate)], hertz)

    cue = [(cue.start / rate, cue.stop / rate) for cue in finished.cues]
    alone = level(1000, 0.5, 3.0)
    assert alone > -25  # as loud as the voice
    assert level(2200, 4.2, 5.6) > -60  # the bed has taken over
    assert level(1000, 4.3, 5.6) < alone - 30
    between = level(2200, cue[1][1] + 0.5, cue[2][0] - 0.26)
    assert between == pytest.approx(level(2200, *cue[1]) + 12, abs=2)  # it rises after the title
    for (_, before), (after, _) in ((cue[2], cue[3]), (cue[4], cue[5])):
        assert level(1800, before + 0.5, after - 0.6) > -25
        assert after - before == pytest.approx(2.6, abs=0.05)
    assert level(1400, cue[6][1] + 1, finished.seconds - 4) > -25
    assert np.abs(heard[-round(0.4 * rate) :]).max() < 0.001
    for number, (start, stop) in enumerate(cue):
        voice = 20 * np.log10(np.std(heard[round(start * rate) : round(stop * rate)]))
        for hertz in (1000, 1400, 1800, 2200):
            below = level(hertz, start + 0.05, stop - 0.05) - 3 - voice  # a sine's power lies 3 dB below its amplitude
            assert below <= -20, (number, hertz)


def test_outside_its_place_there_is_no_section_sound(
    make_clip: MakeClip, make_music: MakeMusic, tmp_path: Path
) -> None:
    timeline = programme(make_clip, tmp_path, one("section", make_music("s.wav", tone(1, 44100, 1800, 0.9))))
    samples = np.frombuffer(b"".join(master.mastered(timeline, master.levels(timeline))), dtype="<i2")
    assert len(samples) == timeline.samples
    sounding = np.zeros(len(samples), dtype=bool)
    for piece in (*timeline.pieces, *timeline.strips):
        sounding[piece.start : piece.stop] = True
    assert not samples[~sounding].any()
    assert [strip.stop - strip.start for strip in timeline.strips] == [48000, 48000]
    for strip, chapter in zip(timeline.strips, timeline.chapters[1:], strict=True):
        assert samples[strip.start : strip.stop].any()
        assert chapter.start - strip.stop == pytest.approx(0.35 * 48000, abs=480)  # an edge is kept before the word


def opened(make_music: MakeMusic, tmp_path: Path, samples: np.ndarray) -> Sound:
    bed = open_music(Music(bed=make_music("a.wav", samples, 48000)), tmp_path / "cache").bed
    assert bed is not None
    return bed


@pytest.mark.parametrize("seconds", [0.02, 0.31, 2.0])
def test_a_repeated_bed_neither_clicks_nor_pauses(make_music: MakeMusic, tmp_path: Path, seconds: float) -> None:
    sound = opened(make_music, tmp_path, tone(seconds, 48000, 333, 0.5))
    overlap = min(48000, sound.samples // 4)
    strip = Strip(sound, 1000, 1000 + 2 * 48000, ((0, 1.0),), 0, 0, overlap)
    heard = played(strip, strip.start, strip.stop)
    steepest = 2 * np.pi * 333 / 48000 * 0.5
    assert np.abs(np.diff(heard)).max() < 2 * steepest
    pieces = [played(strip, start, min(start + 17777, strip.stop)) for start in range(strip.start, strip.stop, 17777)]
    assert np.concatenate(pieces) == pytest.approx(heard, abs=1e-6)
    noise = opened(make_music, tmp_path, np.random.default_rng(1).uniform(-0.3, 0.3, 96000).astype(np.float32))
    looped = played(Strip(noise, 0, 480000, ((0, 1.0),), 0, 0, 24000), 0, 480000)
    tenths = np.std(looped.reshape(-1, 4800), axis=1)
    assert tenths.max() / tenths.min() < 1.1  # unrelated sounds keep their power in the cross-fade


def test_the_powers_of_a_strip_are_those_of_what_it_plays(make_music: MakeMusic, tmp_path: Path) -> None:
    sound = opened(make_music, tmp_path, np.random.default_rng(1).uniform(-0.3, 0.3, 96000).astype(np.float32))
    strip = Strip(sound, 4800, 4800 + 240000, ((48000, 1.0), (96000, 0.1)), 480, 48000, 24000)
    first, powers = step_powers(strip, 48000)
    assert (first, len(powers)) == (1, 50)
    heard = played(strip, 4800, 244800) * strength(strip, np.arange(4800, 244800))
    assert loudness.integrated(powers) == pytest.approx(loudness.integrated(loudness.powers(heard, 48000)), abs=0.2)
    assert powers[35] == pytest.approx(powers[5] / 100, rel=0.01)  # the same place, two turns later
    assert strength(strip, np.array([4800, 150000, 244799])) == pytest.approx([0.003, 0.1, 0.0], abs=0.01)


def test_a_stream_is_limited_as_if_it_were_one_clip() -> None:
    samples = babble(3, 48000, 0.9)
    edges = [0, 1, 500, 501, 48000, 48700, 100000, len(samples)]
    blocks = [samples[start:stop] for start, stop in pairwise(edges)]
    limited = list(limit_stream(blocks, 48000, -3.0))
    assert sum(map(len, limited)) == len(samples)
    assert np.concatenate(limited) == pytest.approx(limit(samples, 48000, -3.0), abs=1e-5)
    assert [len(block) for block in limit_stream([], 48000, -3.0)] == [0]
    assert np.concatenate(list(limit_stream([samples[:5]], 48000, -3.0))) == pytest.approx(samples[:5], abs=1e-6)


def test_loud_music_on_loud_speech_stays_below_the_ceiling(
    make_clip: MakeClip, make_music: MakeMusic, tmp_path: Path
) -> None:
    clicks = quiet(10, 48000)
    clicks[::24000] = 1.0  # as peaky as music can be
    timeline = programme(make_clip, tmp_path, one("outro", make_music("a.wav", clicks, 48000)), level=0.9)
    finished = write_programme(timeline, tmp_path / "a.mp3", TAGS)
    assert finished.true_peak <= -1.0
    assert finished.loudness == pytest.approx(-19, abs=0.5)


def test_music_mixes_into_a_wav_too(make_clip: MakeClip, make_music: MakeMusic, decode: Decode, tmp_path: Path) -> None:
    timeline = programme(make_clip, tmp_path, one("intro", make_music("a.wav", tone(5, 44100, 1000))))
    assert write_wav(timeline, tmp_path / "b.wav") == timeline.samples / 48000
    heard, rate = decode(tmp_path / "b.wav")
    assert (len(heard), rate) == (timeline.samples, 48000)
    assert strength_of(heard[24000:192000], 1000) > -25


def test_blocks_are_not_changed_in_place() -> None:
    block = quiet(1, 48000)
    assert next(mixed([block], [], [])) is not block


def test_music_that_has_gone_is_said_and_nothing_is_left(
    make_clip: MakeClip, make_music: MakeMusic, tmp_path: Path
) -> None:
    timeline = programme(make_clip, tmp_path, one("intro", make_music("a.wav", tone(5, 44100, 1000))))
    timeline.strips[0].sound.path.unlink()
    with pytest.raises(AudioError, match="has gone from the cache"):
        write_programme(timeline, tmp_path / "a.mp3", TAGS)
    assert not list(tmp_path.glob("*mp3*"))


def test_memory_does_not_grow_with_the_programme(make_clip: MakeClip, make_music: MakeMusic, tmp_path: Path) -> None:
    clip = make_clip(babble(3, 24000))
    music = all_music(make_music)

    def peak(sentences: int) -> tuple[int, int]:
        spoken = [(TITLE, "عنوان", [clip]), *((SECTION, f"{n}", [clip] * 3) for n in range(sentences // 3))]
        timeline = laid_out(spoken, open_music(music, tmp_path / "cache"))
        tracemalloc.start()
        samples = _count(master.mastered(timeline, master.levels(timeline)))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return samples, used

    short, long = peak(6), peak(36)
    assert long[0] > 3 * short[0]
    assert long[1] < 1.05 * short[1] + 1e6
    assert long[1] < 40e6


def _count(blocks: Iterator[bytes]) -> int:
    return sum(len(block) // 2 for block in blocks)
