"""PDFs with a text layer: reading order, headings, columns, running heads; scans, locks and damage."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from audiopress.errors import SourceError
from audiopress.sources.pdf import read_pdf, reading_order

DOCUMENTS = Path(__file__).parent / "documents"


def passages(name: str) -> list[tuple[str, str]]:
    article = read_pdf((DOCUMENTS / name).read_bytes(), name)
    return [(passage.kind.value, passage.text) for passage in article.passages]


def test_a_page_is_read_in_order_with_its_numbers_and_brackets() -> None:
    title, text, heading, last = passages("news.pdf")
    assert title == ("title", "جشنواره رودخانه پس از سه سال به شهر برگشت")
    assert heading == ("heading", "از فانوس تا قایق کاغذی")
    assert text[1].startswith("هجدهمین جشنوارهٔ رودخانه شامگاه پنجشنبه ۱۷ مهر ۱۴۰۴ با روشن شدن دو هزار فانوس")
    assert "۱۲ هزار نفر (۳۵٪ بیشتر) به کنارهٔ رود" in text[1]
    assert text[1].endswith("رقمی که FIFA هم ندارد.")
    assert last[1].endswith("و بازار صنایع دستی.")


def test_columns_are_read_from_the_right() -> None:
    read = passages("columns.pdf")
    assert [kind for kind, _ in read] == [
        *("title", "paragraph", "heading", "paragraph", "paragraph", "heading", "paragraph"),
    ]
    assert "«چوب باید سه ماه در سایه خشک می شد تا ترک نخورد.» سنگ آسیاب همان سنگ ۹۰ ساله است." in read[3][1]
    assert read[4][1].startswith("هر روز از ساعت ۹:۳۰ تا ")
    assert read[6][1].endswith("تا کسی دست خالی برنگردد.")


def test_a_book_loses_its_running_heads_and_keeps_its_chapters() -> None:
    article = read_pdf((DOCUMENTS / "book.pdf").read_bytes(), "book.pdf")
    headings = [passage.text for passage in article.passages if passage.kind.value == "heading"]
    assert headings == ["فصل نخست", "فصل دوم", "فصل سوم", "فصل چهارم"]
    assert {dropped.why for dropped in article.dropped} == {"running head"}
    assert all(passage.text != "راه های کوهستان" for passage in article.passages)
    assert all(passage.text.endswith(".") for passage in article.passages if passage.kind.value == "paragraph")


@pytest.mark.parametrize(
    ("visual", "read"),
    [
        ("۱۴۰۴ ﺮﻬﻣ ۱۷", "۱۷ مهر ۱۴۰۴"),
        ("دراﺪﻧ FIFA World Cup ﻪﮐ", "که FIFA World Cup ندارد"),
        ("ﺪﺷ ۱۲/۵ و ۱۰:۳۰", "۱۰:۳۰ و ۱۲/۵ شد"),
        ("Only Latin (here)", "Only Latin (here)"),
        ("", ""),
    ],
)
def test_a_line_of_shapes_becomes_text(visual: str, read: str) -> None:
    assert reading_order(visual) == read


def test_what_has_no_text_is_told() -> None:
    scan = io.BytesIO()
    Image.new("L", (200, 100), 255).save(scan, "PDF")
    with pytest.raises(SourceError, match="may be a scan"):
        read_pdf(scan.getvalue(), "scan.pdf")
    with pytest.raises(SourceError, match="is locked"):
        read_pdf((DOCUMENTS / "locked.pdf").read_bytes(), "locked.pdf")
    for data in (b"", b"%PDF-1.7\n", b"no pdf"):
        with pytest.raises(SourceError, match=r"damaged PDF|no Persian text"):
            read_pdf(data, "a.pdf")


def test_damaged_files_give_text_or_one_sentence() -> None:
    whole = (DOCUMENTS / "columns.pdf").read_bytes()
    chance = random.Random(1)
    for _ in range(40):
        data = bytearray(whole[: chance.randrange(len(whole)) if chance.random() < 0.3 else None])
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(SourceError):
            assert read_pdf(bytes(data), "a.pdf").passages
