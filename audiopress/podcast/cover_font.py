"""The font of the covers: what it can draw, and how long that becomes."""

from __future__ import annotations

import io
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LONGEST = 500  #: letters of a text that are looked at; at its smallest size a cover holds some 320
NON_JOINER = "\u200c"
_MEASURED = 1000  # px: the size at which texts are measured; Vazirmatn is not hinted, so lengths grow with the size


@lru_cache(maxsize=16)
def font(size: int, weight: int) -> Any:
    """Vazirmatn at a size in pixels and a weight of 100-900, shaped by raqm."""
    from PIL import ImageFont  # noqa: PLC0415 - only needed when a cover is drawn

    made = ImageFont.truetype(io.BytesIO(_font_data()), size, layout_engine=ImageFont.Layout.RAQM)
    made.set_variation_by_axes([weight])
    return made


@cache
def _font_data() -> bytes:
    return (files("audiopress") / "podcast" / "site" / "vazirmatn.woff2").read_bytes()


@lru_cache(maxsize=4096)
def length(text: str, weight: int) -> float:
    """How long a text is, in sizes of the font: 2.0 at 100 px is 200 px."""
    return float(font(_MEASURED, weight).getlength(text)) / _MEASURED


def drawable(text: str) -> str:
    """The text as the font can draw it, its spaces single: ``"باران ☔ آمد\u202c"`` → ``"باران آمد"``.

    Signs of other scripts, emoji and direction marks are left out; a letter in disguise («𝐀») becomes itself.
    """
    letters = []
    for letter in unicodedata.normalize("NFC", text[: 4 * LONGEST]):
        plain = letter if _is_known(letter) else unicodedata.normalize("NFKC", letter)
        if all(map(_is_known, plain)):
            letters.append(plain)
        elif unicodedata.category(letter)[0] not in "CM":  # marks and controls part no words
            letters.append(" ")
    return " ".join("".join(letters).split())


@lru_cache(maxsize=4096)
def _is_known(letter: str) -> bool:
    """Say whether the font has a glyph of its own for a letter, so that no empty box is drawn."""
    if letter in {NON_JOINER, " "}:
        return True
    if unicodedata.category(letter)[0] in "CZ":
        return False
    return _glyph(letter) != _glyph("\U000f0000")  # of the private use area: the font has none


def _glyph(letter: str) -> bytes:
    return bytes(_plain_font().getmask(letter))


@cache
def _plain_font() -> Any:
    from PIL import ImageFont  # noqa: PLC0415 - only needed when a cover is drawn

    return ImageFont.truetype(io.BytesIO(_font_data()), 32, layout_engine=ImageFont.Layout.BASIC)
