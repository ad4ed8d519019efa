"""The element of a page that holds most running text, for layouts that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiopress.sources.html_silent import is_frame
from audiopress.sources.html_tree import is_inline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiopress.sources.html_silent import Silence
    from audiopress.sources.html_tree import Page

_RUN = 60  # characters of a run of text that may be a paragraph
_LINKED = 0.4  # share of them in links from which it is a menu or a list of headlines


@dataclass(frozen=True, slots=True)
class Dense:
    """The running text of a page: what is long enough for a paragraph, in no menu and in no box that is not read."""

    element: Any  #: that holds most of it; None where there is none
    weight: Mapping[Any, int]  #: characters of it in each element that holds some

    def covers(self, found: Any, share: float) -> bool:
        """Whether the densest element lies in another and holds so much of its running text."""
        inside = self.element is not None and found in set(self.element.iterancestors())
        return inside and self.weight[self.element] >= share * self.weight.get(found, 0)

    def outweighs(self, found: Any) -> bool:
        """Whether the densest element lies apart from another and holds more than twice its running text."""
        if self.element is None or found is self.element:
            return False
        apart = found not in set(self.element.iterancestors()) and self.element not in set(found.iterancestors())
        return apart and self.weight[self.element] > 2 * self.weight.get(found, 0)


def densest(page: Page, silent: Mapping[Any, Silence]) -> Dense:
    """Find it: a run counts for the element around its own, and half for the next one, as in browsers' reader views.

    Each paragraph may lie in a wrapper of its own: then the wrappers' parent wins.
    """
    score: dict[Any, float] = {}
    weight: dict[Any, int] = {}
    for element in page.place:
        if is_inline(element.tag):
            continue
        inside = [child for child in element if child in page.size and not is_inline(child.tag)]
        own = page.size[element] - sum(page.size[child] for child in inside)
        linked = page.linked[element] - sum(page.linked[child] for child in inside)
        if own < _RUN or linked > _LINKED * own or is_silent(page, element, silent):
            continue
        for holder, share in zip(element.iterancestors(), (1.0, 0.5), strict=False):
            score[holder] = score.get(holder, 0.0) + share * own
        for holder in (element, *element.iterancestors()):
            weight[holder] = weight.get(holder, 0) + own
    return Dense(max(score, key=lambda element: score[element], default=None), weight)


def is_silent(page: Page, element: Any, silent: Mapping[Any, Silence]) -> bool:
    """Whether an element, or what it lies in, is not read; a name of small boxes means nothing on a page's frame."""
    around = ((holder, silent.get(holder)) for holder in (element, *element.iterancestors()))
    return any(said is not None and not (said.small and is_frame(page, holder)) for holder, said in around)
