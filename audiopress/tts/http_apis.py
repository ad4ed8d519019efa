"""The ways in which speech services are asked: OpenAI's and all that speak like it, Azure's and ElevenLabs'.

Each is a function from what is to be said to one request; nothing is sent here.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

from audiopress.errors import ConfigError, EngineUnavailable
from audiopress.model import PLAIN, Delivery
from audiopress.tts.online import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiopress.model import Voice

#: What every voice of the engine may say in its [options].
COMMON = frozenset(
    {"api", "voice", "model", "base_url", "format", "rate", "limit", "concurrency", "per_minute", "timeout"}
)
#: The rate is asked of the service (within its range), in place of changing its finished speech.
BY_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Request:
    """One POST; the headers hold the key and are never shown."""

    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes


@dataclass(frozen=True, slots=True)
class Api:
    """A way to ask for speech."""

    name: str  #: how users call the service
    options: frozenset[str]  #: what its voices may say in [options] beside COMMON
    limit: int  #: characters of text in one request
    limits: Limits
    base: Callable[[Voice], str]  #: the address without a last "/"; raises EngineUnavailable where a part is missing
    request: Callable[[Voice, str, Delivery, str, str], Request]  #: of the voice, text, delivery, address and key
    native: Callable[[Voice, Delivery], Delivery]  #: the part of a delivery that the service itself obeys


# OpenAI, and servers that speak like it. Fields and their limits: https://platform.openai.com/docs/api-reference/audio
#: Its answers come in these; raw "pcm" does not say its own sample rate.
OPENAI_FORMATS = ("wav", "flac", "mp3", "opus", "aac")


def openai_base(voice: Voice) -> str:
    """Where the server is: OPENAI_BASE_URL goes before the voice file, for the same voice file fits many servers."""
    return _base(voice, "OPENAI_BASE_URL", "https://api.openai.com/v1")


def openai_request(voice: Voice, text: str, delivery: Delivery, base: str, key: str) -> Request:
    """POST …/audio/speech with JSON."""
    form = str(voice.option("format", OPENAI_FORMATS[0]))
    if form not in OPENAI_FORMATS:
        raise ConfigError(
            f"The voice {voice.name} asks for {form!r}; its format is one of {', '.join(OPENAI_FORMATS)}."
        )
    fields: dict[str, str | float] = {
        "model": _needed(voice, "model"),
        "voice": _needed(voice, "voice"),
        "input": text,
        "response_format": form,
    }
    if instructions := str(voice.option("instructions", "")):
        fields["instructions"] = instructions
    if delivery.rate != 1.0:
        fields["speed"] = delivery.rate
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return _json(f"{base}/audio/speech", headers, fields)


def openai_native(voice: Voice, delivery: Delivery) -> Delivery:
    """The rate where the voice file asks for it: gpt-4o-mini-tts and some servers take `speed` and ignore it."""
    return _rate(voice, delivery, "", 0.25, 4.0)


# Azure: https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech, and for SSML
# https://learn.microsoft.com/azure/ai-services/speech-service/speech-synthesis-markup-voice#adjust-prosody
AZURE_FORMAT = "riff-24khz-16bit-mono-pcm"
#: "The pitch changes should be within 0.5 to 1.5 times the original audio", in semitones.
AZURE_PITCH = (-12.0, 7.0)


def azure_base(voice: Voice) -> str:
    """The address of the user's region, or of the endpoint that AZURE_SPEECH_ENDPOINT or the voice file names."""
    region = os.environ.get("AZURE_SPEECH_REGION", "").strip() or str(voice.option("region", ""))
    if region and not re.fullmatch(r"[a-z0-9]+", region):
        raise ConfigError("AZURE_SPEECH_REGION is the short name of a region, such as westeurope; set it anew.")
    base = _base(voice, "AZURE_SPEECH_ENDPOINT", f"https://{region}.tts.speech.microsoft.com" if region else "")
    if not base:
        raise EngineUnavailable(
            f"The voice {voice.name} needs to know the region of your Azure Speech resource: "
            "export AZURE_SPEECH_REGION=westeurope (or which it is)"
        )
    return base


