"""Settings: defaults < audiopress.toml in the show's folder < environment < flags.

Stages never see Settings; press.py and shows.py hand each one the values it needs.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.errors import ConfigError
from audiopress.model import EXTENSIONS, Music, Show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "audiopress.toml"
#: What the environment may set, and the variable that sets it.
ENVIRONMENT = {"voice": "AUDIOPRESS_VOICE", "title": "AUDIOPRESS_SHOW", "base_url": "AUDIOPRESS_BASE_URL"}
CACHE_VARIABLE = "AUDIOPRESS_CACHE"
DATA_VARIABLE = "AUDIOPRESS_DATA"

ORDERS = ("newest", "oldest")
FREQUENCIES = ("", "hourly", "daily", "workdays", "weekly", "monthly")
#: Directories that a show may be listed in; each is a setting that holds the show's address there.
DIRECTORIES = ("apple", "spotify", "castbox")
#: Letters of a title: Apple cuts what is longer.
LONGEST_TITLE = 255

DEFAULT_VOICE = "nasim"  # the clearer of the two neural voices, see docs/decisions.md
DEFAULT_TITLE = "خبرهای شنیدنی"  # "News to listen to": the show's title where none is given


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for."""

    output: Path = Path("output")
    show: Show = field(default_factory=lambda: Show(DEFAULT_TITLE))
    voice: str = DEFAULT_VOICE
    format: str = "mp3"
    artwork: Path | None = None  #: the show's own cover, JPEG or PNG
    intro_text: str = ""  #: said at the beginning; {show}, {title} and {date} are filled in
    outro_text: str = ""  #: said at the end
    music: Music = field(default_factory=Music)
    publish: tuple[str, ...] = ()  #: where `publish` sends the show when it is not told


def load_settings(output: Path | None, flags: Mapping[str, str | None]) -> Settings:
    """Settings for a show's folder.

    ``load_settings(Path("out"), {"voice": "nasim"})`` → ``Settings(output=Path("out"), voice="nasim", …)``. Raises
    ConfigError for a file that is not TOML, an unknown key or a value that cannot be.
    """
    folder = Settings().output if output is None else output
    path = folder / FILE_NAME
    values = {key: _checked(key, value, str(path)) for key, value in read_file(path).items()}
    for key, variable in ENVIRONMENT.items():
        if os.environ.get(variable):
            values[key] = _checked(key, os.environ[variable], variable)
    values |= {key: _checked(key, value, f"--{key}") for key, value in flags.items() if value is not None}
    return _settings(folder, values)


def read_file(path: Path) -> dict[str, Any]:
    """The settings in a show's ``audiopress.toml``; none where there is no such file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML ({error}); mend it or remove it.") from error
    for key in table:
        if key not in CHECKS:
            raise ConfigError(f"{path}: {key!r} is not a setting; those that exist are {', '.join(CHECKS)}.")
    return table


def check(key: str, value: object) -> str:
    """Say in one sentence what is wrong with a setting, or "" where nothing is: ``check("email", "x")``."""
    return CHECKS[key](value)


def cache_folder() -> Path:
    """Where clips and converted models are kept: $AUDIOPRESS_CACHE, or the user's own cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  (only when no folder is named)

    return user_cache_path("audiopress")


def data_folder() -> Path:
    """Where what must outlive a cleared cache is kept: $AUDIOPRESS_DATA, or the user's own data folder.

    What was posted to which channel, and where a listener stopped.
    """
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415  (only when no folder is named)

    return user_data_path("audiopress")


def _checked(key: str, value: Any, where: str) -> Any:
    wrong = check(key, value)
    if wrong:
        raise ConfigError(f"{where}: {wrong}")
    return value


