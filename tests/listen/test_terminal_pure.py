"""The arithmetic of listening, what keys mean, and what is read when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.listen.terminal.keys import Key, KeyParser
from audiopress.listen.terminal.persian import clean, clock, times
from audiopress.listen.terminal.sentences import from_vtt, from_words, load_sentences, place
from audiopress.listen.terminal.sound import tempo
from audiopress.listen.terminal.timing import (
    Sleep,
    Until,
    chapter_at,
    chapter_before,
    chapter_end,
    faster,
    goes_on_at,
    is_heard,
    sleeps_in,
)
from audiopress.model import ChapterMark

if TYPE_CHECKING:
    from pathlib import Path

CHAPTERS = (ChapterMark(0, "الف"), ChapterMark(60_000, "ب"), ChapterMark(100_500, "پ"))


@pytest.mark.parametrize(("seconds", "chapter"), [(0, 0), (59.9, 0), (60, 1), (100.4, 1), (100.5, 2), (9999, 2)])
def test_chapter_at(seconds: float, chapter: int) -> None:
    assert chapter_at(CHAPTERS, seconds) == chapter


def test_no_chapters() -> None:
    assert chapter_at((), 5.0) == -1
    assert chapter_end((), 5.0, 300.0) == 300.0
    assert chapter_before((), 5.0) == 0.0
    assert chapter_at((ChapterMark(2000, "دیر"),), 1.0) == -1


def test_chapter_end() -> None:
    assert [chapter_end(CHAPTERS, at, 300.0) for at in (0, 60, 200)] == [60.0, 100.5, 300.0]


@pytest.mark.parametrize(("seconds", "to"), [(2, 0), (30, 0), (61, 0), (62.9, 0), (63.1, 60), (101, 60), (104, 100.5)])
def test_previous_leads_to_the_beginning_or_just_after_it_one_further(seconds: float, to: float) -> None:
    assert chapter_before(CHAPTERS, seconds) == to


@pytest.mark.parametrize(
    ("sleep", "speed", "left"),
    [
        (Sleep(Until.TIME, 900), 1.0, 890.0),
        (Sleep(Until.TIME, 900), 2.0, 890.0),  # 15 minutes are 15 minutes
        (Sleep(Until.CHAPTER, 100), 1.0, 40.0),
        (Sleep(Until.CHAPTER, 100), 2.0, 20.0),
        (Sleep(Until.EPISODE), 1.0, 240.0),
        (Sleep(Until.EPISODE), 0.5, 480.0),
        (Sleep(Until.TIME, 5), 1.0, 0.0),
        (Sleep(Until.CHAPTER, 50), 1.0, 0.0),
    ],
)
def test_sleep_is_right_at_every_speed(sleep: Sleep, speed: float, left: float) -> None:
    assert sleeps_in(sleep, position=60, length=300, heard=10, speed=speed) == left


@pytest.mark.parametrize(
    ("seconds", "played", "at"), [(0, False, 0), (2, False, 0), (61.5, False, 58.5), (61.5, True, 0), (400, False, 0)]
)
def test_goes_on_three_seconds_earlier(seconds: float, at: float, *, played: bool) -> None:
    assert goes_on_at(seconds, 365, played=played) == at


@pytest.mark.parametrize(
    ("seconds", "length", "heard"),
    [(300, 365, False), (354, 365, False), (354.1, 365, True), (3569, 3600, False), (3570, 3600, True), (5, 8, False)],
)
def test_is_heard(seconds: float, length: float, *, heard: bool) -> None:
    assert is_heard(seconds, length) is heard


def test_speeds_stay_whole_tenths_within_their_bounds() -> None:
    assert [faster(1.0, 1), faster(1.1, 1), faster(2.5, 1), faster(0.7, -1), faster(1.0, -3)] == [
        1.1,
        1.2,
        2.5,
        0.7,
        0.7,
    ]


@pytest.mark.parametrize(
    ("speed", "arguments"),
    [(1.0, []), (1.5, ["-af", "atempo=1.5"]), (2.5, ["-af", "atempo=2,atempo=1.25"]), (0.7, ["-af", "atempo=0.7"])],
)
def test_tempo_is_chained_above_two(speed: float, arguments: list[str]) -> None:
    assert tempo(speed) == arguments


def test_numbers_as_persian_readers_write_them() -> None:
    assert [clock(249.9), clock(3909), clock(-1)] == ["۴:۰۹", "۱:۰۵:۰۹", "۰:۰۰"]
    assert [times(1.0), times(1.3), times(2.0)] == ["۱×", "۱٫۳×", "۲×"]


def test_nothing_that_steers_a_terminal_stays_in_a_title() -> None:
    assert clean("الف\x1b[2Jب\nپ\u202eت\u2028ث\x9b1m می\u200cشود\ud800") == "الف [2Jب پ ت ث 1m می\u200cشود"


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b" ", (" ",)),
        (b"\x1b[C\x1bOD", ("right", "left")),
        (b"\x1b[1;5A\x1b[B", ("up", "down")),
        (b"\x1b[15~q", ("q",)),  # F5 has no meaning here
        (b"\r\n\x7f\x08", ("enter", "enter", "backspace", "backspace")),
        ("دحنت".encode(), ("n", "p", "k", "j")),  # the Persian layout
        ("۱٢3".encode(), ("1", "2", "3")),
        ("؟".encode(), ("?",)),
        (b"\xff\xfen", ("n",)),
        (b"\x1bn", ("escape", "n")),
        (b"", ()),
    ],
)
def test_keys(data: bytes, keys: tuple[str, ...]) -> None:
    assert KeyParser().feed(data) == keys


@pytest.mark.parametrize("data", [b"\x1b[C", "د".encode(), b"\x1b[1;5C"])
def test_a_key_may_come_byte_by_byte(data: bytes) -> None:
    parser = KeyParser()
    keys = [parser.feed(data[number : number + 1]) for number in range(len(data))]
    assert [each for each in keys if each] == [parser.feed(data)]
    assert not parser.waiting


def test_a_lone_escape_is_a_key_once_nothing_follows() -> None:
    parser = KeyParser()
    assert parser.feed(b"\x1b") == ()
    assert parser.waiting
    assert parser.flush() == (Key.ESCAPE,)
    assert parser.feed(b"n") == ("n",)


@given(st.lists(st.binary(max_size=12)))
def test_any_bytes_are_taken(pieces: list[bytes]) -> None:
    parser = KeyParser()
    for piece in pieces:
        parser.feed(piece)
    parser.flush()
    assert not parser.waiting
    assert parser.feed(b"q") == ("q",)


def _words(*words: tuple[float, float, str]) -> bytes:
    return json.dumps({"segments": [{"startTime": a, "endTime": b, "body": text} for a, b, text in words]}).encode()


def test_words_become_sentences_at_full_stops_and_pauses() -> None:
    data = _words((0.2, 0.5, "باران"), (1.6, 2, "هوا"), (2, 2.5, "گفت:"), (2.5, 3, "«بد!»"), (3, 4, "سپس"))
    said = [" ".join(word.text for word in sentence.words) for sentence in from_words(data)]
    assert said == ["باران", "هوا گفت: «بد!»", "سپس"]


def test_a_segment_may_be_a_sentence_with_its_words() -> None:
    words = [{"startTime": 0, "endTime": 1, "word": "یک"}, {"startTime": 1, "endTime": 2, "word": "دو."}]
    data = json.dumps({"segments": [{"startTime": 0, "endTime": 2, "body": "یک دو.", "words": words}]}).encode()
    (sentence,) = from_words(data)
    assert [(word.start, word.stop, word.text) for word in sentence.words] == [(0, 1, "یک"), (1, 2, "دو.")]


def test_a_segment_without_words_shares_its_time_by_letters() -> None:
    (sentence,) = from_words(_words((0.0, 4.0, "سلام ما ما")))
    assert [word.start for word in sentence.words] == [0.0, 2.0, 3.0]


def test_webvtt() -> None:
    text = "WEBVTT\n\n1\n00:00.500 --> 00:02.500 line:0\n<v راوی>باران\nآمد\n\n01:00:02.500 --> 01:00:03.000\nرفت\n"
    sentences = from_vtt(text.encode())
    assert [(each.start, [word.text for word in each.words]) for each in sentences] == [
        (0.5, ["باران", "آمد"]),
        (3602.5, ["رفت"]),
    ]


def test_place() -> None:
    sentences = from_words(_words((1, 2, "یک"), (2, 3, "دو."), (4, 5, "سه.")))
    assert [place(sentences, at) for at in (0, 1, 2.5, 3.5, 4, 99)] == [
        (-1, -1),
        (0, 0),
        (0, 1),
        (0, 1),
        (1, 0),
        (1, 0),
    ]
    assert place((), 5) == (-1, -1)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"segments": 5}', b'{"segments": [{"body": 3}]}', b"\xff", b"[" * 9999]
)
def test_a_transcript_that_cannot_be_read_is_as_good_as_none(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.words.json").write_bytes(data)
    assert load_sentences(tmp_path / "a.mp3") == ()
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nسلام\n", encoding="utf-8")
    assert [word.text for word in load_sentences(tmp_path / "a.mp3")[0].words] == ["سلام"]
