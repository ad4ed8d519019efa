"""What may be set in a show's audiopress.toml, in the environment or by flags, and what is wrong with a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.model import EXTENSIONS, Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ORDERS = ("newest", "oldest")
FREQUENCIES = ("", "hourly", "daily", "workdays", "weekly", "monthly")
#: Directories that a show may be listed in; each is a setting that holds the show's address there.
DIRECTORIES = ("apple", "spotify", "castbox")
#: Letters of a title: Apple cuts what is longer.
LONGEST_TITLE = 255

PARTS = ("narrator", "headlines", "quotes", "credits")  # of a cast, see tts.cast
ON_FAILURE = ("stop", "fallback")
WATCHES = ("episodes", "bulletin")  # what a watch makes: one episode for each new story, or one bulletin a day


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


def _list(key: str) -> Callable[[object], str]:
    def wrong(value: object) -> str:
        listed = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        return "" if isinstance(value, str) or listed else f'{key} must be text or a list of texts, like {key} = ["…"].'

    return wrong


def _number(key: str, least: float, most: float, what: str) -> Callable[[object], str]:
    def wrong(value: object) -> str:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"{key} is {value!r}, but must be {what} from {least:g} to {most:g}."

    return wrong


def _voices(value: object) -> str:
    if not isinstance(value, dict):
        return f"voices must be a table: [voices] with {', '.join(PARTS)}."
    for part, actor in value.items():
        if part not in PARTS:
            return f"voices has no part {part!r}; those that exist are {', '.join(PARTS)}."
        if isinstance(actor, dict):
            unknown = [key for key in actor if key not in ("voice", *DELIVERY)]
            if unknown or not isinstance(actor.get("voice"), str):
                return (
                    f'voices.{part} needs a voice, and may have {", ".join(DELIVERY)}: {{ voice = "…", rate = 1.1 }}.'
                )
            wrong = next((said for key in DELIVERY if key in actor and (said := DELIVERY[key](actor[key]))), "")
            if wrong:
                return f"voices.{part}: {wrong}"
        elif not isinstance(actor, str):
            return f'voices.{part} must be the name of a voice in quotes, like {part} = "nasim".'
    return ""


def _size(value: object) -> str:
    try:
        size_of(value)
    except ValueError:
        return f"cache_size is {value!r}, but must be a size, like 500 MB or 2 GB."
    return ""


def _feeds(value: object) -> str:
    example = 'feeds = ["https://…/rss", { url = "https://…", section = "اقتصاد" }]'
    if not isinstance(value, list | tuple):
        return f"feeds must be a list, like {example}."
    for feed in value:
        if isinstance(feed, dict):
            unknown = [key for key in feed if key not in {"url", "section"}]
            if unknown or not all(isinstance(feed.get(key, ""), str) for key in ("url", "section")):
                return f"a feed has a url and may have a section, like {example}."
        address = feed.get("url", "") if isinstance(feed, dict) else feed
        if not isinstance(address, str) or not re.fullmatch(r"https?://\S+", address):
            return f"feeds holds {address!r}, but each must be an address: {example}."
    return ""


def _sections(value: object) -> str:
    good = isinstance(value, dict) and all(
        isinstance(weight, int | float) and not isinstance(weight, bool) and weight >= 0 for weight in value.values()
    )
    return "" if good else 'sections must be a table of weights, like sections = { "اقتصاد" = 2, "ورزش" = 0 }.'


def size_of(value: object) -> int:
    """A size in bytes: ``"2 GB"`` → ``2000000000``; raises ValueError for what is none."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kMGT]?)B?\s*", str(value), re.IGNORECASE)
    if not found or isinstance(value, bool):
        raise ValueError(value)
    return int(float(found[1]) * 1000 ** " KMGT".index(found[2].upper() or " "))


def delivery_of(table: Mapping[str, float]) -> Delivery:
    """The delivery that a table of settings asks for."""
    return Delivery(**{key: float(table[key]) for key in DELIVERY if key in table})


#: A rate beyond these is no speech any more; a pitch of an octave is another speaker; 20 dB is from voice to whisper.
DELIVERY: Mapping[str, Callable[[object], str]] = {
    "rate": _number("rate", 0.5, 2.0, "a factor"),
    "pitch": _number("pitch", -12, 12, "semitones"),
    "volume": _number("volume", -20, 20, "decibels"),
}

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
    "publish": _list("publish"),
    "voices": _voices,
    **DELIVERY,
    "fallback": _list("fallback"),
    "on_failure": _one_of("on_failure", ON_FAILURE),
    "cache_size": _size,
    "feeds": _feeds,
    "watch": _one_of("watch", WATCHES),
    "every": _number("every", 1, 1440, "minutes"),
    "bulletin_at": _matching("bulletin_at", r"([01]\d|2[0-3]):[0-5]\d", "07:00"),
    "bulletin_minutes": _number("bulletin_minutes", 0, 240, "minutes"),
    "bulletin_opening": _text("bulletin_opening"),
    "bulletin_closing": _text("bulletin_closing"),
    "sections": _sections,
    **{name: _matching(name, _ADDRESS, "https://…") for name in DIRECTORIES},
}
