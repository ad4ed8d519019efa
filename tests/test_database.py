"""Files that one process has at a time."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from audiopress.database import Database
from audiopress.errors import Busy, OutputError

SCHEMA = "CREATE TABLE one (a TEXT);\nCREATE TABLE two (b TEXT)"
HOLD = """
import sys, time
from pathlib import Path
from audiopress.database import Database
file = Database(Path(sys.argv[1]), "CREATE TABLE one (a TEXT)", version=1, use="the list", worker="batch")
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
"""


def opened(path: Path, version: int = 1, patience: float = 0.0) -> closing[Database]:
    return closing(Database(path, SCHEMA, version=version, use="the list", worker="batch", patience=patience))


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "list.sqlite"
    with opened(path) as file, file.change() as inside:
        inside.execute("INSERT INTO two VALUES ('x')")
    with opened(path) as file:
        assert file.rows("SELECT b FROM two") == [("x",)]


@pytest.mark.parametrize("end", ["wait", "kill"])
def test_another_process_is_kept_out_until_this_one_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "list.sqlite"
    seconds = "1" if end == "wait" else "60"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path), seconds], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(Busy, match="Another batch is at work on this show"):
        Database(path, SCHEMA, version=1, use="the list", worker="batch")
    if end == "kill":
        holder.kill()
    with opened(path, patience=30) as file:
        assert file.rows("SELECT COUNT(*) FROM one") == [(0,)]
    holder.communicate()


def test_waiting_ends(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    with opened(path):
        began = time.monotonic()
        with pytest.raises(Busy):
            Database(path, SCHEMA, version=1, use="the list", worker="batch", patience=0.3)
        assert time.monotonic() - began >= 0.25


def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    with opened(path, version=2):
        pass
    before = path.read_bytes()
    with pytest.raises(OutputError, match="another version of audiopress"):
        Database(path, SCHEMA, version=1, use="the list", worker="batch")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    path.write_bytes(b"no database" * 500)
    with pytest.raises(OutputError, match="cannot be used as the list"):
        Database(path, SCHEMA, version=1, use="the list", worker="batch")
    with pytest.raises(OutputError, match="cannot be used as the list"):
        Database(path / "below.sqlite", SCHEMA, version=1, use="the list", worker="batch")


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "list.sqlite") as file:
        with pytest.raises(OutputError), file.change() as inside:
            inside.executemany("INSERT INTO two VALUES (?)", [("x",), ("one", "too many")])
        assert file.rows("SELECT b FROM two") == []
        with file.change() as inside:
            inside.execute("INSERT INTO two VALUES ('y')")
        assert file.rows("SELECT b FROM two") == [("y",)]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "list.sqlite") as file:
        (pages,) = file.rows("PRAGMA page_count")[0]
        file.rows(f"PRAGMA max_page_count = {pages + 1}")  # SQLite's own full disk
        with pytest.raises(OutputError, match=r"the list \(.*full.*\); free some space"), file.change() as inside:
            inside.execute("INSERT INTO two VALUES (?)", ("x" * 100_000,))
        assert file.rows("SELECT b FROM two") == []
