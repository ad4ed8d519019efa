"""Keys: what the bytes of a keyboard mean, and the keyboard itself, which is given back as it was found.

Letters work on the Persian layout (ISIRI 9147), too: whoever presses N while Persian is on types «د».
"""

from __future__ import annotations

import codecs
import os
import sys
import termios
import tty
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from audiopress.listen.terminal.persian import european

if TYPE_CHECKING:
    from collections.abc import Iterator


class Key(StrEnum):
    """Keys that are no letters; letters and digits are themselves."""

    SPACE = " "
    ENTER = "enter"
    ESCAPE = "escape"
    BACKSPACE = "backspace"
    UP = "up"
    DOWN = "down"
    RIGHT = "right"
    LEFT = "left"
    HANGUP = "hangup"  #: the terminal has gone


#: The last letter of a cursor key's sequence: ECMA-48, as every terminal sends it, CSI or SS3.
_CURSOR = {"A": Key.UP, "B": Key.DOWN, "C": Key.RIGHT, "D": Key.LEFT}
_CONTROL = {"\r": Key.ENTER, "\n": Key.ENTER, "\x7f": Key.BACKSPACE, "\x08": Key.BACKSPACE}
#: ISIRI 9147 → the same key on a Latin keyboard: plain, then with shift as the standard and X11's layout have it.
_PERSIAN = dict(
    zip("ضصثقفغعهخحشسیبلاتنمظطزرذدپيئ؟", "qwertyuiopasdfghjklzxcvbnmdm?", strict=True),
) | {"\u0654": "N", "[": "P", "أ": "N"}


#: Letters of a sequence, after which it is none; the longest that terminals send for a key have a dozen.
_LONGEST = 32


class KeyParser:
    """Turns bytes into keys; a sequence may come in pieces."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._rest = ""

    @property
    def waiting(self) -> bool:
        """Whether what came may be the beginning of a longer sequence."""
        return bool(self._rest)

    def feed(self, data: bytes) -> tuple[str, ...]:
        r"""Return the keys that are complete: ``b" \x1b[C"`` → ``(" ", "right")``; what is not waits for its rest."""
        text = self._rest + self._decoder.decode(data)
        keys = []
        length = 1
        while text and length:
            key, length = _first(text)
            keys += [key] if key else []
            text = text[length:]
        self._rest = text if len(text) <= _LONGEST else ""
        return tuple(keys)

    def flush(self) -> tuple[str, ...]:
        """Return what waits as it stands, since nothing followed: a lone escape is the key Esc."""
        waited, self._rest = self._rest, ""
        return (Key.ESCAPE,) if waited == "\x1b" else ()


def _first(text: str) -> tuple[str, int]:
    """Return the first key ("" for one without a meaning) and how many letters it took, 0 where more must come."""
    letter = text[0]
    if letter != "\x1b":
        letter = _CONTROL.get(letter, letter)
        return european(_PERSIAN.get(letter, letter)), 1
    if text == "\x1b":
        return "", 0
    if text[1] not in "[O":
        return Key.ESCAPE, 1
    for end in range(2, len(text)):
        if "@" <= text[end] <= "~":
            return _CURSOR.get(text[end], ""), end + 1
    return "", 0


class Keyboard:
    """The terminal's keys one by one, without waiting for Enter; as a context it gives the terminal back."""

    def __init__(self, descriptor: int | None) -> None:
        """Read from a terminal, or from nowhere where there is none."""
        self.descriptor = descriptor
        self._before: list[Any] | None = None
        self._parser = KeyParser()

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()

    def take(self) -> None:
        """Make keys come at once and unseen; Ctrl-C and Ctrl-Z keep their meaning."""
        if self.descriptor is not None:
            with suppress(termios.error):  # a terminal that has gone says so when it is read
                self._before = self._before or list[Any](termios.tcgetattr(self.descriptor))
                tty.setcbreak(self.descriptor)

    def give_back(self) -> None:
        """Leave the terminal as it was found; a terminal that has gone needs nothing."""
        if self.descriptor is not None and self._before is not None:
            with suppress(termios.error, OSError):
                termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self._before)
        self._before = None

    @property
    def waiting(self) -> bool:
        """Whether an escape came that may be a key of its own."""
        return self._parser.waiting

    def read(self) -> Iterator[str]:
        """Yield the keys that were pressed; there is at least a byte to read."""
        try:
            data = os.read(self.descriptor if self.descriptor is not None else -1, 1024)
        except OSError:  # EIO: the session has ended
            data = b""
        if not data:
            yield Key.HANGUP
        yield from self._parser.feed(data)

    def flush(self) -> Iterator[str]:
        """Yield what an escape meant after which nothing came."""
        yield from self._parser.flush()


def terminal_keyboard() -> Keyboard:
    """The keyboard of standard input where that is a terminal in front, else one without keys."""
    with suppress(OSError, ValueError):
        descriptor = sys.stdin.fileno()
        if os.isatty(descriptor) and os.tcgetpgrp(descriptor) == os.getpgrp():
            return Keyboard(descriptor)
    return Keyboard(None)
