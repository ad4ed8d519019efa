"""Feed and pages kept in step with the episodes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from audiopress import shows

if TYPE_CHECKING:
    from audiopress.config import Settings

#: The feed rests for so many times as long as writing it took: a folder of articles spends 5 % of its time on it.
REST = 20


class Catalogue:
    """Keeps feed and pages in step with the episodes, without writing them anew after each of a thousand."""

    def __init__(self, settings: Settings) -> None:
        """Nothing has changed yet."""
        self._settings = settings
        self._stale = False
        self._rest_until = 0.0

    def changed(self) -> None:
        """An episode was made, or found as it should be: the feed follows at once, unless it was written just now."""
        self._stale = True
        if time.monotonic() >= self._rest_until:
            self.close()

    def close(self) -> None:
        """Write what is not written yet."""
        if self._stale:
            began = time.monotonic()
            shows.refresh(self._settings)
            self._stale = False
            self._rest_until = time.monotonic() + REST * (time.monotonic() - began)
