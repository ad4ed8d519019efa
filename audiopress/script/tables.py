"""The tables of the script room."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[list[str], ...]:
    """The data lines of a table in this room, without comments and header: ``rows("sentences.tsv")``."""
    text = (files("audiopress.script") / "data" / name).read_text(encoding="utf-8")
    return tuple([line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:])
