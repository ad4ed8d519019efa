"""Where the files of a Piper voice are, and whether it is one that we can speak."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.errors import EngineUnavailable

if TYPE_CHECKING:
    from audiopress.model import Voice


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a voice."""

    model: Path
    config: dict[str, Any] = field(compare=False)  #: what the JSON beside the model says
    digest: str  #: of both files
    remedy: str  #: what to do should the model turn out to be damaged


def look(voice: Voice, folder: Path) -> Found:
    """The files of a voice that is installed in ``folder``/NAME.

    The model is the file that the voice file's option ``model`` names, else the .onnx it downloads, else the only
    .onnx in the folder. Raises EngineUnavailable where piper-tts or a file is missing, a file is damaged, or the voice
    was trained on letters.
    """
    try:
        version("piper-tts")
    except PackageNotFoundError as error:
        raise EngineUnavailable(
            f"The voice {voice.name} needs piper-tts; run: pip install 'audiopress[piper]'"
        ) from error
    home = folder / voice.name
    model = _model(voice, home)
    sidecar = model.with_name(f"{model.name}.json")
    if voice.downloads:
        remedy = f"run: audiopress voices install {voice.name}"
    else:
        remedy = f"put {model.name} and {sidecar.name} into {model.parent}"
    for path in (model, sidecar):
        if not path.is_file():
            raise EngineUnavailable(f"The voice {voice.name} is not installed; {remedy}")
    try:
        config = json.loads(sidecar.read_bytes())
        eats = config.get("phoneme_type", "espeak")
        _ = config["phoneme_id_map"], config["audio"]["sample_rate"]
        digest = _digest(model, _stamp(model)) + _digest(sidecar, _stamp(sidecar))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineUnavailable(f"{sidecar} is damaged or no voice of Piper; {remedy}") from error
    if eats != "espeak":
        raise EngineUnavailable(
            f"The voice {voice.name} was trained on {eats!r}, not on phonemes as espeak-ng writes them, so it cannot "
            "speak ours; choose another voice."
        )
    return Found(model, config, digest, remedy)


def _model(voice: Voice, home: Path) -> Path:
    named = str(voice.option("model", ""))
    if named:
        return home / Path(named).expanduser()  # an absolute path stays what it is
    for download in voice.downloads:
        if download.file.endswith(".onnx"):
            return home / download.file
    there = sorted(home.glob("*.onnx"))
    return there[0] if len(there) == 1 else home / f"{voice.name}.onnx"


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file does."""
    known = path.stat()
    return known.st_mtime_ns, known.st_size, known.st_ino


@lru_cache(maxsize=64)
def _digest(path: Path, stamp: tuple[int, int, int]) -> str:
    """The beginning of a file's SHA-256, read once as long as its stamp stays: a model is 64 MB."""
    del stamp
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
