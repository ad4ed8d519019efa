"""The commands that look after the cache, run as a user runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiopress.cli import main
from audiopress.tts.cache_models import current

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD_MODEL = "kokoro-0-1-int8-ort1.0.onnx"
MUSIC = f"{'0a' * 16}.pcm"

#: A process that produces: it holds the cache and waits.
PRODUCE = """
import sys
from pathlib import Path
from audiopress.tts.cache import ClipCache
cache = ClipCache(Path(sys.argv[1]) / "clips")
cache.hold()
print("begun", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with three clips in tones and one of the espeak voice."""
    folder = tmp_path_factory.mktemp("spoken")
    for voice, text in (("tone", "سلام. خوبی؟ باران آمد."), ("espeak", "سلام.")):
        say(text, voice, folder)
    return folder / "cache"


@pytest.fixture
def cache(tmp_path: Path, spoken: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with two models, music, and a file of the user's."""
    folder = tmp_path / "cache"
    shutil.copytree(spoken, folder)
    monkeypatch.setenv("AUDIOPRESS_CACHE", str(folder))
    monkeypatch.chdir(tmp_path)
    (folder / "music").mkdir()
    (folder / "music" / MUSIC).write_bytes(b"x" * 1000)
    (folder / "music" / "notes.txt").write_text("mine")
    for name in (OLD_MODEL, current()):
        (folder / name).write_bytes(b"x" * 100)
        (folder / name).with_suffix(".json").write_bytes(b"{}")
    return folder


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A disk with a cache that cannot be written, outside of what pytest deletes by itself."""
    disk = Path(tempfile.mkdtemp(prefix="audiopress-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        disk.rmdir()
        pytest.skip("only root may mount a disk that cannot be written")
    try:
        say("سلام.", "tone", disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
        disk.rmdir()


def say(text: str, voice: str, folder: Path) -> None:
    command = [sys.executable, "-m", "audiopress", "say", text, "-o", "say.wav", "--voice", voice, "--quiet"]
    subprocess.run(command, check=True, cwd=folder, env=os.environ | {"AUDIOPRESS_CACHE": str(folder / "cache")})


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """What a cache command reports as JSON."""
    assert main(["cache", *arguments, "--json"]) == 0
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return report


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.rglob("*") if path.is_file() and path.suffix not in {".wav", ".json"}}


def clips(cache: Path) -> int:
    return len(list((cache / "clips").rglob("*.wav")))


def test_info_tells_what_is_kept(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOPRESS_CACHE_SIZE", "500 MB")
    report = told(capsys, "info")
    kept = report["clips"]
    assert isinstance(kept, dict)
    size = sum(path.stat().st_size for path in (cache / "clips").rglob("*") if path.is_file())
    assert (kept["count"], kept["size"], kept["limit"], kept["in_use"]) == (4, size, 500_000_000, 0)
    assert kept["voices"]["tone"]["count"] == 3
    assert kept["voices"]["espeak"]["count"] == 1
    assert kept["oldest"] <= kept["newest"]
    assert report["models"] == [
        {"file": name, "size": 100, "used": report["models"][index]["used"], "current": name == current()}  # type: ignore[index]
        for index, name in enumerate(sorted((OLD_MODEL, current())))
    ]
    assert report["music"] == {"count": 1, "size": 1000}


def test_info_is_a_table_for_people(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "info"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == str(cache)
    assert "of 2.0 GB" in said
    assert f"{current()}, the one in use" in said
    assert f"{OLD_MODEL}, old" in said


def test_info_of_no_cache_is_empty_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOPRESS_CACHE", str(tmp_path / "none"))
    assert told(capsys, "info")["clips"] == {
        "count": 0,
        "size": 0,
        "limit": 2_000_000_000,
        "in_use": 0,
        "oldest": None,
        "newest": None,
        "voices": {},
    }
    assert told(capsys, "clear", "--all")["freed"] == 0
    assert not (tmp_path / "none").exists()


def test_clear_deletes_clips_and_nothing_else(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = names(cache)
    assert main(["cache", "clear"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Deleted 4 clips: ")
    assert said.endswith(" freed.\n")
    assert clips(cache) == 0
    assert names(cache) == before
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out == "Deleted nothing: 0 bytes freed.\n"


def test_clear_deletes_the_clips_of_one_voice(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "clear", "--voice", "tone")["clips"] == 3
    assert clips(cache) == 1
    assert main(["cache", "clear", "--voice", "nobody", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert clips(cache) == 1


def test_clear_old_deletes_models_that_are_not_in_use(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = told(capsys, "clear", "--old")
    assert (report["models"], report["clips"], report["freed"]) == (1, 0, 100)
    assert {path.name for path in cache.glob("kokoro*")} == {current(), current().replace(".onnx", ".json")}
    assert clips(cache) == 4


def test_clear_all_leaves_only_what_is_not_ours(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "clear", "--all"]) == 0
    assert capsys.readouterr().out.startswith("Deleted 4 clips, 2 converted models, 1 piece of music: ")
    assert [path.name for path in cache.rglob("*") if path.is_file()] == ["notes.txt"]


def test_clear_all_leaves_model_and_music_to_a_run_that_has_begun(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", PRODUCE, str(cache)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        report = told(capsys, "clear", "--all")
        assert (report["clips"], report["models"], report["music"], report["in_use"]) == (4, 1, 0, 2)
        assert (cache / "music" / MUSIC).is_file()
        process.communicate()
    report = told(capsys, "clear", "--all")
    assert (report["models"], report["music"], report["in_use"]) == (1, 1, 0)


def test_a_cache_that_cannot_be_emptied_says_what_to_do(
    read_only: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOPRESS_CACHE", str(read_only / "cache"))
    assert told(capsys, "info")["folder"] == str(read_only / "cache")
    assert main(["cache", "clear"]) == 1
    assert "cannot be emptied (Read-only file system)" in capsys.readouterr().err
