"""A session of listening: the loop that waits for keys, signals and time, and shows what they did."""

from __future__ import annotations

import select
import signal
import time
from typing import TYPE_CHECKING

from audiopress.listen.terminal.keys import Key
from audiopress.listen.terminal.persian import digits
from audiopress.listen.terminal.screen import View
from audiopress.listen.terminal.signals import ENDING
from audiopress.listen.terminal.timing import faster

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiopress.listen.terminal.deck import Deck
    from audiopress.listen.terminal.display import Display
    from audiopress.listen.terminal.keys import Keyboard
    from audiopress.listen.terminal.player import Player
    from audiopress.listen.terminal.signals import Signals
    from audiopress.listen.terminal.sleep import SleepTimer

SKIP = 15.0  #: seconds of ← and →
LOUDER = 5  #: per cent of ↑ and ↓
#: Seconds after which the size is looked at once more: Linux tells of a pseudo-terminal's new size before it is set
#: (drivers/tty/pty.c, pty_resize), and a paused player looks at nothing else.
_RESIZED = 0.1
_TICK = 0.2  # seconds between two looks at the place; a spoken word is not much shorter
_NOTICE = 5.0  # seconds a notice stays: it is read twice
#: Seconds after an escape in which the rest of a cursor key's sequence comes, over a slow line, too.
_ESCAPE = 0.15


class Notices:
    """Something the listener should know, for a while."""

    def __init__(self) -> None:
        """There is nothing."""
        self._text, self._until = "", 0.0

    def tell(self, text: str) -> None:
        """Let it be seen."""
        self._text, self._until = text, time.monotonic() + _NOTICE

    @property
    def left(self) -> float | None:
        """Seconds until it goes, None where there is nothing."""
        return max(0.0, self._until - time.monotonic()) if self._text else None

    @property
    def text(self) -> str:
        """What is to be seen now."""
        if self._text and time.monotonic() >= self._until:
            self._text = ""
        return self._text


