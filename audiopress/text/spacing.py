"""Restores half-spaces: «میتوانیم», «می توانیم» → «می‌توانیم».

Two decisions, each a weighted vote of the features in `spacing_features`: where a piece splits, and which spaces
between two pieces are half-spaces. A decision sees letters only, never the half-spaces already there: what is restored
once is restored for good, and half-spaces that were typed stay.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from audiopress.text.spacing_data import UNITS, model
from audiopress.text.spacing_features import context_features, pair_features, split_features, sure_joint
from audiopress.text.spacing_pieces import HALF_SPACE, Piece, between, fold, pieces, without_strays

# Bars for the log-odds of a decision, chosen on held-out sentences for F1 and for correct ones left unchanged. A line
# where one split (or joint) is CLEAR was damaged that way, and its LIKELY ones are taken too; in other lines, those
# over UNSURE. Where the line holds half-spaces, typed or restored by a split, its writer may have meant the rest as it
# stands: then only a CERTAIN one tells of damage, or a SURE one between parts that are vouched for as one word.
LIKELY = round(0.3 * UNITS)
UNSURE = round(2.0 * UNITS)
SURE = round(2.0 * UNITS)
CLEAR = round(3.0 * UNITS)
CERTAIN_SPLIT = round(3.5 * UNITS)
CERTAIN_JOINT = round(4.0 * UNITS)

HOPELESS = round(-5.0 * UNITS)
"""Log-odds of a pair that no neighbours make up for: of 57,000 pairs, they raised none by more than 4.05."""

SHORTEST = 3
"""Letters of a piece that may split: no word of two letters does."""
LONGEST = 40
"""Letters of a piece; a longer run is no word and is left alone, which keeps time linear."""

_KEPT = 1 << 16  #: decisions remembered: the words of a long article many times over
_NEVER = -99 * UNITS


class _Cuts(NamedTuple):
    score: int  #: log-odds of the likeliest split
    places: tuple[int, ...]


@lru_cache(maxsize=_KEPT)
def _cuts(word: str) -> _Cuts:
    """Find the likely splits of a piece: «همکاریهای» → at 6."""
    if not SHORTEST <= len(word) <= LONGEST:
        return _Cuts(_NEVER, ())
    known = model()
    weight = known.split.get
    scores = {
        at: sum([weight(name, 0) for name in split_features(word, at, known.words)]) for at in range(1, len(word))
    }
    places = [at for at, score in scores.items() if score > LIKELY]
    # the parts are searched as well, or a second pass would find splits that the first did not
    inner = [a + at for a, b in pairwise([0, *places, len(word)]) for at in _cuts(word[a:b]).places] if places else []
    return _Cuts(max(scores.values()), tuple(sorted({*places, *inner})))


@lru_cache(maxsize=_KEPT)
def _pair(left: str, right: str) -> int:
    known = model()
    weight = known.joint.get
    return sum([weight(name, 0) for name in pair_features(left, right, known.words)])


def _joint(before: str, left: str, right: str, after: str) -> int:
    """Give the log-odds that a space between two pieces is a half-space."""
    if len(left) > LONGEST or len(right) > LONGEST:
        return _NEVER
    score = _pair(left, right)
    if score < HOPELESS:
        return score
    known = model()
    weight = known.joint.get
    names = context_features(before, left, right, after, known.words)
    return score + sum([weight(name, 0) for name in names])


def _parts(text: str, piece: Piece, places: tuple[int, ...]) -> list[Piece]:
    """Cut a piece at the given letters of its word; marks stay with the letter they follow."""
    letters = [at for at in range(piece.start, piece.stop) if fold(text[at])]
    starts = [piece.start, *(letters[at] for at in places)]
    return [
        Piece(start, stop, piece.word[a:b])
        for (start, stop), (a, b) in zip(
            pairwise([*starts, piece.stop]), pairwise([0, *places, len(piece.word)]), strict=True
        )
    ]


def _bar(best: int, certain: int, *, marked: bool) -> int:
    damaged = best > (certain if marked else CLEAR)
    return LIKELY if damaged else certain if marked else UNSURE


def _restore_line(text: str) -> str:
    text = without_strays(text)
    found = pieces(text)
    if not found:
        return text
    typed = HALF_SPACE in text
    cuts = [_cuts(piece.word) for piece in found]
    bar = _bar(max(cut.score for cut in cuts), CERTAIN_SPLIT, marked=typed)
    parts: list[Piece] = []
    for piece, cut in zip(found, cuts, strict=True):
        parts += _parts(text, piece, cut.places) if cut.score > bar else [piece]
    marked = typed or len(parts) > len(found)

    gaps = ["<", *(between(text[a.stop : b.start]) for a, b in pairwise(parts)), ">"]
    # a neighbour is a piece, or the sign of what stands in its place
    joined = [gap in (" ", HALF_SPACE) for gap in gaps]
    words = [part.word if len(part.word) <= LONGEST else "." for part in parts]
    scores = [
        _joint(
            words[i - 1] if joined[i] else gaps[i],
            parts[i].word,
            parts[i + 1].word,
            words[i + 2] if joined[i + 2] else gaps[i + 2],
        )
        if gaps[i + 1] == " "
        else _NEVER
        for i in range(len(parts) - 1)
    ]
    bar = _bar(max(scores, default=_NEVER), CERTAIN_JOINT, marked=marked)
    out = [text[: parts[0].start]]
    for i, (part, following) in enumerate(pairwise(parts)):
        out.append(text[part.start : part.stop])
        sure = scores[i] > SURE and sure_joint(part.word, following.word, model().words)
        half = gaps[i + 1] == HALF_SPACE or sure or scores[i] > bar
        out.append(HALF_SPACE if half else text[part.stop : following.start])
    return "".join([*out, text[parts[-1].start :]])


def restore(text: str) -> str:
    """Put the half-spaces of Persian text back: «همکاری هایشان گفتهاند» → «همکاری‌هایشان گفته‌اند».

    Letters, marks and punctuation come out as they went in, and each line is judged by itself. Nothing else changes
    than spaces and half-spaces between Persian letters; half-spaces that touch a space or punctuation are dropped.
    """
    return "".join([_restore_line(line) for line in text.splitlines(keepends=True)])
