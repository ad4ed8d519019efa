"""The Range header as RFC 9110, section 14, wants it read."""

from __future__ import annotations

import re

#: More pieces at once than any player asks for; a longer list is a way to make a server work (RFC 9110, 17.15).
MOST = 16
_HEADER = re.compile(r"\s*bytes\s*=(?P<list>.*)", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")
_DIGITS = 18  # of a number that is beyond every file anyway


def wanted(header: str, size: int) -> tuple[tuple[int, int], ...] | None:
    """Return the pieces of a file that a Range header asks for: first byte and last, inclusive, in the order asked.

    ``wanted("bytes=0-99, -5", 1000)`` → ``((0, 99), (995, 999))``. ``()`` says that none of them lies in the file
    (416); ``None`` that the header must be ignored: another unit, nonsense, or more than `MOST` pieces.
    """
    found = _HEADER.fullmatch(header)
    if not found:
        return None
    asked = [piece.strip(" \t") for piece in found["list"].split(",")]
    asked = [piece for piece in asked if piece]
    if not 0 < len(asked) <= MOST:
        return None
    pieces = []
    for text in asked:
        piece = _PIECE.fullmatch(text)
        if not piece or text == "-":
            return None
        first, last = _number(piece["first"]), _number(piece["last"])
        if first is None:
            first, last = max(0, size - (last or 0)), size - 1
        elif last is None:
            last = size - 1
        elif last < first:
            return None
        if first < size:
            pieces.append((first, min(last, size - 1)))
    return tuple(pieces)


def plain(pieces: tuple[tuple[int, int], ...]) -> str:
    """Return a Range header that asks for these pieces: ``((0, 99), (995, 999))`` → ``bytes=0-99,995-999``."""
    return "bytes=" + ",".join(f"{first}-{last}" for first, last in pieces)


def _number(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS
