"""Cyrillic and Greek letters: brought to Latin ones, which the pass for foreign words then reads."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.tables import read_rows

_FOREIGN = re.compile("[Ͱ-ϿЀ-ԯ]+")


@cache
def _table() -> dict[str, tuple[str, str]]:
    return {letter: (latin, name) for letter, latin, name in read_rows("scripts.tsv", 3)}


def romanise(text: str) -> str:
    """Return ``text`` with Cyrillic and Greek words in Latin letters and lone Greek letters by name.

    ``Путин`` → ``Putin``, ``ذرات α`` → ``ذرات آلفا``. Other scripts are left for the last pass, which drops them.
    """
    return _FOREIGN.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    letters = match.group()
    table = _table()
    if len(letters) == 1:
        name = table.get(letters.lower(), ("", ""))[1]
        if name:
            return f" {name} "
    latin = "".join(table.get(letter.lower(), ("", ""))[0] for letter in letters)
    return latin.capitalize() if letters[0].isupper() else latin
