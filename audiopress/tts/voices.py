"""Voice files: voices/NAME.toml says which engine speaks, in which style and under which licence."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from audiopress.errors import ConfigError, VoiceNotFound
from audiopress.model import Voice, VoiceInput

PACKAGE = Path(__file__).parent.parent
REQUIRED = ("name", "engine", "input", "language", "gender", "sample_rate", "licence", "attribution", "description")


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
    if table["input"] not in set(VoiceInput):
        raise ConfigError(f'{path}: input must be "phonemes" or "vocalized", not {table["input"]!r}.')
    return Voice(
        **{key: table[key] for key in REQUIRED if key != "input"},
        input=VoiceInput(table["input"]),
        options=tuple(sorted(table.get("options", {}).items())),
    )


@cache
def all_voices() -> dict[str, Voice]:
    """Every voice by name, the default first, then in the order of their names."""
    voices = sorted((read_voice(path) for path in voices_folder().glob("*.toml")), key=lambda voice: voice.name)
    return {voice.name: voice for voice in voices}


def find_voice(name: str) -> Voice:
    """The voice called ``name``; raises VoiceNotFound, which lists those that exist."""
    voices = all_voices()
    if name not in voices:
        raise VoiceNotFound(name, tuple(voices))
    return voices[name]
