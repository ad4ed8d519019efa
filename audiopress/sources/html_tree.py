"""The text of a page → a tree of bounded size, with how much text and how many links each element holds.

The parser is lxml's (libxml2 2.14, which splits tags as HTML's standard says): it is in C, keeps source lines, and
trafilatura works on its trees. html5lib repairs markup more exactly but takes minutes on 10 MB; lexbor keeps no lines.
What differs for reading: all after a stray ``</body>`` would be lost, so closing tags of the page are taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree, html

from audiopress.errors import SourceError
from audiopress.sources.plain import clean

_LARGEST = 40_000_000  # characters: twice what is fetched (fetch.Limits); news pages have up to 2 MB
_MOST_TAGS = 250_000  # signs «<»: the longest news pages with all their comments have some 30,000
_CLOSE_PAGE = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_SELECTOR = re.compile(r"(?P<tag>[a-z][\w-]*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[\w:/+.-]+)?\])*)")
_SIMPLE = re.compile(r"(?P<sign>[.#\[])(?P<name>[\w-]+)(?:=(?P<value>[\w:/+.-]+))?")
#: Elements whose text nobody sees.
UNSEEN = frozenset({"script", "style", "template", "noscript", "head", "title", "meta", "link"})

#: Elements that stand in a line of text and do not part it (HTML, 15.3: what is not displayed as a block).
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "mark", "nobr", "noscript", "q", "ruby", "s", "script", "small", "span", "strike",
    "strong", "style", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip


def is_inline(tag: str) -> bool:
    """Whether an element stands in a line of text; so do names that HTML does not know: Word's ``<o:p>``."""
    return tag in INLINE or ":" in tag


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a tree; sizes are characters without white space."""

    root: Any
    place: dict[Any, int]  #: each element's place in the order of the page
    size: dict[Any, int]  #: text in an element
    linked: dict[Any, int]  #: the part of it that is in links to elsewhere

    def find(self, selector: str) -> list[Any]:
        """The elements that a simple selector names, in order: ``"h1.title"``, ``"[itemprop=articleBody]"``."""
        return [element for element in self.root.xpath(_xpath(selector)) if element in self.place]


def parse(text: str, source: str) -> Page:
    """The tree of a page; raises SourceError where there is none or it is beyond all measure."""
    if len(text) > _LARGEST or text.count("<") > _MOST_TAGS:
        raise SourceError(f"{source} is far too large for a news page; save the article alone as text.")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = _CLOSE_PAGE.sub("", text).replace("\0", "").encode("utf-8", "ignore")
    try:
        root: Any = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise SourceError(f"{source} holds no page; check it in a browser.") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SourceError(f"The elements of {source} lie thousands deep in each other; save the article as text.")
    return _measured(root)


def link_of(element: Any) -> str:
    """Where a link leads, "" for what is none and for one to a place in the page itself."""
    href = (element.get("href") or "").strip() if element.tag == "a" else ""
    return "" if href.startswith("#") else href


def line_of(element: Any) -> int:
    """The 1-based line of an element's start tag, 0 where that is not known."""
    return int(element.sourceline or 0)


def text_of(element: Any) -> str:
    """All text of an element in one line, cleaned: a <br> and the end of a block part words, inline tags do not."""
    found: list[str] = []
    unseen = 0
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(inner.tag, str):
            continue
        unseen += (inner.tag in UNSEEN and inner is not element) * (1 if event == "start" else -1)
        if not is_inline(inner.tag) and inner is not element:
            found.append(" ")
        text = inner.text if event == "start" else inner.tail if inner is not element else None
        if text and not unseen:
            found.append(text)
    return " ".join(clean("".join(found)).split())


def ancestors(elements: Any) -> set[Any]:
    """All that lies around some elements."""
    found: set[Any] = set()
    for element in elements:
        around = element.getparent()
        while around is not None and around not in found:
            found.add(around)
            around = around.getparent()
    return found


def _measured(root: Any) -> Page:
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    size: dict[Any, int] = dict.fromkeys(elements, 0)
    linked: dict[Any, int] = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        if element.tag in UNSEEN:
            size[element] = linked[element] = 0
        else:
            size[element] += _seen(element.text)
            if link_of(element):
                linked[element] = size[element]
        around = element.getparent()
        if around is not None:
            size[around] += size[element] + _seen(element.tail)
            linked[around] += linked[element]
    return Page(root, {element: place for place, element in enumerate(elements)}, size, linked)


def _seen(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


@lru_cache(maxsize=512)
def _xpath(selector: str) -> str:
    """A simple selector as an XPath: lxml needs a package of its own for CSS, of which this is a small part."""
    parts = _SELECTOR.fullmatch(selector)
    if not parts:
        raise ValueError(f"{selector!r} is not a simple selector: tag, .class, #id or [attribute=value]")
    path = f"//{parts['tag'] or '*'}"
    for simple in _SIMPLE.finditer(parts["rest"]):
        name, value = simple["name"], simple["value"]
        if simple["sign"] == ".":
            path += f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        elif simple["sign"] == "#":
            path += f"[@id='{name}']"
        else:
            path += f"[@{name}='{value}']" if value else f"[@{name}]"
    return path
