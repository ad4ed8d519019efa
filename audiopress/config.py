"""Settings: defaults < audiopress.toml in the output folder < environment < flags.

Stages never see Settings; press.py hands each one the values it needs.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "audiopress.toml"
#: What a user may set, and the environment variable that sets it.
ENVIRONMENT = {"voice": "AUDIOPRESS_VOICE", "show": "AUDIOPRESS_SHOW", "base_url": "AUDIOPRESS_BASE_URL"}
CACHE_VARIABLE = "AUDIOPRESS_CACHE"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for."""

    output: Path = Path("output")
    voice: str = "nasim"  #: the clearer of the two neural voices, see docs/decisions.md
    show: str = "خبرهای شنیدنی"  # "News to listen to": the show's title where none is given
    base_url: str = ""  #: where the output folder is served; "" writes relative addresses


def load_settings(output: Path | None, flags: Mapping[str, str | None]) -> Settings:
    """Settings for an output folder.

    ``load_settings(Path("out"), {"voice": "nasim"})`` → ``Settings(output=Path("out"), voice="nasim", …)``. Raises
    ConfigError for a file that is not TOML, an unknown key or a value that is no text.
    """
    settings = Settings() if output is None else Settings(output=output)
    values: dict[str, Any] = read_file(settings.output / FILE_NAME)
    values |= {name: os.environ[variable] for name, variable in ENVIRONMENT.items() if os.environ.get(variable)}
    values |= {name: value for name, value in flags.items() if value is not None}
    return replace(settings, **values)


def read_file(path: Path) -> dict[str, str]:
    """The settings in a show's ``audiopress.toml``; none where there is no such file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML ({error}); mend it or remove it.") from error
    known = [field.name for field in fields(Settings) if field.name != "output"]
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{path}: {key!r} is not a setting; those that exist are {', '.join(known)}.")
        if not isinstance(value, str):
            raise ConfigError(f'{path}: {key} must be text in quotes, like {key} = "…".')
    return table


def cache_folder() -> Path:
    """Where clips and converted models are kept: $AUDIOPRESS_CACHE, or the user's own cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  (only when no folder is named)

    return user_cache_path("audiopress")
