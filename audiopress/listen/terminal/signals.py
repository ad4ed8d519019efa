"""Signals as something to read: they wake the loop, which then asks what came."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType

#: Those that end the listening, with the exit code that shells know a program by which ended of them.
ENDING = {
    signal.SIGINT: 130,
    signal.SIGTERM: 128 + signal.SIGTERM,
    signal.SIGHUP: 128 + signal.SIGHUP,
    signal.SIGQUIT: 128 + signal.SIGQUIT,
}
_OTHERS = (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)


class Signals:
    """Collects signals while it is a context, and wakes whoever selects on ``descriptor``.

    ``wake`` does the same from other threads. Outside the main thread signals are left alone: Python hands them to
    that one only.
    """

    def __init__(self) -> None:
        """Nothing is caught yet."""
        self.descriptor, self._writing = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._writing, False)
        self._came: deque[int] = deque()
        self._before: dict[int, object] = {}
        self._wakeup = -1

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (*ENDING, *_OTHERS):
                if number in ENDING and signal.getsignal(number) is signal.SIG_IGN and number != signal.SIGINT:
                    continue  # nohup: whoever started us wants it ignored
                self._before[number] = signal.signal(number, self._catch)
            # The system may hand a signal to another thread, and Python then runs the handler only when the main thread
            # moves: a byte in the pipe moves it out of select.
            self._wakeup = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before:
            signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave us
        os.close(self.descriptor)
        os.close(self._writing)

    def wake(self) -> None:
        """Let the loop look around."""
        with suppress(OSError):  # the pipe is full, so the loop wakes anyway, or closed
            os.write(self._writing, b".")

    def take(self) -> tuple[int, ...]:
        """Return the signals that came, in order, and be quiet again."""
        with suppress(BlockingIOError):
            while os.read(self.descriptor, 4096):
                pass
        came = []
        while self._came:
            came.append(self._came.popleft())
        return tuple(came)

    def stop(self) -> None:
        """Do what Ctrl-Z asks: stop the whole process, until the shell lets it go on."""
        caught = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, caught)

    def _catch(self, number: int, _frame: FrameType | None) -> None:
        self._came.append(number)
        self.wake()
