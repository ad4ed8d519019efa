"""How fast, how big and how exact stitching, mastering and encoding are.

    .venv/bin/python benchmarks/audio.py                 # 5 minutes and 1 hour, then 5 minutes of every kind
    .venv/bin/python benchmarks/audio.py --minutes 5 300

Each length runs in a process of its own on made clips: noise with the rhythm and the peaks of speech, 24 kHz, 3-15 s
each. Time counts everything after the voice: opening the clips, planning, mastering, encoding, measuring, tagging;
memory is this process, to which one ffmpeg at a time adds 31-37 MB. A result past its floor fails; floors only get
stricter.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from audiopress.audio.music import NONE, open_music
from audiopress.audio.programme import Tags, write_programme
from audiopress.audio.stitch import plan
from audiopress.audio.take import listen
from audiopress.model import Boundary, Clip, Music, Pronunciation, Role, Segment, SegmentKind, Sentence, Utterance

RATE = 24000
#: Wall-clock seconds a second of programme, on 2 idle cores: with music speech is resampled, and Opus encodes slowly.
SHARE_FLOORS = {"mp3": 0.010, "m4a": 0.011, "opus": 0.016, "mp3 music": 0.013, "m4a music": 0.014, "opus music": 0.018}
MEMORY_FLOOR = 100.0  # MB of this process, whatever the length
GROWTH_FLOOR = 15.0  # MB from the shortest to the longest


def speech(seconds: float, seed: int) -> np.ndarray:
    """Noise below 6 kHz with four syllables a second; peaks 16 dB above its loudness, like the voices'."""
    time_axis = np.arange(int(seconds * RATE)) / RATE
    noise = np.convolve(np.random.default_rng(seed).standard_normal(len(time_axis)), np.hanning(9) / 4, "same")
    syllables = np.clip(0.6 + np.sin(2 * np.pi * 4 * time_axis), 0.02, None)
    return np.clip(0.1 * noise * syllables, -1, 1)


def make_clips(folder: Path, seconds: float) -> list[Clip]:
    """Forty different clips, repeated until the programme is long enough."""
    made = []
    for number in range(40):
        samples = np.rint(speech(3 + 12 * (number % 13) / 12, number) * 32767).astype("<i2")
        path = folder / f"{number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        sentence = Sentence("x", 1, Role.BODY, Boundary.SENTENCE)
        made.append(Clip(Pronunciation(Utterance(sentence, "x"), ()), path, len(samples), RATE))
    repeats = 1 + int(seconds * RATE / sum(clip.samples for clip in made))
    clips = made * repeats
    while sum(clip.samples for clip in clips) - clips[-1].samples > seconds * RATE:
        clips.pop()
    return clips


def make_music(folder: Path) -> Music:
    """Two minutes of slow chords in stereo, eight partials a tone, each second a new one."""
    path = folder / "music.wav"
    time_axis = np.arange(120 * 44100) / 44100
    root = 110 * 2 ** (np.array([0, 5, 7, 3, 8, 10])[time_axis.astype(int) % 6] / 12)
    phase = 2 * np.pi * np.cumsum(root) / 44100
    chord = sum(np.sin(step * part * phase) / part for step in (1, 1.26, 1.5) for part in range(1, 9))
    decay = np.exp(-2 * (time_axis % 1))
    samples = 0.2 * np.stack([chord * decay, np.roll(chord * decay, 441)], axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return Music(path, path, path, path)


def run(minutes: float, kind: str) -> dict[str, Any]:
    """Make one programme and say what it took; the music has been used before, as a show's has."""
    suffix, *music = kind.split()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = make_clips(folder, minutes * 60)
        if music:  # made in a process of its own, as its arrays would count as ours
            command = [sys.executable, __file__, "--music-in", name]
            subprocess.run(command, check=True)
        before = time.perf_counter()
        spoken = []
        for first in range(0, len(clips), 20):
            takes = [listen(clip) for clip in clips[first : first + 20]]
            sentences = tuple(take.clip.pronunciation.utterance.sentence for take in takes)
            spoken_kind = SegmentKind.SECTION if first else SegmentKind.TITLE
            spoken.append((Segment(spoken_kind, f"بخش {first}", 1, sentences), takes))
        sounds = open_music(Music(*[folder / "music.wav"] * 4), folder / "cache") if music else NONE
        opened = time.perf_counter()
        programme = write_programme(plan("عنوان", spoken, sounds), folder / f"a.{suffix}", Tags("عنوان", "نمایش", "ما"))
        took = time.perf_counter() - before
    return {
        "kind": kind,
        "minutes": programme.seconds / 60,
        "share": took / programme.seconds,
        "opening": (opened - before) / programme.seconds,
        "loudness": programme.loudness,
        "true_peak": programme.true_peak,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Print the table; 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=[5, 60])
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--music-in", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.music_in:
        open_music(make_music(arguments.music_in), arguments.music_in / "cache")
        return 0
    if arguments.one:
        print(json.dumps(run(float(arguments.one[0]), arguments.one[1])))
        return 0
    results = []
    print("kind        minutes  share of length  of it opening  x realtime  LUFS   dBTP  memory MB")
    jobs = [(minutes, "mp3") for minutes in arguments.minutes]
    jobs += [(arguments.minutes[0], kind) for kind in SHARE_FLOORS if kind != "mp3"]
    jobs += [(arguments.minutes[-1], "mp3 music")]
    for minutes, kind in jobs:
        command = [sys.executable, __file__, "--one", str(minutes), kind]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        results.append(result)
        print(
            f"{kind:10}  {result['minutes']:7.1f}  {result['share']:15.4f}  {result['opening']:13.4f}"
            f"  {1 / result['share']:10.0f}  {result['loudness']:5.1f}  {result['true_peak']:5.1f}"
            f"  {result['memory']:9.0f}",
            flush=True,
        )
    missed = [
        f"{result['kind']}: {name}"
        for result in results
        for name, value, floor in (
            ("share of length", result["share"], SHARE_FLOORS[result["kind"]]),
            ("memory", result["memory"], MEMORY_FLOOR),
            ("loudness", abs(result["loudness"] + 19), 0.5),
            ("true peak", result["true_peak"], -1.0),
        )
        if value > floor
    ]
    for kind in ("mp3", "mp3 music"):
        memory = [result["memory"] for result in results if result["kind"] == kind]
        if memory[-1] - memory[0] > GROWTH_FLOOR:
            missed.append(f"{kind}: growth of memory")
    for name in missed:
        print(f"past its floor: {name}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
