"""Article → Script: segments for chapters, sentences for the voice, all still as written."""

from __future__ import annotations

import re
from bisect import bisect_right as bisect
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

_MARKS = re.compile(r"(?P<sign>[.؟?!…]+|؛)(?P<closers>[»”\"'’)\]]*)")
_SHORT_QUOTE = 160  # characters: about two breaths; a longer quotation may be split at its own sentence ends
_BRACKETS = re.compile(rf"«[^«»]{{0,{_SHORT_QUOTE}}}»|“[^“”]{{0,{_SHORT_QUOTE}}}”|\([^()]{{0,{_SHORT_QUOTE}}}\)")
_PERSIAN = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_TOKEN = re.compile(r"[^\W\d_]+$")
_COUNTER = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_])")  # ۱. or الف. as the first word
_CLAUSE = 5  # words each side of «؛» or «…» for it to end an utterance; shorter parts sound chopped off
_WINDOW = 60  # characters looked at on each side of a mark: more than _CLAUSE words, and keeps the work linear


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
    outlets = {name: spoken for name, spoken, _ in _rows("agencies.tsv")}
    templates = {use: sentence for use, sentence, _ in _rows("credit_templates.tsv")}
    return templates["agency" if agency in outlets else "other"].format(outlets.get(agency, agency))


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; joined by spaces they are the paragraph again: ``"آمد. رفت."`` → «آمد.», «رفت.»."""
    sentences = []
    for line in text.splitlines():
        start = 0
        starts, stops = _held(line)
        for mark in _MARKS.finditer(line):
            place = bisect(starts, mark.start()) - 1
            inside = place >= 0 and mark.end() < stops[place]
            if not inside and _ends(line, mark, start):
                sentences.append(line[start : mark.end()].strip())
                start = mark.end()
        sentences.append(line[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def _held(line: str) -> tuple[list[int], list[int]]:
    """Where quotations and brackets start and stop that are short enough to stay whole."""
    spans = [found.span() for found in _BRACKETS.finditer(line)]
    straight = [place for place, char in enumerate(line) if char == '"'] if '"' in line else []
    if len(straight) % 2 == 0:
        pairs = zip(straight[::2], straight[1::2], strict=True)
        spans += [(low, high + 1) for low, high in pairs if high - low <= _SHORT_QUOTE]
    merged: list[list[int]] = []
    for low, high in sorted(spans):
        if merged and low < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return [low for low, _ in merged], [high for _, high in merged]


def _ends(line: str, mark: re.Match[str], start: int) -> bool:
    """Whether a sentence that began at ``start`` ends with this mark."""
    sign, closers, stop = mark["sign"], mark["closers"], mark.end()
    after = line[stop : stop + 1]
    if not after.strip() and not line[stop : stop + _WINDOW].strip():
        return True  # the end of the paragraph
    if not (after.isspace() or after in "«“" or _PERSIAN.match(after)):
        return False  # inside a number, an address or a foreign name: 3.5, irna.ir, p.m.
    before = line[max(start, mark.start() - _WINDOW) : mark.start()].split()
    following = line[stop : stop + _WINDOW].split()
    next_word = following[0].strip("،؛:.«»") if following else ""
    if set(closers) & set(")]"):
        return line[start : mark.start()].lstrip()[:1] in {"(", "["}
    if closers and next_word in _words("going_on"):
        return False  # «کجا بودی؟» پرسید.
    if sign == "؛":
        return len(before) >= _CLAUSE and len(following) >= _CLAUSE
    if sign == "…" or (len(sign) > 1 and not sign.strip(".…")):
        return len(before) >= _CLAUSE and len(following) >= _CLAUSE and next_word not in _words("going_on")
    return sign != "." or _dot_ends(before, after)


def _dot_ends(before: list[str], after: str) -> bool:
    """Whether a single dot ends a sentence, from the words before it and the character after it."""
    last = before[-1] if before else ""
    letters = _TOKEN.search(last)
    token = letters.group() if letters else ""
    if not last or (len(before) == 1 and _COUNTER.fullmatch(last)):
        return False  # «۱. …» begins a list
    if len(token) == 1 and token.isalpha():
        return False  # an initial or the end of an abbreviation: ه.ش. ، ک.گ.ب. ، J.
    if token in _words("abbreviation"):
        return False
    return after.isspace() or not last.isascii()


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
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for use, word, _ in _rows("sentences.tsv") if use == kind)


@cache
def _rows(name: str) -> tuple[list[str], ...]:
    """The data lines of a table that the sources room keeps, without comments and header."""
    text = (files("audiopress") / "sources" / "data" / name).read_text(encoding="utf-8")
    return tuple([line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:])
