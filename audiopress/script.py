"""Article → Script: segments for chapters, sentences for the voice, all still as written."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from audiopress.model import (
    Article,
    Boundary,
    Passage,
    PassageKind,
    Role,
    Script,
    Segment,
    SegmentKind,
    Sentence,
)

_MARKS = re.compile(r"[.؟?!…؛]+[»”\"’)\]]*")
_SHORT_QUOTE = 160  # characters: about two breaths; a longer quote may be split at its own sentence ends


def write_script(article: Article) -> Script:
    """What will be said of an article, in order: title, lead, sections and the credit of its agency."""
    title, *rest = article.passages
    groups: list[list[Passage]] = [[]]
    for passage in rest:
        if passage.kind is PassageKind.HEADING:
            groups.append([])
        groups[-1].append(passage)
    segments = [Segment(SegmentKind.TITLE, title.text, title.line, (_whole(title, Role.TITLE, Boundary.TITLE),))]
    segments += [_segment(group) for group in groups if group]
    if article.agency:
        sentence = Sentence(credit(article.agency), article.agency_line, Role.CREDIT, Boundary.END)
        segments.append(Segment(SegmentKind.CREDIT, "", 0, (sentence,)))
    return Script(article.title, article.source, _bounded(segments), article.agency, article.dropped)


def credit(agency: str) -> str:
    """The sentence that names the source: ``"تسنیم"`` → ``"منبع این خبر: خبرگزاری تسنیم."``."""
    return f"منبع این خبر: {_credits().get(agency, agency)}."


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; joined by spaces they are the paragraph again: ``"آمد. رفت."`` → «آمد.», «رفت.»."""
    sentences = []
    for line in text.splitlines():
        start = 0
        held = _held(line)
        for mark in _MARKS.finditer(line):
            if _ends(line, mark, start) and not any(low < mark.end() < high for low, high in held):
                sentences.append(line[start : mark.end()].strip())
                start = mark.end()
        sentences.append(line[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def _held(line: str) -> list[tuple[int, int]]:
    return [quote.span() for quote in re.finditer(r"«[^«»]{0,160}»|\([^()]{0,160}\)", line)]


def _ends(line: str, mark: re.Match[str], start: int) -> bool:
    after = line[mark.end() : mark.end() + 1]
    return not after or after.isspace()


def _whole(passage: Passage, role: Role, boundary: Boundary) -> Sentence:
    return Sentence(" ".join(passage.text.split()), passage.line, role, boundary)


def _segment(group: list[Passage]) -> Segment:
    """A lead or a section from its passages."""
    heading = group[0] if group[0].kind is PassageKind.HEADING else None
    sentences = [_whole(heading, Role.HEADING, Boundary.HEADING)] if heading else []
    for passage in group[1:] if heading else group:
        pieces = split_sentences(passage.text)
        for place, piece in enumerate(pieces, start=1):
            boundary = Boundary.PARAGRAPH if place == len(pieces) else Boundary.SENTENCE
            sentences.append(Sentence(piece, passage.line, Role.BODY, boundary))
    if heading:
        return Segment(SegmentKind.SECTION, heading.text, heading.line, tuple(sentences))
    return Segment(SegmentKind.LEAD, "", 0, tuple(sentences))


def _bounded(segments: list[Segment]) -> tuple[Segment, ...]:
    """Mark the end of each section and of the whole."""
    bounded = []
    for place, segment in enumerate(segments, start=1):
        *body, last = segment.sentences
        end = last.boundary
        if place == len(segments):
            end = Boundary.END
        elif segment.kind is not SegmentKind.TITLE:
            end = Boundary.SECTION
        last = Sentence(last.written, last.line, last.role, end)
        bounded.append(Segment(segment.kind, segment.heading, segment.heading_line, (*body, last)))
    return tuple(bounded)


@cache
def _credits() -> dict[str, str]:
    """Agency → the words that credit it, from the table the sources room keeps."""
    text = (files("audiopress") / "sources" / "data" / "agencies.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {name: spoken for name, spoken, _source in rows}
