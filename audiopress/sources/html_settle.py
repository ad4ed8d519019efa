"""The blocks of a page → its lines as they are read: which are headings, and what under them is not read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiopress.model import Dropped
from audiopress.sources.boilerplate import fold, skeleton
from audiopress.sources.headings import LONGEST, LineKind, classify
from audiopress.sources.html_silent import silent_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.sources.html_blocks import Block
    from audiopress.sources.html_parts import Read

_SENTENCE_END = (".", "…", "،", "؛")
_CLOSERS = "»”\"')]} "
_MARKS = re.compile(r"\d+|[*†‡]")
_NOTE = re.compile(r"[\[(]?(?P<number>\d{1,3}|[*†‡])[\])]?\s?[.:)–-]?\s")
_LAST = 12  # blocks at the end among which notes are looked for
_QUESTIONS = 3  # bold questions that make an interview, as in headings
_MOST = 0.5  # share of the letters in h2 … h6 from which a page sets its text in them


def settle(title: str, read: Read) -> tuple[list[Block], list[Dropped]]:
    """The lines of an article under its title: marked headings, bold lines, or else bare ones that read as headings.

    Footnotes and lists of sources are left out, and a lead that is said twice.
    """
    told, notes = _without_notes(read)
    told = _without_shouting(told)
    told = _with_bold_headings(told)
    if not any(block.heading for block in told):
        told = _with_bare_headings(title, told)
    dropped: list[Dropped] = []
    kept: list[Block] = []
    leads: dict[str, int] = {}
    why = ""
    for block in told:
        key = skeleton(block.text) if block.lead or leads else ""
        section = silent_section(block.text) if block.heading or not block.text.endswith(_SENTENCE_END) else ""
        why = section or ("" if block.heading else why)
        if why:
            dropped.append(Dropped(block.line, block.text, why))
        elif key and key in leads:
            dropped.append(Dropped(block.line, block.text, f"repeats line {leads[key]}"))
        else:
            kept.append(block)
        if block.lead:
            leads[key] = block.line
    while kept and kept[-1].heading:
        last = kept.pop()
        dropped.append(Dropped(last.line, last.text, "heading without text under it"))
    return kept, [*dropped, *notes]


def _without_notes(read: Read) -> tuple[list[Block], list[Dropped]]:
    """The blocks without the notes at their end whose marks stood in the text: «[1] از کتاب خشت»."""
    marks = {
        number for piece in read.dropped if piece.why == "footnote mark" for number in _MARKS.findall(fold(piece.text))
    }
    kept: list[Block] = []
    notes: list[Dropped] = []
    for place, block in enumerate(read.blocks):
        found = _NOTE.match(fold(block.text)) if len(read.blocks) - place <= _LAST and marks else None
        if found and found["number"] in marks and not block.heading:
            notes.append(Dropped(block.line, block.text, "footnotes"))
        else:
            kept.append(block)
    return kept, notes


def _without_shouting(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page that sets its text in headings, as paragraphs."""
    letters = sum(len(block.text) for block in blocks)
    large = sum(len(block.text) for block in blocks if block.heading)
    if large <= _MOST * letters:
        return list(blocks)
    return [replace(block, heading=block.heading and not _ends_sentence(block)) for block in blocks]


def _with_bold_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with lines that are bold as a whole as headings, as editors set them.

    No heading are: what ends as a sentence does, what has no text under it, the bold lead at the start, and the
    questions of an interview.
    """
    questions = sum(block.bold and _asks(block) for block in blocks)
    settled = []
    for place, block in enumerate(blocks):
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        over_text = bool(place) and below is not None and not (below.heading or below.bold)
        plain = block.lead or _ends_sentence(block) or (_asks(block) and questions >= _QUESTIONS)
        heading = block.heading or (block.bold and over_text and not plain and len(block.text) <= LONGEST)
        settled.append(replace(block, heading=heading))
    return settled


def _with_bare_headings(title: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page without marks, its bare lines judged as in plain text."""
    kinds = classify([title or "-", *(block.text for block in blocks)])[1:]
    return [
        replace(block, heading=kind is LineKind.HEADING and not block.lead)
        for block, kind in zip(blocks, kinds, strict=True)
    ]


def _asks(block: Block) -> bool:
    return block.text.rstrip(_CLOSERS).endswith(("؟", "?"))


def _ends_sentence(block: Block) -> bool:
    return block.text.rstrip(_CLOSERS).endswith(_SENTENCE_END)
