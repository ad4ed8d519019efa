"""The feed: RSS 2.0 with the iTunes, content, Atom and podcast namespaces, from episodes and nothing else.

It says no word about the time it was written, so the same episodes give the same bytes. Without a base URL, addresses
are relative to the feed (a player on the same server finds them) and what needs the feed's own address is left out.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from audiopress.model import EXTENSIONS
from audiopress.podcast.notes import notes_html, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from audiopress.model import Episode, Show

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
PODCAST = "https://podcastindex.org/namespace/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
_NAMESPACES = {"itunes": ITUNES, "content": CONTENT, "atom": ATOM, "podcast": PODCAST, "at": TOMBSTONES}

FEED = "feed.xml"
#: Episodes on a page of the feed; older ones follow on the next page (RFC 5005, section 3). Apple reads the newest 300
#: of a feed by default.
PAGE = 300

#: The namespace of podcast:guid (podcastindex.org/namespace/1.0, "guid").
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
#: What a promise of new episodes is called: an RFC 5545 recurrence rule, and the words a listener reads. News weeks in
#: Iran run from Saturday to Wednesday.
FREQUENCIES = {
    "hourly": ("FREQ=HOURLY", "هر ساعت"),
    "daily": ("FREQ=DAILY", "هر روز"),
    "workdays": ("FREQ=WEEKLY;BYDAY=SA,SU,MO,TU,WE", "روزهای کاری"),
    "weekly": ("FREQ=WEEKLY", "هر هفته"),
    "monthly": ("FREQ=MONTHLY", "هر ماه"),
}
#: The transcripts that may lie beside an episode, the one that players like best first.
TRANSCRIPTS = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".words.json": "application/json",
    ".html": "text/html",
}
CHAPTERS = ".chapters.json"

#: What is no Char of XML 1.0 (section 2.2).
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode with the names of the files that lie in its folder."""

    episode: Episode
    files: frozenset[str] = frozenset()

    def beside(self, ending: str) -> str:
        """Return the file with this ending beside the sound, relative to the output folder, or "" for none."""
        name = self.episode.slug + ending
        return f"{self.episode.enclosure.rpartition('/')[0]}/{name}" if name in self.files else ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """An episode that was taken out of the show."""

    guid: str
    when: str  #: ISO 8601 with offset
    published: str  #: when it had been published


