"""Reading a page of a feed as a stranger's file: no entities, no network, nothing beyond a size."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

from audiopress.podcast.feed import ATOM, CONTENT, ITUNES, PODCAST, TOMBSTONES
from audiopress.podcast.validation.finding import REFRESH, Finding, error, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

#: Namespaces by the prefixes that everybody gives them.
NAMESPACES = {"itunes": ITUNES, "content": CONTENT, "atom": ATOM, "podcast": PODCAST, "at": TOMBSTONES}
#: Bytes of a text file that are read: a page of 300 episodes has some 3 MB, a transcript of ten hours 2 MB.
LARGEST = 16 * 1024 * 1024

#: The tags that are looked for, by the case in which they must be written.
_NAMES = {
    "": "rss channel title link description language generator lastBuildDate pubDate image url item guid enclosure "
    "copyright managingEditor webMaster category docs ttl author comments source",
    ITUNES: "author owner name email image category explicit type duration episode season episodeType title subtitle "
    "summary keywords block complete new-feed-url",
    CONTENT: "encoded",
    ATOM: "link updated",
    PODCAST: "guid locked medium person txt updateFrequency transcript chapters funding license soundbite season "
    "episode trailer location value podroll alternateEnclosure images publisher chat",
    TOMBSTONES: "deleted-entry",
}
_RIGHT = {(space, name.lower()): name for space, names in _NAMES.items() for name in names.split()}

#: RFC 2822, section 3.3, without its obsolete forms (two-digit years, named zones) but for GMT, which RSS's own
#: examples use.
_DATE = re.compile(
    r"(?:(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [12]\d{3} "
    r"\d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT)"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_file(path: Path) -> bytes:
    """Return a file's bytes; raises OSError where it cannot be read and ValueError where it is far too big."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 1024**2} MB")
    return path.read_bytes()


def is_file(path: Path) -> bool:
    """Say whether there is such a file; a name that no disk could hold is none."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def why(problem: Exception) -> str:
    """Return why a file could not be read, as the end of a sentence: ``permission denied``."""
    return (problem.strerror or str(problem)).lower() if isinstance(problem, OSError) else str(problem)


def read_page(data: bytes, where: str) -> tuple[_Element | None, tuple[Finding, ...]]:
    """Return the channel of a feed and what is wrong with the file as such.

    ``read_page(b"<rss><channel>", "feed.xml")`` → ``(None, (Finding("error", "feed.xml: line 1", "The feed is no
    well-formed XML …", …),))``
    """
    from lxml import etree  # noqa: PLC0415 - only needed when a feed is read

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        line = problem.lineno or 1
        return None, (error(f"{where}: line {line}", f"The feed is no well-formed XML: {problem.msg}.", REFRESH),)
    if cast("Any", root.getroottree()).docinfo.doctype:
        return None, (error(where, "The feed has a DOCTYPE, which readers refuse for their safety.", REFRESH),)
    if root.tag != "rss" or root.get("version") != "2.0":
        return None, (error(where, 'The feed is not RSS 2.0: it must begin with <rss version="2.0">.', REFRESH),)
    channels = root.findall("channel")
    if len(channels) != 1:
        return None, (error(where, f"The feed has {len(channels)} channels, but must have one.", REFRESH),)
    return channels[0], tuple(_misspelt(root, where))


def _misspelt(root: _Element, where: str) -> Iterator[Finding]:
    """Yield namespaces and tags that are nearly right, which to a parser is wrong."""
    seen: set[object] = set()
    for element in root.iter("*"):
        for prefix, space in element.nsmap.items():
            if (prefix, space) not in seen and NAMESPACES.get(str(prefix), space) != space:
                right = NAMESPACES[str(prefix)]
                yield error(where, f"The namespace {prefix} is {shown(space)}, but must be {right}.", REFRESH)
            seen.add((prefix, space))
        space, _, name = str(element.tag).rpartition("}")
        right = _RIGHT.get((space.removeprefix("{"), name.lower()), name)
        if right != name and element.tag not in seen:
            seen.add(element.tag)
            place = f"{where}: line {element.sourceline}"
            yield error(place, f"The tag {name} must be written {right}: case counts.", REFRESH)


def text_of(parent: _Element, path: str) -> str:
    """Return the text of the first such child (``itunes:owner/itunes:email``), "" for none."""
    return (parent.findtext(path, "", NAMESPACES) or "").strip()


def attribute(parent: _Element, path: str, name: str) -> str:
    """Return an attribute of the first such child, "" for none."""
    found = parent.find(path, NAMESPACES)
    return "" if found is None else (found.get(name) or "").strip()


def moment_of(written: str) -> datetime | None:
    """Return a date in RFC 2822, None for any other: ``Thu, 16 Jul 2026 08:30:00 +0330``.

    The day of the week, where it is given, must be that of the date.
    """
    fits = _DATE.fullmatch(written)
    if not fits:
        return None
    try:
        when = parsedate_to_datetime(written)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if fits["day"] in {None, _DAYS[when.weekday()]} else None
