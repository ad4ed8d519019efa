"""Pages and feeds from the web, fetched safely: nothing private, nothing endless, nothing that is not http.

Addresses come from feeds and pages that strangers write. So each connection is made to an address that was looked at
(not to a name that may answer otherwise the second time), redirects are followed by hand, and what comes back is
counted before and after it is unpacked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

import httpcore
import httpx

from audiopress.errors import FetchError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from httpcore import SOCKET_OPTION

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD = frozenset({301, 308})  # RFC 9110, sections 15.4.2 and 15.4.9
_CHUNK = 65536  # bytes unpacked at once
ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken from a stranger."""

    size: int = 20_000_000  #: bytes, unpacked: the longest news pages have 2 MB, feeds of thousands of items 10
    seconds: float = 30.0  #: for all of it, redirects included
    redirects: int = 5  #: browsers follow 20, feeds move once or twice
    private: bool = False  #: whether loopback and private networks may be asked


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent."""

    url: str  #: where it was in the end
    status: int  #: 200, or 304 where nothing changed since the ``etag`` or ``modified`` that was sent along
    data: bytes
    media_type: str = ""
    charset: str = ""  #: as the header says, "" where it does not
    etag: str = ""
    modified: str = ""
    moved: str = ""  #: the address to use from now on, "" where it did not move for good


class _Looked(httpcore.NetworkBackend):
    """Connects to addresses that may be asked, and to no others."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._sockets = httpcore.SyncBackend()
        self.deadline = 0.0  #: by time.monotonic(): a server that sends a byte now and then is not waited for

    def left(self, timeout: float | None) -> float:
        """Seconds that a step may take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no server is called {host}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._private and any(is_private(address) for address in addresses):
            raise SourceError(
                f"{host} is an address of this machine or of a private network, which is not asked unless you allow it "
                "with --allow-private."
            )
        failure: Exception = httpcore.ConnectError(f"no server is called {host}")
        for address in addresses:
            try:
                stream = self._sockets.connect_tcp(address, port, self.left(timeout), local_address, socket_options)
                return _Timed(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Timed(httpcore.NetworkStream):
    """A connection on which all steps together end at a deadline."""

    def __init__(self, stream: httpcore.NetworkStream, looked: _Looked) -> None:
        self._stream, self._looked = stream, looked

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._looked.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._looked.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._looked.left(timeout))
        return _Timed(stream, self._looked)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_private(address: str) -> bool:
    """Whether an IP address is not of the public internet: loopback, private, link-local, multicast, reserved.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by both.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in ipaddress.ip_network("64:ff9b::/96"):  # RFC 6052
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        carried = [each for each in inner if each is not None]
        if carried:
            return any(is_private(str(each)) for each in carried)
    return not found.is_global or found.is_multicast


