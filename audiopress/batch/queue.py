"""The queue of a batch, in one SQLite file: a run that was stopped goes on where it was.

A job is done only once its episode lies in the show; what was being made when a run ended is made again, which changes
nothing if it had landed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from audiopress.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VERSION = 1
_SCHEMA = """CREATE TABLE jobs (
  key TEXT PRIMARY KEY, stamp TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL DEFAULT '',
  episode TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Job:
    """A source in the queue."""

    key: str  #: what a user calls it: ``book.epub, chapter 3``
    stamp: str  #: changes whenever it may have to be made anew


class Queue:
    """The file; it is this process's alone until it is closed. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises Busy where another process has it, OutputError where it cannot be used."""
        self._file = Database(path, _SCHEMA, version=VERSION, use="the queue", worker="batch")

    def fill(self, jobs: Iterable[Job]) -> None:
        """Put jobs in; one whose stamp changed is to be done again, one that failed is tried again."""
        with self._file.change() as file:
            file.executemany(
                "INSERT INTO jobs (key, stamp, state) VALUES (?, ?, 'todo') ON CONFLICT (key) DO UPDATE SET"
                " state = CASE WHEN stamp = excluded.stamp AND state = 'done' THEN 'done' ELSE 'todo' END,"
                " stamp = excluded.stamp, why = ''",
                ((job.key, job.stamp) for job in jobs),
            )

    def open_keys(self) -> set[str]:
        """The jobs that are to be done."""
        return {key for (key,) in self._file.rows("SELECT key FROM jobs WHERE state = 'todo'")}

    def done(self, key: str, episode: str) -> None:
        """Keep that the episode of a job lies in the show."""
        with self._file.change() as file:
            file.execute("UPDATE jobs SET state = 'done', episode = ?, why = '' WHERE key = ?", (episode, key))

    def failed(self, key: str, why: str) -> None:
        """Keep why a job was given up."""
        with self._file.change() as file:
            file.execute("UPDATE jobs SET state = 'failed', why = ? WHERE key = ?", (why, key))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
