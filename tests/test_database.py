"""Files that one process has at a time."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from audiopress.database import open_database
from audiopress.errors import Busy, OutputError

SCHEMA = "CREATE TABLE one (a TEXT);\nCREATE TABLE two (b TEXT)"
HOLD = """
import sys, time
from pathlib import Path
from audiopress.database import open_database
file = open_database(Path(sys.argv[1]), "CREATE TABLE one (a TEXT)", version=1, use="the list", worker="batch")
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
"""


def opened(path: Path, version: int = 1, patience: float = 0.0) -> closing[sqlite3.Connection]:
    return closing(open_database(path, SCHEMA, version=version, use="the list", worker="batch", patience=patience))


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "list.sqlite"
    with opened(path) as file:
        file.execute("INSERT INTO two VALUES ('x')")
    with opened(path) as file:
        assert file.execute("SELECT b FROM two").fetchall() == [("x",)]


@pytest.mark.parametrize("end", ["wait", "kill"])
def test_another_process_is_kept_out_until_this_one_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "list.sqlite"
    seconds = "1" if end == "wait" else "60"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path), seconds], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(Busy, match="Another batch is at work on this show"):
        open_database(path, SCHEMA, version=1, use="the list", worker="batch")
    if end == "kill":
        holder.kill()
    with opened(path, patience=30) as file:
        assert file.execute("SELECT COUNT(*) FROM one").fetchone() == (0,)
    holder.communicate()


def test_waiting_ends(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    with opened(path):
        began = time.monotonic()
        with pytest.raises(Busy):
            open_database(path, SCHEMA, version=1, use="the list", worker="batch", patience=0.3)
        assert time.monotonic() - began >= 0.25


def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    with opened(path, version=2):
        pass
    before = path.read_bytes()
    with pytest.raises(OutputError, match="another version of audiopress"):
        open_database(path, SCHEMA, version=1, use="the list", worker="batch")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    path.write_bytes(b"no database" * 500)
    with pytest.raises(OutputError, match="cannot be used as the list"):
        open_database(path, SCHEMA, version=1, use="the list", worker="batch")
    with pytest.raises(OutputError, match="cannot be used as the list"):
        open_database(path / "below.sqlite", SCHEMA, version=1, use="the list", worker="batch")
