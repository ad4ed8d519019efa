"""The commands for listeners, run as a listener runs them."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

from audiopress.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = """پل تازه شهر باز شد
شهردار روز شنبه پل تازه را باز کرد. هزینه آن ۱۲ میلیارد تومان بود.
پل چه کمکی می کند
به گفته او رفت و آمد در مرکز شهر ۳۰ درصد کوتاه تر می شود.
"""


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A show with two episodes, spoken in tones."""
    for name in ("bridge", "road"):
        article = tmp_path / f"{name}.txt"
        article.write_text(ARTICLE.replace("پل", "راه" if name == "road" else "پل"), encoding="utf-8")
    sources = [str(path) for path in sorted(tmp_path.glob("*.txt"))]
    assert main(["produce", *sources, "--output", str(tmp_path / "show"), "--voice", "tone", "--quiet"]) == 0
    return tmp_path / "show"


def in_terminal(*arguments: str, keys: bytes, until: bytes) -> tuple[int, bytes]:
    """Run a command in a real pseudo-terminal, press keys once something is seen; return exit code and screen."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "AUDIOPRESS_BIDI": "terminal", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "audiopress", *arguments]
    child = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - it gets the terminal for its own
    )
    os.close(terminal)
    seen, pressed = b"", False
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([controller], [], [], 0.1)[0]:
            try:
                seen += os.read(controller, 65536)
            except OSError:  # the other side has closed
                break
        if until in seen and not pressed:
            os.write(controller, keys)
            pressed = True
    os.close(controller)
    return child.wait(30), seen


@pytest.mark.parametrize("more", [(), ("--announce", "--voice", "tone")])
def test_a_show_is_heard_in_the_terminal(show: Path, more: tuple[str, ...]) -> None:
    arguments = ("listen", "--output", str(show), "--device", "null", *more)
    code, seen = in_terminal(*arguments, keys=b"q", until="پل تازه شهر باز شد".encode())
    assert code == 0
    assert b"\x1b[?1049l" in seen  # the terminal's own screen is back


def test_without_a_sound_device_one_sentence_says_what_to_do(show: Path) -> None:
    environment = {**os.environ, "ALSA_CONFIG_PATH": "/dev/null", "PULSE_SERVER": "none"}
    command = [sys.executable, "-m", "audiopress", "listen", "--output", str(show)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
    if done.returncode == 0:
        pytest.skip("this machine has a sound device")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"audiopress serve" in done.stderr


def test_what_is_not_there_is_said(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["listen", "nothing", "--output", str(show), "--device", "null"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_playlist_lies_beside_the_feed_or_where_it_is_wanted(
    show: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["playlist", "--output", str(show), "--json"]) == 0
    assert "show.m3u8" in capsys.readouterr().out
    inside = (show / "show.m3u8").read_text(encoding="utf-8").splitlines()
    assert inside[0] == "#EXTM3U"
    assert "episodes/bridge/bridge.mp3" in inside
    assert main(["playlist", "--output", str(show), "-o", str(tmp_path / "car.m3u8"), "--quiet"]) == 0
    outside = (tmp_path / "car.m3u8").read_text(encoding="utf-8").splitlines()
    assert (show / "episodes/bridge/bridge.mp3").as_uri() in outside
    assert main(["playlist", "--output", str(tmp_path / "none")]) == 1
