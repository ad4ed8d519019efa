"""A folder with shows, the real server before it, and a client that speaks to it in bytes."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

from audiopress.listen import network
from audiopress.listen.connection import Connection
from audiopress.listen.server import app, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{title}</title><description>{about}</description>
<item><title>نخست</title></item></channel></rss>
"""
#: What a programme's bytes are in these tests: 100,000 of them, each at its own place.
SOUND = bytes(number * 7 % 251 for number in range(100_000))


def make_show(folder: Path, title: str = "خبر روستا", about: str = "خبرهای یک روستا") -> Path:
    """Write a show with all kinds of files a show has, public and private."""
    episode = folder / "episodes" / "river"
    episode.mkdir(parents=True)
    (folder / "assets" / "player").mkdir(parents=True)
    texts = {
        "feed.xml": FEED.format(title=title, about=about),
        "feed-2.xml": FEED.format(title=title, about=about),
        "index.html": f"<!DOCTYPE html><title>{title}</title>",
        "show.opml": "<opml/>",
        "cover-0123abcd.jpg": "jpeg",
        "sw.js": "// worker",
        "manifest.webmanifest": "{}",
        "audiopress.toml": "SECRET",
        "lexicon.tsv": "SECRET",
        "notes.txt": "SECRET",
        ".hidden.xml": "SECRET",
        "assets/site.css": "a{}",
        "assets/vazirmatn.woff2": "font",
        "assets/feed.xsl": "<xsl/>",
        "assets/.site.css.12.part": "SECRET",
        "assets/player/player.js": "// player",
        "episodes/index.html": "SECRET",
        "episodes/river/river.vtt": "WEBVTT",
        "episodes/river/river.srt": "1",
        "episodes/river/river.html": "<!DOCTYPE html>",
        "episodes/river/river.words.json": "{}",
        "episodes/river/river.chapters.json": "{}",
        "episodes/river/river-89abcdef.jpg": "jpeg",
        "episodes/river/episode.json": "SECRET",
        "episodes/river/script.json": "SECRET",
        "episodes/river/deleted.json": "SECRET",
        "episodes/river/other.mp3": "SECRET",
        "episodes/river/.river.mp3.12.part": "SECRET",
        "episodes/river/river.wav": "SECRET",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for ending in ("mp3", "m4a", "opus"):
        (episode / f"river.{ending}").write_bytes(SOUND)
    return folder


class Answer:
    """What came back over a socket: status, headers by their names in small letters, and body."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


class Client:
    """Speaks to a server on loopback in bytes, so that nothing is put right on the way."""

    def __init__(self, port: int) -> None:
        self.port = port

    def raw(self, data: bytes) -> bytes:
        """Send bytes and return all that comes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            with contextlib.suppress(OSError):  # it may answer and close before it has taken all
                connection.sendall(data)
            answer = bytearray()
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65536):
                    answer += piece
            return bytes(answer)

    def ask(self, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Send one request; ``if_none_match="*"`` is the header If-None-Match."""
        named = {"host": f"127.0.0.1:{self.port}", "connection": "close"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            named.setdefault("content-length", str(len(body)))
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return Answer(self.raw(f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body))


@contextlib.contextmanager
def running(
    output: Path, *, positions: bool = True, loopback: bool = True, connection: type[Connection] = Connection
) -> Iterator[Client]:
    """Run the real server in a thread of its own."""
    with network.listen("127.0.0.1", 0) as listener:
        client = Client(listener.getsockname()[1])
        server = make_server(app(output, positions=positions, loopback=loopback), connection)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield client
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()
