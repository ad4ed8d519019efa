"""Which elements of a page are not read aloud, by what their markup says: data/html_silent.tsv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from audiopress.sources.boilerplate import fold
from audiopress.sources.html_tree import ancestors, text_of
from audiopress.tables import read_table

if TYPE_CHECKING:
    from audiopress.sources.html_tree import Page

#: The reason of what nobody sees: it is not read, and not told of either.
UNTOLD = "-"
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_HIDING_CLASS = frozenset(
    {"visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "screen-reader", "offscreen"}
)
_HIDING_UNLESS = frozenset({"hidden", "d-none", "hide"})  # shown again on some screens by a class such as md:block
_SHOWN_AGAIN = re.compile(r"[-:](?:block|flex|inline|inline-block|grid|table)\b")
_NEGATED = re.compile(r"^(?:no|not|has|have|with|without|hide|is|js|single|page|post-type)-")
_WORDS_LONGEST = 40  # characters of a heading over notes, and of a link to the rest
_BUILDER = "elementor-widget"  # what that builder calls all it sets, the text too
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMED_BY = ("class", "id", "data-testid", "data-e2e", "data-component", "aria-labelledby")
_SKIPPING = re.compile(r"رد شوید|skip", re.IGNORECASE)
_MOST_OF_A_PAGE = 0.5  # share of its letters from which an element is the page's own frame


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an element is not read."""

    why: str
    small: bool = False  #: only where it does not hold most of the article: such names are given to wrappers too


def silent_elements(page: Page) -> dict[Any, Silence]:
    """The elements of a page that are not read by what their markup says."""
    found = ((element, silence(element)) for element in page.place)
    silent = {element: said for element, said in found if said is not None}
    framing = {element for element in silent if element.tag == "form" and is_frame(page, element)}  # as ASP.NET does
    return _skipped(page) | {element: said for element, said in silent.items() if element not in framing}


def is_frame(page: Page, element: Any) -> bool:
    """Whether an element holds most of a page: it is no box in it, whatever its names."""
    return page.size[element] > _MOST_OF_A_PAGE * page.size[page.root]


def _skipped(page: Page) -> dict[Any, Silence]:
    """The boxes that a page lets the users of screen readers skip: what holds the link and the place it leads to."""
    places = {element.get("id"): element for element in page.place if element.get("id")}
    found = {}
    for link in page.root.iter("a"):
        href = link.get("href") or ""
        target = places.get(href[1:]) if href.startswith("#") else None
        if target is not None and _SKIPPING.search(text_of(link)):
            found[link] = Silence("link past a box")
            holders = set(ancestors([link]))
            box = next((holder for holder in target.iterancestors() if holder in holders), page.root)
            if not is_frame(page, box):
                found[box] = Silence("box that may be skipped", small=True)
    return found


def silence(element: Any) -> Silence | None:
    """Why an element is not read, or None: ``<div class="post-share">`` → share line."""
    tagged = _by_kind("tag", element.tag)
    if tagged and tagged.why == UNTOLD:
        return tagged
    if _is_hidden(element):
        return Silence("hidden")
    roled = _by_kind("role", element.get("role") or "")
    if element.tag == "figure" and next(element.iter("blockquote", "table"), None) is not None:
        tagged = None  # editors of our day set quotes and tables as figures
    if roled or tagged:
        return roled or tagged
    names = " ".join(filter(None, map(element.get, _NAMED_BY)))
    return _by_names(names[:500]) if names else None


def silent_section(heading: str) -> str:
    """Why what stands under a heading is not read, "" where it is: «پی‌نوشت‌ها» → footnotes."""
    return _by_words("heading", heading)


def silent_link(text: str) -> str:
    """Why a link in a line of text is not read, "" where it is: «ادامه مطلب …» → link to the rest."""
    return _by_words("link", text)


def _by_words(where: str, text: str) -> str:
    if len(text) > _WORDS_LONGEST:
        return ""
    folded = fold(text).lower().strip(" :.…»«[]()<>›→←")
    return next((said.why for kind, regex, said in _rows() if kind == where and regex.fullmatch(folded)), "")


def _is_hidden(element: Any) -> bool:
    if element.get("aria-hidden") == "true" or element.get("hidden", "until-found") != "until-found":
        return True
    style = element.get("style")
    if style and _HIDING_STYLE.search(style):
        return True
    return _is_hiding_class(element.get("class") or "")


@lru_cache(maxsize=4096)
def _is_hiding_class(names: str) -> bool:
    classes = set(names.split())
    if classes & _HIDING_CLASS:
        return True
    return bool(classes & _HIDING_UNLESS) and not _SHOWN_AGAIN.search(names)


@lru_cache(maxsize=1024)
def _by_kind(where: str, name: str) -> Silence | None:
    if not name:
        return None
    return next((said for kind, regex, said in _rows() if kind == where and regex.fullmatch(name)), None)


@lru_cache(maxsize=4096)
def _by_names(names: str) -> Silence | None:
    """The reason of the first row that fits a class or id; «has-comments» says nothing of its element."""
    words = [
        word.strip("-")
        for name in names.split()
        for word in [_CAMEL.sub("-", name).lower().replace("_", "-").replace(_BUILDER, "elementor")]
        if not _NEGATED.match(word)
    ]
    return next(
        (
            said
            for kind, regex, said in _rows()
            if kind in {"box", "small"} and any(regex.search(word) for word in words)
        ),
        None,
    )


@cache
def _rows() -> tuple[tuple[str, re.Pattern[str], Silence], ...]:
    found = []
    for where, pattern, why, _source in read_table("sources", "html_silent.tsv", 4):
        if where in {"box", "small"}:
            pattern = rf"(?:^|-)(?:{pattern})(?:-|$)"  # noqa: PLW2901 - the same pattern, at the edges of words
        elif where in {"heading", "link"}:
            pattern = pattern.replace(" ", r"\s?")  # noqa: PLW2901 - as in boilerplate
        regex = re.compile(pattern)
        found.append((where, regex, Silence(why, where == "small")))
    return tuple(found)
