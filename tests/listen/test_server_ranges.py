"""Pieces of a file, as RFC 9110, section 14, has them: what players seek with."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from served_shows import SOUND, make_show, running

from audiopress.listen.ranges import plain, wanted

if TYPE_CHECKING:
    from pathlib import Path

    from served_shows import Client

MP3 = "/episodes/river/river.mp3"


@pytest.mark.parametrize(
    ("header", "pieces"),
    [
        ("bytes=0-0", ((0, 0),)),
        ("bytes=0-99", ((0, 99),)),
        ("bytes=990-", ((990, 999),)),
        ("bytes=-1", ((999, 999),)),
        ("bytes=-5000", ((0, 999),)),
        ("bytes=0-", ((0, 999),)),
        ("bytes=999-5000", ((999, 999),)),
        ("Bytes = 5-6 , 1-2 ,, ", ((5, 6), (1, 2))),
        ("bytes=2000-,5-6,-0", ((5, 6),)),
        ("bytes=0-" + 5000 * "9", ((0, 999),)),
        ("bytes=1000-", ()),
        ("bytes=1000-2000", ()),
        ("bytes=-0", ()),
        ("bytes=" + 5000 * "9" + "-", ()),
        ("bytes=5-2", None),
        ("bytes=0-1,5-2", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=,", None),
        ("bytes=a-b", None),
        ("bytes=1", None),
        ("bytes=--1", None),
        ("bytes=1-2-3", None),
        ("bytes=۱-۲", None),
        ("bytes=0x1-2", None),
        ("bytes=1_0-2_0", None),
        ("bytes=+1-2", None),
        ("bytes=1 - 2", None),
        ("items=0-1", None),
        ("0-1", None),
        ("", None),
        ("bytes=" + ",".join(f"{number}-{number}" for number in range(17)), None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_range_header_is_read_as_the_standard_wants(header: str, pieces: tuple[tuple[int, int], ...] | None) -> None:
    assert wanted(header, 1000) == pieces


def test_an_empty_file_has_no_pieces() -> None:
    assert wanted("bytes=0-", 0) == ()
    assert wanted("bytes=-1", 0) == ()


@given(st.text("bytes=0123456789-, x", max_size=30), st.integers(0, 2000))
def test_what_is_wanted_lies_in_the_file(text: str, size: int) -> None:
    for header in (text, "bytes=" + text):
        pieces = wanted(header, size)
        assert all(0 <= first <= last < size for first, last in pieces or ())
        if pieces:
            assert wanted(plain(pieces), size) == pieces


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 99_999),
        ("bytes=50000-50099", 50_000, 50_099),
        ("bytes=-100", 99_900, 99_999),
        ("bytes=99999-", 99_999, 99_999),
        ("bytes=70000-999999999999999999999", 70_000, 99_999),
        ("bytes=5-6,200000-", 5, 6),
        ("bytes=0-65536", 0, 65_536),
    ],
)
def test_a_piece_is_exactly_what_was_asked_for(client: Client, header: str, first: int, last: int) -> None:
    answer = client.ask(MP3, range=header)
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/100000"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.body == SOUND[first : last + 1]


def test_several_pieces_come_in_one_answer(client: Client) -> None:
    answer = client.ask(MP3, range="bytes=0-9,500-519,-10")
    assert answer.status == 206
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert int(answer.headers["content-length"]) == len(answer.body)
    parts = answer.body.split(b"--" + boundary.encode())
    found = [re.search(rb"(?is)content-range: bytes ([0-9]+)-([0-9]+)/100000\r\n\r\n(.*)\r\n$", part) for part in parts]
    pieces = [(int(piece[1]), int(piece[2]), piece[3]) for piece in found if piece]
    assert pieces == [(0, 9, SOUND[:10]), (500, 519, SOUND[500:520]), (99_990, 99_999, SOUND[-10:])]


@pytest.mark.parametrize("header", ["bytes=100000-", "bytes=-0", "bytes=200000-300000,100000-"])
def test_beyond_the_file_there_is_nothing(client: Client, header: str) -> None:
    answer = client.ask(MP3, range=header)
    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */100000"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.body == b""


@pytest.mark.parametrize("header", ["bytes=5-2", "seconds=0-10", "bytes", "bytes=a-b", "bytes=" + 17 * "0-1,"])
def test_a_range_that_is_none_gives_the_whole_file(client: Client, header: str) -> None:
    answer = client.ask(MP3, range=header)
    assert answer.status == 200
    assert answer.body == SOUND


def test_head_knows_no_range(client: Client) -> None:
    answer = client.ask(MP3, "HEAD", range="bytes=0-9")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "100000", b"")
    assert answer.headers["accept-ranges"] == "bytes"
    assert client.ask(MP3, "HEAD", range="bytes=100000-").status == 200


def test_a_piece_of_another_version_is_not_given(client: Client) -> None:
    whole = client.ask(MP3, "HEAD").headers
    for same in (whole["etag"], whole["last-modified"]):
        assert client.ask(MP3, range="bytes=0-9", if_range=same).status == 206
    for other in ('"other"', f"W/{whole['etag']}", "Sun, 01 Jan 2006 00:00:00 GMT", "nonsense"):
        answer = client.ask(MP3, range="bytes=0-9", if_range=other)
        assert (answer.status, len(answer.body)) == (200, 100_000)
        assert client.ask(MP3, range="bytes=100000-", if_range=other).status == 200


def test_what_the_listener_has_is_not_sent_again(client: Client) -> None:
    whole = client.ask(MP3, "HEAD").headers
    for same in (whole["etag"], f'"x", W/{whole["etag"]}', "*"):
        answer = client.ask(MP3, if_none_match=same)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == whole["etag"]
        assert answer.headers["access-control-allow-origin"] == "*"
        assert client.ask(MP3, if_none_match=same, range="bytes=0-9").status == 304
    assert client.ask(MP3, if_modified_since=whole["last-modified"]).status == 304
    assert client.ask(MP3, if_none_match='"other"', if_modified_since=whole["last-modified"]).status == 200
    assert client.ask(MP3, if_modified_since="Sun, 01 Jan 2006 00:00:00 GMT").status == 200
    assert client.ask(MP3, if_modified_since="yesterday").status == 200


def test_a_file_replaced_while_it_is_sent_is_sent_to_its_end(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    path = show / "episodes" / "river" / "river.mp3"
    old = bytes(4_000_000)
    path.write_bytes(old)
    with running(show) as client:
        before = client.ask(MP3, "HEAD").headers["etag"]
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(f"GET {MP3} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            got = connection.recv(1000)
            aside = path.with_suffix(".part")
            aside.write_bytes(b"\1" * 4_000_000)
            aside.replace(path)
            while piece := connection.recv(65536):
                got += piece
        assert got.partition(b"\r\n\r\n")[2] == old
        assert client.ask(MP3, "HEAD").headers["etag"] != before
        assert client.ask(MP3, range="bytes=0-3").body == b"\1\1\1\1"


def test_two_files_of_one_size_and_one_moment_have_two_etags(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    path = show / "feed.xml"
    os.utime(path, ns=(10**18, 10**18))
    with running(show) as client:
        before = client.ask("/feed.xml").headers["etag"]
        aside = path.with_suffix(".part")
        aside.write_bytes(path.read_bytes()[::-1])
        os.utime(aside, ns=(10**18, 10**18))
        aside.replace(path)
        assert client.ask("/feed.xml", if_none_match=before).status == 200


def test_an_empty_file_is_sent(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    (show / "episodes" / "river" / "river.vtt").write_bytes(b"")
    with running(show) as client:
        assert client.ask("/episodes/river/river.vtt").status == 200
        assert client.ask("/episodes/river/river.vtt", range="bytes=0-").status == 416
