"""A PDF with a text layer → Article: letters by their places on the page, lines in reading order, headings by size.

PDF knows glyphs and places, no text: Persian stands there as shapes from left to right, half-spaces are gone. Each
line is put together by place and turned into reading order (the bidi algorithm backwards); the text room restores
half-spaces later.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from audiopress.errors import SourceError
from audiopress.model import Article, Dropped, Passage, PassageKind
from audiopress.sources.plain import Line, clean, drop_chrome, finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
#: What is read from left to right: Latin with all between its words, numbers with the separators that the bidi
#: algorithm keeps in them after Persian letters (UAX 9, W2 and W4): «۱۲/۵», «10:30», but not a hyphen.
_FORWARD = re.compile(r"[A-Za-z](?:[ -~]*[A-Za-z0-9])?|[0-9۰-۹٠-٩]+(?:[.,/:٫٬][0-9۰-۹٠-٩]+)*")
_PAIRS = ("()", "[]", "{}", "«»", "‹›")
_BRACKET = re.compile(r"(?P<opens>(?:(?<=^)|(?<=[\s(\[{«‹]))[()\[\]{}«»‹›](?=\S))|[()\[\]{}«»‹›]")
_STOP = re.compile(r"[.؟!?…:][»”\"')\]]*$")
_PAGE_NUMBER = re.compile(r"(?:صفحه[ی\u200c ]*)?[-–—\s]*[0-9۰-۹٠-٩]{1,4}(?:\s*(?:از|/)\s*[0-9۰-۹٠-٩]{1,4})?[-–—\s]*")
_MOST_PAGES = 500
_LARGER = 1.12  # times the text's size from which a line is a heading: editors take 2 points or more above 12
_GAP = 1.25  # of the usual distance between two lines, from which white space parts paragraphs
_SHORT_LINE = 0.85  # of the widest line: a paragraph's last line ends before it
_EDGE = 2  # first and last lines of a page that may be a running head; lines that make a column
_RUNNING = 0.6  # share of pages on which a line at the edge is a running head


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a page: its text in reading order, and where it stands in points."""

    page: int
    top: float
    height: float
    left: float
    right: float
    size: float
    text: str


def read_pdf(data: bytes, source: str) -> Article:
    """The article in a PDF; raises SourceError for a scan, a locked or a damaged file.

    A line of the article is a line of the document, counted over all pages.
    """
    rows, dropped = _without_heads(_rows(data, source))
    if not any(_RIGHT_TO_LEFT.search(row.text) for row in rows):
        raise SourceError(
            f"{source} has no Persian text layer; it may be a scan: run it through text recognition first."
        )
    blocks = list(_blocks(rows))
    lines, chrome, agency, agency_line = drop_chrome([Line(number, text) for number, _, text in blocks])
    passages: list[Passage] = []
    for (_, heading, _), line in zip(blocks, lines, strict=True):
        if line.text:
            kind = (
                PassageKind.TITLE
                if heading and not passages
                else PassageKind.HEADING
                if heading
                else PassageKind.PARAGRAPH
            )
            passages.append(Passage(kind, line.text, line.number))
    return finish(passages, [*dropped, *chrome], source, agency, agency_line)


