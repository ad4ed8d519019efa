"""The output folder of a show: which episodes lie in it, what is known of them, and which were deleted.

output/episodes/<slug>/episode.json   an episode's facts; the files beside it are named <slug>.mp3, <slug>.vtt …
output/episodes/<slug>/deleted.json   all that is left of a deleted one
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.model import ChapterMark, Episode, Told
from audiopress.podcast.feed import Deleted, Entry, newest_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EPISODES = "episodes"
FACTS = "episode.json"
SCRIPT = "script.json"
TOMBSTONE = "deleted.json"

#: How many hashes a sketch keeps: the share is then right to about 0.06.
_SKETCH = 64
#: From this share of common words on, two texts of the same file are one story. Unrelated articles share some 0.1 of
#: their words («و», «در», «که»), a corrected or extended one more than half.
_ALIKE = 0.25

_EPISODE_FIELDS = tuple(each.name for each in fields(Episode))


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article this is: a new version of the same file, or the same words from wherever."""

    source: str  #: hash of the file's full path, "" for standard input
    content: str  #: hash of the words
    sketch: str = ""  #: the smallest hashes of its words, in order, separated by spaces: how alike two texts are


def identity_of(source: str, text: str) -> Identity:
    """Say which article this is, from which file or address it was read and what it says.

    ``identity_of("news/a.txt", "…")`` → ``Identity("9f86d081884c", "2c26b46b68ff", "00a41f…")``; standard input, ``-``,
    has no source.
    """
    sketch = sorted({_hash(word)[:8] for word in text.split()})[:_SKETCH]
    address = source.startswith(("http://", "https://"))
    where = "" if source == "-" else _hash(source if address else str(Path(source).resolve()))
    return Identity(where, _hash(" ".join(text.split())), " ".join(sketch))


@dataclass(frozen=True, slots=True)
class Known:
    """What a folder of episodes knows of an article: the episode made of it, and what it was made from.

    Of a deleted one only its name, guid and date are left; ``digests`` is then empty.
    """

    slug: str
    guid: str
    published: str
    episode: Episode | None = None
    digests: Mapping[str, str] = field(default_factory=dict)


def find_episode(output: Path, identity: Identity) -> Known | None:
    """Return what is known of the episode that was made of this article, or None.

    It is the one with the same words, else the one that was made of the same file and is most like this one. A file
    that holds another story today («today.txt») makes a new episode.
    """
    likest: tuple[float, Known | None] = (0.0, None)
    for document in _documents(output):
        other = document.identity
        if other.content == identity.content:
            return document.known
        if identity.source and other.source == identity.source:
            share = _alike(identity.sketch, other.sketch)
            likest = max(likest, (share, document.known), key=lambda found: found[0])
    return likest[1] if likest[0] >= _ALIKE else None


def load_entries(output: Path) -> tuple[Entry, ...]:
    """Return the episodes of an output folder, newest first; lengths are those of the files as they lie there.

    A folder without a readable episode.json, or whose sound is missing, is no episode.
    """
    entries = []
    for document in _documents(output):
        episode = document.known.episode
        sound = episode and output / episode.enclosure
        if episode and sound and sound.is_file():
            names = frozenset(path.name for path in document.folder.iterdir())
            entries.append(Entry(replace(episode, length=sound.stat().st_size), names))
    return newest_first(entries)


def load_deleted(output: Path) -> tuple[Deleted, ...]:
    """Return the episodes that were deleted, the last one first."""
    deleted = [
        Deleted(document.known.guid, document.deleted, document.known.published)
        for document in _documents(output)
        if document.deleted
    ]
    return tuple(sorted(deleted, key=lambda each: (each.when, each.guid), reverse=True))


def facts_json(episode: Episode, identity: Identity, digests: Mapping[str, str]) -> bytes:
    """Return an episode's episode.json, UTF-8: its facts, its identity, and the digests of what it was made from."""
    return _json({"episode": asdict(episode), "identity": asdict(identity), "digests": dict(digests)})


def script_json(report: Mapping[str, Any]) -> bytes:
    """Return an episode's script.json, UTF-8: what was said."""
    return _json(report)


def tombstone_json(known: Known, identity: Identity, when: str) -> bytes:
    """Return the deleted.json that keeps a deleted episode's name, guid and date, UTF-8."""
    kept = {"slug": known.slug, "guid": known.guid, "published": known.published, "deleted": when}
    return _json({**kept, "identity": asdict(identity)})


def identity_in(folder: Path) -> Identity:
    """Return the identity that an episode's folder keeps; raises KeyError, OSError or ValueError for another folder."""
    return Identity(**json.loads((folder / FACTS).read_bytes())["identity"])


def _alike(one: str, other: str) -> float:
    """Return the share of words two texts have in common (their Jaccard index), estimated from their sketches.

    The smallest hashes of both together are a random sample of all their words: Broder 1997, "On the resemblance and
    containment of documents".
    """
    ours, theirs = set(one.split()), set(other.split())
    sample = sorted(ours | theirs)[:_SKETCH]
    return sum(word in ours and word in theirs for word in sample) / max(1, len(sample))


def _hash(text: str) -> str:
    """Return 48 bits of SHA-256: two of a million articles meet once in five hundred libraries."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class _Document:
    """What one folder says."""

    folder: Path
    known: Known
    identity: Identity
    deleted: str = ""


#: What was read of each file, with its time, number and size: an episode's facts are replaced, never changed in place.
_READ: dict[str, tuple[tuple[int, int, int], _Document]] = {}
_MOST_READ = 50_000


def _documents(output: Path) -> Iterator[_Document]:
    """Yield what each episode folder says, in order of name; somebody else's folder says nothing."""
    try:
        folders = sorted(
            entry.path for entry in os.scandir(output / EPISODES) if entry.name[0] != "." and entry.is_dir()
        )
    except OSError:
        return
    for name in folders:
        document = _document(name)
        if document:
            yield document


def _document(folder: str) -> _Document | None:
    """What a folder says; a file that was read before and has not changed since is not read again.

    A batch asks after each of thousands of articles whether it is known: 10 ms a time for 1,000 episodes, not 140.
    """
    for name, read in ((FACTS, _living), (TOMBSTONE, _dead)):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            path = f"{folder}/{name}"
            facts = os.stat(path)  # noqa: PTH116 - ten times as quick as a Path, and there are thousands
            stamp = facts.st_mtime_ns, facts.st_ino, facts.st_size
            known = _READ.get(path)
            if known is None or known[0] != stamp:
                if len(_READ) > _MOST_READ:
                    _READ.clear()
                known = _READ[path] = stamp, read(Path(folder), json.loads(Path(path).read_bytes()))
            return known[1]
    return None


def _living(folder: Path, document: dict[str, Any]) -> _Document:
    facts = {name: document["episode"][name] for name in _EPISODE_FIELDS if name in document["episode"]}
    facts["chapters"] = tuple(ChapterMark(mark["start"], mark["title"]) for mark in facts["chapters"])
    facts["told"] = tuple(Told(**told) for told in facts.get("told", ()))
    episode = Episode(**facts)
    for when in filter(None, (episode.published, episode.updated)):
        datetime.fromisoformat(when)
    known = Known(episode.slug, episode.guid, episode.published, episode, document["digests"])
    return _Document(folder, known, Identity(**document["identity"]))


def _dead(folder: Path, document: dict[str, Any]) -> _Document:
    for name in ("published", "deleted"):
        datetime.fromisoformat(document[name])
    known = Known(document["slug"], document["guid"], document["published"])
    return _Document(folder, known, Identity(**document["identity"]), document["deleted"])
