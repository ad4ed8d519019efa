"""The pages of a feed: where each lies, how they hang together, and that nothing is told twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiopress.podcast.feed import FEED, page_name
from audiopress.podcast.validation.document import NAMESPACES, attribute, text_of
from audiopress.podcast.validation.finding import REFRESH, Finding, error, setting, shown, warning
from audiopress.podcast.validation.places import Place, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lxml.etree import _Element

    from audiopress.model import Show


def base_of(channel: _Element, show: Show | None) -> str:
    """Return the address at which a feed says its folder is served, with "/" at its end, or "".

    It is told by atom:link rel="self", else by the show's page, else by the settings.
    """
    own = _relations(channel).get("self", "")
    if is_absolute(own):
        return own[: own.rindex("/") + 1]
    home = text_of(channel, "link")
    if is_absolute(home):
        return f"{home.rstrip('/')}/"
    return f"{show.base_url.rstrip('/')}/" if show and show.base_url else ""


def check_base(channel: _Element, place: Place, show: Show | None) -> Iterator[Finding]:
    """Yield what is wrong with the address at which the show is served."""
    if not place.base:
        what = "The addresses are relative, so the show is not yet public: no directory can read it."
        yield warning(FEED, what, setting("base_url"))
        return
    if not place.base.startswith("https://"):
        yield error(FEED, f"The show's address, {place.base}, is not https, which Apple asks for.", setting("base_url"))
    own = _relations(channel).get("self", "")
    if not own:
        yield warning(FEED, 'The feed does not say where it lies (atom:link rel="self").', REFRESH)
    asked = show.base_url.rstrip("/") + "/" if show and show.base_url else ""
    home = text_of(channel, "link")
    if asked and asked != place.base:
        what = f"The feed was made for {place.base}, but base_url in audiopress.toml is {asked.rstrip('/')}."
        yield error(FEED, what, REFRESH)
    elif is_absolute(home) and home.rstrip("/") + "/" != place.base:
        yield warning(FEED, f"The show's page, {shown(home)}, is not where the feed lies, {place.base}.", REFRESH)


def check_pages(channels: Sequence[tuple[str, _Element]], names: Sequence[str], place: Place) -> Iterator[Finding]:
    """Yield what is wrong between the pages of a feed.

    ``channels`` are the pages that could be read, each with its file's name; ``names`` all that lie in the folder.
    """
    for number, name in enumerate(names, start=1):
        if name != page_name(number):
            yield error(page_name(number), "This page of the feed is missing.", REFRESH)
            return
    guids = {text_of(channel, "podcast:guid") for _, channel in channels}
    if len(guids) > 1:
        yield error(channels[-1][0], "The pages of the feed belong to different shows (podcast:guid).", REFRESH)
    for name, channel in channels:
        yield from _links(name, channel, len(names), place)
    yield from _twice(channels)


def page_names(output: Path) -> list[str]:
    """Return the pages that lie in a folder, by number: ``["feed.xml", "feed-2.xml", "feed-3.xml"]``."""
    others = [path.stem.removeprefix("feed-") for path in output.glob("feed-*.xml")]
    numbers = sorted(int(number) for number in others if number.isascii() and number.isdecimal())
    return [FEED, *(f"feed-{number}.xml" for number in numbers)]


def _relations(channel: _Element) -> dict[str, str]:
    """Return the addresses of a channel's links by their relation."""
    return {link.get("rel", ""): link.get("href", "").strip() for link in channel.findall("atom:link", NAMESPACES)}


def _links(name: str, channel: _Element, pages: int, place: Place) -> Iterator[Finding]:
    """Yield links that lead to other pages than they should (RFC 5005, section 3)."""
    number = 1 if name == FEED else int(name.removeprefix("feed-").removesuffix(".xml"))
    right = {"self": number} if place.base else {}
    if pages > 1:
        right |= {"first": 1, "last": pages}
        right |= {"previous": number - 1} if number > 1 else {}
        right |= {"next": number + 1} if number < pages else {}
    found = _relations(channel)
    for relation in ("self", "first", "last", "previous", "next"):
        address = found.get(relation)
        wanted = place.base + page_name(right[relation]) if relation in right else None
        if address is None and wanted and relation != "self":
            yield error(name, f"The link to the {relation} page is missing: readers miss older episodes.", REFRESH)
        elif address is not None and wanted is None and relation != "self":
            yield error(name, f"The feed links a {relation} page, {shown(address)}, that there is not.", REFRESH)
        elif address is not None and wanted and address != wanted:
            yield error(name, f'atom:link rel="{relation}" is {shown(address)}, but must be {wanted}.', REFRESH)


def _twice(channels: Sequence[tuple[str, _Element]]) -> Iterator[Finding]:
    """Yield guids and sounds that two episodes share, and episodes told of as deleted that are there."""
    items = [(name, item) for name, channel in channels for item in channel.findall("item")]
    guids = Counter(text_of(item, "guid") for _, item in items)
    sounds = Counter(attribute(item, "enclosure", "url") for _, item in items)
    where = {text_of(item, "guid"): name for name, item in items}
    for guid, count in guids.items():
        if guid and count > 1:
            yield error(where[guid], f"{count} episodes have the guid {shown(guid)}: players show only one.", REFRESH)
    for sound, count in sounds.items():
        if sound and count > 1:
            yield error(FEED, f"{count} episodes have the same sound, {shown(sound)}.", REFRESH)
    for name, channel in channels:
        for gone in channel.findall("at:deleted-entry", NAMESPACES):
            guid = gone.get("ref", "")
            if guid in guids:
                yield error(name, f"The episode {shown(guid)} is told of as deleted, but it is there.", REFRESH)
