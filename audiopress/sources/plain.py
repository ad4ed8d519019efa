"""Plain text → Article: lines become a title, headings and paragraphs; chrome and repeats are left out."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from audiopress.errors import SourceError
from audiopress.model import Article, Dropped, Origin, Passage, PassageKind
from audiopress.sources.boilerplate import chrome, credit_line, outlet, skeleton, split_credit, split_head, split_tail
from audiopress.sources.headings import LineKind, classify

UNKNOWN = Origin()

_EDITOR_BREAK = re.compile(r"\r\n|\r|\n")
_INNER_BREAK = re.compile("[\x0b\x0c\x85\u2028\u2029]")  # breaks a line for a reader, but no editor counts them
_LETTER = "[\u0621-\u063a\u0641-\u064a\u0670-\u06d3]"
# Typists put a direction mark or a zero-width space between letters where the half-space belongs («می\u200eتواند»): in
# 32 of 1,500 Fars articles.
_HALF_SPACE = re.compile(f"(?<={_LETTER})[\u200b\u200e\u200f]+(?={_LETTER})")
_MARK = re.compile(r"^(?:[*#■●◄►▪◆♦•·○\U0001f539\U0001f538✅]+\s*|[-–—]\s+)(?=\S)")
_STOP = re.compile(r"[.؟!?…][»”\"')\]]*$")
_NARROWEST, _WIDEST = 45, 130  # characters: narrower is a poem or a list, wider is one paragraph a line
_WRAPPED_AT_LEAST = (
    0.7  # share of lines without a stop that are full: near 1 in wrapped text, < .05 in 4 narrow Fars articles
)
_BYLINE_WITHIN = 3  # paragraphs at the start
_CREDIT_WITHIN = 4  # filled lines from the end in which an agency may be named alone
_LINK_LONGEST = 130  # characters: titles in lists of links are shorter (95 % of Fars titles have at most 82)
_ANNOUNCEMENT = 20  # characters: «بیشتر بخوانید:»; longer ones hold the title they announce
_LINK_MARKS = "•-*–▪●■◄►«+>"
_TITLE_AT_MOST = 90  # characters a title is shortened to where the article has none; Fars titles: 95 % are shorter
_REPORT = re.compile(r"^به گزارش [^،.]{2,60}،\s*")
_CLAUSE = re.compile(r"\s(?:که|و|تا|اما|ولی|اگر|چون|زیرا)\s")  # words before which a title may stop …
_PHRASE = re.compile(r"\s(?:در|به|با|از|برای|یا|بر)\s")  # … and where none of those comes late enough
_REPEAT_AT_LEAST = 60  # letters; shorter ones («بله.», the refrain of a poem) may rightly come twice


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source, cleaned, with its number as an editor shows it."""

    number: int
    text: str
    heading: bool = False  #: by its markup: it is never taken for the title of a related article


def read_plain(text: str, source: str) -> Article:
    r"""The article in plain text: ``"عنوان\nمتن خبر."`` → title «عنوان», paragraph «متن خبر.».

    Raises SourceError where nothing is left to say.
    """
    lines, dropped, agency, agency_line = drop_chrome(split_lines(text))
    lines = unwrap(lines)
    kinds = classify([line.text for line in lines])
    passages: list[Passage] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind is LineKind.KICKER:
            dropped.append(Dropped(line.number, line.text, "kicker above the title"))
        elif kind is not LineKind.BLANK:
            passages.append(Passage(_PASSAGE[kind], unmark(line.text), line.number))
    return finish(passages, dropped, source, agency, agency_line)


_PASSAGE = {
    LineKind.TITLE: PassageKind.TITLE,
    LineKind.HEADING: PassageKind.HEADING,
    LineKind.TEXT: PassageKind.PARAGRAPH,
}


def split_lines(text: str) -> list[Line]:
    r"""Clean lines with 1-based numbers: ``"الف\r\nب"`` → 1 «الف», 2 «ب»; U+2028 and NEL break but do not count."""
    return [
        Line(number, " ".join(clean(piece).split()))
        for number, raw in enumerate(_EDITOR_BREAK.split(text), start=1)
        for piece in _INNER_BREAK.split(raw)
    ]


def clean(text: str) -> str:
    r"""Text without control, bidi and other invisible characters but the half-space: ``"\u200fخبر"`` → ``"خبر"``."""
    if text.isascii() and text.isprintable():
        return text
    text = _HALF_SPACE.sub("\u200c", text)
    for char in set(text):
        seen = _visible(char)
        if seen != char:
            text = text.replace(char, seen)
    return text


@cache
def _visible(char: str) -> str:
    if char == "\u200c":
        return char
    if char.isspace():
        return " "
    if char == "\ufffd":
        return ""  # what a decoder leaves of broken bytes
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char


def unmark(text: str) -> str:
    """Text without the sign that sets off a heading or an item: ``"*کشف لاستیک"`` → ``"کشف لاستیک"``."""
    return _MARK.sub("", text) or text


def unwrap(lines: list[Line]) -> list[Line]:
    """Join the lines of text that was wrapped at a fixed width; other text stays as it is.

    A line was wrapped where the first word of the next one would not have fitted into the width. Joined lines keep
    the number of the first; the others become blank and keep the list's length.
    """
    width = max((len(line.text) for line in lines[1:]), default=0)
    pairs = [(one, two) for one, two in itertools.pairwise(lines) if one.text and two.text]
    open_ended = [_is_full(one.text, two.text, width) for one, two in pairs if not _STOP.search(one.text)]
    if not _NARROWEST <= width <= _WIDEST or sum(open_ended) < _WRAPPED_AT_LEAST * max(3, len(open_ended)):
        return lines
    spaced = any(not line.text for line in lines[1:-1])
    joined = list(lines)
    head = 0
    for place in range(1, len(lines)):
        one, two = lines[place - 1].text, lines[place].text
        heading_next = not spaced and _STOP.search(one) and not _STOP.search(two) and len(two) < width / 2
        title = place == 1 and not spaced and len(two) > width / 2
        if one and two and _is_full(one, two, width) and not heading_next and not title:
            joined[head] = Line(joined[head].number, f"{joined[head].text} {two}")
            joined[place] = Line(lines[place].number, "")
        else:
            head = place
    return joined


