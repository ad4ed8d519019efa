"""A reader of ID3v2.3 and its chapters, written from the specifications alone.

ID3v2.3.0 (id3.org, 1999) and "ID3v2 Chapter Frame Addendum" (id3.org, 2005).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = 10


@dataclass(frozen=True)
class Chapter:
    """A CHAP frame; times in milliseconds."""

    name: str
    start: int
    stop: int
    title: str


@dataclass(frozen=True)
class Contents:
    """A CTOC frame."""

    top_level: bool
    ordered: bool
    children: tuple[str, ...]


@dataclass(frozen=True)
class Tag:
    """What is read of a tag; ``size`` are its bytes with the header."""

    size: int
    texts: dict[str, str]
    chapters: tuple[Chapter, ...]
    contents: tuple[Contents, ...]


def read_tag(data: bytes) -> Tag:
    """Return the tag at the beginning of a file."""
    identifier, major, revision, flags = struct.unpack(">3sBBB", data[:6])
    assert identifier == b"ID3"
    assert (major, revision, flags) == (3, 0, 0)  # no unsynchronisation, no extended header
    assert all(byte < 0x80 for byte in data[6:HEADER])
    size = 0
    for byte in data[6:HEADER]:
        size = size << 7 | byte
    texts: dict[str, str] = {}
    chapters = []
    contents = []
    for name, body in frames(data[HEADER : HEADER + size]):
        if name.startswith("T"):
            assert name not in texts, f"two frames {name}"
            texts[name] = text(body)
        elif name == "CHAP":
            chapters.append(chapter(body))
        elif name == "CTOC":
            contents.append(table(body))
    return Tag(HEADER + size, texts, tuple(chapters), tuple(contents))


def frames(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the frames up to the padding, which must be empty."""
    while data[:4].strip(b"\0"):
        name, size, flags = struct.unpack(">4sIH", data[:HEADER])
        assert flags == 0
        assert HEADER + size <= len(data)
        yield name.decode("ascii"), data[HEADER : HEADER + size]
        data = data[HEADER + size :]
    assert not data.strip(b"\0")


def text(body: bytes) -> str:
    """Return a text frame's text: encoding 0 is Latin 1, 1 is UTF-16 with a byte order mark."""
    assert body[0] in {0, 1}
    if body[0] == 0:
        return body[1:].split(b"\0")[0].decode("latin-1")
    assert body[1:3] in {b"\xff\xfe", b"\xfe\xff"}
    return body[1:].decode("utf-16").split("\0")[0]


def chapter(body: bytes) -> Chapter:
    """Return a CHAP frame: name, zero, four numbers of 32 bits, and frames within."""
    name, _, rest = body.partition(b"\0")
    start, stop, _, _ = struct.unpack(">4I", rest[:16])
    inner = dict(frames(rest[16:]))
    return Chapter(name.decode("latin-1"), start, stop, text(inner["TIT2"]))


def table(body: bytes) -> Contents:
    """Return a CTOC frame: name, zero, flags, number of children, their names, and frames within."""
    _, _, rest = body.partition(b"\0")
    flags, count = rest[0], rest[1]
    parts = rest[2:].split(b"\0", count)
    dict(frames(parts[count]))
    return Contents(bool(flags & 2), bool(flags & 1), tuple(part.decode("latin-1") for part in parts[:count]))
