"""Connections that say nothing, take nothing or say nonsense; sockets, addresses and how a server ends."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served_shows import Client, make_show, running

from audiopress.errors import OutputError
from audiopress.listen import network
from audiopress.listen.connection import Connection

if TYPE_CHECKING:
    from pathlib import Path

    from served_shows import Answer

SERVE = (
    "import sys; from pathlib import Path; from audiopress.listen.server import serve; "
    "serve(Path(sys.argv[1]), port=0, announce=lambda line: print(line, flush=True)); print('ended')"
)


#: Is told to end before it serves: by the first line it prints.
ENDS_AT_ONCE = (
    "import signal, sys; from pathlib import Path; from audiopress.listen.server import serve; "
    "serve(Path(sys.argv[1]), port=0, announce=lambda _: signal.raise_signal(signal.SIGINT)); print('ended')"
)


class Hasty(Connection):
    """Waits for a request's head, and for a listener who takes nothing, a moment only."""

    head, stall = 0.4, 0.4


def connected(client: Client) -> socket.socket:
    return socket.create_connection(("127.0.0.1", client.port), timeout=10)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes, in whichever way."""
    got = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            got += piece
    return bytes(got)


@pytest.mark.parametrize("said", [b"", b"GET /feed.xml HTTP/1.1\r\nHos"], ids=["nothing", "half a head"])
def test_who_does_not_ask_is_closed_in_time(tmp_path: Path, said: bytes) -> None:
    with running(make_show(tmp_path / "show"), connection=Hasty) as client, connected(client) as connection:
        before = time.monotonic()
        connection.sendall(said)
        assert rest(connection) == b""
        assert 0.3 < time.monotonic() - before < 5


def test_half_a_second_request_is_closed_in_time(tmp_path: Path) -> None:
    with running(make_show(tmp_path / "show"), connection=Hasty) as client, connected(client) as connection:
        connection.sendall(b"HEAD /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"HEAD /feed")
        assert rest(connection) == b""


def test_a_kept_connection_is_asked_again_and_again(tmp_path: Path) -> None:
    with running(make_show(tmp_path / "show"), connection=Hasty) as client, connected(client) as connection:
        for pause in (0, 0, 0.6):  # longer than the patience for a head that has begun
            time.sleep(pause)
            connection.sendall(b"HEAD /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_requests_sent_together_are_answered_in_order(client: Client) -> None:
    targets = ("/episodes/river/river.vtt", "/nothing", "/show.opml")
    requests = [f"GET {target} HTTP/1.1\r\nHost: x\r\n" for target in targets]
    answer = client.raw(("\r\n".join(requests) + "Connection: close\r\n\r\n").encode())
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"404", b"200"]


def test_who_takes_nothing_is_closed_in_time(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    (show / "episodes" / "river" / "river.mp3").write_bytes(bytes(30_000_000))
    with running(show, connection=Hasty) as client, connected(client) as connection:
        connection.sendall(b"GET /episodes/river/river.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1)
        time.sleep(1.2)  # longer than the patience of 0.4 s
        assert len(rest(connection)) < 30_000_000


def test_who_takes_slowly_is_not(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    (show / "episodes" / "river" / "river.mp3").write_bytes(bytes(30_000_000))
    with running(show, connection=Hasty) as client, connected(client) as connection:
        connection.sendall(b"GET /episodes/river/river.mp3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = bytearray()
        for _ in range(12):  # all together longer than the patience of 0.4 s
            time.sleep(0.05)
            got += connection.recv(1_000_000, socket.MSG_WAITALL)
        got += rest(connection)
        assert len(got.partition(b"\r\n\r\n")[2]) == 30_000_000


def test_a_crowd_that_says_nothing_keeps_nobody_waiting(client: Client) -> None:
    crowd = [connected(client) for _ in range(200)]
    try:
        before = time.monotonic()
        assert client.ask("/feed.xml").status == 200
        assert time.monotonic() - before < 2
    finally:
        for connection in crowd:
            connection.close()


def test_fifty_listeners_at_once_get_their_own_pieces(client: Client) -> None:
    answers: dict[int, Answer] = {}

    def listen(number: int) -> None:
        answers[number] = client.ask("/episodes/river/river.mp3", range=f"bytes={number}-{number + 50_000}")

    threads = [threading.Thread(target=listen, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers.values()} == {206}
    for number, answer in answers.items():
        assert answer.headers["content-range"] == f"bytes {number}-{number + 50_000}/100000"
        assert len(answer.body) == 50_001


def test_nonsense_gets_the_headers_of_every_answer(client: Client) -> None:
    answer = client.raw(b"HELLO\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff" in answer
    assert b"content-security-policy: default-src 'none'" in answer


NAMES = st.sampled_from(["range", "if-range", "if-none-match", "if-modified-since", "host", "origin", "expect", "te"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
ODD = st.sampled_from(["bytes=0-1,-1", "W/*", "Sun, 99 Foo 9999 99:99:99 GMT", "100-continue", "*", '"', "bytes=-1-"])
TARGETS = st.sampled_from(["/", "/episodes/river/river.mp3", "/api/positions", "/play", "/sport", "/-/pages.css", "*"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "DELETE", "X"]),
    TARGETS | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60).map("/".__add__),
    st.dictionaries(NAMES, VALUES | ODD, max_size=4),
    st.binary(max_size=40),
)
def test_whatever_is_asked_is_no_error_of_ours(
    client: Client, method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    named = {"host": "localhost", **headers, "connection": "close", "content-length": str(len(body))}
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())
    answer = client.raw(head.encode("latin-1") + b"\r\n" + body)
    statuses = re.findall(rb"(?m)^HTTP/1\.1 (\d+)", answer)  # 100 Continue may come first
    assert statuses
    assert max(statuses) < b"500"
    assert b"SECRET" not in answer


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("127.0.0.1", 70000, "70000 is no port; choose one from 1 to 65535 with --port."),
        ("127.0.0.1", -1, "-1 is no port; choose one from 1 to 65535 with --port."),
        ("192.0.2.77", 0, "192.0.2.77 is no address of this machine; choose another one with --host."),
        ("no such host", 0, "no such host is no address of this machine; choose another one with --host."),
        ("a" * 70, 0, f"{'a' * 70} is no address of this machine; choose another one with --host."),
        ("", 70000, "70000 is no port; choose one from 1 to 65535 with --port."),
    ],
)
def test_an_address_that_cannot_be_is_said(host: str, port: int, message: str) -> None:
    with pytest.raises(OutputError, match=f"^{re.escape(message)}$"):
        network.listen(host, port).close()


def test_a_port_in_use_is_said() -> None:
    with network.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OutputError, match=rf"^Port {port} is in use already; choose another one with --port, or"):
            network.listen("127.0.0.1", port).close()


def test_a_listener_on_loopback_has_one_address() -> None:
    with network.listen("localhost", 0) as listener:
        port = listener.getsockname()[1]
        here, outside = network.addresses(listener)
        assert here in {f"http://127.0.0.1:{port}/", f"http://[::1]:{port}/"}
        assert (outside, network.is_loopback(listener)) == ("", True)


def test_a_listener_on_all_addresses_can_be_reached_here() -> None:
    with network.listen("0.0.0.0", 0) as listener:  # noqa: S104 - what is tested
        here, outside = network.addresses(listener)
        assert here == f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert outside == "" or re.fullmatch(r"http://[0-9.]+:\d+/", outside)
        assert not network.is_loopback(listener)


def test_a_code_for_a_phone_is_small_and_has_its_own_colours() -> None:
    lines = network.qr_code("http://192.168.1.25:8000/").split("\n")
    assert all(line.startswith("\x1b[97;40m") and line.endswith("\x1b[0m") for line in lines)
    inner = [line.removeprefix("\x1b[97;40m").removesuffix("\x1b[0m") for line in lines]
    assert {len(line) for line in inner} == {29}  # version 2 (25 modules) and two around it on each side
    assert set("".join(inner)) == set("█▀▄ ")


def test_ctrl_c_ends_a_server_that_is_sending(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    (show / "episodes" / "river" / "river.mp3").write_bytes(bytes(30_000_000))
    command = [sys.executable, "-W", "error", "-c", SERVE, str(show)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        client = Client(int(server.stdout.readline().split("127.0.0.1:")[1].split("/")[0]))
        with connected(client) as stream, connected(client) as idle:
            idle.sendall(b"GET /")
            stream.sendall(b"GET /episodes/river/river.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert stream.recv(12) == b"HTTP/1.1 200"
            before = time.monotonic()
            server.send_signal(signal.SIGINT)
            out, complaints = server.communicate(timeout=20)
        assert (server.returncode, out, complaints) == (0, "ended\n", "")
        assert time.monotonic() - before < 5
    finally:
        server.kill()


def test_ctrl_c_is_not_lost_before_the_server_has_begun(shows: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", ENDS_AT_ONCE, str(shows)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")
