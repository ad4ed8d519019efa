"""Loads the half-space model and its word lists.

Each file is gzipped text of lines ``VALUE TAB word TAB word …``: words that share a value share a line, which is small
and loads fast.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from audiopress.text.spacing_features import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = 20
"""Weights are whole numbers of 1/20 log-odds: sums are exact in any order, and files are small."""


class Model(NamedTuple):
    """The words known and the weight of each feature, in `UNITS` of log-odds."""

    words: Words
    split: Mapping[str, int]
    joint: Mapping[str, int]


def _groups(name: str) -> list[tuple[str, list[str]]]:
    data = resources.files("audiopress.text").joinpath("data", name).read_bytes()
    lines = gzip.decompress(data).decode("utf-8").splitlines()
    return [(value, members) for value, *members in (line.split("\t") for line in lines)]


def _places(name: str) -> dict[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for value, members in _groups(name):
        table.update(dict.fromkeys(members, tuple(int(at) for at in value.split())))
    return table


def _weights(name: str) -> dict[str, int]:
    table: dict[str, int] = {}
    for value, members in _groups(name):
        table.update(dict.fromkeys(members, int(value)))
    return table


@cache
def model() -> Model:
    """Load the shipped model, once: about 0.2 s."""
    lexicon: dict[str, str] = {}
    for value, members in _groups("spacing_lexicon.txt.gz"):
        lexicon.update(dict.fromkeys(members, value))
    words = Words(lexicon, *(_places(f"spacing_{name}.txt.gz") for name in ("compounds", "own", "joined", "seen")))
    return Model(words, _weights("spacing_split.txt.gz"), _weights("spacing_joint.txt.gz"))
