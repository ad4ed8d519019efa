"""Speech services on loopback: they speak as OpenAI's, Azure's and ElevenLabs' do and, when told so, fail as they do.

``with SpeechServer() as server: HttpEngine(places).synthesize(pronunciation, server.voice("azure"))``
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self
from xml.etree import ElementTree as ET

import numpy as np
from aiohttp import web

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
from audiopress.tts.cache import wav_bytes
from audiopress.tts.engine import Places
from audiopress.tts.http_apis import APIS
from audiopress.tts.tone import ToneEngine

if TYPE_CHECKING:
    import pytest

RATE = 24_000  # Hz that the server speaks at
BEFORE, AFTER = 0.15, 0.4  # seconds of silence around its speech, as services have
PAUSES = {"،": ",", "؛": ";", "؟": "?"} | {mark: mark for mark in ",;:.?!"}
#: How ffmpeg makes each kind of file. Its "wav" does not know its length, as that of a service which streams.
FORMS = {
    "wav": ["-f", "wav"],
    "mp3": ["-f", "mp3", "-b:a", "96k"],
    "opus": ["-c:a", "libopus", "-f", "ogg"],
    "flac": ["-f", "flac"],
    "aac": ["-f", "adts"],
}
SSML = "{http://www.w3.org/2001/10/synthesis}"

type Act = Callable[["SpeechServer", web.Request, bytes], Awaitable[web.StreamResponse]]


def spoken(text: str, delivery: Delivery = Delivery()) -> Audio:  # noqa: B008 - a frozen value
    """Speech for a text: a tone a word, with the marks of its words, and silence around it."""
    words = []
    for chunk in text.split():
        word = chunk.rstrip("".join(PAUSES))
        if word:
            words.append(Word(word, word, PAUSES.get(chunk[len(word) :][:1], "")))
    sentence = Sentence(text, 1, Role.BODY, Boundary.SENTENCE)
    voice = Voice("tone", "tone", VoiceInput.PHONEMES, "fa", "none", RATE, "", "", "")
    pronunciation = Pronunciation(Utterance(sentence, text), tuple(words))
    audio = ToneEngine(Places(Path(), Path())).synthesize(pronunciation, voice, delivery)
    around = (round(BEFORE * RATE), round(AFTER * RATE))
    return Audio(np.pad(audio.samples, around), RATE)


def encoded(audio: Audio, form: str = "wav", sample_rate: int = RATE) -> bytes:
    """Audio as the bytes of a file; ``form`` is one of FORMS, or "riff" for a WAV that knows its length."""
    if form == "riff":
        return wav_bytes(np.round(audio.samples * 32767).astype("<i2").tobytes(), audio.sample_rate)
    given = ["-f", "f32le", "-ar", str(audio.sample_rate), "-ac", "1", "-i", "-"]
    command = [binary(), "-v", "error", *given, "-ar", str(sample_rate), *FORMS[form], "-"]
    return subprocess.run(command, input=audio.samples.astype("<f4").tobytes(), capture_output=True, check=True).stdout


@cache
def speech(text: str, form: str = "wav", delivery: Delivery = Delivery(), sample_rate: int = RATE) -> bytes:  # noqa: B008
    """What a service sends for a text."""
    return encoded(spoken(text, delivery), form, sample_rate)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    api: str
    text: str
    headers: dict[str, str]
    fields: dict[str, object]  #: the JSON, or of SSML what it says
    time: float  #: by time.monotonic()


class SpeechServer:
    """All three services at one address; ``plan`` holds what goes wrong first, one act a request."""

    def __init__(self, key: str = "") -> None:
        """``key`` is the only one it lets in, "" for anybody."""
        self.key = key
        self.plan: deque[Act] = deque()
        self.always: Act | None = None  #: what every request meets once the plan is over
        self.asked: list[Asked] = []
        self.busy = self.busiest = 0  #: requests under way at once
        self.over = asyncio.Event()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        """What it was asked to say, in the order it was asked."""
        return [asked.text for asked in self.asked]

    def voice(self, api: str = "openai", key: str = "", **options: str | float) -> Voice:
        """A voice of the engine http that is spoken here."""
        usual: dict[str, dict[str, str | float]] = {
            "openai": {"base_url": f"{self.url}/v1", "model": "tts-1", "voice": "coral"},
            "azure": {"base_url": self.url, "voice": "fa-IR-DilaraNeural"},
            "elevenlabs": {"base_url": self.url, "voice": "George"},
        }
        said = {"api": api, "per_minute": 100_000, **usual[api], **options}
        return Voice(
            name=f"test-{api}",
            engine="http",
            input=VoiceInput.VOCALIZED,
            language="fa",
            gender="none",
            sample_rate=RATE,
            licence="",
            attribution="",
            description="",
            options=tuple(sorted(said.items())),
            online=True,
            key=key,
        )

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
        app.router.add_post("/v1/audio/speech", self._openai)
        app.router.add_post("/cognitiveservices/v1", self._azure)
        app.router.add_post("/v1/text-to-speech/{voice}", self._elevenlabs)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self.over.wait()
        await runner.cleanup()

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        fields = await request.json()
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        form = str(fields["response_format"])
        delivery = Delivery(rate=float(fields.get("speed", 1.0)))
        known = fields["voice"] == "coral" and form in FORMS and len(fields["input"]) <= 4096
        asked = Asked("openai", fields["input"], dict(request.headers), fields, time.monotonic())
        return await self._answer(request, asked, given, known=known, form=form, delivery=delivery)

    async def _azure(self, request: web.Request) -> web.StreamResponse:
        form = request.headers.get("X-Microsoft-OutputFormat", "")
        speak = ET.fromstring((await request.read()).decode())  # noqa: S314 - our own
        part = speak.find(f"{SSML}voice")
        assert speak.tag == f"{SSML}speak"
        assert part is not None
        prosody = part.find(f"{SSML}prosody")
        said = (part if prosody is None else prosody).text or ""
        changes = {} if prosody is None else dict(prosody.attrib)
        rate, pitch = (1 + float(changes.get(name, "0%").rstrip("%")) / 100 for name in ("rate", "pitch"))
        delivery = Delivery(rate, 12 * float(np.log2(pitch)))
        fields: dict[str, object] = {"voice": part.get("name"), **changes}
        typed = request.headers.get("Content-Type", "").startswith("application/ssml+xml")
        known = typed and part.get("name") == "fa-IR-DilaraNeural" and form == "riff-24khz-16bit-mono-pcm"
        given = request.headers.get("Ocp-Apim-Subscription-Key", "")
        asked = Asked("azure", said, dict(request.headers), fields, time.monotonic())
        return await self._answer(request, asked, given, known=known, form="riff", delivery=delivery)

    async def _elevenlabs(self, request: web.Request) -> web.StreamResponse:
        fields = await request.json()
        form, sample_rate, _ = request.query["output_format"].split("_")
        delivery = Delivery(rate=float(fields.get("voice_settings", {}).get("speed", 1.0)))
        known = request.match_info["voice"] == "George" and fields["model_id"] == "eleven_v3"
        asked = Asked("elevenlabs", fields["text"], dict(request.headers), fields, time.monotonic())
        given = request.headers.get("xi-api-key", "")
        rate = int(sample_rate)
        return await self._answer(request, asked, given, known=known, form=form, delivery=delivery, sample_rate=rate)

    async def _answer(
        self,
        request: web.Request,
        asked: Asked,
        given: str,
        *,
        known: bool,
        form: str,
        delivery: Delivery,
        sample_rate: int = RATE,
    ) -> web.StreamResponse:
        self.asked.append(asked)
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            if given != self.key:
                return web.json_response({"error": {"message": f"Incorrect API key provided: {given}"}}, status=401)
            if not known:
                return web.json_response({"error": "no such voice"}, status=400)
            data = await asyncio.to_thread(speech, asked.text, form, delivery, sample_rate)
            act = self.plan.popleft() if self.plan else self.always
            if act is not None:
                return await act(self, request, data)
            return web.Response(body=data, content_type="audio/" + form)
        finally:
            self.busy -= 1


#: What a developer may have set for real accounts.
VARIABLES = ("OPENAI_BASE_URL", "AZURE_SPEECH_REGION", "AZURE_SPEECH_ENDPOINT", "ELEVENLABS_BASE_URL", "TEST_KEY")


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four tries with hardly a pause between them, and nothing of the developer's own accounts."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, api in APIS.items():
        limits = replace(api.limits, attempts=4, wait_initial=0.01, wait_max=0.02, patience=30)
        monkeypatch.setitem(APIS, name, replace(api, limits=limits))


def status(code: int, body: str = "", **headers: str) -> Act:
    """No speech, but a status; "_" in the name of a header stands for "-"."""

    async def act(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
        return web.Response(
            status=code, text=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return act


def send(body: bytes, kind: str = "audio/wav") -> Act:
    """Something else than the speech."""

    async def act(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
        return web.Response(body=body, content_type=kind)

    return act


def page() -> Act:
    """A proxy's page in place of speech, called audio."""
    return send(b"<!doctype html><title>Sign in to the network</title>", "audio/mpeg")


def silence(seconds: float = 3.0) -> Act:
    """A file with nothing to hear."""
    return send(encoded(Audio(np.zeros(round(seconds * RATE), np.float32), RATE)))


async def cut(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
    """A whole answer that holds the first 40 % of the speech."""
    return web.Response(body=data[: int(len(data) * 0.4)], content_type="audio/wav")


async def reset(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
    """Half of what was promised, then the connection is torn down."""
    response = await _half(request, data)
    assert request.transport is not None
    request.transport.abort()
    return response


async def stall(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
    """Half of what was promised, then nothing more."""
    response = await _half(request, data)
    await server.over.wait()
    return response


def slow(seconds: float) -> Act:
    """All as it should be, but late."""

    async def act(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.Response(body=data, content_type="audio/wav")

    return act


async def echo(server: SpeechServer, request: web.Request, data: bytes) -> web.StreamResponse:
    """An error that tells all headers of the request, the key among them."""
    return web.Response(status=400, text=json.dumps(dict(request.headers)))


async def _half(request: web.Request, data: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "audio/wav", "Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    return response
