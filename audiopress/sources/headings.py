"""Which lines of plain text are headings: no mark says so, so the line, its neighbours and the article decide.

Each line gets features that a reader would name (no final stop, short beside this article's paragraphs, text under it
that takes up its words, …); a logistic model with the weights of data/headings.tsv adds them up. training/headings.py
learns the weights.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from audiopress.sources.boilerplate import fold
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence


class LineKind(StrEnum):
    """What a line of plain text is."""

    BLANK = "blank"
    KICKER = "kicker"  #: the small line above a title (روتیتر)
    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"


LONGEST = 180  # characters; the longest of the 358 headings read in Fars has 174
_TITLE_LONGEST = 190  # characters; the longest of 1,500 Fars titles has 182
_LONG = 100  # characters: a line that long with a stop is a paragraph; 7 of the 358 headings are longer
_MOSTLY = 0.8  # share of paragraphs with a stop from which a line without one stands out
_SHORT = 50  # characters: text under a heading is longer in all but 7 of 358
_SLASHES = 3  # a title joins up to four parts by slashes; more are half-lines of verse
_RUN = 4  # title, heading and one more may stand together; the fourth short line in a row is a list or a poem
_QUESTIONS = 3  # question lines that make an interview; Fars articles with headings have at most two
_CLOSERS = "»”\"')]} "
_MARKER = re.compile(r"^[*#■●◄►▪◆♦\U0001f539\U0001f538]+\s*")
_BULLET = re.compile(r"^[-–—•○·]\s*\S")
_ORDINAL = re.compile(r"^(?:[\d۰-۹٠-٩]{1,2}\s*[.)\-–:]|(?:الف|[بپتجچدهـو])\s*[)\-–])\s*\D")
_LABEL = re.compile(r"^[^:]{2,30}:\s*\S")
_FIGURES = re.compile(r"[\d۰-۹٠-٩]")
_INNER_STOP = re.compile(r"[.؟!؛]\s+\S")
_KICKER_LONGEST = 80  # characters
_KICKER_AND_MORE = 3  # kicker, title and a first paragraph
_KICKER_MARGIN = 20  # characters a kicker may be longer than its title
_EVEN = 0.5  # the chance from which a line is called a heading
_TINY = 12  # characters: «نشانه‌ها», «پی‌نوشت»


@dataclass(frozen=True, slots=True)
class _Article:
    """What the whole article says about any one line."""

    paragraph: float  #: median length of its long lines, characters
    stopped: float  #: share of its long lines that end with a stop
    interview: bool  #: it runs from question to question
    marked: int  #: lines that begin with an asterisk or the like
    bare: int  #: short lines without a stop that stand alone above a longer line


def classify(lines: Sequence[str]) -> tuple[LineKind, ...]:
    """The kind of each line: ``["عنوان", "متن خبر.", "", "نشانه‌ها", …]`` → title, text, blank, heading, …."""
    kinds = [LineKind.TEXT if line.strip() else LineKind.BLANK for line in lines]
    filled = [index for index, kind in enumerate(kinds) if kind is LineKind.TEXT]
    texts = [lines[index].strip() for index in filled]
    start = 0
    if len(texts) >= _KICKER_AND_MORE and _is_kicker(texts[0], texts[1], texts[2:4]):
        kinds[filled[0]] = LineKind.KICKER
        start = 1
    if texts and _is_title(texts, start):
        kinds[filled[start]] = LineKind.TITLE
        start += 1
    for place, row in features(texts, start).items():
        if probability(row) >= _EVEN:
            kinds[filled[place]] = LineKind.HEADING
    return tuple(kinds)


def features(texts: Sequence[str], start: int) -> dict[int, dict[str, float]]:
    """The features of each line that could be a heading, by place in ``texts`` (no blanks; title before ``start``)."""
    article = _survey(texts[start:])
    runs = _runs(texts)
    return {
        place: _features(texts, place, start, article)
        for place in range(start, len(texts) - 1)
        if len(texts[place]) <= LONGEST
        and not _never(texts[place], texts[place - 1] if place else "", article, runs[place])
    }


def probability(row: dict[str, float]) -> float:
    """How likely a line with these features is a heading, 0 to 1."""
    weights = _weights()
    score = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in row.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _is_title(texts: Sequence[str], start: int) -> bool:
    """The first line is the title unless it is a paragraph: long, or several sentences."""
    first = texts[start]
    if len(first) > _TITLE_LONGEST or len(_INNER_STOP.findall(first)) > 1:
        return False
    return not (len(first) > _LONG and first.rstrip(_CLOSERS).endswith("."))


def _is_kicker(first: str, second: str, after: Sequence[str]) -> bool:
    """A short opening that only leads over to the title below it: «رئیس اتحادیه خبر داد؛»."""
    if len(first) > _KICKER_LONGEST or len(second) > _TITLE_LONGEST or _ends_stop(second):
        return False
    if max(map(len, after)) < max(len(second), _SHORT):
        return False  # no text comes: it is a list
    folded = fold(first)
    shorter = len(first) < len(second) + _KICKER_MARGIN
    return bool(_words("kicker_end").search(folded) or (_words("kicker_start").match(folded) and shorter))


def _ends_stop(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in {".", "…", "،", "؛"}


def _survey(texts: Sequence[str]) -> _Article:
    long = sorted(len(text) for text in texts if len(text) > _LONG) or sorted(map(len, texts)) or [1]
    full = [text for text in texts if len(text) > _LONG]
    bare = sum(
        len(one) <= _LONG and not _ends_stop(one) and len(two) > 1.5 * len(one)
        for one, two in itertools.pairwise(texts)
    )
    questions = sum(text.endswith(("؟", "?")) and len(text) <= LONGEST for text in texts)
    return _Article(
        paragraph=long[len(long) // 2],
        stopped=(sum(map(_ends_stop, full)) + 1) / (len(full) + 1),
        interview=questions >= _QUESTIONS and questions >= bare / 3,
        marked=sum(bool(_MARKER.match(text)) for text in texts),
        bare=bare,
    )


def _features(texts: Sequence[str], place: int, start: int, article: _Article) -> dict[str, float]:
    """One line's features; yes/no features are 1 where they hold."""
    text, below = texts[place], texts[place + 1]
    above = texts[place - 1] if place else ""
    below_2 = texts[place + 2] if place + 2 < len(texts) else ""
    stop, question = _ends_stop(text), text.endswith(("؟", "?"))
    folded = fold(text)
    size, marked = len(text), bool(_MARKER.match(text))
    row: dict[str, float] = {
        "stop": stop,
        "bare": (not stop) * article.stopped,
        "question": question,
        "exclamation": text.endswith("!"),
        "colon_end": text.endswith(":"),
        "quote": text.startswith("«") and text.endswith("»"),
        "in_list": _is_item(text) and (_is_item(below) or _is_item(above)),
        "run": _looks_bare(below) and place > start and _looks_bare(above),
        "marker": marked and not stop,
        "marker_among": marked and not stop and article.marked > 1,
        "bullet": bool(_BULLET.match(text)),
        "ordinal": bool(_ORDINAL.match(text)),
        "label": bool(_LABEL.match(text)),
        "size": min(2.0, size / 60),
        "relative": min(3.0, math.log1p(article.paragraph / size)),
        "over_100": size > _LONG and not marked,
        "tiny": size <= _TINY,
        "below_longer": max(-1.5, min(2.5, math.log(len(below) / size))),
        "below_long": len(below) > _LONG,
        "below_short": len(below) < _SHORT and not _ends_stop(below),
        "below_stop": _ends_stop(below),
        "below_bare": _looks_bare(below),
        "below_2_bare": bool(below_2) and _looks_bare(below_2),
        "above_bare": place > start and _looks_bare(above),
        "above_colon": above.endswith(":"),
        "above_stop": place > start and _ends_stop(above),
        "apart": article.stopped > _MOSTLY
        and not stop
        and _ends_stop(above)
        and len(below) > _LONG
        and _ends_stop(below),
        "first": place == start,
        "first_size": (place == start) * min(2.0, size / 60),
        "inner_stop": min(2, len(_INNER_STOP.findall(text))),
        "commas": min(3, text.count("،")),
        "figures": len(_FIGURES.findall(text)) / size,
        "opening": bool(_words("opening").match(folded)),
        "reported": bool(_words("reported").match(folded)),
        "byline": bool(_words("byline").match(folded)),
        "dash": " - " in text or "\t" in text,
        "others_bare": min(4, max(0, article.bare - 1)) / 2,
        "marked_elsewhere": (not marked) * min(3, article.marked),
        "taken_up": _overlap(text, below + " " + (below_2 if len(below) < 2 * size else "")),
    }
    return {name: float(value) for name, value in row.items() if value}


