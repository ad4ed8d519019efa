"""What the user's cache folder holds, for whoever wants to look at it or empty it.

Clips, converted models and decoded music: all of it can be made again. Files that are not ours are left alone, and so
is what a running process uses.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiopress.disk import alone
from audiopress.errors import OutputError
from audiopress.tts.cache_files import HOUR, Entry, contents, discard
from audiopress.tts.cache_hold import bury, holders
from audiopress.tts.cache_models import Model, current, leftovers, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CLIPS, MUSIC = "clips", "music"  # the folders in it

_MUSIC = re.compile(r"[0-9a-f]{32}\.pcm")
_MUSIC_ASIDE = re.compile(r"\.[0-9a-f]{32}\.pcm\.\d+\.part")


@dataclass(frozen=True, slots=True)
class Heap:
    """So many files or clips, and the bytes that they take."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a cache folder holds."""

    folder: Path
    clips: Heap
    in_use: int  #: clips that running processes use
    oldest: float  #: seconds since 1970 when the clip was used that goes first, right to an hour; 0 where there is none
    newest: float
    voices: tuple[
        tuple[str, Heap], ...
    ]  #: the clips by voice, the largest heap first; "" for those of an older version
    models: tuple[Model, ...]
    current: str  #: the name of the model that this installation uses
    music: Heap
    litter: Heap  #: what processes that were killed left behind


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted, and what could not be because it is in use."""

    clips: int = 0
    models: int = 0
    music: int = 0
    freed: int = 0  #: bytes
    in_use: int = 0  #: clips and other files that stay

    def __add__(self, other: Cleared) -> Cleared:
        """Both together."""
        return Cleared(
            self.clips + other.clips,
            self.models + other.models,
            self.music + other.music,
            self.freed + other.freed,
            self.in_use + other.in_use,
        )


def inventory(cache: Path) -> Inventory:
    """Look at a cache folder; nothing in it changes."""
    used, found = holders(cache / CLIPS), contents(cache / CLIPS)
    counts, sizes = Counter[str](), Counter[str]()
    for entry in found.entries:
        voice = voice_of(entry)
        counts[voice] += 1
        sizes[voice] += entry.size
    converted = models(cache)
    times = [entry.used for entry in found.entries]
    return Inventory(
        cache,
        Heap(len(found.entries), found.size),
        sum(map(used.uses, found.entries)),
        min(times, default=0.0),
        max(times, default=0.0),
        tuple((voice, Heap(counts[voice], size)) for voice, size in sizes.most_common()),
        converted,
        current() if converted else "",
        _heap(_music(cache)),
        _heap((*found.litter, *leftovers(cache), *_music_aside(cache))),
    )


def clear_clips(cache: Path, voice: str = "") -> Cleared:
    """Delete the clips, or those of one voice; raises OutputError where that cannot be done."""
    clips = cache / CLIPS
    if not clips.is_dir():
        return Cleared()
    with _telling(cache), alone(clips):
        used = holders(clips)
        bury(used.dead)
        # Where nothing runs, what is half or aside is nobody's, however young: who starts now waits for us.
        found = contents(clips, HOUR if used.live else 0.0)
        chosen = [entry for entry in found.entries if not voice or voice_of(entry) == voice]
        free = [entry for entry in chosen if not used.uses(entry)]
        freed = sum(entry.remove() for entry in free) + (0 if voice else discard(found.litter))
    return Cleared(clips=len(free), freed=freed, in_use=len(chosen) - len(free))


def clear_old(cache: Path) -> Cleared:
    """Delete the converted models that this installation does not use; raises OutputError where that fails."""
    found = models(cache)
    ours = current() if found else ""
    with _telling(cache):
        sizes = [model.remove() for model in found if model.path.name != ours]
        return Cleared(models=len(sizes), freed=sum(sizes) + discard(leftovers(cache)))


def clear_all(cache: Path) -> Cleared:
    """Delete clips, converted models and music; raises OutputError where that fails.

    While something runs, the model and the music stay: it may be about to open them.
    """
    cleared = clear_clips(cache) + clear_old(cache)
    if not cache.is_dir():
        return cleared
    with _telling(cache), alone(cache / CLIPS):
        music, kept = _music(cache), models(cache)
        if holders(cache / CLIPS).live:
            return cleared + Cleared(in_use=len(music) + len(kept))
        sizes = [model.remove() for model in kept]
        freed = sum(sizes) + discard((*music, *_music_aside(cache)))
        return cleared + Cleared(models=len(kept), music=len(music), freed=freed)


def voice_of(entry: Entry) -> str:
    """Whose clip it is, "" where it does not say."""
    try:
        return str(json.loads(entry.facts.read_bytes()).get("voice", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _music(cache: Path) -> list[Path]:
    return _named(cache / MUSIC, _MUSIC)


def _music_aside(cache: Path) -> list[Path]:
    before = time.time() - HOUR
    return [path for path in _named(cache / MUSIC, _MUSIC_ASIDE) if path.stat().st_mtime <= before]


def _named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    except OSError:
        return []


def _heap(files: Iterable[Path]) -> Heap:
    sizes = [path.lstat().st_size for path in files]
    return Heap(len(sizes), sum(sizes))


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"The cache {folder} cannot be emptied ({error.strerror or error}); "
            "see to it that you may write there, or delete the folder yourself."
        ) from error
