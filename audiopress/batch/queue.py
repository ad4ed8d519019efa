"""The queue of a batch, in one SQLite file: a run that was stopped goes on where it was.

A job is done only once its episode lies in the show; what was being made when a run ended is made again, which changes
nothing if it had landed.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from audiopress.errors import OutputError

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
    """The file; open it in one process at a time as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises OutputError where it cannot be used."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._file.execute("PRAGMA journal_mode = WAL")
            (version,) = self._file.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.execute(_SCHEMA)
                self._file.execute(f"PRAGMA user_version = {VERSION}")
                self._file.execute("COMMIT")
            elif version != VERSION:
                raise OutputError(f"{path} was written by another version of audiopress; move it away.")
        except (OSError, sqlite3.Error) as error:
            raise OutputError(
                f"{path} cannot be used as the queue ({error}); free some space or move it away."
            ) from error

    def fill(self, jobs: Iterable[Job]) -> None:
        """Put jobs in; one whose stamp changed is to be done again, one that failed is tried again."""
        self._file.execute("BEGIN IMMEDIATE")
        self._file.executemany(
            "INSERT INTO jobs (key, stamp, state) VALUES (?, ?, 'todo') ON CONFLICT (key) DO UPDATE SET"
            " state = CASE WHEN stamp = excluded.stamp AND state = 'done' THEN 'done' ELSE 'todo' END,"
            " stamp = excluded.stamp, why = ''",
            ((job.key, job.stamp) for job in jobs),
        )
        self._file.execute("COMMIT")

    def open_keys(self) -> set[str]:
        """The jobs that are to be done."""
        return {row[0] for row in self._file.execute("SELECT key FROM jobs WHERE state = 'todo'")}

    def done(self, key: str, episode: str) -> None:
        """Keep that the episode of a job lies in the show."""
        self._file.execute("UPDATE jobs SET state = 'done', episode = ?, why = '' WHERE key = ?", (episode, key))

    def failed(self, key: str, why: str) -> None:
        """Keep why a job was given up."""
        self._file.execute("UPDATE jobs SET state = 'failed', why = ? WHERE key = ?", (why, key))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
