"""Captions: WebVTT and SubRip say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.model import Boundary, Cue, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.podcast.captions import srt, webvtt
from audiopress.podcast.transcript import timed_lines


def cue(written: str, start: int = 0, stop: int = 480000) -> Cue:
    words = tuple(Word(word, "x" * len(word)) for word in written.split())
    sentence = Sentence(written, 1, Role.BODY, Boundary.SENTENCE)
    return Cue(start, stop, Pronunciation(Utterance(sentence, written), words))


def test_a_transcript_in_both_formats() -> None:
    cues = [cue("سلام بر شما.", 12000, 96000), cue("خدا نگهدار.", 117600, 168000)]
    assert webvtt(cues, 48000).decode() == (
        "WEBVTT\n\nNOTE language: fa\n\n"
        "00:00:00.250 --> 00:00:02.000\nسلام بر شما.\n\n"
        "00:00:02.450 --> 00:00:03.500\nخدا نگهدار.\n"
    )
    assert srt(cues, 48000).decode() == (
        "1\n00:00:00,250 --> 00:00:02,000\nسلام بر شما.\n\n2\n00:00:02,450 --> 00:00:03,500\nخدا نگهدار.\n"
    )


def test_nothing_said_is_an_empty_transcript() -> None:
    assert webvtt([], 48000) == b"WEBVTT\n\nNOTE language: fa\n"
    assert srt([], 48000) == b""


def test_hours_are_counted_on() -> None:
    long = 48000 * 3600 * 101
    assert b"101:00:00.000 --> 101:00:10.000" in webvtt([cue("سلام.", long, long + 480000)], 48000)


def test_what_webvtt_would_misread_is_escaped() -> None:
    said = webvtt([cue("نشانه <b> و & و --> را ببینید.")], 48000).decode()
    assert "نشانه &lt;b&gt; و &amp; و --&gt; را ببینید." in said


def test_what_subrip_would_misread_is_broken_by_a_word_joiner() -> None:
    said = srt([cue(r"نشانه <b> و </i> و {\an8} و --> و ۳ < ۴ است.")], 48000).decode()
    text = said.splitlines()[2]
    assert text == "نشانه <\u2060b> و <\u2060/i> و {\u2060\\an8} و -\u2060-> و ۳ < ۴ است."
    assert len(re.findall("-->", said)) == 1


@pytest.mark.parametrize("write", [webvtt, srt])
def test_a_line_that_begins_in_latin_still_runs_from_the_right(write: type[object]) -> None:
    said = write([cue("BBC گزارش داد."), cue("«BBC» گزارش داد."), cue("در BBC گفتند.")], 48000).decode()
    assert "\u200fBBC گزارش" in said
    assert "\u200f«BBC»" in said
    assert "\nدر BBC" in said


def test_a_caption_lasts_at_least_a_millisecond() -> None:
    assert list(timed_lines([cue("سلام.", 48000, 48000)], 48000)) == [(1000, 1001, "سلام.")]


def test_a_lone_surrogate_does_not_stop_the_press() -> None:
    assert "سلام ?" in webvtt([cue("سلام \ud800")], 48000).decode()
    assert "سلام ?" in srt([cue("سلام \ud800")], 48000).decode()


written = st.text(
    alphabet=st.one_of(st.sampled_from("ابپتسشم‌ ،.:«»()۰۱۲abc<>&{\\}-\n\u200f؟"), st.characters(codec="utf-8")),
    max_size=300,
)
_TIMES = re.compile(r"(\d{2,}):(\d\d):(\d\d)[.,](\d{3}) --> (\d{2,}):(\d\d):(\d\d)[.,](\d{3})")


def parsed(text: str, point: str) -> list[tuple[int, int, str]]:
    """Read captions as a plain reader does: blocks between empty lines, the line with the arrow, then the text."""
    found = []
    for block in re.split(r"\n\n+", text.strip("\n")):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines) if _TIMES.fullmatch(line) and line[-4] == point), None)
        if at is not None:
            hours = [int(part) for part in _TIMES.fullmatch(lines[at]).groups()]  # type: ignore[union-attr]
            times = [((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (hours[:4], hours[4:])]
            assert len(lines) == at + 2
            found.append((times[0], times[1], lines[at + 1]))
    return found


@given(written, st.integers(0, 10**9), st.integers(0, 10**6), st.sampled_from([22050, 44100, 48000]))
def test_both_formats_agree_to_the_millisecond(text: str, start: int, length: int, rate: int) -> None:
    cues = [cue(text, start, start + length)]
    expected = list(timed_lines(cues, rate))
    vtt = parsed(webvtt(cues, rate).decode(), ".")
    subrip = parsed(srt(cues, rate).decode(), ",")
    unescaped = [
        (begin, end, line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) for begin, end, line in vtt
    ]
    marks = "\u200f\u2060"
    plain = [(begin, end, line.translate(dict.fromkeys(map(ord, marks)))) for begin, end, line in subrip]
    assert [(b, e, line.translate(dict.fromkeys(map(ord, marks)))) for b, e, line in unescaped] == plain
    assert plain == [(b, e, line.translate(dict.fromkeys(map(ord, marks)))) for b, e, line in expected]
    for begin, end, line in plain:
        assert begin < end
        assert len(line) <= 64
