"""Trying again what may pass: a network that stumbles, a server that is busy."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from audiopress.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How often something is tried, and how long is waited at least and at most between (seconds, doubling): a router
#: that starts anew is back within a minute.
_ATTEMPTS = 6
_FIRST, _LONGEST = 1.0, 30.0
#: A server that asks for a longer pause than this (seconds) is left alone; the next run goes on.
_PATIENCE = 300.0

# stamina tells the logging module of every retry; without a handler Python would print that to standard error, where
# our own progress stands.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class Progress(Protocol):
    """What wants to know how far sending has come; ``moved`` is called from several threads at once."""

    def begin(self, target: str, steps: int, size: int) -> None:
        """So many steps and bytes are ahead."""

    def step(self, action: str, name: str) -> None:
        """One step was done: "send", "replace" or "remove"; a dry run tells of each it would do."""

    def moved(self, size: int) -> None:
        """So many more bytes have been sent; less than none where they must be sent again."""

    def waiting(self, seconds: float, why: str) -> None:
        """Something failed and is tried again after so many seconds."""


class Passing(PublishError):  # noqa: N818 - a state, as EngineUnavailable is
    """A failure that may pass; ``after`` is how many seconds the server asks to wait, if it does."""

    def __init__(self, sentence: str, after: float | None = None) -> None:
        """Say in a sentence what to do should it not pass."""
        super().__init__(sentence)
        self.after = after


def patiently[Result](action: Callable[[], Result], progress: Progress) -> Result:
    """Do something again while it raises Passing, with longer and longer pauses; the last error is raised."""
    import stamina  # noqa: PLC0415 - only needed when something is sent

    attempts = stamina.retry_context(
        on=_backoff, attempts=_ATTEMPTS, timeout=None, wait_initial=_FIRST, wait_max=_LONGEST
    )
    for attempt in attempts:
        with attempt:
            try:
                return action()
            except Passing as error:
                if attempt.num < _ATTEMPTS and _backoff(error):
                    progress.waiting(attempt.next_wait if error.after is None else error.after, str(error))
                raise
    raise AssertionError  # unreachable: the last attempt raises


@contextmanager
def counting(moved: Callable[[int], None]) -> Iterator[Callable[[int], None]]:
    """Hand on what is told of bytes that were sent, from any thread; where the block fails they are taken back."""
    lock = Lock()
    count = 0

    def counted(size: int) -> None:
        nonlocal count
        with lock:
            count += size
        moved(size)

    try:
        yield counted
    except BaseException:
        moved(-count)
        raise


def _backoff(error: Exception) -> bool | float:
    """Say whether, or after how many seconds, something is tried again."""
    if not isinstance(error, Passing):
        return False
    if error.after is None:
        return True
    return error.after if error.after <= _PATIENCE else False
