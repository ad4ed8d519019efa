"""Latin words: the tables are sound, and what no table knows is spelled readably."""

import re

import pytest

from audiopress.text.characters import LETTERS, MARKS, ZWNJ
from audiopress.text.latin import say, spell
from audiopress.text.tables import read_rows
from audiopress.text.transliterate import plain_letters, transliterate

SPEAKABLE = re.compile(f"[{LETTERS}{MARKS}{ZWNJ} ۰-۹]+")


@pytest.mark.parametrize("name", ["latin_words.tsv", "acronyms.tsv"])
def test_tables_hold_no_doubles_and_only_speakable_readings(name: str) -> None:
    rows = read_rows(name, 3)
    assert len(rows) > 600
    # Acronyms may differ by case only: Su, SU.
    keys = [row[0] if name == "acronyms.tsv" else row[0].lower() for row in rows]
    assert len(set(keys)) == len(keys)
    for written, spoken, kind in rows:
        assert kind, written
        assert spoken == "-" or SPEAKABLE.fullmatch(spoken), written


def test_every_letter_has_a_name() -> None:
    assert len(spell("ABCDEFGHIJKLMNOPQRSTUVWXYZ").split(ZWNJ)) == 26


@pytest.mark.parametrize(
    ("token", "spoken"),
    [
        ("NATO", "ناتو"),
        ("nato", "ناتو"),
        ("IRIB", "آی‌آر‌آی‌بی"),
        ("NGOs", "اِن‌جی‌اُو‌ها"),
        ("Google's", "گوگِل"),
        ("U.S", "یو‌اِس"),
        ("html", "اِچ‌تی‌اِم‌اِل"),
        ("UNIVERSAL", "یونیوِرسال"),
        ("SnapTrade", "اِسناپ‌تِرِید"),
    ],
)
def test_tokens(token: str, spoken: str) -> None:
    assert say(token) == spoken


@pytest.mark.parametrize(
    ("word", "persian"),
    [
        ("Stretch", "اِستِرِچ"),
        ("Trump", "تِرامپ"),
        ("Müller", "مولِر"),
        ("Straße", "اِستِراس"),
        ("Foundation", "فاوندِیشِن"),
        ("Knight", "نایت"),
        ("Philips", "فیلیپس"),
        ("Queen", "کوین"),
        ("Leo", "لِئو"),
        ("José", "جوزِه"),
    ],
)
def test_rules(word: str, persian: str) -> None:
    assert transliterate(word) == persian


def test_every_rule_is_reached_by_its_own_example_or_a_stronger_one() -> None:
    for before, letters, _, persian, example in read_rows("transliteration.tsv", 5):
        assert letters in plain_letters(example), (before, letters, example)
        assert not set(persian) - set(LETTERS + MARKS + ZWNJ)


def test_any_letters_are_spelled() -> None:
    for word in ("q", "xx", "aeiouy", "zzz", "hhh", "w" * 500, "ÀÉÎÕÜ", "œuvre"):
        assert SPEAKABLE.fullmatch(transliterate(word)), word
