"""Spoken Persian text → phonemes.

Each word is read by g2p, homographs by their neighbours, and ezafe joins its word: ``کتاب من`` → ``ketˈɒbe mˈæn``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiopress.model import WRITTEN_PAUSES, Doubt, Pronunciation, Word
from audiopress.pronounce import ezafe, g2p, homographs, marks
from audiopress.pronounce.stress import stressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiopress.model import Utterance

_PAUSES = {written: mark for mark, written in WRITTEN_PAUSES.items()}
_TOKEN = re.compile("[ء-غف-ٰٕٱپچژکگۀی\u200c]+|[،؛:.؟!]")
_MARKED = re.compile("(?:\u0650|ۀ|ه\u0654|(?<=[اوه])\u200c?ی\u0650|(?<=ه)\u200cی)$")  # a written kasre, ـهٔ or ـه‌ی
#: A pronunciation is doubtful where its ezafe or its reading is less certain than this. On farsdat_dev 5.5 % of the
#: words fall into it, and more than half of the wrong ezafes.
SURE = 0.9
_NONE: Mapping[str, str] = {}


def _bare(token: str) -> tuple[str, bool]:
    """A word without the ezafe its writer marked, and whether there was one: ``کتابِ`` → ``کتاب``, True."""
    marked = _MARKED.search(token)
    if not marked:
        return token, False
    return token[: marked.start()] + ("ه" if marked[0] in {"ۀ", "ه\u0654"} else marked[0].rstrip("\u0650")), True


def _word(token: str, at: int, letters: Sequence[str], chances: Sequence[float], own: Mapping[str, str]) -> Word | None:
    """One word of a sentence; None where it has no sound."""
    word, marked = _bare(token)
    doubts: list[Doubt] = []
    known = g2p.own_phonemes(word, own) if own else ""
    vocalized = word
    if known:
        phonemes = known
    else:
        links = [chance > ezafe.EVEN for chance in chances]
        choice = homographs.choose(word, letters, links, at)
        phonemes = choice.reading if choice else g2p.word_phonemes(word)
        if not phonemes:
            return None
        if choice:
            vocalized = marks.settle(word, phonemes, choice.others)
            doubts += [Doubt.HOMOGRAPH] if choice.chance < SURE else []
        elif word == letters[at] and g2p.is_guess(word):
            doubts.append(Doubt.LETTERS)
    linked = marked or chances[at] > ezafe.EVEN
    said = stressed(letters[at], phonemes)
    if linked:
        said = ezafe.attach(said, letters[at])
        if said != phonemes and not phonemes.endswith("je"):
            vocalized = marks.with_ezafe(vocalized, phonemes)
    if not marked and 1 - SURE < chances[at] < SURE:
        doubts.append(Doubt.EZAFE)
    return Word(token, said, "", token if marked else vocalized, tuple(doubts))


def _words(text: str, own: Mapping[str, str] = _NONE) -> Iterator[Word]:
    tokens = [token for token in (token.strip(g2p.HALF_SPACE) for token in _TOKEN.findall(text)) if token]
    letters = [marks.bare(_bare(token)[0]) for token in tokens]
    chances = ezafe.chances(letters)
    pending: Word | None = None
    for at, token in enumerate(tokens):
        if token in _PAUSES:
            if pending and not pending.after:
                pending = replace(pending, after=_PAUSES[token])
            continue
        word = _word(token, at, letters, chances, own)
        if word is None:
            continue
        if pending:
            yield pending
        pending = word
    if pending:
        yield pending


def pronounce(utterances: Iterable[Utterance], own: Mapping[str, str] = _NONE) -> Iterator[Pronunciation]:
    """Give each utterance its phonemes, one at a time: ``کتاب من`` → ``ketˈɒbe mˈæn``.

    ``own`` are a listener's own phonemes by word, without stress and ezafe: ``{"ملک": "molk"}``; they go before
    all else.
    """
    for utterance in utterances:
        yield Pronunciation(utterance, tuple(_words(utterance.spoken, own)))


def phonemize_line(text: str, own: Mapping[str, str] = _NONE) -> str:
    """One line of spoken text to one line of phonemes, words separated by a space: ``خانه ما`` → ``xɒneje mɒ``."""
    return " ".join(word.plain for word in _words(text, own))


def vocalize_line(text: str, own: Mapping[str, str] = _NONE) -> str:
    """One line of spoken text with the marks that settle ezafe and homographs: ``خانه ما، ملک`` → ``خانهٔ ما، مِلک``.

    Nothing else is marked. Read again, it gives the same phonemes.
    """
    return " ".join(word.vocalized + WRITTEN_PAUSES.get(word.after, "") for word in _words(text, own))
