"""What a check finds, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type Level = Literal["error", "warning"]

#: What puts right whatever only the feed says wrongly.
REFRESH = "Run audiopress produce again: it writes the feed anew."
#: What puts right an episode whose files are damaged.
REMAKE = "Make the episode anew: audiopress produce --force with its article."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a directory would refuse (an error) or that listeners would miss (a warning)."""

    level: Level
    where: str  #: a file of the show, with the place in it, or an address
    what: str  #: one sentence
    remedy: str  #: what to do: a setting, a command


def error(where: str, what: str, remedy: str) -> Finding:
    """Return a finding that keeps the show from being listed or heard."""
    return Finding("error", where, what, remedy)


def warning(where: str, what: str, remedy: str) -> Finding:
    """Return a finding that can wait."""
    return Finding("warning", where, what, remedy)


def setting(key: str) -> str:
    """Return the remedy that is a setting: ``setting("email")`` → ``Set email in audiopress.toml, then run …``."""
    return f"Set {key} in audiopress.toml, then run audiopress produce again."


def shown(text: str) -> str:
    """Return what a file says, for a sentence: one line, quoted, cut after 80 letters."""
    line = " ".join(text.split())
    return f"«{line}»" if len(line) <= _SHOWN else f"«{line[:_SHOWN]}…»"


_SHOWN = 80  # letters: a terminal's line
