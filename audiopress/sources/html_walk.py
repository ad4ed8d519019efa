"""One walk over a page, in its own order: what lies in its parts is read, all else is left out with a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from lxml import etree

from audiopress.model import Dropped
from audiopress.sources.boilerplate import chrome
from audiopress.sources.html_blocks import CAPTION, Block, Piece, blocks, ends_sentence, without_marks
from audiopress.sources.html_dates import is_date
from audiopress.sources.html_notes import is_note, power
from audiopress.sources.html_parts import OUTSIDE, Read
from audiopress.sources.html_silent import UNTOLD, silent_link
from audiopress.sources.html_tables import table_cells, told_table
from audiopress.sources.html_tree import ancestors, is_inline, line_of, link_of, text_of
from audiopress.sources.plain import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiopress.sources.html_parts import Parts
    from audiopress.sources.html_silent import Silence
    from audiopress.sources.html_tree import Page

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD = frozenset({"b", "strong"})
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_LINKED = 0.9  # share of letters in links from which a line is a link to another article
_LINKS_AT_MOST = 160  # characters of such a line: with «بیشتر بخوانید:» before a title (boilerplate.tsv)
_LINK_WORDS = 40  # characters of a link that only leads on, as in html_silent
_LINK_LIST = 0.7  # share of letters in links from which a list is one of links
_MOST = 0.5  # of the article's letters: an element with more of them is no small box in it
_ABOVE_AT_MOST = 100  # characters of lines above a title: names of site and section; a longer one is text
_SIGN = re.compile(r"emoji|icon|smil", re.IGNORECASE)  # pictures that stand for a word or a bullet
_LOOSE = frozenset({"page header", "page footer", "menu", "box beside the article"})  # reasons of what may hold others
_CLIPPED = 500  # characters told of what is not read, as elsewhere in this room


def walk(page: Page, parts: Parts, silent: Mapping[Any, Silence]) -> Read:
    """Read the parts of a page; ``silent`` are its elements that are not read."""
    return _Walk(page, parts, silent).run()


class _Walk:
    """The state of a walk: the run of text that is being put together, and what lies around it."""

    def __init__(self, page: Page, parts: Parts, silent: Mapping[Any, Silence]) -> None:
        self._page, self._parts, self._silent = page, parts, silent
        self._around = ancestors(parts.present())  # what holds a part is gone into …
        # … and what holds an element with a reason of its own, so that this is told, not that it lay in a header
        self._telling = ancestors(element for element, said in silent.items() if said.why != UNTOLD)
        self._firm = ancestors(element for element, said in silent.items() if said.why not in {UNTOLD, *_LOOSE})
        self._skipped: Any = None
        self._modes: list[tuple[Any, str]] = [(None, OUTSIDE)]  # why the text is left out, "" where it is read
        self._pieces: list[Piece] = []
        self._blocks: list[Block] = []
        self._dropped: list[Dropped] = []
        self._bold = self._linked = self._heading = self._leading = 0

    def run(self) -> Read:
        walker = etree.iterwalk(self._page.root, events=("start", "end"))
        for event, element in walker:
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if self._enter(element):
                    self._say(element.text, element)
                else:
                    walker.skip_subtree()
                    self._skipped = element
            else:
                self._leave(element)
        self._flush()
        return Read(tuple(self._blocks), tuple(self._dropped))

    @property
    def _mode(self) -> str:
        return self._modes[-1][1]

    def _enter(self, element: Any) -> bool:
        """Whether to go into an element."""
        if not self._inline(element):
            self._flush()
        parts = self._parts
        if element is parts.title:
            return self._enter_title(element)
        if element is parts.kicker:
            return self._drop(element, "kicker above the title")
        said = self._silent.get(element)
        if said and element is not parts.body and element is not parts.lead:
            if element in self._around or (said.why in _LOOSE and element in self._firm):
                self._modes.append((element, said.why))
                return self._enter_text(element)
            if self._mode or not said.small or not self._holds_most(element):
                self._picture(element, said.why)
                return self._drop(element, said.why)
        if element is parts.body or element is parts.lead:
            self._modes.append((element, ""))
            self._leading += element is parts.lead
        elif self._mode and not self._goes_into(element):
            return self._drop(element, self._mode)
        return self._enter_text(element)

    def _picture(self, element: Any, why: str) -> None:
        """Keep in the run that a picture stands at the start of a line: what follows may be its caption."""
        if why != "picture" or _SIGN.search(element.get("class") or ""):
            return
        line = takewhile(lambda piece: not piece.breaks, reversed(self._pieces))
        if not any(map(str.isalnum, "".join(piece.text for piece in line))):
            self._pieces.append(Piece("", line_of(element), picture=True))

    def _enter_title(self, element: Any) -> bool:
        """A title is told by `html_told`; go in only where it wraps other parts. Short lines above it are no text."""
        if element in self._around:
            self._modes.append((element, OUTSIDE))
            return True
        if all(len(block.text) <= _ABOVE_AT_MOST and not block.lead for block in self._blocks):
            for block in self._blocks:
                self._leave_out(block.line, block.text, "above the title")
            self._blocks.clear()
        return False

    def _goes_into(self, element: Any) -> bool:
        telling = self._telling if self._mode == OUTSIDE else self._firm
        return element in self._around or element in telling or self._inline(element)

    def _enter_text(self, element: Any) -> bool:
        tag = element.tag
        if not self._mode and element not in self._around:
            if tag == "table" and self._is_caption(element):
                return self._drop(element, "caption of a picture")
            if tag == "table" and next(element.iter("th"), None) is None and self._is_link_list(element):
                return self._drop(element, "related articles")
            said = told_table(element) if tag == "table" else ""
            if said:
                self._blocks.append(Block(said, line_of(element)))
                return self._drop(element, "table, told in one sentence", table_cells(element))
            sign = power(self._pieces[-1].text, element) if tag == "sup" and self._pieces else ""
            if sign:
                self._piece(sign, element)
                return False
            why = self._why_in_text(element)
            if why:
                return self._drop(element, why)
        if tag == "br":
            self._pieces.append(Piece("", line_of(element), breaks=True))
        self._turn(element, 1)
        if tag == "q":
            self._piece("«", element)
        return True

    def _why_in_text(self, element: Any) -> str:
        """Why an element is not read that nothing but its text tells apart, "" where it is read."""
        tag = element.tag
        if tag in {"sup", "a"} and is_note(element):
            return "footnote mark"
        if tag == "a" and self._page.size[element] <= _LINK_WORDS:
            return silent_link(text_of(element))
        return "related articles" if tag in {"ul", "ol", "div", "section"} and self._is_link_list(element) else ""

    def _leave(self, element: Any) -> None:
        if element is self._skipped:
            self._skipped = None
        else:
            if element.tag == "q":
                self._piece("»", element)
            if not self._inline(element):
                self._flush()
            self._turn(element, -1)
            if self._modes[-1][0] is element:
                self._flush()
                self._modes.pop()
                self._leading -= element is self._parts.lead
        self._say(element.tail, element)

    def _turn(self, element: Any, way: int) -> None:
        """Count what holds for all text in an element: up where it begins, down where it ends."""
        tag = element.tag
        self._bold += way * (tag in _BOLD or bool(_BOLD_STYLE.search(element.get("style") or "")))
        self._linked += way * bool(link_of(element))
        self._heading += way * (tag in _HEADINGS)

    def _inline(self, element: Any) -> bool:
        """Whether an element does not part the run of text that it stands in; a <br> is a piece of it."""
        return is_inline(element.tag) or element.tag == "br"

    def _say(self, text: str | None, element: Any) -> None:
        if text:
            self._piece(text, element)

    def _piece(self, text: str, element: Any) -> None:
        line = line_of(element)
        self._pieces.append(Piece(text, line, bold=self._bold > 0, linked=self._linked > 0))

    def _flush(self) -> None:
        """The run of text is at its end: read it, or leave it out."""
        pieces, self._pieces = self._pieces, []
        if not any(piece.text and not piece.text.isspace() for piece in pieces):
            return
        for block in blocks(pieces, heading=self._heading > 0 and not self._leading):
            self._settle(block)

    def _settle(self, block: Block) -> None:
        text, marks = without_marks(block.text)
        if self._mode:
            pattern = chrome(block.text)
            self._leave_out(block.line, block.text, pattern.why if pattern else self._mode)
        elif marks and block.text.startswith(marks[0]):  # a sentence follows its marks, a note begins with its own
            self._leave_out(block.line, block.text, "footnotes")
        elif not any(map(str.isalnum, text)):
            self._leave_out(block.line, block.text, "marks without words")
        elif is_date(text) and not (block.heading or block.bold):
            self._leave_out(block.line, block.text, "date line")
        elif block.pictured and len(text) <= CAPTION and not (block.heading or block.bold or ends_sentence(text)):
            self._leave_out(block.line, block.text, "caption of a picture")
        elif block.linked >= _LINKED and len(text) <= _LINKS_AT_MOST and not self._leading:
            self._leave_out(block.line, block.text, "related articles")
        else:
            for mark in marks:
                self._leave_out(block.line, mark, "footnote mark")
            self._blocks.append(replace(block, text=text, lead=self._leading > 0))

    def _drop(self, element: Any, why: str, text: str = "") -> bool:
        """Leave an element out; always False."""
        if why != UNTOLD:
            seen = text or " ".join(clean(" ".join(self._texts(element))).split())
            self._leave_out(line_of(element), seen, why)
        return False

    def _texts(self, element: Any) -> list[str]:
        """The texts in an element that somebody sees, up to what is told of it."""
        found: list[str] = []
        length = 0
        for inner in element.iter():
            seen = self._page.size.get(inner, 0)
            for text in ((inner.text if seen else ""), (inner.tail if inner is not element else "")):
                if text and not text.isspace():
                    found.append(text[:_CLIPPED])
                    length += len(text)
            if length > 2 * _CLIPPED:
                break
        return found

    def _leave_out(self, line: int, text: str, why: str) -> None:
        if text:
            self._dropped.append(Dropped(line, text[:_CLIPPED], why))

    def _holds_most(self, element: Any) -> bool:
        return self._page.size[element] > _MOST * self._page.size[self._parts.body]

    def _is_caption(self, table: Any) -> bool:
        """Whether a table holds a picture and a line of text: pages of ten years ago set captions so."""
        text = text_of(table) if 0 < self._page.size[table] <= CAPTION else ""
        return bool(text) and next(table.iter("img"), None) is not None and not ends_sentence(text)

    def _is_link_list(self, element: Any) -> bool:
        size, linked = self._page.size[element], self._page.linked[element]
        links = sum(1 for _ in zip(range(2), element.iter("a"), strict=False))
        return links > 1 and linked > _LINK_LIST * size and element not in self._around