class Session:
    """Lets a listener steer a deck."""

    def __init__(
        self,
        deck: Deck,
        *,
        player: Player,
        sleep: SleepTimer,
        keyboard: Keyboard,
        display: Display,
        signals: Signals,
        notices: Notices,
    ) -> None:
        """All is ready; nothing plays yet."""
        self._deck = deck
        self._player = player
        self._sleep = sleep
        self._keyboard = keyboard
        self._display = display
        self._signals = signals
        self._notices = notices
        self._typed: str | None = None
        self._help = False
        self._resized = False
        self._code: int | None = None
        self._commands: dict[str, Callable[[], None]] = {
            Key.SPACE: deck.toggle,
            Key.RIGHT: lambda: deck.skip(SKIP),
            "l": lambda: deck.skip(SKIP),
            Key.LEFT: lambda: deck.skip(-SKIP),
            "j": lambda: deck.skip(-SKIP),
            Key.UP: lambda: self._louder(LOUDER),
            Key.DOWN: lambda: self._louder(-LOUDER),
            "n": deck.next_chapter,
            "p": deck.previous_chapter,
            "N": lambda: deck.go(deck.index + 1),
            "P": lambda: deck.go(deck.index - 1),
            "+": lambda: self._faster(1),
            "=": lambda: self._faster(1),
            "-": lambda: self._faster(-1),
            "s": lambda: sleep.choose_next(deck.track),
            "g": self._type,
            "?": lambda: self._show_help(on=not self._help),
            Key.ESCAPE: lambda: self._show_help(on=False),
            "q": lambda: self._leave(0),
            Key.HANGUP: lambda: self._leave(ENDING[signal.SIGHUP]),
        }

    def run(self) -> int:
        """Listen until everything was heard or somebody wants to stop; return the exit code.

        Raises:
            AudioError: what there is cannot be played, or the device has gone.
            OutputError: where the listening stopped cannot be kept.
        """
        self._deck.start()
        try:
            while self._code is None:
                self._show()
                self._wait()
                if self._code is None:
                    self._deck.look()
                    if self._deck.finished:
                        self._leave(0)
                    elif self._keyboard.descriptor is None and not (self._player.playing or self._deck.announcing):
                        self._leave(0)  # asleep, and there is no key to wake it
            self._show()
        finally:
            self._player.pause()
            self._deck.save()
        self._deck.save(strict=True)
        return self._code

    def _wait(self) -> None:
        """Sleep until a key, a signal, the end of the sound or the next thing to show."""
        watched = [self._signals.descriptor]
        watched += [self._keyboard.descriptor] if self._keyboard.descriptor is not None else []
        patience, self._resized = self._patience(), False
        ready, _, _ = select.select(watched, [], [], patience)
        for number in self._signals.take():
            self._signalled(number)
        if self._keyboard.descriptor in ready:
            for key in self._keyboard.read():
                self._press(key)
        elif not ready:
            for key in self._keyboard.flush():
                self._press(key)

    def _patience(self) -> float | None:
        """Return for how many seconds nothing will happen by itself, None for ever: paused it takes no time at all."""
        times = [self._notices.left]
        if self._resized:
            times.append(_RESIZED)
        if self._player.playing:
            times.append(_TICK)
            if self._sleep.until:
                times.append(self._sleep.left(self._deck.track))
        if self._keyboard.waiting:
            times.append(_ESCAPE)
        return min((each for each in times if each is not None), default=None)

    def _press(self, key: str) -> None:
        if self._code is not None:
            return
        if self._typed is not None and (key.isdecimal() or key in {Key.ENTER, Key.ESCAPE, Key.BACKSPACE}):
            self._typing(key)
        elif key in self._commands:
            self._typed = None
            self._commands[key]()

    def _signalled(self, number: int) -> None:
        if number == signal.SIGWINCH:
            self._resized = True
        if number in ENDING:
            self._leave(ENDING[signal.Signals(number)])
        elif number == signal.SIGTSTP:
            self._suspend()
        elif number == signal.SIGCONT:  # stopped by a signal that cannot be caught: the shell used the terminal
            self._keyboard.take()
            self._display.resume()

    def _suspend(self) -> None:
        """Ctrl-Z: be silent and give the terminal back, until the shell lets us go on."""
        playing = self._player.playing
        self._player.pause()
        self._deck.save()
        self._display.suspend()
        self._keyboard.give_back()
        self._signals.stop()
        if playing:
            self._player.play()

    def _leave(self, code: int) -> None:
        self._code = code

    def _louder(self, percent: int) -> None:
        self._player.volume = min(100, max(0, self._player.volume + percent))

    def _faster(self, steps: int) -> None:
        speed = faster(self._player.speed, steps)
        if speed != self._player.speed:
            self._player.set_speed(speed)

    def _type(self) -> None:
        if self._deck.track.chapters:
            self._typed = ""

    def _typing(self, key: str) -> None:
        """Take one key of a chapter's number; it counts as soon as no longer number can be meant."""
        typed, self._typed = self._typed or "", None
        if key == Key.ESCAPE:
            return
        typed = typed[:-1] if key == Key.BACKSPACE else typed + (key if key.isdecimal() else "")
        chapters = self._deck.track.chapters
        if key != Key.ENTER and (not typed or int(typed) * 10 <= len(chapters)):
            self._typed = typed
        elif typed and 1 <= int(typed) <= len(chapters):
            self._deck.seek(chapters[int(typed) - 1].start / 1000)
        elif typed:
            self._notices.tell(digits(f"فصل {typed} نیست؛ این قسمت {len(chapters)} فصل دارد."))

    def _show_help(self, *, on: bool) -> None:
        self._help = on

    def _show(self) -> None:
        """Show how things stand; a terminal that has gone ends the session as its hangup would."""
        deck, player = self._deck, self._player
        view = View(
            show=deck.track.show,
            title=deck.track.title,
            seconds=deck.track.seconds,
            position=deck.position,
            chapters=deck.track.chapters,
            sentences=() if deck.announcing else deck.sentences,
            number=deck.index + 1,
            of=deck.count,
            following=deck.following.title if deck.following else "",
            playing=player.playing,
            speed=player.speed,
            volume=player.volume,
            sleep=self._sleep.until,
            sleeps_in=self._sleep.left(deck.track),
            notice=self._notices.text,
            typed=self._typed,
            help=self._help,
        )
        try:
            self._display.show(view)
        except BrokenPipeError:
            raise
        except OSError:
            self._leave(ENDING[signal.SIGHUP])
