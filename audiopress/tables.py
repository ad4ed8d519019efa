"""Reads the tables of Persian knowledge: one case a line, cells separated by tabs, in a room's ``data/`` folder."""

from __future__ import annotations

import gzip
from importlib.resources import files


def read_table(room: str, name: str, columns: int) -> list[list[str]]:
    """The rows of ``audiopress/<room>/data/<name>``: ``؟ TAB ? TAB reason`` → ``["؟", "?", "reason"]``.

    Lines that are empty or begin with ``# `` are comments; cells missing at the end of a line come back as "". A name
    that ends in ``.gz`` is unpacked. A row with more than ``columns`` cells raises ValueError: the table is wrong.
    """
    data = (files("audiopress") / room / "data" / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("# ")]
    for cells in rows:
        if len(cells) != columns:
            if len(cells) > columns:
                raise ValueError(f"{room}/data/{name}: {cells[0]!r} has {len(cells)} cells, at most {columns} may be")
            cells.extend([""] * (columns - len(cells)))
    return rows
