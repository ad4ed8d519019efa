"""Symbols that are said, and those that are not."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.tables import read_rows


@cache
def _spoken() -> dict[str, str]:
    return {symbol: spoken for symbol, spoken, _ in read_rows("symbols.tsv", 3)}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(symbol) for symbol in sorted(_spoken(), key=len, reverse=True)))


def speak_symbols(text: str) -> str:
    """Return ``text`` with the symbols of ``data/symbols.tsv`` said or dropped: ``نان & پنیر`` → ``نان و پنیر``.

    Symbols that no line names, emoji among them, are left for the last pass, which drops them.
    """
    return _pattern().sub(lambda match: f" {_spoken()[match.group()]} ", text)
