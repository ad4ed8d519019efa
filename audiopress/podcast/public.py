"""Which files of a show's folder are public, and in what order they must arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.media import media_type
from audiopress.model import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEDIA, PAGES, FEED = range(3)
#: The public files, as patterns below the show's folder, and the wave each belongs to: whoever reads the feed finds
#: all that it names.
_PUBLIC = (
    ("episodes/*/*", MEDIA),
    ("cover-*", MEDIA),
    ("assets/*", PAGES),
    ("assets/player/*", PAGES),
    ("manifest.webmanifest", PAGES),
    ("sw.js", PAGES),
    ("index.html", PAGES),
    ("show.opml", PAGES),
    ("feed-*.xml", PAGES),
    ("feed.xml", FEED),
)
#: What lies in an episode's folder but is nobody's business.
_PRIVATE = frozenset({"episode.json", "script.json", "deleted.json"})


def public_files(output: Path) -> tuple[Upload, ...]:
    """Return the public files of a show, in the order in which they must arrive.

    ``public_files(Path("output"))`` → ``(Upload(Path("output/episodes/a/a.mp3"), "episodes/a/a.mp3", "audio/mpeg", 0),
    …, Upload(Path("output/feed.xml"), "feed.xml", "application/rss+xml; charset=utf-8", 2))``. Hidden files, which are
    being made, and all that no pattern names (audiopress.toml, notes of the user) stay at home.
    """
    return tuple(sorted(_uploads(output), key=lambda upload: (upload.wave, upload.name)))


def _uploads(output: Path) -> Iterator[Upload]:
    for pattern, wave in _PUBLIC:
        for path in output.glob(pattern):
            name = path.relative_to(output).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            kind = media_type(path.name)
            if kind and not hidden and path.name not in _PRIVATE and path.is_file():
                yield Upload(path, name, kind, wave)
