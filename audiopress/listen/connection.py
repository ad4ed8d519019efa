"""A connection with patience, but not without end: who says nothing or takes nothing makes room for others."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from audiopress.listen.headers import ALWAYS

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

#: Seconds in which a request's head must have come; phones on bad networks need one or two.
HEAD = 15.0
#: Seconds a listener may take nothing of what it asked for. A paused player does so; one that has waited longer asks
#: again for the rest, from where it is.
STALL = 300.0
#: Seconds for what is still being sent when the server ends: less than the second after which uvicorn ends its task in
#: the middle and leaves the socket open.
GOODBYE = 0.8


class Connection(H11Protocol):
    """uvicorn's connection, which by itself waits for ever for a request to begin, and for an answer to be taken."""

    head, stall = HEAD, STALL

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._head = _Clock(self.loop, self.head, transport.abort)
        self._stall = _Clock(self.loop, self.stall, transport.abort)
        self._head.start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._head.stop()
        self._stall.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Look at what came: whatever is no whole head leaves the clock running.

        Between requests uvicorn's own clock runs, which stops when something comes.
        """
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._head.stop()
        elif not self.transport.is_closing():
            self._head.start()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, with uvicorn's own clock."""
        self._head.stop()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, where an answer can still be given, with the headers of every answer."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        headers = [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
        headers += [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        answer: list[Any] = [
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        ]
        with contextlib.suppress(h11.LocalProtocolError):
            for event in answer:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def shutdown(self) -> None:
        """Close, even where what came was no HTTP, or where nobody takes what is sent."""
        self.loop.call_later(GOODBYE, self.transport.abort)
        try:
            super().shutdown()
        except h11.LocalProtocolError:
            self.transport.close()

    def pause_writing(self) -> None:
        """Begin to wait for a listener that takes nothing."""
        super().pause_writing()
        self._stall.start()

    def resume_writing(self) -> None:
        """Go on: the listener takes what is sent."""
        self._stall.stop()
        super().resume_writing()


class _Clock:
    """Gives up after so many seconds, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, give_up: Callable[[], None]) -> None:
        self._loop, self._seconds, self._give_up = loop, seconds, give_up
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to count, unless it is counting."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._give_up)

    def stop(self) -> None:
        """Stop, and begin anew with the next start."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
