"""Covers: 3000 × 3000 pixels, the title in Vazirmatn, the category's colours, a sun drawn from the title's hash.

An episode's cover is laid out like a newspaper: show and date in the masthead, below it the headline. Sizes and places
were chosen by looking at covers of 3000, 150 and 55 pixels, the sizes in which podcast apps show them.
"""

from __future__ import annotations

import io
from dataclasses import replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

from audiopress.podcast.categories import find_category
from audiopress.podcast.cover_font import drawable
from audiopress.podcast.cover_motif import Sun, draw_sun
from audiopress.podcast.cover_text import ABOVE, corners, draw, fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiopress.podcast.categories import Category
    from audiopress.podcast.cover_text import Setting

#: Raised when covers look otherwise, so that they are drawn anew.
DESIGN = 2
SIDE = 3000  # px, Apple's largest
#: JPEG qualities tried one after another until a cover has less than Apple advises: letters' edges are clean at 82 even
#: at full size, and 60 is enough for many small ones.
_QUALITIES, _ADVISED = (82, 74, 66, 60), 500_000
_MARGIN = 220  # px: what rounded corners of apps do not cut
_RIGHT, _WIDTH = SIDE - _MARGIN, SIDE - 2 * _MARGIN
_BOLD, _MEDIUM = 800, 600  # weights of the font
_LINE = (430, 442)  # px: the line below the masthead
_HEADLINE = 500  # px: where the headline begins
_TALLEST = {"episode": 1540, "show": 1100}  # px of a headline: a third of the cover is the sun's
_LARGEST = {"episode": 600, "show": 680}  # px of its letters, so that one short word does not shout
_SMALLEST = 96  # px: 300 letters in six lines
_SHORT = 90  # letters of a description that is still read at the size of two lines
_AIR = 70  # px between letters and the sun's rays


def episode_cover(title: str, *, show: str, category: str, date: str) -> bytes:
    r"""The cover of an episode, a JPEG file.

    ``episode_cover("باران در شمال", show="خبر روستا", category="News", date="۴ آذر ۱۴۰۵")`` → ``b"\xff\xd8…"``; the
    same words give the same bytes. Raises ConfigError for a category that directories do not know.
    """
    kind = find_category(category)
    picture, canvas = _blank(kind)
    _masthead(canvas, show, date, kind)
    headline = _headline(title if drawable(title) else show, "episode")
    sun = _free(Sun(780, 2250, 1000), corners(headline, _RIGHT, _HEADLINE, _BOLD))
    draw_sun(picture, sun, title, kind)
    draw(canvas, headline, _RIGHT, _HEADLINE, weight=_BOLD, fill=kind.ink)
    return _jpeg(picture)


def show_cover(title: str, *, author: str = "", description: str = "", category: str = "News") -> bytes:
    """The cover of a show, a JPEG file: author and category, its title, a short description, and a sun that rises.

    A description of more than 90 letters is left out, as it could not be read. Raises ConfigError for a category that
    directories do not know.
    """
    kind = find_category(category)
    picture, canvas = _blank(kind)
    named = bool(drawable(author)) and author != title
    _masthead(canvas, author if named else kind.persian, kind.persian if named else "", kind)
    headline = _headline(title, "show")
    below = _HEADLINE + headline.height + 20
    short = len(drawable(description)) <= _SHORT and drawable(description) != drawable(title)
    about = fit(description if short else "", _WIDTH, 420, largest=140, smallest=60, weight=_MEDIUM)
    taken = [*corners(headline, _RIGHT, _HEADLINE, _BOLD), *corners(about, _RIGHT, below, _MEDIUM)]
    draw_sun(picture, _free(Sun(SIDE // 2, 2620, 1150), taken), title, kind)
    draw(canvas, headline, _RIGHT, _HEADLINE, weight=_BOLD, fill=kind.ink)
    draw(canvas, about, _RIGHT, below, weight=_MEDIUM, fill=kind.ink)
    return _jpeg(picture)


def _masthead(canvas: Any, name: str, aside: str, category: Category) -> None:
    """Draw the line at the top: a name at the right, what belongs to it at the left, a rule below."""
    left = fit(aside, _WIDTH * 2 // 5, 180, largest=112, smallest=60, weight=_MEDIUM, most=1)
    right = fit(name, _WIDTH * (11 if left.lines else 20) // 20, 210, largest=132, smallest=60, weight=_BOLD, most=1)
    for setting, x, weight, side in ((right, _RIGHT, _BOLD, "r"), (left, _MARGIN, _MEDIUM, "l")):
        top = _LINE[0] - 70 - round(setting.size * ABOVE)
        draw(canvas, setting, x, top, weight=weight, fill=category.ink, side=side)
    canvas.rectangle((_MARGIN, _LINE[0], _RIGHT, _LINE[1]), fill=category.accent)


def _headline(text: str, kind: str) -> Setting:
    return fit(text, _WIDTH, _TALLEST[kind], largest=_LARGEST[kind], smallest=_SMALLEST, weight=_BOLD)


def _free(sun: Sun, taken: Iterable[tuple[int, int]]) -> Sun:
    """Return the sun as high as it can stand, but for the lower left corners of lines, which run on to the right."""
    reach, y = sun.radius + _AIR, sun.y
    for left, bottom in taken:
        aside = max(0, left - sun.x)
        if aside < reach:
            y = max(y, bottom + ceil(sqrt(reach**2 - aside**2)))
    return replace(sun, y=y)


def _blank(category: Category) -> tuple[Any, Any]:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only needed when a cover is drawn

    picture = Image.new("RGB", (SIDE, SIDE), category.ground)
    return picture, ImageDraw.Draw(picture)


def _jpeg(picture: Any) -> bytes:
    """Return a baseline JPEG; without a profile its colours are sRGB to all who show it."""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)  # better codes would take 25 MB to find
        if buffer.tell() <= _ADVISED:
            break
    return buffer.getvalue()
