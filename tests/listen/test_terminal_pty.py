"""The player in a real pseudo-terminal: what is seen, what keys do, and that the terminal is given back as it was."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyte
import pytest
from terminal_program import make_show, tone

from audiopress.listen.positions import Position, load, update
from audiopress.listen.terminal.persian import european

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

PROGRAM = Path(__file__).with_name("terminal_program.py")
#: Signs without width; pyte takes them for the end of what can be printed, where terminals draw nothing.
MARKS = dict.fromkeys(map(ord, "\u200c\u200e\u200f"))
RIGHT, UP, DOWN = "\x1b[C", "\x1b[A", "\x1b[B"


class Screen(pyte.Screen):  # type: ignore[misc]
    """A screen that draws nothing for signs without width, and goes on."""

    def draw(self, data: str) -> None:
        super().draw(data.translate(MARKS))


class Terminal:
    """A pseudo-terminal with a program in it."""

    def __init__(self, *command: str, columns: int = 80, rows: int = 24, **environment: str) -> None:
        self.master, self.slave = pty.openpty()
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.resize(columns, rows)
        self.before = self.modes()
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        own = {"TERM": "xterm-256color", "AUDIOPRESS_BIDI": "terminal", "TAKE_TERMINAL": "yes"}
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            env={**inherited, **own, **environment},
        )

    def modes(self) -> list[Any]:
        return termios.tcgetattr(self.slave)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).translate(MARKS)

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, seconds: float = 0.05) -> None:
        if select.select([self.master], [], [], seconds)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            self.raw += data
            self.stream.feed(data)

    def until(self, condition: str | Callable[[], object], seconds: float = 20.0) -> None:
        """Read until a text is seen, or something is so."""
        deadline = time.monotonic() + seconds
        seen = (lambda: condition.translate(MARKS) in self.text) if isinstance(condition, str) else condition
        while not seen():
            assert time.monotonic() < deadline, f"{condition} is not seen:\n{self.text}"
            self.read()

    def end(self) -> int:
        """Wait for the program and return its exit code."""
        self.until(lambda: self.process.poll() is not None)
        self.read(0)
        return int(self.process.returncode)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor >= 0:
                os.close(descriptor)

    @property
    def position(self) -> int:
        """The time at the left end of the bar, in seconds."""
        match = re.search(r"^ *([۰-۹]+):([۰-۹]+) [━─╋]", self.text, re.MULTILINE)
        assert match, self.text
        return int(european(match[1])) * 60 + int(european(match[2]))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shows") / "show"
    make_show(folder, [40, 40])
    return folder


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def make(*arguments: object, columns: int = 80, rows: int = 24, **environment: str) -> Terminal:
        command = [sys.executable, str(PROGRAM), *map(str, arguments)]
        started.append(Terminal(*command, columns=columns, rows=rows, **environment))
        return started[-1]

    yield make
    for terminal in started:
        terminal.close()


def test_an_episode_is_heard_steered_and_gone_on_with(  # noqa: PLR0915 - one listener, step by step
    output: Path, start: Callable[..., Terminal]
) -> None:
    terminal = start(output)
    terminal.until("باران می‌بارد و رود پرآب است.")
    for text in ("خبر روستا", "خبر شمارهٔ ۱", "آغاز باران ◀ ۱", "خبر شمارهٔ ۲ بعدی:", "پخش ▶"):
        terminal.until(text)
    terminal.until(lambda: terminal.position >= 1)
    terminal.press("n")
    terminal.until("گرما و سرما ◀ ۲")
    assert terminal.position >= 12
    terminal.press("د")  # N on a Persian keyboard
    terminal.until("پایان کار ◀ ۳")
    terminal.press("g۲")
    terminal.until("گرما و سرما ◀ ۲")
    terminal.press(" ")
    terminal.until("مکث ❚❚")
    at = terminal.position
    terminal.press(RIGHT)
    terminal.until(lambda: terminal.position == at + 15)
    terminal.press("j")
    terminal.until(lambda: terminal.position == at)
    terminal.press("+++" + DOWN + DOWN)
    terminal.until("۹۰٪ صدا  ۱٫۳× سرعت")
    terminal.press("-" + UP)
    terminal.until("۹۵٪ صدا  ۱٫۲× سرعت")
    terminal.press("g7")
    terminal.until("فصل ۷ نیست؛ این قسمت ۳ فصل دارد.")
    terminal.press("?")
    terminal.until("خروج؛ دفعهٔ بعد از همین‌جا")
    terminal.press("\x1b")
    terminal.until("گرما و سرما ◀ ۲")
    terminal.press("s")
    terminal.until("خواب")
    terminal.until("۱۵:۰۰ خواب")
    terminal.press("ss")
    terminal.until("پایان فصل ۰:")
    terminal.press("sN")
    terminal.until("خبر شمارهٔ ۲")
    terminal.until("آغاز باران ◀ ۱")
    terminal.press("N")
    terminal.until("قسمت دیگری در صف نیست.")
    terminal.press("P")
    terminal.until("گرما و سرما ◀ ۲")
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.modes() == terminal.before
    assert terminal.raw.endswith(b"\x1b[?25h\x1b[?1049l")
    kept = load(output)["guid-a"]
    assert 9 < kept.seconds < 14
    assert not kept.played

    again = start(output)
    again.until(lambda: "پخش ▶" in again.text and again.position >= 6)
    assert again.position <= kept.seconds
    again.press("q")
    assert again.end() == 0


def test_sleep_at_double_speed_is_as_many_seconds_by_the_clock(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output, "--minutes", 0.025)
    terminal.until("پخش ▶")
    terminal.press("++++++++++")
    terminal.until("۲× سرعت")
    terminal.press("p")
    terminal.press("s")
    terminal.until("خواب")
    terminal.until("وقت خواب رسید و پخش ایستاد.")
    assert "مکث ❚❚" in terminal.text
    terminal.press("q")
    assert terminal.end() == 0
    assert 2.9 <= load(output)["guid-a"].seconds <= 4.5  # 1.5 s of 2 s each, and what passed between two keys


def test_a_new_size_is_a_new_screen(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output)
    terminal.until("پخش ▶")
    terminal.press(" ")
    terminal.until("مکث ❚❚")
    for columns, rows in ((40, 12), (200, 50), (20, 5), (80, 24)):
        terminal.screen.reset()
        terminal.resize(columns, rows)
        terminal.until("مکث ❚❚")
        # Lines reach from one margin to the other, and none is wider than the screen.
        terminal.until(lambda columns=columns: columns * 0.6 < max(map(len, terminal.text.splitlines())) <= columns)
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGQUIT, 131), (None, 130)])
def test_signals_end_it_in_order(
    output: Path, start: Callable[..., Terminal], number: signal.Signals | None, code: int
) -> None:
    terminal = start(output)
    terminal.until(lambda: "پخش ▶" in terminal.text and terminal.position >= 1)
    if number:
        terminal.process.send_signal(number)
    else:
        terminal.press("\x03")
    assert terminal.end() == code
    assert terminal.modes() == terminal.before
    assert terminal.raw.endswith(b"\x1b[?25h\x1b[?1049l")
    assert load(output)["guid-a"].seconds >= 1


def test_a_crash_gives_the_terminal_back_and_shows_itself(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output, "--crash", "باران", AUDIOPRESS_BIDI="program")
    assert terminal.end() == 1
    assert terminal.modes() == terminal.before
    assert b"\x1b[?1049l" in terminal.raw
    assert "RuntimeError: the bug that was asked for" in terminal.text


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the children")
def test_a_killed_player_leaves_no_child(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output)
    terminal.until("پخش ▶")
    (child,) = children(terminal.process.pid)
    assert "ffmpeg" in Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8")
    terminal.process.kill()
    terminal.process.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():  # b"": a zombie
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_lost_connection_ends_it_and_keeps_the_place(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output)
    terminal.until(lambda: "پخش ▶" in terminal.text and terminal.position >= 1)
    os.close(terminal.slave)
    os.close(terminal.master)
    terminal.master = terminal.slave = -1
    assert terminal.process.wait(10) == 129
    assert load(output)["guid-a"].seconds >= 1


def test_ctrl_z_and_fg(output: Path, start: Callable[..., Terminal], tmp_path: Path) -> None:
    script = tmp_path / "script"
    program = f"{sys.executable} {PROGRAM} {output}"
    script.write_text(f"set -m\n{program}\nstty -a\necho STOPPED $?\nfg\necho ENDED $?\n", encoding="utf-8")
    taking = "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execvp('bash', ['bash', sys.argv[1]])"
    terminal = Terminal(sys.executable, "-c", taking, str(script), TAKE_TERMINAL="")
    try:
        terminal.until("پخش ▶")
        terminal.press("\x1a")
        terminal.until(lambda: b"STOPPED" in terminal.raw)
        assert b" icanon" in terminal.raw
        assert re.search(rb"[^-]echo ", terminal.raw)
        terminal.until(lambda: terminal.raw.count(b"\x1b[?1049h") >= 2)
        terminal.until("پخش ▶")
        terminal.press("q")
        terminal.until("ENDED 0")
        assert terminal.end() == 0
        assert terminal.modes() == terminal.before
    finally:
        terminal.close()


def test_persian_is_shaped_for_terminals_that_do_not(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output, AUDIOPRESS_BIDI="program", NO_COLOR="1")
    terminal.until("ﺎﺘﺳﻭﺭ ﺮﺒﺧ")
    terminal.until("ﺧ")
    assert "خ" not in terminal.text
    terminal.press("q")
    assert terminal.end() == 0
    assert not re.search(rb"\x1b\[[0-9;]*(?:3|4|9|10)[0-7]m", terminal.raw)  # no colours


def test_a_dumb_terminal_gets_lines_and_its_keys_work(output: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(output, TERM="dumb")
    terminal.until("۱ از ۲ – خبر روستا: خبر شمارهٔ ۱ (۰:۴۰)")
    terminal.press("n")
    terminal.until("۰:۱۲ گرما و سرما")
    terminal.press("q")
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.raw


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)


def test_a_pipe_gets_lines_and_everything_unheard_is_played(tmp_path: Path, now: datetime) -> None:
    output = tmp_path / "show"
    make_show(output, [1.2, 30, 0.8], chapters=())
    update(output, {"guid-b": Position(30.0, played=True, at=now)})
    done = run(output)
    assert done.stdout.splitlines() == [
        "۱ از ۲ – خبر روستا: خبر شمارهٔ ۱ (۰:۰۱)",
        "۲ از ۲ – خبر روستا: خبر شمارهٔ ۳ (۰:۰۰)",
    ]
    assert (done.returncode, done.stderr) == (0, "")
    assert {guid: position.played for guid, position in load(output).items()} == dict.fromkeys(
        ("guid-a", "guid-b", "guid-c"), True
    )


@pytest.fixture
def now() -> datetime:
    from datetime import UTC, datetime  # noqa: PLC0415

    return datetime.now(UTC)


def test_announcements_are_heard_before_each_episode(tmp_path: Path) -> None:
    output = tmp_path / "show"
    make_show(output, [0.5, 0.5])
    tone(tmp_path / "said.wav", 0.7)
    began = time.monotonic()
    done = run(output, "--announce", tmp_path / "said.wav")
    assert done.returncode == 0
    assert time.monotonic() - began >= 2.4
    assert [position.seconds for position in load(output).values()] == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_broken_episode_is_passed_over(tmp_path: Path) -> None:
    output = tmp_path / "show"
    make_show(output, [0.5, 0.5], chapters=())
    (output / "episodes" / "a" / "a.mp3").write_text("damaged", encoding="utf-8")
    done = run(output)
    assert "یک قسمت پخش نشد؛ شاید فایل آن ناقص است." in done.stdout.splitlines()
    assert done.returncode == 0
    assert list(load(output)) == ["guid-b"]


def test_a_single_broken_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("damaged", encoding="utf-8")
    done = run(tmp_path, "--target", tmp_path / "a.mp3")
    assert done.returncode == 1
    assert (
        done.stderr
        == f"{tmp_path}/a.mp3 is no audio file that can be played; give an .mp3, .m4a, .opus or other sound.\n"
    )


def test_a_place_that_cannot_be_kept_is_one_sentence(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    tone(tmp_path / "a.mp3", 0.5)
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "file"))
    done = run(tmp_path, "--target", tmp_path / "a.mp3")
    assert done.returncode == 1
    assert done.stderr.endswith("name another folder in AUDIOPRESS_DATA.\n")
    assert "Traceback" not in done.stderr


def test_json_of_the_positions_is_what_the_server_reads(tmp_path: Path) -> None:
    output = tmp_path / "show"
    make_show(output, [0.4])
    run(output)
    (file,) = (tmp_path / "data" / "positions").glob("*.json")
    assert json.loads(file.read_bytes())["positions"]["guid-a"]["played"] is True
