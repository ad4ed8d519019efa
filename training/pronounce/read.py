"""The labels that readers gave, kept without the sentences they belong to.

A sentence is known by a hash of its words, so that the labels can be published and the news cannot be read from them;
whoever has the data of NOTICE can put both together again. ``labels/ezafe.tsv`` holds a sentence's hash, one digit a
word (1: an ezafe follows) and how many readers looked; ``labels/homographs.tsv`` a hash, a word of that
sentence and its reading.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = Path(__file__).with_name("labels")


def key(words: Sequence[str]) -> str:
    """The name of a sentence: the first 12 hex digits of the SHA-1 of its words, separated by spaces."""
    return hashlib.sha1(" ".join(words).encode(), usedforsecurity=False).hexdigest()[:12]


def rows(name: str, columns: int) -> list[list[str]]:
    """The lines of a table of labels."""
    lines = (LABELS / name).read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong = next((cells for cells in found if len(cells) != columns), None)
    if wrong:
        raise ValueError(f"{name}: {wrong!r} has not {columns} cells")
    return found


def ezafe() -> dict[str, list[str]]:
    """``EZ`` or ``O`` for each word of a sentence, by its key."""
    return {row[0]: ["EZ" if digit == "1" else "O" for digit in row[1]] for row in rows("ezafe.tsv", 3)}


def homographs() -> dict[tuple[str, str], str]:
    """The reading of a word in a sentence, by the sentence's key and the word."""
    return {(row[0], row[1]): row[2] for row in rows("homographs.tsv", 3)}
