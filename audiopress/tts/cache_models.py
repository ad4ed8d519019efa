"""The converted models beside the clips, ``kokoro-….onnx``: which are there, and which nobody needs any more.

A new version of onnxruntime or of the conversion makes a new one of some 115 MB and leaves the old one behind.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiopress.tts.cache_files import HOUR

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds without use after which a model that is not the current one goes: another installation may still need it.
UNUSED = 30 * 24 * HOUR

_MODEL = re.compile(r"kokoro-[\w.\-]+\.onnx")
_ASIDE = re.compile(r"kokoro-[\w.\-]+\.(onnx|json)\w+\.part")


@dataclass(frozen=True, slots=True)
class Model:
    """A converted model on disk."""

    path: Path
    size: int  #: bytes
    used: float  #: seconds since 1970: when it was last made or read, as far as the disk tells

    def remove(self) -> int:
        """Delete it and what tells whether it is whole; gives the bytes that it took."""
        for path in (self.path.with_suffix(".json"), self.path):
            path.unlink(missing_ok=True)
        return self.size


def models(cache: Path) -> tuple[Model, ...]:
    """The converted models in the user's cache folder."""
    found = []
    for path in _named(cache, _MODEL):
        with suppress(OSError):
            status = path.stat()
            used = max(status.st_mtime, status.st_atime, _changed(path.with_suffix(".json")))
            found.append(Model(path, status.st_size, used))
    return tuple(found)


def current() -> str:
    """The name of the model that this installation uses, "" where it has no onnxruntime."""
    from audiopress.tts.kokoro_model import model_name  # noqa: PLC0415 - asked only where there is a model

    try:
        return f"{model_name()}.onnx"
    except ImportError:
        return ""


def leftovers(cache: Path, age: float = HOUR) -> tuple[Path, ...]:
    """Parts of models whose making was cut off."""
    return tuple(path for path in _named(cache, _ASIDE) if _changed(path) <= time.time() - age)


def remove_unused(cache: Path) -> None:
    """Delete what nobody has used for a month, unless this installation would; OSError where that fails."""
    for path in leftovers(cache):
        path.unlink(missing_ok=True)
    old = [model for model in models(cache) if model.used <= time.time() - UNUSED]
    if old:
        ours = current()  # imports onnxruntime: only when there is something to ask about
        for model in old:
            if model.path.name != ours:
                model.remove()


def _named(cache: Path, pattern: re.Pattern[str]) -> list[Path]:
    try:
        return sorted(path for path in cache.iterdir() if pattern.fullmatch(path.name) and path.is_file())
    except OSError:
        return []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
