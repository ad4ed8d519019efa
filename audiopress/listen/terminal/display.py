"""Where the player is shown: a whole screen, of which only changed lines are sent, or plain lines for pipes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self

from rich.control import Control

from audiopress.listen.terminal.persian import clock, digits
from audiopress.listen.terminal.rtl import Writer
from audiopress.listen.terminal.screen import View, compose
from audiopress.listen.terminal.timing import chapter_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.text import Text


class Display(Protocol):
    """Shows views; as a context it leaves the terminal as it was."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def show(self, view: View) -> None:
        """Bring what is seen up to date."""

    def suspend(self) -> None:
        """Give the terminal back for a while."""

    def resume(self) -> None:
        """Take it again and show everything anew."""


class FullScreen:
    """The terminal's alternate screen; over a slow line a second of listening costs a few hundred bytes."""

    def __init__(self, console: Console, shape: Callable[[str], str]) -> None:
        """``shape`` lays out a line of Persian for this terminal."""
        self._console = console
        self._writer = Writer(shape)
        self._shown: tuple[int, tuple[Text, ...]] = (0, ())

    def __enter__(self) -> Self:
        self.resume()
        return self

    def __exit__(self, *_: object) -> None:
        self.suspend()

    def show(self, view: View) -> None:
        """Send the lines that differ from those that are seen; all of them after the window changed its size."""
        width, height = self._console.size
        lines = compose(view, width, height, self._writer)
        before = self._shown[1] if self._shown[0] == width and len(self._shown[1]) == height else ()
        with self._console:  # everything in one go, or a slow terminal flickers
            if not before:
                self._console.control(Control.clear())
            for row, line in enumerate(lines):
                if not before or not _same(line, before[row]):
                    self._console.control(Control.move_to(0, row))
                    self._console.print(line, end="", crop=True, no_wrap=True, highlight=False, soft_wrap=True)
        self._shown = width, lines

    def suspend(self) -> None:
        """Leave the alternate screen; a terminal that has gone needs nothing."""
        with suppress(OSError):
            self._console.show_cursor(show=True)
            self._console.set_alt_screen(enable=False)
        self._shown = 0, ()

    def resume(self) -> None:
        """Take the alternate screen."""
        self._shown = 0, ()
        self._console.set_alt_screen(enable=True)
        self._console.show_cursor(show=False)


class PlainLines:
    """Lines without control codes: what plays, and each chapter as it begins."""

    def __init__(self, console: Console, shape: Callable[[str], str]) -> None:
        """``shape`` lays out a line of Persian; in a pipe it changes nothing."""
        self._console = console
        self._shape = shape
        self._title: tuple[int, str] | None = None
        self._chapter = -1
        self._notice = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, view: View) -> None:
        """Write what is new since the last call."""
        if self._title != (view.number, view.title):
            self._title, self._chapter = (view.number, view.title), -1
            place = f"{view.number} از {view.of} – " if view.of > 1 else ""
            self._write(digits(f"{place}{view.show}: {view.title} ({clock(view.seconds)})"))
        chapter = chapter_at(view.chapters, view.position)
        if chapter != self._chapter and len(view.chapters) > 1 and chapter >= 0:
            self._chapter = chapter
            self._write(digits(f"{clock(view.chapters[chapter].start / 1000)} {view.chapters[chapter].title}"))
        if view.notice and view.notice != self._notice:
            self._write(view.notice)
        self._notice = view.notice

    def suspend(self) -> None:
        """Nothing was taken."""

    def resume(self) -> None:
        """Nothing has to be shown again."""

    def _write(self, line: str) -> None:
        self._console.print(self._shape(line), markup=False, highlight=False, soft_wrap=True)
        self._console.file.flush()


def _same(one: Text, other: Text) -> bool:
    """Say whether two lines look alike: rich compares their letters only."""
    return one.plain == other.plain and one.spans == other.spans
