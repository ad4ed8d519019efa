"""The transcript: the article's spelling, lines that fit, times that rise."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from audiopress.model import Boundary, ChapterMark, Cue, Mark, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.podcast.captions import webvtt
from audiopress.podcast.chapters import chapters_json
from audiopress.podcast.transcript import phrases

LONG = (
    "رئیس سازمان هواشناسی کشور گفت: بارش‌ها از روز سه‌شنبه ۲۵ تیر در استان‌های شمالی آغاز می‌شود، "
    "اما در نیمه جنوبی کشور هوا همچنان گرم و خشک خواهد بود و دمای برخی شهرها به ۴۸ درجه می‌رسد."
)


def cue(written: str, start: int = 0, stop: int = 480000, *, spoken: str = "", marked: bool = False) -> Cue:
    words = tuple(Word(word.strip("،:.؟!«»"), "x" * len(word)) for word in (spoken or written).split())
    step = (stop - start) // max(1, len(words))
    marks = tuple(Mark(start + step * n, start + step * (n + 1)) for n in range(len(words))) if marked else ()
    sentence = Sentence(written, 1, Role.BODY, Boundary.SENTENCE)
    return Cue(start, stop, Pronunciation(Utterance(sentence, spoken or written), words), marks)


def test_a_short_sentence_is_one_line() -> None:
    assert phrases(cue("سلام بر شما.", 12000, 96000)) == ((12000, 96000, "سلام بر شما."),)


def test_a_long_sentence_is_divided_where_a_reader_breathes() -> None:
    assert [line for _, _, line in phrases(cue(LONG))] == [
        "رئیس سازمان هواشناسی کشور گفت:",
        "بارش‌ها از روز سه‌شنبه ۲۵ تیر در استان‌های شمالی آغاز می‌شود،",
        "اما در نیمه جنوبی کشور هوا همچنان گرم و خشک خواهد بود",
        "و دمای برخی شهرها به ۴۸ درجه می‌رسد.",
    ]


def test_lines_begin_when_the_voice_says_their_first_word() -> None:
    spoken = LONG.replace("۲۵", "بیست و پنج").replace("۴۸", "چهل و هشت").replace("سه‌شنبه", "سه شنبه")
    whole = cue(LONG, spoken=spoken, marked=True)
    words = [word.spoken for word in whole.pronunciation.words]
    starts = [start for start, _, _ in phrases(whole)]
    expected = [0, whole.marks[words.index("بارش‌ها")].start, whole.marks[words.index("اما")].start]
    assert starts[:3] == expected
    assert starts[3] == whole.marks[words.index("دمای") - 1].start


def test_without_marks_the_phonemes_share_the_time() -> None:
    (_, first, _), *_, (last, stop, _) = phrases(cue(LONG, 1000, 481000))
    assert 1000 + 480000 * 0.1 < first < 1000 + 480000 * 0.25
    assert 1000 + 480000 * 0.7 < last < stop == 481000


def test_control_and_direction_characters_do_not_reach_the_transcript() -> None:
    said = webvtt([cue("سلام\u202e \u0000بر\u200f شما\nهمه\u2066.")], 48000).decode()
    assert said.endswith("سلام بر شما همه.\n")


def test_half_spaces_are_kept() -> None:
    assert "می‌رود" in webvtt([cue("او می‌رود.")], 48000).decode()


written = st.text(
    alphabet=st.one_of(st.sampled_from("ابپتسشم‌ ،.:«»()۰۱۲abc<>&\n\u200f-؟"), st.characters(codec="utf-8")),
    max_size=400,
)


@given(written, st.booleans(), st.integers(0, 10**9), st.integers(0, 10**6))
def test_lines_fit_times_rise_and_no_word_is_lost(text: str, marked: bool, start: int, length: int) -> None:  # noqa: FBT001
    whole = cue(text, start, start + length, marked=marked)
    lines = phrases(whole)
    said = webvtt([whole], 48000).decode()
    for line in said.splitlines():
        if "-->" in line:
            assert re.fullmatch(r"\d\d+:\d\d:\d\d\.\d{3} --> \d\d+:\d\d:\d\d\.\d{3}", line)
    for _, _, line in lines:
        assert 0 < len(line) <= 64
    edges = [edge for begin, end, _ in lines for edge in (begin, end)]
    assert edges == sorted(edges)
    if lines:
        assert (edges[0], edges[-1]) == (whole.start, whole.stop)
    kept = re.sub(r"[\u0000-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\s]", "", text)
    assert "".join(line for _, _, line in lines).replace(" ", "").split() == ["".join(kept.split())][: bool(kept)]


def test_chapters_are_the_specifications_json() -> None:
    data = chapters_json((ChapterMark(0, "خبر «یک»"), ChapterMark(3000, "دو")))
    assert json.loads(data) == {
        "version": "1.2.0",
        "chapters": [{"startTime": 0.0, "title": "خبر «یک»"}, {"startTime": 3.0, "title": "دو"}],
    }
    assert "خبر" in data.decode()
