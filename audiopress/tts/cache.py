"""The clip cache: an utterance that was spoken once is not spoken again.

A clip is two files named by its key: ``KEY.wav`` (16-bit mono PCM) and ``KEY.json`` (its length, rate, word marks and
the WAV's CRC-32). The JSON is renamed into place last, so a clip is there whole or not at all, and a damaged one is
noticed and made anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import wave
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import OutputError
from audiopress.model import Clip, Mark, VoiceInput

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.model import Audio, Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Engine

LAYOUT = 2  # raised when what a clip holds changes


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


class ClipCache:
    """Clips in a folder of the user's cache."""

    def __init__(self, folder: Path) -> None:
        """Keep clips under ``folder``, which is made when the first clip is."""
        self.folder = folder

    def clip(self, engine: Engine, voice: Voice, pronunciation: Pronunciation, delivery: Delivery) -> Clip:
        """The clip of an utterance, from the cache or else spoken now by ``engine``."""
        key = clip_key(engine, voice, pronunciation, delivery)
        found = self._find(key, pronunciation)
        if found is not None:
            return found
        return self._keep(key, pronunciation, engine.synthesize(pronunciation, voice, delivery))

    def _paths(self, key: str) -> tuple[Path, Path]:
        folder = self.folder / key[:2]  # 256 folders keep each listing short
        return folder / f"{key}.wav", folder / f"{key}.json"

    def _find(self, key: str, pronunciation: Pronunciation) -> Clip | None:
        sound, facts = self._paths(key)
        try:
            known = json.loads(facts.read_text(encoding="utf-8"))
            if zlib.crc32(sound.read_bytes()) != known["crc32"]:
                return None
            marks = tuple(Mark(*pair) for pair in known["marks"])
            return Clip(pronunciation, sound, known["samples"], known["sample_rate"], marks)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, key: str, pronunciation: Pronunciation, audio: Audio) -> Clip:
        sound, facts = self._paths(key)
        pcm = np.round(np.clip(audio.samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        data = wav_bytes(pcm, audio.sample_rate)
        known = {
            "samples": len(audio.samples),
            "sample_rate": audio.sample_rate,
            "marks": [(mark.start, mark.stop) for mark in audio.marks],
            "crc32": zlib.crc32(data),
        }
        try:
            sound.parent.mkdir(parents=True, exist_ok=True)
            write_whole(sound, data)
            write_whole(facts, json.dumps(known).encode())
        except OSError as error:
            raise OutputError(
                f"The clip cache {self.folder} cannot be written ({error.strerror or error}); "
                "free some space there or name another folder in AUDIOPRESS_CACHE."
            ) from error
        return Clip(pronunciation, sound, len(audio.samples), audio.sample_rate, audio.marks, fresh=True)


def wav_bytes(pcm: bytes, sample_rate: int) -> bytes:
    """16-bit mono PCM as the bytes of a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
    return buffer.getvalue()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside and rename it into place.

    It is not forced to the disk: a clip that a power cut tore is noticed by its CRC, and waiting for the disk twice a
    sentence took longer than speaking in the espeak voice.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
