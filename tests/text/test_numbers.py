"""Numbers written → spoken: the corpora, one case a line, and what must hold for any text."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.text.numbers import cardinals
from audiopress.text.numbers.numerals import speak_numbers

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

CORPORA = Path(__file__).parent.parent / "corpora" / "numbers"
#: Pieces from which the properties build sentences: what stands in and beside numbers in the news.
PIECES = st.sampled_from(
    [
        *"0123456789۰۱۲۳۴۵۶۷۸۹٣½²①Ⅳ०",
        *"٪%$€£°×±=/:-–.,٫٬+،؛()«»#*~^_'",
        *(" ", "\u200c", "\u200f", "\n", "م", "ام", "مین", "و", "تا", "ی", "ق", "ص", "IV", "km/h", "°C", "X", "e5"),
        *("درصد", "ساعت ", "سال ", "بهمن", "می", "صفر", "هزار", "میلیون ", "دلار", "تلفن ", "کارت ", "قرن "),
        *("پیروز ", "فصل ", "نفر", "نسخه ", "بقره/", "بند ", "کد ملی ", "لوئی ", "رکورد ", "نهایی", "دمای "),
    ]
)


def cases() -> list[ParameterSet]:
    found = []
    for path in sorted(CORPORA.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("# "):
                written, spoken, reason = line.split("\t")
                found.append(pytest.param(written, spoken, id=f"{path.stem}:{number} {reason}"))
    return found


CASES = cases()


def has_digit(text: str) -> bool:
    return any(unicodedata.category(char).startswith("N") for char in text)


def test_the_corpora_are_not_empty() -> None:
    assert len(CASES) > 800


@pytest.mark.parametrize("path", sorted(CORPORA.glob("*.tsv")), ids=lambda path: path.stem)
def test_each_corpus_has_sixty_cases_and_no_case_twice(path: Path) -> None:
    written = [line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines() if line[:2] != "# "]
    assert len(written) >= 60
    assert len(set(written)) == len(written)


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_a_number_is_spoken(written: str, spoken: str) -> None:
    assert speak_numbers(written) == spoken


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_what_is_spoken_stays(written: str, spoken: str) -> None:
    assert speak_numbers(spoken) == spoken


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_the_script_of_the_digits_does_not_matter(written: str, spoken: str) -> None:
    for zero in "0۰٠":
        same = "".join(
            chr(ord(zero) + int(char)) if char in "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩" else char for char in written
        )
        assert speak_numbers(same) == spoken


@given(st.text())
def test_any_text_loses_its_digits(text: str) -> None:
    spoken = speak_numbers(text)
    assert not has_digit(spoken)
    assert speak_numbers(spoken) == spoken


@given(st.lists(PIECES, max_size=30))
def test_any_news_like_text_loses_its_digits(pieces: list[str]) -> None:
    spoken = speak_numbers("".join(pieces))
    assert not has_digit(spoken)
    assert speak_numbers(spoken) == spoken


@given(st.text(st.characters(exclude_categories=["N"], exclude_characters="IVXLC")))
def test_a_text_without_digits_is_unchanged(text: str) -> None:
    assert speak_numbers(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1/",
        "1-",
        "1.",
        "1,",
        "1 ",
        "12:",
        "۱۲٬۳۴۵",
        "1+",
        "1 تا ",
        "تلفن 123",
        "$1-",
        "1 2 3 4",
        "(1",
        "%1-",
        "*1",
        "1 هزار ",
    ],
)
def test_a_long_run_is_spoken_without_an_error(piece: str) -> None:
    assert not has_digit(speak_numbers(piece * 3000))


@given(st.integers(0, 10**21 - 1))
def test_a_cardinal_can_be_read_back(number: int) -> None:
    assert value_of(cardinals.cardinal(str(number))) == number


@given(st.integers(1, 10**6))
def test_an_ordinal_ends_as_one(number: int) -> None:
    assert cardinals.ordinal(str(number)).endswith(("م", "یکم"))


def value_of(words: str) -> int:
    names = {name: value for value, name in cardinals._names().items()}
    total = group = 0
    for word in words.split(" "):
        if word == "و":
            continue
        value = names[word]
        if value >= 1000:
            total += max(group, 1) * value
            group = 0
        else:
            group += value
    return total + group
