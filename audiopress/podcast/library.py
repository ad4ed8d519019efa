"""The output folder: its episodes and the feed made from them.

output/feed.xml
output/episodes/<slug>/<slug>.mp3 <slug>.vtt <slug>.chapters.json script.json
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.model import Episode
from audiopress.podcast.feed import Entry, feed_xml
from audiopress.podcast.folder import disk_errors, locked, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiopress.podcast.feed import ShowInfo

EPISODES = "episodes"
SCRIPT = "script.json"
FEED = "feed.xml"

#: How many hashes a sketch keeps: the share is then right to about 0.06.
_SKETCH = 64
#: From this share of common words on, two texts of the same file are one story. Unrelated articles share some 0.1 of
#: their words («و», «در», «که»), a corrected or extended one more than half.
_ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article this is: a new version of the same file, or the same words from wherever."""

    source: str  #: hash of the file's full path, "" for standard input
    content: str  #: hash of the words
    sketch: str = ""  #: the smallest hashes of its words, in order, separated by spaces: how alike two texts are


def identity_of(source: str, text: str) -> Identity:
    """Say which article this is, from where it was read and what it says.

    ``identity_of("news/a.txt", "…")`` → ``Identity("9f86d081884c", "2c26b46b68ff", "00a41f…")``; standard input, ``-``,
    has no source.
    """
    sketch = sorted({_hash(word)[:8] for word in text.split()})[:_SKETCH]
    where = "" if source == "-" else _hash(str(Path(source).resolve()))
    return Identity(where, _hash(" ".join(text.split())), " ".join(sketch))


def find_episode(output: Path, identity: Identity) -> Episode | None:
    """Return the episode that was made of this article, or None.

    It is the one with the same words, else the one that was made of the same file and is most like this one. A file
    that holds another story today («today.txt») makes a new episode.
    """
    likest: tuple[float, Episode | None] = (0.0, None)
    for _, document, episode in _episodes(output):
        other = document.get("identity", {})
        if other.get("content") == identity.content:
            return episode
        if identity.source and other.get("source") == identity.source:
            share = _alike(identity.sketch, str(other.get("sketch", "")))
            likest = max(likest, (share, episode), key=lambda found: found[0])
    return likest[1] if likest[0] >= _ALIKE else None


def load_episodes(output: Path) -> tuple[Episode, ...]:
    """Return the episodes of an output folder, newest first; lengths are those of the files as they lie there.

    A folder without a readable script.json, or whose MP3 is missing, is no episode.
    """
    return tuple(entry.episode for entry in _entries(output))


def script_json(episode: Episode, identity: Identity, details: Mapping[str, Any]) -> bytes:
    """Return an episode's script.json: its facts, its identity, and whatever else is kept with it, UTF-8."""
    document = {**details, "episode": asdict(episode), "identity": asdict(identity)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write_feed(output: Path, show: ShowInfo) -> Path:
    """Write feed.xml from the episode folders; the same folders give the same bytes, and then the file is left alone.

    ``write_feed(Path("output"), show)`` → ``Path("output/feed.xml")``.

    Raises:
        OutputError: it cannot be written.
    """
    path = output / FEED
    with disk_errors(output), locked(output):
        data = feed_xml(show, _entries(output))
        if not path.is_file() or path.read_bytes() != data:
            write(path, data)
    return path


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


def _episodes(output: Path) -> Iterator[tuple[Path, dict[str, Any], Episode]]:
    """Yield each episode folder with its script.json and its facts, in order of name."""
    wanted = {field.name for field in fields(Episode)}
    for script in sorted(output.glob(f"{EPISODES}/[!.]*/{SCRIPT}")):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):  # somebody else's file is no episode
            document = json.loads(script.read_bytes())
            facts = {name: document["episode"][name] for name in wanted}
            episode = Episode(**facts)
            datetime.fromisoformat(episode.published)
            yield script.parent, document, episode


def _entries(output: Path) -> tuple[Entry, ...]:
    """Return what the feed says of each episode whose sound is there, newest first."""
    entries = []
    for folder, _, episode in _episodes(output):
        sound = output / episode.enclosure
        if sound.is_file():
            entries.append(_entry(output, folder, replace(episode, length=sound.stat().st_size)))
    return tuple(sorted(entries, key=lambda entry: (entry.when, entry.episode.slug), reverse=True))


def _entry(output: Path, folder: Path, episode: Episode) -> Entry:
    """Return an episode with the files that lie beside it."""
    transcript, chapters = folder / f"{episode.slug}.vtt", folder / f"{episode.slug}.chapters.json"
    marks: tuple[tuple[float, str], ...] = ()
    with suppress(OSError, ValueError, KeyError, TypeError):
        marks = tuple((mark["startTime"], mark["title"]) for mark in json.loads(chapters.read_bytes())["chapters"])
    return Entry(
        episode,
        transcript=transcript.relative_to(output).as_posix() if transcript.is_file() else "",
        chapters=chapters.relative_to(output).as_posix() if marks else "",
        marks=marks,
    )
