"""Sound from a file at any place and speed: ffmpeg decodes into a pipe, a thread keeps a little of it ready.

The child cannot outlive us, however we end: its only way out is the pipe, and the kernel closes our end of it.
"""

from __future__ import annotations

import subprocess
from collections import deque
from contextlib import suppress
from threading import Condition, Thread
from typing import TYPE_CHECKING

from audiopress.errors import AudioError
from audiopress.ffmpeg import binary

if TYPE_CHECKING:
    from pathlib import Path

RATE = 48000  #: Hz; what sound cards run at, so that nothing is resampled twice
WIDTH = 2  #: bytes of a sample: mono, 16 bit, little-endian
#: Bytes kept ready: two seconds, so that a busy machine is not heard, and little is decoded in vain before a seek.
_READY = 2 * RATE * WIDTH
_BLOCK = 8192  # bytes read at once: a twelfth of a second
#: The fastest that ffmpeg's atempo blends rather than skips samples (its manual, "atempo").
_BLENDED = 2.0


class Stream:
    """A file's sound from one place on, at one speed; closed it leaves nothing behind."""

    def __init__(self, path: Path, start: float, speed: float) -> None:
        """Begin to decode at ``start`` seconds; ``speed`` 2.0 gives half as many samples of the same pitch.

        Raises:
            AudioError: ffmpeg is missing or does not start.
        """
        self.start = start
        self.speed = speed
        self.taken = 0  #: samples that were taken
        self._path = path
        self._blocks: deque[bytes] = deque()
        self._ready = 0  # bytes in the blocks
        self._done = self._closed = False
        self._change = Condition()
        self._child = _decode(path, start, speed)
        self._thread = Thread(target=self._read, name="decoder", daemon=True)
        self._thread.start()

    @property
    def position(self) -> float:
        """The place in the file, in seconds, up to which samples were taken."""
        return self.start + self.taken / RATE * self.speed

    @property
    def ended(self) -> bool:
        """Whether all there is was taken."""
        with self._change:
            return self._done and not self._blocks

    @property
    def failed(self) -> str:
        """Why nothing could be decoded, "" where something was or where decoding is not over."""
        with self._change:
            over = self._done and not self._ready and not self.taken
        if not over or self._closed or not self._child.returncode:
            return ""
        return f"{self._path.name} cannot be played; is it a complete audio file?"

    def take(self, samples: int) -> bytes:
        """Return up to so many samples that are ready, never waiting."""
        wanted = samples * WIDTH
        pieces = []
        with self._change:
            while wanted and self._blocks:
                block = self._blocks.popleft()
                if len(block) > wanted:
                    self._blocks.appendleft(block[wanted:])
                    block = block[:wanted]
                pieces.append(block)
                wanted -= len(block)
            taken = b"".join(pieces)
            self._ready -= len(taken)
            self.taken += len(taken) // WIDTH
            self._change.notify_all()
        return taken

    def wait(self, seconds: float) -> None:
        """Wait until there is something to take or nothing more will come, at most so long."""
        with self._change:
            self._change.wait_for(lambda: self._blocks or self._done, seconds)

    def close(self) -> None:
        """Stop decoding and collect the child."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._child.kill()
        self._thread.join()

    def _read(self) -> None:
        """Fill the store, until the file or the listener's interest ends."""
        pipe = self._child.stdout
        rest = b""
        try:
            while pipe is not None and (block := pipe.read1(_BLOCK)):  # type: ignore[attr-defined]
                block = rest + block
                whole = len(block) // WIDTH * WIDTH
                block, rest = block[:whole], block[whole:]
                with self._change:
                    self._blocks += [block] if block else []
                    self._ready += len(block)
                    self._change.notify_all()
                    self._change.wait_for(lambda: self._ready < _READY or self._closed)
                    if self._closed:
                        break
        finally:
            if pipe is not None:
                pipe.close()
            self._child.wait()
            with self._change:
                self._done = True
                self._change.notify_all()


def _decode(path: Path, start: float, speed: float) -> subprocess.Popen[bytes]:
    """Start ffmpeg; in its own process group, for the terminal sends Ctrl-C and Ctrl-Z to ours."""
    arguments = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "quiet", "-ss", f"{start:.6f}"]
    arguments += ["-i", f"file:{path}", "-map", "0:a:0", *tempo(speed)]
    arguments += ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-"]
    try:
        return subprocess.Popen(
            [binary(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
    except OSError as error:
        raise AudioError(f"ffmpeg does not start ({error.strerror}); reinstall the package imageio-ffmpeg.") from error


def tempo(speed: float) -> list[str]:
    """Return the arguments that change the speed and keep the pitch: 2.5 → ``-af atempo=2.0,atempo=1.25``."""
    if speed == 1:
        return []
    factors = []
    while speed > _BLENDED:
        factors.append(_BLENDED)
        speed /= _BLENDED
    return ["-af", ",".join(f"atempo={factor:.6g}" for factor in [*factors, speed])]


def length(path: Path) -> float:
    """Decode a file and return its length in seconds, 0.0 where nothing can be decoded; for files that do not tell."""
    stream = Stream(path, 0.0, 1.0)
    try:
        while not stream.ended:
            stream.wait(1.0)
            stream.take(RATE)
        return stream.position
    finally:
        with suppress(OSError):
            stream.close()
