"""Manners on the web: robots.txt is obeyed, and no host is asked faster than it can bear."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from audiopress.errors import FetchError, SourceError
from audiopress.sources.fetch import checked

if TYPE_CHECKING:
    from collections.abc import Callable

    from protego import Protego

    from audiopress.sources.fetch import Fetched, Fetcher

AGENT = "audiopress"  # what robots.txt calls us
DELAY = 2.0  # seconds between two requests to a host; a reader who clicks is not slower
LONGEST_DELAY = 60.0  # seconds: a robots.txt that asks for more means "not at all" to a program that runs by the hour
_FRESH = 24 * 3600.0  # seconds for which robots.txt is believed (RFC 9309, section 2.4)
_AGAIN = 600.0  # seconds after which a robots.txt that could not be fetched is asked for again


class Polite:
    """A fetcher that keeps the rules of each host; use it in one thread."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        delay: float = DELAY,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Nothing is asked yet; ``delay`` is in seconds."""
        self._fetcher = fetcher
        self._delay = delay
        self._clock, self._sleep = clock, sleep
        self._rules: dict[str, tuple[float, Protego | None]] = {}
        self._asked: dict[str, float] = {}

    def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """What lies at an address, as `Fetcher.get` gives it, after the pause that its host asks for.

        Raises SourceError where robots.txt forbids it.
        """
        site = _site(url)
        rules = self._of(site)
        if rules is None:
            raise FetchError(f"{site}/robots.txt cannot be read, so nothing of {site} is read now; try again later.", 0)
        if not rules.can_fetch(url, AGENT):
            raise SourceError(f"{url}: the site asks programs not to read this page (robots.txt), so it is not read.")
        self._wait(site, max(self._delay, min(rules.crawl_delay(AGENT) or 0.0, LONGEST_DELAY)))
        return self._fetcher.get(url, etag=etag, modified=modified)

    def _of(self, site: str) -> Protego | None:
        """The rules of a site; None where they cannot be read now, which forbids everything (RFC 9309, 2.3.1.4)."""
        from protego import Protego  # noqa: PLC0415 - only who fetches needs it

        until, rules = self._rules.get(site, (0.0, None))
        if self._clock() < until:
            return rules
        self._wait(site, self._delay)
        fresh = _FRESH
        try:
            page = self._fetcher.get(f"{site}/robots.txt")
            rules = Protego.parse(page.data[:500_000].decode("utf-8", errors="replace"))
        except FetchError as error:
            # RFC 9309, 2.3.1.3: a file that is not there allows all.
            there = (
                error.status == 0
                or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
                or error.status == HTTPStatus.TOO_MANY_REQUESTS
            )
            rules, fresh = (None, _AGAIN) if there else (Protego.parse(""), _FRESH)
        self._rules[site] = (self._clock() + fresh, rules)
        return rules

    def _wait(self, site: str, delay: float) -> None:
        left = self._asked.get(site, float("-inf")) + delay - self._clock()
        if left > 0:
            self._sleep(left)
        self._asked[site] = self._clock()


def _site(url: str) -> str:
    parsed = httpx.URL(checked(url))
    return f"{parsed.scheme}://{parsed.netloc.decode()}"
