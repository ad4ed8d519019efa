"""From pronunciations to a timeline: who speaks, who takes over, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from audiopress.audio.music import open_music
from audiopress.audio.stitch import plan
from audiopress.audio.take import listen
from audiopress.errors import VoiceFailed
from audiopress.press.reading import count
from audiopress.tts.cache import ClipCache
from audiopress.tts.cast import make_cast
from audiopress.tts.fallback import Understudies
from audiopress.tts.studio import Studio
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiopress.audio.stitch import Timeline
    from audiopress.audio.take import Take
    from audiopress.config import Settings
    from audiopress.model import Music, Script, Segment
    from audiopress.press.reading import SpokenSegment
    from audiopress.tts.cast import Cast
    from audiopress.tts.engine import Places


class Progress(Protocol):
    """Who is told how far a long piece of work has come."""

    def begin(self, title: str, utterances: int) -> None:
        """An article with so many utterances starts."""

    def spoken(self) -> None:
        """One more utterance was spoken."""

    def mastering(self) -> None:
        """All is spoken."""

    def note(self, sentence: str) -> None:
        """Something that the user should know, and that stops nothing."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A script that was spoken."""

    timeline: Timeline
    fresh: int  #: utterances that the clip cache did not hold


class Recorder:
    """The studio with a show's cast and those who take over; use it as a context manager."""

    def __init__(self, settings: Settings, places: Places, progress: Progress, workers: int = 0) -> None:
        """Load nothing yet; raises VoiceNotFound for an unknown voice."""
        own = places.data / "voices"
        self._places = places
        self._progress = progress
        self._wanted = make_cast(settings.parts, own, settings.delivery)
        self._falls_back = settings.on_failure == "fallback"
        self._understudies = Understudies(tuple(find_voice(name, own) for name in settings.fallback))
        self._clips = ClipCache(places.cache / "clips", settings.cache_size)
        self._studio = Studio(places, self._clips, workers)
        self._told: set[str] = set()

    def with_cast[T](self, make: Callable[[Cast], T]) -> T:
        """What ``make(cast)`` gives, called again with understudies for as long as a voice of the cast fails.

        All of what is made is made with one cast, so that no episode changes voice midway. Raises VoiceFailed where
        the show stops at a failure, EngineError where nobody is left.
        """
        while True:
            cast = self._understudies.cast(self._wanted)
            try:
                for notice in self._studio.notices(cast):
                    self._tell(notice)
                return make(cast)
            except VoiceFailed as failure:
                if not self._falls_back:
                    raise
                self._tell(self._understudies.failed(failure))

    def versions(self, cast: Cast) -> list[str]:
        """What decides how the voices of a cast sound today; raises VoiceFailed for one that cannot speak here."""
        return [self._studio.version(voice) for voice in cast.voices]

    def record(self, script: Script, segments: tuple[SpokenSegment, ...], music: Music, cast: Cast) -> Recording:
        """Speak every utterance and lay the clips out with the music."""
        self._clips.release()  # the recording before this one is written by now
        self._clips.hold()  # from here on `cache clear` leaves the music alone
        sounds = open_music(music, self._places.cache / "music")
        self._progress.begin(script.title, count(segments))
        clips = self._studio.speak((said for part in segments for said in part.pronunciations), cast)
        takes: list[tuple[Segment, list[Take]]] = []
        fresh = 0
        for part in segments:
            heard = []
            for _ in part.pronunciations:
                clip = next(clips)
                fresh += clip.fresh
                heard.append(listen(clip))
                self._progress.spoken()
            takes.append((part.segment, heard))
        self._progress.mastering()
        return Recording(plan(script.title, takes, sounds), fresh)

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._progress.note(sentence)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._studio.__exit__()
        self._clips.close()
