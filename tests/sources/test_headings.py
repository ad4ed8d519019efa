"""Which bare lines are headings: our own labelled articles, and cases by name."""

from pathlib import Path

import pytest

from audiopress.model import PassageKind
from audiopress.sources.headings import LineKind, classify
from audiopress.sources.plain import read_plain

CORPUS = Path(__file__).parent.parent / "corpora" / "headings"
LONG = (
    "مدیر این مرکز در گفت‌وگویی با خبرنگاران توضیح داد که کار نوسازی از بهار آغاز شده و تا پایان پاییز به پایان می‌رسد."
)


def labels() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for line in (CORPUS / "labels.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "split")):
            _split, file, number, label = line.split("\t")
            found.setdefault(file, {})
            if label != "none":
                found[file][int(number)] = label
    return found


LABELS = labels()
FILES = sorted(CORPUS.glob("*.txt"))


def test_every_article_of_the_corpus_is_labelled() -> None:
    assert len(FILES) >= 25
    assert {path.name for path in FILES} == set(LABELS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_corpus(path: Path) -> None:
    expected = LABELS[path.name]
    article = read_plain(path.read_text(encoding="utf-8"), path.name)
    found = {p.line for p in article.passages if p.kind is PassageKind.HEADING}
    either = {line for line, label in expected.items() if label == "either"}
    assert found - either == {line for line, label in expected.items() if label == "heading"}
    titles = [line for line, label in expected.items() if label == "title"]
    assert [article.passages[0].line] == (titles or [1])
    kickers = [line for line, label in expected.items() if label == "kicker"]
    assert [d.line for d in article.dropped if d.why == "kicker above the title"] == kickers


@pytest.mark.parametrize(
    "heading",
    [
        "پوتین: روابط با ایران را فعالانه در همه عرصه ها پیش می بریم",
        "نوسازی مرکز",
        "کار نوسازی کی تمام می‌شود؟",
        "نوسازی تا پاییز تمام می‌شود!",
        "۱. نوسازی مرکز",
        "* نوسازی از بهار",
        "زمان نوسازی:",
        "«نوسازی مرکز» چیست",
    ],
)
def test_headings_between_paragraphs(heading: str) -> None:
    lines = ["عنوان خبر امروز", LONG, LONG, heading, LONG, LONG]
    assert [kind is LineKind.HEADING for kind in classify(lines)] == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    "line",
    [
        "این کار هزینه زیادی نداشت.",
        "در این پیام آمده است:",
        "(عکس‌ها از بایگانی مرکز است)",
        "با سپاس",
        "وی در پایان گفت: ما ادامه می‌دهیم.",
        "بسم الله الرحمن الرحیم",
    ],
)
def test_lines_that_are_text(line: str) -> None:
    assert LineKind.HEADING not in classify(["عنوان خبر امروز", LONG, line, LONG, LONG])


def test_blank_lines_change_nothing() -> None:
    lines = ["عنوان خبر امروز", LONG, "نوسازی مرکز", LONG]
    spaced = [piece for line in lines for piece in (line, "")]
    assert classify(spaced)[::2] == classify(lines)
    assert set(classify(spaced)[1::2]) == {LineKind.BLANK}


@pytest.mark.parametrize("lines", [[], [""], ["الف"], ["", "الف", ""], ["الف", "ب"]])
def test_tiny_articles(lines: list[str]) -> None:
    assert len(classify(lines)) == len(lines)


def test_a_kicker_leads_over_to_the_title() -> None:
    kinds = classify(["رئیس اتحادیه خبر داد:", "نان ارزان می‌شود", LONG])
    assert kinds == (LineKind.KICKER, LineKind.TITLE, LineKind.TEXT)
    kinds = classify(["رئیس اتاق اصناف:", "نان گران نمی‌شود", "قیمت آرد", LONG, LONG])
    assert kinds[:2] == (LineKind.KICKER, LineKind.TITLE)


def test_a_title_that_announces_a_list_is_no_kicker() -> None:
    assert classify(["برندگان جشنواره امسال:", "لیلا عبدی از خرمشهر", "سارا مهدوی", "پیمان رسولی"])[0] is LineKind.TITLE
