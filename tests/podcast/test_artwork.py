"""A show's own picture, against Apple's rules."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from audiopress.errors import ConfigError
from audiopress.podcast.artwork import check_artwork, embedded, load_artwork, named, thumbnail

if TYPE_CHECKING:
    from pathlib import Path


def picture(width: int = 1500, height: int = 1500, mode: str = "RGB", form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, form, **options)
    return buffer.getvalue()


def noise(side: int) -> bytes:
    buffer = io.BytesIO()
    generator = np.random.default_rng(0)
    Image.fromarray(generator.integers(0, 256, (side, side, 3), dtype=np.uint8)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(data))
    made.load()
    return made


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("side", [1400, 3000])
def test_what_apple_accepts_is_fine(side: int, form: str) -> None:
    assert check_artwork(picture(side, side, form=form)) == ()


@pytest.mark.parametrize("name", ["cover.jpg", "cover.jpeg", "Cover.JPG", "عکس.jpg"])
def test_names_of_jpegs(name: str) -> None:
    assert check_artwork(picture(form="JPEG", progressive=True), name) == ()


@pytest.mark.parametrize(
    ("data", "name", "complaint"),
    [
        (picture(1500, 1400), "", "1500×1400 pixels; make it square"),
        (picture(1399, 1399), "", "the least is 1400×1400"),
        (picture(3001, 3001), "", "the most is 3000×3000"),
        (picture(mode="RGBA"), "", "It is transparent"),
        (picture(mode="LA"), "", "It is transparent"),
        (picture(transparency=(0, 0, 0)), "", "It is transparent"),
        (picture(mode="L"), "", "Its colours are grey; save it as RGB"),
        (picture(mode="L", form="JPEG"), "", "Its colours are grey; save it as RGB"),
        (picture(mode="I;16"), "", "Its colours are grey; save it as RGB"),
        (picture(mode="1"), "", "Its colours are black and white"),
        (picture(mode="P"), "", "Its colours are a palette"),
        (picture(mode="CMYK", form="JPEG"), "", "Its colours are CMYK"),
        (picture(form="GIF", mode="P"), "", "It is GIF; save it as JPEG or PNG"),
        (picture(form="WEBP"), "", "It is WEBP"),
        (picture(save_all=True, append_images=[Image.new("RGB", (1500, 1500), "red")]), "", "It moves"),
        (picture(form="JPEG"), "cover.png", r"It is JPEG, but is called cover\.png; let its name end in \.jpg"),
        (picture(), "cover", r"It is PNG, but is called cover; let its name end in \.png"),
        (b"", "", "cannot be opened"),
        (b"GIF89a", "", "cannot be opened"),
        (b"<svg/>", "", "cannot be opened"),
        (b"\xff\xd8\xff", "", "cannot be opened"),
        (picture()[:2000], "", "cannot be opened"),
        (picture()[:-30], "", "cannot be opened"),
        (noise(1400)[:90_000], "", "cannot be opened"),
    ],
)
def test_what_apple_refuses_is_said(data: bytes, name: str, complaint: str) -> None:
    found = check_artwork(data, name)
    assert len(found) == 1, found
    assert re.search(complaint, found[0]), found
    assert found[0].endswith(".")


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert check_artwork(picture(100, 90, "RGBA"), "cover.jpg") == (
        "It is PNG, but is called cover.jpg; let its name end in .png.",
        "It has 100×90 pixels; make it square.",
        "It has 100×90 pixels; the least is 1400×1400.",
        "It is transparent; save it as RGB without an alpha channel.",
    )


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, and holds next to none."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [b"IHDR" + header, b"IDAT" + zlib.compress(bytes(1000)), b"IEND"]
    framed = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


@pytest.mark.parametrize("side", [10_001, 13_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_not_opened(side: int) -> None:
    (found,) = check_artwork(bomb(side))
    assert found == "It has more than 100 million pixels; scale it down to 3000×3000."


def test_a_picture_that_is_too_large_is_told_its_size_without_being_decoded() -> None:
    assert check_artwork(bomb(9_900)) == ("It has 9900×9900 pixels; the most is 3000×3000.",)


def test_a_file_is_loaded_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    with pytest.raises(ConfigError, match="no such file or directory"):
        load_artwork(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_artwork(tmp_path)
    path.write_bytes(picture(100, 90))
    with pytest.raises(ConfigError, match=r"would be refused\. .*square.*the least is"):
        load_artwork(path)
    path.write_bytes(picture())
    assert load_artwork(path) == picture()
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(ConfigError, match=r"cover\.png has more than 30 MB; save it as JPEG\."):
        load_artwork(path)


def test_another_picture_has_another_name() -> None:
    one, other = picture(1400, 1400), picture(1500, 1500, form="JPEG")
    assert named("cover", b"\xff\xd8 a picture") == "cover-7b620021.jpg"
    assert named("cover", one) != named("cover", picture(1400, 1400, compress_level=1))
    assert (named("cover", one)[-4:], named("cover", other)[-4:]) == (".png", ".jpg")


@pytest.mark.parametrize(("make", "side", "limit"), [(thumbnail, 320, 200_000), (embedded, 1400, 250_000)])
def test_small_pictures_keep_their_limits(make: Any, side: int, limit: int) -> None:
    plain = opened(make(picture(3000, 3000, form="JPEG")))
    assert (plain.format, plain.size, plain.mode) == ("JPEG", (side, side), "RGB")
    worst = make(noise(2400))
    assert len(worst) <= limit
    assert 300 < opened(worst).width <= side


def test_a_limit_that_quality_cannot_keep_costs_pixels() -> None:
    small = thumbnail(noise(1400), 320, 5_000)
    assert len(small) <= 5_000
    assert 50 < opened(small).width < 320


def test_a_small_picture_stays_as_small_as_it_is() -> None:
    assert opened(embedded(picture(300, 200))).size == (300, 200)


def test_what_shines_through_is_white() -> None:
    for data in (picture(mode="RGBA"), picture(mode="LA"), picture(transparency=(0, 0, 0))):
        assert opened(thumbnail(data)).getpixel((100, 100)) == (255, 255, 255)


def test_a_photo_stands_upright_and_keeps_its_colour_space() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    data = opened(embedded(picture(1600, 1500, form="JPEG", exif=turned, icc_profile=b"a profile")))
    assert data.size == (1312, 1400)
    assert data.info["icc_profile"] == b"a profile"