class Fetcher:
    """Asks servers one after the other, keeping connections open; use it as a context manager, each thread its own."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Nothing is asked yet."""
        self._limits = limits or Limits()
        self._looked = _Looked(private=self._limits.private)
        self._pool = httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=self._looked)

    def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """What lies at an address; status 304 and no data where it has not changed since ``etag`` or ``modified``.

        Raises FetchError with the server's status (0 where none answered), SourceError for an address that may not be
        asked.
        """
        self._looked.deadline = time.monotonic() + self._limits.seconds
        moved, asked = "", checked(url)
        for _ in range(self._limits.redirects + 1):
            answer, target = self._ask(asked, etag, modified)
            if not target:
                return Fetched(moved=moved, **answer) if moved else Fetched(**answer)
            following = checked(str(httpx.URL(asked).join(target)))
            if asked.startswith("https:") and not following.startswith("https:"):
                raise FetchError(f"{url} leads from https to http, which is not followed.", 0)
            permanent = answer["status"] in _MOVED_FOR_GOOD
            moved = following if permanent and (moved or asked == checked(url)) else moved
            asked = following
        raise FetchError(f"{url} leads from one address to the next without an end; check it in a browser.", 0)

    def _ask(self, url: str, etag: str, modified: str) -> tuple[dict[str, Any], str]:
        """One request: the fields of `Fetched`, and where a redirect leads."""
        headers = {
            "User-Agent": f"audiopress/{version('audiopress')}",
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
        }
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        host = httpx.URL(url).host
        try:
            timeout = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.seconds / 2)
            sent = [("Host", httpx.URL(url).netloc.decode()), *headers.items()]
            with self._pool.stream("GET", url, headers=sent, extensions={"timeout": timeout}) as response:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in _REDIRECTS and found.get("location"):
                    return {"status": response.status}, found["location"]
                self._judge(url, response.status, found)
                data = b"" if response.status == HTTPStatus.NOT_MODIFIED else self._read(url, response, found)
        except httpcore.TimeoutException as error:
            raise FetchError(
                f"{host} did not send all of {url} in {self._limits.seconds:.0f} s; try again later.", 0
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            why = str(error) or type(error).__name__
            raise FetchError(f"{url} cannot be fetched: {why}; check the address, or try again later.", 0) from error
        kind = Message()
        kind["content-type"] = found.get("content-type", "")
        return {
            "url": url,
            "status": response.status,
            "data": data,
            "media_type": kind.get_content_type() if found.get("content-type") else "",
            "charset": kind.get_content_charset() or "",
            "etag": found.get("etag", ""),
            "modified": found.get("last-modified", ""),
        }, ""

    def _judge(self, url: str, status: int, found: dict[str, str]) -> None:
        if status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            return
        wait = found.get("retry-after", "")
        retry_after = float(wait) if wait.isdecimal() else 0.0
        meaning = {
            401: "wants a password",
            403: "does not let audiopress in",
            404: "has nothing at this address",
            410: "has taken this away for good",
            429: "was asked too often; try again later",
        }.get(
            status,
            f"answered with status {status}; try again later"
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR
            else f"answered with {status}",
        )
        raise FetchError(f"{url}: the server {meaning}.", status, retry_after)

    def _read(self, url: str, response: httpcore.Response, found: dict[str, str]) -> bytes:
        """The body, unpacked, within the limits."""
        parts: list[bytes] = []
        size = 0
        for part in _unpacked(response.iter_stream(), found.get("content-encoding", "").lower(), url):
            size += len(part)
            if size > self._limits.size:
                raise FetchError(f"{url} is larger than {self._limits.size // 1_000_000} MB; it was not read.", 0)
            parts.append(part)
        return b"".join(parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()


def checked(url: str) -> str:
    """An address as it is sent: http or https, with a host and without a password in it; SourceError for another."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise SourceError(f"{url[:200]} is not an address on the web ({error}); check it.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise SourceError(f"{url[:200]} is not an http or https address; nothing else is fetched.")
    if parsed.userinfo:
        raise SourceError("An address with a user name or password in it is not fetched; take them out.")
    return str(parsed.copy_with(fragment=None))


def _unpacked(stream: Iterable[bytes], encoding: str, url: str) -> Iterator[bytes]:
    """The parts of a body as they are without gzip or deflate, never more than `_CHUNK` at once."""
    if encoding in {"", "identity"}:
        yield from stream
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"{url} comes packed as {encoding[:30]}, which was not asked for.", 0)
    packer = zlib.decompressobj(47 if encoding != "deflate" else zlib.MAX_WBITS)  # 47: gzip or zlib, by its header
    try:
        for part in stream:
            yield packer.decompress(part, _CHUNK)
            while packer.unconsumed_tail:
                yield packer.decompress(packer.unconsumed_tail, _CHUNK)
        yield packer.flush()
    except zlib.error as error:
        raise FetchError(f"{url} came damaged; try again later.", 0) from error
    if not packer.eof:
        raise FetchError(f"{url} was cut off on the way; try again later.", 0)
