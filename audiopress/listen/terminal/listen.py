"""The way in: from what the listener named to sound, keys and a screen, and back to the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.listen.terminal.announcements import Announcements
from audiopress.listen.terminal.deck import Deck
from audiopress.listen.terminal.devices import open_device
from audiopress.listen.terminal.display import FullScreen, PlainLines
from audiopress.listen.terminal.keys import terminal_keyboard
from audiopress.listen.terminal.player import Player
from audiopress.listen.terminal.session import Notices, Session
from audiopress.listen.terminal.signals import Signals
from audiopress.listen.terminal.sleep import SleepTimer
from audiopress.listen.terminal.tracks import find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rich.console import Console

    from audiopress.listen.terminal.announcements import Announcer
    from audiopress.listen.terminal.tracks import Catalogue

#: The sleep timer's minutes, those that podcast apps offer.
MINUTES = (15.0, 30.0, 60.0)


def listen(
    target: Path | None,
    *,
    output: Path,
    catalogue: Catalogue,
    console: Console,
    shape: Callable[[str], str],
    device: str = "",
    announcer: Announcer | None = None,
    minutes: Sequence[float] = MINUTES,
) -> int:
    """Play a show, an episode or a file in the terminal, going on where the listener stopped; return the exit code.

    Example::

        listen(None, output=Path("output"), catalogue=read_show, console=Console(), shape=layout(console))
        # plays all unheard episodes; → 0 after «q» or the last one, 130 after Ctrl-C

    ``target`` is a show's folder or name, an episode's slug or an audio file, None all shows of ``output``.
    ``catalogue(folder)`` gives a show and its episodes; ``shape`` lays out a line of Persian for the console;
    ``announcer(text)`` speaks a text into a WAV file, to be heard before each episode. ``device`` is "" for the
    machine's own or "null" for none. A terminal gets a screen and is given back as it was; a pipe gets plain lines.

    Raises:
        SourceError: there is nothing of that name to hear.
        AudioError: there is no sound device, or what there is cannot be played.
        OutputError: where the listening stopped cannot be kept.
    """
    tracks = find(target, output, catalogue)
    keyboard = terminal_keyboard()
    screen = console.is_terminal and not console.is_dumb_terminal and keyboard.descriptor is not None
    display = FullScreen(console, shape) if screen else PlainLines(console, shape)
    notices = Notices()
    with Signals() as signals:
        player = Player(open_device(device), signals.wake)
        try:
            sleep = SleepTimer(player, minutes)
            deck = Deck(tracks, player, sleep, Announcements(announcer, signals.wake), notices.tell)
            with display, keyboard:
                session = Session(
                    deck,
                    player=player,
                    sleep=sleep,
                    keyboard=keyboard,
                    display=display,
                    signals=signals,
                    notices=notices,
                )
                return session.run()
        finally:
            player.close()
