"""A show that is sent to a server: asyncssh's on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import asyncssh
import pytest
from sftpserver import PASSWORD, USER, SFTPServer
from showfolder import FILES, MEDIA, PAGES, SIZE, Listener, ShowFolder, below, child

from audiopress.errors import PublishError
from audiopress.publish.send import send_files
from audiopress.publish.targets import ServerTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.publish.plan import Report

LONG = bytes(range(251)) * 20_000  # 5 MB


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SFTPServer]:
    server = SFTPServer(tmp_path / "server")
    (Path.home() / ".ssh" / "known_hosts").write_text(server.known_hosts)
    yield server
    server.go_on()
    server.close()


def target(server: SFTPServer, path: str = "/srv/www", **options: str) -> ServerTarget:
    return ServerTarget("127.0.0.1", path, USER, server.port, **({"password": PASSWORD} | options))


def send(server: SFTPServer, show: ShowFolder, listener: Listener | None = None, **options: bool) -> Report:
    return send_files(target(server), show.survey(), listener or Listener(), **options)


def test_all_arrives_with_its_times(server: SFTPServer, show: ShowFolder, listener: Listener) -> None:
    os.utime(show.path / "feed.xml", (1_000_000_000, 1_000_000_000))
    report = send(server, show, listener)
    www = server.root / "srv" / "www"
    assert below(www) == FILES
    assert (www / "feed.xml").stat().st_mtime == 1_000_000_000
    assert server.asked == [f"rename /srv/www/{name}" for name in [*sorted(MEDIA), *sorted(PAGES), "feed.xml"]]
    assert (report.sent, report.bytes, listener.bytes, server.written) == (9, SIZE, SIZE, SIZE)


def test_a_second_run_sends_nothing(server: SFTPServer, show: ShowFolder) -> None:
    send(server, show)
    server.reset()
    report = send(server, show)
    assert (report.sent, report.kept, server.written, server.asked) == (0, 9, 0, [])


def test_only_what_changed_is_sent(server: SFTPServer, show: ShowFolder, listener: Listener) -> None:
    show.write(FILES, mtime=1_000_000_000)
    send(server, show)
    show.write({"episodes/bridge/bridge.mp3": b"BRIDGE" * 40000}, mtime=1_000_000_001)
    show.write({"feed.xml": FILES["feed.xml"].replace("پل".encode(), "گل".encode())}, mtime=1_000_000_000)
    send(server, show, listener)
    assert listener.steps == [("replace", "episodes/bridge/bridge.mp3"), ("replace", "feed.xml")]
    assert below(server.root / "srv" / "www") == below(show.path)


def test_a_folder_below_the_users_home(server: SFTPServer, show: ShowFolder) -> None:
    send_files(target(server, "www"), show.survey(), Listener())
    assert below(server.root / "www") == FILES


def test_removal_is_asked_for_and_touches_nothing_else(
    server: SFTPServer, show: ShowFolder, listener: Listener
) -> None:
    www = ShowFolder(server.root / "srv" / "www")
    foreign = {"about.html": b"x", "episodes/bridge/notes.pdf": b"x", "assets/own.css": b"x"}
    www.write(foreign | {"episodes/old/old.mp3": b"x", "episodes/old/.old.vtt.0123abcd.part": b"x"})
    (www.path / "feed-3.xml").symlink_to("about.html")
    assert send(server, show).removed == 0
    assert send(server, show, listener, delete=True).removed == 2
    assert listener.steps == [
        ("remove", "episodes/old/.old.vtt.0123abcd.part"),
        ("remove", "episodes/old/old.mp3"),
    ]
    assert below(www.path) == FILES | foreign | {"feed-3.xml": b"x"}
    assert not (www.path / "episodes" / "old").exists()


def test_a_dry_run_only_asks(server: SFTPServer, show: ShowFolder, listener: Listener) -> None:
    assert send(server, show, listener, dry_run=True).sent == 9
    assert (below(server.root), len(listener.steps)) == ({}, 9)


def test_three_hundred_files_are_listed_side_by_side(server: SFTPServer, tmp_path: Path) -> None:
    show = ShowFolder(tmp_path / "many")
    show.write({f"episodes/خبر-{n}/خبر-{n}.mp3": b"%d" % n for n in range(300)} | {"feed.xml": b"<rss/>"})
    assert send(server, show).sent == 301
    assert server.asked[-1] == "rename /srv/www/feed.xml"
    assert send(server, show).kept == 301


def test_a_broken_line_is_gone_on_with(server: SFTPServer, show: ShowFolder, listener: Listener) -> None:
    show.write({"episodes/long/long.mp3": LONG})
    server.break_after = SIZE // 2 + len(LONG) // 2
    send(server, show, listener)
    assert below(server.root / "srv" / "www") == below(show.path)
    assert server.written < SIZE + len(LONG) + 1_000_000  # the half that was there is not sent again
    assert listener.bytes == SIZE + len(LONG)
    assert [why for _, why in listener.waits] == [
        f"The connection to {target(server)} broke while sending episodes/long/long.mp3; publish again."
    ]


def test_a_line_that_stays_broken_is_told_with_the_file(server: SFTPServer, show: ShowFolder) -> None:
    class Cutter(Listener):
        def moved(self, size: int) -> None:
            server.break_after = 1

    server.break_after = 1
    show.write({"episodes/bridge/bridge.mp3": LONG})
    with pytest.raises(PublishError, match=r"broke while sending episodes/bridge/bridge\.mp3; publish again"):
        send(server, show, Cutter())
    assert not (server.root / "srv" / "www" / "feed.xml").exists()


def test_killed_half_way_the_next_run_goes_on_within_the_file(
    server: SFTPServer, show: ShowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.write({"episodes/bridge/bridge.mp3": LONG})
    monkeypatch.setenv("AUDIOPRESS_SFTP_PASSWORD", PASSWORD)
    server.stop_after = 3_000_000
    process = subprocess.Popen(child(show, str(target(server))), stderr=subprocess.PIPE)
    assert server.stopped.wait(60)
    process.kill()
    process.communicate()
    www = server.root / "srv" / "www"
    (half,) = www.glob("episodes/bridge/.bridge.mp3.*.part")
    assert not (www / "episodes" / "bridge" / "bridge.mp3").exists()
    there = half.stat().st_size
    assert there >= 2_900_000
    server.go_on()
    server.reset()
    send(server, show)
    assert server.written <= SIZE + len(LONG) - there
    assert below(www) == below(show.path)


def test_a_half_of_another_version_is_not_gone_on_with(server: SFTPServer, show: ShowFolder) -> None:
    www = ShowFolder(server.root / "srv" / "www")
    www.write({"episodes/bridge/.bridge.mp3.00000000.part": b"half of an older voice"})
    send(server, show)
    assert below(www.path) == FILES


def test_a_damaged_half_is_sent_anew(server: SFTPServer, show: ShowFolder, listener: Listener) -> None:
    send(server, show, Listener())
    www = server.root / "srv" / "www"
    name = "episodes/bridge/bridge.mp3"
    show.write({name: LONG}, mtime=1_000_000_000)
    server.full = True
    with pytest.raises(PublishError, match="is its disk full"):
        send(server, show)
    (half,) = www.glob("episodes/bridge/.bridge.mp3.*.part")
    half.write_bytes(LONG[: 1 << 20][:-100] + bytes(100))  # the server lost power: its last block is zeros
    server.reset()
    send(server, show, listener)
    assert (www / name).read_bytes() == LONG
    assert server.written == len(LONG)


def test_a_full_disk_is_told_with_the_file(server: SFTPServer, show: ShowFolder) -> None:
    send(server, show)
    show.write({"episodes/new/new.mp3": b"new" * 100_000, "feed.xml": b"<rss>new</rss>"})
    server.full = True
    with pytest.raises(PublishError, match=r"did not take episodes/new/new\.mp3 .*is its disk full"):
        send(server, show)
    assert (server.root / "srv" / "www" / "feed.xml").read_bytes() == FILES["feed.xml"]


def test_a_server_that_cannot_replace_in_one_step(server: SFTPServer, show: ShowFolder) -> None:
    server.no_replacing = True
    send(server, show)
    show.write({"feed.xml": b"<rss>new</rss>"})
    send(server, show)
    assert below(server.root / "srv" / "www") == FILES | {"feed.xml": b"<rss>new</rss>"}


def test_a_file_in_the_way_is_told(server: SFTPServer, show: ShowFolder) -> None:
    (server.root / "srv").write_bytes(b"")
    with pytest.raises(PublishError, match="a folder in the way"):
        send(server, show)


def test_a_key_file_opens_the_door(server: SFTPServer, show: ShowFolder) -> None:
    server.user_key.write_private_key(str(Path.home() / ".ssh" / "id_ed25519"))
    send_files(target(server, password=""), show.survey(), Listener())
    assert below(server.root / "srv" / "www") == FILES


def test_ssh_config_names_host_port_user_and_key(server: SFTPServer, show: ShowFolder, tmp_path: Path) -> None:
    server.user_key.write_private_key(str(tmp_path / "deploy"))
    config = f"Host site\n  HostName 127.0.0.1\n  Port {server.port}\n  User {USER}\n  IdentityFile {tmp_path}/deploy\n"
    (Path.home() / ".ssh" / "config").write_text(config)
    send_files(ServerTarget("site", "/srv/www"), show.survey(), Listener())
    assert below(server.root / "srv" / "www") == FILES


def test_a_wrong_password_or_key_is_told(server: SFTPServer, show: ShowFolder) -> None:
    for password in ("wrong-secret", ""):
        with pytest.raises(PublishError, match="AUDIOPRESS_SFTP_PASSWORD") as told:
            send_files(target(server, password=password), show.survey(), Listener())
        assert "wrong-secret" not in str(told.value)
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(Path.home() / ".ssh" / "id_ed25519"))
    with pytest.raises(PublishError, match=r"127\.0\.0\.1:\d+ does not let publisher in; add your key"):
        send_files(target(server, password=""), show.survey(), Listener())


def test_an_unknown_host_is_told_with_what_makes_it_known(server: SFTPServer, show: ShowFolder) -> None:
    (Path.home() / ".ssh" / "known_hosts").unlink()
    with pytest.raises(PublishError) as told:
        send(server, show)
    said = str(told.value)
    assert f"ssh-keyscan -p {server.port} 127.0.0.1 >> ~/.ssh/known_hosts" in said
    assert f"?fingerprint={server.fingerprint}" in said
    assert below(server.root) == {}


def test_a_fingerprint_in_the_target_decides(server: SFTPServer, show: ShowFolder) -> None:
    (Path.home() / ".ssh" / "known_hosts").unlink()
    send_files(target(server, fingerprint=server.fingerprint), show.survey(), Listener())
    assert below(server.root / "srv" / "www") == FILES
    with pytest.raises(PublishError, match="not that of the target"):
        send_files(target(server, fingerprint="SHA256:" + "a" * 43), show.survey(), Listener())


def test_a_changed_host_key_is_told(server: SFTPServer, show: ShowFolder) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (Path.home() / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {other}")
    with pytest.raises(PublishError, match=r'ssh-keygen -R "\[127\.0\.0\.1\]:\d+"'):
        send(server, show)


def test_a_server_that_is_not_there_is_told(show: ShowFolder, listener: Listener) -> None:
    with pytest.raises(PublishError, match=r"127\.0\.0\.1:1 cannot be reached; check the name, the port"):
        send_files(ServerTarget("127.0.0.1", "/x", USER, 1), show.survey(), listener)
    assert len(listener.waits) == 5


def test_without_paramiko_the_line_that_installs_it_is_told(show: ShowFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    with pytest.raises(PublishError, match="install it with: pip install paramiko"):
        send_files(ServerTarget("127.0.0.1", "/x", USER, 1), show.survey(), Listener())
