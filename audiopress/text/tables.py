"""Reads the tables of Persian knowledge that lie beside the code in ``data/``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def read_rows(name: str, columns: int) -> list[tuple[str, ...]]:
    """Return the rows of ``data/<name>``: ``؟ TAB ? TAB reason`` → ``("؟", "?", "reason")``.

    Lines that are empty or begin with ``# `` are comments. Cells are separated by a tab; cells that are missing at the
    end of a line come back as "". A row with more than ``columns`` cells raises ValueError: the table is wrong.
    """
    text = (files("audiopress.text") / "data" / name).read_text(encoding="utf-8")
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("# "):
            continue
        cells = line.split("\t")
        if len(cells) > columns:
            raise ValueError(f"data/{name}:{number} has {len(cells)} cells, expected at most {columns}")
        rows.append(tuple(cells + [""] * (columns - len(cells))))
    return rows


@cache
def one_of(name: str) -> str:
    """Return a regular expression for the words of one set in ``data/neighbours.tsv``: ``(?:بند|گروه|…)``.

    A half-space inside a word may be missing or a space.
    """
    words = next(words for group, words, _ in read_rows("neighbours.tsv", 3) if group == name).split(" ")
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})".replace("\u200c", "[ \u200c]?")
