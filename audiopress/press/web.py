"""The web as the line sees it: a function from an address to what lies there."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.sources.fetch import Fetched, Fetcher
    from audiopress.sources.read import Fetch


@contextmanager
def open_web(*, private: bool = False) -> Iterator[Fetch]:
    """Keep connections open while addresses are asked; ``private`` lets this machine and its network be asked."""
    with ExitStack() as stack:
        opened: list[Fetcher] = []

        def fetch(url: str) -> Fetched:
            from audiopress.sources.fetch import Fetcher, Limits  # noqa: PLC0415 - who reads files waits for no network

            if not opened:
                opened.append(stack.enter_context(Fetcher(Limits(private=private))))
            return opened[0].get(url)

        yield fetch
