"""A Word document → Article: its styles say what is a heading."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from audiopress.errors import SourceError
from audiopress.model import Article, Dropped, Origin, Passage, PassageKind
from audiopress.sources.packed import open_packed, unpacked
from audiopress.sources.plain import Line, clean, drop_chrome, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING = re.compile(r"heading [1-9]|title|عنوان.*|سرفصل.*", re.IGNORECASE)
_LONGEST = 180  # characters of a heading, as in sources.headings


def read_docx(data: bytes, source: str) -> Article:
    """The article in a .docx file; a line of it is a paragraph of the document.

    The title is the paragraph with the style Title or the first heading; paragraphs that are bold as a whole are
    headings, as editors set them. Raises SourceError where it is damaged or holds nothing to say.
    """
    from docx import Document  # noqa: PLC0415 - only documents need it

    archive = open_packed(data, source)
    if "word/document.xml" not in archive.namelist():
        raise SourceError(f"{source} is not a Word document; save it as .docx.")
    for name in archive.namelist():
        unpacked(archive, name, source)  # the library reads them without a limit
    try:
        document = Document(io.BytesIO(data))
        dropped: list[Dropped] = []
        blocks = list(_blocks(document, dropped))
        about = document.core_properties
        origin = Origin(byline=clean(about.author or ""), published=about.created.isoformat() if about.created else "")
    except SourceError:
        raise
    except Exception as error:  # on damaged files the library fails in many ways
        raise SourceError(f"{source} is a damaged Word document ({type(error).__name__}); save it anew.") from error
    lines, chrome, agency, agency_line = drop_chrome([Line(number, text) for number, _, text in blocks])
    passages: list[Passage] = []
    for (_, heading, _), line in zip(blocks, lines, strict=True):
        if line.text:
            first = heading and not passages
            kind = PassageKind.TITLE if first else PassageKind.HEADING if heading else PassageKind.PARAGRAPH
            passages.append(Passage(kind, line.text, line.number))
    return finish(passages, [*dropped, *chrome], source, agency, agency_line, origin=origin)


def _blocks(document: Any, dropped: list[Dropped]) -> Iterator[tuple[int, bool, str]]:
    """Headings and paragraphs with their numbers; tables go to ``dropped``."""
    from docx.table import Table  # noqa: PLC0415 - as in read_docx

    for number, block in enumerate(document.iter_inner_content(), start=1):
        if isinstance(block, Table):
            cells = " | ".join(cell.text.strip() for row in block.rows for cell in row.cells)
            dropped.append(Dropped(number, cells[:500], "table"))
            continue
        text = " ".join(clean(block.text).split())
        if text:
            yield number, len(text) <= _LONGEST and (_styled(block) or _is_bold(block)), text


def _styled(paragraph: Any) -> bool:
    """Whether the paragraph's style, or one that it is made from, is a heading's."""
    style = paragraph.style
    while style is not None:
        if style.name and _HEADING.fullmatch(style.name):
            return True
        style = style.base_style
    return False


def _is_bold(paragraph: Any) -> bool:
    """Whether all that is written is bold; Persian runs have a mark of their own for it (w:bCs)."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold or run.font.cs_bold for run in runs)
