"""Lines that read from right to left, on terminals that know how to lay out Persian and on those that do not.

A line is made of pieces. Each piece is laid out by itself and put in its place, from the right edge on, so that neither
kind of terminal can mix them up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from audiopress.listen.terminal.persian import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Shaped or reordered by every layout that does either.
_PROBE = "سلام"
#: Direction marks, invisible. A terminal that lays out Persian itself takes a line for left-to-right: the outer marks
#: keep it from joining two pieces to one, the inner ones make a piece read from right to left whatever it begins with.
_BEFORE, _AFTER = "\u200e\u200f", "\u200f\u200e"
_HALF_SPACE = "\u200c"
_MORE = "…"
#: Pieces of which the layout is remembered: a screenful, several times over.
_REMEMBERED = 2048


class Piece(NamedTuple):
    """Some text and its style; ``plain`` pieces (numbers, bars, keys) are written as they are."""

    text: str
    style: str = ""
    plain: bool = False


class Writer:
    """Writes lines, given how one run of Persian must be handed to the terminal."""

    def __init__(self, shape: Callable[[str], str]) -> None:
        """``shape`` joins and reorders letters for terminals that cannot, and changes nothing for the others."""
        self._reorders = shape(_PROBE) == _PROBE
        self._shape = lru_cache(_REMEMBERED)(shape)

    def laid_out(self, text: str) -> str:
        """The text as it is written to the terminal, without marks around it."""
        # Letters that are joined already need no half-space, and not every terminal knows that it has no width.
        return text if self._reorders else self._shape(text).replace(_HALF_SPACE, "")

    def width(self, text: str) -> int:
        """The cells that a text takes: a lam-alef takes one where we join letters."""
        return cell_len(self.laid_out(text))

    def fit(self, text: str, width: int) -> str:
        """The text without what steers a terminal, cut to so many cells: «سلام بر شما», 8 → «سلام بر…»."""
        text = clean(text)
        if self.width(text) <= width:
            return text
        while text and self.width(text + _MORE) > width:
            text = text[:-1]
        return text.rstrip(" " + _HALF_SPACE) + _MORE if width > 0 else ""

    def wrap(self, words: Sequence[str], width: int) -> list[list[str]]:
        """Divide words into lines that fit; a word longer than a line is cut."""
        lines: list[list[str]] = [[]]
        left = width
        for word in (piece for long in words for piece in self._pieces(long, width)):
            taken = self.width(word) + bool(lines[-1])
            if taken > left and lines[-1]:
                lines.append([])
                left, taken = width, taken - 1
            lines[-1].append(word)
            left -= taken
        return lines

    def row(self, width: int, right: Sequence[Piece] = (), left: Sequence[Piece] = ()) -> Text:
        """One line of exactly so many cells: pieces from the right edge on, and others up to the left edge.

        Both are given as they are read, from right to left. What does not fit is cut off at the left.
        """
        line = Text(no_wrap=True, end="")
        room = width
        parts: list[Text] = []
        for piece in right:
            part = self._piece(piece, room)
            parts.append(part)
            room -= part.cell_len
        others = []
        for piece in left:
            part = self._piece(piece, room)
            others.append(part)
            room -= part.cell_len
        for part in reversed(others):
            line.append_text(part)
        line.append(" " * room)
        for part in reversed(parts):
            line.append_text(part)
        return line

    def spoken(self, words: Sequence[str], current: int, styles: tuple[str, str]) -> Text:
        """Words of a line, the one of number ``current`` in the second style (-1 for none), the others in the first.

        The whole line is laid out at once; the word is then found again by how it looks.
        """
        whole = self.laid_out(" ".join(words))
        tokens = whole.split(" ")
        text = Text(style=styles[0], no_wrap=True, end="")
        marked = self._token(words, current, tokens)
        for number, token in enumerate(tokens):
            text.append(token, styles[1] if number == marked else "")
            if number < len(tokens) - 1:
                text.append(" ")
        return self._isolated(text)

    def _token(self, words: Sequence[str], current: int, tokens: Sequence[str]) -> int:
        """Return where the word stands among the tokens on the screen, -1 where that is not certain."""
        if current < 0 or len(tokens) != len(words):
            return -1
        seen = self.laid_out(words[current])
        places = [number for number, token in enumerate(tokens) if token == seen]
        alike = [number for number, word in enumerate(words) if self.laid_out(word) == seen]
        if len(places) != len(alike):
            return -1
        if not self._reorders:
            places.reverse()
        return places[alike.index(current)]

    def _piece(self, piece: Piece, room: int) -> Text:
        """Lay out one piece in at most so many cells."""
        if piece.plain:
            return Text(piece.text if cell_len(piece.text) <= room else "", piece.style, end="")
        leading = len(piece.text) - len(piece.text.lstrip(" "))
        trailing = len(piece.text) - len(piece.text.rstrip(" ")) if piece.text.strip() else 0
        inner = self.laid_out(self.fit(piece.text, room - leading - trailing))
        text = self._isolated(Text(inner, piece.style, end=""))
        if text.cell_len + leading + trailing > room:
            return Text(end="")
        return Text(" " * trailing, end="").append_text(text).append(" " * leading)

    def _isolated(self, text: Text) -> Text:
        if not self._reorders or not text.plain:
            return text
        return Text(_BEFORE, end="", no_wrap=True).append_text(text).append(_AFTER)

    def _pieces(self, word: str, width: int) -> list[str]:
        """Cut a word that is longer than a line."""
        if self.width(word) <= width:
            return [word]
        step = max(1, width // 2)  # a letter takes two cells at most
        return [word[first : first + step] for first in range(0, len(word), step)]
