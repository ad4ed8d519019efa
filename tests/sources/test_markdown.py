"""Markdown → Article."""

import pytest

from audiopress.errors import SourceError
from audiopress.sources.markdown import read_markdown


def told(text: str) -> list[tuple[str, str, int]]:
    return [(p.kind.value, p.text, p.line) for p in read_markdown(text, "x.md").passages]


def test_headings_and_paragraphs() -> None:
    text = "# عنوان\n\nمتن نخست\nدر دو خط.\n\n## بخش\n\nمتن.\n\nبخش دوم\n---\nپایان."
    assert told(text) == [
        ("title", "عنوان", 1),
        ("paragraph", "متن نخست در دو خط.", 3),
        ("heading", "بخش", 6),
        ("paragraph", "متن.", 8),
        ("heading", "بخش دوم", 10),
        ("paragraph", "پایان.", 12),
    ]


def test_front_matter_names_title_and_agency() -> None:
    article = read_markdown("---\ntitle: 'خبر روز'\nsource: خبرگزاری ایسنا\n---\nمتن خبر.", "x.md")
    assert [(p.text, p.line) for p in article.passages] == [("خبر روز", 2), ("متن خبر.", 5)]
    assert (article.agency, article.agency_line) == ("ایسنا", 3)


def test_a_bold_paragraph_is_a_heading_but_bold_words_are_not() -> None:
    text = "# عنوان\n\n**بخش پررنگ**\n\n**سخن** آغاز شد.\n\n**یک** و **دو**"
    assert [kind for kind, _, _ in told(text)] == ["title", "heading", "paragraph", "paragraph"]


def test_links_emphasis_and_footnotes_leave_their_words() -> None:
    text = "# عنوان\n\n*او* به [بازار](http://x.y) **رفت**[^1] و `کد` خواند.\n\n[^1]: یادداشت."
    assert told(text)[1] == ("paragraph", "او به بازار رفت و کد خواند.", 3)


def test_lists_are_paragraphs() -> None:
    assert [line for _, _, line in told("# عنوان\n\n- یک\n- دو\n\n1. سه\n2. چهار")] == [1, 3, 4, 6, 7]


def test_what_cannot_be_heard_is_dropped_with_why() -> None:
    text = "# عنوان\n\n![عکس](a.png)\n\n```\nx = 1\n```\n\n| ا | ب |\n|---|---|\n\n<div>ت</div>\n\nمتن.\n\n***\n"
    article = read_markdown(text, "x.md")
    assert [(d.line, d.why) for d in article.dropped] == [
        (3, "image"),
        (5, "code"),
        (9, "table"),
        (12, "HTML"),
        (16, "rule line"),
    ]
    assert len(article.passages) == 2


def test_chrome_and_credit_are_found_as_in_plain_text() -> None:
    article = read_markdown("# عنوان\r\n\r\nمتن خبر./تسنیم\r\n\r\nکد خبر: 12\r\n", "x.md")
    assert article.passages[1].text == "متن خبر."
    assert (article.agency, article.agency_line) == ("تسنیم", 3)
    assert [d.line for d in article.dropped] == [5]


def test_without_a_heading_the_first_words_are_the_title() -> None:
    assert told("متن خبر آمد. و رفت.")[0] == ("title", "متن خبر آمد", 1)


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(SourceError, match="nothing to read"):
        read_markdown("![عکس](a.png)", "x.md")
