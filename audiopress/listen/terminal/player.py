"""The player: one sound at a time, its place, speed and loudness; everything a key or a timer asks of it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from audiopress.listen.terminal.sound import RATE, WIDTH, Stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.listen.terminal.devices import Device

LOUDEST = 100  #: per cent
#: Seconds a seek waits for its first samples, so that the sound goes on in one piece; a busy machine needs a third.
_PATIENCE = 0.5


class Player:
    """Plays files through a device; the place it tells is that of the last sample the device has asked for."""

    def __init__(self, device: Device, ended: Callable[[], None]) -> None:
        """Nothing is loaded; ``ended`` is called, from the device's thread, when a sound is over."""
        self._device = device
        self._ended = ended
        self._lock = Lock()
        self._stream: Stream | None = None
        self._path: Path | None = None
        self._told = False  # that the stream has ended
        self._heard = 0  # samples
        self.playing = False
        self.speed = 1.0
        self.volume = LOUDEST
        self.fade = 1.0  #: between 0 and 1, on top of the volume; the sleep timer's

    @property
    def position(self) -> float:
        """Seconds of the file that were heard."""
        with self._lock:
            return self._stream.position if self._stream else 0.0

    @property
    def heard(self) -> float:
        """Seconds by the clock that something was heard since the player began, pauses left out."""
        with self._lock:
            return self._heard / RATE

    @property
    def loaded(self) -> bool:
        """Whether there is something to play."""
        return self._path is not None

    @property
    def over(self) -> bool:
        """Whether the sound has ended."""
        with self._lock:
            return self._stream is not None and self._stream.ended

    @property
    def failed(self) -> str:
        """Why the sound cannot be played, "" where it can."""
        with self._lock:
            return self._stream.failed if self._stream else ""

    def load(self, path: Path, at: float = 0.0) -> None:
        """Make a file what is played, from ``at`` seconds on; raises AudioError where ffmpeg does not start."""
        self._path = path
        self._begin(at)

    def seek(self, to: float) -> None:
        """Go on at another place, in seconds."""
        self._begin(max(0.0, to))

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, pitch kept."""
        self.speed = speed
        self._begin(self.position)

    def play(self) -> None:
        """Let it be heard; raises AudioError where the device has gone."""
        if not self.playing:
            self._device.start(self._pull)
            self.playing = True

    def pause(self) -> None:
        """Be silent, and leave the device to others."""
        if self.playing:
            self.playing = False
            self._device.stop()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self.playing = False
        self._device.close()
        with self._lock:
            stream, self._stream = self._stream, None
        if stream:
            stream.close()

    def _begin(self, at: float) -> None:
        """Put a new stream in the place of the old one; a tenth of a second of silence lies between them."""
        if self._path is None:
            return
        stream = Stream(self._path, at, self.speed)
        with self._lock:
            old, self._stream = self._stream, stream
            self._told = False
        if old:
            old.close()
        stream.wait(_PATIENCE)

    def _pull(self, samples: int) -> bytes:
        """Answer the device: what is ready, then silence. Silence does not count as heard."""
        with self._lock:
            block = self._stream.take(samples) if self._stream else b""
            self._heard += len(block) // WIDTH
            over = self._stream is not None and self._stream.ended
            tell, self._told = over and not self._told, over
        if tell:
            self._ended()
        gain = self.fade * (self.volume / LOUDEST) ** 2  # loudness follows the square of what a control shows
        if gain != 1 and block:
            block = (np.frombuffer(block, dtype="<i2") * np.float32(gain)).astype("<i2").tobytes()
        return block + bytes(samples * WIDTH - len(block))
