"""What was named on the command line → the articles to be read: folders, feeds, books and lists are opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.errors import SourceError
from audiopress.sources.address import is_address
from audiopress.sources.feed import is_feed, read_feed
from audiopress.sources.item import read_item
from audiopress.sources.read import READERS, STDIN, decode, read_file, read_page, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from audiopress.model import Article
    from audiopress.sources.feed import Item
    from audiopress.sources.fetch import Fetched
    from audiopress.sources.read import Fetch

FEEDS = (".xml", ".rss", ".atom")
BOOKS = (".epub",)
_LONGEST_LIST = 1_000_000  # bytes of a list of addresses: some 10,000
#: A text whose first line that is no comment begins with an address.
_LISTED = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*#[^\n]*\n|\s)*https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One article to be read."""

    name: str  #: a file, an address, or "-"
    chapter: int = 0  #: of a book, counted from 1
    item: Item | None = None  #: of a feed
    page: Fetched | None = None  #: what was fetched already

    def read(self, *, stdin: BinaryIO | None = None, fetch: Fetch | None = None) -> Article:
        """The article; raises SourceError where there is none."""
        if self.chapter:
            from audiopress.sources.epub import read_chapter  # noqa: PLC0415 - only books need it

            return read_chapter(read_file(self.name), self.name, self.chapter)
        if self.item:
            return read_item(self.item, self.name, fetch)
        if self.page:
            return read_page(self.page, self.name)
        return read_source(self.name, stdin=stdin, fetch=fetch)

    @property
    def shown(self) -> str:
        """What a user calls it: ``book.epub, chapter 3``."""
        return f"{self.name}, chapter {self.chapter}" if self.chapter else self.name


def find_sources(names: Iterable[str], fetch: Fetch | None = None) -> tuple[Found, ...]:
    """Open folders, feeds, books and lists: ``["news", "b.epub"]`` → ``(Found("news/a.txt"), Found("b.epub", 1), …)``.

    A folder gives its files in name order, a feed its items, the newest first, a book its chapters, a text file of
    nothing but addresses those. Raises SourceError where one of them holds nothing.
    """
    return tuple(found for name in names for found in _opened(name, fetch))


def _opened(name: str, fetch: Fetch | None) -> Iterator[Found]:
    ending = Path(name).suffix.lower()
    if name == STDIN:
        yield Found(name)
    elif is_address(name):
        if fetch is None:
            raise SourceError(f"{name} is on the web, which is not asked here; save the page and pass its file.")
        page = fetch(name)
        if is_feed(page.data):
            yield from _items(page.data, page.url, page.media_type)
        else:
            yield Found(name, page=page)
    elif Path(name).is_dir():
        yield from _files(Path(name), fetch)
    elif ending in BOOKS:
        from audiopress.sources.epub import chapter_count  # noqa: PLC0415 - only books need it

        yield from (Found(name, chapter) for chapter in range(1, chapter_count(read_file(name), name) + 1))
    elif ending in FEEDS:
        yield from _items(read_file(name), name, "")
    elif ending == ".txt":
        yield from (Found(address) for address in _addresses(name)) if _addresses(name) else (Found(name),)
    else:
        yield Found(name)


def _files(folder: Path, fetch: Fetch | None) -> Iterator[Found]:
    known = (*READERS, *BOOKS, *FEEDS)
    inside = sorted(
        str(entry)
        for entry in folder.iterdir()
        if entry.is_file() and entry.suffix.lower() in known and not entry.name.startswith(".")
    )
    if not inside:
        raise SourceError(
            f"The folder {folder} holds no file that is read ({', '.join(known)}); put the articles there."
        )
    for name in inside:
        yield from _opened(name, fetch)


def _items(data: bytes, url: str, media_type: str) -> Iterator[Found]:
    items = read_feed(data, url, media_type).items
    if not items:
        raise SourceError(f"The feed {url} has no items today.")
    yield from (Found(item.link or f"{url}#{item.id}", item=item) for item in items)


def _addresses(name: str) -> list[str]:
    """The addresses of a text file that holds nothing else; [] for other files and those that are not there."""
    path = Path(name)
    if not path.is_file() or path.stat().st_size > _LONGEST_LIST:
        return []
    data = path.read_bytes()
    if not _LISTED.match(data):
        return []
    lines = [line.strip() for line in decode(data, name).splitlines()]
    listed = [line for line in lines if line and not line.startswith("#")]
    return listed if listed and all(is_address(line) and " " not in line for line in listed) else []
