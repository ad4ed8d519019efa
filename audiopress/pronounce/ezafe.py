"""Which words carry an ezafe, and how it sounds.

The ezafe is not written in Persian. A conditional random field labels each word from itself, its affixes, its part of
speech and its neighbours; training/pronounce/ezafe.py makes the model. What the writer did mark always wins.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

from audiopress.pronounce import lexicon
from audiopress.pronounce.phonemes import VOWELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LINKED = "EZ"
EVEN = 0.5  #: an ezafe likelier than this is said; .4 and .6 gave a lower F1 on farsdat_dev
PAUSES = frozenset("،؛:.؟!")
_JOINED = frozenset(
    ("به", "که", "از", "در", "با", "بر", "را", "و", "است", "این", "آن", "یک", "هیچ", "همان", "بود", "شد")
)
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
    known = lexicon.kinds().get(word)
    if known:
        return known
    if word.startswith(("می\u200c", "نمی\u200c")):
        return "V"
    if "\u200c" in word:
        head, _, tail = word.rpartition("\u200c")
        return f"{lexicon.kinds().get(head, '?')}+{tail}" if len(tail) < 6 else lexicon.kinds().get(tail, "?")  # noqa: PLR2004
    return "?"


@lru_cache(maxsize=65536)
def _features(word: str) -> _Features:
    sort = kind(word)
    tails = [word[-size:] for size in range(1, 5) if size < len(word)]
    here = [
        "b", "w=" + word, "k=" + sort, *("s=" + tail for tail in tails),
        *("p=" + word[:size] for size in range(1, 4) if size < len(word)),
        "z=" + (("\u200c" in word and word.rpartition("\u200c")[2]) or "-"),
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


def pieces(token: str) -> list[str]:
    """Part a word from the function words that half-spaces join to it: ``به‌عنوان`` → به, عنوان."""
    parts = token.split("\u200c")
    if len(parts) == 1 or _JOINED.isdisjoint(parts):
        return [token]
    found: list[str] = []
    apart = True
    for part in parts:
        if apart or part in _JOINED:
            found.append(part)
        else:
            found[-1] += "\u200c" + part
        apart = part in _JOINED
    return found


def chances(tokens: Sequence[str]) -> list[float]:
    """How likely an ezafe follows each token of a sentence, punctuation included: the model's marginals, 0 to 1."""
    parted = [pieces(token) for token in tokens]
    flat = [piece for token in parted for piece in token]
    if not flat:
        return []
    tagger = _tagger()
    tagger.set(features(flat))
    found, at = [], -1
    for token in parted:
        at += len(token)
        found.append(tagger.marginal(LINKED, at))
    return found


def label(tokens: Sequence[str]) -> list[bool]:
    """Say of each token of a sentence, punctuation included, if an ezafe follows it: کتاب من . → True, False, False."""
    return [chance > EVEN for chance in chances(tokens)]


def attach(phonemes: str, word: str) -> str:
    """Join an ezafe: ``ketɒb``, کتاب → ``ketɒbe``; ``xɒne``, خانه → ``xɒneje``; ``sedɒje``, صدای has one written."""
    if phonemes.endswith("je") and word.endswith("ی"):
        return phonemes
    return phonemes + ("je" if phonemes[-1] in VOWELS else "e")
