"""A listener's own readings: how they match, and how a wrong line is told."""

from pathlib import Path

import pytest

from audiopress.errors import ConfigError
from audiopress.text.readings import NONE, load_readings


def lexicon(folder: Path, text: str) -> Path:
    path = folder / "lexicon.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_longest_form_wins(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "بانک\tبانک\nبانک ملی\tبانک ملی ایران\n"))
    assert readings.apply("از بانک ملی و بانک سپه") == "از بانک ملی ایران و بانک سپه"


def test_a_form_matches_whole_words_only(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "سپه\tسِپَه\n"))
    assert readings.apply("سپهر به سپه رفت") == "سپهر به سِپَه رفت"


def test_space_and_half_space_are_alike(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "اف ای تی اف\tگروه ویژه\n"))
    assert readings.apply("در اف‌ای‌تی‌اف بود") == "در گروه ویژه بود"


def test_arabic_letters_in_a_lexicon_match(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "كي‌يف\tکییِف\n"))
    assert readings.apply("در کی‌یف") == "در کییِف"


def test_signs_can_be_read(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "C++\tسی پلاس\n"))
    assert readings.apply("زبان C++ است") == "زبان سی پلاس است"


def test_comments_empty_lines_and_repetitions_are_welcome(tmp_path: Path) -> None:
    readings = load_readings(lexicon(tmp_path, "\ufeff# سرخط\n\nآب\tاب\r\nآب\tاب\n"))
    assert len(readings.spoken) == 1


def test_no_readings_change_nothing() -> None:
    assert NONE.apply("متن") == "متن"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("آب اب\n", "line 1: write the word, one tab"),
        ("\n\nآب\tاب\tسوم\n", "line 3: write the word, one tab"),
        ("آب\t\n", "line 1: both the word"),
        ("\tآب\n", "line 1: both the word"),
        ("آب\tab\n", "line 1: the reading holds 'a'"),
        ("آب\t۱۲\n", "line 1: the reading holds '۱'"),
        ("آب\tاب\nآب\tآو\n", "line 2: 'آب' already has the reading 'اب'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = lexicon(tmp_path, text)
    with pytest.raises(ConfigError, match="lexicon.tsv, " + complaint.replace("[", r"\[")):
        load_readings(path)


def test_a_missing_lexicon_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_readings(tmp_path / "none.tsv")


def test_a_lexicon_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_readings(path)