def azure_request(voice: Voice, text: str, delivery: Delivery, base: str, key: str) -> Request:
    """POST /cognitiveservices/v1 with SSML."""
    form = str(voice.option("format", AZURE_FORMAT))
    if not re.fullmatch(r"[a-z0-9-]+", form):
        raise ConfigError(f"The voice {voice.name} asks for the format {form!r}; say {AZURE_FORMAT} or leave it out.")
    spoken = {"xml:lang": str(voice.option("language", "fa-IR"))}
    xmlns = {"xmlns": "http://www.w3.org/2001/10/synthesis"}
    speak = ET.Element("speak", {"version": "1.0", **xmlns, **spoken})
    part = ET.SubElement(speak, "voice", {"name": _needed(voice, "voice")})
    if delivery != PLAIN:
        pitch = 2 ** (delivery.pitch / 12)
        changes = {"rate": f"{100 * (delivery.rate - 1):+.2f}%", "pitch": f"{100 * (pitch - 1):+.2f}%"}
        part = ET.SubElement(part, "prosody", changes)
    part.text = text
    headers = {
        "Content-Type": "application/ssml+xml",
        "X-Microsoft-OutputFormat": form,
    }
    if key:
        headers["Ocp-Apim-Subscription-Key"] = key
    return Request(f"{base}/cognitiveservices/v1", headers, ET.tostring(speak, "unicode").encode())


def azure_native(voice: Voice, delivery: Delivery) -> Delivery:
    """Rate and pitch, each within the range it is documented for."""
    low, high = AZURE_PITCH
    rate = _rate(voice, delivery, BY_SERVICE, 0.5, 2.0).rate
    return Delivery(rate, delivery.pitch if low <= delivery.pitch <= high else 0.0)


# ElevenLabs: https://elevenlabs.io/docs/api-reference/text-to-speech/convert
ELEVENLABS_FORMAT = "mp3_44100_128"  # the best that every plan may ask for


def elevenlabs_base(voice: Voice) -> str:
    """The address of the service, or the one that ELEVENLABS_BASE_URL or the voice file names (a residency's)."""
    return _base(voice, "ELEVENLABS_BASE_URL", "https://api.elevenlabs.io")


def elevenlabs_request(voice: Voice, text: str, delivery: Delivery, base: str, key: str) -> Request:
    """POST /v1/text-to-speech/VOICE with JSON."""
    fields: dict[str, object] = {"text": text, "model_id": str(voice.option("model", "eleven_v3"))}
    if language := str(voice.option("language", voice.language)):
        fields["language_code"] = language
    if "seed" in dict(voice.options):
        fields["seed"] = int(voice.option("seed", 0))
    settings = {name: float(value) for name, value in voice.options if name in {"stability", "similarity_boost"}}
    if delivery.rate != 1.0:
        settings["speed"] = delivery.rate
    if settings:
        fields["voice_settings"] = settings
    form = quote(str(voice.option("format", ELEVENLABS_FORMAT)), safe="")
    url = f"{base}/v1/text-to-speech/{quote(_needed(voice, 'voice'), safe='')}?output_format={form}"
    return _json(url, {"xi-api-key": key} if key else {}, fields)


def elevenlabs_native(voice: Voice, delivery: Delivery) -> Delivery:
    """The rate where the voice file asks for it: eleven_v3, the model that speaks Persian, has no speed."""
    return _rate(voice, delivery, "", 0.7, 1.2)


APIS = {
    # 4096 characters are allowed, but gpt-4o-mini-tts also stops at 2000 tokens, and a Persian letter with its mark can
    # be more than one.
    "openai": Api(
        "OpenAI",
        frozenset({"instructions"}),
        1500,
        Limits(concurrency=4, per_minute=300),
        openai_base,
        openai_request,
        openai_native,
    ),
    # Ten minutes of speech are allowed, some 7000 letters. 20 requests a minute are what the free tier (F0) takes.
    "azure": Api(
        "Azure",
        frozenset({"region", "language"}),
        3000,
        Limits(concurrency=4, per_minute=20),
        azure_base,
        azure_request,
        azure_native,
    ),
    # eleven_v3 takes 5000 characters; the free plan two requests at once.
    "elevenlabs": Api(
        "ElevenLabs",
        frozenset({"language", "seed", "stability", "similarity_boost"}),
        3000,
        Limits(concurrency=2, per_minute=60),
        elevenlabs_base,
        elevenlabs_request,
        elevenlabs_native,
    ),
}


def _base(voice: Voice, variable: str, otherwise: str) -> str:
    found = os.environ.get(variable, "").strip() or str(voice.option("base_url", "")) or otherwise
    return found.rstrip("/")


def _needed(voice: Voice, option: str) -> str:
    if value := str(voice.option(option, "")):
        return value
    raise ConfigError(f"The voice {voice.name} lacks {option!r} in its [options]; add it, as in voices/openai.toml.")


def _rate(voice: Voice, delivery: Delivery, usual: str, low: float, high: float) -> Delivery:
    asked = voice.option("rate", usual) == BY_SERVICE and low <= delivery.rate <= high
    return Delivery(delivery.rate) if asked else PLAIN


def _json(url: str, headers: dict[str, str], fields: dict[str, str | float] | dict[str, object]) -> Request:
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Request(url, {"Content-Type": "application/json", **headers}, body)