def _settings(folder: Path, values: dict[str, Any]) -> Settings:
    """Settings from values that have been checked; files are relative to the show's folder."""

    def text(key: str, default: str = "") -> str:
        return str(values.get(key, default))

    def file(key: str) -> Path | None:
        return folder / text(key) if text(key) else None

    show = Show(
        title=text("title", DEFAULT_TITLE),
        description=text("description"),
        author=text("author"),
        email=text("email"),
        language=text("language", "fa"),
        category=text("category", "News"),
        explicit=bool(values.get("explicit", False)),
        base_url=text("base_url").rstrip("/"),
        order=text("order", ORDERS[0]),
        keep=int(values.get("keep", 0)),
        frequency=text("frequency"),
        links=tuple((name, text(name)) for name in DIRECTORIES if text(name)),
    )
    music = Music(file("intro_music"), file("outro_music"), file("section_sound"), file("headline_bed"))
    targets = values.get("publish", ())
    return Settings(
        output=folder,
        show=show,
        voice=text("voice", DEFAULT_VOICE),
        format=text("format", "mp3"),
        artwork=file("artwork"),
        intro_text=text("intro_text"),
        outro_text=text("outro_text"),
        music=music,
        publish=(targets,) if isinstance(targets, str) else tuple(targets),
    )


def _text(key: str, *, needed: bool = False, longest: int = 0) -> Callable[[object], str]:
    def wrong(value: object) -> str:
        if not isinstance(value, str):
            return f'{key} must be text in quotes, like {key} = "…".'
        if needed and not value.strip():
            return f"{key} is empty; write one."
        if longest and len(value) > longest:
            return f"{key} has {len(value)} letters; {longest} is the most that directories show."
        return ""

    return wrong


def _one_of(key: str, names: tuple[str, ...]) -> Callable[[object], str]:
    def wrong(value: object) -> str:
        listed = ", ".join(name for name in names if name)
        return "" if value in names else f"{key} is {value!r}, but must be one of {listed}."

    return wrong


def _matching(key: str, pattern: str, example: str) -> Callable[[object], str]:
    def wrong(value: object) -> str:
        fits = isinstance(value, str) and (not value or re.fullmatch(pattern, value))
        return "" if fits else f"{key} is {value!r}, but must look like {example}."

    return wrong


def _explicit(value: object) -> str:
    return "" if isinstance(value, bool) else "explicit must be true or false, without quotes."


def _keep(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return ""
    return "keep must be a whole number of episodes, 0 for all."


def _targets(value: object) -> str:
    listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return "" if isinstance(value, str) or listed else 'publish must be text or a list of texts, like publish = ["…"].'


#: An address is ASCII, as Apple asks for; what comes after the path (?, #) cannot be continued with a file's name.
_ADDRESS = r"https?://[A-Za-z0-9.\-]+(:\d+)?(/[!-~]*)?"
_HOME = r"https?://[A-Za-z0-9.\-]+(:\d+)?(/[!-\"$->@-~]*)?"
#: What may be set, in the order in which `init` writes it, and what says what is wrong with a value.
CHECKS: Mapping[str, Callable[[object], str]] = {
    "title": _text("title", needed=True, longest=LONGEST_TITLE),
    "description": _text("description"),
    "author": _text("author"),
    "email": _matching("email", r"[^@\s]+@[^@\s]+\.[^@\s.]+", "name@example.org"),
    "base_url": _matching("base_url", _HOME, "https://example.org/podcast, in ASCII, without ? or #"),
    "language": _matching("language", r"[a-z]{2}(-[A-Za-z]{2,4})?", "fa"),
    "category": _text("category", needed=True),
    "explicit": _explicit,
    "artwork": _text("artwork"),
    "voice": _text("voice", needed=True),
    "format": _one_of("format", tuple(EXTENSIONS)),
    "intro_text": _text("intro_text"),
    "outro_text": _text("outro_text"),
    "intro_music": _text("intro_music"),
    "outro_music": _text("outro_music"),
    "section_sound": _text("section_sound"),
    "headline_bed": _text("headline_bed"),
    "order": _one_of("order", ORDERS),
    "keep": _keep,
    "frequency": _one_of("frequency", FREQUENCIES),
    "publish": _targets,
    **{name: _matching(name, _ADDRESS, "https://…") for name in DIRECTORIES},
}
