"""What is heard and where it is: real files, ffmpeg, a clock in the sound card's place and miniaudio's null device."""

from __future__ import annotations

import subprocess
import sys
import time
import wave
from threading import Event
from typing import TYPE_CHECKING

import miniaudio
import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from terminal_program import tone

from audiopress.errors import AudioError
from audiopress.listen.terminal import devices
from audiopress.listen.terminal.devices import Clock, Program, SoundCard, open_device
from audiopress.listen.terminal.player import Player
from audiopress.listen.terminal.sound import RATE, Stream, length

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.listen.terminal.devices import Device

ENCODERS = {"mp3": ["-b:a", "96k"], "opus": ["-c:a", "libopus"], "m4a": ["-c:a", "aac"]}


@pytest.fixture(scope="module")
def beeps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute with a short beep at every full second, in each format; the folder they lie in."""
    folder = tmp_path_factory.mktemp("beeps")
    samples = np.zeros(60 * RATE, np.float32)
    beep = 0.5 * np.sin(2 * np.pi * 700 * np.arange(RATE // 20) / RATE)
    for second in range(60):
        samples[second * RATE : second * RATE + len(beep)] = beep
    with wave.open(str(folder / "beeps.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    for name, arguments in ENCODERS.items():
        command = [get_ffmpeg_exe(), "-v", "error", "-i", str(folder / "beeps.wav"), *arguments]
        subprocess.run([*command, str(folder / f"beeps.{name}")], check=True)
    return folder


@pytest.fixture
def player() -> Iterator[Player]:
    made = Player(Clock(), lambda: None)
    yield made
    made.close()


def first_beep(path: Path, start: float, speed: float) -> float:
    """Where in the file the first beep is heard, reckoned from the samples that come before it."""
    stream = Stream(path, start, speed)
    try:
        data = b""
        while len(data) < 2 * RATE * 2 and not stream.ended:
            stream.wait(1.0)
            data += stream.take(RATE)
        loud = np.abs(np.frombuffer(data, "<i2").astype(int)) > 2000
        assert loud.any()
        return start + float(np.argmax(loud)) / RATE * speed
    finally:
        stream.close()


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize(
    ("start", "speed", "off"), [(0.5, 1, 0.02), (40.25, 1, 0.02), (30.5, 2, 0.03), (30.5, 0.7, 0.03)]
)
def test_a_seek_is_exact_at_every_speed(beeps: Path, name: str, start: float, speed: float, off: float) -> None:
    """20 ms are a codec's own smear before an onset (measured: 0 to 17), and half a window of atempo (20 to 27)."""
    assert first_beep(beeps / f"beeps.{name}", start, speed) == pytest.approx(np.ceil(start), abs=off)


def test_the_whole_file_comes_to_its_length(beeps: Path) -> None:
    assert length(beeps / "beeps.wav") == 60.0
    assert length(beeps / "beeps.mp3") == pytest.approx(60.0, abs=0.05)


def test_what_is_no_sound_says_so(tmp_path: Path) -> None:
    (tmp_path / "a:b.mp3").write_text("no sound", encoding="utf-8")
    stream = Stream(tmp_path / "a:b.mp3", 0.0, 1.0)
    stream.wait(5.0)
    assert stream.ended
    assert stream.failed == "a:b.mp3 cannot be played; is it a complete audio file?"
    stream.close()
    assert length(tmp_path / "not there") == 0.0


def test_a_stream_decodes_no_more_than_two_seconds_ahead(beeps: Path) -> None:
    stream = Stream(beeps / "beeps.wav", 0.0, 1.0)
    deadline = time.monotonic() + 10
    while len(stream.take(0)) == 0 and stream._ready < 2 * RATE * 2 and time.monotonic() < deadline:
        stream.wait(0.01)
    assert 2 * RATE * 2 <= stream._ready < 2 * RATE * 2 + 8192
    stream.close()
    assert stream._child.returncode is not None


