"""The Kokoro model shared by the threads that speak through it."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from audiopress.tts.kokoro_model import ready_model, session

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

#: Every so many phrases the memory arena, which grows with each longest phrase and piece of it, is shrunk: over 40
#: sentences 430-490 MB and no slower; never: 540 MB and growing; each time: 270 MB and 8 % slower.
SHRINK_EVERY = 10


class Sessions:
    """One onnxruntime session for all threads, made when the first of them speaks.

    Several utterances at once keep the processors busy best with one thread each: the parts of one phrase that two
    threads share cost a tenth to a fifth more. One utterance alone is ready sooner with all of them. So the session has
    as many threads as there are processors while nobody else speaks, and is made anew with one thread, once, when
    somebody does; who comes while the first session is still being made is counted, so that a programme makes only the
    one it needs. The samples are the same with any number of threads.
    """

    def __init__(self, cache_folder: Path, processors: int) -> None:
        """Nothing is loaded yet."""
        self._cache_folder, self._processors = cache_folder, processors
        self._making, self._counting = Lock(), Lock()
        self._session: Any = None
        self._threads = 0  # of the session
        self._speaking = 0  # threads inside `run`
        self._runs = 0

    def run(self, feed: dict[str, NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The model's samples and frames; may be called by several threads at once.

        Raises EngineUnavailable when a package is missing.
        """
        with self._counting:
            self._speaking += 1
            self._runs += 1
            shrink = self._runs % SHRINK_EVERY == 0
        try:
            samples, frames = self._ready().run(None, feed, shrinking() if shrink else None)
        finally:
            with self._counting:
                self._speaking -= 1
        return samples, frames

    def close(self) -> None:
        """Free the model once nobody speaks any more; the next call loads it again."""
        with self._making:
            self._session = None

    def _ready(self) -> Any:
        with self._making:
            if self._session is None or (self._threads > 1 and self._speaking > 1):
                model = ready_model(self._cache_folder)
                self._threads = 1 if self._speaking > 1 else self._processors
                self._session = session(model, self._threads)
            return self._session


@cache
def shrinking() -> Any:
    """Options of a run after which onnxruntime gives unused memory back to the system."""
    import onnxruntime  # noqa: PLC0415 - as in kokoro_model

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options
