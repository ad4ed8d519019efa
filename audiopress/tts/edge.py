"""The engine edge: Microsoft's Persian voices, as its browser Edge reads pages aloud, through the package edge-tts.

The service is not made for us: it asks for no key, promises nothing, and at times turns everybody away for hours. So
little is asked of it at once, and what it sends is measured.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass, replace
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Delivery, Mark
from audiopress.tts.decode import SILENCE, checked, decoded
from audiopress.tts.edge_words import Heard, placed
from audiopress.tts.online import Limits, Service
from audiopress.tts.online_pieces import joined, pieces, text
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from audiopress.model import Pronunciation, Voice
    from audiopress.tts.engine import Places

VERSION = "1"  # raised by hand when the same answer would sound otherwise
#: Two at once: with four the service answers 503 (rany2/edge-tts issue 482). Its bad minutes are waited out.
LIMITS = Limits(concurrency=2, per_minute=60, attempts=5, wait_initial=2, wait_max=30)
#: Bytes of text in one request: half of the 4096 that are allowed, over a minute of speech, so that less is lost when a
#: piece has to be asked for again.
LIMIT = 2048
#: Seconds a try may take: a service's start, and for each character two times what it takes to say it aloud.
START, A_CHARACTER = 20.0, 0.15
TO_CONNECT = 15  # seconds
LARGEST = 8_000_000  # bytes of an answer: 20 minutes
TICKS = 10_000_000  # to a second: its unit of time, .NET's
#: The rates it is asked for, in percent of change. SSML: "within 0.5 to 2 times the original audio".
SLOWEST, FASTEST = -50, 100
NEGLIGIBLE = 0.005  # a change of rate that nobody hears: what is left by rounding to whole percents
#: It sends raw MP3 frames as LAME makes them, without the header that says how much silence they begin with. That is
#: what LAME's encoder (576) and every decoder (529) add at 24 kHz; its word times know nothing of it.
DELAY = (576 + 529) / 24_000
SPEAKER = re.compile(r"[a-z]{2,3}-[A-Z]{2}(-[A-Za-z]+)?-\w+Neural")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service sent for one request."""

    sound: bytes  #: MP3
    heard: tuple[Heard, ...]


class EdgeEngine:
    """Speaks through Microsoft's service; its thread starts with the first request."""

    name = "edge"
    workers = LIMITS.concurrency

    def __init__(self, places: Places) -> None:  # noqa: ARG002 - it keeps no files
        """Needs nothing of the folders; every engine is made with them."""
        self._service: Service | None = None
        self._lock = Lock()

    def version(self, voice: Voice) -> str:
        """Ours alone: what the service changes by itself nobody can know.

        Raises EngineUnavailable where edge-tts is missing, ConfigError where the voice file names no voice of Edge.
        """
        if find_spec("edge_tts") is None:
            raise EngineUnavailable(f"The voice {voice.name} needs edge-tts: pip install 'audiopress[edge]'")
        _speaker(voice)
        return VERSION

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance, its words marked where the service tells of each.

        The service changes the rate, for it does that better than any filter. Pitch and volume it takes in units that
        depend on the speaker (Hz, and percents of an unknown level), so they are changed afterwards.
        """
        if not pronunciation.plain.strip():
            return Audio(np.zeros(0, np.float32), voice.sample_rate)
        self.version(voice)
        percent = min(max(round(100 * (delivery.rate - 1)), SLOWEST), FASTEST)
        rate = 1 + percent / 100
        parts = pieces(pronunciation, LIMIT, lambda part: len(escape(text(part, voice)).encode()))
        whole = joined(parts, [self._speak(part, voice, percent) for part in parts], rate)
        left = delivery.rate / rate
        return shaped(whole, replace(delivery, rate=1.0 if abs(left - 1) < NEGLIGIBLE else left))

    def close(self) -> None:
        """End the thread and its connections; whoever waits for the service gets an EngineError."""
        with self._lock:
            service, self._service = self._service, None
        if service is not None:
            service.close()

    def _speak(self, part: Pronunciation, voice: Voice, percent: int) -> Audio:
        said, speaker = text(part, voice), _speaker(voice)
        with self._lock:
            service = self._service = self._service or Service("Edge", LIMITS)
        return service.fetch(
            lambda: asked(said, speaker, percent),
            lambda answer: judged(answer, part, voice.sample_rate, 1 + percent / 100),
            START + A_CHARACTER * len(said),
        )


async def asked(said: str, speaker: str, percent: int) -> Answer:
    """One request: the speech of a text with the rate changed by ``percent``.

    Raises what `Service.fetch` knows how to treat; see edge_errors.
    """
    from edge_tts import Communicate  # noqa: PLC0415 - an optional dependency

    from audiopress.tts.edge_errors import told  # noqa: PLC0415 - needs what edge-tts brings along

    sound, heard = bytearray(), []
    with told():
        communicate = Communicate(
            said, speaker, rate=f"{percent:+d}%", boundary="WordBoundary", connect_timeout=TO_CONNECT
        )
        async with aclosing(communicate.stream()) as stream:
            async for chunk in stream:
                if chunk["type"] == "audio":
                    sound += chunk["data"]
                else:
                    start, length = chunk["offset"] / TICKS, chunk["duration"] / TICKS
                    heard.append(Heard(chunk["text"], start, start + length))
                if len(sound) > LARGEST:
                    raise EngineError(f"it sent more than {LARGEST // 1_000_000} MB for one sentence")
    # The client takes a connection that broke off for the end of the speech; it adds up bytes only at a true end.
    if communicate.state.get("cumulative_audio_bytes", len(sound)) != len(sound):
        raise EngineError("the connection broke off")
    return Answer(bytes(sound), tuple(heard))


def judged(answer: Answer, part: Pronunciation, sample_rate: int, rate: float) -> Audio:
    """The answer as audio with the marks of its words, if it can be the whole of what was asked at ``rate``."""
    audio = decoded(answer.sound, sample_rate)
    seconds = len(audio.samples) / sample_rate
    heard = [Heard(each.text, each.start + DELAY, min(each.stop + DELAY, seconds)) for each in answer.heard]
    loud = np.flatnonzero(np.abs(audio.samples) > SILENCE)
    spans = placed(part.words, heard, float(loud[-1]) / sample_rate, rate) if loud.size else ()
    marks = tuple(Mark(round(span.start * sample_rate), round(span.stop * sample_rate)) for span in spans)
    audio = checked(replace(audio, marks=marks), part, rate)
    inside = all(0 <= mark.start < mark.stop <= len(audio.samples) for mark in audio.marks)
    return audio if inside else replace(audio, marks=())


def _speaker(voice: Voice) -> str:
    """The service's name of the voice; raises ConfigError."""
    speaker = str(voice.option("voice", ""))
    if not SPEAKER.fullmatch(speaker):
        raise ConfigError(
            f"The voice {voice.name} has voice = {speaker!r} in its [options]; say a name as fa-IR-DilaraNeural."
        )
    return speaker
