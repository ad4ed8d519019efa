"""The server as it is started, and what thousands of malformed requests get from it."""

from __future__ import annotations

import random
import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from served_shows import Client, running

if TYPE_CHECKING:
    from pathlib import Path

SOUND_PATH = "/episodes/river/river.mp3"


def test_positions_can_be_forbidden(shows: Path) -> None:
    with running(shows, positions=False) as asked:
        assert asked.ask("/api/positions").status == 404
        assert asked.ask("/api/positions", "POST", b"{}", content_type="application/json").status in {404, 405}


def test_nonsense_is_never_an_error_of_ours(client: Client) -> None:
    """Three thousand malformed requests: none is answered with 5xx, nothing leaks, and the server lives on."""
    drawn = random.Random(5)
    words = [b"GET", b"/", b"HTTP/1.1", b"\r\n", b"Range: bytes=", b"..", b"%00", b"\xff", b"Host: a", b":", b" ", b"-"]
    words += [b"feed.xml", b"episodes", b"river", b"Content-Length: ", b"9" * 30, b"\0", b"Transfer-Encoding: chunked"]
    sound = SOUND_PATH.encode()
    for number in range(3000):
        if number % 3 == 0:
            data = b"".join(drawn.choice(words) for _ in range(drawn.randrange(1, 12))) + b"\r\n\r\n"
        elif number % 3 == 1:
            asked = b"".join(drawn.choice([b"-", b",", b"0", b"99999", b"bytes=", b" ", b"e"]) for _ in range(6))
            data = b"GET " + sound + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: " + asked + b"\r\n\r\n"
        else:
            path = bytes(drawn.choice(b"/.%25abcef0\\:~") for _ in range(drawn.randrange(1, 60)))
            data = b"GET /" + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            try:
                start = connection.recv(4096)
            except ConnectionResetError:
                start = b""
        assert not re.match(rb"HTTP/1\.1 5", start), data
        assert b"SECRET" not in start, data
    assert client.ask("/feed.xml").status == 200


def serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "audiopress", "serve", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_until_ctrl_c(shows: Path) -> None:
    server = serve("--output", str(shows), "--port", "0")
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        assert Client(int(found[1])).ask("/feed.xml").status == 200
        busy = serve("--output", str(shows), "--port", found[1])
        _, said = busy.communicate(timeout=30)
        assert (busy.returncode, said.count("\n")) == (1, 1)
        assert "--port" in said
    finally:
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=30)
    assert (server.returncode, said) == (0, "")


def test_a_phone_in_the_network_gets_a_code(shows: Path) -> None:
    server = serve("--output", str(shows), "--port", "0", "--host", "0.0.0.0")  # noqa: S104 - what is tested
    try:
        assert server.stdout is not None
        assert "Listen at http://" in server.stdout.readline()
        assert "Everybody on this network can listen" in server.stdout.readline()
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    server = serve("--output", str(tmp_path / "none"))
    _, said = server.communicate(timeout=30)
    assert (server.returncode, said.count("\n")) == (1, 1)
    assert "--output" in said
