"""Misspelled and glued words: the tables are sound, and what only looks wrong stays."""

import pytest

from audiopress.text.characters import fold
from audiopress.text.glued import part_words
from audiopress.text.slips import mend_words
from audiopress.text.tables import read_rows


def test_the_table_of_misspellings_is_sound() -> None:
    rows = read_rows("slips.tsv", 3)
    assert len(rows) > 100
    assert len({written for written, _, _ in rows}) == len(rows)
    for written, meant, reason in rows:
        assert reason, written
        assert fold(meant) == meant
        assert mend_words(written.rstrip("*")) == meant
        assert mend_words(meant) == meant


@pytest.mark.parametrize(
    "text",
    [
        "وبا و وهم",
        "جهان و درخت",
        "بامداد و بارانی",
        "ورزشکاران درخشان",
        "برنداشته و دررفته",
        "ازدواج",
        "وحشتناک",
        "راهنمایی",
    ],
)
def test_words_that_only_look_glued_stay(text: str) -> None:
    assert part_words(text) == text
    assert mend_words(text) == text


def test_a_glued_conjunction_is_parted() -> None:
    assert part_words("آب وکشاورزی ازکشور") == "آب و کشاورزی از کشور"
    assert part_words("وکشاورزی\u200cهای") == "و کشاورزی\u200cهای"
