"""The categories of podcast directories."""

from __future__ import annotations

import re
import unicodedata

import pytest

from audiopress.errors import ConfigError
from audiopress.podcast.categories import all_categories, find_category, luminance

CATEGORIES = all_categories()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("News", "News"),
        ("NEWS", "News"),
        ("news > daily news", "News > Daily News"),
        ("News/Daily News", "News > Daily News"),
        ("News: Daily News", "News > Daily News"),
        ("Daily News", "News > Daily News"),
        ("TV and film", "TV & Film"),
        ("tv&film>after shows", "TV & Film > After Shows"),
        ("  Society &  Culture>Documentary ", "Society & Culture > Documentary"),
        ("non profit", "Business > Non-Profit"),
        ("Religion", "Religion & Spirituality > Religion"),
        ("Comedy", "Comedy"),
        ("خبر روز", "News > Daily News"),
        ("كسب وكار", "Business"),
        ("Fitness", "Health & Fitness > Fitness"),
    ],
)
def test_names_are_found_as_people_write_them(name: str, found: str) -> None:
    assert find_category(name).name == found


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Newz", "'News'"),
        ("", "'News'"),
        ("Daily Newz", "'News > Daily News'"),
        ("Sport", "'Sports'"),
        ("News > Sport", "'News > Sports News'"),
        ("خبر ورزش", "'News > Sports News'"),
        ("\u0000\ud800", "'News'"),
        ("x" * 10_000, "'News'"),
    ],
)
def test_an_unknown_name_gets_near_ones(name: str, near: str) -> None:
    with pytest.raises(ConfigError, match="directories do not know") as raised:
        find_category(name)
    assert near in str(raised.value)


def test_the_table_is_apples() -> None:
    counts = {
        category.name: sum(other.name.startswith(f"{category.name} > ") for other in CATEGORIES)
        for category in CATEGORIES
        if " > " not in category.name
    }
    assert counts == {
        "Arts": 6,
        "Business": 6,
        "Comedy": 3,
        "Education": 4,
        "Fiction": 3,
        "Government": 0,
        "History": 0,
        "Health & Fitness": 6,
        "Kids & Family": 4,
        "Leisure": 8,
        "Music": 3,
        "News": 7,
        "Religion & Spirituality": 7,
        "Science": 9,
        "Society & Culture": 5,
        "Sports": 15,
        "Technology": 0,
        "True Crime": 0,
        "TV & Film": 5,
    }
    assert len({category.name for category in CATEGORIES}) == len(CATEGORIES) == 110


def test_every_category_is_found_by_its_name_and_by_its_persian_name() -> None:
    for category in CATEGORIES:
        assert find_category(category.name) == category
        assert find_category(category.persian) == category


def test_persian_names_are_persian() -> None:
    for category in CATEGORIES:
        assert re.fullmatch("[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئٔ\u200c ]+", category.persian), category.persian
        assert unicodedata.is_normalized("NFC", category.persian)


def test_colours_are_read_and_told_apart() -> None:
    for category in CATEGORIES:
        for colour in (category.ground, category.motif, category.accent):
            assert re.fullmatch("#[0-9a-f]{6}", colour)
        assert contrast(category.ink, category.ground) >= 7, category.name  # letters: WCAG 1.4.6
        assert contrast(category.accent, category.ground) >= 3, category.name  # shapes: WCAG 1.4.11
        assert contrast(category.motif, category.ground) >= 1.2, category.name  # ornament, not to be read
    grounds = {category.name: category.ground for category in CATEGORIES if " > " not in category.name}
    assert len(set(grounds.values())) == 19
    assert find_category("Daily News").ground == grounds["News"]


@pytest.mark.parametrize(
    ("colour", "expected"),
    [("#000000", 0.0), ("#ffffff", 1.0), ("#ff0000", 0.2126), ("#777777", 0.1845), ("#0a0a0a", 0.0030)],
)
def test_luminance_is_that_of_wcag(colour: str, expected: float) -> None:
    assert luminance(colour) == pytest.approx(expected, abs=0.00005)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.x."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
