"""The categories that podcast directories know, with their Persian names and the colours of their covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from audiopress.errors import ConfigError
from audiopress.tables import read_table

_WHITE, _BLACK = "#ffffff", "#141414"
#: Relative luminance at which white and nearly black letters are read equally well: (1.05 × 0.057)½ − 0.05, by the
#: contrast of WCAG 2.x.
_BRIGHT = 0.195
_BETWEEN = re.compile(r"\s*[>›/:]\s*")
_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "-": " "})


@dataclass(frozen=True, slots=True)
class Category:
    """A category of Apple Podcasts; colours are ``#rrggbb``."""

    name: str  #: Apple's, letter by letter: "News" or "News > Daily News"
    persian: str
    ground: str
    motif: str  #: shapes, near the ground
    accent: str  #: small shapes, far from it

    @property
    def ink(self) -> str:
        """The colour of letters on the ground: white on a dark one, nearly black on a bright one."""
        return _BLACK if luminance(self.ground) > _BRIGHT else _WHITE


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.x): ``"#000000"`` → 0.0, ``"#ffffff"`` → 1.0."""
    red, green, blue = (_linear(channel / 255) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of sRGB


def rgb(colour: str) -> tuple[int, int, int]:
    """The channels of a colour: ``"#ff8000"`` → ``(255, 128, 0)``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def all_categories() -> tuple[Category, ...]:
    """Every category and subcategory, in the directory's order."""
    categories: dict[str, Category] = {}
    for name, persian, *colours in read_table("podcast", "categories.tsv", 5):
        above = categories.get(name.partition(" > ")[0])
        own = (above.ground, above.motif, above.accent) if above else colours
        categories[name] = Category(name, persian, *own)
    return tuple(categories.values())


def find_category(name: str) -> Category:
    """The category called so, whatever its case: ``"daily news"`` → ``Category("News > Daily News", "خبر روز", …)``.

    A subcategory may be named alone or after its category with ``>``, ``/`` or ``:``; "and" may stand for "&", a space
    for a hyphen or half-space; the Persian name will do.

    Raises:
        ConfigError: directories do not know it; the sentence lists near names.
    """
    wanted = _plain(name)
    names = _names()
    if wanted in names:
        return names[wanted]
    near = dict.fromkeys(names[each].name for each in get_close_matches(wanted, names, n=4, cutoff=0.6))
    offered = ", ".join(map(repr, near or ("News", "News > Daily News")))
    raise ConfigError(f"category is {name!r}, which podcast directories do not know; perhaps: {offered}.")


@cache
def _names() -> dict[str, Category]:
    """What each category may be called, plainly: its name, its name alone, its Persian name; the first one wins."""
    names: dict[str, Category] = {}
    for called in (str, _last, None):
        for category in all_categories():
            names.setdefault(_plain(called(category.name) if called else category.persian), category)
    return names


def _last(name: str) -> str:
    return name.rpartition(" > ")[2]


def _plain(name: str) -> str:
    """A name without what people write differently: ``"TV&Film>After-Shows"`` → ``"tv and film > after shows"``."""
    parts = _BETWEEN.split(name.translate(_PERSIAN).casefold().replace("&", " and "))
    return " > ".join(" ".join(part.split()) for part in parts)
