"""``<show>/api/positions``: where a listener stopped, told and asked for by the web player of the same server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from audiopress.errors import OutputError
from audiopress.listen.network import trusted
from audiopress.listen.positions import NotPositions, from_json, load, to_json, update

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

PATH = ("api", "positions")
ALLOW = "GET, HEAD, POST, OPTIONS"
#: Bytes of a request: `positions.MOST` episodes with guids like ours are 1.2 MB.
LARGEST = 2_000_000
#: Seconds in which a request must have come; 2 MB need them at 1.6 Mbit/s.
_PATIENCE = 10.0
_JSON = "application/json"


async def positions(request: Request, show: Path, *, loopback: bool) -> Response:
    """Answer a request for a show's positions: GET gives them, POST merges its own into them and gives all.

    Only pages of this server may ask, whatever browser they are in; programs that are no browsers say nothing of where
    they come from, and may. Refusals are 403, other bodies than JSON 415, larger ones 413, other JSON 400.
    """
    if not _ours(request, loopback=loopback):
        return _refusal(403, "Only pages of this server may ask for positions.")
    try:
        if request.method == "POST":
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
                return _refusal(415, "Send positions as application/json.")
            changes = from_json(await _body(request))
            known = await to_thread.run_sync(update, show, changes)
        else:
            known = await to_thread.run_sync(load, show)
    except NotPositions as error:
        return _refusal(400, str(error))
    except _TooLargeError:
        return _refusal(413, f"Positions have at most {LARGEST} bytes.")
    except TimeoutError:
        return _refusal(408, "The positions came too slowly.")
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except OutputError:
        # The sentence names a path of this machine, which is nobody's business.
        return _refusal(507, "The server cannot keep positions now.")
    return _json(200, to_json(known))


def _ours(request: Request, *, loopback: bool) -> bool:
    """Say whether a request comes from one of our own pages, or from no page at all."""
    host = request.headers.get("host", "")
    if not trusted(host, loopback=loopback):
        return False
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == host.strip().lower()
    except ValueError:
        return False


class _TooLargeError(Exception):
    """A body has more than `LARGEST` bytes."""


async def _body(request: Request) -> bytes:
    """Return a request's body, of which no more is held than may be."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and (len(told) > len(str(LARGEST)) or int(told) > LARGEST):
        raise _TooLargeError
    body = bytearray()
    async with asyncio.timeout(_PATIENCE):
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                raise _TooLargeError
    return bytes(body)


def _refusal(status: int, message: str) -> Response:
    answer = _json(status, json.dumps({"error": message}).encode())
    # What is left of the request is not read.
    answer.headers["connection"] = "close"
    return answer


def _json(status: int, data: bytes) -> Response:
    return Response(data, status, {"cache-control": "no-store"}, _JSON)
