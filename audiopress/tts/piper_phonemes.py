"""How a Piper voice is told our phonemes."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.errors import EngineError
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONAL = frozenset("ˈ,;:.?!")  # what a model may lack, and is then not told

type Sounds = tuple[tuple[int, ...], ...]


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Our phonemes, stress and pauses → Piper's, from data/piper_phonemes.tsv."""
    return {ours: tuple(theirs.split()) for ours, theirs in read_table("tts", "piper_phonemes.tsv", 2)}


@cache
def table_digest() -> str:
    """What changes when the table does: 12 hexadecimal digits."""
    return hashlib.sha256(repr(sorted(_table().items())).encode()).hexdigest()[:12]


def speller(known: frozenset[str]) -> Callable[[str], Sounds]:
    """How a model that knows these symbols is told a word: ``ketˈɒb`` → the code points of k, e, t, ˈ, ɑ and b.

    Raises EngineError for a phoneme that the table or the model lacks.
    """
    pattern = re.compile("|".join(map(re.escape, sorted(_table(), key=len, reverse=True))) + "|(.)")

    def spelled(phonemes: str) -> Sounds:
        sounds: list[tuple[int, ...]] = []
        for match in pattern.finditer(phonemes):
            symbols = _table().get(match[0], ())
            if not symbols or (symbols[0] not in known and match[0] not in OPTIONAL):
                raise EngineError(
                    f"The voice has no phoneme {match[0]!r}, which stands in {phonemes!r}; correct the word's "
                    "pronunciation or choose another voice."
                )
            sounds.append(tuple(ord(symbol) for symbol in symbols if symbol in known))
        return tuple(sounds)

    return spelled
