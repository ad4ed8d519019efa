"""The clip cache within its limit: what goes, what stays, and what is swept up on the way."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiopress.errors import OutputError
from audiopress.model import PLAIN
from audiopress.tts import cache_room
from audiopress.tts.cache import ClipCache
from audiopress.tts.cache_files import contents, estimate, paths
from audiopress.tts.cache_hold import HELD, Hold
from audiopress.tts.cache_models import UNUSED, current
from audiopress.tts.engine import Places
from audiopress.tts.tone import ToneEngine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiopress.model import Clip, Pronunciation

type Speak = Callable[[ClipCache, int], Clip]

DAY = 86400
CLIP = 24_000  # bytes, about what each clip of `speak` takes


@pytest.fixture
def speak(tmp_path: Path, pronunciation: Callable[..., Pronunciation]) -> Speak:
    """Says a number: half a second of tones."""
    engine = ToneEngine(Places(tmp_path, tmp_path))

    def say(clips: ClipCache, number: int) -> Clip:
        digits = "".join("bdfghklmnp"[int(digit)] for digit in f"{number:06}")
        return clips.clip(engine, find_voice("tone"), pronunciation(digits), PLAIN)

    return say


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 1 MB, outside of what pytest deletes by itself."""
    folder = Path(tempfile.mkdtemp(prefix="audiopress-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def age(clip: Clip, cache: ClipCache, seconds: float) -> None:
    """Make a clip one that was last used so long ago."""
    for path in paths(cache.folder, clip.path.stem):
        os.utime(path, (time.time() - seconds,) * 2)


def is_kept(clip: Clip, cache: ClipCache) -> bool:
    return all(path.is_file() for path in paths(cache.folder, clip.path.stem))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, speak: Speak) -> None:
    before = ClipCache(tmp_path / "clips", 10 * CLIP)
    old = [speak(before, number) for number in range(9)]
    for number, clip in enumerate(old):
        age(clip, before, (number * 5 % 9 + 1) * DAY)
    before.close()
    cache = ClipCache(tmp_path / "clips", 10 * CLIP)
    speak(cache, 0)  # a day old, and used again; the others are 2 to 9 days old
    for number in range(100, 103):
        speak(cache, number)
    gone = {number for number, clip in enumerate(old) if not is_kept(clip, cache)}
    assert gone == {number for number in range(9) if number * 5 % 9 + 1 > 9 - len(gone)}
    assert 9 * CLIP * 0.8 < contents(cache.folder).size <= 10 * CLIP


def test_clips_in_use_stay_beyond_the_limit_until_they_are_released(tmp_path: Path, speak: Speak) -> None:
    cache = ClipCache(tmp_path / "clips", 3 * CLIP)
    clips = [speak(cache, number) for number in range(12)]
    assert all(is_kept(clip, cache) for clip in clips)
    cache.release()
    assert contents(cache.folder).size <= 3 * CLIP
    assert not any(clip.path.exists() for clip in clips)


def test_the_clips_of_another_cache_in_use_are_not_swept(tmp_path: Path, speak: Speak) -> None:
    other, cache = ClipCache(tmp_path / "clips"), ClipCache(tmp_path / "clips", 1)
    clip, gone = speak(other, 1), speak(cache, 2)
    age(clip, other, DAY)
    cache.release()
    assert is_kept(clip, other)
    assert not is_kept(gone, cache)


def test_without_hard_links_what_may_be_in_use_stays(
    tmp_path: Path, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")  # what FAT says

    earlier = ClipCache(tmp_path / "clips")
    old = speak(earlier, 1)
    age(old, earlier, DAY)
    earlier.close()
    monkeypatch.setattr(os, "link", link)
    other, cache = ClipCache(tmp_path / "clips"), ClipCache(tmp_path / "clips", 1)
    clips = [speak(other, 2), speak(cache, 3)]
    cache.release()
    assert not is_kept(old, cache)
    assert all(is_kept(clip, cache) for clip in clips)
    assert clips[0].path == paths(cache.folder, clips[0].path.stem)[0]
    other.close()
    speak(cache, 4)
    cache.close()
    assert not contents(cache.folder).entries


def test_a_clip_that_was_made_anew_elsewhere_stays_as_it_was_given(tmp_path: Path, speak: Speak) -> None:
    cache = ClipCache(tmp_path / "clips")
    clip = speak(cache, 1)
    sound = clip.path.read_bytes()
    for path in paths(cache.folder, clip.path.stem):
        path.unlink()
        path.write_bytes(b"another")
    assert clip.path.read_bytes() == sound
    assert speak(cache, 1).path.read_bytes() == sound


def test_the_cache_is_not_walked_at_every_clip(tmp_path: Path, speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    walks = []

    def counted(folder: Path) -> object:
        walks.append(folder)
        return contents(folder)

    monkeypatch.setattr(cache_room, "contents", counted)
    cache = ClipCache(tmp_path / "clips", 20 * CLIP)
    for number in range(15):
        speak(cache, number)
    assert not walks
    for number in range(15, 75):  # all of them in use: nothing can go
        speak(cache, number)
    assert len(walks) < 18


def test_a_large_cache_is_estimated_from_a_part_of_it(tmp_path: Path) -> None:
    total = 0
    for number in range(4000):
        key = f"{number * 2654435761 % 2**32:08x}".rjust(32, "0")[::-1]
        sound, facts = paths(tmp_path, key)
        sound.parent.mkdir(exist_ok=True)
        with sound.open("wb") as file:
            file.truncate(100_000 + number % 7 * 30_000)  # a sparse file takes no room
        facts.write_bytes(b"{}")
        total += sound.stat().st_size + 2
    assert contents(tmp_path).size == total
    assert abs(estimate(tmp_path) - total) < 0.1 * total


def test_half_clips_and_what_was_written_aside_go_after_an_hour(tmp_path: Path, speak: Speak) -> None:
    cache = ClipCache(tmp_path / "clips", 1)
    shelf = tmp_path / "clips" / "aa"
    shelf.mkdir(parents=True)
    ours = [f"aa{'0' * 30}.wav", f"aa{'1' * 30}.json", f".aa{'2' * 30}.wav.4711"]
    young, foreign = f"aa{'3' * 30}.wav", ["notes.txt", "aa.wav", ".aa.wav.12"]
    for name in (*ours, young, *foreign):
        (shelf / name).write_bytes(b"x")
        os.utime(shelf / name, (time.time() - (30 if name == young else 4000),) * 2)
    speak(cache, 1)
    assert {path.name for path in shelf.iterdir()} >= {young, *foreign}
    assert not any((shelf / name).exists() for name in ours)


def test_what_a_dead_process_held_is_let_go(tmp_path: Path, speak: Speak) -> None:
    cache = ClipCache(tmp_path / "clips", 1)
    dead, living = tmp_path / "clips" / HELD / "4711-abc", Hold(tmp_path / "clips").folder()
    dead.mkdir()
    (dead / "some.wav").write_bytes(b"x")
    speak(cache, 1)
    assert not dead.exists()
    assert living.is_dir()


def test_models_unused_for_a_month_go_unless_they_are_the_current_one(tmp_path: Path, speak: Speak) -> None:
    ages = {"kokoro-0-1-int8-ort1.0.onnx": 31, "kokoro-0-2-int8-ort1.0.onnx": 29, current(): 31, "kokoro.onnx": 31}
    for name, days in ages.items():
        for path in (tmp_path / name, (tmp_path / name).with_suffix(".json")):
            path.write_bytes(b"x")
            os.utime(path, (time.time() - days * UNUSED / 30,) * 2)
    speak(ClipCache(tmp_path / "clips"), 1)
    assert {path.name for path in tmp_path.glob("*.onnx")} == ages.keys() - {"kokoro-0-1-int8-ort1.0.onnx"}
    assert not (tmp_path / "kokoro-0-1-int8-ort1.0.json").exists()


def test_on_a_full_disk_old_clips_make_room(small_disk: Path, speak: Speak) -> None:
    before = ClipCache(small_disk / "clips")
    for number in range(25):
        speak(before, number)
    with pytest.raises(OutputError, match=r"No space left.*AUDIOPRESS_CACHE"):
        [speak(before, number) for number in range(25, 100)]  # all of them in use
    before.close()
    cache = ClipCache(small_disk / "clips")
    for clip in [speak(cache, 1000 + number) for number in range(10)]:
        with wave.open(str(clip.path)) as file:
            assert file.getnframes() == clip.samples
    cache.close()
    assert not [path for path in small_disk.rglob("*") if path.suffix == ".part"]


def test_in_a_cache_that_cannot_be_written_clips_are_found(small_disk: Path, speak: Speak) -> None:
    cache = ClipCache(small_disk / "clips")
    age(speak(cache, 1), cache, DAY)
    cache.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert not speak(cache, 1).fresh
    with pytest.raises(OutputError, match="Read-only"):
        speak(cache, 2)
    cache.close()


def test_a_cache_that_was_deleted_under_way_is_made_again(tmp_path: Path, speak: Speak) -> None:
    cache = ClipCache(tmp_path / "clips")
    speak(cache, 1)
    (tmp_path / "clips").rename(tmp_path / "gone")
    assert speak(cache, 1).fresh
    assert speak(cache, 2).path.is_file()
