"""Reads the tables of Persian knowledge that lie beside the code in ``data/``."""

from __future__ import annotations

from functools import cache

from audiopress.tables import read_table


def read_rows(name: str, columns: int) -> list[tuple[str, ...]]:
    """Return the rows of ``text/data/<name>``: ``؟ TAB ? TAB reason`` → ``("؟", "?", "reason")``; see read_table."""
    return [tuple(cells) for cells in read_table("text", name, columns)]


@cache
def one_of(name: str) -> str:
    """Return a regular expression for the words of one set in ``data/neighbours.tsv``: ``(?:بند|گروه|…)``.

    A half-space inside a word may be missing or a space.
    """
    words = next(words for group, words, _ in read_rows("neighbours.tsv", 3) if group == name).split(" ")
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})".replace("\u200c", "[ \u200c]?")
