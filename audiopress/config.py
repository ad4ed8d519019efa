"""Settings: defaults < audiopress.toml in the show's folder < environment < flags.

Stages never see Settings; press.py and shows.py hand each one the values it needs.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.errors import ConfigError
from audiopress.model import PLAIN, Delivery, Music, Part, Show
from audiopress.settings import CHECKS, DIRECTORIES, ORDERS, WATCHES, delivery_of, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE_NAME = "audiopress.toml"
#: What the environment may set, and the variable that sets it.
ENVIRONMENT = {
    "voice": "AUDIOPRESS_VOICE",
    "title": "AUDIOPRESS_SHOW",
    "base_url": "AUDIOPRESS_BASE_URL",
    "cache_size": "AUDIOPRESS_CACHE_SIZE",
}
CACHE_VARIABLE = "AUDIOPRESS_CACHE"
DATA_VARIABLE = "AUDIOPRESS_DATA"

DEFAULT_VOICE = "nasim"  # the clearer of the two neural voices, see docs/decisions.md
DEFAULT_FALLBACK = ("nasim", "espeak")  # offline both, the second needs hardly anything
DEFAULT_CACHE_SIZE = 2_000_000_000  # bytes: some 11 hours of clips
DEFAULT_TITLE = "خبرهای شنیدنی"  # "News to listen to": the show's title where none is given


@dataclass(frozen=True, slots=True)
class Watch:
    """What a show is made from while nobody looks."""

    feeds: tuple[tuple[str, str], ...] = ()  #: addresses, each with the section its stories belong to or ""
    bulletin: bool = False  #: one bulletin a day in place of an episode for each story
    every: float = 15.0  #: minutes between two looks at a feed
    at: str = "07:00"  #: when the bulletin is made, by the clock of this machine
    minutes: float = 0.0  #: how long it is to be, 0 for all there is
    opening: str = ""  #: the show's own words
    closing: str = ""
    sections: tuple[tuple[str, float], ...] = ()  #: their weights


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for."""

    output: Path = Path("output")
    show: Show = field(default_factory=lambda: Show(DEFAULT_TITLE))
    voice: str = DEFAULT_VOICE
    cast: tuple[tuple[str, Part], ...] = ()  #: other parts than a plain narrator
    delivery: Delivery = PLAIN  #: what is asked of all voices
    fallback: tuple[str, ...] = DEFAULT_FALLBACK  #: who takes over for a voice that fails, one after the other
    on_failure: str = "stop"  #: or "fallback"
    cache_size: int = DEFAULT_CACHE_SIZE  #: bytes of clips that are kept
    format: str = "mp3"
    artwork: Path | None = None  #: the show's own cover, JPEG or PNG
    intro_text: str = ""  #: said at the beginning; {show}, {title} and {date} are filled in
    outro_text: str = ""  #: said at the end
    music: Music = field(default_factory=Music)
    publish: tuple[str, ...] = ()  #: where `publish` sends the show when it is not told
    watch: Watch = field(default_factory=Watch)

    @property
    def parts(self) -> dict[str, Part]:
        """The whole cast."""
        return {"narrator": Part(self.voice)} | dict(self.cast)


def load_settings(output: Path | None, flags: Mapping[str, object]) -> Settings:
    """Settings for a show's folder.

    ``load_settings(Path("out"), {"voice": "nasim"})`` → ``Settings(output=Path("out"), voice="nasim", …)``. Raises
    ConfigError for a file that is not TOML, an unknown key or a value that cannot be.
    """
    folder = Settings().output if output is None else output
    path = folder / FILE_NAME
    values = {key: _checked(key, value, str(path)) for key, value in read_file(path).items()}
    asked = {
        key: _checked(key, os.environ[variable], variable)
        for key, variable in ENVIRONMENT.items()
        if os.environ.get(variable)
    }
    asked |= {key: _checked(key, value, f"--{key}") for key, value in flags.items() if value is not None}
    if "voice" in asked:
        values.pop("voices", None)  # who asks for a voice wants to hear it, and no other
    values |= asked
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
    parts = {
        part: Part(value, PLAIN) if isinstance(value, str) else Part(value["voice"], delivery_of(value))
        for part, value in values.get("voices", {}).items()
    }
    narrator = parts.pop("narrator", Part(text("voice", DEFAULT_VOICE)))
    if narrator.delivery != PLAIN:
        parts["narrator"] = narrator
    music = Music(file("intro_music"), file("outro_music"), file("section_sound"), file("headline_bed"))
    return Settings(
        output=folder,
        show=show,
        voice=narrator.voice,
        cast=tuple(parts.items()),
        delivery=delivery_of(values),
        fallback=_names(values.get("fallback", DEFAULT_FALLBACK)),
        on_failure=text("on_failure", "stop"),
        cache_size=size_of(values["cache_size"]) if "cache_size" in values else DEFAULT_CACHE_SIZE,
        format=text("format", "mp3"),
        artwork=file("artwork"),
        intro_text=text("intro_text"),
        outro_text=text("outro_text"),
        music=music,
        publish=_names(values.get("publish", ())),
        watch=_watch(values),
    )


def _watch(values: dict[str, Any]) -> Watch:
    feeds = [feed if isinstance(feed, dict) else {"url": feed} for feed in values.get("feeds", ())]
    return Watch(
        feeds=tuple((feed["url"], feed.get("section", "")) for feed in feeds),
        bulletin=values.get("watch", WATCHES[0]) == "bulletin",
        every=float(values.get("every", Watch().every)),
        at=str(values.get("bulletin_at") or Watch().at),
        minutes=float(values.get("bulletin_minutes", 0)),
        opening=str(values.get("bulletin_opening", "")),
        closing=str(values.get("bulletin_closing", "")),
        sections=tuple((name, float(weight)) for name, weight in values.get("sections", {}).items()),
    )


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
