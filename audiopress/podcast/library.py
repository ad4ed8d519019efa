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


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article this is: the same file, or the same words from wherever, make the same episode."""

    source: str  #: hash of the file's full path, "" for standard input
    content: str  #: hash of the words


def identity_of(source: str, text: str) -> Identity:
    """Say which article this is, from where it was read and what it says.

    ``identity_of("news/a.txt", "…")`` → ``Identity("9f86d081884c", "2c26b46b68ff")``; standard input, ``-``, has no
    source.
    """
    where = "" if source == "-" else _hash(str(Path(source).resolve()))
    return Identity(where, _hash(" ".join(text.split())))


def find_episode(output: Path, identity: Identity) -> Episode | None:
    """Return the episode that was made of this article, or None: the same file first, else the same words."""
    known = [(episode, document.get("identity", {})) for _, document, episode in _episodes(output)]
    for key in ("source", "content"):
        wanted = getattr(identity, key)
        for episode, other in known:
            if wanted and other.get(key) == wanted:
                return episode
    return None


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
