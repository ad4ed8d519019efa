"""The studio: engines and the clip cache kept open while utterances come in, several spoken at once."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from audiopress.errors import EngineError, VoiceFailed
from audiopress.model import PLAIN
from audiopress.tts.align import align
from audiopress.tts.registry import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from audiopress.model import Audio, Clip, Delivery, Pronunciation, Voice
    from audiopress.tts.cache import ClipCache
    from audiopress.tts.cast import Cast
    from audiopress.tts.engine import Engine, Places

#: Utterances a worker may be ahead of the one that is waited for: a long sentence delays those after it by the time of
#: three or four of middle length.
AHEAD = 4


@runtime_checkable
class Noticing(Protocol):
    """An engine that has something to tell about a voice before it speaks."""

    def notice(self, voice: Voice) -> str:
        """One sentence for the user, "" where there is nothing to tell."""
        ...


class Timed:
    """An engine whose words are found in the sound where it does not tell their places."""

    def __init__(self, engine: Engine) -> None:
        """Speak through ``engine``."""
        self._engine = engine
        self.name, self.workers = engine.name, engine.workers
        self.version, self.close = engine.version, engine.close

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance, with a mark for each word unless its sound does not fit its words."""
        audio = self._engine.synthesize(pronunciation, voice, delivery)
        return audio if audio.marks else replace(audio, marks=align(audio, pronunciation))


@dataclass(frozen=True, slots=True)
class Booth:
    """An engine with the threads that speak through it."""

    engine: Engine
    timed: Timed
    pool: ThreadPoolExecutor
    workers: int
    online: bool

    def close(self) -> None:
        """Let nobody in any more, and free the engine; what waits for a service is not waited for."""
        if self.online:
            self.engine.close()
        self.pool.shutdown(cancel_futures=True)
        self.engine.close()


class Studio:
    """Speaks pronunciations in the voices of a cast; use it as a context manager, so that engines are closed."""

    def __init__(self, places: Places, clips: ClipCache, workers: int = 0) -> None:
        """Nothing is loaded before the first clip that the cache does not hold.

        ``workers`` bounds how many utterances are spoken at once; 0 leaves it to each engine.
        """
        self._places = places
        self._clips = clips
        self._workers = workers
        self._booths: dict[str, Booth] = {}

    def version(self, voice: Voice) -> str:
        """What decides how a voice sounds today; raises VoiceFailed when it cannot speak here."""
        with _telling(voice):
            engine = self._booth(voice).engine
            return f"{engine.name} {engine.version(voice)}"

    def notices(self, cast: Cast) -> tuple[str, ...]:
        """What the engines have to tell about the voices of a cast."""
        told = []
        for voice in cast.voices:
            with _telling(voice):
                engine = self._booth(voice).engine
            if isinstance(engine, Noticing) and (notice := engine.notice(voice)):
                told.append(notice)
        return tuple(told)

    def speak(self, pronunciations: Iterable[Pronunciation], cast: Cast) -> Iterator[Clip]:
        """The clips of utterances in their order, spoken by as many workers as the engines keep busy.

        Which voice speaks depends on the role alone, the sound on the utterance alone: bytes and order are the same
        with any number of workers. Raises VoiceFailed at the first utterance that could not be spoken; clips that are
        finished by then stay in the cache.
        """
        waiting: deque[Future[Clip]] = deque()
        try:
            for pronunciation in pronunciations:
                role = pronunciation.utterance.sentence.role
                voice, delivery = cast.actor(role).voice, cast.delivery(role)
                with _telling(voice):
                    booth = self._booth(voice)
                waiting.append(booth.pool.submit(self._clip, booth, voice, pronunciation, delivery))
                while len(waiting) > AHEAD * booth.workers or (waiting and waiting[0].done()):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _clip(self, booth: Booth, voice: Voice, pronunciation: Pronunciation, delivery: Delivery) -> Clip:
        with _telling(voice):
            clip = self._clips.clip(booth.timed, voice, pronunciation, delivery)
        return replace(clip, voice=voice.name, volume=delivery.volume)

    def _booth(self, voice: Voice) -> Booth:
        if voice.engine not in self._booths:
            engine = make_engine(voice.engine, self._places)
            workers = min(engine.workers, self._workers or engine.workers)
            pool = ThreadPoolExecutor(workers, thread_name_prefix=f"audiopress-{voice.engine}")
            self._booths[voice.engine] = Booth(engine, Timed(engine), pool, workers, voice.online)
        return self._booths[voice.engine]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            for booth in self._booths.values():
                stack.callback(booth.close)
            self._booths.clear()


@contextmanager
def _telling(voice: Voice) -> Iterator[None]:
    """Say of an engine's error which voice it was."""
    try:
        yield
    except EngineError as error:
        raise VoiceFailed(voice.name, str(error)) from error
