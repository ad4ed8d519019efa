"""Words whose phonemes are known, and parts of words: the tables of audiopress/pronounce/data."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATA = files("audiopress.pronounce") / "data"


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each line of a table that is neither empty nor a comment."""
    data = (_DATA / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


@cache
def words() -> Mapping[str, str]:
    """Phonemes by word: ``سازمان`` → ``sɒzmɒn``."""
    return {row[0]: row[1] for row in rows("lexicon.tsv")}


@cache
def suffixes() -> Mapping[str, str]:
    """Phonemes by ending: ``های`` → ``hɒje``."""
    return {row[0]: row[1] for row in rows("suffixes.tsv")}


@cache
def links() -> Mapping[str, str]:
    """Phonemes of the first parts that carry their ezafe inside a joined word: ``قابل`` → ``qɒbele``."""
    return {row[0]: row[1] for row in rows("links.tsv")}


@cache
def kinds() -> Mapping[str, str]:
    """Parts of speech by word, one letter each: ``کتاب`` → ``N``."""
    return {row[0]: row[1] for row in rows("kinds.tsv.gz")}
