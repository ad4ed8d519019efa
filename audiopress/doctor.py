"""What works on this machine, and what to do about the rest."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.audio import ffmpeg
from audiopress.config import cache_folder, data_folder
from audiopress.errors import AudiopressError
from audiopress.model import Boundary, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.tts.engine import Places
from audiopress.tts.registry import make_engine
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from audiopress.model import Voice

#: One hour of speech is 170 MB of cached clips at 24 kHz, 16 bit; less room than that is worth a word.
ROOM = 500_000_000  # bytes
AUDIBLE = 0.01  # of full scale: 40 dB below it, under any voice's quietest word


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``remedy`` is "" when nothing needs to be done."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""

    def report(self) -> dict[str, Any]:
        """The check as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """A voice as ``audiopress voices`` lists it; ``state`` is "installed" or the line that installs it."""

    name: str
    engine: str
    gender: str
    state: str
    licence: str
    attribution: str
    description: str

    def report(self) -> dict[str, Any]:
        """The row as JSON."""
        return asdict(self)


def voice_rows() -> tuple[VoiceRow, ...]:
    """Every voice, the user's own too, with whether it can be used; nothing is loaded but the engines' modules."""
    return tuple(
        VoiceRow(
            name=voice.name,
            engine=voice.engine,
            gender=voice.gender,
            state=voice_state(voice),
            licence=voice.licence,
            attribution=voice.attribution,
            description=voice.description,
        )
        for voice in all_voices(data_folder() / "voices").values()
    )


def voice_state(voice: Voice) -> str:
    """Say "installed", or what to do first."""
    try:
        _ = make_engine(voice.engine, Places(cache_folder(), data_folder())).version(voice)
    except AudiopressError as error:
        return str(error)
    return "installed"


def examine(cache: Path) -> tuple[Check, ...]:
    """Try everything a `produce` needs, for real: each engine says a word, ffmpeg encodes, the cache is written."""
    checks = [check_python(), check_cache(cache), check_room(cache), check_encoder()]
    embedded = [voice for voice in all_voices().values() if not voice.online and not voice.downloads]
    checks += [check_voice(voice, cache) for voice in embedded]
    return tuple(checks)


def check_python() -> Check:
    """The interpreter's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    ok = (3, 12) <= sys.version_info[:2] < (3, 14)
    return Check("Python", ok, found, "" if ok else "Install Python 3.12 or 3.13 and run make install.")


def check_cache(cache: Path) -> Check:
    """Whether clips can be kept."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
    except OSError as error:
        remedy = "Name a folder you may write to in the environment variable AUDIOPRESS_CACHE."
        return Check("cache", ok=False, detail=f"{cache}: {error.strerror}", remedy=remedy)
    return Check("cache", ok=True, detail=str(cache))


def check_room(cache: Path) -> Check:
    """Whether the cache's disk has room for an hour of clips."""
    free = shutil.disk_usage(cache if cache.exists() else ".").free
    ok = free >= ROOM
    remedy = "" if ok else f"Free at least {ROOM // 10**6} MB, or move the cache with AUDIOPRESS_CACHE."
    return Check("disk", ok, f"{free / 10**9:.1f} GB free", remedy)


def check_encoder() -> Check:
    """Whether ffmpeg is here and encodes MP3: half a second of silence."""
    form = ["-f", "s16le", "-ar", "24000", "-ac", "1", "-i", "pipe:0", "-c:a", "libmp3lame", "-f", "mp3"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            ffmpeg.feed(form, [bytes(24000)], Path(folder) / "silence.mp3", "silence.mp3")
        except AudiopressError as error:
            return Check("ffmpeg", ok=False, detail="does not encode", remedy=str(error))
    return Check("ffmpeg", ok=True, detail="encodes MP3")


def check_voice(voice: Voice, cache: Path) -> Check:
    """Whether a voice says «سلام» audibly."""
    sentence = Sentence("سلام.", 1, Role.BODY, Boundary.END)
    greeting = Pronunciation(Utterance(sentence, "سلام."), (Word("سلام", "sælˈɒm", "."),))
    name = f"voice {voice.name}"
    try:
        engine = make_engine(voice.engine, Places(cache, data_folder()))
        try:
            audio = engine.synthesize(greeting, voice)
        finally:
            engine.close()
    except AudiopressError as error:
        return Check(name, ok=False, detail="does not speak", remedy=str(error))
    loudest = float(abs(audio.samples).max(initial=0.0))
    if loudest < AUDIBLE:
        return Check(name, ok=False, detail="speaks silence", remedy=f"Reinstall what the {voice.engine} engine needs.")
    return Check(name, ok=True, detail=f"speaks, {len(audio.samples) / audio.sample_rate:.1f} s")