def moment(written: str) -> datetime:
    """Return a moment in ISO 8601; without an offset it is taken for UTC."""
    when = datetime.fromisoformat(written)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries by the moment they were published, the newest first."""
    return tuple(sorted(entries, key=lambda entry: (moment(entry.episode.published), entry.episode.slug), reverse=True))


def feed_pages(show: Show, entries: Sequence[Entry], deleted: Sequence[Deleted] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each page of the feed, UTF-8; ``entries`` are given newest first.

    Example::

        dict(feed_pages(Show("خبر", base_url="https://example.org/p"), (Entry(episode),)))
        # → {"feed.xml": b'<?xml version=…><rss …><channel><title>خبر</title>…<item>…<enclosure url="https://example…'}

    The feed lists at most ``show.keep`` episodes, and tells of those that were deleted (RFC 6721) on its first page.
    """
    listed = entries[: show.keep] if show.keep else entries
    numbers = _numbers(entries, deleted) if show.order == "oldest" else {}
    pages = max(1, -(-len(listed) // PAGE))
    for page in range(1, pages + 1):
        part = listed[(page - 1) * PAGE : page * PAGE]
        told = deleted if page == 1 else ()
        yield page_name(page), _page(show, part, deleted=told, numbers=numbers, page=page, pages=pages)


def page_name(page: int) -> str:
    """Return the file of a page: 1 → ``feed.xml``, 2 → ``feed-2.xml``."""
    return FEED if page == 1 else f"feed-{page}.xml"


def feed_guid(address: str) -> str:
    """Return a show's podcast:guid: https://podnews.net/rss → 9b024349-ccf0-5f69-a609-6b82873eab3c."""
    return str(uuid.uuid5(_GUIDS, address.partition("://")[2].rstrip("/")))


def _numbers(entries: Sequence[Entry], deleted: Sequence[Deleted]) -> dict[str, int]:
    """Return the number of each episode of a series; the numbers of deleted ones stay free."""
    dates = [(moment(entry.episode.published), entry.episode.guid) for entry in entries]
    dates += [(moment(each.published), each.guid) for each in deleted]
    return {guid: number for number, (_, guid) in enumerate(sorted(dates), start=1)}


def _page(
    show: Show,
    entries: Sequence[Entry],
    *,
    deleted: Sequence[Deleted],
    numbers: dict[str, int],
    page: int,
    pages: int,
) -> bytes:
    """Return one page of the feed."""
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    root = etree.Element("rss", {"version": "2.0"}, nsmap=_NAMESPACES)
    for media_type, style in (("text/xsl", "assets/feed.xsl"), ("text/css", "assets/feed.css")):
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="{media_type}" href="{style}"'))
    channel = etree.SubElement(root, "channel")
    _describe(channel, show, entries, deleted)
    _link_pages(channel, show, page, pages)
    for each in deleted:
        _add(channel, f"{{{TOMBSTONES}}}deleted-entry", ref=each.guid, when=each.when)
    for entry in entries:
        _item(etree.SubElement(channel, "item"), show, entry, numbers.get(entry.episode.guid, 0))
    etree.indent(root)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"


def _describe(channel: _Element, show: Show, entries: Sequence[Entry], deleted: Sequence[Deleted]) -> None:
    """Write what the channel says of the show."""
    home = f"{show.base_url.rstrip('/')}/" if show.base_url else "."  # RSS asks for one; "." is the feed's own folder
    _add(channel, "title", show.title)
    _add(channel, "link", home)
    _add(channel, "description", shorten(show.description or show.title))
    _add(channel, "language", show.language)
    _add(channel, "generator", "audiopress")
    changes = [moment(entry.episode.updated or entry.episode.published) for entry in entries]
    changes += [moment(each.when) for each in deleted]
    if changes:
        _add(channel, "lastBuildDate", format_datetime(max(changes)))
    if show.image:
        picture = _add(channel, "image")
        for name, content in (("url", _address(show, show.image)), ("title", show.title), ("link", home)):
            _add(picture, name, content)
        _add(channel, f"{{{ITUNES}}}image", href=_address(show, show.image))
    _describe_to_apple(channel, show)
    _describe_to_podcasting(channel, show)


def _describe_to_apple(channel: _Element, show: Show) -> None:
    """Write the iTunes tags of the channel."""
    author = show.author or show.title
    _add(channel, f"{{{ITUNES}}}author", author)
    _add(channel, f"{{{ITUNES}}}type", "serial" if show.order == "oldest" else "episodic")
    _add(channel, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    category, _, subcategory = (part.strip() for part in show.category.partition(">"))
    parent = _add(channel, f"{{{ITUNES}}}category", text=category)
    if subcategory:
        _add(parent, f"{{{ITUNES}}}category", text=subcategory)
    if show.email:
        owner = _add(channel, f"{{{ITUNES}}}owner")
        _add(owner, f"{{{ITUNES}}}name", author)
        _add(owner, f"{{{ITUNES}}}email", show.email)


def _describe_to_podcasting(channel: _Element, show: Show) -> None:
    """Write the Podcasting 2.0 tags of the channel."""
    if show.base_url:
        _add(channel, f"{{{PODCAST}}}guid", feed_guid(_address(show, FEED)))
    if show.email:
        _add(channel, f"{{{PODCAST}}}locked", "yes", owner=show.email)
    _add(channel, f"{{{PODCAST}}}medium", "podcast")
    if show.author:
        _add(channel, f"{{{PODCAST}}}person", show.author, role="producer", group="creative direction")
    if show.frequency in FREQUENCIES:
        rule, words = FREQUENCIES[show.frequency]
        _add(channel, f"{{{PODCAST}}}updateFrequency", words, rrule=rule)
    _add(channel, f"{{{PODCAST}}}txt", "true", purpose="ai-content")


def _link_pages(channel: _Element, show: Show, page: int, pages: int) -> None:
    """Write where this page lies and which pages are beside it (RFC 5005, section 3)."""
    links = {"self": page} if show.base_url else {}
    if pages > 1:
        links |= {"first": 1, "last": pages}
        links |= {"previous": page - 1} if page > 1 else {}
        links |= {"next": page + 1} if page < pages else {}
    for relation, target in links.items():
        address = _address(show, page_name(target))
        _add(channel, f"{{{ATOM}}}link", rel=relation, type="application/rss+xml", href=address)


def _item(item: _Element, show: Show, entry: Entry, number: int) -> None:
    """Write what the feed says of an episode."""
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    episode = entry.episode
    _add(item, "title", episode.title)
    if episode.link:
        _add(item, "link", episode.link)
    _add(item, "guid", episode.guid, isPermaLink="false")
    _add(item, "pubDate", format_datetime(moment(episode.published)))
    if episode.updated:
        _add(item, f"{{{ATOM}}}updated", moment(episode.updated).isoformat())
    _add(item, "description", shorten(episode.description))
    _add(item, f"{{{CONTENT}}}encoded").text = etree.CDATA(_printable(notes_html(episode)))
    kind = EXTENSIONS[episode.enclosure.rpartition(".")[2]]
    _add(item, "enclosure", url=_address(show, episode.enclosure), length=str(episode.length), type=kind)
    _add(item, f"{{{ITUNES}}}duration", str(round(episode.seconds)))
    _add(item, f"{{{ITUNES}}}episodeType", "full")
    if number:
        _add(item, f"{{{ITUNES}}}episode", str(number))
    _add(item, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    if episode.image:
        _add(item, f"{{{ITUNES}}}image", href=_address(show, episode.image))
    for ending, media_type in TRANSCRIPTS.items():
        if path := entry.beside(ending):
            href = _address(show, path)
            _add(item, f"{{{PODCAST}}}transcript", url=href, type=media_type, language=show.language)
    if path := entry.beside(CHAPTERS):
        _add(item, f"{{{PODCAST}}}chapters", url=_address(show, path), type="application/json+chapters")
    if episode.agency:
        _add(item, f"{{{PODCAST}}}person", episode.agency, role="author", group="writing")
    _add(item, f"{{{PODCAST}}}txt", "true", purpose="ai-content")


def _address(show: Show, path: str) -> str:
    return urljoin(f"{show.base_url.rstrip('/')}/", path) if show.base_url else path


def _add(parent: _Element, name: str, content: str = "", **attributes: str) -> _Element:
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    child = etree.SubElement(parent, name, {key: _printable(value) for key, value in attributes.items()})
    if content:
        child.text = _printable(content)
    return child


def _printable(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("", text)
