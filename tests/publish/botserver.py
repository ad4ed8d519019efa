"""A Bot API server on loopback, as far as audio in channels needs it: it checks what it gets, and can fail."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

TOKEN = "123456:AAbbCC-dd_eeFFggHHiiJJkkLLmmNNooPPq"  # noqa: S105 - of this server alone
CHANNEL = "@khabar"


@dataclass
class Call:
    """What was asked."""

    method: str
    fields: dict[str, str]
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  #: name → file name, media type, bytes
    at: float = 0.0

    @property
    def media(self) -> dict[str, Any]:
        media: dict[str, Any] = json.loads(self.fields["media"])
        return media


class BotServer:
    """Keeps the messages of one channel. Each of ``answers`` is given once before it answers by itself."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.bots = self  # type: ignore[attr-defined]
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.calls: list[Call] = []
        self.messages: dict[int, dict[str, Any]] = {}
        self.last = 100
        #: (status, description, parameters), without a description a page as proxies send it; "reset" to break the
        #: connection, "rest" to wait for `go_on` before, "" to answer as usual
        self.answers: list[tuple[int, str, dict[str, Any]] | str] = []
        self.undeletable: set[int] = set()
        self.stopped, self.go_on = Event(), Event()

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, call: Call) -> tuple[int, dict[str, Any]]:
        if call.fields.get("chat_id") != CHANNEL:
            return 400, _no(400, "Bad Request: chat not found")
        if call.method == "sendAudio":
            self.last += 1
            self.messages[self.last] = _shown(call, call.fields)
            return 200, {"ok": True, "result": {"message_id": self.last}}
        number = int(call.fields["message_id"])
        if call.method == "editMessageMedia":
            if number not in self.messages:
                return 400, _no(400, "Bad Request: message to edit not found")
            shown = _shown(call, call.media)
            if self.messages[number] == shown:
                return 400, _no(400, "Bad Request: message is not modified: specified new message content …")
            self.messages[number] = shown
            return 200, {"ok": True, "result": {"message_id": number}}
        if call.method == "deleteMessage":
            if number not in self.messages:
                return 400, _no(400, "Bad Request: message to delete not found")
            if number in self.undeletable:
                return 400, _no(400, "Bad Request: message can't be deleted")
            del self.messages[number]
            return 200, {"ok": True, "result": True}
        return 404, _no(404, "Not Found")


def _no(code: int, description: str, **parameters: object) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description} | parameters


def _shown(call: Call, facts: dict[str, Any]) -> dict[str, Any]:
    """What a message shows; sound and thumbnail by their bytes."""
    units = len(facts["caption"].encode("utf-16-le")) // 2
    assert units <= 1024
    shown = {name: str(facts[name]) for name in ("title", "performer", "duration", "caption")}
    return shown | {name: data for name, (_, _, data) in call.files.items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        bots: BotServer = self.server.bots
        assert "transfer-encoding" not in self.headers  # Telegram wants to know the length
        body = self.rfile.read(int(self.headers["content-length"]))
        _, bot, method = self.path.split("/")
        call = _read(method, self.headers["content-type"], body)
        call.at = time.monotonic()
        bots.calls.append(call)
        planned = bots.answers.pop(0) if bots.answers else ""
        if planned == "rest":
            bots.stopped.set()
            bots.go_on.wait(30)
        if planned == "reset" or planned == "rest":  # noqa: PLR1714 - an answer may be unhashable
            self.close_connection = True
            return
        if isinstance(planned, tuple):
            status, description, parameters = planned
            answer = _no(status, description, **parameters)
        elif bot != f"bot{TOKEN}":
            status, answer = 401, _no(401, "Unauthorized")
        else:
            status, answer = bots.answer(call)
        data = b"<html>" if answer.get("description") == "" else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _read(method: str, content_type: str, body: bytes) -> Call:
    """Read a form, with files or without."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return Call(method, {name: values[0] for name, values in parse_qs(body.decode()).items()})
    call = Call(method, {})
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    assert message.is_multipart()
    for part in message.get_payload():
        assert not isinstance(part, str)
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        file_name = part.get_filename()
        if file_name is None:
            call.fields[name] = data.decode()
        else:
            call.files[name] = (file_name, part.get_content_type(), data)
    return call
