"""Opening a show's music: any file becomes mono PCM in the cache, with what was heard in it.

Only the seconds that can ever be used are decoded, and no more than a few of them are in memory at once.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from audiopress.audio import ffmpeg, loudness
from audiopress.errors import AudioError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audiopress.model import Music

#: Hz of music in the cache and of every programme with music: speech is content with 24 kHz, cymbals are not.
RATE = 48000
LAYOUT = 1  # raised when what the cache holds of a file changes

#: Seconds of each sound that can be used at most; audio.arrange asks for no more.
MOST = {"intro": 12.0, "outro": 15.0, "section": 4.0, "bed": 120.0}  # a bed starts anew after two minutes
_CALLED = {"intro": "intro music", "outro": "outro music", "section": "section sound", "bed": "music bed"}

_SAMPLE = 2  # bytes
_SHORTEST = 480  # samples, 10 ms: a click at best
_BLOCK = 10 * RATE  # samples looked at together
#: How far below its highest peak the beginning and the end of a file count as silence: the last of a decaying piano,
#: 60 dB down, is the classical measure of reverberation (ISO 3382, T60).
_SILENCE_DB = 60.0
_FRAME = RATE // 100  # samples: edges are found to 10 ms
#: Tenths of a second over which a sound is looked at for its loudest second: WCAG 2 SC 1.4.7 excepts sounds that last
#: only one or two seconds.
_LOUDEST = loudness.STEPS


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A piece of music: 16-bit mono PCM at RATE, of which ``samples`` from ``first`` on are heard."""

    path: Path
    first: int
    samples: int
    powers: NDArray[np.float32]  #: loudness.powers of what is heard
    loudness: float  #: LUFS, integrated
    loudest: float  #: LUFS of its loudest second
    cut: bool = False  #: whether the file goes on after it


@dataclass(frozen=True, slots=True)
class Sounds:
    """A show's music, opened; None where there is none."""

    intro: Sound | None = None
    outro: Sound | None = None
    section: Sound | None = None
    bed: Sound | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """What decides how the music sounds, for a digest of the episode: ``("intro 3f8a…", "bed 77c0…")``."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple(f"{name} {sound.path.stem}" for name, sound in named if sound)


NONE = Sounds()


def open_music(music: Music, folder: Path) -> Sounds:
    """Decode a show's music into ``folder`` where it is not there yet, and listen to it.

    ``open_music(Music(intro=Path("intro.mp3")), cache / "music")`` → ``Sounds(intro=Sound(samples=576000, …))``

    Raises:
        AudioError: a file is missing, a folder, no sound, or silent.
        OutputError: ``folder`` cannot be written.
    """
    named = ((field.name, getattr(music, field.name)) for field in fields(music))
    return Sounds(**{name: _open(name, path, folder) for name, path in named if path})


def pcm(sound: Sound, start: int, stop: int) -> NDArray[np.float32]:
    """Return samples ``start``-``stop`` of what is heard of a sound, in [-1, 1); beyond its end there is nothing."""
    start, stop = max(0, start), min(stop, sound.samples)
    try:
        return _read(sound.path, sound.first + start, max(0, stop - start))
    except OSError as error:
        raise AudioError(f"The music {sound.path} has gone from the cache; run the command again.") from error


def _open(name: str, path: Path, folder: Path) -> Sound:
    what = f"The {_CALLED[name]} {path}"
    try:
        if path.is_dir():
            raise AudioError(f"{what} is a folder; name a sound file in it.")
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256")
    except FileNotFoundError as error:
        raise AudioError(f"{what} is not there; correct its path or leave it out.") from error
    except OSError as error:
        raise AudioError(
            f"{what} cannot be read ({(error.strerror or str(error)).lower()}); choose another file."
        ) from error
    content.update(f" {LAYOUT} {RATE} {MOST[name]}".encode())
    decoded = folder / f"{content.hexdigest()[:32]}.pcm"
    if not decoded.is_file():
        _decode(path, MOST[name], decoded, what)
    first, last = _edges(decoded)
    powers = _powers(decoded, first, last)
    level = loudness.integrated(powers)
    if level <= loudness.SILENT:
        seconds = f"{MOST[name]:.0f}"
        raise AudioError(f"{what} is silent in its first {seconds} seconds, as one channel; choose another file.")
    if last - first < _SHORTEST:
        raise AudioError(f"{what} is shorter than a hundredth of a second; choose another file.")
    return Sound(decoded, first, last - first, powers, level, _loudest(powers), cut=last >= round(MOST[name] * RATE))


def _decode(path: Path, seconds: float, decoded: Path, what: str) -> None:
    """Write the first seconds of a file as PCM, whole or not at all."""
    aside = decoded.with_name(f".{decoded.name}.{os.getpid()}.part")
    # A playlist could name other files and servers: only what lies in the file itself is opened.
    source = ["-protocol_whitelist", "file", "-i", f"file:{path}", "-map", "0:a:0"]
    target = f"-t {seconds} -af aresample=internal_sample_fmt=fltp -ac 1 -ar {RATE} -c:a pcm_s16le -f s16le".split()
    try:
        decoded.parent.mkdir(parents=True, exist_ok=True)
        ffmpeg.feed([*source, *target], (), aside, path.name)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(decoded)
    except (OSError, OutputError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise OutputError(
            f"The cache {decoded.parent} cannot be written ({(why or 'no space or no permission').lower()}); "
            "free some space there or name another folder in AUDIOPRESS_CACHE."
        ) from error
    except AudioError as error:
        raise AudioError(
            f"{what} holds no sound that can be read; choose a WAV, FLAC, MP3, OGG or M4A file."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink()


def _read(path: Path, start: int, count: int) -> NDArray[np.float32]:
    samples = np.fromfile(path, dtype="<i2", count=count, offset=start * _SAMPLE)
    return samples.astype(np.float32) / np.float32(32768)


def _edges(path: Path) -> tuple[int, int]:
    """Return the first sample of the sound in a file and the one after its last; nothing is heard of silence."""
    whole = path.stat().st_size // _SAMPLE
    peaks = []
    for start in range(0, whole, _BLOCK):
        block = np.abs(_read(path, start, min(_BLOCK, whole - start)))
        peaks.append(np.pad(block, (0, -len(block) % _FRAME)).reshape(-1, _FRAME).max(axis=1))
    heights = np.concatenate(peaks) if peaks else np.zeros(1, dtype=np.float32)
    loud = np.flatnonzero(heights > heights.max() * 10 ** (-_SILENCE_DB / 20))
    return (int(loud[0]) * _FRAME, min(whole, (int(loud[-1]) + 1) * _FRAME)) if len(loud) else (0, 0)


def _powers(path: Path, first: int, last: int) -> NDArray[np.float32]:
    """Return loudness.powers of a stretch of a file, worked out block by block."""
    step = RATE // loudness.STEPS
    count = -(-(last - first) // step) + 1
    together = _BLOCK // step
    found = []
    for entry in range(0, count, together):
        start = max(0, entry - 1) * step  # a frame reaches one step back
        stop = min((entry + together) * step, last - first)
        block = loudness.powers(_read(path, first + start, max(0, stop - start)), RATE)
        found.append(block[min(entry, 1) :][:together])
    return np.concatenate(found)[:count]


def _loudest(powers: NDArray[np.float32]) -> float:
    width = min(_LOUDEST, len(powers))
    sums = np.concatenate(([0.0], np.cumsum(powers, dtype=np.float64)))
    return loudness.level(float((sums[width:] - sums[:-width]).max() / width))
