"""What a finished file says of itself, and in what its format differs from others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Programme


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself; ``text`` is read along, ``cover`` a JPEG or PNG file's bytes or b""."""

    title: str
    album: str
    artist: str
    text: str = ""
    language: str = "fas"  #: ISO 639-2
    cover: bytes = b""


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is encoded and tagged."""

    encoder: str  #: ffmpeg's arguments from the codec on
    loss: float  #: dB by which the encoder turns the sound down
    tag: Callable[[Path, Tags, Programme], None]
    overshoot: float = 0.0  #: dB by which it raises peaks beyond what audio.master allows for
    rate: int = 0  #: Hz, 0 where it takes 44.1 and 48 kHz as they come
    chapters: Callable[[Programme], str] | None = None  #: in ffmpeg's metadata format, where ffmpeg writes them


def picture_type(picture: bytes) -> str:
    r"""Return the media type of a cover: ``b"\x89PNG…"`` → ``"image/png"``, anything else ``"image/jpeg"``."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