def _rows(data: bytes, source: str) -> list[_Row]:
    from pdfminer.high_level import extract_pages  # noqa: PLC0415 - only PDFs need it
    from pdfminer.layout import LAParams, LTChar, LTTextLine  # noqa: PLC0415
    from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed  # noqa: PLC0415

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # fonts without a box are common and harmless
    rows: list[_Row] = []

    def lines(item: Any) -> Iterator[Any]:
        if isinstance(item, LTTextLine):
            yield item
        elif hasattr(item, "__iter__"):
            for inner in item:
                yield from lines(inner)

    try:
        for number, page in enumerate(extract_pages(io.BytesIO(data), laparams=LAParams(), maxpages=_MOST_PAGES)):
            found = []
            for line in lines(page):
                sizes = [char.size for char in line if isinstance(char, LTChar)]
                text = reading_order(line.get_text())
                if sizes and text:
                    place = (page.height - line.y1, line.height, line.x0, line.x1)
                    found.append(_Row(number, *place, sorted(sizes)[len(sizes) // 2], text))
            rows += _in_order(found)
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise SourceError(f"{source} is locked; save it without a password.") from error
    except Exception as error:  # on damaged files the library fails in many ways
        raise SourceError(f"{source} is a damaged PDF ({type(error).__name__}); save it anew.") from error
    return rows


def reading_order(visual: str) -> str:
    """A line as it is read, from its signs left to right: ``"۱۴۰۴ ﺮﻬﻣ ۱۷"`` → ``"۱۷ مهر ۱۴۰۴"``.

    Persian is read from the right, numbers and Latin in it from the left; shapes become letters (NFKC).
    """
    line = " ".join(visual.split())
    if not _RIGHT_TO_LEFT.search(line):
        return clean(line)
    line = _BRACKET.sub(_turned, _FORWARD.sub(lambda run: run.group()[::-1], line)[::-1])
    return " ".join(clean(unicodedata.normalize("NFKC", line).replace("\u0020\u0654", "\u0654")).split())


def _turned(found: re.Match[str]) -> str:
    """A bracket that opens before a word and closes after it: files tell mirrored brackets one way or the other."""
    pair = next(pair for pair in _PAIRS if found.group() in pair)
    return pair[0] if found["opens"] else pair[1]


def _in_order(rows: list[_Row]) -> list[_Row]:
    """The rows of a page from top to bottom, the right column first where there are two."""
    if not rows:
        return []
    middle = (min(row.left for row in rows) + max(row.right for row in rows)) / 2
    right = [row for row in rows if row.left > middle]
    left = [row for row in rows if row.right < middle]
    if min(len(right), len(left)) > _EDGE and len(right) + len(left) > 0.7 * len(rows):
        first = min(row.top for row in (*right, *left))
        above = [row for row in rows if row.top < first]
        columns = [right, [row for row in rows if row not in right and row not in left and row.top >= first], left]
        return [row for part in (above, *columns) for row in sorted(part, key=lambda row: row.top)]
    return sorted(rows, key=lambda row: (round(row.top), -row.right))


def _without_heads(rows: list[_Row]) -> tuple[list[_Row], list[Dropped]]:
    """The rows without page numbers and running heads, and those with their reasons."""
    pages = [list(group) for _, group in groupby(rows, key=lambda row: row.page)]
    edges = [[*page[:_EDGE], *page[-_EDGE:]] for page in pages]
    counts = Counter(re.sub(r"\d+", "#", row.text) for edge in edges for row in dict.fromkeys(edge))
    running = {text for text, count in counts.items() if len(pages) > 2 and count > _RUNNING * len(pages)}  # noqa: PLR2004
    kept, dropped = [], []
    places = {id(row): number for number, row in enumerate(rows, start=1)}
    for page, edge in zip(pages, edges, strict=True):
        for row in page:
            at_edge = row in edge
            if at_edge and _PAGE_NUMBER.fullmatch(row.text):
                dropped.append(Dropped(places[id(row)], row.text, "page number"))
            elif at_edge and re.sub(r"\d+", "#", row.text) in running:
                dropped.append(Dropped(places[id(row)], row.text, "running head"))
            else:
                kept.append(row)
    return kept, dropped


def _blocks(rows: Sequence[_Row]) -> Iterator[tuple[int, bool, str]]:
    """Headings and paragraphs: number of the first line, whether it is a heading, text."""
    letters: Counter[float] = Counter()
    for row in rows:
        letters[round(row.size, 1)] += len(row.text)
    body = letters.most_common(1)[0][0]
    widest = max((row.right - row.left for row in rows if row.size < _LARGER * body), default=0.0)
    steps = sorted(two.top - one.top for one, two in pairwise(rows) if one.page == two.page and two.top > one.top)
    usual = steps[len(steps) // 2] if steps else 0.0
    first, heading, text = 0, False, ""
    before: _Row | None = None
    for number, row in enumerate(rows, start=1):
        larger = row.size >= _LARGER * body
        if before is not None and text:
            gap = row.top - before.top if row.page == before.page else 0.0
            ended = _STOP.search(before.text) and before.right - before.left < _SHORT_LINE * widest
            if larger != heading or gap > _GAP * usual or (ended and not heading):
                yield first, heading, text
                text = ""
        if not text:
            first, heading = number, larger
        text = f"{text} {row.text}".strip()
        before = row
    if text:
        yield first, heading, text
