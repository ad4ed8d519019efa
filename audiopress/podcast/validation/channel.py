"""What the feed says of the show, as Apple, Spotify and the Podcast Index ask for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from audiopress.errors import ConfigError
from audiopress.podcast.categories import find_category
from audiopress.podcast.feed import FEED, feed_guid
from audiopress.podcast.notes import LONGEST_DESCRIPTION, shorten
from audiopress.podcast.validation.document import NAMESPACES, attribute, moment_of, text_of
from audiopress.podcast.validation.finding import REFRESH, Finding, error, setting, shown, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from audiopress.model import Show
    from audiopress.podcast.validation.places import Place

#: Letters of a title, after which Apple cuts.
LONGEST_TITLE = 255
#: How far a publisher's clock may be ahead of ours.
_CLOCK = timedelta(minutes=5)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LANGUAGE = re.compile(r"(?P<first>[a-z])(?P<second>[a-z])(?:-[A-Za-z]{2,4})?")
#: ISO 639-1: the second letters of the codes by their first.
_CODES = {
    "a": "abefkmnrsvyz",
    "b": "aegimnors",
    "c": "aehorsuvy",
    "d": "aevz",
    "e": "elnostu",
    "f": "afijory",
    "g": "adlnuv",
    "h": "aeiortuyz",
    "i": "adegikostu",
    "j": "av",
    "k": "agijklmnorsuvwy",
    "l": "abginotuv",
    "m": "ghiklnrsty",
    "n": "abdeglnorvy",
    "o": "cjmrs",
    "p": "ailst",
    "q": "u",
    "r": "mnouw",
    "s": "acdegiklmnoqrstuvw",
    "t": "aeghiklnorstwy",
    "u": "gkrz",
    "v": "eio",
    "w": "ao",
    "x": "h",
    "y": "io",
    "z": "ahu",
}


def check_channel(channel: _Element, place: Place, where: str = FEED) -> Iterator[Finding]:
    """Yield what is wrong with the description of a show, its first page of the feed."""
    yield from _words(channel, where)
    yield from _owner(channel, where)
    yield from _kind(channel, where)
    yield from _identity(channel, place, where)
    built = text_of(channel, "lastBuildDate")
    if built:
        yield from check_date(built, where, "lastBuildDate")
    elif channel.find("item") is not None:
        yield warning(where, "The feed does not say when it was last changed (lastBuildDate).", REFRESH)
    if channel.find("itunes:image", NAMESPACES) is None:
        yield error(where, "The show has no cover (itunes:image).", REFRESH)


def check_settings(channel: _Element, show: Show, where: str = FEED) -> Iterator[Finding]:
    """Yield what the feed says otherwise than the settings, which were changed since it was written."""
    asked = {
        "title": ("title", show.title),
        "description": ("description", shorten(show.description or show.title)),
        "author": ("itunes:author", show.author or show.title),
        "email": ("itunes:owner/itunes:email", show.email),
        "language": ("language", show.language),
        "explicit": ("itunes:explicit", str(show.explicit).lower()),
    }
    for key, (path, value) in asked.items():
        said = text_of(channel, path)
        if said and said.split() != value.split():
            yield error(where, f"The feed says {shown(said)}, but {key} in audiopress.toml is {shown(value)}.", REFRESH)


def check_title(parent: _Element, where: str, remedy: str) -> Iterator[Finding]:
    """Yield what is wrong with a title."""
    title = text_of(parent, "title")
    if not title:
        yield error(where, "The title is missing.", remedy)
    elif len(title) > LONGEST_TITLE:
        yield warning(where, f"The title has {len(title)} letters; Apple shows {LONGEST_TITLE}.", remedy)


def check_description(parent: _Element, where: str, remedy: str) -> Iterator[Finding]:
    """Yield what is wrong with a description."""
    size = len(text_of(parent, "description").encode())
    if not size:
        yield error(where, "The description is missing.", remedy)
    elif size > LONGEST_DESCRIPTION:
        yield error(where, f"The description has {size} bytes; at most {LONGEST_DESCRIPTION} may be.", remedy)


def check_explicit(parent: _Element, where: str, *, needed: bool) -> Iterator[Finding]:
    """Yield what is wrong with itunes:explicit."""
    said = text_of(parent, "itunes:explicit")
    if said not in {"true", "false"} and (said or needed):
        yield error(where, f"itunes:explicit is {shown(said)}, but must be true or false.", setting("explicit"))


def check_date(written: str, where: str, name: str) -> Iterator[Finding]:
    """Yield what is wrong with a date."""
    when = moment_of(written)
    if when is None:
        yield error(where, f"{name} is {shown(written)}, which is no date of RFC 2822.", REFRESH)
    elif when > datetime.now(UTC) + _CLOCK:
        remedy = "Set this machine's clock; the episode appears when its time has come."
        yield error(where, f"{name} is {shown(written)}, which is still to come.", remedy)


def _words(channel: _Element, where: str) -> Iterator[Finding]:
    yield from check_title(channel, where, setting("title"))
    yield from check_description(channel, where, setting("description"))
    if not text_of(channel, "link"):
        yield error(where, "The show's page (link) is missing.", REFRESH)
    language = text_of(channel, "language")
    fits = _LANGUAGE.fullmatch(language)
    if not fits or fits["second"] not in _CODES.get(fits["first"], ""):
        what = f"The language is {shown(language)}, which is no code of ISO 639-1, like fa."
        yield error(where, what, setting("language"))


def _owner(channel: _Element, where: str) -> Iterator[Finding]:
    email = text_of(channel, "itunes:owner/itunes:email")
    if not _EMAIL.fullmatch(email):
        what = "The owner's e-mail address is missing" if not email else f"{shown(email)} is no e-mail address"
        yield error(where, f"{what}; Apple and Spotify send their confirmation there.", setting("email"))
    if not text_of(channel, "itunes:author"):
        yield warning(where, "Nobody is named as the author of the show (itunes:author).", setting("author"))
    locked = text_of(channel, "podcast:locked")
    if locked and locked not in {"yes", "no"}:
        yield error(where, f"podcast:locked is {shown(locked)}, but must be yes or no.", REFRESH)
    elif email and not locked:
        what = "The show does not say whether other hosts may import it (podcast:locked)."
        yield warning(where, what, REFRESH)


def _kind(channel: _Element, where: str) -> Iterator[Finding]:
    yield from check_explicit(channel, where, needed=True)
    kind = text_of(channel, "itunes:type")
    if kind not in {"", "episodic", "serial"}:
        yield error(where, f"itunes:type is {shown(kind)}, but must be episodic or serial.", setting("order"))
    categories = channel.findall("itunes:category", NAMESPACES)
    if not categories:
        yield error(where, "The show has no category.", setting("category"))
    for category in categories:
        inner = category.find("itunes:category", NAMESPACES)
        name = category.get("text", "") + ("" if inner is None else f" > {inner.get('text', '')}")
        try:
            # Apple compares letter by letter, find_category is kinder.
            known = find_category(name).name == name
        except ConfigError:
            known = False
        if not known:
            yield error(where, f"The category {shown(name)} is none of Apple's.", setting("category"))


def _identity(channel: _Element, place: Place, where: str) -> Iterator[Finding]:
    guid = text_of(channel, "podcast:guid")
    if place.base:
        right = feed_guid(place.base + FEED)
        if guid and guid != right:
            yield error(where, f"podcast:guid is {shown(guid)}, but that of this address is {right}.", REFRESH)
        elif not guid:
            yield warning(where, "The show has no lasting identity (podcast:guid).", REFRESH)
    picture = attribute(channel, "itunes:image", "href")
    if channel.find("itunes:image", NAMESPACES) is not None:
        yield from place.check(picture, where, "the cover")
    other = text_of(channel, "image/url")
    if other and picture and other != picture:
        yield warning(where, "RSS's image and itunes:image name two different covers.", REFRESH)
