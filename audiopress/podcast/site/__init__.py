"""What the pages of a show share: style, script, font and the dress of the feed."""

from __future__ import annotations

from importlib.resources import files

_NAMES = ("site.css", "readalong.js", "feed.xsl", "feed.css", "vazirmatn.woff2", "vazirmatn-OFL.txt")


def site_files() -> tuple[tuple[str, bytes], ...]:
    """Return the files of a show's assets folder: (("assets/site.css", b"…"), …)."""
    folder = files(__name__)
    return tuple((f"assets/{name}", (folder / name).read_bytes()) for name in _NAMES)
