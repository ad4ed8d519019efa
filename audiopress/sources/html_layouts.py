"""Where the parts of an article may lie in a page: known content systems first, then what its text shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from audiopress.sources.boilerplate import skeleton
from audiopress.sources.html_blocks import ends_sentence
from audiopress.sources.html_dense import densest, is_silent
from audiopress.sources.html_parts import Parts
from audiopress.sources.html_told import heading_of
from audiopress.sources.html_tree import ancestors, text_of
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from audiopress.sources.html_silent import Silence
    from audiopress.sources.html_told import Told
    from audiopress.sources.html_tree import Page

_NEAR = 60  # elements between a title and the line above it or its lead: more lie in another box
_OPENING, _LINKED = 60, 0.3  # characters of a paragraph that opens an article, and the share of them in links
_FEWEST = {"html": 40, "dense": 40, "trafilatura": 20, "page": 1}  # words from which a guess is taken …
_SURE_FEWEST = 4  # … and from which the body of a known system is, or an element that holds the title too: one line
_ASKED_UP_TO = 40_000  # elements of a page that trafilatura is asked about: it takes some 10 s for 200,000
_ASKED_UP_TO_TEXT = 1_000_000  # characters of its text, for the same reason
_COVERED = 0.75  # share of the running text in a wide guess that the densest element in it holds
_MOST_OF_IT = 0.8  # share of the found text that the element taken for the body holds
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "td", "section", "article")


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to see a page."""

    site: str
    parts: Parts
    fewest: int  #: words from which this is believed to be the article
    bylines: tuple[Any, ...] = ()
    dates: tuple[Any, ...] = ()
    sections: tuple[Any, ...] = ()


def layouts(page: Page, told: Told, silent: Mapping[Any, Silence]) -> Iterator[Layout]:
    """The ways to see a page, the surest first; at last its whole body. ``silent`` are elements that are not read."""
    dense = densest(page, silent)
    for site, parts in _sites().items():
        marks = parts.get("mark", ())
        if marks and not any(page.find(selector) for selector in marks):
            continue
        for selector in parts.get("body", ()):
            offered = [element for element in page.find(selector) if page.size[element]]
            bodies = [
                each for each in offered if not is_silent(page, each, silent)
            ] or offered  # a comment is an <article>, too
            if bodies:
                body = max(bodies, key=lambda element: page.size[element] - page.linked[element])
                if dense.outweighs(body):  # a card that leads to another article
                    continue
                yield _layout(page, told, silent, site, body)
    found = _asked(page)
    if dense.element is not None and (found is None or dense.outweighs(found) or dense.covers(found, _COVERED)):
        yield _layout(page, told, silent, "dense", dense.element)
    if found is not None:
        yield _layout(page, told, silent, "trafilatura", found)
    whole = page.root.find("body")
    yield _layout(page, told, silent, "page", page.root if whole is None else whole)


