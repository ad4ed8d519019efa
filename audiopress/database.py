"""SQLite files that belong to one process at a time: what a watch remembers, what a batch has done."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from audiopress.errors import Busy, OutputError

if TYPE_CHECKING:
    from pathlib import Path


def open_database(
    path: Path, schema: str, *, version: int, use: str, worker: str, patience: float = 0.0
) -> sqlite3.Connection:
    """Open a file, made with ``schema`` where it is new, and keep all other processes out until it is closed.

    ``use`` and ``worker`` name in a message what the file is («the queue») and who has it («batch»). Whoever has it is
    waited for, ``patience`` seconds at most; then Busy is raised. Raises OutputError where the file cannot be used.
    SQLite holds the lock, and the kernel lets go when a process dies.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(path, isolation_level=None, timeout=patience)
        try:
            # Exclusive before WAL: the lock is taken at once, no shared memory is needed (sqlite.org/wal.html, 8).
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = FULL")
            _prepare(file, path, schema, version)
        except BaseException:
            file.close()
            raise
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY:
            raise Busy(f"Another {worker} is at work on this show; wait until it has ended, or end it.") from error
        raise OutputError(f"{path} cannot be used as {use} ({error}); free some space or move it away.") from error
    return file


def _prepare(file: sqlite3.Connection, path: Path, schema: str, version: int) -> None:
    file.execute("BEGIN EXCLUSIVE")  # WAL readers would get in otherwise until the first change
    (found,) = file.execute("PRAGMA user_version").fetchone()
    if found == 0:
        for statement in schema.split(";\n"):
            if statement.strip():
                file.execute(statement)
        file.execute(f"PRAGMA user_version = {version}")
    elif found != version:
        raise OutputError(f"{path} was written by another version of audiopress; move it away.")
    file.execute("COMMIT")
