"""Words whose phonemes are known, and parts of words: the tables of audiopress/pronounce/data."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def words() -> Mapping[str, str]:
    """Phonemes by word, names among them: ``سازمان`` → ``sɒzemɒn``, ``سوکارنو`` → ``sukɒrno``."""
    return dict(names()) | {row[0]: row[1] for row in read_table("pronounce", "lexicon.tsv", 3)}


@cache
def names() -> Mapping[str, str]:
    """Phonemes by name of a person, place, party, firm or team: ``سوکارنو`` → ``sukɒrno``."""
    return {row[0]: row[1] for row in read_table("pronounce", "names.tsv", 3)}


@cache
def suffixes() -> Mapping[str, str]:
    """Phonemes by ending: ``های`` → ``hɒje``."""
    return {row[0]: row[1] for row in read_table("pronounce", "suffixes.tsv", 3)}


@cache
def links() -> Mapping[str, str]:
    """Phonemes of the first parts that carry their ezafe inside a joined word: ``قابل`` → ``qɒbele``."""
    return {row[0]: row[1] for row in read_table("pronounce", "links.tsv", 3)}


@cache
def prefixes() -> Mapping[str, str]:
    """Phonemes of the first parts that may be written on to a known word: ``غیر`` → ``qejre``."""
    return {row[0]: row[1] for row in read_table("pronounce", "prefixes.tsv", 3)}


@cache
def kinds() -> Mapping[str, str]:
    """Parts of speech by word, one letter each: ``کتاب`` → ``N``."""
    return {row[0]: row[1] for row in read_table("pronounce", "kinds.tsv.gz", 2)}
