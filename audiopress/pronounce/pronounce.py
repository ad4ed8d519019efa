"""Spoken Persian text → phonemes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.model import Pronunciation, Word
from audiopress.pronounce import ezafe
from audiopress.pronounce.g2p import word_phonemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiopress.model import Utterance

_TOKEN = re.compile("[\u0621-\u063a\u0641-\u0655\u0670\u0671\u067e\u0686\u0698\u06a9\u06af\u06c0\u06cc\u200c]+|[،؛:.؟!]")
_PAUSES = {"،": ",", "؛": ";", ":": ":", ".": ".", "؟": "?", "!": "!"}


def _words(text: str) -> Iterator[Word]:
    tokens = [token.strip("\u200c") for token in _TOKEN.findall(text)]
    tokens = [token for token in tokens if token]
    pending: Word | None = None
    for token, linked in zip(tokens, ezafe.label(tokens), strict=True):
        if token in _PAUSES:
            if pending and not pending.after:
                pending = Word(pending.spoken, pending.phonemes, _PAUSES[token])
            continue
        phonemes = word_phonemes(token)
        if not phonemes:
            continue
        if pending:
            yield pending
        pending = Word(token, ezafe.attach(phonemes) if linked else phonemes)
    if pending:
        yield pending


def pronounce(utterances: Iterable[Utterance]) -> Iterator[Pronunciation]:
    """Give each utterance its phonemes, one at a time: ``کتاب من`` → ``ketɒbe mæn``."""
    for utterance in utterances:
        yield Pronunciation(utterance, tuple(_words(utterance.spoken)))


def phonemize_line(text: str) -> str:
    """One line of spoken text to one line of phonemes, words separated by a space: ``خانه ما`` → ``xɒneje mɒ``."""
    return " ".join(word.plain for word in _words(text))
