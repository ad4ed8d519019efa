"""RSS and Atom → items: what a feed says of each article, newest first, and whether it holds the whole text."""

from __future__ import annotations

import html
import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from audiopress.errors import SourceError
from audiopress.sources.plain import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The root elements of what is a feed (RSS 2.0, RSS 1.0, Atom: RFC 4287), within its first bytes.
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|RDF|feed)[\s>]")
_HEAD = 4096
_TAG = re.compile(r"<[^>]+>")
#: Words from which on a description is the article and not its lead: leads of 1,500 Fars articles have 9 to 80 words.
_WHOLE = 150
_GOES_ON = re.compile(r"(?:…|\.\.\.|\[\S{1,12}\]|ادامه(?: مطلب)?|بیشتر بخوانید)[\s.»]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One article as its feed tells of it; what is not told is ""."""

    id: str  #: what the publisher calls it, or else its link: the same for ever
    link: str
    title: str
    html: str = ""  #: the article or its lead
    whole: bool = False  #: whether ``html`` is all of the article
    published: str = ""  #: ISO 8601 in UTC
    byline: str = ""
    image: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its items in its own order."""

    title: str
    link: str
    items: tuple[Item, ...]


def is_feed(data: bytes) -> bool:
    """Whether bytes are an RSS or Atom feed: ``b'<rss version="2.0">…'`` → True."""
    return _ROOT.search(data[:_HEAD]) is not None


def read_feed(data: bytes, url: str, media_type: str = "") -> Feed:
    """The items of a feed; relative links are resolved against ``url``.

    An item without link and text is left out, one that comes twice is there once. Entities are never opened. Raises
    SourceError for what is no feed.
    """
    import feedparser  # noqa: PLC0415 - only feeds need it

    if not is_feed(data):
        raise SourceError(f"{url} is not an RSS or Atom feed; check the address.")
    headers = {"content-location": url} | ({"content-type": media_type} if media_type else {})
    # What it holds is read, not shown: scripts and styles are left out where HTML is read.
    try:
        parsed = feedparser.parse(data, response_headers=headers, sanitize_html=False)
    except Exception as error:
        raise SourceError(f"{url} is a damaged feed ({str(error)[:80]}); tell its publisher.") from error
    items: dict[str, Item] = {}
    for entry in parsed.entries:
        item = _item(entry)
        if item.id and (item.link or item.html):
            items.setdefault(item.id, item)
    if not items and parsed.bozo and not parsed.entries:
        raise SourceError(f"{url} is a damaged feed ({str(parsed.bozo_exception)[:80]}); tell its publisher.")
    return Feed(_text(parsed.feed.get("title", "")), parsed.feed.get("link", ""), tuple(items.values()))


def _item(entry: Any) -> Item:
    content = max((part.get("value", "") for part in entry.get("content", ())), key=len, default="")
    summary = entry.get("summary", "")
    text = content if len(content) >= len(summary) else summary
    words = len(_TAG.sub(" ", text).split())
    link = entry.get("link", "")
    if not link.lower().startswith(("http://", "https://")):
        link = ""
    return Item(
        id=entry.get("id", "") or link,
        link=link,
        title=_text(entry.get("title", "")),
        html=text,
        whole=words >= _WHOLE and not _GOES_ON.search(_TAG.sub(" ", text).rstrip()),
        published=_moment(next((entry[key] for key in ("published_parsed", "updated_parsed") if key in entry), None)),
        byline=_text(entry.get("author", "")),
        image=_picture(entry),
        section=_text(next((tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", ())), "")),
    )


def _text(value: str) -> str:
    """A title without markup: ``"باران &amp; باد<br>"`` → ``"باران & باد"``."""
    return " ".join(clean(html.unescape(_TAG.sub(" ", value))).split())


def _moment(parsed: Any) -> str:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat() if parsed else ""
    except (OverflowError, ValueError, OSError):
        return ""  # a year 0 or 99999


def _picture(entry: Any) -> str:
    """The address of its picture: media:content, media:thumbnail or an enclosure."""
    offered: Iterable[tuple[str, str]] = [
        *((part.get("url", ""), part.get("medium") or part.get("type", "")) for part in entry.get("media_content", ())),
        *((part.get("url", ""), "image") for part in entry.get("media_thumbnail", ())),
        *((part.get("href", ""), part.get("type", "")) for part in entry.get("enclosures", ())),
    ]
    return next((url for url, kind in offered if url and kind.startswith("image")), "")
