"""The motif of a cover: a shamseh, the sun of Persian book painting, whose rays are the bars of a sound wave.

Its star and the length of its rays come from a hash, so that no two episodes look the same, and one for ever does. All
measures were found by drawing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import cos, pi, sin, tau
from typing import TYPE_CHECKING, Any

from audiopress.podcast.categories import rgb

if TYPE_CHECKING:
    from audiopress.podcast.categories import Category

    type Point = tuple[float, float]

#: How many points a star has: those of Persian tilework.
_POINTS = (8, 10, 12, 16)
_RAYS = 80
_SMOOTH = 2  # drawn so many times as large and scaled down, which smooths edges
_BAND = 100  # px drawn at a time: all at once would take 55 MB
#: Radii, as shares of the whole: the disc, where rays begin and where the shortest ends.
_DISC, _RAY, _SHORTEST = 0.62, 0.675, 0.71


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the motif stands, px, and how large: the longest rays reach ``radius``."""

    x: int
    y: int
    radius: int


def draw_sun(picture: Any, sun: Sun, seed: str, category: Category) -> None:
    """Draw the motif of ``seed`` on a picture in the category's colours; what lies outside the picture is cut."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only needed when a cover is drawn

    left, top = max(0, sun.x - sun.radius), max(0, sun.y - sun.radius)
    right, bottom = min(picture.width, sun.x + sun.radius), min(picture.height, sun.y + sun.radius)
    if left >= right or top >= bottom:
        return
    drawn = hashlib.shake_256(seed.encode("utf-8", "surrogatepass")).digest(4 + _RAYS)
    for first in range(top, bottom, _BAND):
        size = ((right - left) * _SMOOTH, (min(first + _BAND, bottom) - first) * _SMOOTH)
        patch = Image.new("RGB", size, category.ground)
        pen = _Pen(ImageDraw.Draw(patch), (sun.x - left) * _SMOOTH, (sun.y - first) * _SMOOTH, sun.radius * _SMOOTH)
        _rays(pen, drawn[4:], category.accent)
        _star(pen, drawn[:4], category)
        picture.paste(patch.reduce(_SMOOTH), (left, first))


@dataclass(frozen=True, slots=True)
class _Pen:
    """A canvas with a middle and a unit: lengths are shares of the motif's radius."""

    canvas: Any
    x: float
    y: float
    unit: float

    def at(self, radius: float, turn: float) -> Point:
        """Return the point at a distance from the middle, ``turn`` full turns clockwise from above."""
        return self.x + self.unit * radius * sin(tau * turn), self.y - self.unit * radius * cos(tau * turn)

    def disc(self, radius: float, fill: str) -> None:
        reach = radius * self.unit
        self.canvas.ellipse((self.x - reach, self.y - reach, self.x + reach, self.y + reach), fill=fill)

    def polygon(self, corners: list[Point], fill: str) -> None:
        self.canvas.polygon(corners, fill=fill)

    def line(self, points: list[Point], width: float, fill: str) -> None:
        self.canvas.line(points, fill=fill, width=round(width * self.unit), joint="curve")

    def dot(self, middle: Point, radius: float, fill: str) -> None:
        reach = radius * self.unit
        self.canvas.ellipse((middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach), fill=fill)


def _rays(pen: _Pen, drawn: bytes, colour: str) -> None:
    """Draw the rays: loud and quiet stretches of a voice, each ray its own loudness within them."""
    width = tau * _RAY / _RAYS * 0.5
    stretches = [drawn[number * 7] / 255 for number in range(9)]
    for ray in range(_RAYS):
        place = ray / _RAYS * len(stretches)
        before, share = int(place), place % 1
        smooth = share * share * (3 - 2 * share)
        loud = stretches[before] * (1 - smooth) + stretches[(before + 1) % len(stretches)] * smooth
        length = (0.25 + 0.75 * loud) * (0.25 + 0.75 * drawn[ray] / 255)
        inner, outer = pen.at(_RAY, ray / _RAYS), pen.at(_SHORTEST + (1 - width / 2 - _SHORTEST) * length, ray / _RAYS)
        pen.line([inner, outer], width, colour)
        pen.dot(inner, width / 2, colour)
        pen.dot(outer, width / 2, colour)


def _star(pen: _Pen, drawn: bytes, category: Category) -> None:
    """Draw the disc, its star, and a star of the accent's colour in the middle, ringed by kites as girih has them."""
    points = _POINTS[drawn[0] % len(_POINTS)]
    deep = mixed(category.motif, category.ground, 0.6)
    pen.disc(_DISC, category.motif)
    tips, middle = _DISC * 0.94, _DISC * (0.36, 0.42, 0.48)[drawn[1] % 3]
    pen.polygon(_corners(pen, points, tips, points // 2 - 1 - (drawn[2] % 2 if points > _POINTS[0] else 0), 0), deep)
    wide = 0.5 * middle / tips  # of the angle between two points
    for point in range(points):
        kite = [(tips * 0.80, 0.0), (middle * 1.22, wide), (middle * 1.02, 0.0), (middle * 1.22, -wide)]
        corners = [pen.at(radius, (point + aside) / points) for radius, aside in kite]
        pen.polygon(corners, category.motif)
        small = [(tips * 0.92, 0.5), (tips * 0.80, 0.5 + 0.14), (tips * 0.70, 0.5), (tips * 0.80, 0.5 - 0.14)]
        pen.polygon([pen.at(radius, (point + aside) / points) for radius, aside in small], category.ground)
    pen.polygon(_corners(pen, points, middle, points // 2 - 1, 0.5), category.accent)
    pen.disc(middle * 0.4, category.ground)
    pen.disc(middle * 0.2, category.accent)


def _corners(pen: _Pen, points: int, radius: float, skip: int, turn: float) -> list[Point]:
    """Return the outline of the star polygon {points/skip}: its points and the dents between them."""
    dent = radius * cos(pi * skip / points) / cos(pi * (skip - 1) / points)
    return [pen.at(radius if corner % 2 == 0 else dent, (corner / 2 + turn) / points) for corner in range(2 * points)]


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: ``mixed("#000000", "#ffffff", 0.5)`` → ``"#808080"``."""
    channels = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in channels)
