"""The words of an utterance found again in those whose places Edge tells: it may split, merge or respell them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from audiopress.errors import EngineError
from audiopress.tts.decode import FASTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Word

#: Letters that Persian and Arabic keyboards write differently.
SAME = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه"})
#: Phonemes in a row, two words or so, that must be missing before words count as left out: less may be the fault of
#: what is told, not of what is spoken.
LEFT_OUT = 8
#: The part of all letters heard that must be ours before anything is concluded from what was not heard.
OURS = 0.9


@dataclass(frozen=True, slots=True)
class Heard:
    """A word, or a part of one or several, as the service tells it."""

    text: str
    start: float  #: seconds
    stop: float


@dataclass(frozen=True, slots=True)
class Span:
    """Where a word lies, in seconds."""

    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Share:
    """A word, or a part of it, in one thing that was heard."""

    event: int  #: which thing heard
    word: int
    first: int  #: the first letter there that is the word's
    last: int
    count: int  #: how many are the word's


def placed(words: Sequence[Word], heard: Sequence[Heard], end: float, rate: float = 1.0) -> tuple[Span, ...]:
    """Where each of the words lies in speech whose last sound is at ``end``; () where one of them cannot be found.

    ``کتاب‌های من`` heard as ``کتاب``, ``های من`` → two spans; a word that shares what was heard with others gets its
    letters' part of it. Raises EngineError (a clause that goes on after "Edge could not speak:") where the speech ends
    before its last word, or where words were left out: not told of, and no time in the speech to say them at ``rate``.
    """
    if not heard:
        return ()
    if heard[0].start < end <= heard[-1].start:
        raise EngineError("the service sent speech that ends before its last word: it was cut off")
    shares = _shares([letters(word.vocalized or word.spoken) for word in words], [letters(each.text) for each in heard])
    spans = _spans(len(words), heard, shares)
    if sum(share.count for share in shares) >= OURS * sum(len(letters(each.text)) for each in heard):
        _check(words, spans, end, rate)
    found = [span for span in spans if span]
    if len(found) < len(words):
        return ()
    # What is told of lengths may reach into the next word.
    cut = [replace(span, stop=min(span.stop, after.start)) for span, after in pairwise(found)]
    whole = (*cut, found[-1])
    return whole if all(0 <= span.start < span.stop for span in whole) else ()


def letters(text: str) -> str:
    """What is left of a text without marks, half-spaces and punctuation: ``کتاب‌هایِ`` → ``کتابهای``."""
    plain = unicodedata.normalize("NFKD", text).translate(SAME).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _spans(count: int, heard: Sequence[Heard], shares: list[Share]) -> list[Span | None]:
    """Where each of the words lies, None where nothing that was heard is like it."""
    parts: list[list[Span]] = [[] for _ in range(count)]
    for event, owners in groupby(shares, lambda share: share.event):
        span, size = heard[event], len(letters(heard[event].text))
        length = (span.stop - span.start) / size
        inside = list(owners)
        for share in inside:
            low = 0 if share is inside[0] else share.first
            high = size if share is inside[-1] else share.last + 1
            parts[share.word].append(Span(span.start + length * low, span.start + length * high))
    return [Span(part[0].start, part[-1].stop) if part else None for part in parts]


def _shares(ours: list[str], theirs: list[str]) -> list[Share]:
    """Which word was heard in what, in order.

    They belong together where they share half of the letters of the shorter one.
    """
    word_of, event_of = _owners(ours), _owners(theirs)
    places: dict[tuple[int, int], list[int]] = {}
    for block in SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False).get_matching_blocks():
        for step in range(block.size):
            (word, _), (event, place) = word_of[block.a + step], event_of[block.b + step]
            if place >= 0:
                places.setdefault((event, word), []).append(place)
    return [
        Share(event, word, found[0], found[-1], len(found))
        for (event, word), found in sorted(places.items())
        if 2 * len(found) >= min(len(ours[word]), len(theirs[event]))
    ]


def _owners(texts: list[str]) -> list[tuple[int, int]]:
    """For each sign of the texts joined by spaces: which text it is of, and where in it; -1 for a space."""
    return [(index, place) for index, text in enumerate(texts) for place in (*range(len(text)), -1)]


def _check(words: Sequence[Word], spans: Sequence[Span | None], end: float, rate: float) -> None:
    """Raise EngineError where words that were not heard had no time to be said."""
    missing: Counter[float] = Counter()  # phonemes not heard, by the time after which they should have been
    after: dict[float, float] = {}  # when the next word that was heard begins, by the same time
    now = 0.0
    for word, span in zip(words, spans, strict=True):
        if span:
            after[now], now = span.start, max(now, span.stop)
        else:
            missing[now] += len(word.plain)
    for start, phonemes in missing.items():
        room = (after.get(start, end) - start) * rate
        if phonemes >= LEFT_OUT and room < phonemes / FASTEST:
            raise EngineError("the service left out some words")
