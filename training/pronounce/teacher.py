"""Read a Wapiti model of the text format and tag sentences with it: the teacher of our ezafe model.

The teacher is ``pos/postagger.model`` of the PyPI package gruut_lang_fa 2.0.1, whose tags end in ``e`` where a word
carries an ezafe. Its patterns look at bytes, not letters, so the words are matched as UTF-8. Written from the format
that the file shows: ``#mdl#``, patterns, labels, observations (each ``length:text,``), then ``index=weight`` in hex.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_PATTERN = re.compile(rb'^([u*b]):?([^=]*)=?(?:%([xmt])\[(-?\d+),0(?:,"(.*)")?\])?$')
_PUNCTUATION = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class Teacher:
    """A linear-chain tagger; ``tag(["کتاب", "من"])`` → ``["Ne", "PRO"]``."""

    def __init__(self, path: Path) -> None:
        """Read the model file."""
        data = path.read_bytes()
        place = 0

        def line() -> bytes:
            nonlocal place
            stop = data.index(b"\n", place)
            text, place = data[place:stop], stop + 1
            return text

        def strings(count: int) -> list[bytes]:
            nonlocal place
            found = []
            for _ in range(count):
                colon = data.index(b":", place)
                size = int(data[place:colon])
                found.append(data[colon + 1 : colon + 1 + size])
                place = colon + 1 + size + 2  # the comma and the line feed
            return found

        line()
        self.patterns = strings(int(re.findall(rb"\d+", line())[0]))
        self.labels = [label.decode() for label in strings(int(line()[5:]))]
        observations = strings(int(line()[5:]))
        size = len(self.labels)
        single: dict[bytes, int] = {}
        double: dict[bytes, int] = {}
        total = 0
        for text in observations:
            if text[:1] in b"u*":
                single[text] = total
                total += size
            if text[:1] in b"b*":
                double[text] = total
                total += size * size
        pairs = data[place:].split()
        weights = np.zeros(total, dtype=np.float32)
        for pair in pairs:
            index, value = pair.split(b"=")
            weights[int(index)] = float.fromhex(value.decode())
        self._single = {text: weights[at : at + size] for text, at in single.items() if weights[at : at + size].any()}
        self._double = {
            text: weights[at : at + size * size].reshape(size, size).copy()
            for text, at in double.items()
            if weights[at : at + size * size].any()
        }

    def _observe(self, words: Sequence[bytes], position: int) -> list[bytes]:
        found = []
        for pattern in self.patterns:
            match = _PATTERN.match(pattern)
            if not match:
                raise ValueError(f"unknown pattern {pattern!r}")
            _, _, command, offset, regex = match.groups()
            if command is None:
                found.append(pattern)
                continue
            at = position + int(offset)
            word = words[at] if 0 <= at < len(words) else b"_x" + (b"%+d" % (at if at < 0 else at - len(words) + 1))
            if command == b"x":
                value = word
            elif command == b"m":
                size = regex.count(b".")
                value = word[:size] if regex.startswith(b"^") else word[-size:]
            else:
                kind = _PUNCTUATION if b"p" in regex else b"0123456789"
                hits = [byte in kind for byte in word]
                value = b"true" if (all(hits) if regex.startswith(b"^") else any(hits)) else b"false"
            found.append(pattern[: pattern.index(b"%")] + value)
        return found

    def tag(self, sentence: Sequence[str]) -> list[str]:
        """The best tags of a sentence's words (Viterbi)."""
        words = [word.encode() for word in sentence]
        size = len(self.labels)
        score: NDArray[np.float32] = np.zeros(size, dtype=np.float32)
        back = []
        for position in range(len(words)):
            unary = np.zeros(size, dtype=np.float32)
            step = np.zeros((size, size), dtype=np.float32)
            for text in self._observe(words, position):
                if text in self._single:
                    unary += self._single[text]
                if text in self._double:
                    step += self._double[text]
            if position == 0:
                score = unary
                continue
            table = score[:, None] + step
            back.append(table.argmax(axis=0))
            score = table.max(axis=0) + unary
        if not words:
            return []
        path = [int(score.argmax())]
        for pointers in reversed(back):
            path.append(int(pointers[path[-1]]))
        return [self.labels[label] for label in reversed(path)]
