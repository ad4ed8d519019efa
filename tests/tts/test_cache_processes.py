"""Several processes at one clip cache: each gets whole clips that stay, and the cache stays within its limit."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from audiopress.tts.cache_contents import clear_clips
from audiopress.tts.cache_files import contents
from audiopress.tts.cache_hold import HELD, holders

if TYPE_CHECKING:
    from pathlib import Path

#: Speaks episodes of 12 utterances out of 40, in a voice that never says the same twice, and hears each at its end.
WORK = """
import json, random, sys, wave
from pathlib import Path
import numpy as np
from audiopress.model import PLAIN, Audio, Boundary, Mark, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.tts.cache import ClipCache
from audiopress.tts.engine import Places
from audiopress.tts.tone import ToneEngine
from audiopress.tts.voices import find_voice

folder, limit, episodes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw = random.Random()


class Moody(ToneEngine):
    def synthesize(self, pronunciation, voice, delivery=PLAIN):
        length = draw.randrange(1000, 9000)
        samples = np.full(length, length / 10000, np.float32)
        return Audio(samples, voice.sample_rate, (Mark(0, length),))


def saying(number):
    sentence = Sentence("", 1, Role.BODY, Boundary.SENTENCE)
    return Pronunciation(Utterance(sentence, ""), (Word("", "bdfgh"[number // 8] + "aeiouyjw"[number % 8]),))


cache, engine, voice = ClipCache(folder, limit), Moody(Places(folder, folder)), find_voice("tone")
given = fresh = 0
print("begun", flush=True)
for _ in range(episodes):
    clips = [cache.clip(engine, voice, saying(draw.randrange(40)), PLAIN) for _ in range(12)]
    for clip in clips:
        with wave.open(str(clip.path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert len(samples) == clip.samples == clip.marks[0].stop, clip
        assert np.ptp(samples) == 0, clip
        assert abs(samples[0] - clip.samples * 3.2767) < 1, clip
    given, fresh = given + len(clips), fresh + sum(clip.fresh for clip in clips)
    cache.release()
if sys.argv[4:] == ["stay"]:
    cache.clip(engine, voice, saying(0), PLAIN)
    print("idle", flush=True)
    sys.stdin.read()
print(json.dumps({"given": given, "fresh": fresh}))
"""
LIMIT = 200_000  # bytes: half of the 40 utterances


def start(folder: Path, episodes: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK, str(folder), str(LIMIT), str(episodes), *more]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def finish(process: subprocess.Popen[str]) -> dict[str, int]:
    said, complaints = process.communicate()
    assert process.returncode == 0, complaints
    told: dict[str, int] = json.loads(said.splitlines()[-1])
    return told


def test_processes_that_share_a_cache_get_whole_clips_while_it_is_swept(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    workers = [start(folder, 60) for _ in range(2)]
    while any(worker.poll() is None for worker in workers):
        clear_clips(tmp_path)  # as a user would, but without a pause
    for told in map(finish, workers):
        assert told["given"] == 720
    found = contents(folder, age=0)
    assert not found.litter
    assert found.size <= LIMIT * 1.2
    assert not list((folder / HELD).iterdir())


def test_two_processes_profit_from_each_other_within_the_limit(tmp_path: Path) -> None:
    workers = [start(tmp_path / "clips", 50) for _ in range(2)]
    told = [finish(worker) for worker in workers]
    assert sum(each["fresh"] for each in told) < sum(each["given"] for each in told)
    assert contents(tmp_path / "clips").size <= LIMIT * 1.2


def test_a_process_that_is_killed_leaves_nothing_that_harms(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    for _ in range(3):
        worker = start(folder, 10**6)
        for _ in range(50):
            contents(folder)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    assert finish(start(folder, 30))["given"] == 360
    assert len(holders(folder).dead) == len(list((folder / HELD).iterdir()))
    clear_clips(tmp_path)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert not list((folder / HELD).iterdir())


def test_clear_leaves_what_a_running_process_uses(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    worker = start(folder, 3, "stay")
    assert worker.stdout
    assert worker.stdout.readline() == "idle\n"
    before = contents(folder).entries
    cleared = clear_clips(tmp_path)
    assert (cleared.clips, cleared.in_use) == (len(before) - 1, 1)
    (kept,) = contents(folder).entries
    (held,) = (folder / HELD).glob("*/*.wav")
    assert held.samefile(kept.facts.with_suffix(".wav"))
    finish(worker)
    assert clear_clips(tmp_path).clips == 1
