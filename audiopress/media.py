"""What the web calls the files of a show: for whoever serves, publishes or checks them."""

from __future__ import annotations

from audiopress.model import EXTENSIONS

#: What the web calls each kind of file, by its ending; the longest ending that fits counts.
MEDIA_TYPES = {
    **{f".{extension}": media_type for extension, media_type in EXTENSIONS.items()},
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
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
    ".webmanifest": "application/manifest+json",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".txt": "text/plain; charset=utf-8",
}


def media_type(name: str) -> str:
    """Return what the web calls a file, "" for one we do not make: ``a.vtt`` → ``text/vtt; charset=utf-8``."""
    endings = [ending for ending in MEDIA_TYPES if name.endswith(ending)]
    return MEDIA_TYPES[max(endings, key=len)] if endings else ""
