"""Written → phonemes, one case a line of tests/corpora/pronounce."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiopress.pronounce.g2p import word_phonemes
from audiopress.pronounce.pronounce import phonemize_line
from audiopress.pronounce.stress import stressed as mark

CORPORA = Path(__file__).parents[1] / "corpora" / "pronounce"


def cases(name: str) -> list[tuple[str, str, str]]:
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    found = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert found, f"no case in {name}"
    assert all(len(cells) == 3 for cells in found), f"a line of {name} has not three cells"
    return [(cells[0], cells[1], cells[2]) for cells in found]


@pytest.mark.parametrize(("written", "phonemes", "reason"), cases("words.tsv"))
def test_a_word_alone(written: str, phonemes: str, reason: str) -> None:
    assert word_phonemes(written) == phonemes, reason


@pytest.mark.parametrize(("written", "phonemes", "reason"), cases("phrases.tsv"))
def test_words_in_a_phrase(written: str, phonemes: str, reason: str) -> None:
    assert phonemize_line(written) == phonemes, reason


@pytest.mark.parametrize(("written", "phonemes", "kind"), cases("ezafe.tsv"))
def test_ezafe_class_by_class(written: str, phonemes: str, kind: str) -> None:
    assert phonemize_line(written) == phonemes, kind


@pytest.mark.xfail(reason="known misses of the ezafe model")
@pytest.mark.parametrize(("written", "phonemes", "kind"), cases("ezafe_misses.tsv"))
def test_ezafes_that_are_still_missed(written: str, phonemes: str, kind: str) -> None:
    assert phonemize_line(written) == phonemes, kind


@pytest.mark.parametrize(("written", "stressed", "reason"), cases("stress.tsv"))
def test_where_the_stress_lies(written: str, stressed: str, reason: str) -> None:
    assert mark(written, word_phonemes(written)) == stressed, reason


def test_the_corpora_hold_enough() -> None:
    assert len(cases("words.tsv")) >= 200
    assert len(cases("phrases.tsv")) >= 50
    assert len({kind for _, _, kind in cases("ezafe.tsv")}) >= 10
