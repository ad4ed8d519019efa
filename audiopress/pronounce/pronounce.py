"""Spoken Persian text → phonemes.

Each word is read by g2p, homographs by their neighbours, and ezafe joins its word: ``کتاب من`` → ``ketˈɒbe mˈæn``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.model import Pronunciation, Word
from audiopress.pronounce import ezafe, homographs
from audiopress.pronounce.g2p import HALF_SPACE, word_phonemes
from audiopress.pronounce.stress import stressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiopress.model import Utterance

_PAUSES = {"،": ",", "؛": ";", ":": ":", ".": ".", "؟": "?", "!": "!"}
_TOKEN = re.compile("[ء-غف-ٰٕٱپچژکگۀی\u200c]+|[،؛:.؟!]")
_MARKED = re.compile("(?:\u0650|ۀ|ه\u0654|(?<=[اوه])\u200c?ی\u0650)$")  # a written kasre, or ـهٔ


def _bare(token: str) -> tuple[str, bool]:
    """A word without the ezafe its writer marked, and whether there was one: ``کتابِ`` → ``کتاب``, True."""
    marked = _MARKED.search(token)
    if not marked:
        return token, False
    return token[: marked.start()] + ("ه" if marked[0] in {"ۀ", "ه\u0654"} else marked[0].rstrip("\u0650")), True


def _words(text: str) -> Iterator[Word]:
    tokens = [token for token in (token.strip(HALF_SPACE) for token in _TOKEN.findall(text)) if token]
    written = [_bare(token) for token in tokens]
    bare = [word for word, _ in written]
    links = ezafe.label(bare)
    pending: Word | None = None
    for at, (token, (word, marked)) in enumerate(zip(tokens, written, strict=True)):
        if token in _PAUSES:
            if pending and not pending.after:
                pending = Word(pending.spoken, pending.phonemes, _PAUSES[token])
            continue
        phonemes = homographs.reading(bare, links, at) or word_phonemes(word)
        if not phonemes:
            continue
        if pending:
            yield pending
        phonemes = stressed(word, phonemes)
        pending = Word(token, ezafe.attach(phonemes, word) if marked or links[at] else phonemes)
    if pending:
        yield pending


def pronounce(utterances: Iterable[Utterance]) -> Iterator[Pronunciation]:
    """Give each utterance its phonemes, one at a time: ``کتاب من`` → ``ketˈɒbe mˈæn``."""
    for utterance in utterances:
        yield Pronunciation(utterance, tuple(_words(utterance.spoken)))


def phonemize_line(text: str) -> str:
    """One line of spoken text to one line of phonemes, words separated by a space: ``خانه ما`` → ``xɒneje mɒ``."""
    return " ".join(word.plain for word in _words(text))
