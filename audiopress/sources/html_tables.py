"""Tables: which of them are data, and the sentence that is said in their place."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from audiopress.sources.html_tree import text_of
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_MOST_NAMES = 8  # names that a listener can follow; a table with more is told by its size
_LONGEST_NAME = 40  # characters of a cell that names a column; longer ones are text
_LONGEST_CELL = 300  # characters: a cell that long is a paragraph that was set into a table
_WIDEST = 1000  # columns that a cell may claim to span: HTML's own limit


def told_table(table: Any) -> str:
    """The sentence for a table of data: «جدولی با سه ستون: سال، تولید، صادرات.»; "" where it only lays out a page.

    Layout is what has one row or one column, holds another table or paragraphs, or says so (role="presentation").
    """
    rows = [_cells(row) for row in table.iter("tr")]
    rows = [row for row in rows if row]
    columns = max((sum(map(_span, row)) for row in rows), default=0)
    if len(rows) <= 1 or columns <= 1 or table.get("role") in {"presentation", "none"}:
        return ""
    if next(table.iterdescendants("table", "h1", "h2", "ul", "ol"), None) is not None:
        return ""
    if any(len(text_of(cell)) > _LONGEST_CELL for row in rows for cell in row):
        return ""
    head, body = rows[0], rows[1:]
    if all(map(_names, head)) and not all(_names(cell) for row in body for cell in row):
        names = _fit(head, columns)
        return _sentence("columns" if names else "size", columns, len(body), names)
    if all(_names(row[0]) for row in rows):
        names = _fit([row[0] for row in rows], len(rows))
        return _sentence("rows" if names else "size", columns, len(rows), names)
    return _sentence("size", columns, len(rows), [])


def table_cells(table: Any) -> str:
    """What stands in a table, in one line: ``"سال | تولید | ۱۴۰۴ | ۱۲"``."""
    return " | ".join(filter(None, (text_of(cell) for row in table.iter("tr") for cell in _cells(row))))


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _span(cell: Any) -> int:
    said = cell.get("colspan") or ""
    return min(_WIDEST, int(said)) if said.isascii() and said.isdigit() and said.strip("0") and len(said) < 5 else 1  # noqa: PLR2004 - more digits are no number of columns


def _names(cell: Any) -> bool:
    """Whether a cell names a column or row: a th, or one that is bold as a whole, as editors do."""
    text = text_of(cell)
    bold = any(text_of(inner) == text for inner in cell.iter("b", "strong"))
    return bool(text) and (cell.tag == "th" or bold)


def _fit(cells: Sequence[Any], count: int) -> list[str]:
    """The names, or [] where they are too many or too long to be said."""
    names = [text_of(cell).rstrip(" :.،؛") for cell in cells]
    fits = len(names) == count <= _MOST_NAMES and all(0 < len(name) <= _LONGEST_NAME for name in names)
    return names if fits else []


def _sentence(use: str, columns: int, rows: int, names: Sequence[str]) -> str:
    said = _sentences()
    counts = [said.get(str(count), str(count).translate(_DIGITS)) for count in (columns, rows)]
    return said[use].format(columns=counts[0], rows=counts[1], names="، ".join(names))


@cache
def _sentences() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("sources", "table_sentences.tsv", 2)}
