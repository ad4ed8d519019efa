"""Word documents, made with the library and broken by hand."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress

import pytest
from docx import Document

from audiopress.errors import SourceError
from audiopress.sources import packed
from audiopress.sources.docx import read_docx


def written() -> bytes:
    document = Document()
    document.core_properties.author = "مینا راد"
    document.add_paragraph("آسیاب بادی دوباره چرخید", style="Title")
    document.add_paragraph("آسیاب روستای بالا پس از چهل سال دوباره چرخید و می‌چرخد.")
    document.add_heading("چوب از باغ‌ها", level=2)
    document.add_paragraph("")
    document.add_paragraph("برای پره‌ها ۱۲ تنهٔ گردو آوردند.")
    bold = document.add_paragraph()
    bold.add_run("نان ").bold = True
    bold.add_run("تازه").font.cs_bold = True
    mixed = document.add_paragraph("هر بامداد ")
    mixed.add_run("نان").bold = True
    mixed.add_run(" می‌پزند.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "سال", "نان"
    document.add_paragraph("انتهای پیام")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_styles_and_bold_paragraphs_are_headings() -> None:
    article = read_docx(written(), "a.docx")
    assert [(passage.kind.value, passage.text) for passage in article.passages] == [
        ("title", "آسیاب بادی دوباره چرخید"),
        ("paragraph", "آسیاب روستای بالا پس از چهل سال دوباره چرخید و می‌چرخد."),
        ("heading", "چوب از باغ‌ها"),
        ("paragraph", "برای پره‌ها ۱۲ تنهٔ گردو آوردند."),
        ("heading", "نان تازه"),
        ("paragraph", "هر بامداد نان می‌پزند."),
    ]
    assert article.origin.byline == "مینا راد"
    assert [(dropped.text, dropped.why) for dropped in article.dropped] == [
        ("سال | نان", "table"),
        ("انتهای پیام", "end mark"),
    ]


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04", "damaged"),
        (archive(a=b"x"), "not a Word document"),
        (archive(**{"word__document.xml": b"<broken"}), "damaged Word document"),
    ],
)
def test_what_is_none_is_told(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_docx(data, "a.docx")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST", 1_000_000)
    with pytest.raises(SourceError, match="unpacks to more than 1 MB"):
        read_docx(archive(**{"word__document.xml": b"\0" * 2_000_000}), "a.docx")


def test_entities_are_not_opened() -> None:
    hostile = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(io.BytesIO(written())) as good:
        files = {name.replace("/", "__"): good.read(name) for name in good.namelist()}
    body = files["word__document.xml"]
    place = body.index(b"?>") + 2
    files["word__document.xml"] = body[:place] + hostile + body[place:].replace("گندم".encode(), b"&f;")
    with suppress(SourceError):
        assert "root:" not in str(read_docx(archive(**files), "a.docx"))


def test_damaged_files_give_text_or_one_sentence() -> None:
    whole, chance = written(), random.Random(1)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(SourceError):
            assert read_docx(bytes(data), "a.docx").passages
