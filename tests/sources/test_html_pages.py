"""Whole pages of our own in the layouts of Persian sites, against what a reader wrote down by reading them.

pages/*.html: Nastooh (IRNA, Mehr), Asam (Tasnim, ILNA), IranSamaneh (YJC, IRIB), ISNA, Fars, a WordPress theme, a
page with nothing but HTML's own elements (BBC), AMP, a print page, and a layout that nobody knows.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiopress.script.segments import write_script
from audiopress.sources.html import read_html
from audiopress.sources.html_tree import UNSEEN, parse
from audiopress.sources.plain import clean

if TYPE_CHECKING:
    from audiopress.model import Article

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


def read(path: Path, data: bytes | None = None) -> tuple[Article, dict[str, Any]]:
    wanted: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return read_html(path.read_bytes() if data is None else data, path.name, url=wanted["url"]), wanted


def passages(article: Article) -> list[list[str]]:
    return [[passage.kind.value, passage.text] for passage in article.passages]


def test_there_are_pages() -> None:
    assert len(PAGES) >= 10


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_a_reader_does(path: Path) -> None:
    article, wanted = read(path)
    assert passages(article) == wanted["passages"]
    assert sum(passage.text.count("\u200c") for passage in article.passages) == wanted["half_spaces"]
    assert (article.agency, article.outlet) == (wanted["agency"], wanted["outlet"])
    origin = article.origin
    told = {name: getattr(origin, name) for name in ("link", "image", "byline", "published", "section")}
    assert told == wanted["origin"]
    assert [[piece.why, piece.text] for piece in article.dropped] == wanted["dropped"]
    assert write_script(article).title == wanted["passages"][0][1]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_line_numbers_are_those_of_the_source(path: Path) -> None:
    article, _ = read(path)
    source = path.read_text(encoding="utf-8").split("\n")
    for piece in (*article.passages, *article.dropped):
        word = next((word for word in piece.text.split() if len(word) > 2 and word.isalpha()), "")
        assert 1 <= piece.line <= len(source)
        if not piece.text.startswith("جدولی"):
            assert word in "\n".join(source[piece.line - 1 : piece.line + 4])
    assert [passage.line for passage in article.passages] == sorted(passage.line for passage in article.passages)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_on_one_line_and_one_in_another_encoding_read_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = passages(read(path)[0])
    assert passages(read(path, text.replace("\n", " ").encode())[0]) == wanted
    assert passages(read(path, text.encode("utf-16"))[0]) == wanted
    assert passages(read(path, text.encode("utf-8-sig"))[0]) == wanted
    assert passages(read_html(text, path.name)) == wanted


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_in_windows_1256_reads_alike_with_a_meta_tag_without_and_with_a_wrong_one(path: Path) -> None:
    # The encoding lacks the Persian ye; pages in it write the Arabic one, as readers of them expect.
    text = path.read_text(encoding="utf-8").replace("ی", "ي").replace("⚡", "amp").replace("\u200e", "")
    wanted = [text.replace("ی", "ي") for _, text in passages(read(path)[0])]
    for charset in ("windows-1256", "utf-8", "iso-8859-1", ""):
        bare = text.replace('charset="utf-8"', f'charset="{charset}"').replace("charset=utf-8", f"charset={charset}")
        data = bare.replace('charset="UTF-8"', f'charset="{charset}"').encode("cp1256", "xmlcharrefreplace")
        told = [text.replace("ی", "ي") for _, text in passages(read(path, data)[0])]
        assert told == wanted


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_in_utf_8_that_calls_itself_something_else_reads_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    data = text.replace("utf-8", "windows-1256").replace("UTF-8", "windows-1256").encode()
    assert passages(read(path, data)[0]) == passages(read(path)[0])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_without_its_frame_and_its_closing_tags_reads_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for tag in ("<html", "</html>", "</body>", "</p>", "</li>", "</td>", "</tr>"):
        text = text.replace(tag, "<x-" if tag == "<html" else "")
    assert [text for _, text in passages(read(path, text.encode())[0])] == [text for _, text in passages(read(path)[0])]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_word_that_a_reader_sees_is_lost(path: Path) -> None:
    article, _ = read(path)
    told = " ".join(piece.text for piece in (*article.passages, *article.dropped))
    page = parse(path.read_text(encoding="utf-8"), path.name)
    nodes = [
        text
        for element in page.root.find("body").iter()
        if element.tag not in UNSEEN
        for text in (element.text, element.tail)
    ]
    seen = [word for node in nodes for word in re.findall(r"\w{2,}", clean(node or "")) if word not in told]
    assert seen == []
