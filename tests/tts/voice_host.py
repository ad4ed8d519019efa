"""A web server on loopback that has files and, when told so, all that goes wrong with downloads."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import struct
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

type Act = Callable[["Handler", bytes], None]


class Host:
    """Serves ``files`` with ranges and ETags; ``plan[name]`` holds what goes wrong first, one act a request."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.plan: dict[str, list[Act]] = defaultdict(list)
        self.asked: list[tuple[str, str]] = []  #: name and Range of each request
        self.over = threading.Event()
        host = self

        class Bound(Handler):
            pass

        Bound.host = host
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def ranges(self, name: str) -> list[str]:
        """The Range of each request for a file, "" where it asked for all of it."""
        return [wanted for asked, wanted in self.asked if asked == name]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    host: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.host.asked.append((name, self.headers.get("Range", "")))
        data = self.host.files.get(name)
        acts = self.host.plan[name]
        with contextlib.suppress(ConnectionError):
            if acts:
                acts.pop(0)(self, data or b"")
            elif data is None:
                status(404)(self, b"")
            else:
                serve(self, data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()


def tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:12]}"'


def serve(handler: Handler, data: bytes) -> None:
    """As it should be."""
    wanted = handler.headers.get("Range", "")
    fits = handler.headers.get("If-Range", tag(data)) == tag(data)
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and fits else 0
    if wanted and fits and start >= len(data):
        handler.head(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
        return
    headers = {"ETag": tag(data), "Content-Length": str(len(data) - start)}
    if wanted and fits:
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    handler.head(206 if wanted and fits else 200, headers)
    handler.wfile.write(data[start:])


def serve_all(handler: Handler, data: bytes) -> None:
    """Ranges are not understood."""
    handler.head(200, {"Content-Length": str(len(data))})
    handler.wfile.write(data)


def reset(handler: Handler, data: bytes) -> None:
    """Half of what was asked for, then the connection is torn down."""
    _half(handler, data)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hang_up(handler: Handler, data: bytes) -> None:
    """Half of what was promised, then the end."""
    _half(handler, data)
    handler.close_connection = True


def promise(handler: Handler, data: bytes) -> None:
    """All is promised, and nothing sent."""
    handler.head(200, {"Content-Length": str(len(data))})
    handler.close_connection = True


def stall(handler: Handler, data: bytes) -> None:
    """Half of what was asked for, then nothing more."""
    _half(handler, data)
    handler.host.over.wait(30)
    handler.close_connection = True


def _half(handler: Handler, data: bytes) -> None:
    wanted = handler.headers.get("Range", "")
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
    headers = {"ETag": tag(data), "Content-Length": str(len(data) - start)}
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    handler.head(206 if wanted else 200, headers)
    handler.wfile.write(data[start : start + (len(data) - start) // 2])
    handler.wfile.flush()


def send(data: bytes, kind: str = "application/octet-stream") -> Act:
    """Something else than the file."""

    def act(handler: Handler, _: bytes) -> None:
        handler.head(200, {"Content-Type": kind, "Content-Length": str(len(data))})
        handler.wfile.write(data)

    return act


def status(code: int, **headers: str) -> Act:
    """No file, but a status."""

    def act(handler: Handler, _: bytes) -> None:
        handler.head(code, {"Content-Length": "0"} | {key.replace("_", "-"): value for key, value in headers.items()})

    return act


def wrong_part(handler: Handler, data: bytes) -> None:
    """Another part than the one that was asked for."""
    handler.head(206, {"Content-Range": f"bytes 0-9/{len(data)}", "Content-Length": "10"})
    handler.wfile.write(data[:10])
