"""Who takes over for a voice that failed: the same understudy in all its parts, for whole episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.errors import EngineError, VoiceFailed

if TYPE_CHECKING:
    from audiopress.model import Voice
    from audiopress.tts.cast import Cast


class Understudies:
    """The chain of voices that take over, and who has failed so far.

    A voice that failed is not asked again: a service that is down would be waited for in every episode of a run.
    """

    def __init__(self, chain: tuple[Voice, ...]) -> None:
        """Nobody has failed yet."""
        self._chain = chain
        self._failed: dict[str, str] = {}

    def cast(self, wanted: Cast) -> Cast:
        """The cast with understudies for the voices that failed."""
        for name in [voice.name for voice in wanted.voices if voice.name in self._failed]:
            wanted = wanted.recast(name, self._next(name))
        return wanted

    def failed(self, failure: VoiceFailed) -> str:
        """Remember that a voice failed; return what the listener is told.

        Raises EngineError, with the reason of each voice, when nobody is left.
        """
        self._failed[failure.voice] = failure.why
        successor = self._next(failure.voice)
        why = failure.why.strip().rstrip(".")
        return f"{failure.voice} could not speak ({why}); {successor.name} reads the whole episode."

    def _next(self, name: str) -> Voice:
        for voice in self._chain:
            if voice.name not in self._failed:
                return voice
        reasons = "; ".join(f"{voice}: {why.strip().rstrip('.')}" for voice, why in self._failed.items())
        raise EngineError(
            f"No voice could speak ({reasons}). Name another in fallback, or see: audiopress doctor"
        ) from (VoiceFailed(name, self._failed[name]))
