"""The bytes of a page → its text, in the encoding that it is written in, whatever it says of itself."""

from __future__ import annotations

import re

from audiopress.sources.read import decode

#: Single-byte encodings of Arabic script by their labels: WHATWG Encoding Standard, 4.2, and the names Python has
#: for the same. What else a page may claim («iso-8859-1») cannot hold Persian and is not believed.
_LABELS = {
    "windows-1256": "cp1256",
    "cp1256": "cp1256",
    "x-cp1256": "cp1256",
    "iso-8859-6": "iso8859-6",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "iso8859-6": "iso8859-6",
    "iso-ir-127": "iso8859-6",
    "arabic": "iso8859-6",
    "asmo-708": "iso8859-6",
    "ecma-114": "iso8859-6",
    "csisolatinarabic": "iso8859-6",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_START = 200  # bytes in which the first tag begins
_PRESCAN = 4096  # bytes searched for what a page says of itself; HTML asks for 1024, some templates come later
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{1,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_PERSIAN = re.compile("[ء-غف-يپچژکگی]")
_DAMAGE = 0.02  # share of unreadable spots a clipped UTF-8 page may have, as in read.decode
_MOSTLY = 0.5  # share of letters among what is not ASCII; marks and half-spaces are the rest


def page_text(data: bytes, source: str, charset: str = "") -> str:
    """The text of a page: ``charset`` is what its server says, "" where it does not.

    A mark at the start (BOM) decides, as in browsers. Then text that reads as UTF-8 is UTF-8, even where header or
    meta say otherwise: no page of another encoding does. Else header and meta are believed, in that order, if that
    gives Persian; at last the letters decide. Raises SourceError for what is not text.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, errors="replace")
    wide = _wide(data[:_START])
    if wide:
        return data.decode(wide, errors="replace")
    data = data.replace(b"\0", b"")
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    letters = len(_PERSIAN.findall(text)) if damaged else 0
    if not damaged or (letters and damaged <= max(1, _DAMAGE * letters)):
        return text
    declared = _DECLARED.search(data[:_PRESCAN])
    for label in (charset, declared.group(1).decode("ascii", "replace") if declared else ""):
        codec = _LABELS.get(label.strip().lower(), "")
        if codec and _fits(data, codec):
            return data.decode(codec, errors="replace")
    # The markup before the first letter may be longer than the sample that is looked at; it is ASCII either way.
    found = _FOREIGN.search(data)
    first = found.start() if found else 0
    return data[:first].decode("ascii", errors="replace") + decode(b" " + data[first:], source).removeprefix(" ")


def _wide(start: bytes) -> str:
    """UTF-16 without a mark, by the two bytes of the first «<», "" for other encodings."""
    place = start.find(b"<")
    if place < 0:
        return ""
    if place % 2 == 0 and start[place + 1 : place + 2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if place % 2 == 1 and start[place - 1] == 0 else ""


def _fits(data: bytes, codec: str) -> bool:
    """Whether what is not ASCII is mostly letters of Persian in an encoding."""
    foreign = b"".join(_FOREIGN.findall(data))
    return len(_PERSIAN.findall(foreign.decode(codec, errors="replace"))) > _MOSTLY * len(foreign)
