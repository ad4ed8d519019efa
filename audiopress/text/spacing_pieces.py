"""Where the pieces of a line lie, and what parts them."""

from __future__ import annotations

import re
from typing import NamedTuple

HALF_SPACE = "\u200c"

JOINING = "بپتثجچحخسشصضطظعغفقکگلمنهیئ"
"""Letters that join to the next one: after the others a missing half-space does not show, and edited text has none."""

_LETTERS = "\u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
_MARKS = "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_PIECE = re.compile(f"[{_LETTERS}][{_LETTERS}{_MARKS}]*")
_MARK = re.compile(f"[{_MARKS}]")

#: U+00AD and U+00AC stand for a half-space in text that went through Word or an old editor (78 times in the news text
#: at hand: «مي­شود»), U+200B where a page builder wrote it.
_SLIPS = "\u00ac\u00ad\u200b"
_STRAY = re.compile(f"(?<![\\w{_MARKS}]){HALF_SPACE}+|{HALF_SPACE}+(?!\\w)")
_LINK = re.compile(f"[{HALF_SPACE}{_SLIPS}]+")
_SPACE = re.compile(f"[ \u00a0{HALF_SPACE}{_SLIPS}]+")

_FOLD = str.maketrans("يىكۀةأإٱ", "ییکههااا")


class Piece(NamedTuple):
    """A run of letters at ``text[start:stop]``; ``word`` is what it reads once folded and freed of marks."""

    start: int
    stop: int
    word: str


def fold(text: str) -> str:
    """Fold Arabic letters to their Persian shapes and drop marks: «كتابِ» → «کتاب»."""
    return _MARK.sub("", text).translate(_FOLD)


def without_strays(text: str) -> str:
    """Drop half-spaces that part nothing: «کتاب‌ ، می‌» → «کتاب ، می»."""
    return _STRAY.sub("", text) if HALF_SPACE in text else text


def pieces(text: str) -> list[Piece]:
    """Find the pieces of ``text``: «می‌توان، گفت» → می, توان, گفت."""
    return [Piece(match.start(), match.end(), fold(match.group())) for match in _PIECE.finditer(text)]


def between(gap: str) -> str:
    """Say what parts two pieces: a half-space, a space, ``"0"`` a number, ``"<"`` a line end, or ``"."`` other signs.

    >>> between("، ")
    '.'
    """
    if gap == " ":
        return " "
    if _LINK.fullmatch(gap):
        return HALF_SPACE
    if _SPACE.fullmatch(gap):
        return " "
    if not gap:  # two parts of one piece
        return HALF_SPACE
    if "\n" in gap or "\r" in gap:
        return "<"
    if any(character.isdigit() for character in gap):
        return "0"
    return "."
