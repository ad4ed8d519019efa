"""The real server on loopback, asked in bytes: what it sends, and what nobody gets from it."""

from __future__ import annotations

import json
import random
import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from served_shows import SOUND, Client, make_show, running

if TYPE_CHECKING:
    from pathlib import Path

SOUND_PATH = "/episodes/river/river.mp3"
SIZE = len(SOUND)


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/feed-2.xml", "application/rss+xml; charset=utf-8"),
        ("/show.opml", "text/x-opml; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/vazirmatn.woff2", "font/woff2"),
        ("/assets/player/player.js", "text/javascript; charset=utf-8"),
        ("/cover-0123abcd.jpg", "image/jpeg"),
        (SOUND_PATH, "audio/mpeg"),
        ("/episodes/river/river.m4a", "audio/mp4"),
        ("/episodes/river/river.opus", "audio/ogg"),
        ("/episodes/river/river.vtt", "text/vtt; charset=utf-8"),
        ("/episodes/river/river.srt", "application/x-subrip; charset=utf-8"),
        ("/episodes/river/river.chapters.json", "application/json+chapters"),
        ("/episodes/river/river.words.json", "application/json"),
        ("/sport/", "text/html; charset=utf-8"),
        ("/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF/feed.xml", "application/rss+xml; charset=utf-8"),
    ],
)
def test_public_files_are_sent_with_their_types(client: Client, target: str, media_type: str) -> None:
    answer = client.ask(target)
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    assert len(answer.body) == int(answer.headers["content-length"]) > 0
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = client.ask(target, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


@pytest.mark.parametrize(
    "target",
    [
        "/audiopress.toml",
        "/lexicon.tsv",
        "/notes.txt",
        "/.hidden.xml",
        "/assets/.site.css.12.part",
        "/episodes/index.html",
        "/episodes/river/episode.json",
        "/episodes/river/script.json",
        "/episodes/river/deleted.json",
        "/episodes/river/other.mp3",
        "/episodes/river/.river.mp3.12.part",
        "/episodes/river/river.wav",
        "/sport/audiopress.toml",
        "/episodes/",
        "/assets",
        "/nowhere",
        "/../audiopress.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/episodes/river/../../audiopress.toml",
        "/episodes/..%5c..%5caudiopress.toml",
        "//etc/passwd",
        "/feed.xml%00.txt",
        "/feed.xml/",
        "/%ff%fe",
        "/" + "a" * 5000,
        "/" + "a/" * 2000,
        "/link.xml",
        "/assets/outside.css",
    ],
)
def test_nothing_else_is(client: Client, shows: Path, tmp_path: Path, target: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    for link in (shows / "link.xml", shows / "assets" / "outside.css"):
        link.unlink(missing_ok=True)
        link.symlink_to(secret)
    answer = client.ask(target)
    assert answer.status in {400, 404, 414}
    assert b"SECRET" not in answer.body
    assert str(shows).encode() not in answer.body


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=500-", 500, SIZE),
        ("bytes=-500", SIZE - 500, SIZE),
        (f"bytes=0-{10**30}", 0, SIZE),
        (f"bytes=-{10**30}", 0, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
    ],
)
def test_a_range_is_that_part(client: Client, asked: str, start: int, stop: int) -> None:
    answer = client.ask(SOUND_PATH, range=asked)
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.body == SOUND[start:stop]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={10**30}-", "bytes=-0"])
def test_a_range_beyond_the_end_is_416(client: Client, asked: str) -> None:
    answer = client.ask(SOUND_PATH, range=asked)
    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["", "bytes", "bytes=", "bytes=a-b", "bytes=5-2", "frames=0-1", "bytes=--1", "\x80"])
def test_a_range_that_is_none_gets_the_whole_or_a_refusal(client: Client, asked: str) -> None:
    answer = client.ask(SOUND_PATH, range=asked)
    assert answer.status in {200, 400, 416}
    assert answer.status != 200 or answer.body == SOUND


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.ask(SOUND_PATH)
    tag = first.headers["etag"]
    assert first.headers["accept-ranges"] == "bytes"
    assert client.ask(SOUND_PATH, if_none_match=tag).status == 304
    assert client.ask(SOUND_PATH, if_none_match='"other"').status == 200
    assert client.ask(SOUND_PATH, range="bytes=0-9", if_range=tag).status == 206
    assert client.ask(SOUND_PATH, range="bytes=0-9", if_range='"other"').body == SOUND


def test_other_sites_read_feeds_and_transcripts_and_nothing_else(client: Client) -> None:
    for target in ("/feed.xml", SOUND_PATH, "/episodes/river/river.vtt", "/episodes/river/river.chapters.json"):
        assert client.ask(target, origin="https://app.example").headers["access-control-allow-origin"] == "*"
    for target in ("/", "/sw.js", "/api/positions"):
        assert "access-control-allow-origin" not in client.ask(target, origin="https://app.example").headers
    preflight = client.ask(SOUND_PATH, "OPTIONS", origin="https://app.example")
    assert "Range" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_nothing_is_written_by_asking(client: Client, method: str) -> None:
    answer = client.ask("/feed.xml", method)
    assert answer.status in {400, 405}


