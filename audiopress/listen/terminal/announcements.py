"""What is said aloud between episodes, made while the one before still plays."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from audiopress.errors import AudiopressError
from audiopress.listen.terminal.persian import digits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.listen.terminal.tracks import Track

    #: Speaks a text into a WAV file; None where it cannot.
    type Announcer = Callable[[str], Path | None]

#: Chapters that are named; a listener keeps no longer list in mind.
_NAMED = 6


def announcement(track: Track) -> str:
    """Return what is said before an episode.

    «قسمت بعدی: جشنواره رودخانه. این قسمت ۵ فصل دارد: …؛ …؛ ….» With one chapter or none only the title is said.
    """
    said = f"قسمت بعدی: {track.title}."
    titles = [mark.title for mark in track.chapters if mark.title]
    if len(titles) > 1:
        named = "؛ ".join(titles[:_NAMED])
        rest = " و چند فصل دیگر" if len(titles) > _NAMED else ""
        said += digits(f" این قسمت {len(titles)} فصل دارد: {named}{rest}.")
    return said


class Announcements:
    """Speaks announcements one after the other, in a thread that ends with the program."""

    def __init__(self, announcer: Announcer | None, ready: Callable[[], None]) -> None:
        """``ready`` is called, from that thread, when one is there; without an announcer nothing is ever said."""
        self._announcer = announcer
        self._ready = ready
        self._made: dict[str, Path | None] = {}
        self._making: set[str] = set()

    def prepare(self, track: Track | None) -> None:
        """Begin to speak what is said before an episode."""
        if track and self._announcer and track.guid not in self._making:
            self._making.add(track.guid)
            Thread(target=self._make, args=(track,), name="announcer", daemon=True).start()

    def is_due(self, track: Track) -> bool:
        """Whether something is to be said before an episode, or may still turn out to be."""
        self.prepare(track)
        return self._announcer is not None and self._made.get(track.guid, track.path) is not None

    def sound(self, track: Track) -> Path | None:
        """The sound to play before an episode, None while it is not there."""
        return self._made.get(track.guid)

    def _make(self, track: Track) -> None:
        made = None
        try:
            if self._announcer:
                made = self._announcer(announcement(track))
        except AudiopressError:  # the episode itself is what matters
            made = None
        finally:
            self._made[track.guid] = made
            self._ready()
