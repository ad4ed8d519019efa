"""Where a sentence too long for the Kokoro model is broken into phrases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiopress.model import Word

#: Tokens of one phrase (about 134 phonemes). The model takes 510; its speech gets hasty and memory grows past this
#: (benchmarks).
LIMIT = 215
STRONG, WEAK = frozenset(";:.?!"), frozenset(",،")
#: What a break costs, in shares of the sentence it is away from the balanced place.
AT_STRONG, AT_COMMA, AT_OPENER, AT_WORD, IN_WORD = 0.0, 0.05, 0.25, 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of a very long one, as tokens."""

    word: int  #: index of its word in the utterance
    tokens: tuple[int, ...]
    pause: tuple[int, ...] = ()  #: tokens of the punctuation after it
    continued: bool = False  #: goes on with the word of the piece before
    cost: float = AT_WORD  #: of a break after this piece

    @property
    def size(self) -> int:
        """Tokens it takes, the space before it included."""
        return len(self.tokens) + len(self.pause) + (not self.continued)


def phrases(words: Sequence[Word], tokens_of: Callable[[str], tuple[tuple[int, ...], ...]]) -> list[tuple[Piece, ...]]:
    """Break an utterance into phrases of at most `LIMIT` tokens, near the middle, where a speaker would pause.

    A break falls at punctuation if it can, else before a conjunction or preposition, else between words, and inside a
    word only when the word alone is too long. Every phrase ends in a pause sign, a comma if the sentence has none
    there, so that the voice does not fall as at a sentence's end. Words without phonemes are left out.
    """
    pieces = _pieces(words, tokens_of)
    return [_ended(phrase, tokens_of, final=phrase[-1] is pieces[-1]) for phrase in _broken(pieces)]


def _pieces(words: Sequence[Word], tokens_of: Callable[[str], tuple[tuple[int, ...], ...]]) -> list[Piece]:
    pieces: list[Piece] = []
    for index, word in enumerate(words):
        sounds = tokens_of(word.phonemes)
        if pieces and sounds and word.plain in _openers() and not pieces[-1].pause:
            pieces[-1] = replace(pieces[-1], cost=AT_OPENER)
        parts = _parts(sounds)
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            pause = tokens_of(word.after) if last and word.after else ()
            cost = (AT_STRONG if word.after in STRONG else AT_COMMA) if pause else AT_WORD if last else IN_WORD
            pieces.append(Piece(index, part, sum(pause, ()), continued=place > 0, cost=cost))
    return pieces


def _parts(sounds: tuple[tuple[int, ...], ...]) -> list[tuple[int, ...]]:
    """The tokens of a word, in parts of at most a third of the limit (one part for all real words)."""
    parts: list[list[int]] = []
    for sound in sounds:
        if not parts or len(parts[-1]) + len(sound) > LIMIT // 3:
            parts.append([])
        parts[-1] += sound
    return [tuple(part) for part in parts]


def _broken(pieces: list[Piece]) -> list[list[Piece]]:
    total = sum(piece.size for piece in pieces)
    if total < LIMIT:  # one is left for a closing pause sign
        return [pieces] if pieces else []
    count = -(-total // (LIMIT - 1))
    ideal = (count // 2) / count
    passed = 0
    best, place = float("inf"), 1
    for index, piece in enumerate(pieces[:-1]):
        passed += piece.size
        cost = piece.cost + 4 * (passed / total - ideal) ** 2 * count
        if cost < best:
            best, place = cost, index + 1
    return _broken(pieces[:place]) + _broken(pieces[place:])


def _ended(
    phrase: list[Piece], tokens_of: Callable[[str], tuple[tuple[int, ...], ...]], *, final: bool
) -> tuple[Piece, ...]:
    last = phrase[-1]
    if last.pause:
        return tuple(phrase)
    sign = sum(tokens_of("." if final else ","), ())
    return (*phrase[:-1], replace(last, pause=sign))


@cache
def _openers() -> frozenset[str]:
    lines = (Path(__file__).parent / "data" / "phrase_openers.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines[1:] if not line.startswith("#"))
