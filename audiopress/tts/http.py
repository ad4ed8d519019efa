"""The engine http: speech from services that are asked over HTTP with a key, and from servers of one's own.

A voice's option ``api`` says how: "openai" (and all servers that speak like it), "azure" or "elevenlabs".
"""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import ConfigError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Delivery
from audiopress.tts.decode import checked, decoded
from audiopress.tts.http_apis import APIS, COMMON
from audiopress.tts.http_client import HttpService, guarded
from audiopress.tts.online_pieces import joined, pieces, text
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from audiopress.model import Pronunciation, Voice
    from audiopress.tts.engine import Places
    from audiopress.tts.http_apis import Api
    from audiopress.tts.online import Limits

VERSION = "1"  # raised by hand when the same answer would sound otherwise
#: Seconds a try may take: a service's start, and for each character two times what it takes to say it aloud.
START, A_CHARACTER = 20.0, 0.15


class HttpEngine:
    """Speaks through services on the web; each has its own thread, which starts with the first request to it."""

    name = "http"
    workers = 4

    def __init__(self, places: Places) -> None:  # noqa: ARG002 - it keeps no files
        """Needs nothing of the folders; every engine is made with them."""
        self._services: dict[tuple[str, str, str, Limits], HttpService] = {}
        self._lock = Lock()

    def version(self, voice: Voice) -> str:
        """The way and the address the voice is asked at; what its service changes by itself nobody can know.

        Raises EngineUnavailable where its key (or Azure's region) is not set, ConfigError where its options are wrong.
        """
        _key(voice)
        return f"{VERSION} {voice.option('api', 'openai')} {_base(voice)}"

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance; no word timings."""
        if not pronunciation.plain.strip():
            return Audio(np.zeros(0, np.float32), voice.sample_rate)
        api = _api(voice)
        native = api.native(voice, delivery)
        limit = int(_number(voice, "limit", api.limit))
        parts = pieces(pronunciation, limit, lambda part: len(text(part, voice)))
        spoken = [self._speak(part, voice, native) for part in parts]
        rest = Delivery(delivery.rate / native.rate, delivery.pitch - native.pitch, delivery.volume)
        return shaped(joined(parts, spoken, native.rate), rest)

    def close(self) -> None:
        """End all threads and connections; whoever waits for a service gets an EngineError."""
        with self._lock:
            services, self._services = list(self._services.values()), {}
        for service in services:
            service.close()

    def _speak(self, part: Pronunciation, voice: Voice, delivery: Delivery) -> Audio:
        api, base, said = _api(voice), _base(voice), text(part, voice)
        service = self._service(api, base, voice)
        request = api.request(voice, said, delivery, base, _key(voice))
        return service.fetch(
            lambda: service.send(request),
            lambda data: checked(decoded(data, voice.sample_rate), part, delivery.rate),
            _number(voice, "timeout", START + A_CHARACTER * len(said)),
        )

    def _service(self, api: Api, base: str, voice: Voice) -> HttpService:
        limits = replace(
            api.limits,
            concurrency=int(_number(voice, "concurrency", api.limits.concurrency)),
            per_minute=_number(voice, "per_minute", api.limits.per_minute),
        )
        known = (api.name, base, voice.key, limits)
        with self._lock:
            if known not in self._services:
                self._services[known] = HttpService(api.name, limits, voice.key)
            return self._services[known]


def _api(voice: Voice) -> Api:
    name = str(voice.option("api", "openai"))
    if name not in APIS:
        raise ConfigError(f"The voice {voice.name} has the api {name!r}; it is one of {', '.join(APIS)}.")
    api = APIS[name]
    for option, _ in voice.options:
        if option not in COMMON | api.options:
            known = ", ".join(sorted(COMMON | api.options))
            raise ConfigError(f"The voice {voice.name} has the option {option!r}, but {name} knows only {known}.")
    return api


def _number(voice: Voice, option: str, usual: float) -> float:
    """An option that counts something; raises ConfigError where it is no number above 0."""
    value = voice.option(option, usual)
    if isinstance(value, str) or value <= 0:
        raise ConfigError(f"The voice {voice.name} has {option} = {value!r}; say a number above 0, or leave it out.")
    return value


def _base(voice: Voice) -> str:
    return guarded(_api(voice).base(voice))


def _key(voice: Voice) -> str:
    """The key from the environment, "" for a voice that needs none; raises EngineUnavailable."""
    name = _api(voice).name
    if not voice.key:
        return ""
    key = os.environ.get(voice.key, "").strip()
    if not key:
        raise EngineUnavailable(f"The voice {voice.name} needs a key of {name}: export {voice.key}=…")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise EngineUnavailable(f"{voice.key} does not hold a key of {name}: copy it anew, without spaces or quotes.")
    return key
