"""How fast, how big and how exact stitching, mastering and encoding are.

    .venv/bin/python benchmarks/audio.py                 # 5 minutes and 1 hour, as reported in docs
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

import numpy as np

from audiopress.audio.mp3 import Tags, write_programme
from audiopress.audio.stitch import plan
from audiopress.audio.take import listen
from audiopress.model import Boundary, Clip, Pronunciation, Role, Segment, SegmentKind, Sentence, Utterance

RATE = 24000
SHARE_FLOOR = 0.010  # wall-clock seconds a second of programme, on 2 idle cores
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


def run(minutes: float) -> dict[str, float]:
    """Make one programme and say what it took."""
    with tempfile.TemporaryDirectory() as name:
        clips = make_clips(Path(name), minutes * 60)
        before = time.perf_counter()
        spoken = []
        for first in range(0, len(clips), 20):
            takes = [listen(clip) for clip in clips[first : first + 20]]
            sentences = tuple(take.clip.pronunciation.utterance.sentence for take in takes)
            spoken.append((Segment(SegmentKind.SECTION, f"بخش {first}", 1, sentences), takes))
        opened = time.perf_counter()
        programme = write_programme(plan("عنوان", spoken), Path(name) / "a.mp3", Tags("عنوان", "نمایش", "ما"))
        took = time.perf_counter() - before
    return {
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
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run(arguments.one)))
        return 0
    results = []
    print("minutes  share of length  of it opening  x realtime  LUFS   dBTP  memory MB")
    for minutes in arguments.minutes:
        command = [sys.executable, __file__, "--one", str(minutes)]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        results.append(result)
        print(
            f"{result['minutes']:7.1f}  {result['share']:15.4f}  {result['opening']:13.4f}  {1 / result['share']:10.0f}"
            f"  {result['loudness']:5.1f}  {result['true_peak']:5.1f}  {result['memory']:9.0f}",
            flush=True,
        )
    memory = [result["memory"] for result in results]
    missed = [
        name
        for name, value, floor in (
            ("share of length", max(result["share"] for result in results), SHARE_FLOOR),
            ("memory", max(memory), MEMORY_FLOOR),
            ("growth of memory", memory[-1] - memory[0], GROWTH_FLOOR),
            ("loudness", max(abs(result["loudness"] + 19) for result in results), 0.5),
            ("true peak", max(result["true_peak"] for result in results), -1.0),
        )
        if value > floor
    ]
    for name in missed:
        print(f"past its floor: {name}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
