"""Turns well-typed sentences into examples for the two decisions: where a piece splits, which joints hold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fit import Example

from audiopress.text.spacing_features import joint_features, split_features
from audiopress.text.spacing_pieces import HALF_SPACE, between, pieces

Run = list[tuple[str, str]]  # (piece, what follows it)


def run(sentence: str) -> Run:
    """Give the pieces of a sentence, each with what parts it from the next («>» after the last)."""
    found = pieces(sentence)
    if not found:
        return []
    gaps = [between(sentence[a.stop : b.start]) for a, b in zip(found, found[1:], strict=False)]
    return list(zip([p.word for p in found], [*gaps, ">"], strict=True))


def spellings(runs: Iterable[tuple[Run, float]]) -> dict[str, Counter[tuple[int, ...]]]:
    """Count, for every run of letters, where it is split: parts of a word count as words of their own."""
    table: dict[str, Counter[tuple[int, ...]]] = defaultdict(Counter)
    for line, weight in runs:
        word: list[str] = []
        for piece, gap in line:
            word.append(piece)
            if gap == HALF_SPACE:
                continue
            for i in range(len(word)):
                for j in range(i + 1, min(len(word), i + 5) + 1):
                    ends = [len("".join(word[i : k])) for k in range(i + 1, j)]
                    # a part alone speaks for itself less than a whole word does
                    table["".join(word[i:j])][tuple(ends)] += weight * (1.0 if j - i == len(word) else 0.3)
            word = []
    return table


def splits(
    table: Mapping[str, Counter[tuple[int, ...]]], lexicon: Mapping[str, str], compounds: Mapping[str, tuple[int, ...]]
) -> Iterator[Example]:
    """Give one example for every place inside every spelling."""
    for word, counts in table.items():
        total = sum(counts.values())
        mass = 1 + math.log1p(total)
        for at in range(1, len(word)):
            share = sum(n for places, n in counts.items() if at in places) / total
            yield split_features(word, at, lexicon, compounds), share, mass


def joints(
    runs: Iterable[tuple[Run, float]], lexicon: Mapping[str, str], compounds: Mapping[str, tuple[int, ...]]
) -> Iterator[Example]:
    """Give one example for every space and half-space between two pieces."""
    for line, weight in runs:
        for i in range(len(line) - 1):
            (left, gap), (right, after_gap) = line[i], line[i + 1]
            if gap not in (" ", HALF_SPACE):
                continue
            before = "<" if i == 0 else line[i - 1][0] if line[i - 1][1] in (" ", HALF_SPACE) else line[i - 1][1]
            after = line[i + 2][0] if after_gap in (" ", HALF_SPACE) else after_gap
            yield joint_features(before, left, right, after, lexicon, compounds), float(gap == HALF_SPACE), weight
