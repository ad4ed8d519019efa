"""Which words carry an ezafe, and how it sounds.

The ezafe is not written in Persian. A conditional random field labels each word from itself, its affixes, its part of
speech and its neighbours; training/pronounce/ezafe.py makes the model. What the writer did mark always wins.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

LINKED = "EZ"
PAUSES = frozenset("،؛:.؟!")
_EDGE = "^"  # stands for what lies before and after the sentence
_DATA = files("audiopress.pronounce") / "data"


class _Features(NamedTuple):
    """The features of a word, named after where it stands from the word in question."""

    here: list[str]
    before: list[str]
    before2: list[str]
    after: list[str]
    after2: list[str]
    kind: str


@cache
def _kinds() -> Mapping[str, str]:
    """Parts of speech by word: ``کتاب`` → ``N``."""
    with (_DATA / "kinds.tsv.gz").open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))


@cache
def _tagger() -> Any:
    import pycrfsuite  # noqa: PLC0415 - loaded with the model, so that the import of the package stays cheap

    tagger = pycrfsuite.Tagger()
    with as_file(_DATA / "ezafe.crfsuite") as path:
        tagger.open(str(path))
    return tagger


def kind(word: str) -> str:
    """The part of speech of a word, guessed from its form where the table does not know it."""
    if word in PAUSES or word == _EDGE:
        return word
    known = _kinds().get(word)
    if known:
        return known
    if word.startswith(("می\u200c", "نمی\u200c")):
        return "V"
    if "\u200c" in word:
        head, _, tail = word.rpartition("\u200c")
        return f"{_kinds().get(head, '?')}+{tail}" if len(tail) < 6 else _kinds().get(tail, "?")  # noqa: PLR2004
    return "?"


@lru_cache(maxsize=65536)
def _features(word: str) -> _Features:
    sort = kind(word)
    tails = [word[-size:] for size in range(1, 5) if size < len(word)]
    here = [
        "b", "w=" + word, "k=" + sort, *("s=" + tail for tail in tails),
        *("p=" + word[:size] for size in range(1, 4) if size < len(word)),
        "z=" + ("\u200c" in word and word.rpartition("\u200c")[2] or "-"),
        f"l={min(len(word), 6)}",
    ]  # fmt: skip

    def beside(place: str, *, wide: bool) -> list[str]:
        near = [f"{place}w={word}", f"{place}k={sort}"]
        return near + [f"{place}s={tail}" for tail in tails[:3]] + [f"{place}p={word[:2]}"] if wide else near

    return _Features(
        here, beside("-", wide=True), beside("--", wide=False), beside("+", wide=True), beside("++", wide=False), sort
    )


def features(tokens: Sequence[str]) -> list[list[str]]:
    """The features of each token of a sentence, as the model was trained on them."""
    edge = _features(_EDGE)
    row = [edge, edge, *map(_features, tokens), edge, edge]
    found = []
    for at, token in enumerate(tokens, start=2):
        before2, before, here, after, after2 = row[at - 2 : at + 3]
        found.append(
            here.here + before.before + before2.before2 + after.after + after2.after2 + [
                f"kk={here.kind}|{after.kind}",
                f"-kk={before.kind}|{here.kind}",
                f"kkk={before.kind}|{here.kind}|{after.kind}",
                f"+kkk={here.kind}|{after.kind}|{after2.kind}",
                f"wk={token}|{after.kind}",
                f"-kw={before.kind}|{token}",
                f"ws={token[-2:]}|{after.kind}",
                after.after[0] + "|" + token,
            ]
        )  # fmt: skip
    return found


def label(tokens: Sequence[str]) -> list[bool]:
    """Say of each token of a sentence, punctuation included, whether an ezafe follows: کتاب من . → [True, False, False]."""
    if not tokens:
        return []
    return [tag.endswith(LINKED) for tag in _tagger().tag(features(tokens))]


def attach(phonemes: str) -> str:
    """Join an ezafe to a word: ``ketɒb`` → ``ketɒbe``, ``xɒne`` → ``xɒneje``, ``ʃɒdi`` → ``ʃɒdije``."""
    if not phonemes:
        return phonemes
    return phonemes + ("je" if phonemes[-1] in "eoɒiu" else "e")
