"""One file of a voice, brought over a network that may break at any byte."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from audiopress.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Download

HOPS = 10  # redirects that are followed; Hugging Face needs two
START = 512  # bytes at a file's beginning that are looked at
LONGEST_WAIT = 120.0  # seconds; a server that asks for a longer pause is left alone

# stamina tells the logging module of every retry; without a handler Python would print that to standard error, where
# our own progress stands.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for."""

    timeout: float = 30.0  #: seconds in which some byte must arrive
    attempts: int = 5  #: in a row that bring nothing new
    wait: float = 1.0  #: seconds before the second attempt, doubled each time


class _Passing(EngineUnavailable):
    """A failure that may pass; ``after`` is how many seconds the server asks to wait, if it does."""

    def __init__(self, sentence: str, after: float | None = None) -> None:
        super().__init__(sentence)
        self.after = after


def fetch(download: Download, path: Path, told: Callable[[int, int], None], patience: Patience) -> str:
    """Bring a file to ``path`` and return its SHA-256; a part that lies there already is gone on with.

    ``told(done, total)`` counts its bytes, total 0 as long as it is not known. Raises EngineUnavailable in one
    sentence where the server does not give it, or gives something else, and OSError where the disk does not take it.
    """
    with httpx.Client(
        timeout=httpx.Timeout(patience.timeout),
        follow_redirects=True,
        max_redirects=HOPS,
        # Sizes and ranges count the bytes of the file: nothing may be packed on the way.
        headers={"User-Agent": "audiopress", "Accept-Encoding": "identity"},
        event_hooks={"request": [_guard]},
    ) as client:
        for fresh in (False, True):
            if fresh:
                _forget(path)
            began = _size(path)
            if began and download.sha256 == (found := _sha256(path)):
                told(began, began)
                return found
            _persevere(client, download, path, told, patience)
            found = _sha256(path)
            if not download.sha256 or found == download.sha256:
                return found
            if (
                not began
            ):  # a part from an earlier time may have been another file's: only then a second try makes sense
                break
    _forget(path)
    raise EngineUnavailable(
        f"{download.url} is not the file that the voice file means (SHA-256 {found[:12]}… in place of "
        f"{download.sha256[:12]}…), so it was thrown away; try again, and if it happens again do not trust the server."
    )


def _persevere(
    client: httpx.Client, download: Download, path: Path, told: Callable[[int, int], None], patience: Patience
) -> None:
    """Ask for the rest of a file until all of it is there; attempts count anew when something new has arrived."""
    import stamina  # noqa: PLC0415 - only needed when something is fetched

    while True:
        before = _size(path)
        try:
            for attempt in stamina.retry_context(
                on=_backoff, attempts=patience.attempts, timeout=None, wait_initial=patience.wait, wait_jitter=0
            ):
                with attempt:
                    _ask(client, download, path, told)
        except _Passing:
            if _size(path) <= before:
                raise
        else:
            return


def _backoff(error: Exception) -> bool | timedelta:
    if not isinstance(error, _Passing):
        return False
    if error.after is None:
        return True
    return timedelta(seconds=error.after) if error.after <= LONGEST_WAIT else False


def _ask(client: httpx.Client, download: Download, path: Path, told: Callable[[int, int], None]) -> None:
    """One request: all of the file, or what is missing of it."""
    url, there = download.url, _size(path)
    known = _validator(path)
    headers: dict[str, str] = {}
    if there and (known or download.sha256):  # without either nobody could tell whether the parts belong together
        headers = {"Range": f"bytes={there}-"} | ({"If-Range": known} if known else {})
    try:
        with client.stream("GET", url, headers=headers) as response:
            if known and response.headers.get("Content-Range") == f"bytes */{there}":
                told(there, there)
                return  # nothing is missing
            _refuse(url, response, path)
            gone_on = response.status_code == HTTPStatus.PARTIAL_CONTENT and bool(headers)
            if gone_on and not response.headers.get("Content-Range", "").startswith(f"bytes {there}-"):
                _forget(path)
                raise _Passing(f"{url} sent another part of the file than it was asked for; try again later.")
            done = there if gone_on else 0
            length = int(response.headers.get("Content-Length") or 0)
            total = done + length if length else download.size
            _remember(path, response)
            with path.open("ab" if gone_on else "wb") as file:
                told(done, total)
                for chunk in response.iter_raw():
                    if done == 0:
                        _look(url, chunk, path)
                    file.write(chunk)
                    done += len(chunk)
                    told(done, total)
                file.flush()
                os.fsync(file.fileno())
    except httpx.TimeoutException as error:
        raise _Passing(f"{url} gave no answer in time; look after your network or try again later.") from error
    except (httpx.TooManyRedirects, httpx.InvalidURL) as error:
        raise EngineUnavailable(f"{url} leads nowhere ({error}); mend the voice file.") from error
    except httpx.TransportError as error:
        why = str(error) or type(error).__name__
        raise _Passing(f"{url} could not be fetched ({why}); look after your network or try again later.") from error
    if download.size and done != download.size:
        _forget(path)
        raise _Passing(f"{url} has {done} bytes in place of {download.size}; try again later.")


def _refuse(url: str, response: httpx.Response, path: Path) -> None:
    """Raise where a server says no."""
    status = response.status_code
    if status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise EngineUnavailable(_page(url))
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise EngineUnavailable(f"{url} comes packed, though it was asked for as it is; use another network.")
        return
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        _forget(path)  # what lies here is longer than the file: not a part of it
        raise _Passing(f"{url} has another length than before; try again.")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise EngineUnavailable(f"{url} does not exist any more ({status}); look for a newer version of audiopress.")
    if (
        status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        asked = response.headers.get("Retry-After", "")
        after = float(asked) if asked.isdecimal() else None
        raise _Passing(f"{url} answers {status} at the moment; try again later.", after)
    raise EngineUnavailable(f"{url} is refused by its server ({status}); look for a newer version of audiopress.")


def _look(url: str, start: bytes, path: Path) -> None:
    """Raise where a file begins as no model and no JSON does: with a page, or with what Git LFS leaves in its place."""
    if start[:START].lstrip().startswith((b"<", b"version https://git-lfs")):
        _forget(path)
        raise EngineUnavailable(_page(url))


def _page(url: str) -> str:
    return (
        f"{url} gave a page in place of a file; a network that asks for a login does so: open a page in a browser, "
        "then try again."
    )


def _guard(request: httpx.Request) -> None:
    """Let no request, redirected ones included, go out unencrypted but to this machine."""
    if request.url.scheme != "https" and not (request.url.scheme == "http" and _is_loopback(request.url.host)):
        where = request.url.copy_with(query=None)  # which may hold a signature
        raise EngineUnavailable(f"{where} is not https, so nothing is fetched from there; mend the voice file.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _notes(path: Path) -> Path:
    """Where it is kept which version of the file the part belongs to."""
    return path.with_name(f"{path.name}.part.json")


def _validator(path: Path) -> str:
    """What `_remember` kept: the version of the file that a part is of, "" where that is not known."""
    try:
        known: Any = json.loads(_notes(path).read_bytes())
        return str(known["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _remember(path: Path, response: httpx.Response) -> None:
    etag = response.headers.get("ETag", "")
    version = response.headers.get("Last-Modified", "") if not etag or etag.startswith("W/") else etag
    _notes(path).write_text(json.dumps({"version": version}), encoding="utf-8")


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    _notes(path).unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
