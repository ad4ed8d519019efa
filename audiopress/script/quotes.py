"""Another's words set apart from the sentences that report them, for shows that cast a voice for quotes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from audiopress.model import Boundary, Role
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.model import Script, Sentence

#: Words from which on a quotation has a voice of its own; a shorter one is a name, or a phrase of the reporter's.
SHORTEST = 4
_PAIRS = {"«": "»", "“": "”"}
_OPEN = re.compile("[«“]")
_LETTER = re.compile(r"[^\W_]")


def set_quotes_apart(script: Script) -> Script:
    """The script with each reported quotation as sentences of its own, with the role QUOTE.

    ``وزیر گفت: «این طرح فردا آغاز می‌شود.»`` → ``وزیر گفت:`` and ``«این طرح فردا آغاز می‌شود.»``. A quotation is
    another's words when a colon or a verb of saying comes before it and it has four words or more, or goes on over
    several sentences; what stands in guillemets otherwise is a name. Joined by spaces the sentences are the old ones.
    """
    segments = []
    for segment in script.segments:
        sentences: list[Sentence] = []
        closer = ""
        for sentence in segment.sentences:
            if sentence.role is not Role.BODY:
                sentences.append(sentence)
                continue
            pieces, closer = _pieces(sentence.written, closer)
            sentences += _said(sentence, pieces)
            if sentence.boundary is not Boundary.SENTENCE:
                closer = ""  # a paragraph ends what somebody forgot to close
        segments.append(replace(segment, sentences=tuple(sentences)))
    return replace(script, segments=tuple(segments))


def _said(sentence: Sentence, pieces: list[tuple[str, Role]]) -> Iterator[Sentence]:
    for place, (written, role) in enumerate(pieces, start=1):
        boundary = sentence.boundary if place == len(pieces) else Boundary.QUOTE
        yield replace(sentence, written=written, role=role, boundary=boundary)


def _pieces(text: str, closer: str) -> tuple[list[tuple[str, Role]], str]:
    """The parts of a sentence with their roles, and the mark that closes a quotation which it leaves open.

    ``closer`` is the mark for which the sentence before was left open, "" for none.
    """
    pieces: list[tuple[str, Role]] = []
    done = inside = 0
    while True:
        if closer:
            stop = text.find(closer, inside)
            if stop < 0:
                return _joined([*pieces, (text[done:], Role.QUOTE)]), closer
            stop = _with_marks(text, stop + 1)
            pieces.append((text[done:stop], Role.QUOTE))
            done = stop
        start = _begin(text, done)
        if start < 0:
            return _joined([*pieces, (text[done:], Role.BODY)]), ""
        pieces.append((text[done:start], Role.BODY))
        done, inside, closer = start, start + 1, _PAIRS[text[start]]


def _begin(text: str, done: int) -> int:
    """Where the next reported quotation opens, or -1."""
    for mark in _OPEN.finditer(text, done):
        stop = text.find(_PAIRS[mark.group()], mark.end())
        inside = text[mark.end() : stop if stop >= 0 else len(text)]
        if len(inside.split()) >= SHORTEST and _reported(text[done : mark.start()]):
            return mark.start()
    return -1


def _reported(before: str) -> bool:
    """Whether what stands before a quotation says that somebody speaks."""
    before = before.rstrip()
    if before.endswith(":"):
        return True
    return _says().search(before.rstrip("،").removesuffix(" که")) is not None


def _with_marks(text: str, stop: int) -> int:
    """The place after the marks that belong to a closed quotation: ``»،``."""
    while stop < len(text) and text[stop] in "،؛.!؟…:":
        stop += 1
    return stop


def _joined(pieces: list[tuple[str, Role]]) -> list[tuple[str, Role]]:
    """The pieces stripped, empty ones left out, one without a letter in it added to the one before."""
    kept: list[tuple[str, Role]] = []
    for text, role in ((text.strip(), role) for text, role in pieces):
        if text and kept and not _LETTER.search(text):
            kept[-1] = f"{kept[-1][0]} {text}", kept[-1][1]
        elif text:
            kept.append((text, role))
    return kept


@cache
def _says() -> re.Pattern[str]:
    verbs = [word for use, word, _ in read_table("script", "sentences.tsv", 3) if use == "reply"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, verbs))})$")
