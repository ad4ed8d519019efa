"""The commands that look after a show, run as a user runs them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from audiopress.cli import main
from audiopress.cli.parser import parser
from audiopress.config import load_settings
from audiopress.settings import CHECKS
from audiopress.show_setup import QUESTIONS, settings_file

ARTICLE = """پل تازه شهر باز شد
شهردار روز شنبه پل تازه را باز کرد. هزینه آن ۱۲ میلیارد تومان بود.
پل چه کمکی می کند
به گفته او رفت و آمد در مرکز شهر ۳۰ درصد کوتاه تر می شود.
"""
FLAGS = {
    "--title": "خبر «روستا» \\ 1",
    "--description": "خبرهای هر روز.",
    "--author": "تحریریه",
    "--email": "a@example.org",
    "--base-url": "https://example.org/p",
    "--category": "daily news",
}


def said(*arguments: str | Path) -> int:
    return main([str(each) for each in arguments])


def init(folder: Path) -> int:
    return said("init", folder, *[word for pair in FLAGS.items() for word in pair], "--yes", "--quiet")


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A show with one episode, spoken in tones."""
    folder = tmp_path / "show"
    assert init(folder) == 0
    article = tmp_path / "bridge.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    assert said("produce", article, "--output", folder, "--voice", "tone", "--quiet") == 0
    return folder


def test_init_writes_what_the_flags_say(tmp_path: Path) -> None:
    assert init(tmp_path / "new" / "show") == 0
    settings = load_settings(tmp_path / "new" / "show", {})
    assert settings.show.title == FLAGS["--title"]
    assert (settings.show.email, settings.show.base_url) == ("a@example.org", "https://example.org/p")
    assert [path.name for path in (tmp_path / "new" / "show").iterdir()] == ["audiopress.toml"]


def test_init_offers_every_setting_and_each_can_be_set_as_it_stands_there() -> None:
    assert {question.key for question in QUESTIONS} == set(CHECKS)
    written = settings_file({})
    lines = [line.removeprefix("# ") for line in written.splitlines() if " = " in line]
    assert {line.partition(" = ")[0] for line in lines} == set(CHECKS)
    tomllib.loads("\n".join(lines))


@pytest.mark.parametrize(
    ("flag", "value", "complaint"),
    [
        ("--title", " ", "title is empty"),
        ("--email", "nobody", "must look like name@example.org"),
        ("--base-url", "example.org", "must look like https://"),
        ("--category", "Newz", "perhaps: 'News'"),
        ("--voice", "homa", "arash"),
        ("--language", "Persian", "must look like fa"),
    ],
)
def test_init_checks_each_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flag: str, value: str, complaint: str
) -> None:
    assert said("init", tmp_path / "show", flag, value, "--yes") == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "show").exists()


def test_init_does_not_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path) == 0
    before = (tmp_path / "audiopress.toml").read_bytes()
    assert init(tmp_path) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "audiopress.toml").read_bytes() == before


def test_init_without_a_terminal_says_what_to_give(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "audiopress", "init", str(tmp_path / "show")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"--yes" in done.stderr


def test_init_asks_until_an_answer_can_be(tmp_path: Path) -> None:
    answers = ["", "خبر روستا", "خبرهای هر روز", "تحریریه", "nobody", "a@example.org", "", "Newz", "daily news"]
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "audiopress", "init", str(tmp_path / "show")]
    child = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, close_fds=True)
    os.close(terminal)
    os.write(controller, "".join(f"{answer}\n" for answer in answers).encode())
    screen = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            data = os.read(controller, 65536)
        except OSError:  # Linux: the other side has closed
            break
        screen += data
    os.close(controller)
    assert child.wait(10) == 0, screen.decode(errors="replace")
    assert "title is empty" in screen.decode()
    assert "must look like name@example.org" in screen.decode()
    settings = load_settings(tmp_path / "show", {})
    assert (settings.show.title, settings.show.email) == ("خبر روستا", "a@example.org")
    assert settings.show.category == "daily news"


def test_a_show_is_listed_validated_and_refreshed(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said("episodes", "--output", show, "--json") == 0
    (episode,) = json.loads(capsys.readouterr().out)
    assert (episode["slug"], episode["voice"], len(episode["chapters"])) == ("bridge", "tone", 2)
    assert said("episodes", "--output", show) == 0
    assert "bridge" in capsys.readouterr().out
    assert said("validate", "--output", show, "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    feed = (show / "feed.xml").read_bytes()
    (show / "feed.xml").write_bytes(b"<rss>")
    assert said("validate", "--output", show) == 1
    assert "feed.xml" in capsys.readouterr().out
    assert said("refresh", "--output", show) == 0
    assert (show / "feed.xml").read_bytes() == feed


def test_another_title_in_the_settings_reaches_feed_and_cover(show: Path) -> None:
    (before,) = show.glob("cover-*.jpg")
    settings = show / "audiopress.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("روستا", "دهکده"), encoding="utf-8")
    assert said("refresh", "--output", show, "--quiet") == 0
    (after,) = show.glob("cover-*.jpg")
    assert after.name != before.name
    feed = (show / "feed.xml").read_text(encoding="utf-8")
    assert "دهکده" in feed
    assert f"https://example.org/p/{after.name}" in feed


def test_an_episode_is_deleted_and_the_feed_says_so(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said("delete", "bridgee", "--output", show) == 1
    assert "there is: bridge." in capsys.readouterr().err
    assert said("delete", "bridge", "--output", show) == 0
    assert "پل تازه شهر باز شد" in capsys.readouterr().out
    feed = (show / "feed.xml").read_text(encoding="utf-8")
    assert "<item>" not in feed
    assert "at:deleted-entry" in feed
    assert said("validate", "--output", show, "--json") in {0, 1}


@pytest.mark.parametrize("command", ["episodes", "refresh", "validate", "brief"])
def test_a_folder_that_is_no_show_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    status = said(command, "--output", tmp_path / "nowhere")
    captured = capsys.readouterr()
    assert status == (0 if command == "episodes" else 1)
    assert captured.err.count("\n") == status
    assert not (tmp_path / "nowhere").exists()


def test_a_brief_has_a_chapter_for_each_story(show: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "brief.m4a"
    assert said("brief", "--output", show, "--voice", "tone", "-o", path, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["title"].startswith("خلاصهٔ خبرهای خبر «روستا»")
    assert path.stat().st_size > 10_000


def test_public_needs_an_address(show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = show / "audiopress.toml"
    text = settings.read_text(encoding="utf-8").replace('base_url = "https://example.org/p"', 'base_url = ""')
    settings.write_text(text, encoding="utf-8")
    assert said("validate", "--output", show, "--public") == 1
    assert "Set base_url" in capsys.readouterr().err


def test_every_command_says_what_it_does() -> None:
    commands = next(action for action in parser()._actions if action.dest == "command").choices
    assert commands
    readme = Path("README.md").read_text(encoding="utf-8")
    for name in commands:
        assert f"audiopress {name}" in readme, name
