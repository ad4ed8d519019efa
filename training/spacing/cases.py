"""Turns sentences into examples for the two decisions: where a piece splits, which joints hold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from audiopress.text.spacing_features import Words

from audiopress.text.spacing_features import joint_features, split_features, sure_joint
from audiopress.text.spacing_pieces import HALF_SPACE, between, pieces

Run = list[tuple[str, str]]  # (piece, what follows it)
Places = tuple[int, ...]
Table = dict[str, Counter[Places]]


def _style() -> tuple[frozenset[str], frozenset[str]]:
    """Read the words that stand left and right in pairs which edited text writes either way."""
    lines = Path(__file__).with_name("style.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return frozenset(w for side, w in rows if side == "left"), frozenset(w for side, w in rows if side == "right")


_STYLE_LEFT, _STYLE_RIGHT = _style()
_PART = 0.3  #: a part of a word, alone, says less of how it is spelled than a whole word does
_VOUCHED = 0.1  #: weight of a place in a compound vouched for: more would teach that compounds are frequent


def run(sentence: str) -> Run:
    """Give the pieces of a sentence, each with what parts it from the next («>» after the last)."""
    found = pieces(sentence)
    gaps = [between(sentence[a.stop : b.start]) for a, b in pairwise(found)]
    return list(zip([p.word for p in found], [*gaps, ">"][: len(found)], strict=True))


def spellings(runs: Iterable[Run], weight: float, table: Table | None = None) -> Table:
    """Count where every word, and every part of a word, is split."""
    table = defaultdict(Counter) if table is None else table
    for line in runs:
        word: list[str] = []
        for piece, gap in line:
            word.append(piece)
            if gap == HALF_SPACE:
                continue
            for i in range(len(word)):
                for j in range(i + 1, min(len(word), i + 5) + 1):
                    places = tuple(len("".join(word[i:k])) for k in range(i + 1, j))
                    table["".join(word[i:j])][places] += weight * (1.0 if j - i == len(word) else _PART)
            word = []
    return table


def apart(runs: Iterable[Run]) -> Counter[str]:
    """Count the pairs of pieces that a space parts, by what they would read if joined."""
    return Counter(left + right for line in runs for (left, gap), (right, _) in pairwise(line) if gap == " ")


def seen(table: Table, spaced: Counter[str], least: float) -> dict[str, Places]:
    """Give the places of words that text splits ``least`` times or more, and not more often glues or spaces."""
    chosen = {}
    for word in sorted(table):
        counts = table[word]
        places, count = max(sorted(counts.items()), key=lambda item: item[1])
        if places and count >= least and 2 * count >= sum(counts.values()) and count >= spaced[word]:
            chosen[word] = places
    return chosen


def splits(table: Table, words: Words) -> Iterator[tuple[list[str], float, float]]:
    """Give one example (features, target, mass) for every place inside every spelling."""
    for word, counts in table.items():
        total = sum(counts.values())
        for at in range(1, len(word)):
            share = sum(n for places, n in counts.items() if at in places) / total
            yield split_features(word, at, words), share, 1 + math.log1p(total)


def listed_splits(plain: Iterable[str], words: Words) -> Iterator[tuple[list[str], float, float]]:
    """Give examples from word lists: what compounds look like, and words that only look like one.

    Compounds are shown as if no list held them, so that the model learns from their parts; those vouched for as they
    are listed, so that it learns to rely on them.
    """
    unlisted = replace(words, compounds={}, own={}, joined={}, seen={})
    for word in plain:
        if word not in words.compounds and word not in words.own:
            for at in range(1, len(word)):
                yield split_features(word, at, unlisted), 0.0, 1.0
    for word, places in words.own.items():
        for at in range(1, len(word)):
            yield split_features(word, at, words), float(at in places), _VOUCHED if places else 1.0
    for word, places in words.compounds.items():
        for at in sorted({at + near for at in places for near in (-2, -1, 0, 1, 2)} & set(range(1, len(word)))):
            yield split_features(word, at, unlisted), float(at in places), 0.5


def _inside(table: Mapping[str, Places], words: Words) -> Iterator[Joint]:
    for word, places in table.items():
        starts = [0, *places, len(word)]
        for a, b, c in zip(starts, starts[1:], starts[2:], strict=False):
            yield Joint(joint_features("?", word[a:b], word[b:c], "?", words), 1.0, style=False)


def listed_joints(words: Words) -> Iterator[Joint]:
    """Give examples of joints from the list of compounds, as if no list held them and with no neighbours."""
    yield from _inside(words.compounds, replace(words, compounds={}, own={}, joined={}, seen={}))


def vouched_joints(words: Words, apart: Iterable[tuple[str, str]]) -> Iterator[Joint]:
    """Give examples of joints from the spellings vouched for, and of words that stand apart."""
    yield from _inside({**words.joined, **words.own}, words)
    for left, right in apart:
        yield Joint(joint_features("?", left, right, "?", words), 0.0, style=False)


class Joint(NamedTuple):
    """A space (target 0) or half-space (target 1) between two pieces."""

    features: list[str]
    target: float
    style: bool  #: written either way in edited text
    vouched: bool = False  #: parts of one word, whatever a careless writer sets between them


def joints(runs: Iterable[Run], words: Words, fewer: Words) -> Iterator[Joint]:
    """Give one example for every space and half-space between two pieces.

    A half-space looks at ``fewer`` words, those seen twice or more: to look at what was seen only here would teach the
    model that what it has never seen is never a compound.
    """
    for line in runs:
        for i in range(len(line) - 1):
            (left, gap), (right, after_gap) = line[i], line[i + 1]
            if gap not in (" ", HALF_SPACE):
                continue
            before = "<" if i == 0 else line[i - 1][0] if line[i - 1][1] in (" ", HALF_SPACE) else line[i - 1][1]
            after = line[i + 2][0] if after_gap in (" ", HALF_SPACE) else after_gap
            half = gap == HALF_SPACE
            features = joint_features(before, left, right, after, fewer if half else words)
            style = left in _STYLE_LEFT or right in _STYLE_RIGHT
            yield Joint(features, float(half), style, sure_joint(left, right, words))
