"""A show's own picture: whether directories accept it, and the sizes that other places ask for."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import TYPE_CHECKING, Any

from audiopress.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

#: Pixels of a side (Apple, "Artwork requirements").
SMALLEST, LARGEST = 1400, 3000
#: Bytes that Apple advises to stay below, so that pictures show at once.
ADVISED = 512_000
#: A picture of more pixels is not opened: it is no cover, and may be made to fill the memory.
_MOST_PIXELS = 100_000_000
#: Bytes of a file that is read at all: a PNG of 3000 × 3000 without any compression has 27 MB.
_MOST_BYTES = 30_000_000

_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
#: Pillow's names of what is not RGB, in words.
_MODES = {"1": "black and white", "L": "grey", "LA": "grey", "P": "a palette", "PA": "a palette", "I;16": "grey"}
_TRANSPARENT = {"RGBA", "LA", "PA", "La", "RGBa"}
_EMBEDDED = (1400, 250_000)  # px, Apple's least, and enough for a car's screen; bytes, next to a megabyte a minute
#: JPEG qualities tried one after another; below 45 blocks are seen, and fewer pixels look better.
_QUALITIES = (88, 80, 70, 60, 45)


def check_artwork(data: bytes, name: str = "") -> tuple[str, ...]:
    """Say what directories would find wrong with a picture, a sentence each, or nothing.

    ``check_artwork(png_of_800_by_600, "cover.png")`` → ``("It has 800×600 pixels; make it square.", …)``. Apple asks
    for a square JPEG or PNG, 1400 to 3000 pixels a side, RGB. ``name`` is the file's, "" where it has none.
    """
    from PIL import Image  # noqa: PLC0415 - only needed when a picture is looked at

    try:
        with _opened(data) as picture:
            found = _facts(picture, name)
            if picture.width * picture.height <= LARGEST**2:  # what is larger is refused without being decoded
                picture.load()
    except Image.DecompressionBombError:
        return (f"It has more than {_MOST_PIXELS // 10**6} million pixels; scale it down to {LARGEST}×{LARGEST}.",)
    except Exception:  # noqa: BLE001 - a damaged file makes its decoder raise anything
        return ("It cannot be opened as a picture; save it again as JPEG or PNG.",)
    return tuple(found)


def _facts(picture: Any, name: str) -> list[str]:
    """Return what is wrong with a picture by its header."""
    found = []
    width, height = picture.size
    known = picture.format in _ENDINGS
    if not known:
        found.append(f"It is {picture.format}; save it as JPEG or PNG.")
    elif name and not name.lower().endswith(_ENDINGS[picture.format]):
        found.append(
            f"It is {picture.format}, but is called {name}; let its name end in {_ENDINGS[picture.format][0]}."
        )
    if picture.format in _ENDINGS and getattr(picture, "n_frames", 1) > 1:
        found.append("It moves; save one of its pictures.")
    if width != height:
        found.append(f"It has {width}×{height} pixels; make it square.")
    if min(width, height) < SMALLEST:
        found.append(f"It has {width}×{height} pixels; the least is {SMALLEST}×{SMALLEST}.")
    if max(width, height) > LARGEST:
        found.append(f"It has {width}×{height} pixels; the most is {LARGEST}×{LARGEST}.")
    if known and (picture.mode in _TRANSPARENT or "transparency" in picture.info):
        found.append("It is transparent; save it as RGB without an alpha channel.")
    elif known and picture.mode != "RGB":
        found.append(f"Its colours are {_MODES.get(picture.mode, picture.mode)}; save it as RGB.")
    return found


def load_artwork(path: Path) -> bytes:
    """The bytes of a picture that directories accept.

    Raises:
        ConfigError: it cannot be read, or directories would refuse it; the sentence says why.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            f"artwork: {path} cannot be read ({(error.strerror or str(error)).lower()}); name another picture."
        ) from error
    if len(data) > _MOST_BYTES:
        raise ConfigError(f"artwork: {path} has more than {_MOST_BYTES // 10**6} MB; save it as JPEG.")
    wrong = check_artwork(data, path.name)
    if wrong:
        raise ConfigError(f"artwork: {path} would be refused. {' '.join(wrong)}")
    return data


def named(prefix: str, data: bytes) -> str:
    """A file name that tells pictures apart, as new artwork needs a new address: ``"cover-1a2b3c4d.jpg"``."""
    ending = ".png" if data.startswith(b"\x89PNG") else ".jpg"
    return f"{prefix}-{hashlib.sha256(data).hexdigest()[:8]}{ending}"


def embedded(data: bytes) -> bytes:
    """A JPEG for an audio file's tag: at most 1400 pixels a side and 250 kB, whatever the cover."""
    return _scaled(data, *_EMBEDDED)


def thumbnail(data: bytes, side: int = 320, limit: int = 200_000) -> bytes:
    """A small JPEG, at most ``side`` pixels and ``limit`` bytes (by default what Telegram's Bot API takes)."""
    return _scaled(data, side, limit)


def _scaled(data: bytes, side: int, limit: int) -> bytes:
    """Return a JPEG of at most ``side`` pixels and ``limit`` bytes: quality gives way first, then the size."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only needed when a picture is made

    with _opened(data) as picture:
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        profile = picture.info.get("icc_profile") if picture.mode in {"RGB", "RGBA"} else None
    if upright.mode in _TRANSPARENT or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        upright = Image.new("RGBA", clear.size, "white")
        upright.alpha_composite(clear)
    whole = upright if upright.mode == "RGB" else upright.convert("RGB")
    while True:
        within = (min(side, whole.width), min(side, whole.height))
        small = ImageOps.contain(whole, within, Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            small.save(buffer, "JPEG", quality=quality, optimize=True, icc_profile=profile)
            if buffer.tell() <= limit or side == 1:
                return buffer.getvalue()
        side = side * 3 // 4


def _opened(data: bytes) -> Any:
    """Return a picture of which only the header has been read."""
    from PIL import Image  # noqa: PLC0415 - only needed when a picture is looked at

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # from 89 million pixels on: ours is exact
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"))
    if picture.width * picture.height > _MOST_PIXELS:
        raise Image.DecompressionBombError
    return picture
