"""A paragraph → its sentences, as written."""

from __future__ import annotations

import re
from bisect import bisect_right as bisect
from functools import cache

from audiopress.tables import read_table

_MARKS = re.compile(r"(?P<sign>[.؟?!…]+|؛)(?P<closers>[»”\"'’)\]]*)")
_SHORT_QUOTE = 160  # characters: about two breaths; a longer quotation may be split at its own sentence ends
_BRACKETS = re.compile(rf"«[^«»]{{0,{_SHORT_QUOTE}}}»|“[^“”]{{0,{_SHORT_QUOTE}}}”|\([^()]{{0,{_SHORT_QUOTE}}}\)")
_PERSIAN = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_SAID = re.compile(r"[^\W_]")
#: «در پاسخ به این پرسش که … ؟ … گفت»: the sentence that quotes a question ends with the answer.
_QUOTED_QUESTION = re.compile(r"پاسخ به|(?:سؤال|سوال|پرسش)\S*(?: \S+){0,4} که ")
_REPLY = 240  # characters in which the verb of saying must follow: a long clause, or a second question
_TOKEN = re.compile(r"[^\W\d_]+$")
_COUNTER = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_])")  # ۱. or الف. as the first word
_CLAUSE = 5  # words each side of «؛» or «…» for it to end an utterance; shorter parts sound chopped off
_WINDOW = 60  # characters looked at on each side of a mark: more than _CLAUSE words, and keeps the work linear


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; joined by spaces they are the paragraph again: ``"آمد. رفت."`` → «آمد.», «رفت.»."""
    sentences: list[str] = []
    for line in text.splitlines():
        pieces = []
        start = 0
        starts, stops = _held(line)
        for mark in _MARKS.finditer(line):
            place = bisect(starts, mark.start()) - 1
            inside = place >= 0 and mark.end() < stops[place]
            if not inside and _ends(line, mark, start):
                pieces.append(line[start : mark.end()].strip())
                start = mark.end()
        pieces.append(line[start:].strip())
        sentences += _with_words(pieces)
    return tuple(sentences)


def _with_words(pieces: list[str]) -> list[str]:
    """Give marks that stand alone to the sentence before them: ``["پایان یافت.", "."]`` → ``["پایان یافت. ."]``."""
    sentences: list[str] = []
    for piece in filter(None, pieces):
        if sentences and not _SAID.search(piece):
            sentences[-1] = f"{sentences[-1]} {piece}"
        else:
            sentences.append(piece)
    return sentences


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
        goes_on = any(" ".join([*following, ""]).startswith(f"{opening} ") for opening in _words("continued"))
        return len(before) >= _CLAUSE and len(following) >= _CLAUSE and not goes_on
    if "؟" in sign or "?" in sign:
        return not _answered(line, start, mark)
    if sign == "…" or (len(sign) > 1 and not sign.strip(".…")):
        if before[-1:] == ["و"]:
            return False  # «پیامک و … برنامه‌های دیگر»
        return len(before) >= _CLAUSE and len(following) >= _CLAUSE and next_word not in _words("going_on")
    return sign != "." or _dot_ends(before, after)


def _answered(line: str, start: int, mark: re.Match[str]) -> bool:
    """Whether a question stands inside the sentence that answers it: ``در پاسخ به این که چرا؟ گفت: …``."""
    if not _QUOTED_QUESTION.search(line, start, min(mark.start(), start + _REPLY)):
        return False
    if _replies().search(line, max(start, mark.start() - _REPLY), mark.start()):
        return False
    reply = _replies().search(line, mark.end(), mark.end() + _REPLY)
    return reply is not None and "." not in line[mark.end() : reply.start()]


@cache
def _replies() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_words('reply'))})(?!\w)")


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


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for use, word, _ in read_table("script", "sentences.tsv", 3) if use == kind)
