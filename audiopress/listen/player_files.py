"""The web player as files of a show: static, so that it plays from a bucket as well as from `audiopress serve`."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiopress.model import Show

MANIFEST, WORKER = "manifest.webmanifest", "sw.js"
FOLDER = "assets/player"
#: Hexadecimal digits of the player's version: with 32 bits two versions never meet in a browser.
_DIGITS = 8
#: Letters of a name under an icon on a home screen; Android and iOS cut at about as many.
_SHORT_NAME = 12
#: The ground of site.css, behind the player while it starts.
_PAPER, _ACCENT = "#fbf9f4", "#0b6158"
_ENDINGS = (".js", ".css", ".png", ".svg")


def player_files(show: Show) -> tuple[tuple[str, bytes], ...]:
    """Return the files of the web player by their paths in the show's folder, the service worker last.

    ``player_files(Show("خبر روستا"))`` → ``(("assets/player/actions.js", b"…"), …, ("manifest.webmanifest", b"…"),
    ("sw.js", b"…"))``. The same show gives the same bytes. The worker carries a hash of the player's files as its
    version, so that browsers fetch them anew when, and only when, one has changed.
    """
    folder = files("audiopress.listen") / "player"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(_ENDINGS) and path.name != WORKER)
    player = [(f"{FOLDER}/{name}", _shipped(name, (folder / name).read_bytes())) for name in names]
    player.append((MANIFEST, _manifest(show)))
    worker = _shipped(WORKER, (folder / WORKER).read_bytes()).decode()
    version = hashlib.sha256(repr((worker, player)).encode()).hexdigest()[:_DIGITS]
    listed = ", ".join(json.dumps(name) for name, _ in player)
    worker = worker.replace('"@FILES@"', listed).replace("@VERSION@", version)
    return (*player, (WORKER, worker.encode()))


def _shipped(name: str, data: bytes) -> bytes:
    """Return a file as listeners load it: a script without its lines of comment and its indentation.

    No script holds a line break within a string, which a test sees to.
    """
    if not name.endswith(".js"):
        return data
    lines = (line.strip() for line in data.decode().splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//")).encode()


def _manifest(show: Show) -> bytes:
    """Return what makes the page an app that can be installed (W3C Web Application Manifest)."""
    short = show.title if len(show.title) <= _SHORT_NAME else show.title[:_SHORT_NAME].rsplit(" ", 1)[0]
    icon = {"src": f"{FOLDER}/icon-192.png", "sizes": "192x192", "type": "image/png"}
    facts = {
        "id": "./",
        "name": show.title,
        "short_name": short,
        "description": show.description,
        "lang": show.language,
        "dir": "rtl",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _ACCENT,
        "categories": ["news", "entertainment"],
        "icons": [
            icon,
            {**icon, "src": f"{FOLDER}/icon-512.png", "sizes": "512x512"},
            {**icon, "src": f"{FOLDER}/icon-maskable-512.png", "sizes": "512x512", "purpose": "maskable"},
            {"src": f"{FOLDER}/icon.svg", "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [{"name": "پخش نشنیده‌ها", "url": "./#play", "icons": [icon]}],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
