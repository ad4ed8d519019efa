"""Google Translate on loopback, for the real gTTS: it speaks as the service does and, when told so, fails as it does.

``with google_at_loopback() as server: GoogleEngine(places).synthesize(pronunciation, find_voice("google"))``
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import gtts.tts
import numpy as np
import pytest
from aiohttp import web
from edge_server import PROXIES, RATE, Loopback, mp3, said

from audiopress.model import Audio

PATH = "/_/TranslateWebserverUi/data/batchexecute"
MOST = 100  # characters
KBITS = 32
#: What follows the audio in a real answer.
REST = [["di", 42], ["af.httprm", 42, "1234567890", 7]]

type Act = Callable[["GoogleServer", web.Request, str], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    text: str
    language: str
    tld: str
    slow: object
    time: float  #: by time.monotonic()


@cache
def speech(text: str) -> bytes:
    """What the service sends for a text, as MP3."""
    return mp3(said(text)[1], KBITS)


def body(data: bytes | None) -> str:
    """The answer that holds an MP3, or with None that of a language without a voice."""
    held = None if data is None else json.dumps([base64.b64encode(data).decode()])
    rpc = ["wrb.fr", "jQ1olc", held, None, None, None, "generic"]
    return ")]}'\n\n" + json.dumps([rpc, *REST], separators=(",", ":"))


class GoogleServer(Loopback):
    """The service; ``plan`` holds what goes wrong first, one act a request, ``always`` what goes wrong then."""

    def __init__(self, languages: frozenset[str] = frozenset({"fa", "ar", "en"})) -> None:
        """``languages`` are those it has voices for."""
        super().__init__()
        self.languages = languages
        self.plan: deque[Act] = deque()
        self.always: Act | None = None
        self.asked: list[Asked] = []
        self.busy = self.busiest = 0  #: requests under way at once

    @property
    def texts(self) -> list[str]:
        """What it was asked to say, in the order it was asked."""
        return [asked.text for asked in self.asked]

    def address(self, tld: str = "com", path: str = "") -> str:
        """What gTTS takes for translate.google.TLD."""
        return f"http://127.0.0.1:{self.port}/{tld}/{path}"

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/{tld}" + PATH, self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        ((call,),) = json.loads(str(form["f.req"]))
        text, language, slow, _ = json.loads(call[1])
        assert call[0] == "jQ1olc"
        assert call[2:] == [None, "generic"]
        self.asked.append(Asked(text, language, request.match_info["tld"], slow, time.monotonic()))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        act = self.plan.popleft() if self.plan else self.always
        try:
            return await (act or speak)(self, request, text)
        finally:
            self.busy -= 1


def answer(text: str, status: int = 200, kind: str = "application/json", **headers: str) -> Act:
    """This, whatever was asked; "_" in the name of a header stands for "-"."""

    async def act(server: GoogleServer, request: web.Request, _: str) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(text=text, status=status, content_type=kind, headers=named)

    return act


async def speak(server: GoogleServer, request: web.Request, text: str) -> web.StreamResponse:
    """As it should be: audio for a language that has a voice, up to 100 characters."""
    known = server.asked[-1].language in server.languages and len(text) <= MOST
    return web.Response(text=body(await asyncio.to_thread(speech, text) if known else None))


async def cut(server: GoogleServer, request: web.Request, text: str) -> web.StreamResponse:
    """The first 40 % of the audio."""
    data = await asyncio.to_thread(speech, text)
    return web.Response(text=body(data[: len(data) * 2 // 5]))


async def slow(server: GoogleServer, request: web.Request, text: str) -> web.StreamResponse:
    """As it should be, but a little late."""
    await asyncio.sleep(0.05)
    return await speak(server, request, text)


async def reset(server: GoogleServer, request: web.Request, text: str) -> web.StreamResponse:
    """Half of what was promised, then the connection is torn down."""
    response = await _half(request, text)
    assert request.transport is not None
    request.transport.abort()
    return response


async def stall(server: GoogleServer, request: web.Request, text: str) -> web.StreamResponse:
    """Half of what was promised, then nothing more."""
    response = await _half(request, text)
    await server.over.wait()
    return response


def silence(seconds: float = 3.0) -> Act:
    """Audio with nothing to hear."""
    return answer(body(mp3(Audio(np.zeros(round(seconds * RATE), np.float32), RATE), KBITS)))


async def _half(request: web.Request, text: str) -> web.StreamResponse:
    data = body(await asyncio.to_thread(speech, text)).encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    return response


@contextmanager
def google_at_loopback(languages: frozenset[str] = frozenset({"fa", "ar", "en"})) -> Iterator[GoogleServer]:
    """A server that gTTS takes for the real one, with short pauses between tries and no limit a minute."""
    from audiopress.tts import google  # noqa: PLC0415 - what is patched

    quick = replace(google.LIMITS, per_minute=0, wait_initial=0.01, wait_max=0.02)
    with GoogleServer(languages) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(gtts.tts, "_translate_url", server.address)
        patch.setattr(google, "LIMITS", quick)
        for name in PROXIES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield server
