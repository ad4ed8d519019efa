"""Which files of a show's folder are public, and in what order they must arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.model import EXTENSIONS, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What the web calls each kind of file, by its ending; the longest ending that fits counts.
MEDIA_TYPES = {
    **{f".{extension}": media_type for extension, media_type in EXTENSIONS.items()},
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".chapters.json": "application/json+chapters",
    ".json": "application/json",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".xsl": "text/xsl; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
MEDIA, PAGES, FEED = range(3)
#: The public files, as patterns below the show's folder, and the wave each belongs to: whoever reads the feed finds
#: all that it names.
_PUBLIC = (
    ("episodes/*/*", MEDIA),
    ("cover-*", MEDIA),
    ("assets/*", PAGES),
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


def media_type(name: str) -> str:
    """Return what the web calls a file, "" for one we do not make: ``a.vtt`` → ``text/vtt; charset=utf-8``."""
    endings = [ending for ending in MEDIA_TYPES if name.endswith(ending)]
    return MEDIA_TYPES[max(endings, key=len)] if endings else ""


def _uploads(output: Path) -> Iterator[Upload]:
    for pattern, wave in _PUBLIC:
        for path in output.glob(pattern):
            name = path.relative_to(output).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            kind = media_type(path.name)
            if kind and not hidden and path.name not in _PRIVATE and path.is_file():
                yield Upload(path, name, kind, wave)
