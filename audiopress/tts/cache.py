"""The clip cache: an utterance that was spoken once is not spoken again, as long as there is room for it.

A clip is two files named by its key: ``KEY.wav`` (16-bit mono PCM) and ``KEY.json`` (its length, rate, word marks,
voice and the WAV's CRC-32). The JSON is renamed into place last, so a clip is there whole or not at all, and a damaged
one is noticed and made anew. Threads and processes share a cache: see cache_hold for what is in use and cache_room for
what goes.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import time
import wave
import zlib
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from audiopress.errors import OutputError
from audiopress.model import Clip, Mark, VoiceInput
from audiopress.tts.cache_files import HOUR, paths
from audiopress.tts.cache_hold import Hold
from audiopress.tts.cache_room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.model import Audio, Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Engine

LAYOUT = 2  # raised when what a clip holds changes
CLIP_BYTES = 2_000_000_000  # some 11 hours of clips at 24 kHz

_FULL = {errno.ENOSPC, errno.EDQUOT}


def clip_key(engine: Engine, voice: Voice, pronunciation: Pronunciation, delivery: Delivery) -> str:
    """The hash of all that decides how an utterance sounds: 32 hexadecimal digits."""
    vocalized = pronunciation.vocalized if voice.input is VoiceInput.VOCALIZED else ""
    facts = [
        LAYOUT,
        engine.name,
        engine.version(voice),
        [voice.name, voice.language, voice.sample_rate, voice.options],
        asdict(delivery),
        [(word.phonemes, word.after) for word in pronunciation.words],
        vocalized,
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Given:
    """A clip that was given out, and what would show that its file has changed since."""

    clip: Clip
    stamp: tuple[int, ...]


class ClipCache:
    """Clips in a folder of the user's cache.

    The file of a clip stays, with the bytes it had, until `release` or `close` or the end of the process: whatever
    other processes do, and even if an episode is larger than the limit.
    """

    def __init__(self, folder: Path, limit: int = CLIP_BYTES) -> None:
        """Keep ``limit`` bytes of clips under ``folder``, which is made when the first clip is."""
        self.folder = folder
        self._hold = Hold(folder)
        self._room = Room(folder, limit)
        self._given: dict[str, Given] = {}
        self._lock = Lock()
        self._turns: dict[str, tuple[Lock, int]] = {}

    def clip(self, engine: Engine, voice: Voice, pronunciation: Pronunciation, delivery: Delivery) -> Clip:
        """The clip of an utterance, from the cache or else spoken now by ``engine``.

        Threads that ask for the same clip at once wait for the first of them. Raises what the engine does, and
        OutputError where a clip cannot be written.
        """
        key = clip_key(engine, voice, pronunciation, delivery)
        with self._turn(key):
            clip = self._again(key, pronunciation) or self._find(key, pronunciation)
            if clip is None:
                clip = self._keep(key, voice.name, pronunciation, engine.synthesize(pronunciation, voice, delivery))
            self._given[key] = Given(clip, _stamp(clip.path))
        return clip

    def hold(self) -> None:
        """Show other processes that the cache is in use, before there is a clip: `clear` then leaves music alone."""
        with suppress(OSError):
            self._hold.folder()

    def release(self) -> None:
        """The clips given so far are needed no more: an episode is finished."""
        self._given.clear()
        self._hold.release()
        self._room.given_back()

    def close(self) -> None:
        """Release all clips and leave nothing of this process behind; the cache may be used again afterwards."""
        self.release()
        self._hold.close()

    @contextmanager
    def _turn(self, key: str) -> Iterator[None]:
        """One thread at a time for each key."""
        with self._lock:
            turn, waiting = self._turns.get(key, (Lock(), 0))
            self._turns[key] = turn, waiting + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                waiting = self._turns[key][1] - 1
                if waiting:
                    self._turns[key] = turn, waiting
                else:
                    del self._turns[key]

    def _again(self, key: str, pronunciation: Pronunciation) -> Clip | None:
        """The clip that this process was given before; its file is not read again unless it has changed."""
        given = self._given.get(key)
        if given is None or not given.stamp or given.stamp != _stamp(given.clip.path):
            return None
        return replace(given.clip, pronunciation=pronunciation, fresh=False)

    def _find(self, key: str, pronunciation: Pronunciation) -> Clip | None:
        sound, facts = paths(self.folder, key)
        try:
            with facts.open("rb") as file:
                known = json.load(file)
                used = os.fstat(file.fileno()).st_mtime
            held = self._hold.hold(sound)
            marks = tuple(Mark(*pair) for pair in known["marks"])
            clip = Clip(pronunciation, held, known["samples"], known["sample_rate"], marks)
            if not is_whole(held.read_bytes(), known):
                return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, wave.Error):
            return None
        if time.time() - used > HOUR:
            with suppress(OSError):  # a folder that cannot be written
                os.utime(facts)
        return clip

    def _keep(self, key: str, voice: str, pronunciation: Pronunciation, audio: Audio) -> Clip:
        pcm = np.round(np.clip(audio.samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        data = wav_bytes(pcm, audio.sample_rate)
        known = {
            "samples": len(audio.samples),
            "sample_rate": audio.sample_rate,
            "marks": [(mark.start, mark.stop) for mark in audio.marks],
            "voice": voice,
            "crc32": zlib.crc32(data),
        }
        try:
            held = self._write(key, data, json.dumps(known).encode())
        except OSError as error:
            raise OutputError(
                f"The clip cache {self.folder} cannot be written ({error.strerror or error}); "
                "free some space there or name another folder in AUDIOPRESS_CACHE."
            ) from error
        return Clip(pronunciation, held, len(audio.samples), audio.sample_rate, audio.marks, fresh=True)

    def _write(self, key: str, data: bytes, facts: bytes) -> Path:
        """Write a clip, once again with old clips gone where the disk is full; gives the path that stays."""
        try:
            held = self._write_both(key, data, facts)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            self._room.halve()
            held = self._write_both(key, data, facts)
        self._room.taken(len(data) + len(facts))
        return held

    def _write_both(self, key: str, data: bytes, facts: bytes) -> Path:
        """Write both files aside and rename them into place, the JSON last.

        They are not forced to the disk: a clip that a power cut tore is noticed by its CRC, and waiting for the disk
        twice a sentence took longer than speaking in the espeak voice.
        """
        sound, about = paths(self.folder, key)
        aside = self._hold.folder() / f"{key}.part"
        try:
            sound.parent.mkdir(exist_ok=True)
            aside.write_bytes(data)
            held = self._hold.hold(aside, sound.name)
            aside.replace(sound)
            if held == aside:  # no links here: the clip itself is what stays
                held = sound
            aside.write_bytes(facts)
            aside.replace(about)
        finally:
            with suppress(OSError):
                aside.unlink()
        return held


def is_whole(data: bytes, known: dict[str, Any]) -> bool:
    """Whether a WAV is the one that its JSON tells of; raises KeyError or TypeError where that tells nothing."""
    if zlib.crc32(data) != known["crc32"]:
        return False
    with wave.open(io.BytesIO(data)) as file:  # the CRC is right, but the JSON itself may be damaged
        form = file.getnframes(), file.getframerate()
    inside = all(0 <= start <= stop <= known["samples"] for start, stop in known["marks"])
    return inside and form == (known["samples"], known["sample_rate"])


def wav_bytes(pcm: bytes, sample_rate: int) -> bytes:
    """16-bit mono PCM as the bytes of a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
    return buffer.getvalue()


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file does; nothing where it has gone."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_mtime_ns, status.st_size
