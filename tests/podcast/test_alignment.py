"""Written words find the spoken ones, and their times."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.model import Boundary, Cue, Mark, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.podcast.alignment import TimedWord, bare, first_spoken, is_aligned, timed_words, written_words


def cue(written: str, spoken: str, *, step: int = 1000, marked: bool = True, start: int = 0) -> Cue:
    """Each spoken word lasts 800 samples, with 200 of silence after it."""
    words = tuple(Word(word, "x" * len(word)) for word in spoken.split())
    marks = tuple(Mark(start + step * n, start + step * n + step * 4 // 5) for n in range(len(words))) if marked else ()
    sentence = Sentence(written, 1, Role.BODY, Boundary.SENTENCE)
    return Cue(start, start + step * len(words), Pronunciation(Utterance(sentence, spoken), words), marks)


def said_as(written: str, spoken: str) -> list[str]:
    """Return the spoken words of each written one; «…» marks one that takes only a part of a spoken word."""
    words, voice = written.split(), spoken.split()
    firsts = first_spoken([bare(word) for word in words], [bare(word) for word in voice], words)
    parts = []
    for first, following in pairwise(firsts):
        whole = first == int(first) and following == int(following)
        parts.append(" ".join(voice[int(first) : -int(-following // 1)]) + ("" if whole else "…"))
    return parts


@pytest.mark.parametrize(
    ("written", "spoken", "expected"),
    [
        ("در ۲۵ تیر", "در بیست و پنج تیر", ["در", "بیست و پنج", "تیر"]),
        ("۲۱ و ۲۲ تیر", "بیست و یک و بیست و دو تیر", ["بیست و یک", "و", "بیست و دو", "تیر"]),
        (
            "سال ۱۴۰۴ هزار و ۲۰۰ نفر",
            "سال هزار و چهارصد و چهار هزار و دویست نفر",
            ["سال", "هزار و چهارصد و چهار", "هزار", "و", "دویست", "نفر"],
        ),
        ("او می گوید باران", "او می‌گوید باران", ["او", "می‌گوید…", "می‌گوید…", "باران"]),
        ("دست كم 25 نفر", "دست‌کم بیست و پنج نفر", ["دست‌کم…", "دست‌کم…", "بیست و پنج", "نفر"]),
        ("سه‌شنبه ۱۲ مهر", "سه شنبه دوازده مهر", ["سه شنبه", "دوازده", "مهر"]),
        ("تهران – مشهد", "تهران مشهد", ["تهران", "", "مشهد"]),
        ("شبکه BBC گفت", "شبکه بی بی سی گفت", ["شبکه", "بی بی سی", "گفت"]),
        ("رشد ۳۵٪ بود", "رشد سی و پنج درصد بود", ["رشد", "سی و پنج درصد", "بود"]),
        ("ساعت ۱۶:۳۰ آمد", "ساعت شانزده و سی دقیقه آمد", ["ساعت", "شانزده و سی دقیقه", "آمد"]),
        ("باران", "دیروز باران", ["دیروز باران"]),
        ("باران", "", [""]),
        ("«", "باران", ["باران"]),
    ],
)
def test_written_words_are_set_against_what_is_said(written: str, spoken: str, expected: list[str]) -> None:
    assert said_as(written, spoken) == expected


def test_times_are_the_voices_own() -> None:
    said = cue("در ۲۵ تیر", "در بیست و پنج تیر", start=5000)
    assert timed_words(said, written_words(said)) == (
        TimedWord(5000, 5800, "در"),
        TimedWord(6000, 8800, "۲۵"),
        TimedWord(9000, 9800, "تیر"),
    )
    assert is_aligned(said)


def test_two_written_words_said_as_one_share_its_time_by_their_letters() -> None:
    said = cue("او می گوید", "او می‌گوید", step=6000)
    assert timed_words(said, written_words(said)) == (
        TimedWord(0, 4800, "او"),
        TimedWord(6000, 7600, "می"),
        TimedWord(7600, 10800, "گوید"),
    )


def test_a_sign_that_is_not_said_lasts_no_time() -> None:
    said = cue("تهران – مشهد", "تهران مشهد")
    assert timed_words(said, written_words(said))[1] == TimedWord(1000, 1000, "–")


def test_without_marks_the_phonemes_share_the_time() -> None:
    said = cue("یک چهار", "یک چهار", marked=False)
    assert not is_aligned(said)
    assert timed_words(said, written_words(said)) == (TimedWord(0, 666, "یک"), TimedWord(666, 2000, "چهار"))


def test_marks_out_of_order_or_outside_the_cue_are_put_right() -> None:
    words = (Word("یک", "jek"), Word("دو", "do"))
    sentence = Sentence("یک دو", 1, Role.BODY, Boundary.SENTENCE)
    said = Cue(100, 200, Pronunciation(Utterance(sentence, "یک دو"), words), (Mark(180, 900), Mark(20, 150)))
    assert timed_words(said, ["یک", "دو"]) == (TimedWord(180, 180, "یک"), TimedWord(180, 180, "دو"))


def test_a_page_of_digits_is_divided_quickly() -> None:
    written = " ".join(["۱۲۳۴۵۶۷۸۹۰"] * 500)
    said = cue(written, " ".join(["یک"] * 9000))
    timed = timed_words(said, written_words(said))
    assert len(timed) == 500
    assert [word.start for word in timed[:3]] == [0, 18000, 36000]


word = st.text(alphabet="ابپتسشمو‌۰۱۲۵ABab،.«»–٪", min_size=1, max_size=8)


@given(st.lists(word, max_size=12), st.lists(word, max_size=20), st.booleans())
def test_times_ascend_within_the_cue_and_no_word_is_lost(written: list[str], spoken: list[str], marked: bool) -> None:  # noqa: FBT001
    said = cue(" ".join(written), " ".join(spoken), marked=marked, start=700)
    timed = timed_words(said, written_words(said))
    assert [word.text for word in timed] == " ".join(written).split()
    edges = [edge for word in timed for edge in (word.start, word.stop)]
    assert edges == sorted(edges)
    assert not edges or (said.start <= edges[0] and edges[-1] <= said.stop)
