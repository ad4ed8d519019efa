"""An S3 server on loopback that counts what it is asked, and fails when it is told to."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Silent(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Say nothing."""


class BucketServer:
    """moto's S3 behind a counter; ``refuse`` maps parts of an address to the answers that it gets."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Silent)
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.reset()

    def reset(self) -> None:
        """Forget what was asked, and answer as S3 does."""
        self.calls: list[tuple[str, str]] = []
        self.refuse: dict[tuple[str, str], tuple[str, str]] = {}
        self.stop_at = ""
        self.stopped, self.go_on = Event(), Event()

    def count(self, method: str) -> int:
        return sum(each == method for each, _ in self.calls)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.calls.append((method, path))
        if self.stop_at and method == "PUT" and path.endswith(self.stop_at):
            self.stopped.set()
            self.go_on.wait(30)
        for (refused, ending), (status, code) in self.refuse.items():
            if method == refused and path.endswith(ending):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start(status, [("Content-Type", "application/xml")])
                body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
                return [] if method == "HEAD" else [body]
        answer: Iterable[bytes] = self._app(environ, start)
        return answer

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
