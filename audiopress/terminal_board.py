"""The live board of a batch, drawn with rich on standard error."""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from audiopress.terminal import persian

if TYPE_CHECKING:
    from rich.progress import TaskID

TITLE = 40  # columns of the title of the last episode


class Board:
    """One bar for all jobs, with what was finished last and how many times faster than speech it goes."""

    def __init__(self, *, quiet: bool) -> None:
        """Show nothing when ``quiet``; where nobody watches, a line each finished job."""
        self.console = Console(stderr=True, quiet=quiet)
        self.notes: list[str] = []
        self._live = self.console.is_terminal and not quiet
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self._live,
        )
        self._task: TaskID | None = None
        self._began, self._seconds = time.monotonic(), 0.0

    def begin(self, total: int, done: int, workers: int) -> None:
        """So many jobs, of which some were done by an earlier run."""
        self._began = time.monotonic()
        self._task = self._progress.add_task(f"{workers} workers", total=total, completed=done, pace="")

    def finished(self, source: str, title: str, seconds: float, status: str) -> None:
        """One more episode lies in the show, or is unchanged."""
        if status == "produced":
            self._seconds += seconds
        if self._task is not None:
            pace = f"{self._seconds / max(time.monotonic() - self._began, 0.001):.1f}× speech"
            self._progress.update(self._task, advance=1, pace=pace, description=self._named(title))
        if not self._live:
            self.console.print(f"{status}: {source}", markup=False, highlight=False, soft_wrap=True)

    def _named(self, title: str) -> str:
        """A title on one line, laid out for this terminal."""
        return persian(self.console, textwrap.shorten(title, TITLE, placeholder=" …"), TITLE).plain

    def failed(self, source: str, why: str) -> None:
        """One was given up; the summary says it again."""
        if self._task is not None:
            self._progress.advance(self._task)
        if self._live:
            self.console.print(f"✗ {source}: {why}", style="red", markup=False, highlight=False, soft_wrap=True)

    def note(self, sentence: str) -> None:
        """Something to know that stops nothing, said once."""
        if sentence not in self.notes:
            self.notes.append(sentence)
            self.console.print(f"! {sentence}", style="yellow", markup=False, highlight=False, soft_wrap=True)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
