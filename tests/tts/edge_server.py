"""Edge's speech service on loopback, for the real edge-tts: it speaks as the service does and, when told so, fails so.

``with edge_at_loopback() as server: EdgeEngine(places).synthesize(pronunciation, find_voice("dilara"))``
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import edge_tts.communicate
import numpy as np
import pytest
from aiohttp import WSMsgType, web
from edge_tts.drm import DRM
from service import AFTER, BEFORE, PAUSES, RATE

from audiopress.ffmpeg import binary
from audiopress.model import (
    Audio,
    Boundary,
    Delivery,
    Pronunciation,
    Role,
    Sentence,
    Utterance,
    Voice,
    VoiceInput,
    Word,
)
from audiopress.tts.engine import Places
from audiopress.tts.tone import ToneEngine

TICKS = 10_000_000
MOST_BYTES = 4096
PATH = "/consumer/speech/synthesize/readaloud/edge/v1"
SSML = "{http://www.w3.org/2001/10/synthesis}"
PROXIES = [name + "_proxy" for name in ("http", "https", "ws", "wss", "all")]


class Loopback:
    """A server on this machine, in a thread of its own; use it as a context manager."""

    def __init__(self) -> None:
        self.port = 0
        self.over = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))

    def routes(self, app: web.Application) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self.over.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        self.routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self.over.wait()
        await runner.cleanup()


@cache
def said(text: str, rate: float = 1.0) -> tuple[tuple[str, ...], Audio]:
    """The words of a text, and a tone for each with silence around all: their marks are where they truly are."""
    words = []
    for chunk in text.split():
        word = chunk.rstrip("".join(PAUSES))
        if word:
            words.append(Word(word, word, PAUSES.get(chunk[len(word) :][:1], "")))
    voice = Voice("tone", "tone", VoiceInput.PHONEMES, "fa", "none", RATE, "", "", "")
    utterance = Utterance(Sentence(text, 1, Role.BODY, Boundary.SENTENCE), text)
    engine = ToneEngine(Places(Path(), Path()))
    audio = engine.synthesize(Pronunciation(utterance, tuple(words)), voice, Delivery(rate))
    before = round(BEFORE * RATE)
    marks = tuple(replace(mark, start=mark.start + before, stop=mark.stop + before) for mark in audio.marks)
    samples = np.pad(audio.samples, (before, round(AFTER * RATE)))
    return tuple(word.spoken for word in words), Audio(samples, RATE, marks)


def mp3(audio: Audio, bitrate: int = 48) -> bytes:
    """Raw MP3 frames as LAME makes them, kbit/s constant, with no header before them."""
    given = ["-f", "f32le", "-ar", str(audio.sample_rate), "-ac", "1", "-i", "-"]
    form = ["-c:a", "libmp3lame", "-b:a", f"{bitrate}k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "-"]
    command = [binary(), "-v", "error", *given, *form]
    return subprocess.run(command, input=audio.samples.astype("<f4").tobytes(), capture_output=True, check=True).stdout


@dataclass(frozen=True, slots=True)
class Told:
    """A word as the service tells it, in seconds."""

    text: str
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What is sent for one request."""

    sound: bytes
    told: tuple[Told, ...]
    kind: str = "audio/mpeg"  #: "" for none
    end: str = "turn.end"  #: or "close", "reset", "stall"
    path: str = "audio"


@cache
def turn(text: str, rate: float = 1.0) -> Turn:
    """All as it should be."""
    words, audio = said(text, rate)
    told = (Told(word, mark.start / RATE, mark.stop / RATE) for word, mark in zip(words, audio.marks, strict=True))
    return Turn(mp3(audio), tuple(told))


@dataclass(frozen=True, slots=True)
class Status:
    """An answer in place of a conversation."""

    code: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


type Act = Status | Callable[[Turn], Turn]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    text: str
    voice: str
    rate: str
    pitch: str
    volume: str
    time: float  #: by time.monotonic()


