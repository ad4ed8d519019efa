"""Making an episode: its name and guid are claimed, its files are put in a folder aside, and it appears whole.

output/episodes/.<slug>.<identity>.tmp-<random>   being made, locked by its maker
output/episodes/.<slug>.old-<random>              just replaced
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from audiopress.disk import alone, deserted
from audiopress.errors import OutputError
from audiopress.podcast.folder import disk_errors, write
from audiopress.podcast.library import (
    EPISODES,
    TOMBSTONE,
    Known,
    find_episode,
    identity_in,
    load_entries,
    tombstone_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from audiopress.podcast.library import Identity

#: Letters of a slug: file names stay well below the 255 bytes a file system takes, and an address stays readable.
_LONGEST_SLUG = 60
#: The namespace of episodes' guids (UUIDv5 of an article's identity); drawn once, never to be changed.
_NAMESPACE = uuid.UUID("5b0c4f0e-6a86-5f0f-9a53-1d6f7f0a2f1e")

_MAKING = re.compile(r"\.(?P<slug>[a-z0-9-]+)\.(?P<content>[0-9a-f]+)\.tmp-[0-9a-f]+")
_REPLACED = re.compile(r"\.(?P<slug>[a-z0-9-]+)\.old-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """An episode in the making: its name, its lasting guid, and the folder to put its files in."""

    slug: str
    guid: str
    folder: Path
    before: Known | None  #: the episode it replaces, or what is left of a deleted one; None for a new article


def slug_for(title: str) -> str:
    """Return an ASCII name for files and addresses: «گزارش ۲۵ تیر» → ``gzrsh-25-tyr``."""
    from slugify import slugify  # noqa: PLC0415 - its tables are only needed when something is published

    return str(slugify(title, max_length=_LONGEST_SLUG, word_boundary=True)) or "episode"


@contextmanager
def drafting(output: Path, title: str, identity: Identity) -> Iterator[Draft]:
    """Make an episode in a folder aside; when the block ends well, it takes its place whole.

    Example::

        with drafting(output, "عنوان", identity_of(source, text)) as draft:
            programme = write_programme(timeline, draft.folder / f"{draft.slug}.mp3", tags)
            rate = programme.sample_rate
            write(draft.folder / f"{draft.slug}.vtt", webvtt(programme.cues, rate))
            write(draft.folder / f"{draft.slug}.chapters.json", chapters_json(programme.chapters, rate))
            write(draft.folder / FACTS, facts_json(episode, identity, digests))

    An article that was published before keeps its slug and guid; another one with the same slug gets -2, -3… If the
    block raises or is killed, the episodes stay as they were (what a killed one left is cleared away by the next).

    Raises:
        OutputError: the output folder cannot be written.
    """
    episodes = output / EPISODES
    new = [folder for folder in (episodes, *episodes.parents) if not folder.exists()]
    with ExitStack() as stack:
        stack.callback(_remove_empty, new)
        with disk_errors(output), alone(output):
            _tidy(episodes)
            draft = _claim(output, title, identity)
            stack.callback(shutil.rmtree, draft.folder, ignore_errors=True)
            stack.enter_context(alone(draft.folder))
        yield draft
        with disk_errors(output), alone(output):
            _swap(draft.folder, episodes / draft.slug)


def delete_episode(output: Path, slug: str, when: datetime) -> str:
    """Delete an episode and leave its tombstone; return its title.

    ``delete_episode(output, "gzrsh-25-tyr", datetime.now(UTC))`` → ``"گزارش ۲۵ تیر"``. Its guid stays known: the feed
    tells readers that it is gone, and the same article gets the same guid if it is ever made again.

    Raises:
        OutputError: there is no episode of that name, or the folder cannot be written.
    """
    folder = output / EPISODES / slug
    with disk_errors(output), alone(output):
        _tidy(output / EPISODES)
        entries = {entry.episode.slug: entry.episode for entry in load_entries(output)}
        if slug not in entries:
            near = ", ".join(get_close_matches(slug, entries, n=3, cutoff=0.4)) or "see audiopress episodes"
            raise OutputError(f"{output} has no episode called {slug!r}; there is: {near}.")
        episode = entries[slug]
        known = Known(slug, episode.guid, episode.published)
        draft = output / EPISODES / f".{slug}.0.tmp-{uuid.uuid4().hex[:8]}"
        draft.mkdir()
        moment = when.isoformat(timespec="seconds")
        write(draft / TOMBSTONE, tombstone_json(known, identity_in(folder), moment))
        _swap(draft, folder)
    return episode.title


def _claim(output: Path, title: str, identity: Identity) -> Draft:
    """Choose slug and guid and make the folder that reserves them; the caller holds the lock."""
    before = find_episode(output, identity)
    if before:
        slug, guid = before.slug, before.guid
    else:
        slug = _free_slug(output / EPISODES, slug_for(title), identity)
        # The slug tells apart the stories that one file held one after the other.
        guid = str(uuid.uuid5(_NAMESPACE, f"{identity.source or identity.content}/{slug}"))
    folder = output / EPISODES / f".{slug}.{identity.content}.tmp-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    return Draft(slug, guid, folder, before)


def _free_slug(episodes: Path, slug: str, identity: Identity) -> str:
    """Return the slug, numbered where another article has it or is about to take it."""
    taken = {path.name for path in episodes.glob("[!.]*")}
    making = filter(None, (_MAKING.fullmatch(path.name) for path in episodes.glob(".*")))
    taken |= {match["slug"] for match in making if match["content"] != identity.content}
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _swap(folder: Path, target: Path) -> None:
    """Put a finished folder in its place; the one it replaces goes."""
    for file in folder.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    if target.exists():
        old = target.with_name(f".{target.name}.old-{uuid.uuid4().hex[:8]}")
        target.rename(old)
        folder.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        folder.rename(target)


def _tidy(episodes: Path) -> None:
    """Clear away what killed ones left; an episode that was taken down for its successor comes back."""
    for path in episodes.glob(".*"):
        replaced = _REPLACED.fullmatch(path.name)
        if replaced and not (episodes / replaced["slug"]).exists():
            path.rename(episodes / replaced["slug"])
        elif replaced or (_MAKING.fullmatch(path.name) and deserted(path)):
            shutil.rmtree(path, ignore_errors=True)


def _remove_empty(folders: list[Path]) -> None:
    """Remove the folders, innermost first, as far as they are empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()
