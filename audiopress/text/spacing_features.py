"""What the half-space model looks at: training counts these features, and `spacing` weighs them.

A *piece* is a run of letters between spaces and half-spaces («می», «توانیم»). A *split* lies between two letters of a
piece, a *joint* between two pieces that a space or half-space parts. Features never tell a space from a half-space.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audiopress.text.spacing_pieces import JOINING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "0.00"
"""Entry of a word not in the list: frequency level 0, no part of speech, never first or last part of a compound."""

_LONG_START, _LONG_END = 5, 6
"""Letters up to which a part is looked at whole beside the level of its word; affixes are no longer than that."""

_SIGNS = {"<": ".<", ">": ".>", ".": "..", "0": ".0"}
"""Entries of what stands beside a piece where no piece does: the ends of the line, punctuation, a number."""

_ENDINGS = frozenset({
    "ی", "ها", "های", "هایی", "هایش", "هایشان", "هایم", "هایمان", "ان", "ای", "یی", "م", "ام", "ند", "اند",
    "ش", "اش", "شان", "مان", "تر", "ترین", "ترها", "یم", "ات",
})  # fmt: skip
"""Endings of nouns and adjectives that may be glued to a compound."""
_LONGEST_ENDING = 6
_SHORTEST_STEM = 4  #: letters

_KEPT = 1 << 16  #: look-ups remembered: the words of a long article many times over


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """What is known of words, all by folded letters without half-spaces."""

    lexicon: Mapping[str, str]  #: word → entry: frequency level, part of speech, levels as first and last part
    compounds: Mapping[str, tuple[int, ...]]  #: spelling → places of its half-spaces, from word lists
    own: Mapping[str, tuple[int, ...]]  #: the same, vouched for by hand; no places: certainly none
    joined: Mapping[str, tuple[int, ...]]  #: where words that are usually glued must not hold a space
    seen: Mapping[str, tuple[int, ...]]  #: half-spaces seen in text


class Known(NamedTuple):
    """What is known of the half-spaces in a word.

    ``kind`` is ``"v"`` for a compound vouched for, ``"w"`` for a word that holds none, ``"y"`` for a compound from a
    word list, ``"t"`` for one seen in text, ``"s"`` for an inflected one, ``"n"`` where nothing is known.
    """

    kind: str
    places: tuple[int, ...]
    joined: tuple[int, ...]  #: where no space may lie, whatever else does
    whole: int  #: letters of a stem that holds no half-space


def _stems(word: str) -> list[str]:
    """List what an inflected word may be made of: «روان‌شناسها» is in no list, but «روان‌شناسی» is."""
    stems = [word + "ی"]
    for letters in range(1, min(_LONGEST_ENDING, len(word) - _SHORTEST_STEM) + 1):
        if word[-letters:] in _ENDINGS:
            stems += [word[:-letters], word[:-letters] + "ی"]
    return stems


@lru_cache(maxsize=_KEPT)
def known_places(word: str, words: Words) -> Known:
    """Look a word up: in the lists, and if they lack it, the words that it may be made of."""
    joined = words.joined.get(word, ())
    for kind, table in (("v", words.own), ("y", words.compounds), ("t", words.seen)):
        places = table.get(word)
        if places is not None:
            return Known(kind if places else "w", places, joined, 0)
    stems = _stems(word)
    whole = max([len(stem) for stem in stems if len(stem) < len(word) and words.own.get(stem) == ()], default=0)
    for stem in stems:
        places = words.own.get(stem) or words.compounds.get(stem) or words.seen.get(stem) or ()
        glued = joined or words.joined.get(stem, ())
        if (places or glued) and max(places + glued) < len(word):
            return Known("s" if places else "n", places, glued, whole)
    return Known("n", (), joined, whole)


def _listed(word: str, at: int, words: Words) -> str:
    """Say of a half-space at ``at`` what is known of it: ``"o"`` where only others are known in the word."""
    kind, places, _, whole = known_places(word, words)
    if kind == "n":
        return "w" if at < whole else "n"
    return kind if kind == "w" or at in places else "o"


def _joined(word: str, at: int, words: Words) -> str:
    """Say the same of a space: ``"j"`` where the parts are vouched for as one word, whatever lies between them."""
    return "j" if at in known_places(word, words).joined else _listed(word, at, words)


def sure_joint(left: str, right: str, words: Words) -> bool:
    """Tell whether two pieces are vouched for as parts of one word."""
    return _joined(left + right, len(left), words) in "vj"


def split_features(word: str, at: int, words: Words) -> list[str]:
    """List what speaks for or against a half-space before letter ``at``: («کتابها», 4) → ``["bj", "Rهاj", …]``."""
    left, right = word[:at], word[at:]
    from_left, to_right = "^" + left, right + "$"
    known = words.lexicon.get
    entry_left, entry_right, level_word = known(left, UNKNOWN), known(right, UNKNOWN), known(word, UNKNOWN)[0]
    listed = _listed(word, at, words)
    joins = "j" if left[-1] in JOINING else "x"
    level_left, level_right = entry_left[0], entry_right[0]
    left2, left3 = from_left[-2:], from_left[-3:]
    right2, right3 = to_right[:2], to_right[:3]
    return [
        "b" + joins,
        "W" + word + str(at),
        "c" + listed + joins,
        "d" + listed + level_word,
        "R" + right + joins,
        "S" + right + level_left,
        "T" + right + entry_left[1] + joins,
        "U" + right + left[-1],
        "V" + right + left2,
        "L" + left,
        "M" + left + level_right,
        "N" + left + entry_right[1],
        "O" + left + right[0],
        "P" + left + right2,
        "e" + level_left + level_right + level_word,
        "f" + entry_left[:2] + entry_right[:2] + joins,
        "g" + entry_left[2] + entry_right[3] + joins,
        "h" + entry_left[2] + level_right + entry_right[1],
        "i" + entry_right[3] + level_left + entry_left[1],
        "k" + level_word + (right if len(right) <= _LONG_END else ">"),
        "l" + level_word + (left if len(left) <= _LONG_START else ">"),
        "1" + left[-1] + right[0],
        "2" + left2 + right2,
        "3" + left3,
        "4" + right3,
        "5" + left3 + right2,
        "6" + left2 + right3,
        "7" + from_left[-4:],
        "8" + to_right[:4],
        "9" + from_left[-5:],
        "0" + to_right[:5],
        "q" + str(min(at, 5)) + str(min(len(right), 5)) + level_word,
    ]


def pair_features(left: str, right: str, words: Words) -> list[str]:
    """List what two pieces say for or against a half-space between them: («می», «رود») → ``["B", "Jمی رود", …]``."""
    known = words.lexicon.get
    word = left + right
    entry_left, entry_right, level_word = known(left, UNKNOWN), known(right, UNKNOWN), known(word, UNKNOWN)[0]
    listed = _joined(word, len(left), words)
    level_left, pos_left, first = entry_left[0], entry_left[1], entry_left[2]
    level_right, pos_right, last = entry_right[0], entry_right[1], entry_right[3]
    return [
        "B",
        "J" + left + " " + right,
        "C" + listed,
        "D" + listed + level_word,
        "Db" + listed + first + last,
        "r" + right,
        "s" + right + " " + level_left,
        "t" + right + " " + pos_left,
        "u" + right + " " + left[-1],
        "v" + right + " " + left[-2:],
        "ua" + right + " " + left[-3:],
        "w" + left,
        "x" + left + " " + level_right,
        "y" + left + " " + pos_right,
        "z" + left + " " + right[0],
        "za" + left + " " + right[:2],
        "zb" + left + " " + right[-2:],
        "zc" + left + " " + right[-3:],
        "E" + level_left + level_right + level_word,
        "F" + entry_left[:2] + entry_right[:2],
        "G" + first + last,
        "Ga" + first + pos_left + pos_right,
        "Gb" + last + pos_left + pos_right,
        "H" + left[-2:] + " " + right[:2],
        "I" + left[-3:] + " " + right[:3],
        "K" + right[:3],
        "Ka" + right[:4],
        "Kb" + right[-3:],
        "Q" + left[-3:],
        "Qa" + left[-1] + right[0] + str(min(len(left), 5)) + str(min(len(right), 6)),
    ]


def context_features(before: str, left: str, right: str, after: str, words: Words) -> list[str]:
    """List what the neighbours of two pieces say for or against a half-space between them.

    ``before`` and ``after`` are pieces, or the sign of what stands there (see `between`).
    """
    known = words.lexicon.get
    word, pair = left + right, left + " " + right
    wide = _joined(before + word, len(before) + len(left), words) + _joined(word + after, len(left), words)
    pos = known(left, UNKNOWN)[1] + known(right, UNKNOWN)[1]
    pos_before = (_SIGNS.get(before) or known(before, UNKNOWN))[1]
    pos_after = (_SIGNS.get(after) or known(after, UNKNOWN))[1]
    return [
        "A" + before + " " + pair,
        "Z" + pair + " " + after,
        "Da" + wide,
        "X" + before + " " + right,
        "Y" + right + " " + after,
        "Xa" + before + " " + left,
        "Ya" + left + " " + after,
        "Xb" + before + " " + pos,
        "Yb" + after + " " + pos,
        "Xc" + pos_before + pos,
        "Yc" + pos_after + pos,
    ]


def joint_features(before: str, left: str, right: str, after: str, words: Words) -> list[str]:
    """List all that speaks for or against a half-space between two pieces."""
    return pair_features(left, right, words) + context_features(before, left, right, after, words)
