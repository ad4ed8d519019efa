"""The studio: a voice, its engine and the clip cache, kept open while utterances come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from audiopress.model import PLAIN, Delivery, Role
from audiopress.tts.cache import ClipCache
from audiopress.tts.engine import Places
from audiopress.tts.registry import make_engine

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.model import Clip, Pronunciation, Voice

#: Titles and headings are read a little slower than the text, as newsreaders do: 6 % is heard as emphasis and is still
#: the same speaker. Credits keep the pace of the text.
SET_APART = Delivery(rate=0.94)
ROLES = {Role.TITLE: SET_APART, Role.HEADING: SET_APART}


class Studio:
    """Speaks pronunciations in one voice; use it as a context manager, so that the engine is closed."""

    def __init__(self, voice: Voice, cache_folder: Path) -> None:
        """Nothing is loaded before the first clip that the cache does not hold."""
        self.voice = voice
        self.engine = make_engine(voice.engine, Places(cache_folder, cache_folder))
        self._cache = ClipCache(cache_folder / "clips")

    def speak(self, pronunciation: Pronunciation) -> Clip:
        """The clip of one utterance at the pace of its role."""
        delivery = self.voice.delivery + ROLES.get(pronunciation.utterance.sentence.role, PLAIN)
        return self._cache.clip(self.engine, self.voice, pronunciation, delivery)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
