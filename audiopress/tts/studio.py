"""The studio: a voice, its engine and the clip cache, kept open while utterances come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from audiopress.model import Role
from audiopress.tts.cache import ClipCache
from audiopress.tts.registry import make_engine

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.model import Clip, Pronunciation, Voice

#: Titles and headings are read a little slower than the text, as newsreaders do: 6 % is heard as emphasis and is still
#: the same speaker. Credits keep the pace of the text.
PACE = {Role.TITLE: 0.94, Role.HEADING: 0.94, Role.BODY: 1.0, Role.CREDIT: 1.0}


class Studio:
    """Speaks pronunciations in one voice; use it as a context manager, so that the engine is closed."""

    def __init__(self, voice: Voice, cache_folder: Path) -> None:
        """Nothing is loaded before the first clip that the cache does not hold."""
        self.voice = voice
        self.engine = make_engine(voice.engine, cache_folder)
        self._cache = ClipCache(cache_folder / "clips")

    def speak(self, pronunciation: Pronunciation) -> Clip:
        """The clip of one utterance at the pace of its role."""
        pace = PACE[pronunciation.utterance.sentence.role]
        return self._cache.clip(self.engine, self.voice, pronunciation, pace=pace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
