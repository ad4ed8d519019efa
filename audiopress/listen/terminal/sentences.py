"""What is read, in time with the voice: the sentences of an episode from the files beside its sound."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from audiopress.listen.terminal.persian import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: What ends a sentence, before closing quotation marks and brackets.
_FULL_STOP = re.compile(r"[.؟?!…][»)\]”\"]*$")
#: Seconds of silence that end a sentence without a full stop, as after a heading. The voices pause for .16 s at a comma
#: and the shortest pause between two sentences is longer than this (audio/pauses.py).
_PAUSE = 0.3
#: Words after which a text without any full stop is divided: some four lines of 80 columns.
_LONGEST = 60
_CUE = re.compile(
    r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})[ \t]+-->[ \t]+(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})[^\n]*\n((?:[^\n]+\n?)*)"
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Word:
    """A written word and when it is spoken, in seconds from the beginning of the sound."""

    start: float
    stop: float
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that are read together; there is at least one."""

    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """Seconds at which its first word begins."""
        return self.words[0].start


def load_sentences(sound: Path) -> tuple[Sentence, ...]:
    """Return the sentences of ``a.mp3`` from ``a.words.json``, else the lines of ``a.vtt``, else none.

    A transcript that cannot be read is as good as none: the sound plays without it.
    """
    for ending, parse in ((".words.json", from_words), (".vtt", from_vtt)):
        try:
            return parse(sound.with_suffix(ending).read_bytes())
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return ()


def from_words(data: bytes) -> tuple[Sentence, ...]:
    """Read the podcast namespace's JSON, one segment a word or a sentence, and put its words together to sentences.

    ``from_words(b'{"segments": [{"startTime": 0.2, "endTime": 0.8, "body": "…"}, …]}')`` → ``(Sentence(…), …)``

    Raises:
        ValueError, KeyError, TypeError or AttributeError: it is something else.
    """
    words = [word for segment in json.loads(data)["segments"] for word in _segment(segment)]
    return tuple(_sentences(words))


def from_vtt(data: bytes) -> tuple[Sentence, ...]:
    """Read WebVTT, each cue a sentence whose words share its time equally by their letters.

    Raises:
        ValueError: it is no WebVTT.
    """
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    if not text.startswith("WEBVTT"):
        raise ValueError("no WebVTT")
    sentences = []
    for match in _CUE.finditer(text):
        start, stop = (_seconds(match.groups()[first : first + 4]) for first in (0, 4))
        words = tuple(_shared(start, stop, _TAG.sub("", match[9])))
        sentences += [Sentence(words)] if words else []
    return tuple(sorted(sentences, key=lambda sentence: sentence.start))


def place(sentences: Sequence[Sentence], seconds: float) -> tuple[int, int]:
    """Return which sentence and which of its words is spoken at a time, -1 for one that has not begun.

    ``place((Sentence((Word(1, 2, "الف"), Word(2, 3, "ب"))),), 2.5)`` → ``(0, 1)``. In a pause it is the one before.
    """
    index = bisect_right(sentences, seconds, key=lambda sentence: sentence.start) - 1
    if index < 0:
        return -1, -1
    return index, bisect_right(sentences[index].words, seconds, key=lambda word: word.start) - 1


def _segment(segment: dict[str, Any]) -> Iterator[Word]:
    """Yield the words of a segment, with their own times where it tells them."""
    own = segment.get("words")
    if own:
        for word in own:
            yield from _shared(
                float(word["startTime"]), float(word["endTime"]), str(word.get("word", word.get("body")))
            )
    else:
        yield from _shared(float(segment["startTime"]), float(segment["endTime"]), str(segment["body"]))


def _shared(start: float, stop: float, text: str) -> Iterator[Word]:
    """Yield the words of a text, which share its time by their letters: (0, 1, "الف ب") → .75 and .25 s."""
    words = clean(text).split()
    letters = sum(map(len, words))
    for word in words:
        end = start + (stop - start) * len(word) / letters
        yield Word(start, end, word)
        start, letters = end, letters - len(word)


def _sentences(words: list[Word]) -> Iterator[Sentence]:
    words.sort(key=lambda word: word.start)
    first = 0
    for index, (word, following) in enumerate(pairwise(words), start=1):
        pause = following.start - word.stop >= _PAUSE
        if pause or _FULL_STOP.search(word.text) or index - first >= _LONGEST:
            yield Sentence(tuple(words[first:index]))
            first = index
    if words:
        yield Sentence(tuple(words[first:]))


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
