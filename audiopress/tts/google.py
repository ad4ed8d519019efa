"""The engine google: Google Translate's voices, through the package gTTS.

Google Translate has no Persian voice (as of November 2026), but languages come and go there: what it answers decides,
no list of ours. A voice file of one's own may have Persian read in another language's voice: ``language = "ar"``.
gTTS does not verify who answers (it asks with ``verify=False``), so what it brings is only ever opened as audio.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import ConfigError, EngineError
from audiopress.model import PLAIN, Audio
from audiopress.tts.decode import checked, decoded
from audiopress.tts.online import Busy, Limits, Refused, Service
from audiopress.tts.online_pieces import joined, pieces, text
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from gtts import gTTSError

    from audiopress.model import Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Places

VERSION = "1"  # raised by hand when the same answer would sound otherwise
PERSIAN = "fa"
#: A browser asks this often for somebody who reads along; more is answered with 429.
LIMITS = Limits(concurrency=2, per_minute=60, timeout=30, attempts=4, wait_initial=2, wait_max=30)
LIMIT = 100  # characters: gTTS.GOOGLE_TTS_MAX_CHARS
#: Seconds to connect and between two bytes: a thread that waits for longer would hold up the end of the program.
PATIENCE = (5.0, 10.0)
#: After these gTTS puts a space, which counts too: gtts.tokenizer.symbols.TONE_MARKS.
SPACED = "?!؟"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
HOST = re.compile(r"[a-z]{2,3}(\.[a-z]{2})?")
ENDING = "com"


@dataclass(frozen=True, slots=True)
class Asking:
    """How a voice is asked for."""

    language: str  #: IETF tag: "fa"
    host: str  #: what follows "translate.google."


class GoogleEngine:
    """Speaks through Google Translate; its thread starts with the first request."""

    name = "google"
    workers = LIMITS.concurrency

    def __init__(self, places: Places) -> None:  # noqa: ARG002 - it keeps no files
        """Needs nothing of the folders; every engine is made with them."""
        self._service: Service | None = None
        self._lock = Lock()

    def version(self, voice: Voice) -> str:
        """Ours alone: what the service changes by itself nobody can know; raises ConfigError for wrong options."""
        _asking(voice)
        return VERSION

    def notice(self, voice: Voice) -> str:
        """What a listener should know of a voice that is made for another language; "" for a Persian one."""
        language = _asking(voice).language
        if language.split("-")[0] == PERSIAN:
            return ""
        return (
            f"The voice {voice.name} reads Persian as if it were another language ({language}): it has a foreign "
            "accent, and may say words wrongly or leave out letters."
        )

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance; no word timings. Its rate, pitch and volume are changed afterwards.

        Raises Refused where the service has no voice for the language.
        """
        if not pronunciation.plain.strip():
            return Audio(np.zeros(0, np.float32), voice.sample_rate)
        parts = pieces(pronunciation, LIMIT, lambda part: _size(text(part, voice)))
        return shaped(joined(parts, [self._speak(part, voice) for part in parts]), delivery)

    def close(self) -> None:
        """End the thread; whoever waits for the service gets an EngineError."""
        with self._lock:
            service, self._service = self._service, None
        if service is not None:
            service.close()

    def _speak(self, part: Pronunciation, voice: Voice) -> Audio:
        said, asking = text(part, voice), _asking(voice)
        with self._lock:
            service = self._service = self._service or Service("Google Translate", LIMITS)
        return service.fetch(
            lambda: asyncio.to_thread(asked, said, asking),
            lambda data: checked(decoded(data, voice.sample_rate), part),
        )


def asked(said: str, asking: Asking) -> bytes:
    """One request: a text's speech as MP3, b"" where the answer lacks it; waits for it.

    Raises what `Service.fetch` knows how to treat.
    """
    from gtts import gTTS, gTTSError  # noqa: PLC0415 - takes requests along, which nothing else here needs

    client = gTTS(said, lang=asking.language, tld=asking.host, lang_check=False, timeout=PATIENCE)
    try:
        return b"".join(client.stream())
    except gTTSError as error:
        raise _failure(error, asking) from error
    except ValueError as error:  # what should be audio is not base64, or a line not UTF-8
        raise EngineError("the service sent damaged audio") from error


def _failure(error: gTTSError, asking: Asking) -> EngineError | OSError:
    """What went wrong; nothing that the service says is quoted."""
    import requests  # noqa: PLC0415 - as above
    from urllib3.exceptions import ReadTimeoutError  # noqa: PLC0415 - as above

    host = f"translate.google.{asking.host}"
    if error.rsp is None:
        match error.__context__:
            case requests.Timeout() | requests.ConnectionError(args=(ReadTimeoutError(),)):
                return EngineError("it does not answer")
            case requests.exceptions.ChunkedEncodingError():
                return EngineError("the connection broke off")
            case _:
                return ConnectionError(f"no connection to {host}")
    match status := int(error.rsp.status_code):
        case HTTPStatus.OK:
            return Refused(
                f"Google Translate has no voice for the language {asking.language!r} today; "
                "see others with: audiopress voices"
            )
        case HTTPStatus.NOT_FOUND if asking.host != ENDING:
            return Refused(f"{host} does not know what is asked (404); mend tld in the voice file.")
        case HTTPStatus.FORBIDDEN:
            return EngineError("it turns requests away (403); where that lasts, pip install -U gTTS may help")
        case _ if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            from audiopress.tts.http_client import retry_after  # noqa: PLC0415 - takes httpx along

            return Busy(f"it is asked too much, or has trouble of its own ({status})", retry_after(error.rsp.headers))
        case _:
            return Refused(f"Google Translate does not accept what it is asked ({status}); update: pip install -U gTTS")


def _size(said: str) -> int:
    """Characters as gTTS counts them."""
    return len(said) + sum(said.count(mark) for mark in SPACED)


def _asking(voice: Voice) -> Asking:
    """The voice's options; raises ConfigError."""
    asking = Asking(str(voice.option("language", PERSIAN)), str(voice.option("tld", ENDING)))
    if not LANGUAGE.fullmatch(asking.language):
        raise ConfigError(f"The voice {voice.name} has language = {asking.language!r}; say a code such as fa or ar.")
    if not HOST.fullmatch(asking.host):
        raise ConfigError(f"The voice {voice.name} has tld = {asking.host!r}; say an ending such as com or co.uk.")
    return asking
