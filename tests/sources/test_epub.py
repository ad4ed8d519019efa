"""Books, packed by hand as EPUB 2 and 3 say, and broken."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress

import pytest

from audiopress.errors import SourceError
from audiopress.sources.epub import chapter_count, read_chapter

CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>راه‌های کوهستان</dc:title>
<dc:creator>مینا راد</dc:creator><dc:date>2026</dc:date></metadata>
<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="k" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one%20part.xhtml" media-type="application/xhtml+xml"/>
<item id="b" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="x" href="text/extra.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="k"/><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/><itemref idref="x" linear="no"/>
</spine></package>"""
PAGE = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'
ONE = PAGE.format(
    "<section><p>کاروان‌ها شب در کاروانسرا می‌ماندند و پیش از سپیده راه می‌افتادند.</p>"
    "<ul><li>نخست آب</li><li><p>سپس نان</p></li></ul></section>"
)
TWO = PAGE.format(
    "<h1>راه <i>نخست</i></h1><p>راه نخست از کنار رود<a epub:type='noteref' href='#f'>۱</a> می‌گذرد و به چشمه می‌رسد.</p>"
    "<h2>چشمه</h2><blockquote><p>آب سرد است.</p></blockquote><table><tr><td>سال</td></tr></table>"
    "<aside epub:type='footnote' id='f'>رود بزرگ</aside>"
)
FILES = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/nav.xhtml": PAGE.format("<nav><ol><li>راه نخست از کنار رود می‌گذرد و به چشمه می‌رسد</li></ol></nav>"),
    "OEBPS/cover.xhtml": PAGE.format("<p>راه‌های کوهستان</p>"),
    "OEBPS/text/one part.xhtml": ONE,
    "OEBPS/text/two.xhtml": TWO,
    "OEBPS/text/extra.xhtml": PAGE.format("<p>این بخش در ترتیب خواندن کتاب نیست و نباید خوانده شود.</p>"),
}


def book(**changed: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            FILES | {name.replace("__", "/").replace("_dot_", "."): text for name, text in changed.items()}
        ).items():
            archive.writestr(name, text)
    return out.getvalue()


def test_chapters_come_in_the_order_of_the_spine() -> None:
    data = book()
    assert chapter_count(data, "b.epub") == 2
    first = read_chapter(data, "b.epub", 1)
    assert [(passage.kind.value, passage.text) for passage in first.passages] == [
        ("title", "راه نخست"),
        ("paragraph", "راه نخست از کنار رود می‌گذرد و به چشمه می‌رسد."),
        ("heading", "چشمه"),
        ("paragraph", "آب سرد است."),
    ]
    assert {(dropped.text, dropped.why) for dropped in first.dropped} == {
        ("۱", "footnote mark"),
        ("سال", "table"),
        ("رود بزرگ", "footnote"),
    }
    assert (first.origin.byline, first.origin.published) == ("مینا راد", "2026")


def test_a_chapter_without_a_heading_is_called_after_the_book() -> None:
    second = read_chapter(book(), "b.epub", 2)
    assert second.title == "راه‌های کوهستان، بخش 2"
    assert [passage.text for passage in second.passages[2:]] == ["نخست آب", "سپس نان"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "damaged"),
        (book(**{"META-INF__container_dot_xml": "<container/>"}), "does not say what it holds"),
        (book(OEBPS__book_dot_opf=PACKAGE.replace("text/two", "text/none")), "two|none"),
        (book(OEBPS__book_dot_opf=PACKAGE.replace("spine", "spin")), "no Persian text"),
    ],
)
def test_what_is_no_book_is_told(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        chapter_count(data, "b.epub")


def test_an_archive_of_something_else_is_no_book() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "باران")
    with pytest.raises(SourceError, match="not an EPUB book"):
        chapter_count(out.getvalue(), "b.epub")
    with pytest.raises(SourceError, match="no chapter 9, only 2"):
        read_chapter(book(), "b.epub", 9)


def test_entities_are_not_opened() -> None:
    hostile = '<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for name, text in (("OEBPS__book_dot_opf", PACKAGE), ("OEBPS__text__two_dot_xhtml", TWO)):
        place = text.index("?>") + 2
        data = book(**{name: text[:place] + hostile + text[place:].replace("نخست", "&f;")})
        with suppress(SourceError):
            assert "root:" not in str(read_chapter(data, "b.epub", 1))


def test_damaged_files_give_text_or_one_sentence() -> None:
    whole, chance = book(), random.Random(1)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(SourceError):
            assert chapter_count(bytes(data), "b.epub")
