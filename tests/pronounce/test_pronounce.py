from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_of_pronounce import PERSIAN, utterance

from audiopress.pronounce import ezafe, lexicon
from audiopress.pronounce.phonemes import ALPHABET, STRESS, VOWELS
from audiopress.pronounce.pronounce import phonemize_line, pronounce

SOUNDS = sorted(ALPHABET, key=len, reverse=True)


def outside(phonemes: str) -> str:
    for sound in SOUNDS:
        phonemes = phonemes.replace(sound, "")
    return phonemes


def test_an_utterance_gets_its_words_with_stress_and_pauses() -> None:
    (said,) = pronounce([utterance("کتاب من، خانه ما.")])
    assert [word.phonemes for word in said.words] == ["ketˈɒbe", "mˈæn", "xɒnˈeje", "mˈɒ"]
    assert [word.after for word in said.words] == ["", ",", "", "."]
    assert [word.spoken for word in said.words] == ["کتاب", "من", "خانه", "ما"]
    assert said.plain == "ketɒbe mæn xɒneje mɒ"


def test_each_pause_has_its_mark() -> None:
    (said,) = pronounce([utterance("آب، نان؛ ماه: روز. شب؟ باد!")])
    assert [word.after for word in said.words] == [",", ";", ":", ".", "?", "!"]


def test_punctuation_alone_says_nothing_and_the_first_mark_counts() -> None:
    (silent, twice) = pronounce([utterance("،.؟"), utterance("آب؟!")])
    assert silent.words == ()
    assert [word.after for word in twice.words] == ["?"]


def test_utterances_are_taken_one_at_a_time() -> None:
    endless = (utterance("آب") for _ in itertools.count())
    assert [said.plain for said in itertools.islice(pronounce(endless), 3)] == ["ɒb"] * 3


def test_the_same_text_is_said_the_same() -> None:
    text = "رئیس‌جمهور ایران دیروز در سخنرانی خود گفت"
    assert phonemize_line(text) == phonemize_line(text) == next(pronounce([utterance(text)])).plain


def test_an_unvoiced_word_is_left_out() -> None:
    assert phonemize_line("abc کتاب 12 ـ") == "ketɒb"


@settings(max_examples=150, deadline=None)
@given(PERSIAN)
def test_every_sound_is_of_the_alphabet(text: str) -> None:
    assert not outside(phonemize_line(text).replace(" ", ""))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_no_text_crashes(text: str) -> None:
    (said,) = pronounce([utterance(text)])
    for word in said.words:
        assert word.plain
        assert word.spoken
        assert word.phonemes.count(STRESS) <= 1
        _, mark, after = word.phonemes.partition(STRESS)
        assert not mark or after[0] in VOWELS


@pytest.mark.parametrize("table", [lexicon.words, lexicon.suffixes, lexicon.links])
def test_every_table_speaks_the_alphabet(table: object) -> None:
    rows = table()  # type: ignore[operator]
    assert rows
    assert [word for word, phonemes in rows.items() if outside(phonemes)] == []


def test_an_ezafe_joins_after_every_kind_of_sound() -> None:
    assert ezafe.attach("ketɒb", "کتاب") == "ketɒbe"
    assert ezafe.attach("xɒne", "خانه") == "xɒneje"
    assert ezafe.attach("ʃɒdi", "شادی") == "ʃɒdije"
    assert ezafe.attach("sedɒ", "صدا") == "sedɒje"
    assert ezafe.attach("sedɒje", "صدای") == "sedɒje"
    assert ezafe.attach("dʒɒj", "جای") == "dʒɒje"


def test_a_joined_function_word_is_parted_for_the_model() -> None:
    assert ezafe.pieces("به‌عنوان") == ["به", "عنوان"]
    assert ezafe.pieces("کتاب‌های") == ["کتاب‌های"]
    assert ezafe.pieces("ممکن‌است") == ["ممکن", "است"]


def test_no_label_without_words() -> None:
    assert ezafe.label([]) == []


def test_importing_loads_neither_model_nor_library() -> None:
    code = (
        "import sys, audiopress.pronounce.pronounce;"
        "sys.exit(bool({'pycrfsuite', 'numpy', 'espeakng_loader'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
