"""ffmpeg as the line needs it: an encoder fed through a pipe, and a loudness meter."""

from __future__ import annotations

import re
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from audiopress.errors import AudioError, OutputError
from audiopress.ffmpeg import binary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: What ffmpeg says, or how it dies, when the disk is the reason. SIGXFSZ (25) is a file-size limit.
_DISK_WORDS = re.compile(
    r"No space left|Disk quota|File too large|Permission denied|No such file or directory|Read-only file system",
    re.IGNORECASE,
)
_SIGXFSZ = 25

_INTEGRATED = re.compile(r"^\s+I:\s+(\S+) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s+Peak:\s+(\S+) dBFS", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a meter says of a finished file: LUFS and dBTP, to a tenth."""

    integrated: float
    true_peak: float


def feed(arguments: list[str], blocks: Iterable[bytes], path: Path, name: str) -> None:
    """Run ffmpeg with ``arguments``, pour ``blocks`` into its standard input, and wait until ``path`` is written.

    ``name`` is what the file will be called once it is finished, for the sentence where that fails. The child never
    outlives the call: on any exception, Ctrl-C included, it is killed and collected.

    Raises:
        OutputError: ``path`` could not be written.
        AudioError: ffmpeg is missing or failed for another reason.
    """
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen(
                [binary(), "-hide_banner", "-nostats", "-loglevel", "error", "-y", *arguments, f"file:{path}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,  # a file, not a pipe: however much it says, it never blocks
            )
        except OSError as error:
            raise AudioError(
                f"ffmpeg does not start ({error.strerror}); reinstall the package imageio-ffmpeg."
            ) from error
        try:
            _pour(blocks, child)
            code = child.wait()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if code:
            raise _failure(code, said, name)


def _pour(blocks: Iterable[bytes], child: subprocess.Popen[bytes]) -> None:
    """Write the blocks and close the pipe; a child that stopped listening says why in its own words later."""
    pipe = child.stdin
    if pipe is None:  # pragma: no cover - stdin=PIPE was asked for
        return
    try:
        with suppress(BrokenPipeError):
            for block in blocks:
                pipe.write(block)
    finally:
        with suppress(BrokenPipeError):
            pipe.close()


def _failure(code: int, said: IO[bytes], name: str) -> AudioError | OutputError:
    """Turn an exit code and what ffmpeg said into one sentence."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    disk = next((match[0] for line in lines if (match := _DISK_WORDS.search(line))), None)
    if disk or code == -_SIGXFSZ:
        why = disk or "File too large"
        return OutputError(
            f"{name} cannot be written ({why.lower()}); free some space or choose another folder with --output."
        )
    detail = lines[-1] if lines else f"exit code {code}"
    return AudioError(f"ffmpeg could not encode {name}: {detail}")


def measure(path: Path) -> Measured:
    """Decode a file and measure it as EBU R 128 asks: integrated loudness and true peak.

    A file too short or too quiet for the gate measures -70 LUFS; silence peaks at -inf dBTP.

    Raises:
        AudioError: ffmpeg cannot decode the file.
    """
    arguments = [
        "-hide_banner",
        "-nostats",
        "-nostdin",
        "-i",
        f"file:{path}",  # a bare path with a colon would be taken for a protocol
        "-map",
        "0:a:0",
        "-af",
        "ebur128=framelog=quiet:peak=true",
    ]
    done = subprocess.run([binary(), *arguments, "-f", "null", "-"], capture_output=True, check=False)
    said = done.stderr.decode(errors="replace")
    integrated, peak = _INTEGRATED.findall(said), _PEAK.findall(said)
    if done.returncode or not integrated or not peak:
        detail = said.strip().splitlines()[-1] if said.strip() else f"exit code {done.returncode}"
        raise AudioError(f"ffmpeg could not measure {path.name}: {detail}")
    return Measured(float(integrated[-1]), float(peak[-1]))
