"""Pages that stand where an article should be: paywalls, checks for robots, errors, requests to accept cookies."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from audiopress.sources.boilerplate import fold
from audiopress.sources.html_tree import text_of
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_SENTENCES = {
    "pay": "{source} shows its article only to subscribers; sign in with a browser and save the page.",
    "robot": "{source} shows a check for robots and no article; open it in a browser and save the page.",
    "error": "{source} shows an error and no article; check the address.",
    "cookies": "{source} asks to accept cookies and shows no article; open it in a browser and save the page.",
    "script": "{source} shows its article only where JavaScript runs; open it in a browser and save the page.",
}
_LITTLE = 60  # words below which a text may be a wall: notes of errors have 5 to 40
_NEXT_TO_NONE = 12  # words below which the whole page is looked at, boxes and notes for browsers without scripts too
_TEASER = 120  # words up to which a text is a foretaste, where the page says that one has to pay
_AMONG_LAST = 3  # paragraphs from the end among which a paywall stands
_LOOKED_AT = 6000  # characters in which the words of a wall are looked for
_LONGEST_LINE = 220  # characters of the line of a paywall


def paywall(source: str, lines: Sequence[str], *, free: bool) -> str:
    """The sentence for an article that ends at a paywall, "" where it does not; ``free`` is what the page says."""
    for line in lines[-_AMONG_LAST:]:
        shown = fold(line).lower().strip(" .:!…»«")
        if len(shown) <= _LONGEST_LINE and any(regex.match(shown) for _, regex in _patterns("end")):
            return _SENTENCES["pay"].format(source=source)
    if not free and sum(len(line.split()) for line in lines) < _TEASER:
        return _SENTENCES["pay"].format(source=source)
    return ""


def wall(source: str, title: str, text: str, root: Any) -> str:
    """The sentence for a page that is no article, "" where it may be one: it has little text, and says such words."""
    words = len(text.split())
    if words >= _LITTLE:
        return ""
    shown = text
    if words < _NEXT_TO_NONE:
        unseen = " ".join("".join(element.itertext()) for element in root.iter("noscript"))
        shown = f"{text} {text_of(root)[:_LOOKED_AT]} {unseen[:_LOOKED_AT]}"
    for where, said in (("title", title), ("text", shown), ("end", shown)):
        folded = fold(said).lower()
        for kind, regex in _patterns(where):
            if regex.search(folded):
                return _SENTENCES[kind].format(source=source)
    return ""


@cache
def _patterns(where: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("sources", "html_walls.tsv", 4)
    return tuple((kind, re.compile(pattern.replace(" ", r"\s?"))) for place, kind, pattern, _ in rows if place == where)
