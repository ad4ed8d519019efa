"""What is posted of an episode on Telegram, and what must be done about what was posted before."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiopress.model import Episode, Show

#: Letters of a caption, counted in UTF-16 units (Bot API, "sendAudio").
LONGEST_CAPTION = 1024
#: How much of the limit a part may fill by its time: each has the cover of the whole in its tag, and a frame or two
#: more than its time.
_SHARE = 0.96
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Post:
    """One message: an episode, or a part of it."""

    title: str
    performer: str
    caption: str
    seconds: float
    stretch: tuple[float, float] | None  #: of the sound, in seconds; None for all of it
    digest: str  #: of all that the message shows


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the channel, and the digest of what it shows."""

    message: int
    digest: str


def posts(show: Show, episode: Episode, *, sound: str, size: int, limit: int) -> tuple[Post, ...]:
    """Return the messages of an episode: one, or one a chapter where its ``size`` is over the ``limit`` (bytes).

    ``sound`` is a digest of its file. A chapter that is too large itself becomes several equal parts, each called like
    «عنوان – فصل (۱ از ۲)».
    """
    title = _line(episode.title)
    performer = _line(episode.agency or show.author or show.title)
    pieces: list[tuple[str, tuple[float, float] | None]] = [(title, None)]
    if size > limit:
        pieces = list(_stretches(episode, title, size, limit))
    made = []
    for number, (name, stretch) in enumerate(pieces):
        seconds = stretch[1] - stretch[0] if stretch else episode.seconds
        caption = cut(f"{name}\n\n{clean(episode.description)}" if number == 0 else name)
        facts = [name, performer, caption, sound, episode.image, stretch]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
        made.append(Post(name, performer, caption, seconds, stretch, digest))
    return tuple(made)


def _stretches(episode: Episode, title: str, size: int, limit: int) -> Iterator[tuple[str, tuple[float, float] | None]]:
    """Yield the parts of a sound that is too large: chapters, and equal parts of those that are too large still."""
    starts = [
        (mark.start / 1000, _line(mark.title)) for mark in episode.chapters if mark.start / 1000 < episode.seconds
    ]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0.0, title))
    for (start, name), (stop, _) in pairwise([*starts, (episode.seconds, "")]):
        if stop <= start:
            continue
        heading = title if name in {"", title} else f"{title} – {name}"
        count = math.ceil(size * (stop - start) / episode.seconds / (limit * _SHARE))
        edges = [start + (stop - start) * edge / count for edge in range(count)] + [stop]
        for number, stretch in enumerate(pairwise(edges), start=1):
            numbered = f"{heading} ({number} از {count})".translate(_DIGITS) if count > 1 else heading
            yield numbered, stretch


def clean(text: str) -> str:
    """A text that JSON and Telegram take: without control characters and halves of letters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter for letter in whole if letter == "\n" or letter >= " ").strip()


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(clean(text).split())


def units(text: str) -> int:
    """The length of a text as Telegram counts, in UTF-16 units: ``"سلام 🎙"`` → 7."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, longest: int = LONGEST_CAPTION) -> str:
    """Return a text of at most ``longest`` UTF-16 units, cut after a word: ``cut("سلام بر شما", 9)`` → «سلام بر…»."""
    text = text.strip()
    if units(text) <= longest:
        return text
    short = text.encode("utf-16-le")[: (longest - 1) * 2].decode("utf-16-le", "ignore")
    words = short.rstrip() if text[len(short)].isspace() else short.rpartition(" ")[0].rstrip()
    return (words if len(words) > len(short) // 2 else short.rstrip()) + "…"


@dataclass(frozen=True, slots=True)
class Move:
    """What is done about one post: posted anew, or put in the place of an earlier message."""

    index: int  #: of the post
    replaces: int = 0  #: the message to be changed, 0 for a new one


def moves(posted: Sequence[Posted], wanted: Sequence[Post]) -> tuple[tuple[Move, ...], bool]:
    """Return what turns the messages of an episode into those wanted, and whether all earlier ones must go.

    As many as before: each that differs is changed in its place. The first of them are there: the rest follows, as a
    run was stopped. Else all are sent anew.
    """
    same = [before.digest == post.digest for before, post in zip(posted, wanted, strict=False)]
    if len(posted) == len(wanted):
        pairs = enumerate(zip(posted, same, strict=True))
        return tuple(Move(index, before.message) for index, (before, there) in pairs if not there), False
    if len(posted) < len(wanted) and all(same):
        return tuple(Move(index) for index in range(len(posted), len(wanted))), False
    return tuple(Move(index) for index in range(len(wanted))), True
