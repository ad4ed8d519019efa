"""SQLite files that belong to one process at a time: what a watch remembers, what a batch has done."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from audiopress.errors import Busy, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Database:
    """A file that keeps all other processes out until it is closed.

    SQLite holds the lock, and the kernel lets go when a process dies. What fails on the disk is an OutputError.
    """

    def __init__(self, path: Path, schema: str, *, version: int, use: str, worker: str, patience: float = 0.0) -> None:
        """Open the file, made with ``schema`` where it is new.

        ``use`` and ``worker`` name in a message what the file is («the queue») and who has it («batch»). Whoever has it
        is waited for, ``patience`` seconds at most; then Busy is raised.
        """
        self._path, self._use, self._worker = path, use, worker
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, isolation_level=None, timeout=patience)
            try:
                # Exclusive before WAL: the lock is taken at once, no shared memory is needed (sqlite.org/wal.html, 8).
                for name, value in (("locking_mode", "EXCLUSIVE"), ("journal_mode", "WAL"), ("synchronous", "FULL")):
                    self._file.execute(f"PRAGMA {name} = {value}")
                self._prepare(schema, version)
            except BaseException:
                self._file.close()
                raise

    def _prepare(self, schema: str, version: int) -> None:
        with self.change() as file:
            (found,) = file.execute("PRAGMA user_version").fetchone()
            if found == 0:
                for statement in schema.split(";\n"):
                    if statement.strip():
                        file.execute(statement)
                file.execute(f"PRAGMA user_version = {version}")
            elif found != version:
                raise OutputError(f"{self._path} was written by another version of audiopress; move it away.")

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A change that is on the disk when the block ends, all of it or nothing."""
        with self._told():
            self._file.execute("BEGIN EXCLUSIVE")
            try:
                yield self._file
                self._file.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._file.execute("ROLLBACK")
                raise

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._told():
            return self._file.execute(query, parameters).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY:
                told = f"Another {self._worker} is at work on this show; wait until it has ended, or end it."
                raise Busy(told) from error
            raise OutputError(
                f"{self._path} cannot be used as {self._use} ({error}); free some space or move it away."
            ) from error

    def close(self) -> None:
        """Let others in."""
        self._file.close()
