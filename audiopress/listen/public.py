"""Which files of an output folder the world may see, what they are called there and how long they may be kept."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from audiopress.media import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEED, INDEX, FONT = "feed.xml", "index.html", "assets/vazirmatn.woff2"

#: The public files, by their names below the show's folder; an episode's files begin with its slug.
_PUBLIC = re.compile(
    r"""(?: index\.html | show\.opml | feed(?:-[0-9]+)?\.xml | sw\.js | manifest\.webmanifest
      | cover-[^/]+ | assets/(?:player/)?[^/]+ | episodes/(?P<slug>[^/]+)/(?P=slug)[.-][^/]+ )""",
    re.VERBOSE,
)
#: What lies in an episode's folder but is nobody's business, even where an episode is called "script".
_PRIVATE = frozenset({"episode.json", "script.json", "deleted.json"})
#: What podcast apps and pages of other sites may read: feeds, covers, and all of an episode.
_FOR_ALL = re.compile(r"feed(?:-[0-9]+)?\.xml|show\.opml|cover-.*|episodes/.*", re.DOTALL)
#: Names that hold a hash of what is in the file: other bytes have another name.
_HASHED = re.compile(r".*-[0-9a-f]{8}\.(?:jpg|png)", re.DOTALL)
#: Folders of a show that are no show.
_OWN = frozenset({"episodes", "assets"})

#: A year, the longest that caches keep anything (RFC 9111 has no limit, RFC 2616 had this one).
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"  # kept, but asked for with its ETag each time


@dataclass(frozen=True, slots=True)
class Public:
    """A file that may be sent, open: what is renamed into its place meanwhile changes nothing."""

    name: str  #: relative to its show's folder
    path: str
    media_type: str
    descriptor: int  #: whoever asked for it closes it
    facts: os.stat_result  #: of what is open

    @property
    def for_all(self) -> bool:
        """Whether pages of other sites may read it."""
        return _FOR_ALL.fullmatch(self.name) is not None

    @property
    def caching(self) -> str:
        """Its Cache-Control: a cover with a hash in its name for ever, all else is asked for again."""
        return _FOREVER if _HASHED.fullmatch(self.name) else _ASK

    @property
    def etag(self) -> str:
        """A strong validator: a file that is written aside and renamed has another inode, however fast that went."""
        return f'"{self.facts.st_ino:x}-{self.facts.st_size:x}-{self.facts.st_mtime_ns:x}"'


def split(raw_path: bytes) -> tuple[str, ...] | None:
    """Return the parts of a path as it came, None for one that no file of ours can have.

    ``/a/%D8%A8.mp3`` → ``("a", "ب.mp3")``, ``/a/`` → ``("a", "")``; ``/../a``, ``/a%2Fb``, ``//a`` and ``/%00`` → None.
    Each part is decoded by itself, so that an encoded slash never divides.
    """
    if not raw_path.startswith(b"/"):
        return None
    *folders, last = raw_path[1:].split(b"/")
    try:
        parts = (*(unquote_to_bytes(part).decode() for part in folders), unquote_to_bytes(last).decode())
    except UnicodeDecodeError:
        return None
    if any(not part for part in parts[:-1]) or any(_strange(part) for part in parts):
        return None
    return parts


def find_show(output: Path, parts: tuple[str, ...]) -> tuple[Path, tuple[str, ...]] | None:
    """Return the folder of the show that a path is about, and the path within it; None where there is no such show.

    ``("news", "feed.xml")`` → ``(output / "news", ("feed.xml",))`` where output/news has a feed, else it is about the
    output folder itself.
    """
    if len(parts) > 1 and (show := subshow(output, parts[0])):
        return show, parts[1:]
    return (output, parts) if is_show(output) else None


def subshow(output: Path, name: str) -> Path | None:
    """Return the folder of a show within an output folder, None where there is none; a link is none."""
    show = output / name
    return (
        show if name and name not in _OWN and not _strange(name) and is_show(show) and not show.is_symlink() else None
    )


def open_file(show: Path, parts: tuple[str, ...]) -> Public | None:
    """Open a public file of a show; None where there is none of that name.

    ``show`` is the real path of its folder. The file lies where it seems to lie: a symbolic link, to wherever, is no
    file of the show.
    """
    name = "/".join(parts)
    kind = media_type(name)
    if not kind or not _PUBLIC.fullmatch(name) or parts[-1].lower() in _PRIVATE:
        return None
    path = os.path.join(show, *parts)  # noqa: PTH118 - realpath is of os.path
    try:
        if os.path.realpath(path, strict=True) != path:
            return None
        # A pipe, which nobody may be writing to, opens at once and is seen to be none of ours.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):  # not there, not ours to read, or a name that no file can have
        return None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        return None
    return Public(name, path, kind, descriptor, facts)


def shows(output: Path) -> Iterator[str]:
    """Yield the names of the shows in an output folder by their alphabet, "" for the output folder itself."""
    if is_show(output):
        yield ""
    try:
        names = sorted(os.listdir(output))  # noqa: PTH208 - names are all that is needed
    except OSError:
        return
    yield from (name for name in names if subshow(output, name))


def is_show(folder: Path) -> bool:
    """Say whether a folder is a show: it has a feed."""
    try:
        return (folder / FEED).is_file()
    except (OSError, ValueError):
        return False


def _strange(part: str) -> bool:
    """Say whether a part of a path is hidden, leads elsewhere, or holds what no name has on some system."""
    return part.startswith(".") or any(sign in part for sign in "/\\\0")
