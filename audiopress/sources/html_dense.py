"""The element of a page that holds most running text, for layouts that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiopress.sources.html_tree import is_inline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiopress.sources.html_silent import Silence
    from audiopress.sources.html_tree import Page

_RUN = 60  # characters of a run of text that may be a paragraph
_LINKED = 0.4  # share of them in links from which it is a menu or a list of headlines
_TRIED = 5  # elements that are looked at


def densest(page: Page, silent: Mapping[Any, Silence]) -> Any:
    """The element whose paragraphs hold most text, or None; boxes that are not read do not count.

    A run of text counts for the element around its own, and half for the next one, as browsers choose for their reader
    view: each paragraph may lie in a wrapper of its own.
    """
    score: dict[Any, float] = {}
    for element in page.place:
        if is_inline(element.tag):
            continue
        inside = [child for child in element if child in page.size and not is_inline(child.tag)]
        own = page.size[element] - sum(page.size[child] for child in inside)
        linked = page.linked[element] - sum(page.linked[child] for child in inside)
        if own < _RUN or linked > _LINKED * own:
            continue
        for holder, share in zip(element.iterancestors(), (1.0, 0.5), strict=False):
            score[holder] = score.get(holder, 0.0) + share * own
    best = sorted(score, key=lambda element: -score[element])[:_TRIED]
    return next((element for element in best if not is_silent(element, silent)), None)


def is_silent(element: Any, silent: Mapping[Any, Silence]) -> bool:
    """Whether an element, or what it lies in, is not read."""
    return any(holder in silent for holder in (element, *element.iterancestors()))
