"""What must be done to make the other side like ours, decided without touching either."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiopress.publish.files import LocalFile

EPISODES = "episodes"  #: the folder that holds a folder for each episode
MEDIA, PAGES, FEED = range(3)  #: the waves of `model.Upload`

#: Covers carry a hash of their bytes in their name: whoever has one never needs to ask again.
_HASHED = re.compile(r"(?:.*/)?[^/]+-[0-9a-f]{8}\.(?:jpg|png)")
#: All else keeps its name when it changes. Sound and transcripts of an episode seldom do: an hour spares players and
#: caches most questions, and no mix of an old and a new version is played for longer. Feed and pages tell what is new:
#: five minutes, as podcast hosts do.
_FOREVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_MINUTES = "public, max-age=300"

#: What a show's folder may hold, and no more: whatever else lies at the other side belongs to somebody else. An
#: episode's files begin with the name of their folder; what was being sent when a run was killed is hidden.
_OURS = re.compile(
    r"episodes/(?P<slug>[^/]+)/(?P=slug)"
    r"(?:\.(?:mp3|m4a|opus|vtt|srt|html|words\.json|chapters\.json)|-[0-9a-f]{8}\.(?:jpg|png))"
    r"|cover-[0-9a-f]{8}\.(?:jpg|png)"
    r"|feed-[0-9]+\.xml"
)
_PART = re.compile(r"\.(?P<name>[^/]+?)(?:\.[0-9a-f]{8})?\.part")


class Action(StrEnum):
    """What is done with one file or message."""

    SEND = "send"  #: new at the other side
    REPLACE = "replace"  #: there in another version
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done."""

    action: Action
    name: str  #: of the file, or the title of the episode
    size: int = 0  #: bytes to be sent


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a show at one target; in a dry run, what would."""

    target: str
    steps: tuple[Step, ...]  #: in the order in which they were done
    kept: int  #: files or episodes that were there already as they should be
    dry_run: bool = False
    notes: tuple[str, ...] = ()  #: sentences about what is left for the user to do

    @property
    def sent(self) -> int:
        """How many were sent, new ones and replaced ones."""
        return sum(step.action is not Action.REMOVE for step in self.steps)

    @property
    def removed(self) -> int:
        """How many were removed."""
        return sum(step.action is Action.REMOVE for step in self.steps)

    @property
    def bytes(self) -> int:
        """How many bytes were sent."""
        return sum(step.size for step in self.steps)

    def report(self) -> dict[str, object]:
        """The report as JSON."""
        counts = {"sent": self.sent, "removed": self.removed, "bytes": self.bytes}
        return asdict(self) | counts


def plan(files: Sequence[LocalFile], theirs: Mapping[str, bool], *, delete: bool) -> tuple[Step, ...]:
    """Return the steps that make the other side like ours: media, pages, feed; then what is ours and gone.

    ``theirs`` has the names of the other side's files, and whether each is as ours; what is the same is left alone.
    Example::

        plan([mp3, page, feed], {"a.mp3": True, "index.html": False}, delete=False)
        # → (Step(Action.REPLACE, "index.html", 12), Step(Action.SEND, "feed.xml", 34))
    """
    wanted = sorted((file for file in files if not theirs.get(file.name, False)), key=_order)
    steps = [Step(Action.REPLACE if file.name in theirs else Action.SEND, file.name, file.size) for file in wanted]
    if delete:
        names = {file.name for file in files}
        steps += [Step(Action.REMOVE, name) for name in sorted(theirs) if name not in names and is_ours(name)]
    return tuple(steps)


def _order(file: LocalFile) -> tuple[int, str]:
    return file.wave, file.name


def is_ours(name: str) -> bool:
    """Say whether a file of the other side is one that only a show has: ``"episodes/a/a.mp3"``, not ``"about.html"``.

    What a killed run left half-sent counts as what it was to become: ``"episodes/a/.a.mp3.0123abcd.part"``.
    """
    folder, slash, last = name.rpartition("/")
    half = _PART.fullmatch(last)
    return bool(_OURS.fullmatch(f"{folder}{slash}{half['name']}" if half else name))


def folders(files: Iterable[LocalFile]) -> tuple[str, ...]:
    """Return the folders whose files may be ours, "" for the topmost; those in "episodes" are found by listing it.

    ``("assets/site.css", "episodes/a/a.mp3", "feed.xml")`` → ``("", "assets", "episodes")``.
    """
    parents = {file.name.rpartition("/")[0] for file in files}
    return tuple(sorted({"", EPISODES} | {parent for parent in parents if not parent.startswith(f"{EPISODES}/")}))


def cache_control(file: LocalFile) -> str:
    """Return how long browsers and players may keep a file without asking: ``max-age=300`` for a feed."""
    if _HASHED.fullmatch(file.name):
        return _FOREVER
    return _HOUR if file.wave == MEDIA else _MINUTES
