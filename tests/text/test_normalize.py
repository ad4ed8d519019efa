"""The whole text room: corpora, exact; and what must hold for any input."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiopress.text.characters import LETTERS, MARKS, PAUSES, ZWNJ
from audiopress.text.normalize import normalize, restore_spacing
from audiopress.text.readings import load_readings

CORPORA = Path(__file__).parent.parent / "corpora"
CLASSES = ("characters", "abbreviations", "acronyms", "latin", "links")
SPOKEN = re.compile(
    f"(?:[{LETTERS}][{LETTERS}{MARKS}{ZWNJ}]*[{PAUSES}]?(?: [{LETTERS}][{LETTERS}{MARKS}{ZWNJ}]*[{PAUSES}]?)*)?"
)


def corpus_cases() -> list[tuple[str, str, str]]:
    cases = []
    for name in CLASSES:
        for path in sorted((CORPORA / name).glob("*.tsv")):
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                if line and not line.startswith("# "):
                    written, spoken, reason = line.split("\t")
                    assert reason, f"{path}:{number} has no reason"
                    cases.append((f"{path.stem}:{number}", written, spoken))
    return cases


CASES = corpus_cases()
assert len(CASES) >= 500, "the corpora were not found"


@pytest.mark.parametrize(("written", "spoken"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_corpus(written: str, spoken: str) -> None:
    assert normalize(written) == spoken


@pytest.mark.parametrize("spoken", [case[2] for case in CASES], ids=[case[0] for case in CASES])
def test_spoken_text_is_left_alone(spoken: str) -> None:
    assert normalize(spoken) == spoken


def check(text: str) -> None:
    spoken = normalize(text)
    assert SPOKEN.fullmatch(spoken), spoken
    assert normalize(spoken) == spoken


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
@example("\ud800")
@example("ب★.م")
def test_any_text(text: str) -> None:
    check(text)


#: Pieces that passes look for, in any order: where one pass makes what another one takes.
PIECES = st.sampled_from(
    [
        *"آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
        *"۰۱۲۳۴۵۶۷۸۹0123456789",
        *" .،؛:؟!,;?()[]«»\"'-–—_/+*=#@&%٪°$€→|•…\n\t\u200c\u200e\u00ad\u064e\u0650\u0651\u0654",
        *"aAbBeEfFgGiImMnNoOsStTuUxXzZ",
        *("ه.ش", "ق.م", "(ع)", "ص", "و...", "ای", "ها", "می", "هایی", "خ.", "د.", "رک:", "سال", "قرن", "ماده", "م.ت"),
        *(
            "گفت",
            "گفت:",
            "است",
            "آیا",
            "چرا",
            "را",
            "یا",
            "«",
            "به (",
            "فیلم/",
            "+ عکس",
            "خبرگزاری مهر",
            "سپاهان",
            "دیدار ",
        ),
        *(
            "وکشور",
            "درتهران",
            "نعمت اله",
            "مسول",
            "وزرات",
            "این در حالی است",
            "سیاسی",
            "علمی",
            "به گزارش خبرنگار",
            "فارس",
        ),
        *("FATF", "F-16", "4K", "CO2", "iPhone", "http://", "www.", ".ir", ".com", "a@b.com", "#", "٫", "²", "½", "Ⅷ"),
        *(
            "علی",
            "خمینی",
            "ائمه",
            "اف",
            "بی",
            "سی",
            "میلیون",
            "درصد",
            "ریال",
            "کیلومتر",
            "تومان",
            "Путин",
            "α",
            "😀",
            "中",
        ),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_mixture(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([case[1] for case in CASES]), min_size=1, max_size=4).map(" ".join))
def test_sentences_together(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "piece", ["a", "A1", "ب", "1", ".", "(", "«", "-", "/", "م.", "و...", " ", "http://a.ir/", "#", "\u064e", "ی‌"]
)
def test_the_cost_grows_with_the_length_only(piece: str) -> None:
    # Not a timing: a pass that looks back or ahead without bound would not come back from this within the test run.
    text = piece * (40_000 // len(piece))
    assert normalize(text) is not None


def test_nothing_to_say() -> None:
    assert normalize("") == ""
    assert normalize(" \n★ — 中国 !!!") == ""


def test_lines_become_sentences() -> None:
    assert normalize("تیتر خبر\n\nمتن خبر است.\n• آب\n• برق") == "تیتر خبر. متن خبر است. آب. برق"


def test_spacing_filter_changes_nothing_but_spaces() -> None:
    text = "كتاب ها را مي خوانيم (FATF) ۱۲ «ة» 😀."
    spaced = restore_spacing(text)
    assert re.sub(f"[ {ZWNJ}]", "", spaced) == re.sub(f"[ {ZWNJ}]", "", text)
    assert f"مي{ZWNJ}خوانيم" in spaced


def test_own_readings_are_said_letter_by_letter_as_written(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.tsv"
    lexicon.write_text("Info\tاینفو\nMyanmar\tمیانمار\n", encoding="utf-8")
    assert normalize("به Info و Myanmar", load_readings(lexicon)) == "به اینفو و میانمار"


def test_own_readings_come_first(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.tsv"
    lexicon.write_text("# من\nFATF\tگروه ویژه\nجی هفت\tگروه هفت\nجی\tجِی\n", encoding="utf-8")
    readings = load_readings(lexicon)
    assert normalize("عضو FATF و جی‌هفت و جی شد.", readings) == "عضو گروه ویژه و گروه هفت و جِی شد."