def until(condition: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.mark.parametrize("device", ["clock", "miniaudio"])
def test_position_follows_the_device_through_pause_seek_and_speed(beeps: Path, device: str) -> None:
    made: Device = Clock() if device == "clock" else SoundCard(miniaudio, "NULL")
    player = Player(made, lambda: None)
    try:
        player.load(beeps / "beeps.mp3", 10.0)
        assert (player.position, player.heard) == (10.0, 0.0)
        player.play()
        until(lambda: player.position > 10.2)
        player.pause()
        stopped, heard = player.position, player.heard
        assert stopped - 10.0 == pytest.approx(heard, abs=1e-6)
        time.sleep(0.15)  # longer than any device's store
        assert player.position == stopped
        player.set_speed(2.0)
        assert player.position == stopped
        player.play()
        until(lambda: player.heard - heard > 0.3)
        player.pause()
        assert player.position - stopped == pytest.approx(2 * (player.heard - heard), abs=1e-6)
        player.seek(50.5)
        assert player.position == 50.5
        player.seek(-3)
        assert player.position == 0.0
    finally:
        player.close()


def test_the_clock_keeps_time(beeps: Path, player: Player) -> None:
    player.load(beeps / "beeps.wav")
    began = time.monotonic()
    player.play()
    until(lambda: player.position >= 1.0)
    passed = time.monotonic() - began
    assert passed >= 1.0
    player.pause()
    assert player.position <= passed + 0.1


def test_the_end_is_told_once_and_is_the_files_end(beeps: Path) -> None:
    told: list[float] = []
    ended = Event()

    def tell() -> None:
        told.append(time.monotonic())
        ended.set()

    player = Player(Clock(), tell)
    player.load(beeps / "beeps.mp3", 59.8)
    player.play()
    assert ended.wait(10)
    assert player.over
    assert player.position == pytest.approx(60.0, abs=0.05)
    heard = player.heard
    time.sleep(0.1)  # silence is pulled, and does not count
    assert (player.heard, len(told)) == (heard, 1)
    player.close()


def test_volume_and_fade_change_the_samples(beeps: Path) -> None:
    player = Player(Clock(), lambda: None)
    peaks = []
    for volume, fade in ((100, 1.0), (50, 1.0), (100, 0.5), (0, 1.0)):
        player.load(beeps / "beeps.wav", 1.0)
        player.volume, player.fade = volume, fade
        peaks.append(int(np.abs(np.frombuffer(player._pull(RATE // 20), "<i2").astype(int)).max()))
    player.close()
    assert peaks[0] == pytest.approx(16383, abs=2)
    assert peaks[1:] == pytest.approx([16383 / 4, 16383 / 2, 0], abs=2)


def test_a_pull_is_always_answered_in_full() -> None:
    player = Player(Clock(), lambda: None)
    assert player._pull(480) == bytes(960)
    player.close()


def test_no_sound_device_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_BACKENDS", {})
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AudioError) as caught:
        open_device()
    assert str(caught.value) == (
        "There is no sound device here; run audiopress serve and listen in a browser, "
        "or try everything but the sound with --device null."
    )


def test_a_device_of_another_name_is_one_sentence() -> None:
    with pytest.raises(AudioError, match=r"^There is no sound device called 'hw:7'; leave --device out"):
        open_device("hw:7")


def test_a_missing_backend_is_passed_over_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """ALSA tells the terminal what it does not find; the screen must stay clean."""
    device = devices._sound_card()
    if device:
        device.close()
    assert capfd.readouterr().err == ""


def test_without_miniaudio_a_program_of_the_system_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program stands in for aplay: it reads samples as a sound card would, at their rate."""
    program = tmp_path / "aplay"
    program.write_text(
        f"#!{sys.executable}\nimport os, time\nwhile os.read(0, 4800):\n    time.sleep(0.04)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    device = open_device()
    assert isinstance(device, Program)
    assert device.name == "aplay"
    tone(tmp_path / "a.mp3", 5)
    player = Player(device, lambda: None)
    player.load(tmp_path / "a.mp3")
    player.play()
    until(lambda: player.position > 0.2)
    child = device._child
    assert child is not None
    player.pause()
    assert child.returncode is not None
    stopped = player.position
    player.play()
    until(lambda: player.position > stopped)
    player.close()
    assert stopped < 5


def test_a_program_that_finds_no_device_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in (("pacat", 1), ("aplay", 1)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices._program() is None