def _layout(page: Page, told: Told, silent: Mapping[Any, Silence], site: str, body: Any) -> Layout:
    parts = _sites().get(site) or _sites()["html"]

    def all_of(part: str) -> list[Any]:
        found = (element for selector in parts.get(part, ()) for element in page.find(selector))
        return [element for element in dict.fromkeys(found) if page.size[element]]

    title = heading_of(page, all_of("title"), told)
    if title is None:
        title = heading_of(page, page.find("h1"), told)
    if title is None and told.title:
        title = heading_of(page, page.find("h2"), told)
    if title is None and not told.title:  # old sites set the title in a span or a cell of a table
        title = heading_of(page, [each for name in _sites()["untitled"]["title"] for each in page.find(name)], told)
    outside = ancestors([body]) | {body}
    near = _Near(page, silent, outside, title, body)
    lead = near.below(all_of("lead"))
    return Layout(
        site,
        Parts(body, title, near.above(all_of("kicker")), near.opening() if lead is None else lead),
        _SURE_FEWEST if title is not None and body in ancestors([title]) else _FEWEST.get(site, _SURE_FEWEST),
        tuple(near.of_article(all_of("byline"))),
        tuple(near.of_article(all_of("date"))),
        tuple(near.of_article(all_of("section"))),
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """Chooses parts by their place beside title and body."""

    page: Page
    silent: Mapping[Any, Silence]
    around: set[Any]  #: the body and what lies around it: no part of the article is as large
    title: Any
    body: Any

    def above(self, offered: list[Any]) -> Any:
        """The kicker: nearest to the title, before it or just after."""
        if self.title is None:
            return None
        place = self.page.place
        near = [
            element
            for element in offered
            if element not in self.around
            and element is not self.title
            and abs(place[element] - place[self.title]) <= _NEAR
            and place[element] < max(place[self.body], place[self.title])
            and not self._among(element, self.title)
        ]
        return min(near, key=lambda element: abs(place[element] - place[self.title]), default=None)

    def below(self, offered: list[Any]) -> Any:
        """The lead: the first after the title that is before the body or at its start."""
        place = self.page.place
        first = place[self.title] if self.title is not None else place[self.body] - _NEAR
        last = place[self.body] + _NEAR
        near = (element for element in offered if element not in self.around and first < place[element] <= last)
        return min(near, key=lambda element: place[element], default=None)

    def opening(self) -> Any:
        """The paragraph between the title and the body, or in the header with the title, that opens the article."""
        if self.title is None:
            return None
        page, first = self.page, self.page.place[self.title]
        around_body = ancestors([self.body])
        for element in islice(self.title.xpath("following::*"), 2 * _NEAR):
            if element in around_body:
                continue
            inside = element is self.body or self.body in ancestors([element])
            if inside and next(element.iterancestors("header"), None) is None:
                return None
            plain = element.tag in {"p", "div"} and element.find("p") is None and element.find("div") is None
            if not plain or page.size.get(element, 0) < _OPENING or page.place[element] < first:
                continue
            beside = takewhile(lambda holder: holder not in self.around_title(), (element, *element.iterancestors()))
            if any(holder in self.silent for holder in beside) or page.linked[element] > _LINKED * page.size[element]:
                continue
            if ends_sentence(text_of(element)):
                return element
        return None

    def around_title(self) -> set[Any]:
        """What lies around the title."""
        return ancestors([self.title])

    def of_article(self, offered: list[Any]) -> list[Any]:
        """Bylines, dates and sections, those near the title before those of other boxes."""
        place = self.page.place
        start = place[self.title] if self.title is not None else place[self.body]
        inside = [element for element in offered if element not in self.around]
        return sorted(inside, key=lambda element: abs(place[element] - start))

    @staticmethod
    def _among(element: Any, other: Any) -> bool:
        """Whether one of two elements lies in the other."""
        return element in ancestors([other]) or other in ancestors([element])


def _asked(page: Page) -> Any:
    """The element that holds what trafilatura takes for the article, or None.

    It is asked only where the text is, not for the text: it drops half-spaces (U+200C) and short headings. Its lines
    are found again by their letters alone.
    """
    if len(page.place) > _ASKED_UP_TO or page.size[page.root] > _ASKED_UP_TO_TEXT:
        return None
    import trafilatura  # noqa: PLC0415 - takes half a second to import; known systems do without

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it finds wrong with a page is no news to users
    try:
        found = trafilatura.bare_extraction(page.root, fast=True, include_comments=False, include_tables=False)
    except Exception:  # noqa: BLE001 - on hostile pages the library fails in many ways; the page is read without it
        return None
    lines = {skeleton(line) for line in (getattr(found, "text", None) or "").split("\n")} - {""}
    return _holding(page, lines)


def _holding(page: Page, lines: Collection[str]) -> Any:
    """The innermost element that holds most of some lines."""
    weight: dict[Any, int] = {}
    for element in page.root.iter(*_BLOCKS):
        if element.find("p") is not None or element.find("div") is not None:
            continue
        text = skeleton("".join(element.itertext()))
        if text and text in lines:
            for holder in (element, *ancestors([element])):
                weight[holder] = weight.get(holder, 0) + len(text)
    whole = weight.get(page.root, 0)
    inner = page.root if whole else None
    while inner is not None:
        deeper = max(inner, key=lambda child: weight.get(child, 0), default=None)
        if deeper is None or weight.get(deeper, 0) < _MOST_OF_IT * whole or deeper.tag in {"p", "li", "blockquote"}:
            return inner
        inner = deeper
    return None


@cache
def _sites() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The selectors of each content system by part, in the order of the table."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for site, part, selector, _source in read_table("sources", "selectors.tsv", 4):
        parts = found.setdefault(site, {})
        parts[part] = (*parts.get(part, ()), selector)
    return found
