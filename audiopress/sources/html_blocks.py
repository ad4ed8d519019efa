"""Runs of text between two block elements → headings and paragraphs: breaks, bold lines, footnote marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from audiopress.sources.headings import LONGEST
from audiopress.sources.plain import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STOP = re.compile(r"[.؟!?…:؛][»”\"')\]]*$")
_MARK = re.compile(r"\s*\[(?:[0-9۰-۹٠-٩]{1,3}|(?:یادداشت|پانویس) [0-9۰-۹٠-٩]{1,3}|نیازمند منبع|نیاز به منبع|ویرایش)\]")
_WRAPPED = (
    45  # characters: a line that long goes on after one <br>; a narrower one is a verse or a heading (as in plain)
)
_LONG = 100  # characters: an h3 that long with a stop is a paragraph in large letters (as in headings)
CAPTION = 120  # characters of a line under a picture that may be its caption
_BOLD_FROM = 0.95  # share of a line's letters that are bold in a bold line: a stop or a bracket may stand outside


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one run; ``breaks`` alone is a <br>."""

    text: str
    line: int
    bold: bool = False
    linked: bool = False
    breaks: bool = False
    picture: bool = False  #: a picture alone


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or item of a list, cleaned."""

    text: str
    line: int
    heading: bool = False
    bold: bool = False  #: all of it
    linked: float = 0.0  #: the share of its letters that lie in links
    lead: bool = False  #: it stands in the part that is the lead
    pictured: bool = False  #: it stands under or beside a picture, in the same element


def blocks(pieces: Sequence[Piece], *, heading: bool) -> Iterator[Block]:
    """The blocks of a run: two <br> part them, one does after a stop, a narrow line or a bold one.

    ``heading`` says that the run stands in an h2 … h6; longer than a heading can be, it is a paragraph.
    """
    if heading:
        pieces = [replace(piece, text=" ", breaks=False) if piece.breaks else piece for piece in pieces]
    before: Block | None = None
    breaks = 0
    pictured = False
    for is_break, group in groupby(pieces, key=lambda piece: piece.breaks):
        run = list(group)
        if is_break:
            breaks += len(run)
            continue
        block = _block(run, heading=heading)
        pictured = pictured or any(piece.picture for piece in run)
        if not block.text:
            continue
        block, pictured = replace(block, pictured=pictured), False
        if before is not None and breaks == 1 and _goes_on(before, block):
            before = _joined(before, block)
        else:
            if before is not None:
                yield before
            before = block
        breaks = 0
    if before is not None:
        yield before


def without_marks(text: str) -> tuple[str, list[str]]:
    """Text without the marks of footnotes, and those: ``"آب[۱] سرد است."`` → ``("آب سرد است.", ["[۱]"])``."""
    marks = [mark.strip() for mark in _MARK.findall(text)]
    return (" ".join(_MARK.sub("", text).split()), marks) if marks else (text, [])


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, or announces what follows."""
    return bool(_STOP.search(text.rstrip(")")))


def _block(run: Sequence[Piece], *, heading: bool) -> Block:
    text = " ".join(clean("".join(piece.text for piece in run)).split())
    letters = sum(map(_letters, run)) or 1
    return Block(
        text=text,
        line=next((piece.line for piece in run if piece.text.strip()), 0),
        heading=heading and len(text) <= LONGEST and not (len(text) > _LONG and text.endswith(".")),
        bold=sum(_letters(piece) for piece in run if piece.bold) >= _BOLD_FROM * letters,
        linked=sum(_letters(piece) for piece in run if piece.linked) / letters,
    )


def _letters(piece: Piece) -> int:
    return sum(map(str.isalnum, piece.text))


def _goes_on(one: Block, two: Block) -> bool:
    captioned = one.pictured and len(one.text) <= CAPTION
    return len(one.text) >= _WRAPPED and one.bold == two.bold and not captioned and not _STOP.search(one.text)


def _joined(one: Block, two: Block) -> Block:
    whole = len(one.text) + len(two.text)
    linked = (one.linked * len(one.text) + two.linked * len(two.text)) / whole
    return Block(f"{one.text} {two.text}", one.line, one.heading, one.bold and two.bold, linked)
