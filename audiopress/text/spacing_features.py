"""What the half-space model looks at: the same features are counted in training and weighed at run time.

A *piece* is a run of Persian letters without half-spaces, marks or tatweel, in folded letters («می», «توانیم»).
A *split* lies between two letters of a piece, a *joint* between two pieces that only a space or half-space parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.text.spacing_pieces import JOINING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "0.00"
"""Lexicon entry of a word never seen: frequency level 0, no part of speech, never first or last part of a compound."""

def split_features(
    word: str, at: int, lexicon: Mapping[str, str], compounds: Mapping[str, tuple[int, ...]]
) -> list[str]:
    """List what speaks for or against a half-space before letter ``at`` of ``word``.

    ``split_features("کتابها", 4, …)`` holds, among others, ``"a4.N"`` and ``"R^ها$"``-like entries.
    ``lexicon`` maps words to entries, ``compounds`` glued spellings to the places of their half-spaces.
    """
    left, right = word[:at], word[at:]
    padded_left, padded_right = "^" + left, right + "$"
    entry_left, entry_right = lexicon.get(left, UNKNOWN), lexicon.get(right, UNKNOWN)
    entry_word = lexicon.get(word, UNKNOWN)
    places = compounds.get(word)
    listed = "n" if places is None else "y" if at in places else "o"
    joining = "j" if left[-1] in JOINING else "x"
    level_left, level_right, level_word = entry_left[0], entry_right[0], entry_word[0]
    short_right = right if len(right) <= 6 else ">"
    short_left = left if len(left) <= 5 else ">"
    left2, left3 = padded_left[-2:], padded_left[-3:]
    right2, right3 = padded_right[:2], padded_right[:3]
    return [
        "b" + joining,
        "W" + word + str(at),
        "c" + listed + joining,
        "d" + listed + level_word,
        "R" + right + joining,
        "S" + right + level_left,
        "T" + right + entry_left[1] + joining,
        "U" + right + left[-1],
        "V" + right + left2,
        "L" + left,
        "M" + left + level_right,
        "N" + left + entry_right[1],
        "O" + left + right[0],
        "P" + left + right2,
        "e" + level_left + level_right + level_word,
        "f" + entry_left[:2] + entry_right[:2] + joining,
        "g" + entry_left[2] + entry_right[3] + joining,
        "h" + entry_left[2] + level_right + entry_right[1],
        "i" + entry_right[3] + level_left + entry_left[1],
        "k" + level_word + short_right,
        "l" + level_word + short_left,
        "1" + left2[-1] + right2[0],
        "2" + left2 + right2,
        "3" + left3,
        "4" + right3,
        "5" + left3 + right2,
        "6" + left2 + right3,
        "7" + padded_left[-4:],
        "8" + padded_right[:4],
        "9" + padded_left[-5:],
        "0" + padded_right[:5],
        "q" + str(min(at, 5)) + str(min(len(right), 5)) + level_word,
    ]


def joint_features(
    before: str, left: str, right: str, after: str, lexicon: Mapping[str, str], compounds: Mapping[str, tuple[int, ...]]
) -> list[str]:
    """List what speaks for or against a half-space between the pieces ``left`` and ``right``.

    ``before`` and ``after`` are the neighbouring pieces, or ``"<"``, ``">"`` at the ends of the line, ``"."`` for
    punctuation and ``"0"`` for a number.
    """
    entry_left, entry_right = lexicon.get(left, UNKNOWN), lexicon.get(right, UNKNOWN)
    word = left + right
    places = compounds.get(word)
    listed = "n" if places is None else "y" if len(left) in places else "o"
    level_left, level_right, level_word = entry_left[0], entry_right[0], lexicon.get(word, UNKNOWN)[0]
    pos_left, pos_right = entry_left[1], entry_right[1]
    wide = compounds.get(before + word)
    triple = "n" if wide is None else "y" if len(before) + len(left) in wide else "o"
    wide = compounds.get(word + after)
    triple += "n" if wide is None else "y" if len(left) in wide else "o"
    return [
        "B",
        "J" + left + " " + right,
        "A" + before + " " + left + " " + right,
        "Z" + left + " " + right + " " + after,
        "C" + listed,
        "D" + listed + level_word,
        "Da" + triple,
        "Db" + listed + entry_left[2] + entry_right[3],
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
        "G" + entry_left[2] + entry_right[3],
        "Ga" + entry_left[2] + pos_left + pos_right,
        "Gb" + entry_right[3] + pos_left + pos_right,
        "H" + left[-2:] + " " + right[:2],
        "I" + left[-3:] + " " + right[:3],
        "K" + right[:3],
        "Ka" + right[:4],
        "Kb" + right[-3:],
        "Q" + left[-3:],
        "Qa" + left[-1] + right[0] + str(min(len(left), 5)) + str(min(len(right), 6)),
        "X" + before + " " + right,
        "Y" + right + " " + after,
        "Xa" + before + " " + left,
        "Ya" + left + " " + after,
        "Xb" + before + " " + pos_left + pos_right,
        "Yb" + after + " " + pos_left + pos_right,
        "Xc" + lexicon.get(before, before[:1] + "." if len(before) == 1 else UNKNOWN)[1] + pos_left + pos_right,
        "Yc" + lexicon.get(after, after[:1] + "." if len(after) == 1 else UNKNOWN)[1] + pos_left + pos_right,
    ]
