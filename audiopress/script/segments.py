"""Article → Script: segments for chapters, sentences for the voice, all still as written."""

from __future__ import annotations

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
from audiopress.script.sentences import split_sentences
from audiopress.tables import read_table


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
        sentence = Sentence(credit(article.agency, article.outlet), article.agency_line, Role.CREDIT, Boundary.END)
        segments.append(Segment(SegmentKind.CREDIT, "", 0, (sentence,)))
    return Script(article.title, article.source, _bounded(segments), article.agency, article.dropped, article.origin)


def credit(agency: str, outlet: str) -> str:
    """The sentence that names the source: ``"تسنیم", "خبرگزاری تسنیم"`` → ``"منبع این خبر: خبرگزاری تسنیم."``."""
    templates = {use: sentence for use, sentence, _ in read_table("script", "credit_templates.tsv", 3)}
    return templates["agency" if outlet else "other"].format(outlet or agency)


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
