"""What holds for any text at all."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiopress.errors import SourceError
from audiopress.model import Article, PassageKind
from audiopress.script.segments import write_script
from audiopress.script.sentences import split_sentences
from audiopress.sources.boilerplate import skeleton
from audiopress.sources.markdown import read_markdown
from audiopress.sources.plain import clean, read_plain, split_lines

PIECES = st.sampled_from(
    [
        "خبر",
        "شهر",
        " ",
        " ",
        "\n",
        "\n",
        "\r\n",
        ".",
        "؟",
        "!",
        "؛",
        "…",
        "«",
        "»",
        "(",
        ")",
        '"',
        ":",
        "۱۲",
        "/تسنیم",
        "\u200c",
        "منبع: ",
        "انتهای پیام/",
        "بیشتر بخوانید",
        "*",
        "- ",
        "# ",
        "\u2028",
        "\x00",
        "\u202b",
        "مردم شهر به بازار رفتند و نان خریدند",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join))


def read(text: str) -> Article | None:
    try:
        return read_plain(text, "x")
    except SourceError:
        return None


@settings(deadline=None)
@given(TEXTS)
@example("/تسنیم")
@example("منبع: ایسنا\nخبر")
@example("خبر/تسنیم\u2028منبع: کوچه")
def test_no_line_of_plain_text_is_lost(text: str) -> None:
    article = read(text)
    if article is None:
        return
    told = [p.text for p in article.passages] + [d.text for d in article.dropped]
    if article.agency:
        told += [article.agency, "خبرگزاری پایگاه خبری سایت"]  # the word before a name goes with it
    written = Counter("".join(skeleton(line.text) for line in split_lines(text)))
    assert written <= Counter("".join(map(skeleton, told)))


@settings(deadline=None)
@given(TEXTS)
def test_an_article_has_one_title_lines_in_order_and_is_the_same_twice(text: str) -> None:
    article = read(text)
    if article is None:
        return
    assert [p.kind for p in article.passages].count(PassageKind.TITLE) == 1
    assert article.passages[0].kind is PassageKind.TITLE
    numbers = [p.line for p in article.passages]
    assert numbers == sorted(numbers)
    assert all(p.text.strip() for p in article.passages)
    assert read(text) == article


@settings(deadline=None)
@given(TEXTS)
def test_a_script_says_every_passage(text: str) -> None:
    article = read(text)
    if article is None:
        return
    script = write_script(article)
    said = [s.written for segment in script.segments if segment.kind != "credit" for s in segment.sentences]
    assert "".join("".join(said).split()) == "".join("".join(p.text for p in article.passages).split())
    assert [s.boundary.value for segment in script.segments for s in segment.sentences].count("end") == 1


@settings(deadline=None)
@given(TEXTS)
def test_sentences_joined_are_the_paragraph(text: str) -> None:
    paragraph = " ".join(clean(text).split())
    assert " ".join(split_sentences(paragraph)).split() == paragraph.split() or "".join(
        split_sentences(paragraph)
    ).replace(" ", "") == paragraph.replace(" ", "")


@settings(deadline=None)
@given(TEXTS)
def test_any_markdown_is_read_or_refused(text: str) -> None:
    try:
        article = read_markdown(text, "x.md")
    except SourceError:
        return
    assert article.passages[0].kind is PassageKind.TITLE


@pytest.mark.parametrize("text", ["؟", "«", "...", "…؛", "۱.", '"'])
def test_marks_alone_are_kept(text: str) -> None:
    assert split_sentences(text) == (text,)
