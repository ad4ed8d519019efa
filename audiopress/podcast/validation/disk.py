"""What lies in a show's folder, set against what the feed says of it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from audiopress.disk import deserted
from audiopress.podcast.feed import FEED
from audiopress.podcast.library import EPISODES, TOMBSTONE, load_deleted, load_entries
from audiopress.podcast.validation.document import attribute, is_file, text_of, why
from audiopress.podcast.validation.finding import REFRESH, REMAKE, Finding, error, shown, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lxml.etree import _Element

    from audiopress.model import Episode, Show
    from audiopress.podcast.validation.places import Place

#: What an episode being made is called, and one being replaced.
_MAKING = re.compile(r"\..+\.(?:tmp|old)-[0-9a-f]+")
_STYLE = re.compile(r'href="([^"]+)"')
#: Files that the feed and the pages need beside them.
_BESIDE = ("index.html", "show.opml")


def check_disk(items: Sequence[_Element], place: Place, show: Show | None) -> Iterator[Finding]:
    """Yield episodes that only the folder or only the feed has, and what killed runs left."""
    try:
        entries = [entry.episode for entry in load_entries(place.output)]
        deleted = {str(each.guid) for each in load_deleted(place.output)}
    except (OSError, ValueError, TypeError) as problem:
        yield error(EPISODES, f"The folder of episodes cannot be read: {why(problem)}.", REMAKE)
        entries, deleted = [], set()
    # A damaged episode.json may hold anything in the place of a name.
    whole = [each for each in entries if all(isinstance(x, str) for x in (each.slug, each.guid, each.enclosure))]
    yield from _unlisted(items, whole, show)
    yield from _undead(items, {each.guid for each in whole}, deleted)
    yield from _changed(items, whole, place)
    yield from _strange({each.slug for each in whole}, place.output)
    yield from _leftovers(place.output)


def check_beside(channel: _Element, output: Path) -> Iterator[Finding]:
    """Yield pages and styles that are not there."""
    names = list(_BESIDE)
    instruction = channel.getroottree().getroot().getprevious()
    while instruction is not None:
        names += _STYLE.findall(instruction.text or "")
        instruction = instruction.getprevious()
    for name in names:
        if not is_file(output / name):
            yield warning(name, "This file of the show is missing.", REFRESH)


def _unlisted(items: Sequence[_Element], episodes: Sequence[Episode], show: Show | None) -> Iterator[Finding]:
    """Yield episodes of the folder that the feed does not list, but for those that `keep` leaves out."""
    listed = {text_of(item, "guid") for item in items}
    if show is None:
        # Without the settings, older ones than those in the feed are taken to be left out on purpose.
        keep = max((number for number, each in enumerate(episodes, start=1) if each.guid in listed), default=1)
    else:
        keep = show.keep or len(episodes)
    for episode in episodes[:keep]:
        if episode.guid not in listed:
            yield error(f"{EPISODES}/{episode.slug}", "The episode is not in the feed.", REFRESH)
    if show and 0 < show.keep < len(items):
        yield error(FEED, f"The feed lists {len(items)} episodes, but keep is {show.keep}.", REFRESH)


def _undead(items: Sequence[_Element], living: set[str], deleted: set[str]) -> Iterator[Finding]:
    """Yield episodes that were deleted, but that the feed still lists."""
    for guid in sorted({text_of(item, "guid") for item in items} & (deleted - living)):
        yield error(FEED, f"The deleted episode {shown(guid)} is still listed.", REFRESH)


def _changed(items: Sequence[_Element], episodes: Sequence[Episode], place: Place) -> Iterator[Finding]:
    """Yield episodes whose guid in the feed is not the one that was given to them."""
    given = {episode.enclosure: episode for episode in episodes}
    for item in items:
        path = place.file(attribute(item, "enclosure", "url"))
        if not path or not is_file(path):
            continue
        name, guid = path.relative_to(place.output).as_posix(), text_of(item, "guid")
        if name not in given:
            yield error(name, "The feed lists this sound, but no episode.json tells of it.", REMAKE)
        elif guid and given[name].guid != guid:
            what = f"The guid in the feed is {shown(guid)}, but was {given[name].guid}: players show it twice."
            yield error(name, what, REFRESH)


def _strange(known: set[str], output: Path) -> Iterator[Finding]:
    """Yield folders of episodes that are neither whole nor deleted."""
    with suppress(OSError):
        for folder in sorted(output.glob(f"{EPISODES}/[!.]*/")):
            if folder.name not in known and not is_file(folder / TOMBSTONE):
                what = "The folder holds no whole episode: its sound or its episode.json is missing or damaged."
                yield error(f"{EPISODES}/{folder.name}", what, REMAKE)


def _leftovers(output: Path) -> Iterator[Finding]:
    """Yield what killed runs left; what a run at work holds is its own business."""
    with suppress(OSError):
        for folder in sorted(output.glob(f"{EPISODES}/.*/")):
            if _MAKING.fullmatch(folder.name) and deserted(folder):
                what = "A run that was killed left this folder."
                yield warning(f"{EPISODES}/{folder.name}", what, "Run audiopress produce again: it clears it away.")
    with suppress(OSError):
        for pattern in (".*.part", "assets/.*.part", f"{EPISODES}/[!.]*/.*.part"):
            for path in sorted(output.glob(pattern)):
                where = path.relative_to(output).as_posix()
                yield warning(where, "A run that was killed left this file.", "Remove it, unless a run is at work.")