def _is_full(one: str, two: str, width: int) -> bool:
    return len(one) + 1 + len(two.split(maxsplit=1)[0]) > width


def drop_chrome(lines: list[Line]) -> tuple[list[Line], list[Dropped], str, int]:
    """Blank the lines that are not read: ``(lines, dropped, agency, agency line)``."""
    kept = list(lines)
    dropped: list[Dropped] = []
    agency, agency_line = "", 0
    filled = [place for place, line in enumerate(lines) if line.text]
    tail = set(filled[1:][-_CREDIT_WITHIN:])
    links = ""
    last_paragraph = max((place for place in filled if _is_paragraph(lines[place].text)), default=-1)
    for place in filled:
        line = lines[place]
        pattern = chrome(line.text)
        name = credit_line(line.text) if place in tail else ""
        if name:
            agency, agency_line, why = name, line.number, "credit of the agency, said at the end"
        elif pattern is not None:
            why = pattern.why
            if pattern.where == "links":
                # What follows the last paragraph is all links; before that, only what is marked as a list, or the
                # one line under an announcement that holds no title itself.
                links = "all" if place > last_paragraph else "one" if len(line.text) <= _ANNOUNCEMENT else "marked"
        elif (
            links
            and not line.heading
            and not _is_paragraph(line.text)
            and (links != "marked" or line.text[0] in _LINK_MARKS)
        ):
            why = "related articles"
            links = "marked" if links == "one" and line.text[0] not in _LINK_MARKS else links
        else:
            links = ""
            continue
        kept[place] = Line(line.number, "")
        dropped.append(Dropped(line.number, line.text, why))
    dropped += _without_byline(kept)
    last = next((place for place in reversed(filled) if kept[place].text), None)
    if last is not None:
        line = kept[last]
        text, cut, why = split_tail(line.text)
        if cut:
            dropped.append(Dropped(line.number, cut, why))
        text, name = split_credit(text)
        if name and not agency:
            agency, agency_line = name, line.number
        elif name:
            dropped.append(Dropped(line.number, name, "another credit"))
        kept[last] = Line(line.number, text)
    return kept, dropped, agency, agency_line


def _without_byline(lines: list[Line]) -> list[Dropped]:
    """Take the byline off the paragraph that begins with one, among the first: after the lead."""
    paragraphs = [place for place, line in enumerate(lines) if _is_paragraph(line.text)]
    for place in paragraphs[:_BYLINE_WITHIN]:
        text, cut = split_head(lines[place].text)
        if cut:
            told = Dropped(lines[place].number, cut, "byline")
            lines[place] = replace(lines[place], text=text)
            return [told]
    return []


def _is_paragraph(text: str) -> bool:
    return len(text) > _LINK_LONGEST or (bool(_STOP.search(text)) and len(text) > _LINK_LONGEST // 2)


def finish(
    passages: list[Passage],
    dropped: list[Dropped],
    source: str,
    agency: str,
    agency_line: int,
    *,
    origin: Origin = UNKNOWN,
) -> Article:
    """The Article of passages in order: sees to the one title and leaves out repeats."""
    if not passages:
        name = "standard input" if source == "-" else source
        raise SourceError(
            f"There is nothing to read in {name}: only marks, links or credits; put the article's text in."
        )
    if passages[0].kind is not PassageKind.TITLE:
        first = passages[0]
        title = Passage(PassageKind.TITLE, shorten(first.text), first.line)
        passages = [title, *(passages[1:] if title.text == first.text else passages)]
    kept: list[Passage] = []
    seen: dict[str, int] = {}
    for passage in passages:
        key = skeleton(passage.text)
        title_again = len(kept) == 1 and key == skeleton(kept[0].text)
        repeat = title_again or (passage.kind is PassageKind.PARAGRAPH and len(key) >= _REPEAT_AT_LEAST and key in seen)
        if repeat:
            first_line = kept[0].line if title_again else seen[key]
            dropped.append(Dropped(passage.line, passage.text, f"repeats line {first_line}"))
            continue
        seen.setdefault(key, passage.line)
        kept.append(passage)
    dropped.sort(key=lambda item: item.line)
    return Article(source, tuple(kept), agency, agency_line, outlet(agency), tuple(dropped), origin)


def shorten(text: str) -> str:
    """A title for text that has none: its first sentence, cut at a phrase where it is long."""
    sentence = re.split(r"(?<=[.؟!?…])\s", _REPORT.sub("", text), maxsplit=1)[0].rstrip(".")
    if len(sentence) <= _TITLE_AT_MOST:
        return sentence
    head = sentence[:_TITLE_AT_MOST]
    cut = max(head.rfind(mark) for mark in "،؛:")
    if cut < _TITLE_AT_MOST // 2:
        joints = [[found.start() for found in joint.finditer(head)] for joint in (_CLAUSE, _PHRASE)]
        late = [places[-1] for places in joints if places and places[-1] > _TITLE_AT_MOST // 3]
        cut = late[0] if late else head.rfind(" ")
    return head[: cut if cut > 0 else _TITLE_AT_MOST].rstrip(" ،؛:")
