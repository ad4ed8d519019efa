"""Abbreviations whose reading depends on what stands beside them."""

import pytest

from audiopress.text.abbreviations import expand_abbreviations
from audiopress.text.characters import MARKS, PAUSES, fold
from audiopress.text.tables import read_rows


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ص ۱۲", "صفحه ۱۲"),
        ("محمد (ص)", "محمد صلی‌الله علیه و آله"),
        ("۲۰۲۳ م", "۲۰۲۳ میلادی"),
        ("۲۰ م", "۲۰ م"),
        ("م.ت", "میم تِ"),
        ("رفته‌ام. او آمد", "رفته‌ام. او آمد"),
        ("ره به خانه", "ره به خانه"),
    ],
)
def test_place_decides(written: str, spoken: str) -> None:
    assert " ".join(expand_abbreviations(written).split()) == spoken


def test_every_row_is_spoken_as_the_table_says() -> None:
    examples = {
        "word": "{}",
        "honour": "علی ({})",
        "after name": "علی {}",
        "year": "۱۳۲۰ {}",
        "gregorian": "۲۰۲۳ {}",
        "century": "قرن ۴ {}",
        "before number": "{} ۱۲",
        "after number": "۱۲ {}",
        "before name": "{}. احمدی",
        "reference": "{}: دهخدا",
        "before word": "{} آزادی",
    }
    rows = read_rows("abbreviations.tsv", 4)
    assert {row[2] for row in rows} == set(examples)
    for written, spoken, place, reason in rows:
        assert reason, written
        assert spoken in " ".join(expand_abbreviations(examples[place].format(written)).split()), written


def test_what_is_spoken_is_not_abbreviated_again() -> None:
    for _, spoken, _, _ in read_rows("abbreviations.tsv", 4):
        assert fold(spoken) == spoken
        assert expand_abbreviations(spoken) == spoken
        assert not set(spoken) & set(MARKS[0] + PAUSES)
