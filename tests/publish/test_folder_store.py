"""A show that is sent to a folder."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from showfolder import CHILD, FILES, MEDIA, PAGES, SIZE, Listener, ShowFolder, below, child

from audiopress.errors import PublishError
from audiopress.model import Upload
from audiopress.publish.files import survey
from audiopress.publish.folder import FolderStore
from audiopress.publish.send import send_files
from audiopress.publish.targets import FolderTarget

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.publish.files import LocalFile
    from audiopress.publish.plan import Report
    from audiopress.publish.store import Moved


def send(show: ShowFolder, to: Path, listener: Listener, **options: bool) -> Report:
    return send_files(FolderTarget(to), show.survey(), listener, **options)


def test_all_arrives_media_first_and_the_feed_last(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    report = send(show, tmp_path / "a" / "www", listener)
    assert below(tmp_path / "a" / "www") == FILES
    assert [name for _, name in listener.steps] == [*sorted(MEDIA), *sorted(PAGES), "feed.xml"]
    assert (report.sent, report.kept, report.removed, report.bytes) == (9, 0, 0, SIZE)
    assert listener.bytes == SIZE
    assert listener.begun == [(str(tmp_path / "a" / "www"), 9, SIZE)]


def test_a_second_run_sends_nothing(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    send(show, tmp_path / "www", Listener())
    report = send(show, tmp_path / "www", listener)
    assert (report.steps, report.kept, listener.steps, listener.bytes) == ((), 9, [], 0)


def test_same_bytes_with_another_time_are_the_same(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    ShowFolder(tmp_path / "www").write(FILES, mtime=1_000_000_000)
    assert send(show, tmp_path / "www", listener).kept == 9


def test_a_feed_of_the_same_size_and_time_is_looked_into(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    send(show, tmp_path / "www", Listener())
    found = (show.path / "feed.xml").stat()
    changed = FILES["feed.xml"].replace("پل".encode(), "گل".encode())
    show.write({"feed.xml": changed})
    os.utime(show.path / "feed.xml", ns=(found.st_mtime_ns, found.st_mtime_ns))
    send(show, tmp_path / "www", listener)
    assert listener.steps == [("replace", "feed.xml")]
    assert (tmp_path / "www" / "feed.xml").read_bytes() == changed


def test_removal_is_asked_for_and_touches_nothing_else(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    www = tmp_path / "www"
    foreign = {"about.html": b"x", "episodes/bridge/notes.pdf": b"x", ".htaccess": b"x", "assets/own.css": b"x"}
    ours = {"episodes/old/old.mp3": b"x", "cover-00000000.jpg": b"x", "episodes/bridge/.bridge.mp3.part": b"half"}
    ShowFolder(www).write(foreign | ours)
    assert send(show, www, Listener()).removed == 0
    assert below(www) == FILES | foreign | {name: data for name, data in ours.items() if not name.endswith(".part")}
    assert send(show, www, listener, delete=True).removed == 2
    assert listener.steps == [("remove", "cover-00000000.jpg"), ("remove", "episodes/old/old.mp3")]
    assert below(www) == FILES | foreign
    assert not (www / "episodes" / "old").exists()


def test_a_dry_run_says_all_and_writes_nothing(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    report = send(show, tmp_path / "www", listener, dry_run=True)
    assert (report.dry_run, report.sent, len(listener.steps)) == (True, 9, 9)
    assert not (tmp_path / "www").exists()


def test_the_shows_own_folder_is_no_target(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    (tmp_path / "link").symlink_to(show.path)
    for folder in (show.path, tmp_path / "link"):
        with pytest.raises(PublishError, match="the show's own folder"):
            send(show, folder, listener)
    assert below(show.path) == FILES


def test_a_show_without_a_feed_is_not_sent(tmp_path: Path, listener: Listener) -> None:
    ShowFolder(tmp_path / "www").write({"episodes/old/old.mp3": b"x"})
    with pytest.raises(PublishError, match=r"no feed\.xml yet"):
        send_files(FolderTarget(tmp_path / "www"), (), listener, delete=True)
    assert below(tmp_path / "www") == {"episodes/old/old.mp3": b"x"}


def test_a_file_in_the_way_is_told(show: ShowFolder, tmp_path: Path, listener: Listener) -> None:
    (tmp_path / "www").write_bytes(b"")
    with pytest.raises(PublishError, match=r"www.* is not a folder"):
        send(show, tmp_path / "www", listener)


def test_a_full_disk_is_told_and_the_feed_stays_as_it_was(show: ShowFolder, tmp_path: Path) -> None:
    www = tmp_path / "www"
    send(show, www, Listener())
    show.write({"episodes/new/new.mp3": b"new" * 100_000, "feed.xml": b"<rss>new</rss>"})
    limit = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))\n"
    limit += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    command = child(show, str(www))
    command[2] = limit + CHILD
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert last.startswith("audiopress.errors.PublishError: The disk is full: ")
    assert "new.mp3" in last
    assert below(www) == FILES
    send(show, www, Listener())
    assert below(www) == below(show.path)


class _Failing(FolderStore):
    """Lets somebody change the show while it is being sent."""

    def put(self, file: LocalFile, moved: Moved) -> None:
        if file.name == "episodes/bridge/bridge.mp3":
            file.upload.path.write_bytes(b"another voice")
        super().put(file, moved)


def test_a_file_that_changes_meanwhile_stops_the_run_before_the_feed(
    show: ShowFolder, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiopress.publish.folder.FolderStore", _Failing)
    with pytest.raises(PublishError, match=r"bridge\.mp3 changed while the show was being sent"):
        send(show, tmp_path / "www", listener)
    assert "feed.xml" not in below(tmp_path / "www")
    assert listener.bytes == sum(len(FILES[name]) for _, name in listener.steps)


def test_three_hundred_files_with_persian_names(tmp_path: Path, listener: Listener) -> None:
    show = ShowFolder(tmp_path / "نمایش")
    show.write({f"episodes/خبر-{n}/خبر-{n}.mp3": b"%d" % n for n in range(300)} | {"feed.xml": b"<rss/>"})
    assert send(show, tmp_path / "وب", listener).sent == 301
    assert below(tmp_path / "وب") == below(show.path)
    assert send(show, tmp_path / "وب", listener).kept == 301


@pytest.mark.parametrize("name", ["../x.mp3", "/etc/x", "a//b", "", "a/./b", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(PublishError, match="no name for a public file"):
        survey([Upload(tmp_path / "x", name, "text/plain", 0)])


def test_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"x\.mp3 cannot be read .*publish again"):
        survey([Upload(tmp_path / "x.mp3", "x.mp3", "audio/mpeg", 0)])
