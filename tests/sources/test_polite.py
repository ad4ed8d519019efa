"""Robots.txt and pauses, on a real server, with a clock of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_fetch import PAGE, Site

from audiopress.errors import FetchError, SourceError
from audiopress.sources.fetch import Fetcher, Limits
from audiopress.sources.polite import Polite

if TYPE_CHECKING:
    from collections.abc import Iterator

ROBOTS = b"User-agent: *\nDisallow: /admin\nCrawl-delay: 5\n\nUser-agent: badbot\nDisallow: /\n"


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.on("/a", lambda h: h.send(200, PAGE))
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def polite(clock: Clock) -> Iterator[Polite]:
    with Fetcher(Limits(seconds=2.0, private=True)) as fetcher:
        yield Polite(fetcher, clock=clock, sleep=clock.sleep)


def paths(site: Site) -> list[str]:
    return [path for path, _ in site.handler.asked]


def test_what_robots_forbid_is_not_asked_and_their_pause_is_kept(site: Site, polite: Polite, clock: Clock) -> None:
    site.on("/robots.txt", lambda h: h.send(200, ROBOTS))
    with pytest.raises(SourceError, match="asks programs not to read"):
        polite.get(f"{site.url}/admin/x")
    assert polite.get(f"{site.url}/a").data == PAGE
    assert polite.get(f"{site.url}/a").data == PAGE
    assert paths(site) == ["/robots.txt", "/a", "/a"]
    assert clock.slept == [5.0, 5.0]


def test_a_host_without_rules_is_asked_with_our_own_pause(site: Site, polite: Polite, clock: Clock) -> None:
    site.on("/robots.txt", lambda h: h.send(404))
    polite.get(f"{site.url}/a")
    clock.now += 1.5
    polite.get(f"{site.url}/a")
    assert clock.slept == [2.0, 0.5]


def test_rules_that_cannot_be_read_forbid_all_for_a_while(site: Site, polite: Polite, clock: Clock) -> None:
    site.on("/robots.txt", lambda h: h.send(503))
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt cannot be read"):
            polite.get(f"{site.url}/a")
    assert paths(site) == ["/robots.txt"]
    site.on("/robots.txt", lambda h: h.send(200, b""))
    clock.now += 601
    assert polite.get(f"{site.url}/a").data == PAGE


def test_rules_are_read_again_after_a_day(site: Site, polite: Polite, clock: Clock) -> None:
    site.on("/robots.txt", lambda h: h.send(200, b""))
    polite.get(f"{site.url}/a")
    clock.now += 24 * 3600 + 1
    polite.get(f"{site.url}/a")
    assert paths(site).count("/robots.txt") == 2


def test_an_endless_delay_is_bounded(site: Site, polite: Polite, clock: Clock) -> None:
    site.on("/robots.txt", lambda h: h.send(200, b"User-agent: audiopress\nCrawl-delay: 86400\n"))
    polite.get(f"{site.url}/a")
    assert clock.slept == [60.0]


@pytest.mark.parametrize("url", ["no address", "ftp://e.org/x", "https://", "https://me:secret@e.org/x"])
def test_what_is_no_address_is_told_as_it_was_written(polite: Polite, url: str) -> None:
    with pytest.raises(SourceError) as told:
        polite.get(url)
    assert "robots.txt" not in str(told.value)
    assert "secret" not in str(told.value)
