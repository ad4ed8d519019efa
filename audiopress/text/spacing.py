"""Restores half-spaces: «میتوانیم», «می توانیم» → «می‌توانیم».

Two decisions, each a weighted vote of the features in `spacing_features`: where a glued piece splits, and which
spaces between two pieces are half-spaces. A decision sees letters only, never the half-spaces already there; so what
is restored once is restored for good, and half-spaces that are typed stay.
"""

from __future__ import annotations

from functools import lru_cache

from audiopress.text.spacing_data import Model, model
from audiopress.text.spacing_features import joint_features, split_features
from audiopress.text.spacing_pieces import HALF_SPACE, Piece, between, fold, pieces


#: Scores are log-odds. A line where one split (joint) is CLEAR was damaged that way: all of its likely ones are taken.
#: Elsewhere only those over a bar: CLEAR where the line holds half-spaces or the other damage, else UNSURE.
CLEAR = 3.0
UNSURE = 1.0
CACHED = 1 << 16

_LONGEST = 40  #: letters; longer runs are no words


@lru_cache(maxsize=CACHED)
def splits(word: str) -> tuple[float, tuple[int, ...]]:
    """Give the places where a folded piece likely splits, after the best score: «همکاریهای» → (9.2, (6,))."""
    if not 2 < len(word) <= _LONGEST:
        return 0.0, ()
    known = model()
    weight = known.split.get
    places: dict[int, float] = {}
    for at in range(1, len(word)):
        score = sum([weight(name, 0.0) for name in split_features(word, at, known.lexicon, known.compounds)])
        if score > 0:
            places[at] = score
    if not places:
        return 0.0, ()
    # parts are looked at again, so that a second pass finds nothing more
    ends = [0, *places, len(word)]
    inner = {a + at for a, b in zip(ends, ends[1:], strict=False) for at in splits(word[a:b])[1]}
    return max(places.values()), tuple(sorted({*places, *inner}))


@lru_cache(maxsize=CACHED)
def joint_score(before: str, left: str, right: str, after: str) -> float:
    """Give the log-odds that the space between two pieces is a half-space."""
    known = model()
    weight = known.joint.get
    names = joint_features(before, left, right, after, known.lexicon, known.compounds)
    return sum([weight(name, 0.0) for name in names])


def _parts(text: str, piece: Piece, places: tuple[int, ...]) -> list[Piece]:
    if piece.stop - piece.start == len(piece.word):
        ends = [piece.start + at for at in (0, *places, len(piece.word))]
    else:  # marks stay with the letter they follow
        letters = [at for at in range(piece.start, piece.stop) if fold(text[at])]
        ends = [piece.start, *(letters[at] for at in places), piece.stop]
    return [
        Piece(a, b, piece.word[i:j])
        for a, b, i, j in zip(ends, ends[1:], (0, *places), (*places, len(piece.word)), strict=False)
    ]


def restore(text: str) -> str:
    """Put the half-spaces of Persian text back: «همکاری هایشان گفتهاند» → «همکاری‌هایشان گفته‌اند»."""
    return "".join(restore_line(line) for line in text.splitlines(keepends=True))


_AFFIXES = frozenset("می نمی ها های هایی ای اند".split())


def restore_line(text: str) -> str:
    found = pieces(text)
    if not found:
        return text
    gaps = [between(text[a.stop : b.start]) for a, b in zip(found, found[1:], strict=False)]
    typed = HALF_SPACE in gaps
    spaced = any(
        (gap == " ") and (a.word in ("می", "نمی") or b.word in _AFFIXES) for a, b, gap in zip(found, found[1:], gaps, strict=False)
    )
    cuts = [splits(piece.word) for piece in found]
    best = max(score for score, _ in cuts)
    bar = 0.0 if best > CLEAR else CLEAR if typed or spaced else UNSURE
    glued = best > bar
    if glued:
        wide, gap_wide = [], []
        for i, (piece, (score, places)) in enumerate(zip(found, cuts, strict=True)):
            parts = _parts(text, piece, places) if score > bar and places else [piece]
            wide += parts
            gap_wide += [HALF_SPACE] * (len(parts) - 1)
            if i < len(gaps):
                gap_wide.append(gaps[i])
        found, gaps = wide, gap_wide
    gaps = ["<", *gaps, ">"]
    words = ["", *(piece.word for piece in found), ""]
    out = [text[: found[0].start]]
    scores = []
    for i in range(1, len(found)):
        if gaps[i] == " ":
            before = words[i - 1] if gaps[i - 1] in (" ", HALF_SPACE) else gaps[i - 1]
            after = words[i + 2] if gaps[i + 1] in (" ", HALF_SPACE) else gaps[i + 1]
            scores.append(joint_score(before, words[i], words[i + 1], after))
        else:
            scores.append(-1.0)
    best = max(scores, default=0.0)
    bar = 0.0 if best > CLEAR else CLEAR if typed or glued else UNSURE
    for i, piece in enumerate(found, 1):
        out.append(text[piece.start : piece.stop])
        gap = gaps[i]
        stop = found[i].start if i < len(found) else len(text)
        if gap == HALF_SPACE:
            out.append(HALF_SPACE)
        elif gap == " ":
            out.append(HALF_SPACE if scores[i - 1] > bar else text[piece.stop:stop].replace(HALF_SPACE, ""))
        else:
            out.append(text[piece.stop : stop])
    return "".join(out)
