"""Characters on their own: every one of Unicode becomes something that the later passes know."""

import sys
import unicodedata

from audiopress.text.characters import LETTERS, MARKS, PAUSES, ZWNJ, fate, fold
from audiopress.text.tables import read_rows


def test_every_arabic_letter_of_unicode_becomes_persian() -> None:
    letters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Lo" and unicodedata.name(chr(code), "").startswith("ARABIC LETTER")
    ]
    assert len(letters) > 400
    for letter in letters:
        assert set(fold(letter)) <= set(LETTERS + MARKS + PAUSES + ZWNJ), letter


def test_folding_twice_is_folding_once() -> None:
    everything = "".join(chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000)
    assert fold(fold(everything)) == fold(everything)


def test_no_row_of_the_table_needs_a_second_look() -> None:
    for written, spoken, reason in read_rows("characters.tsv", 3):
        assert reason, written
        if not spoken.startswith("U+") and spoken not in "ةٕٓ":
            assert all(fate(character) in (character, "") for character in spoken), written


def test_marks_are_kept_once_and_in_one_order() -> None:
    assert fold("م\u064e\u064f\u0651") == "م\u0651\u064e"
    assert fold("\u064eآب") == "آب"


def test_a_bidi_mark_is_a_half_space_only_between_letters() -> None:
    assert fold("می\u200eرود \u200e.") == f"می{ZWNJ}رود ."
