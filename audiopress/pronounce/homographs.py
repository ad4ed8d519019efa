"""Words that are written alike and said apart: their neighbours decide.

Each reading has a weight for each thing that may stand near the word, a weight for each direction in which the words
around it may lie, and a prior, how often it is met in news; the reading with the greatest sum is said.
training/pronounce/homographs.py makes the weights; data/homograph_rules.tsv holds what is certain.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

from audiopress.pronounce.ezafe import PAUSES, kind
from audiopress.pronounce.marks import fits
from audiopress.pronounce.vectors import stem, surroundings
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

WINDOW = 6  #: words on either side that may speak for a reading; 4 and 10 were worse in cross-validation
_EDGE = "^"


def context(tokens: Sequence[str], links: Sequence[bool], at: int) -> list[str]:
    """What stands near a word: its neighbours, their parts of speech, its ezafe, the words around it, the verbs."""

    def token(place: int) -> str:
        return tokens[place] if 0 <= place < len(tokens) else _EDGE

    before2, before, after, after2 = (token(at + step) for step in (-2, -1, 1, 2))
    found = [
        "<" + stem(before), ">" + stem(after), "<k" + kind(before), ">k" + kind(after),
        "<<" + stem(before2), ">>" + stem(after2), "<<k" + kind(before2), ">>k" + kind(after2),
        "e" if links[at] else "o", "<e" if at and links[at - 1] else "<o",
    ]  # fmt: skip
    if after == _EDGE or after in PAUSES:
        found.append("end")
    found += sorted({"V" + word for place, word in enumerate(tokens) if place != at and kind(word).startswith("V")})
    near = {*tokens[max(0, at - WINDOW) : at], *tokens[at + 1 : at + 1 + WINDOW]}
    return found + sorted({"~" + stem(word) for word in near if len(word) > 2})  # noqa: PLR2004 - particles say nothing


class Weights(NamedTuple):
    """What speaks for one reading."""

    prior: float  #: the logarithm of how often it is met, made less
    near: Mapping[str, float]  #: by feature of `context`
    around: NDArray[np.float32]  #: by direction of `surroundings`; none where the prior alone decides


class _Rows(NamedTuple):
    """The table as it is stored: by word its readings, each with its row and its weights as text."""

    readings: Mapping[str, Sequence[tuple[str, int, str]]]
    around: NDArray[np.float16]


@cache
def _rows_of() -> _Rows:
    import numpy as np  # noqa: PLC0415 - loaded with the table, so that the import of the package stays cheap

    readings: dict[str, list[tuple[str, int, str]]] = {}
    for row, (word, reading, weights) in enumerate(read_table("pronounce", "homographs.tsv.gz", 3)):
        readings.setdefault(word, []).append((reading, row, weights))
    with as_file(files("audiopress.pronounce") / "data" / "homographs.npy") as path:
        return _Rows(readings, np.load(path))


@cache
def _weights(word: str) -> Mapping[str, Weights]:
    """Weights by reading; none where the word is no homograph. Unpacked when the word is first met."""
    found = {}
    for reading, row, text in _rows_of().readings.get(word, ()):
        prior, *named = text.split(" ")
        near = {name: float(weight) for name, _, weight in (pair.rpartition("=") for pair in named)}
        found[reading] = Weights(float(prior), near, _rows_of().around[row].astype("float32"))
    return found


def weigh(weights: Weights, near: Sequence[str], around: NDArray[np.float32]) -> float:
    """What speaks for a reading: its prior, its neighbours (less the more there are), and what stands around it."""
    told = sum(weights.near.get(name, 0.0) for name in near) / math.sqrt(len(near))
    return weights.prior + told + float(weights.around @ around)


@cache
def _rules() -> Mapping[str, Sequence[tuple[str, Sequence[tuple[str, frozenset[str]]]]]]:
    """What is certain, from homograph_rules.tsv: by word, its readings with the conditions that must all hold."""
    table: dict[str, list[tuple[str, list[tuple[str, frozenset[str]]]]]] = {}
    for word, reading, conditions in read_table("pronounce", "homograph_rules.tsv", 3):
        parsed = [condition.partition("=")[::2] for condition in conditions.split(" ")]
        table.setdefault(word, []).append((reading, [(place, frozenset(words.split("|"))) for place, words in parsed]))
    return table


def _holds(place: str, words: frozenset[str], tokens: Sequence[str], at: int) -> bool:
    """Whether a condition of a rule holds.

    ``>`` is the next word, ``<`` the one before, ``<<`` two before, ``~`` any other; ``k`` after a place asks for the
    part of speech, ``!`` before it turns the condition round.
    """
    if place.startswith("!"):
        return not _holds(place[1:], words, tokens, at)
    if place == "~":
        return any(token in words for index, token in enumerate(tokens) if index != at)
    where = at + {">": 1, "<": -1, "<<": -2}[place.removesuffix("k")]
    found = tokens[where] if 0 <= where < len(tokens) else _EDGE
    return (kind(found) if place.endswith("k") else stem(found)) in words


class Choice(NamedTuple):
    """The reading of a homograph in its sentence."""

    reading: str
    chance: float  #: how likely it is, from 0 to 1; 1 where a rule decides
    others: tuple[str, ...]  #: the readings that it was preferred to


def choose(word: str, tokens: Sequence[str], links: Sequence[bool], at: int) -> Choice | None:
    """The reading of a homograph in its sentence, or None where the word is none: نه in «سی و نه» → ``noh``.

    ``word`` is the token as it was written; where its vowel marks allow some readings only, it is one of those, and
    None where they allow none.
    """
    weights = _weights(tokens[at])
    readings = [*weights, *dict.fromkeys(name for name, _ in _rules().get(tokens[at], ()))]
    allowed = [name for name in dict.fromkeys(readings) if word == tokens[at] or fits(word, name)]
    if not allowed:
        return None
    others = tuple(dict.fromkeys(readings))
    for name, conditions in _rules().get(tokens[at], ()):
        if name in allowed and all(_holds(place, words, tokens, at) for place, words in conditions):
            return Choice(name, 1.0, others)
    if not weights:
        return Choice(allowed[0], 1.0, others) if word != tokens[at] else None
    near = context(tokens, links, at)
    around = surroundings(tokens, at)
    scores = {name: math.exp(weigh(weights[name], near, around)) for name in allowed if name in weights}
    if not scores:
        return Choice(allowed[0], 1.0, others)
    best = max(scores, key=lambda name: scores[name])
    return Choice(best, scores[best] / sum(scores.values()), others)
