"""The processes in which espeak-ng speaks: as many as are needed at once, each asked by one thread at a time."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from queue import LifoQueue
from typing import Any

from audiopress.errors import EngineError


class Pool:
    """Up to ``size`` worker processes, each started when a request finds none that is free."""

    def __init__(self, size: int) -> None:
        """Nothing is started yet."""
        self._size = size
        # Free places, the last used on top, so that one thread alone keeps to one process; None where none runs.
        self._free: LifoQueue[subprocess.Popen[bytes] | None] = LifoQueue()
        for _ in range(size):
            self._free.put(None)

    @property
    def processes(self) -> tuple[subprocess.Popen[bytes], ...]:
        """Those that run and are free."""
        return tuple(process for process in self._free.queue if process is not None)

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send a request to a free process, waiting for one, and give its reply and the PCM.

        Raises EngineError with the process's own sentence where it refuses, and one that tells of its end where it
        ended; another takes its place at the next request.
        """
        process = self._free.get()
        try:
            if process is None:
                process = _started()
                atexit.register(self.close)  # at the interpreter's end; once more does no harm
            reply, pcm = _answer(process, request)
        except BaseException as error:
            if process is not None:  # whatever it still says would be taken for the next reply
                process.kill()
                process.communicate()
                process = None
            if isinstance(error, OSError | ValueError):
                raise EngineError("The espeak worker process ended unexpectedly; run the command again.") from error
            raise
        finally:
            self._free.put(process)
        if "error" in reply:
            raise EngineError(reply["error"])
        return reply, pcm

    def close(self) -> None:
        """End the processes, each once its utterance is finished; the next request starts new ones."""
        for process in [self._free.get() for _ in range(self._size)]:
            if process is not None:
                process.communicate()
            self._free.put(None)
        atexit.unregister(self.close)


def _started() -> subprocess.Popen[bytes]:
    """A new process; -P keeps the folder we stand in off its import path."""
    command = [sys.executable, "-P", "-m", "audiopress.tts.espeak_worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _answer(process: subprocess.Popen[bytes], request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """One request and its reply; raises OSError or ValueError where the process ended."""
    assert process.stdin is not None  # noqa: S101 - both are pipes, see above
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    reply: dict[str, Any] = json.loads(process.stdout.readline())
    size = reply.get("bytes", 0)
    pcm = process.stdout.read(size)
    if len(pcm) < size:
        raise ValueError("the process ended within its reply")
    return reply, pcm