def _never(text: str, above: str, article: _Article, run: int) -> bool:
    """What no reader takes for a heading: «در این پیام آمده است:», «(عکس: …)», «با سپاس», a verse, a turn."""
    folded = fold(text)
    marked = bool(_MARKER.match(text))
    if (
        _words("intro").search(folded)
        or _words("formula").match(folded)
        or (text.startswith("(") and text.endswith(")"))
    ):
        return True
    if article.interview and (marked or text.endswith(("؟", "?"))):
        return True
    if marked or _ORDINAL.match(text):
        return False
    return (
        _ends_stop(text) or (above.endswith(":") and len(above) <= _LONG) or text.count("/") > _SLASHES or run >= _RUN
    )


def _runs(texts: Sequence[str]) -> list[int]:
    """How many short lines without a stop there are up to each line, one under the other: a list or a poem has many."""
    runs: list[int] = []
    for text in texts:
        runs.append((runs[-1] if runs else 0) + 1 if _looks_bare(text) else 0)
    return runs


def _is_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _ORDINAL.match(text))


def _looks_bare(text: str) -> bool:
    return len(text) <= _LONG and not _ends_stop(text)


def _overlap(text: str, below: str) -> float:
    """The share of a line's content words that the text under it takes up, compared by their first four letters."""
    words = _stems(text)
    return len(words & _stems(below)) / len(words) if words else 0.0


def _stems(text: str) -> set[str]:
    return {word[:4] for word in re.findall(r"\w{4,}", fold(text[:2000]))}  # four letters: a word without its endings


_FRAMES = {  # how the patterns of each use are put together
    "opening": r"(?:{})\s",
    "reported": r"(?:{})",
    "intro": r"(?:{})\s*:$",
    "byline": r"(?:{})",
    "formula": r"«?(?:{})",
    "kicker_end": r"(?:{})$",
    "kicker_start": r"(?:{})\b",
}


@cache
def _words(use: str) -> re.Pattern[str]:
    """The patterns of heading_words.tsv for one use, as one."""
    rows = read_table("sources", "heading_words.tsv", 3)
    return re.compile(_FRAMES[use].format("|".join(pattern for name, pattern, _ in rows if name == use)))


@cache
def _weights() -> dict[str, float]:
    return {name: float(weight) for name, weight in read_table("sources", "headings.tsv", 2)}
