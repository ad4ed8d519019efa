"""Fetching from real servers on loopback: what they send, and what strangers may try."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from audiopress.errors import FetchError, SourceError
from audiopress.sources import fetch
from audiopress.sources.fetch import Fetcher, Limits, is_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = "<p>باران آمد.</p>".encode()
type Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path as the test says, and remembers what was asked."""

    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.answers[self.path.partition("?")[0]](self)

    def send(self, status: int, data: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


class Site:
    """A server on loopback."""

    def __init__(self) -> None:
        self.handler = type("Own", (Handler,), {"answers": {}, "asked": []})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def on(self, path: str, answer: Answer) -> str:
        self.handler.answers[path] = answer
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Limits(size=100_000, seconds=1.0, private=True)) as fetcher:
        yield fetcher


def test_a_page_comes_with_what_its_headers_say(site: Site, fetcher: Fetcher) -> None:
    url = site.on(
        "/a",
        lambda h: h.send(
            200, PAGE, Content_Type="text/html; charset=UTF-8", ETag='"7"', Last_Modified="Mon, 23 Nov 2026"
        ),
    )
    page = fetcher.get(url + "?b=ث#here")
    assert (page.status, page.data, page.media_type, page.charset) == (200, PAGE, "text/html", "utf-8")
    assert (page.etag, page.modified, page.moved) == ('"7"', "Mon, 23 Nov 2026", "")
    assert site.handler.asked[0][0] == "/a?b=%D8%AB"
    assert site.handler.asked[0][1]["user-agent"].startswith("audiopress/")


def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    url = site.on("/a", lambda h: h.send(304 if h.headers["If-None-Match"] == '"7"' else 200, b""))
    page = fetcher.get(url, etag='"7"', modified="Mon, 23 Nov 2026")
    assert (page.status, page.data) == (304, b"")
    assert site.handler.asked[0][1]["if-modified-since"] == "Mon, 23 Nov 2026"


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_packed_pages_are_unpacked(site: Site, fetcher: Fetcher, name: str) -> None:
    data = gzip.compress(PAGE * 900) if name == "gzip" else zlib.compress(PAGE * 900)
    assert fetcher.get(site.on("/a", lambda h: h.send(200, data, Content_Encoding=name))).data == PAGE * 900


def test_redirects_are_followed_and_a_move_for_good_is_told(site: Site, fetcher: Fetcher) -> None:
    site.on("/new", lambda h: h.send(200, PAGE))
    site.on("/now", lambda h: h.send(302, Location="/new"))
    old = site.on("/old", lambda h: h.send(301, Location="now"))
    page = fetcher.get(old)
    assert (page.url, page.data, page.moved) == (f"{site.url}/new", PAGE, f"{site.url}/now")
    assert fetcher.get(f"{site.url}/now").moved == ""


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "has nothing"), (410, "for good"), (403, "does not let"), (500, "status 500"), (418, "answered with 418")],
)
def test_a_refusal_is_one_sentence_with_its_status(site: Site, fetcher: Fetcher, status: int, said: str) -> None:
    with pytest.raises(FetchError, match=said) as caught:
        fetcher.get(site.on("/a", lambda h: h.send(status)))
    assert caught.value.status == status


def test_a_server_may_ask_for_patience(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="too often") as caught:
        fetcher.get(site.on("/a", lambda h: h.send(429, Retry_After="120")))
    assert caught.value.retry_after == 120


def endless(h: Handler) -> None:
    h.send_response(200)
    h.end_headers()
    with suppress(OSError):
        while True:
            h.wfile.write(b"x" * 10_000)


def dripping(h: Handler) -> None:
    h.send_response(200)
    h.end_headers()
    with suppress(OSError):
        for _ in range(100):
            h.wfile.write(b"x")
            h.wfile.flush()
            time.sleep(0.1)


def stalling(_: Handler) -> None:
    time.sleep(3)


def cut_off(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Length", "1000")
    h.end_headers()
    h.wfile.write(b"x")


BOMB = gzip.compress(b"\0" * 50_000_000)


def bomb(h: Handler) -> None:
    with suppress(OSError):
        h.send(200, BOMB, Content_Encoding="gzip")


def dripping_headers(h: Handler) -> None:
    with suppress(OSError):
        for _ in range(100):
            h.wfile.write(b"H" if _ else b"HTTP/1.1 200 OK\r\nX-")
            h.wfile.flush()
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (endless, "larger than"),
        (bomb, "larger than"),
        (dripping, "did not send all"),
        (dripping_headers, "did not send all"),
        (stalling, "did not send all"),
        (cut_off, "cannot be fetched"),
        (lambda h: h.send(200, b"no gzip", Content_Encoding="gzip"), "damaged"),
        (lambda h: h.send(200, gzip.compress(PAGE)[:-9], Content_Encoding="gzip"), "cut off"),
        (lambda h: h.send(200, PAGE, Content_Encoding="br"), "packed as br"),
        (lambda h: h.send(302, Location="/a"), "without an end"),
        (lambda h: h.wfile.write(b"SSH-2.0-x\r\n"), "cannot be fetched"),
        (lambda h: h.connection.close(), "cannot be fetched"),
    ],
)
def test_bad_servers_are_given_up(site: Site, fetcher: Fetcher, answer: Answer, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(FetchError, match=said):
        fetcher.get(site.on("/a", answer))
    assert time.monotonic() - began < 10  # the limit is one second


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "not an http"),
        ("ftp://example.org/a", "not an http"),
        ("http://", "not an http"),
        ("http://user:secret@example.org/", "user name or password"),
        ("http://[::1", "not an address"),
        ("http://a.invalid/", "no server is called a.invalid"),
    ],
)
def test_what_is_no_address_is_not_asked(fetcher: Fetcher, url: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        fetcher.get(url)
    assert "secret" not in str(caught.value)


def test_private_addresses_are_refused_also_behind_a_redirect_or_a_name(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.on("/a", lambda h: h.send(200, PAGE))
    for address in (url, url.replace("127.0.0.1", "localhost"), "http://0/", "http://[::ffff:127.0.0.1]/"):
        with Fetcher() as fetcher, pytest.raises(SourceError, match="private network"):
            fetcher.get(address)
    assert site.handler.asked == []
    looked_up = socket.getaddrinfo

    def public_once(host: str, *rest: Any, **more: Any) -> Any:
        return looked_up("127.0.0.1" if host == "public.test" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", public_once)
    monkeypatch.setattr(fetch, "is_private", lambda address: address != "127.0.0.1")
    leads = site.on("/leads", lambda h: h.send(302, Location="http://10.0.0.1/"))
    with Fetcher() as fetcher, pytest.raises(SourceError, match=r"10\.0\.0\.1 is an address of"):
        fetcher.get(leads.replace("127.0.0.1", "public.test"))


def test_a_redirect_to_a_file_is_not_followed(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(SourceError, match="not an http"):
        fetcher.get(site.on("/a", lambda h: h.send(302, Location="file:///etc/passwd")))


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("169.254.169.254", True),
        ("192.168.1.1", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),  # noqa: S104 - an address, not a place to listen
        ("224.0.0.1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("64:ff9b::7f00:1", True),
        ("2002:7f00:1::", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("::ffff:8.8.8.8", False),
    ],
)
def test_private_addresses_are_known(address: str, *, private: bool) -> None:
    assert is_private(address) is private
