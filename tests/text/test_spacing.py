import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiopress.text import spacing_data
from audiopress.text.spacing import restore
from audiopress.text.spacing_pieces import HALF_SPACE, between, fold, pieces, without_strays

CORPORA = Path(__file__).parents[1] / "corpora" / "spacing"


MISSES = "misses"  #: cases that are right but not yet reached


def read(path: Path) -> list[tuple[str, str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(path.stem, written, right) for written, right in rows]


def cases() -> list[tuple[str, str, str]]:
    found = [case for path in sorted(CORPORA.glob("*.tsv")) if path.stem != MISSES for case in read(path)]
    assert len(found) >= 300, f"{len(found)} cases under {CORPORA}"
    return found


@pytest.mark.parametrize(("kind", "written", "right"), cases())
def test_corpus(kind: str, written: str, right: str) -> None:
    assert restore(written) == right


@pytest.mark.xfail(strict=True, reason="not yet reached: move the line to its own file when it passes")
@pytest.mark.parametrize(("kind", "written", "right"), read(CORPORA / f"{MISSES}.tsv"))
def test_known_misses(kind: str, written: str, right: str) -> None:
    assert restore(written) == right


@pytest.mark.parametrize(("kind", "written", "right"), cases())
def test_restored_once_is_restored_for_good(kind: str, written: str, right: str) -> None:
    once = restore(written)
    assert restore(once) == once


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("همكاري هاي منطقه اي", "همكاري‌هاي منطقه‌اي"),  # Arabic letters stay as typed
        ("كتابهايي را مي خوانيم", "كتاب‌هايي را مي‌خوانيم"),
        ("مِیتَوانیم کِتابها را بخوانیم", "مِی‌تَوانیم کِتاب‌ها را بخوانیم"),  # marks stay with their letters
        ("مــیتوانیم", "مــی‌توانیم"),  # tatweel too
        ("می\u00a0شود", "می‌شود"),
        ("می\u00adشود", "می‌شود"),  # soft hyphen, as old news archives have it
        ("می\u200bشود", "می‌شود"),
        ("می\u00acشود", "می‌شود"),
        ("می  شود", "می‌شود"),
    ],
)
def test_letters_marks_and_lookalikes(written: str, right: str) -> None:
    assert restore(written) == right


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("می‌‌شود", "می‌شود"),
        ("می‌ شود", "می‌شود"),
        ("می ‌شود", "می‌شود"),
        ("کتاب‌ ما", "کتاب ما"),
        ("کتاب‌، دفتر", "کتاب، دفتر"),
        ("‌کتاب‌", "کتاب"),
        ("۱۰‌ساله", "۱۰‌ساله"),
    ],
)
def test_misplaced_half_spaces_go(written: str, right: str) -> None:
    assert restore(written) == right


@pytest.mark.parametrize("text", ["", " ", "\n", "‌", "abc", "123", "a‌b", "!؟", "\n\nسلام\r\n\tسلام\n"])
def test_text_without_half_spaces_to_restore_stays(text: str) -> None:
    assert restore(text) == without_strays(text)


def test_lines_are_judged_alone() -> None:
    assert restore("می شود\nمی شود\r\n") == "می‌شود\nمی‌شود\r\n"


def test_an_affix_does_not_cross_a_line_end_or_punctuation() -> None:
    assert restore("می\nشود") == "می\nشود"
    assert restore("کتاب، ها") == "کتاب، ها"


ALPHABET = (
    "ابپتجچدرزسشفکگلمنوهیيكآئ" + "\u064e\u0651\u0640" + " " * 6 + HALF_SPACE * 3 + "\u00a0\u00ad\u200b،.!«»\n0۵aé"
)
AFFIXES = ["می", "نمی", "ها", "های", "هایی", "ای", "اند", "ام", "تر", "ترین"]
WORDS = [
    *AFFIXES,
    "کتاب",
    "شود",
    "رفته",
    "گفته",
    "خانه",
    "بین",
    "المللی",
    "پیش",
    "بینی",
    "و",
    "به",
    "این",
    "که",
    "تنها",
]
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=60) | st.builds(
    "".join, st.lists(st.sampled_from([*WORDS, " ", " ", HALF_SPACE, "، "]), max_size=30)
)


def letters(text: str) -> str:
    return "".join(c for c in text if c not in f" \u00a0\u00ad\u00ac\u200b{HALF_SPACE}")


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_letters_never_change_and_twice_is_once(text: str) -> None:
    once = restore(text)
    assert letters(once) == letters(text)
    assert restore(once) == once
    assert HALF_SPACE * 2 not in once


def test_five_megabytes_on_one_line() -> None:
    # linear: a quadratic pass would take hours and the test run would be stopped
    text = "همکاریهای منطقه ای دو کشور گسترش مییابد، " * 60_000
    once = restore(text)
    assert once.startswith("همکاری‌های منطقه‌ای دو کشور گسترش می‌یابد، همکاری‌های")
    assert restore("ا" * 5_000_000 + " ها") == "ا" * 5_000_000 + " ها"


def test_pieces_and_gaps() -> None:
    assert [piece.word for piece in pieces("می‌توان، گُفت 12")] == ["می", "توان", "گفت"]
    assert fold("كتابِ عليّ") == "کتاب علی"
    assert [between(gap) for gap in (" ", "‌", "\u00ad", " ‌", "، ", " 12 ", " \n")] == [
        " ", "‌", "‌", " ", ".", "0", "<",
    ]  # fmt: skip


def test_the_shipped_files_are_small_and_whole() -> None:
    folder = Path(spacing_data.__file__).parent / "data"
    files = sorted(folder.glob("spacing_*.txt.gz"))
    assert [file.name for file in files] == [
        "spacing_compounds.txt.gz",
        "spacing_joined.txt.gz",
        "spacing_joint.txt.gz",
        "spacing_lexicon.txt.gz",
        "spacing_own.txt.gz",
        "spacing_seen.txt.gz",
        "spacing_split.txt.gz",
    ]
    assert sum(file.stat().st_size for file in files) < 4_000_000
    for file in files:
        lines = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
        assert lines
        assert all(line.count("\t") > 0 for line in lines)
