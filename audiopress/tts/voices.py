"""Voice files: voices/NAME.toml says which engine speaks, in which style and under which licence."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from audiopress.errors import ConfigError, VoiceNotFound
from audiopress.model import Delivery, Download, Voice, VoiceInput

PACKAGE = Path(__file__).parent.parent
REQUIRED = ("name", "engine", "input", "language", "gender", "sample_rate", "licence", "attribution", "description")
OPTIONAL = ("online", "key", "quality", "cost")


def voices_folder() -> Path:
    """The folder of voice files: inside an installed wheel, or beside the package in a checkout."""
    packed = PACKAGE / "_voices"
    return packed if packed.is_dir() else PACKAGE.parent / "voices"


def read_voice(path: Path) -> Voice:
    """Read one voice file.

    ``voices/arash.toml`` → ``Voice(name="arash", engine="kokoro", …)``. Raises ConfigError naming the file and what is
    wrong in it.
    """
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a readable TOML file ({error}); mend it or remove it.") from error
    missing = [key for key in REQUIRED if key not in table]
    if missing:
        raise ConfigError(f"{path} lacks {', '.join(missing)}; add it, as in voices/espeak.toml.")
    unknown = [key for key in table if key not in (*REQUIRED, *OPTIONAL, "options", "delivery", "downloads")]
    if unknown:
        raise ConfigError(f"{path}: {unknown[0]!r} is not a key of voice files; see voices/espeak.toml.")
    if table["input"] not in set(VoiceInput):
        raise ConfigError(f'{path}: input must be "phonemes" or "vocalized", not {table["input"]!r}.')
    try:
        delivery = Delivery(**{key: float(value) for key, value in table.get("delivery", {}).items()})
        downloads = tuple(Download(**download) for download in table.get("downloads", ()))
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{path}: [delivery] has rate, pitch and volume, and each of [[downloads]] url, file, sha256 and size; "
            f"mend what is wrong there ({error})."
        ) from error
    return Voice(
        **{key: table[key] for key in REQUIRED if key != "input"},
        **{key: table[key] for key in OPTIONAL if key in table},
        input=VoiceInput(table["input"]),
        options=tuple(sorted(table.get("options", {}).items())),
        delivery=delivery,
        downloads=downloads,
    )


@cache
def all_voices(own: Path | None = None) -> dict[str, Voice]:
    """Every voice by name, in the order of their names: those that come along and those of the folder ``own``.

    A file of the user's own goes before one of ours with the same name.
    """
    folders = [voices_folder(), *([own] if own else [])]
    voices = {voice.name: voice for folder in folders for voice in map(read_voice, sorted(folder.glob("*.toml")))}
    return dict(sorted(voices.items()))


def find_voice(name: str, own: Path | None = None) -> Voice:
    """The voice called ``name``; raises VoiceNotFound, which lists those that exist."""
    voices = all_voices(own)
    if name not in voices:
        raise VoiceNotFound(name, tuple(voices))
    return voices[name]