def test_play_leads_to_the_player(client: Client) -> None:
    assert client.ask("/play").headers["location"] == "./#play"
    assert client.ask("/sport/play").headers["location"] == "./#play"
    assert client.ask("/sport").headers["location"] == "./sport/"


def test_shows_without_a_show_above_them_are_listed(tmp_path: Path) -> None:
    make_show(tmp_path / "sport", "ورزش &amp; بازی", "")
    make_show(tmp_path / "اقتصاد", "اقتصاد")
    with running(tmp_path) as asked:
        page = asked.ask("/").body.decode()
        assert asked.ask("/play").headers["location"] == "./"
    assert "ورزش &amp; بازی" in page
    assert "اقتصاد" in page
    assert "<script" not in page


def test_positions_are_merged_and_kept_from_other_sites(client: Client) -> None:
    text = '{"version": 1, "positions": {"g": {"seconds": 61.5, "played": false, "at": "2026-11-23T08:00:00.000Z"}}}'
    own = f"http://127.0.0.1:{client.port}"
    json_type = {"content_type": "application/json"}
    posted = client.ask("/api/positions", "POST", text.encode(), origin=own, **json_type)
    assert (posted.status, json.loads(posted.body)) == (200, json.loads(text))
    assert json.loads(client.ask("/api/positions").body) == json.loads(text)
    assert json.loads(client.ask("/sport/api/positions").body)["positions"] == {}
    older = text.replace("-23T", "-22T").replace("61.5", "3.0")
    merged = client.ask("/api/positions", "POST", older.encode(), origin=own, **json_type)
    assert json.loads(merged.body) == json.loads(text)
    assert client.ask("/api/positions", origin="https://evil.example").status == 403
    assert client.ask("/api/positions", host="evil.example").status == 403
    assert client.ask("/api/positions", "POST", b"[]", **json_type).status == 400
    assert client.ask("/api/positions", "POST", text.encode(), content_type="text/plain").status == 415
    large = client.ask("/api/positions", "POST", b"x", content_length="9999999", **json_type)
    assert large.status == 413


def test_positions_can_be_forbidden(shows: Path) -> None:
    with running(shows, positions=False) as asked:
        assert asked.ask("/api/positions").status == 404
        assert asked.ask("/api/positions", "POST", b"{}", content_type="application/json").status in {404, 405}


def test_nonsense_is_never_an_error_of_ours(client: Client) -> None:
    """Three thousand malformed requests: none is answered with 5xx, nothing leaks, and the server lives on."""
    drawn = random.Random(5)
    words = [b"GET", b"/", b"HTTP/1.1", b"\r\n", b"Range: bytes=", b"..", b"%00", b"\xff", b"Host: a", b":", b" ", b"-"]
    words += [b"feed.xml", b"episodes", b"river", b"Content-Length: ", b"9" * 30, b"\0", b"Transfer-Encoding: chunked"]
    sound = SOUND_PATH.encode()
    for number in range(3000):
        if number % 3 == 0:
            data = b"".join(drawn.choice(words) for _ in range(drawn.randrange(1, 12))) + b"\r\n\r\n"
        elif number % 3 == 1:
            asked = b"".join(drawn.choice([b"-", b",", b"0", b"99999", b"bytes=", b" ", b"e"]) for _ in range(6))
            data = b"GET " + sound + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: " + asked + b"\r\n\r\n"
        else:
            path = bytes(drawn.choice(b"/.%25abcef0\\:~") for _ in range(drawn.randrange(1, 60)))
            data = b"GET /" + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            try:
                start = connection.recv(4096)
            except ConnectionResetError:
                start = b""
        assert not re.match(rb"HTTP/1\.1 5", start), data
        assert b"SECRET" not in start, data
    assert client.ask("/feed.xml").status == 200


def test_a_slow_listener_keeps_nobody_waiting(client: Client) -> None:
    slow = [socket.create_connection(("127.0.0.1", client.port), timeout=10) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"GET /feed.xml HTTP/1.1\r\nHo")
    try:
        assert client.ask("/feed.xml").status == 200
    finally:
        for connection in slow:
            connection.close()


def serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "audiopress", "serve", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_until_ctrl_c(shows: Path) -> None:
    server = serve("--output", str(shows), "--port", "0")
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        assert Client(int(found[1])).ask("/feed.xml").status == 200
        busy = serve("--output", str(shows), "--port", found[1])
        _, said = busy.communicate(timeout=30)
        assert (busy.returncode, said.count("\n")) == (1, 1)
        assert "--port" in said
    finally:
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=30)
    assert (server.returncode, said) == (0, "")


def test_a_phone_in_the_network_gets_a_code(shows: Path) -> None:
    server = serve("--output", str(shows), "--port", "0", "--host", "0.0.0.0")  # noqa: S104 - what is tested
    try:
        assert server.stdout is not None
        assert "Listen at http://" in server.stdout.readline()
        assert "Everybody on this network can listen" in server.stdout.readline()
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    server = serve("--output", str(tmp_path / "none"))
    _, said = server.communicate(timeout=30)
    assert (server.returncode, said.count("\n")) == (1, 1)
    assert "--output" in said
