"""What an engine is: one that turns a pronunciation into audio in a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from audiopress.model import Audio, Pronunciation, Voice


@runtime_checkable
class Engine(Protocol):
    """A speech engine.

    An engine loads nothing until its first `synthesize`, may be used from one thread at a time, and raises
    `audiopress.errors.EngineError` (with a sentence for the user) when it cannot speak.
    """

    @property
    def name(self) -> str:
        """The name voice files use for it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same input would sound otherwise; part of a clip's cache key.

        Raises EngineUnavailable where a package, model or service that the engine needs is missing.
        """
        ...

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, *, pace: float = 1.0) -> Audio:
        """Speak one utterance.

        ``pace`` multiplies the voice's own speaking rate (0.94 is a little slower, for headings). The audio has no
        silence added for the boundary that follows: pauses between utterances belong to audio.stitch.
        """
        ...

    def close(self) -> None:
        """Free models and worker processes; the engine may be used again afterwards."""
        ...
