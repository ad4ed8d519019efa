from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_of_pronounce import PERSIAN, utterance

from audiopress.model import Doubt, Pronunciation
from audiopress.pronounce import marks, respell
from audiopress.pronounce.phonemes import ALPHABET
from audiopress.pronounce.pronounce import phonemize_line, pronounce, vocalize_line

PHONEMES = st.lists(st.sampled_from(sorted(ALPHABET)), min_size=1, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("ملک", "molk"), ("مُلک", "molk"), ("مَلِک", "mælek"), ("بنا", "bænɒ"), ("بنّا", "bænnɒ"), ("گفت‌وگو", "ɡoftoɡu"),
    ],
)  # fmt: skip
def test_marks_allow_some_phonemes(word: str, phonemes: str) -> None:
    assert marks.fits(word, phonemes)


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [("مُلک", "melk"), ("مَلِک", "mælk"), ("بنّا", "bænɒ"), ("رَو", "ru"), ("م" * 30, "m" * 30)],
)
def test_marks_forbid_others(word: str, phonemes: str) -> None:
    assert not marks.fits(word, phonemes)


@pytest.mark.parametrize(
    ("word", "phonemes", "others", "marked"),
    [
        ("ملک", "molk", ["melk", "mælek"], "مُلک"),
        ("ملک", "mælek", ["melk", "molk", "mælæk"], "ملِک"),
        ("بنا", "bænnɒ", ["bænɒ"], "بنّا"),
        ("کرد", "kærd", ["kord"], "کَرد"),
        ("اعمال", "eʔmɒl", ["æʔmɒl"], "اِعمال"),
        ("شیر", "ʃir", [], "شیر"),
        ("دور", "dur", ["dor"], "دور"),
    ],
)
def test_the_fewest_marks_settle_a_reading(word: str, phonemes: str, others: list[str], marked: str) -> None:
    assert marks.settle(word, phonemes, others) == marked


@pytest.mark.parametrize(
    ("word", "phonemes", "marked"),
    [
        ("کتاب", "ketɒb", "کتابِ"),
        ("خانه", "xɒne", "خانهٔ"),
        ("راه", "rɒh", "راهِ"),
        ("صدا", "sedɒ", "صدایِ"),
        ("عضو", "ozv", "عضوِ"),
        ("شادی", "ʃɒdi", "شادیِ"),
    ],
)
def test_an_ezafe_is_written_as_the_orthography_asks(word: str, phonemes: str, marked: str) -> None:
    assert marks.with_ezafe(word, phonemes) == marked


@pytest.mark.parametrize(
    "line",
    [
        "کتاب من، خانه ما. راه دور دانشجوی ایران عضو شورا؟",
        "رئیس‌جمهور ایران دیروز در سخنرانی خود درباره ملک و مرد جوان گفت: همه آمدند.",
        "صدای ما، شادی ما و مصطفی موسوی در گفت‌وگوی ویژه خبری",
        "برای همه مردم کشورهای منطقه، نامه‌ای از وزیر امور خارجه رسید.",
    ],
)
def test_vocalized_text_reads_back_to_the_same_phonemes(line: str) -> None:
    assert phonemize_line(vocalize_line(line)) == phonemize_line(line)


@settings(max_examples=200, deadline=None)
@given(PERSIAN)
def test_vocalized_text_is_its_own_vocalization(text: str) -> None:
    once = vocalize_line(text)
    assert phonemize_line(once) == phonemize_line(text)
    assert vocalize_line(once) == once


def test_only_ezafe_and_homographs_are_marked() -> None:
    assert vocalize_line("کتاب خوب را به او داد") == "کتابِ خوب را به او داد"


def test_marks_decide_a_homograph() -> None:
    assert phonemize_line("او مُلک را دید") == "u molk rɒ did"
    assert phonemize_line("او مِلک را دید") == "u melk rɒ did"


def said(text: str) -> Pronunciation:
    return next(pronounce([utterance(text)]))


def test_words_that_nobody_knows_are_doubted() -> None:
    (word,) = said("بغشترون").words
    assert word.doubts == (Doubt.LETTERS,)
    assert all(Doubt.LETTERS not in word.doubts for word in said("کتاب‌های بزرگ در خانه").words)


def test_marked_words_are_not_doubted() -> None:
    doubts = [word.doubts for word in said("بَغشِترون مُلکِ ما").words]
    assert Doubt.LETTERS not in doubts[0]
    assert Doubt.EZAFE not in doubts[1]


def test_a_listeners_own_phonemes_go_before_all_else() -> None:
    own = {"ملک": "mælæk"}
    (first, second) = next(pronounce([utterance("ملک ملک‌های")], own)).words
    assert (first.plain.removesuffix("e"), second.plain) == ("mælæk", "mælækhɒje")
    assert Doubt.HOMOGRAPH not in first.doubts


@pytest.mark.parametrize(
    ("ipa", "ours"),
    [("ˈmolk", "molk"), ("t͡ʃɑːj", "tʃɒj"), ("d͡ʒaˈvɑn", "dʒævɒn"), ("ʔɒb", "ɒb"), ("ɢol", "qol"), ("gol", "ɡol")],
)
def test_usual_ipa_is_understood(ipa: str, ours: str) -> None:
    assert respell.from_ipa(ipa) == ours


@pytest.mark.parametrize("ipa", ["", "ː", "mθ", "12", "ملک"])
def test_what_is_no_phoneme_is_refused(ipa: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the callers' sentences are tested in test_own.py
        respell.from_ipa(ipa)


@given(PHONEMES)
def test_a_respelling_is_persian(phonemes: str) -> None:
    assert not set(respell.respell(phonemes)) & set("abcdeɒæʃʒ")
