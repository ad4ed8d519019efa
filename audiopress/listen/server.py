"""The server: every show of an output folder, for a browser, a podcast app and the phone in the same room.

It sends the public files of the shows and keeps, where it may, where a listener stopped.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from audiopress.errors import OutputError
from audiopress.listen import api, network, pages
from audiopress.listen.connection import Connection
from audiopress.listen.headers import ALWAYS, FOR_ALL, PREFLIGHT, SafeHeaders
from audiopress.listen.public import FONT, INDEX, find_show, is_show, open_file, shows, split, subshow
from audiopress.listen.sending import file_answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

_ALLOW = "GET, HEAD, OPTIONS"
_REVALIDATE = {"cache-control": "no-cache"}
#: Connections at once, each with a socket and a file that is open twice; a browser has up to six.
_CONNECTIONS = 1500
_SPARE = 100  # files besides: the log, the libraries, what waits to be closed
#: Seconds for which a connection is kept that asks for nothing: a player asks again when a piece of 256 kB is heard,
#: after 22 s at 96 kbit/s.
_KEPT = 30
#: Seconds for what is being sent when the server is stopped; a stream would go on for an hour.
_GOODBYE = 1


def serve(
    output: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    positions: bool = True,
    qr: bool = True,
    announce: Callable[[str], None],
) -> None:
    """Serve the shows of an output folder until Ctrl-C, then return.

    ``serve(Path("output"), host="0.0.0.0", announce=print)`` prints the addresses, and with ``qr`` the picture of the
    one for a phone. Port 0 picks a free one.

    Raises:
        OutputError: there is no such folder, the port is in use, or the host is none of this machine's.
    """
    if not output.is_dir():
        raise OutputError(f"{output} is not a folder; name the folder of your shows with --output.")
    with network.listen(host, port) as listener:
        served = app(output, positions=positions, loopback=network.is_loopback(listener))
        server = make_server(served)
        with _ended_by_ctrl_c(server):
            for line in _greeting(output, listener, positions=positions, qr=qr):
                announce(line)
            server.run(sockets=[listener])


def app(output: Path, *, positions: bool = True, loopback: bool = True) -> Starlette:
    """Return the application that serves the shows of an output folder.

    ``positions`` says whether it keeps where listeners stopped, ``loopback`` that only this machine can reach it.
    """
    application = Starlette(middleware=[Middleware(SafeHeaders)], exception_handlers={Exception: _apologise})
    application.router.default = Site(output.resolve(), positions=positions, loopback=loopback)
    return application


def make_server(served: Starlette, connection: type[Connection] = Connection) -> uvicorn.Server:
    """Return the server of an application; ``make_server(app(output)).run(sockets=[listener])`` runs it."""
    files = network.allow_files(3 * _CONNECTIONS + _SPARE)
    logger = logging.getLogger("uvicorn.error")
    logger.filters[:] = [_is_bug]
    return uvicorn.Server(
        uvicorn.Config(
            served,
            http=connection,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=max(1, min(_CONNECTIONS, (files - _SPARE) // 3)),
            timeout_keep_alive=_KEPT,
            timeout_graceful_shutdown=_GOODBYE,
        )
    )


class Site:
    """Answers requests for what lies in an output folder."""

    def __init__(self, output: Path, *, positions: bool, loopback: bool) -> None:
        """Serve a folder, given by its real path."""
        self.output = output
        self.positions = positions
        self.loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        parts = split(_path(scope))
        with contextlib.ExitStack() as files:
            answer = await self._answer(Request(scope, receive), parts, files) if parts else None
            await (answer or _wrong(404))(scope, receive, send)

    async def _answer(self, request: Request, parts: tuple[str, ...], files: contextlib.ExitStack) -> Response | None:
        """Return what to answer for a path, None where there is nothing; ``files`` closes what it opens."""
        show, rest = find_show(self.output, parts) or (None, parts)
        if show and rest == api.PATH and self.positions:
            if request.method == "OPTIONS" or request.method not in api.ALLOW.split(", "):
                return _methods(request.method, api.ALLOW)
            return await api.positions(request, show, loopback=self.loopback)
        file = open_file(show, (*rest[:-1], rest[-1] or INDEX)) if show else None
        if file:
            files.callback(os.close, file.descriptor)
        if request.method not in {"GET", "HEAD"}:
            return _methods(request.method, _ALLOW, FOR_ALL | PREFLIGHT if file and file.for_all else {})
        if file:
            return file_answer(file, request.method, request.headers)
        return self._page(parts)

    def _page(self, parts: tuple[str, ...]) -> Response | None:
        """Return what is no file of a show: the list of shows, its style, and the ways to other addresses."""
        if parts == ("",):
            cards = [pages.read_card(self.output / name, name) for name in shows(self.output)]
            return HTMLResponse(pages.list_of_shows(cards), headers=_REVALIDATE)
        if parts == pages.STYLE:
            font = next((name for name in shows(self.output) if (self.output / name / FONT).is_file()), None)
            return Response(pages.style(font), headers=_REVALIDATE, media_type="text/css")
        if parts == ("play",):
            return RedirectResponse(self._player(), 303)
        if subshow(self.output, parts[0]) and parts[1:] in {(), ("play",)}:
            # Where a browser is told to go is relative to where it is, so that no name of ours is needed.
            return RedirectResponse("./#play", 303) if parts[1:] else RedirectResponse(f"./{quote(parts[0])}/", 308)
        return None

    def _player(self) -> str:
        """Return where "play the news" leads: the only show there is, else the list."""
        if is_show(self.output):
            return "./#play"
        names = list(shows(self.output))
        return f"./{quote(names[0])}/#play" if len(names) == 1 else "./"


@contextlib.contextmanager
def _ended_by_ctrl_c(server: uvicorn.Server) -> Iterator[None]:
    """Let Ctrl-C end a server from now on, also before it has begun: no moment is left in which it could be lost.

    uvicorn takes the signal only when it runs; until then Python would raise KeyboardInterrupt anywhere, even where it
    is ignored (in a weak reference's callback), and again when the server has ended.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, server.handle_exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _path(scope: Scope) -> bytes:
    """Return the path as it came, also where a request names the whole address (RFC 9112, 3.2.2)."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    if raw.startswith((b"http://", b"https://")):
        return b"/" + raw.partition(b"://")[2].partition(b"/")[2]
    return raw


def _methods(method: str, allow: str, headers: dict[str, str] | None = None) -> Response:
    """Say which methods there are: in answer to OPTIONS, or because another one was asked for."""
    if method == "OPTIONS":
        return Response(status_code=204, headers={"allow": allow, **(headers or {})})
    refusal = _wrong(405)
    refusal.headers["allow"] = allow
    return refusal


def _wrong(status: int) -> Response:
    return HTMLResponse(pages.wrong(status), status, headers={"cache-control": "no-store"})


async def _apologise(_: Request, __: Exception) -> Response:
    """Answer where we have a bug; its traceback is the terminal's, not the listener's."""
    answer = _wrong(500)
    answer.headers.update(ALWAYS)
    return answer


def _is_bug(record: logging.LogRecord) -> bool:
    """Let only tracebacks of bugs through: that a listener sent nonsense, or was cut off at the end, is no news."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is not None and issubclass(kind, Exception)


def _greeting(output: Path, listener: socket.socket, *, positions: bool, qr: bool) -> Iterator[str]:
    """Yield what is said when the server is ready."""
    here, network_address = network.addresses(listener)
    if not any(True for _ in shows(output)):
        yield f"There is no show in {output} yet; audiopress produce makes one, and it will be served at once."
    yield f"Listen at {here} (Ctrl-C stops the server)."
    if network.is_loopback(listener):
        return
    may = "listen, and see and change where you stopped (--no-positions forbids that)" if positions else "listen"
    yield f"Everybody on this network can {may}."
    if network_address:
        yield f"On a phone in the same network: {network_address}"
        if qr:
            yield network.qr_code(network_address)
    else:
        yield "This machine is on no network at present, so no phone can reach it."
