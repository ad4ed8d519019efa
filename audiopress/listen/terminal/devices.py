"""What makes sound audible: the sound card through miniaudio, a player program fed by a pipe, or a clock.

A device pulls: it asks for so many samples when it needs them, so what was asked for is what is heard, but for the
device's own store.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol

from audiopress.errors import AudioError
from audiopress.listen.terminal.sound import RATE, WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    #: Gives exactly so many samples, silence where there is nothing to hear.
    type Pull = Callable[[int], bytes]

NULL = "null"  #: the device that only counts, for machines without sound and for tests

#: Milliseconds that are heard later than they are pulled: too few to notice between a word's sound and its mark, and
#: ten times what a pull takes on a busy machine.
_STORE = 100
_PERIODS = 3  # parts of the store, each pulled at once: what miniaudio itself takes where it is not told
#: miniaudio's names, one tried after the other. JACK is left out: after another one it brings the process down
#: (miniaudio 1.71), and who runs JACK runs PipeWire, which answers to the first.
_BACKENDS = {"linux": ("PULSEAUDIO", "ALSA"), "darwin": ("COREAUDIO",)}
#: Programs that play raw samples from their standard input, where miniaudio has no wheel (Linux on Arm).
_PROGRAMS = (
    ("pw-cat", "--playback", "--raw", "--format=s16", f"--rate={RATE}", "--channels=1", f"--latency={_STORE}ms", "-"),
    ("pacat", "--playback", "--format=s16le", f"--rate={RATE}", "--channels=1", f"--latency-msec={_STORE}"),
    (
        "aplay",
        "--quiet",
        "--file-type=raw",
        "--format=S16_LE",
        f"--rate={RATE}",
        "--channels=1",
        "--buffer-time=100000",
    ),
)
_TICK = 0.02  # seconds between two pulls of the clock
#: Seconds after which a clock was asleep, with the machine or by Ctrl-Z, rather than late.
_ASLEEP = 0.5
_PIPE_SIZE = 4096  # bytes a pipe to a program may hold, the least Linux allows: 43 ms
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux's fcntl.h


class Device(Protocol):
    """Plays what it pulls; it may be started and stopped any number of times."""

    name: str

    def start(self, pull: Pull) -> None:
        """Begin to pull, from a thread of its own."""

    def stop(self) -> None:
        """Pull no more; returns when the last pull is over."""

    def close(self) -> None:
        """Stop and let go of the device."""


def open_device(name: str = "") -> Device:
    """Return the machine's sound device, or the one asked for by name: ``"null"`` only counts the time.

    Raises:
        AudioError: there is no such device, or none at all.
    """
    if name == NULL:
        return Clock()
    if name:
        raise AudioError(f"There is no sound device called {name!r}; leave --device out, or use --device {NULL}.")
    device = _sound_card() or _program()
    if device is None:
        raise AudioError(
            "There is no sound device here; run audiopress serve and listen in a browser, "
            f"or try everything but the sound with --device {NULL}."
        )
    return device


class Clock:
    """No sound: samples are pulled as time goes by."""

    name = NULL

    def __init__(self) -> None:
        """It stands still."""
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self, pull: Pull) -> None:
        """Let the time run."""
        self._stopped.clear()
        self._thread = Thread(target=self._run, args=(pull,), name="clock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stand still."""
        self._stopped.set()
        if self._thread:
            self._thread.join()
        self._thread = None

    def close(self) -> None:
        """Stand still for good."""
        self.stop()

    def _run(self, pull: Pull) -> None:
        before = time.monotonic()
        owed = 0.0
        while not self._stopped.wait(_TICK):
            now = time.monotonic()
            passed = now - before
            owed += (passed if passed < _ASLEEP else _TICK) * RATE
            before = now
            pull(int(owed))
            owed -= int(owed)


class SoundCard:
    """A device that miniaudio plays on."""

    def __init__(self, miniaudio: Any, backend: str) -> None:
        """Open the standard device of a backend; raises miniaudio.MiniaudioError where there is none."""
        self._device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=_STORE // _PERIODS,  # of one period, in spite of its name
            callback_periods=_PERIODS,
            backends=[miniaudio.Backend[backend]],
            app_name="audiopress",
        )
        self._error = miniaudio.MiniaudioError
        self.name = str(self._device.backend)

    def start(self, pull: Pull) -> None:
        """Begin to play.

        Raises:
            AudioError: the device has gone.
        """
        try:
            self._device.start(_answers(pull))
        except self._error as error:
            raise AudioError("The sound device does not answer any more; start audiopress listen again.") from error

    def stop(self) -> None:
        """Stop at once."""
        with suppress(self._error):
            self._device.stop()

    def close(self) -> None:
        """Let go of the device."""
        self._device.close()


class Program:
    """A program of the system that plays what is written to it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        """Nothing runs yet."""
        self.name = command[0]
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: Thread | None = None
        self._stopped = Event()

    def start(self, pull: Pull) -> None:
        """Start the program and feed it.

        Raises:
            AudioError: it does not start.
        """
        try:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                process_group=0,  # Ctrl-C and Ctrl-Z are for us alone
            )
        except OSError as error:
            raise AudioError(f"{self.name} does not start ({error.strerror}); reinstall it.") from error
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415 - its pipes have a size on Linux only

            fcntl.fcntl(self._child.stdin or -1, _SET_PIPE_SIZE, _PIPE_SIZE)
        self._stopped.clear()
        self._thread = Thread(target=self._feed, args=(pull, self._child), name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the program at once."""
        self._stopped.set()
        if self._child:
            self._child.kill()
            self._child.wait()
        if self._thread:
            self._thread.join()
        self._child = self._thread = None

    def close(self) -> None:
        """End the program."""
        self.stop()

    def _feed(self, pull: Pull, child: subprocess.Popen[bytes]) -> None:
        pipe = child.stdin
        with suppress(OSError):
            while pipe and not self._stopped.is_set():
                block = pull(_PIPE_SIZE // WIDTH)
                while block:
                    block = block[pipe.write(block) :]
        with suppress(OSError):
            if pipe:
                pipe.close()


def _answers(pull: Pull) -> Generator[bytes, int]:
    """Speak miniaudio's protocol: it sends how many samples it needs."""
    answers = _answering(pull)
    next(answers)
    return answers


def _answering(pull: Pull) -> Generator[bytes, int]:
    samples = yield b""
    while True:
        samples = yield pull(samples)


def _sound_card() -> Device | None:
    """Return the first device that opens."""
    try:
        miniaudio: Any = import_module("miniaudio")
    except ImportError:
        return None
    for backend in _BACKENDS.get(sys.platform, ()):
        with suppress(miniaudio.MiniaudioError), _hushed():
            return SoundCard(miniaudio, backend)
    return None


def _program() -> Device | None:
    """Return the first program there is that finds a device: it plays a moment of silence."""
    for command in _PROGRAMS:
        if shutil.which(command[0]):
            with suppress(OSError, subprocess.TimeoutExpired):
                silence = bytes(RATE * WIDTH // 10)
                tried = subprocess.run(command, input=silence, capture_output=True, check=False, timeout=3)
                if tried.returncode == 0:
                    return Program(command)
    return None


@contextmanager
def _hushed() -> Iterator[None]:
    """Let what C libraries (ALSA) write about devices they do not find go nowhere."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
