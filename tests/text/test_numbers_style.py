"""The choices of data/style.toml, each in both ways, and the tables the number passes read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import audiopress.text
from audiopress.text.numbers import cardinals, fractions, money, number_data, ranges, sequences, times
from audiopress.text.numbers.numerals import speak_numbers
from audiopress.text.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(audiopress.text.__file__).parent


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def set_style(**choices: Any) -> None:
        chosen = number_data.style()._replace(**choices)
        for module in (cardinals, fractions, money, ranges, sequences, times):
            monkeypatch.setattr(module, "style", lambda: chosen)

    return set_style


@pytest.mark.parametrize(
    ("choice", "value", "written", "spoken"),
    [
        ("decimal", "point", "۱۲/۷ درصد", "دوازده ممیز هفت درصد"),
        ("decimal", "point", "۰/۰۷ درصد", "صفر ممیز صفر هفت درصد"),
        ("half", False, "۳/۵ درصد", "سه و پنج دهم درصد"),
        ("decimal_places", 2, "۲.۱۲۵ گرم", "دو ممیز یک دو پنج گرم"),
        ("cents", False, "۶۸/۷۵ دلار", "شصت و هشت و هفتاد و پنج صدم دلار"),
        ("one_thousand", True, "۱۰۰۰ نفر", "یک هزار نفر"),
        ("half_hour", "half", "ساعت ۱۲:۳۰", "ساعت دوازده و نیم"),
        ("day_of_month", "cardinal", "۲۲ بهمن", "بیست و دو بهمن"),
        ("first_of_month", "اول", "۱ بهمن", "اول بهمن"),
        ("neighbours", False, "۴-۵ نفر", "چهار تا پنج نفر"),
        ("neighbours_to", 12, "۱۱-۱۲ نفر", "یازده دوازده نفر"),
        ("digit_pairs", False, "۰۹۱۲۳۴۵۶۷۸۹", "صفر نه یک دو سه چهار پنج شش هفت هشت نه"),
        ("round_the_clock", "بیست و چهار هفت", "خدمات ۲۴/۷", "خدمات بیست و چهار هفت"),
    ],
)
def test_a_choice_changes_what_is_said(
    choose: Callable[..., None], choice: str, value: object, written: str, spoken: str
) -> None:
    assert speak_numbers(written) != spoken
    choose(**{choice: value})
    assert speak_numbers(written) == spoken


def test_every_choice_is_tested() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in number_data.Style._fields if f'("{name}", ' not in source] == []


def test_every_context_is_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    names = {name for name, _ in read_rows("contexts.tsv", 2)}
    assert [name for name in sorted(names) if not re.search(f"[\"']{name}[\"']", source)] == []


@pytest.mark.parametrize(
    ("table", "columns"),
    [("contexts.tsv", 2), ("units.tsv", 2), ("currencies.tsv", 3), ("surahs.tsv", 2), ("number_names.tsv", 3)],
)
def test_a_table_has_no_line_twice(table: str, columns: int) -> None:
    rows = read_rows(table, columns)
    assert rows
    assert len(set(rows)) == len(rows)


def test_the_months_are_three_calendars_of_twelve() -> None:
    rows = read_rows("months.tsv", 4)
    assert [(calendar, int(number)) for calendar, number, _, _ in rows] == [
        (calendar, number) for calendar in ("solar", "gregorian", "lunar") for number in range(1, 13)
    ]


def test_every_unit_and_currency_is_spoken() -> None:
    for written, spoken in read_rows("units.tsv", 2):
        assert speak_numbers(f"۵ {written}") == f"پنج {spoken}"
    for written, spoken, _ in read_rows("currencies.tsv", 3):
        assert speak_numbers(f"۵ {written}") == f"پنج {spoken}"
        assert speak_numbers(f"{written} ۵") == f"پنج {spoken}"