class EdgeServer(Loopback):
    """The service; ``plan`` holds what goes wrong first, one act a connection, ``always`` what goes wrong then."""

    def __init__(self, clock: float = 0.0) -> None:
        """``clock`` is by how many seconds the service's clock is ahead of ours."""
        super().__init__()
        self.clock = clock
        self.plan: deque[Act] = deque()
        self.always: Act | None = None
        self.connections = 0
        self.busy = self.busiest = 0  #: conversations at once
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}{PATH}?TrustedClientToken={edge_tts.constants.TRUSTED_CLIENT_TOKEN}"

    @property
    def texts(self) -> list[str]:
        """What it was asked to say, in the order it was asked."""
        return [asked.text for asked in self.asked]

    def routes(self, app: web.Application) -> None:
        app.router.add_get(PATH, self._meet)

    async def _meet(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        act = self.plan.popleft() if self.plan else self.always
        if isinstance(act, Status):
            headers = {"Date": formatdate(time.time(), usegmt=True)} | dict(act.headers)
            return web.Response(status=act.code, text=act.body, headers=headers)
        if not self._may_enter(request):
            return web.Response(status=403, headers={"Date": formatdate(time.time() + self.clock, usegmt=True)})
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            with suppress(ConnectionResetError):  # the client has had enough
                await self._converse(request, socket, act or (lambda turn: turn))
        finally:
            self.busy -= 1
        return socket

    def _may_enter(self, request: web.Request) -> bool:
        """Whether the token is of this five minutes (or of those around, should they end now)."""
        now = time.time() + self.clock
        tokens = {edge_tts.drm.generate_sec_ms_gec_v2(now + 300 * step) for step in (-1, 0, 1)}
        known = {"TrustedClientToken", "ConnectionId", "Sec-MS-GEC", "Sec-MS-GEC-Version"}
        given = request.query
        browser = "Edg/" in request.headers["User-Agent"] and "muid=" in request.headers["Cookie"]
        return set(given) == known and given["Sec-MS-GEC"] in tokens and browser

    async def _converse(self, request: web.Request, socket: web.WebSocketResponse, act: Callable[[Turn], Turn]) -> None:
        config = message(await socket.receive_str())
        ssml = message(await socket.receive_str())
        assert config[0]["Path"] == "speech.config"
        wanted = json.loads(config[1])["context"]["synthesis"]["audio"]
        assert wanted["outputFormat"] == "audio-24khz-48kbitrate-mono-mp3"
        assert wanted["metadataoptions"]["wordBoundaryEnabled"] == "true"
        assert ssml[0]["Path"] == "ssml"
        assert ssml[0]["Content-Type"] == "application/ssml+xml"
        asked = heard(ssml[1])
        self.asked.append(asked)
        if len(escape(asked.text).encode()) > MOST_BYTES:
            await socket.close(code=1007)
            return
        given = await asyncio.to_thread(turn, asked.text, 1 + int(asked.rate.rstrip("%")) / 100)
        await self._speak(request, socket, act(given), ssml[0]["X-RequestId"])

    async def _speak(self, request: web.Request, socket: web.WebSocketResponse, turn: Turn, name: str) -> None:
        head = f"X-RequestId:{name}\r\nContent-Type:application/json; charset=utf-8\r\nPath:"
        await socket.send_str(f'{head}turn.start\r\n\r\n{{"context":{{"serviceTag":"x"}}}}')
        await socket.send_str(f'{head}response\r\n\r\n{{"context":{{"serviceTag":"x"}}}}')
        for told in turn.told:
            await socket.send_str(f"{head}audio.metadata\r\n\r\n{metadata(told)}")
        kind = f"Content-Type:{turn.kind}\r\n" if turn.kind else ""
        about = f"X-RequestId:{name}\r\n{kind}X-StreamId:x\r\nPath:{turn.path}\r\n".encode()
        for start in range(0, len(turn.sound), 1440):
            await socket.send_bytes(len(about).to_bytes(2, "big") + about + turn.sound[start : start + 1440])
        if turn.end == "stall":
            await self.over.wait()
        elif turn.end == "reset":
            assert request.transport is not None
            request.transport.abort()
        elif turn.end == "close":
            await socket.close(code=1011)
        else:
            await socket.send_str(f"{head}{turn.end}\r\n\r\n{{}}")
            while (await socket.receive()).type is WSMsgType.TEXT:
                pass


def message(data: str) -> tuple[dict[str, str], str]:
    """The headers and the body of what the client sent."""
    head, body = data.split("\r\n\r\n", 1)
    return dict(line.split(":", 1) for line in head.split("\r\n")), body


def heard(ssml: str) -> Asked:
    """What the client wants said."""
    speak = ET.fromstring(ssml)  # noqa: S314 - our own
    voice = speak.find(f"{SSML}voice")
    assert speak.tag == f"{SSML}speak"
    assert voice is not None
    prosody = voice.find(f"{SSML}prosody")
    assert prosody is not None
    how = prosody.attrib
    name = voice.attrib["name"]
    return Asked(prosody.text or "", name, how["rate"], how["pitch"], how["volume"], time.monotonic())


def metadata(told: Told) -> str:
    """The JSON that tells of a word; its text is escaped, as the service does."""
    word = {"Text": escape(told.text), "Length": len(told.text), "BoundaryType": "WordBoundary"}
    place = {"Offset": round(told.start * TICKS), "Duration": round((told.stop - told.start) * TICKS)}
    return json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": {**place, "text": word}}]}, ensure_ascii=False)


@contextmanager
def edge_at_loopback(clock: float = 0.0) -> Iterator[EdgeServer]:
    """A server that edge-tts takes for the real one, with short pauses between tries and no limit a minute."""
    from audiopress.tts import edge  # noqa: PLC0415 - what is patched

    quick = replace(edge.LIMITS, per_minute=0, attempts=4, wait_initial=0.01, wait_max=0.02, patience=30)
    with EdgeServer(clock) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge_tts.communicate, "WSS_URL", server.url)
        patch.setattr(DRM, "clock_skew_seconds", 0.0)
        patch.setattr(edge, "LIMITS", quick)
        for name in PROXIES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield server
