"""Word by word, as the podcast namespace's JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from audiopress.model import Boundary, Cue, Mark, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.podcast.transcript import timed_lines
from audiopress.podcast.words import words_json


def cue(written: str, spoken: str = "", start: int = 0, stop: int = 480000, *, marked: bool = True) -> Cue:
    words = tuple(Word(word, "x" * len(word)) for word in (spoken or written).split())
    step = (stop - start) // max(1, len(words))
    marks = tuple(Mark(start + step * n, start + step * (n + 1)) for n in range(len(words))) if marked else ()
    sentence = Sentence(written, 1, Role.BODY, Boundary.SENTENCE)
    return Cue(start, stop, Pronunciation(Utterance(sentence, spoken or written), words), marks)


def test_the_articles_own_words_with_their_times() -> None:
    said = cue("در ۲۵ تیر", "در بیست و پنج تیر", 12000, 252000)
    assert json.loads(words_json([said], 48000)) == {
        "version": "1.0.0",
        "timing": "aligned",
        "segments": [
            {"startTime": 0.25, "endTime": 1.25, "body": "در"},
            {"startTime": 1.25, "endTime": 4.25, "body": "۲۵"},
            {"startTime": 4.25, "endTime": 5.25, "body": "تیر"},
        ],
    }


def test_one_sentence_without_marks_makes_the_whole_an_estimate() -> None:
    said = [cue("باران آمد."), cue("رفت.", start=500000, stop=600000, marked=False)]
    assert json.loads(words_json(said, 48000))["timing"] == "estimated"


def test_letters_are_written_as_they_are() -> None:
    said = words_json([cue('«می‌رود» "<b>"')], 48000).decode()
    assert '"body":"«می‌رود»"' in said
    assert r'"body":"\"<b>\""' in said
    assert said.endswith("}\n")


def test_nothing_said_is_an_empty_transcript() -> None:
    assert json.loads(words_json([], 48000))["segments"] == []


written = st.text(
    alphabet=st.one_of(st.sampled_from('ابپتسشم‌ ،.:«»()۰۱۲abc<>&"\n\u200f\u2028-؟'), st.characters(codec="utf-8")),
    max_size=300,
)


@given(st.lists(written, max_size=4), st.booleans(), st.sampled_from([22050, 44100, 48000]))
def test_times_are_whole_milliseconds_ascend_and_agree_with_the_captions(
    texts: list[str],
    marked: bool,  # noqa: FBT001
    rate: int,
) -> None:
    cues = [cue(text, start=100000 * n, stop=100000 * n + 90001, marked=marked) for n, text in enumerate(texts)]
    segments = json.loads(words_json(cues, rate))["segments"]
    times = [round(1000 * segment[edge], 6) for segment in segments for edge in ("startTime", "endTime")]
    assert all(time == int(time) for time in times)
    assert times == sorted(times)
    lines = list(timed_lines(cues, rate))
    said = "".join(segment["body"] for segment in segments)
    assert said == "".join(line.replace(" ", "") for _, _, line in lines)
    # A line begins and ends where the words in it do, or in the silence around them.
    place = 0
    for begin, end, line in lines:
        words = line.split()
        while words and place < len(segments) and segments[place]["body"] == words[0]:
            first = round(1000 * segments[place]["startTime"])
            assert begin <= first <= end
            assert round(1000 * segments[place]["endTime"]) <= end
            words.pop(0)
            place += 1
        if words:  # a word longer than a line is cut in the captions only
            break
