"""A show's folder as publishing sees it, and somebody who listens to the progress."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.model import Upload
from audiopress.publish.files import survey

if TYPE_CHECKING:
    from audiopress.publish.files import LocalFile

TYPES = {
    ".mp3": "audio/mpeg",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}
#: What a show of two episodes has: 9 files, the feed last.
FILES = {
    "cover-0123abcd.jpg": b"cover",
    "episodes/bridge/bridge-89abcdef.jpg": b"bridge cover",
    "episodes/bridge/bridge.mp3": b"bridge" * 40000,
    "episodes/bridge/bridge.vtt": "WEBVTT پل".encode(),
    "episodes/river/river.mp3": b"river" * 50000,
    "assets/site.css": b"body {}",
    "feed-2.xml": b"<rss>2</rss>",
    "index.html": "<h1>خبر</h1>".encode(),
    "feed.xml": "<rss>پل، رود</rss>".encode(),
}
SIZE = sum(map(len, FILES.values()))
MEDIA = [name for name in FILES if name.startswith(("cover", "episodes"))]
PAGES = ["assets/site.css", "feed-2.xml", "index.html"]

#: A child that sends a show and is killed at a moment that the test chooses.
CHILD = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import showfolder
from audiopress.publish.send import send_files
from audiopress.publish.targets import parse_target
show = showfolder.ShowFolder(Path(sys.argv[2]))
send_files(parse_target(sys.argv[3], os.environ), show.survey(), showfolder.Listener())
"""


def child(show: ShowFolder, target: str) -> list[str]:
    return [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(show.path), target]


class ShowFolder:
    """Files below a folder, with the wave that each belongs to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, files: dict[str, bytes], mtime: int = 0) -> None:
        for name, data in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            if mtime:
                os.utime(file, (mtime, mtime))

    def uploads(self) -> tuple[Upload, ...]:
        names = sorted(path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())
        return tuple(Upload(self.path / name, name, TYPES[Path(name).suffix], wave(name)) for name in names)

    def survey(self) -> tuple[LocalFile, ...]:
        return survey(self.uploads())


def wave(name: str) -> int:
    if name == "feed.xml":
        return 2
    return 0 if name.startswith(("episodes/", "cover-")) else 1


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, int, int]] = []
        self.steps: list[tuple[str, str]] = []
        self.bytes = 0
        self.waits: list[tuple[float, str]] = []

    def begin(self, target: str, steps: int, size: int) -> None:
        self.begun.append((target, steps, size))

    def step(self, action: str, name: str) -> None:
        self.steps.append((str(action), name))

    def moved(self, size: int) -> None:
        self.bytes += size

    def waiting(self, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))


def below(folder: Path) -> dict[str, bytes]:
    """All files below a folder, hidden ones included."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
