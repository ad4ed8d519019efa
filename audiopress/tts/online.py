"""What all online engines share: asking a service in measure, again where that may help, and telling why it failed."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TYPE_CHECKING

from audiopress.errors import EngineError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiolimiter import AsyncLimiter

MINUTE = 60.0  # seconds

# stamina tells the logging module of every retry; without a handler Python would print that to standard error, where
# our own progress stands.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a service, and how patiently."""

    concurrency: int = 4  #: requests under way at once
    per_minute: float = 60.0  #: requests sent in any minute, 0 for as many as there are
    timeout: float = 30.0  #: seconds that one try may take, unless `Service.fetch` is given others
    attempts: int = 5  #: tries, the first included
    wait_initial: float = (
        1.0  #: seconds before the second try, doubled each time; up to as much again is added by chance
    )
    wait_max: float = 20.0  #: seconds before a try at most
    patience: float = 120.0  #: seconds; a service that asks for a longer pause is left alone


class Refused(EngineError):  # noqa: N818 - says what happened, as FileNotFoundError does
    """The service will not do this, however often it is asked; the message is a whole sentence for the user."""


class Busy(EngineError):  # noqa: N818 - a state, as EngineUnavailable is
    """The service cannot do it now; ``after`` is how many seconds it asks to wait, 0 where it does not say."""

    def __init__(self, what: str, after: float = 0.0) -> None:
        """``what`` goes on after "SERVICE could not speak:", e.g. "it is busy (429)"."""
        super().__init__(what)
        self.after = after


class Service:
    """One online service: an event loop in a thread of its own, through which all requests to it go.

    The thread starts with the first `fetch` and ends with `close`; after that a `fetch` starts it anew. A subclass
    may keep a connection in the loop: `opened` and `closed` are run there.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        """``name`` is what users know the service by."""
        self.name = name
        self.limits = limits
        self._lock = Lock()
        self._line: _Line | None = None

    async def opened(self) -> None:
        """Open what all requests share; run in the loop before the first of them."""

    async def closed(self) -> None:
        """Close what `opened` opened; run in the loop after the last request has ended."""

    def fetch[Answer, Result](
        self,
        ask: Callable[[], Awaitable[Answer]],
        judge: Callable[[Answer], Result],
        seconds: float = 0.0,
    ) -> Result:
        """What ``judge`` makes of what ``ask`` brings; waits for it, and may be called from many threads at once.

        ``ask`` is awaited in the loop and may take ``seconds`` (0: the limits' timeout); ``judge`` runs in a thread of
        its own and may take its time. Both are done again where they raise EngineError, OSError or TimeoutError:
        a message then goes on after "SERVICE could not speak:". Refused and EngineUnavailable are raised as they are,
        at once. Raises EngineError in one sentence after the last try, with the original error as its cause.
        """
        with self._lock:
            if self._line is None:
                self._line = _Line(self)
            future = asyncio.run_coroutine_threadsafe(
                self._line.fetch(ask, judge, seconds or self.limits.timeout), self._line.loop
            )
        try:
            return future.result()
        except CancelledError:
            raise EngineError(f"{self.name} was stopped while it spoke; run the command again.") from None
        finally:
            future.cancel()  # does nothing unless Ctrl-C came while this thread waited

    def close(self) -> None:
        """Give up what is under way and end the thread; whoever waits in `fetch` gets an EngineError."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.close()


class _Line:
    """The thread of a service, with all that belongs to its loop."""

    def __init__(self, service: Service) -> None:
        self._service, self._limits = service, service.limits
        self.loop = asyncio.new_event_loop()
        self._open = self.loop.create_task(service.opened())
        self._seats = asyncio.Semaphore(self._limits.concurrency)
        self._measure = measure(self._limits) if self._limits.per_minute else None
        self._rest = 0.0  # by the loop's clock: until when the service wants to be left alone
        # A daemon, for a program that ends without closing its engines must not hang.
        self._thread = Thread(target=self.loop.run_forever, name=f"audiopress-{service.name}", daemon=True)
        self._thread.start()

    async def fetch[Answer, Result](
        self, ask: Callable[[], Awaitable[Answer]], judge: Callable[[Answer], Result], seconds: float
    ) -> Result:
        import stamina  # noqa: PLC0415 - only needed when something is asked

        await asyncio.shield(self._open)
        tries = 0
        try:
            async for attempt in stamina.retry_context(
                on=self._may_pass,
                attempts=self._limits.attempts,
                timeout=None,
                wait_initial=self._limits.wait_initial,
                wait_max=self._limits.wait_max,
                wait_jitter=self._limits.wait_initial,
            ):
                tries = attempt.num
                with attempt:
                    try:
                        answer = await self._ask(ask, seconds)
                        return await asyncio.to_thread(judge, answer)
                    except Busy as error:
                        self._rest = max(self._rest, self.loop.time() + min(error.after, self._limits.patience))
                        raise
        except (Refused, EngineUnavailable):
            raise
        except (EngineError, OSError) as error:
            raise EngineError(self._sentence(error, tries, seconds)) from error
        raise AssertionError  # unreachable: the last attempt raises

    async def _ask[Answer](self, ask: Callable[[], Awaitable[Answer]], seconds: float) -> Answer:
        """One try, when it is its turn."""
        async with self._seats:
            if self._measure:
                await self._measure.acquire()
            while (left := self._rest - self.loop.time()) > 0:  # noqa: ASYNC110 - a time is waited for, no event
                await asyncio.sleep(left)
            async with asyncio.timeout(seconds):
                return await ask()

    def _may_pass(self, error: Exception) -> bool:
        """Whether another try makes sense."""
        if isinstance(error, Refused | EngineUnavailable):
            return False
        if isinstance(error, Busy):
            return error.after <= self._limits.patience
        return isinstance(error, EngineError | OSError)

    def _sentence(self, error: Exception, tries: int, seconds: float) -> str:
        """What happened, and what the user can do."""
        name, todo = self._service.name, "try again later"
        if isinstance(error, Busy) and error.after > self._limits.patience:
            todo = f"it asks to be left alone for {error.after:.0f} s: {todo}"
        what = str(error).strip().rstrip(".")
        notes = [] if tries == 1 else [f"tried {tries} times"]
        if isinstance(error, TimeoutError):
            what = f"it did not answer within {seconds:.0f} s"
        elif isinstance(error, OSError):
            notes.insert(0, error.strerror or what or type(error).__name__)
            what, todo = "it cannot be reached", "check the network"
        about = f" ({'; '.join(notes)})" if notes else ""
        return f"{name} could not speak: {what}{about}; {todo}."

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task(), self._open}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(self._open, return_exceptions=True)
        await self._service.closed()
        await self.loop.shutdown_asyncgens()


def measure(limits: Limits) -> AsyncLimiter:
    """What lets through no more than ``per_minute`` requests in any minute, a few of them at once.

    A leaky bucket: what it lets through at once and what leaks from it in a minute are ``per_minute`` together.
    """
    from aiolimiter import AsyncLimiter  # noqa: PLC0415 - only needed when something is asked

    burst = max(1, min(limits.concurrency, int(limits.per_minute // 4)))
    return AsyncLimiter(burst, MINUTE * burst / max(limits.per_minute - burst, 1))
