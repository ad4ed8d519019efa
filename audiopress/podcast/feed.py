"""The feed: RSS 2.0 with the iTunes, content, Atom and podcast namespaces, from episodes and nothing else.

It says no word about the time it was written, so the same episodes give the same bytes. Without a base URL, addresses
are relative to the feed (a player on the same server finds them) and what needs the feed's own address is left out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from audiopress.model import Episode

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
PODCAST = "https://podcastindex.org/namespace/1.0"
_NAMESPACES = {"itunes": ITUNES, "content": CONTENT, "atom": ATOM, "podcast": PODCAST}

#: The namespace of podcast:guid (podcastindex.org/namespace/1.0, "guid").
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
#: Bytes of a description that Apple shows.
LONGEST_DESCRIPTION = 4000


@dataclass(frozen=True, slots=True)
class ShowInfo:
    """What the feed says of the show itself."""

    title: str
    description: str
    author: str
    language: str = "fa"
    category: str = "News"
    explicit: bool = False
    email: str = ""  #: the owner's; directories write to it
    base_url: str = ""  #: where the output folder will be served, "" where that is not known yet
    image: str = ""  #: address of the cover, or its path relative to the output folder


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode with the files beside it: paths relative to the output folder, "" where there is none."""

    episode: Episode
    transcript: str = ""
    chapters: str = ""
    marks: tuple[tuple[float, str], ...] = ()  #: second and title of each chapter

    @property
    def when(self) -> datetime:
        """The moment of publishing; without an offset it is taken for UTC."""
        when = datetime.fromisoformat(self.episode.published)
        return when if when.tzinfo else when.replace(tzinfo=UTC)


def feed_xml(show: ShowInfo, entries: Sequence[Entry]) -> bytes:
    """Return feed.xml, UTF-8, with the entries in the order given (newest first).

    Example::

        feed_xml(ShowInfo("خبر", "…", "تسنیم", base_url="https://example.org/p"), (Entry(episode),))
        # → b'<?xml version=…><rss …><channel><title>خبر</title>…<item>…<enclosure url="https://example.org/p/episodes/…"
    """
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    root = etree.Element("rss", {"version": "2.0"}, nsmap=_NAMESPACES)
    channel = etree.SubElement(root, "channel")
    _describe(channel, show, entries)
    for entry in entries:
        _item(etree.SubElement(channel, "item"), show, entry)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _describe(channel: _Element, show: ShowInfo, entries: Sequence[Entry]) -> None:
    """Write what the channel says of the show."""
    address = _address(show, "feed.xml")
    _add(channel, "title", show.title)
    _add(channel, "link", _base(show) or ".")  # RSS asks for one; "." is the folder the feed lies in
    _add(channel, "description", shorten(show.description, LONGEST_DESCRIPTION))
    _add(channel, "language", show.language)
    _add(channel, "generator", "audiopress")
    if entries:
        _add(channel, "lastBuildDate", format_datetime(max(entry.when for entry in entries)))
    _add(channel, f"{{{ITUNES}}}author", show.author)
    _add(channel, f"{{{ITUNES}}}type", "episodic")
    _add(channel, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    _add(channel, f"{{{ITUNES}}}category", text=show.category)
    if show.email:
        owner = _add(channel, f"{{{ITUNES}}}owner")
        _add(owner, f"{{{ITUNES}}}name", show.author)
        _add(owner, f"{{{ITUNES}}}email", show.email)
        _add(channel, f"{{{PODCAST}}}locked", "yes", owner=show.email)
    if show.image:
        _add(channel, f"{{{ITUNES}}}image", href=_address(show, show.image))
    if show.base_url:
        _add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=address)
        _add(channel, f"{{{PODCAST}}}guid", feed_guid(address))
    _add(channel, f"{{{PODCAST}}}medium", "podcast")
    _add(channel, f"{{{PODCAST}}}txt", "true", purpose="ai-content")


def _item(item: _Element, show: ShowInfo, entry: Entry) -> None:
    """Write what the feed says of an episode."""
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    episode = entry.episode
    _add(item, "title", episode.title)
    _add(item, "guid", episode.guid, isPermaLink="false")
    _add(item, "pubDate", format_datetime(entry.when))
    _add(item, "description", shorten(episode.description, LONGEST_DESCRIPTION))
    _add(item, f"{{{CONTENT}}}encoded").text = etree.CDATA(_printable(_notes(entry)))
    _add(item, "enclosure", url=_address(show, episode.enclosure), length=str(episode.length), type="audio/mpeg")
    _add(item, f"{{{ITUNES}}}duration", str(round(episode.seconds)))
    _add(item, f"{{{ITUNES}}}episodeType", "full")
    _add(item, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    if entry.transcript:
        href = _address(show, entry.transcript)
        _add(item, f"{{{PODCAST}}}transcript", url=href, type="text/vtt", language=show.language)
    if entry.chapters:
        _add(item, f"{{{PODCAST}}}chapters", url=_address(show, entry.chapters), type="application/json+chapters")
    if episode.agency:
        _add(item, f"{{{PODCAST}}}person", episode.agency, role="author", group="writing")
    _add(item, f"{{{PODCAST}}}txt", "true", purpose="ai-content")


def feed_guid(address: str) -> str:
    """Return a show's podcast:guid: https://podnews.net/rss → 9b024349-ccf0-5f69-a609-6b82873eab3c."""
    return str(uuid.uuid5(_GUIDS, address.partition("://")[2].rstrip("/")))


def shorten(text: str, size: int) -> str:
    """Return the text within ``size`` bytes of UTF-8, cut after a sentence, else after a word with «…»."""
    if len(text.encode()) <= size:
        return text
    room = text.encode()[: size - len("…".encode())].decode(errors="ignore")
    sentence = max(room.rfind(mark) for mark in (". ", "؟ ", "! ", ".\n", "؟\n", "!\n"))
    if sentence >= 0:
        return room[: sentence + 1]
    return (room.rsplit(None, 1)[0] if " " in room else room) + "…"


def _notes(entry: Entry) -> str:
    """Return the show notes as HTML: what it is about, the chapters with their times, and who is to be credited."""
    episode = entry.episode
    parts = [f"<p>{escape(episode.description)}</p>"]
    if entry.marks:
        lines = (f"<li>{clock(second)} {escape(title)}</li>" for second, title in entry.marks)
        parts.append(f"<ul>{''.join(lines)}</ul>")
    if episode.agency:
        parts.append(f"<p>منبع: {escape(episode.agency)}</p>")
    parts.append("<p>این برنامه را صدای مصنوعی خوانده است.</p>")
    return f'<div dir="rtl" lang="fa">{"".join(parts)}</div>'


def clock(seconds: float) -> str:
    """Return a time as players link it: 75.2 → 01:15, 3661 → 1:01:01."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"


def _base(show: ShowInfo) -> str:
    return f"{show.base_url.rstrip('/')}/" if show.base_url else ""


def _address(show: ShowInfo, path: str) -> str:
    return urljoin(_base(show), path) if show.base_url else path


def _add(parent: _Element, name: str, content: str = "", **attributes: str) -> _Element:
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is written

    child = etree.SubElement(parent, name, {key: _printable(value) for key, value in attributes.items()})
    if content:
        child.text = _printable(content)
    return child


def _printable(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
    )
