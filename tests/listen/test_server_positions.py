"""The positions API: who may ask, and what is refused."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from served_shows import make_show, running

from audiopress.listen import api
from audiopress.listen.network import trusted
from audiopress.listen.positions import load

if TYPE_CHECKING:
    from pathlib import Path

    from served_shows import Client

API = "/api/positions"
TEXT = b'{"version": 1, "positions": {"a": {"seconds": 12.3, "played": false, "at": "2026-11-23T08:00:00.000Z"}}}'
JSON = {"content_type": "application/json"}


def test_what_is_told_is_what_the_terminal_reads(client: Client, shows: Path) -> None:
    assert client.ask(API, "POST", TEXT, content_type="Application/JSON; charset=utf-8").status == 200
    assert load(shows)["a"].seconds == 12.3
    answer = client.ask(API)
    assert (answer.body, answer.headers["cache-control"]) == (TEXT, "no-store")
    assert client.ask(API, "HEAD").body == b""
    assert client.ask(API, "PUT", TEXT, **JSON).headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "192.168.1.5:8000"},
        {"host": "laptop.local"},
        {"host": ""},
    ],
    ids=str,
)
def test_pages_of_other_sites_may_not_ask(client: Client, headers: dict[str, str]) -> None:
    for method, body in (("GET", b""), ("POST", TEXT)):
        answer = client.ask(API, method, body, **JSON, **headers)
        assert answer.status == 403
        assert b"12.3" not in answer.body


def test_our_own_pages_may_ask(client: Client) -> None:
    for host in (f"127.0.0.1:{client.port}", f"localhost:{client.port}", f"[::1]:{client.port}"):
        answer = client.ask(API, "POST", TEXT, **JSON, host=host, origin=f"http://{host}", sec_fetch_site="same-origin")
        assert answer.status == 200
    assert client.ask(API, sec_fetch_site="none").status == 200


@pytest.mark.parametrize(
    ("host", "on_loopback", "on_network"),
    [
        ("localhost", True, True),
        ("LOCALHOST.:8000", True, True),
        ("news.localhost", True, True),
        ("127.0.0.53:8000", True, True),
        ("[::1]", True, True),
        ("192.168.1.5:8000", False, True),
        ("[fe80::1]:8000", False, True),
        ("laptop.local:8000", False, True),
        ("evil.example:8000", False, False),
        ("localhost.evil.example", False, False),
        ("evil-localhost", False, False),
        ("0x7f.1", False, False),
        ("[::1", True, True),
        ("", False, False),
    ],
)
def test_a_host_is_trusted_that_no_site_can_take(host: str, on_loopback: bool, on_network: bool) -> None:  # noqa: FBT001 - a row of the table
    assert trusted(host, loopback=True) is on_loopback
    assert trusted(host, loopback=False) is on_network


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b"\xff", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b'{"version": 2, "positions": {}}', JSON, 400),
        (TEXT.replace(b"12.3", b"NaN"), JSON, 400),
        (TEXT, {}, 415),
        (TEXT, {"content_type": "text/plain"}, 415),
        (TEXT, {"content_type": "application/jsonp"}, 415),
        (b"x", {**JSON, "content_length": "2000001"}, 413),
        (b"x", {**JSON, "content_length": "9" * 19}, 413),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_positions_is_refused(client: Client, body: bytes, headers: dict[str, str], status: int) -> None:
    answer = client.ask(API, "POST", body, **headers)
    assert answer.status == status
    assert list(json.loads(answer.body)) == ["error"]


def test_a_body_that_does_not_say_its_size_is_read_no_further_than_it_may(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LARGEST", 1000)
    chunk = b"1f4\r\n" + 500 * b"x" + b"\r\n"
    head = f"POST {API} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    answer = client.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + 3 * chunk + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_comes_too_slowly_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_PATIENCE", 0.2)
    head = f"POST {API} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    assert client.raw(head + b"Content-Length: 100\r\n\r\n{").startswith(b"HTTP/1.1 408 ")


def test_who_hangs_up_while_telling_spoils_nothing(client: Client) -> None:
    head = f"POST {API} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        connection.sendall(head + b"Content-Length: 100\r\n\r\n{")
    assert client.ask(API).status == 200


def test_a_disk_that_refuses_is_no_bug_and_names_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    (data_folder / "file").write_bytes(b"")
    monkeypatch.setenv("AUDIOPRESS_DATA", str(data_folder / "file"))
    with running(make_show(tmp_path / "show")) as client:
        answer = client.ask(API, "POST", TEXT, **JSON)
    assert (answer.status, json.loads(answer.body)) == (507, {"error": "The server cannot keep positions now."})


def test_on_a_network_the_machines_addresses_are_its_own(tmp_path: Path) -> None:
    with running(make_show(tmp_path / "show"), loopback=False) as client:
        assert client.ask(API, host="192.168.1.5:8000", origin="http://192.168.1.5:8000").status == 200
        assert client.ask(API, host="evil.example", origin="http://evil.example").status == 403
