"""What an engine is: one that turns a pronunciation into audio in a voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from audiopress.model import PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.model import Audio, Delivery, Pronunciation, Voice


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that engines may use; both are made when they are needed."""

    cache: Path  #: what can be made again
    data: Path  #: what was installed: voices/NAME/ holds the files of the voice NAME


@runtime_checkable
class Engine(Protocol):
    """A speech engine.

    An engine loads nothing until its first `synthesize`, and raises `audiopress.errors.EngineError` (with a sentence
    for the user) when it cannot speak, never half of an utterance or silence in its place.
    """

    @property
    def name(self) -> str:
        """The name voice files use for it."""
        ...

    @property
    def workers(self) -> int:
        """How many threads may call `synthesize` at once, and how many keep the engine busy."""
        ...

    def version(self, voice: Voice) -> str:
        """Changes whenever the same input would sound otherwise in this voice; part of a clip's cache key.

        Raises EngineUnavailable where a package, a file or a key that the voice needs is missing; nothing is loaded and
        no service is asked.
        """
        ...

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance with the rate, pitch and volume of ``delivery``.

        An engine that cannot do one of them itself leaves it to `audiopress.tts.shape.shaped`. The audio has no
        silence added for the boundary that follows: pauses between utterances belong to audio.stitch.
        """
        ...

    def close(self) -> None:
        """Free models, connections and worker processes; the engine may be used again afterwards."""
        ...
