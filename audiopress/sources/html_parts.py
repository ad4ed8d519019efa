"""The parts of a page: the elements that hold an article, and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiopress.model import Dropped
    from audiopress.sources.html_blocks import Block

#: The reason of what lies in no part of the article and has none of its own.
OUTSIDE = "outside the article"


@dataclass(frozen=True, slots=True)
class Parts:
    """The elements that hold an article's parts; None where there is none of its own."""

    body: Any
    title: Any = None
    kicker: Any = None
    lead: Any = None

    def present(self) -> list[Any]:
        """Those that are there."""
        return [part for part in (self.kicker, self.title, self.lead, self.body) if part is not None]


@dataclass(frozen=True, slots=True)
class Read:
    """What a walk found, in the order of the page."""

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...]

    @property
    def words(self) -> int:
        """How many words will be read."""
        return sum(len(block.text.split()) for block in self.blocks)
