"""A book (EPUB 2 and 3) → an Article a chapter: its spine says the order, its markup what is a heading."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lxml import etree, html

from audiopress.errors import SourceError
from audiopress.model import Article, Dropped, Origin, Passage, PassageKind
from audiopress.sources.packed import open_packed, unpacked
from audiopress.sources.plain import clean, finish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile

_CONTAINER = "META-INF/container.xml"
_SPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
}
_TYPE = "{http://www.idpf.org/2007/ops}type"
#: Kinds of parts that are not read aloud (EPUB structural semantics vocabulary), and why.
_SILENT_PARTS = {
    "footnote": "footnote",
    "footnotes": "footnotes",
    "endnote": "footnote",
    "endnotes": "footnotes",
    "noteref": "footnote mark",
    "toc": "table of contents",
    "landmarks": "table of contents",
    "page-list": "table of contents",
    "pagebreak": "page number",
    "index": "index",
}
_SILENT_TAGS = {"table": "table", "figure": "picture", "nav": "table of contents", "script": "script", "style": "style"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*_HEADINGS, "p", "li", "blockquote", "dt", "dd", "div")
_PERSIAN = re.compile("[ء-غف-يپچژکگی]")
_FEWEST = 8  # words of a part that is a chapter: a cover or a half-title has fewer


def chapter_count(data: bytes, source: str) -> int:
    """How many chapters a book has; raises SourceError where it has none that can be read."""
    return len(_chapters(data, source))


def read_chapter(data: bytes, source: str, number: int) -> Article:
    """Chapter ``number`` of a book, counted from 1; its title names the book where the chapter has no heading."""
    chapters = _chapters(data, source)
    if not 1 <= number <= len(chapters):
        raise SourceError(f"{source} has no chapter {number}, only {len(chapters)}.")
    return chapters[number - 1]


@lru_cache(maxsize=1)  # a book is opened once for all its chapters
def _chapters(data: bytes, source: str) -> tuple[Article, ...]:
    archive = open_packed(data, source)
    package = _package(archive, source)
    root = _xml(unpacked(archive, package, source), source)
    title = _said(root, "title") or "کتاب"
    origin = Origin(byline=_said(root, "creator"), published=_said(root, "date"))
    chapters: list[Article] = []
    for name in _spine(root, package):
        passages, dropped = _read(unpacked(archive, name, source), source)
        words = sum(len(passage.text.split()) for passage in passages if _PERSIAN.search(passage.text))
        if words < _FEWEST:
            continue
        if passages[0].kind is PassageKind.HEADING:
            passages[0] = Passage(PassageKind.TITLE, passages[0].text, passages[0].line)
        else:
            passages.insert(0, Passage(PassageKind.TITLE, f"{title}، بخش {len(chapters) + 1}", 0))
        chapters.append(finish(passages, dropped, source, "", 0, origin=origin))
    if not chapters:
        raise SourceError(f"{source} holds no Persian text; audiopress reads Persian books.")
    return tuple(chapters)


def _xml(data: bytes, source: str) -> Any:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{source} is a damaged book ({str(error)[:60]}); save it anew.") from error


def _package(archive: ZipFile, source: str) -> str:
    """The name of the file that says what the book holds."""
    if _CONTAINER not in archive.namelist():
        raise SourceError(f"{source} is not an EPUB book; save it as .epub.")
    root = _xml(unpacked(archive, _CONTAINER, source), source)
    found = root.xpath("//c:rootfile/@full-path", namespaces=_SPACES) if root is not None else []
    if not found:
        raise SourceError(f"{source} is a damaged book: it does not say what it holds; save it anew.")
    return str(found[0])


def _said(root: Any, name: str) -> str:
    found = root.xpath(f"//d:{name}/text()", namespaces=_SPACES)
    return " ".join(clean(str(found[0])).split()) if found else ""


def _spine(root: Any, package: str) -> Iterator[str]:
    """The names of the parts in reading order, without the table of contents."""
    items = {item.get("id"): item for item in root.xpath("//o:manifest/o:item", namespaces=_SPACES)}
    for reference in root.xpath("//o:spine/o:itemref", namespaces=_SPACES):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in (item.get("properties") or "").split():
            continue
        if "html" in (item.get("media-type") or ""):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(item.get("href") or "")))


def _read(data: bytes, source: str) -> tuple[list[Passage], list[Dropped]]:
    """The headings and paragraphs of a part, and what is not read of it."""
    root: Any
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(f"{source} is a damaged book ({str(error)[:60]}); save it anew.") from error
    dropped: list[Dropped] = []
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        kinds = (element.get("epub:type") or element.get(_TYPE) or "").split()
        why = _SILENT_TAGS.get(element.tag) or next(
            (_SILENT_PARTS[kind] for kind in kinds if kind in _SILENT_PARTS), ""
        )
        if why and element.getparent() is not None:
            text = " ".join(element.text_content().split())
            if text and element.tag not in {"script", "style"}:
                dropped.append(Dropped(element.sourceline or 0, text[:500], why))
            element.drop_tree()
    passages = []
    for element in root.iter(*_BLOCKS):
        if element.find(".//" + element.tag) is not None or any(
            True for _ in element.iter(*_BLOCKS) if _ is not element
        ):
            text = element.text or ""  # what stands in it beside its blocks
        else:
            text = element.text_content()
        text = " ".join(clean(text).split())
        if text:
            kind = PassageKind.HEADING if element.tag in _HEADINGS else PassageKind.PARAGRAPH
            passages.append(Passage(kind, text, element.sourceline or 0))
    return passages, dropped
