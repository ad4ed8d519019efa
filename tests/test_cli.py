"""The command line, run as a user runs it: arguments in, text and an exit code out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiopress.cli import main
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARTICLE = """پل تازه شهر باز شد
شهردار روز شنبه پل تازه را باز کرد. هزینه آن ۱۲ میلیارد تومان بود.
پل چه کمکی می کند
به گفته او رفت و آمد در مرکز شهر ۳۰ درصد کوتاه تر می شود. اتوبوس ها هم از این پل می گذرند و راه مدرسه نزدیک تر شده است.
دیدگاه تان را بنویسید
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def feed_stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[bytes], None]]:
    """Puts bytes on standard input."""
    with ExitStack() as opened:

        def feed(data: bytes) -> None:
            path = tmp_path / "stdin"
            path.write_bytes(data)
            monkeypatch.setattr(sys, "stdin", opened.enter_context(path.open(encoding="utf-8")))

        yield feed


def run(*arguments: str | Path, stdin: bytes = b"", **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "audiopress", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(command in said for command in ("produce", "script", "text", "say", "voices", "doctor"))


def test_every_command_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    texts = ("text spacing", "text normalize", "text phonemize", "text vocalize")
    lexicon = ("lexicon add", "lexicon remove", "lexicon list", "lexicon check")
    for command in ("produce", "script", *texts, *lexicon, "say", "voices", "doctor"):
        assert f"audiopress {command}" in readme


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "produce" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("audiopress 0.")


def test_script_as_json(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["script", str(article), "--json"]) == 0
    script = json.loads(capsys.readouterr().out)
    assert list(script) == ["title", "source", "origin", "segments", "dropped"]
    assert script["title"] == "پل تازه شهر باز شد"
    assert [segment["kind"] for segment in script["segments"]] == ["title", "lead", "section"]
    section = script["segments"][2]
    assert (section["heading"], section["heading_line"]) == ("پل چه کمکی می کند", 3)
    assert [utterance["line"] for utterance in section["utterances"]] == [3, 4, 4]
    assert section["utterances"][0] == {
        "written": "پل چه کمکی می کند",
        "spoken": "پل چه کمکی می‌کند",
        "phonemes": "pol tʃe komæki mikonæd",
        "doubts": [],
        "line": 3,
        "boundary": "heading",
    }
    assert script["dropped"] == [{"line": 5, "text": "دیدگاه تان را بنویسید", "why": script["dropped"][0]["why"]}]
    assert "درصد" in section["utterances"][1]["spoken"]


def test_script_as_a_table(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["script", str(article)]) == 0
    said = capsys.readouterr().out
    assert "mikonæd" in said
    assert "دیدگاه تان را بنویسید" in said


@pytest.mark.parametrize(
    ("stage", "line", "answer"),
    [
        ("spacing", "همکاری های منطقه ای", "همکاری‌های منطقه‌ای"),
        ("normalize", "۳ نفر آمدند", "سه نفر آمدند"),
        ("phonemize", "کتاب من", "ketɒbe mæn"),
    ],
)
def test_filters_give_a_line_for_a_line(
    stage: str,
    line: str,
    answer: str,
    feed_stdin: Callable[[bytes], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    feed_stdin(f"{line}\r\n\n{line}\u2028{line}\n{line}".encode())
    assert main(["text", stage]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 5
    assert (lines[0], lines[1], lines[3], lines[4]) == (answer, "", answer, "")
    assert lines[2].startswith(answer)


def test_a_filter_stops_when_its_reader_does() -> None:
    done = subprocess.run(  # noqa: S602 - the pipe is what is tested
        f"yes سلام | head -20000 | {sys.executable} -m audiopress text spacing | head -1",
        shell=True,
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode() == "سلام\n"
    assert done.stderr == b""


def test_produce_reports_as_json(article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["produce", str(article), "--voice", "tone", "--output", str(tmp_path / "out"), "--json"]
    assert main(arguments) == 0
    episode = json.loads(capsys.readouterr().out)["episodes"][0]
    assert (episode["status"], episode["slug"], episode["utterances"]) == ("produced", "bridge", 6)
    assert Path(episode["path"]).is_file()
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["episodes"][0]["status"] == "unchanged"


def test_produce_says_nothing_when_quiet(article: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["produce", str(article), "--voice", "tone", "--output", str(tmp_path / "out"), "--quiet"]) == 0
    assert capfd.readouterr() == ("", "")


def test_a_dry_run_writes_nothing(article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    assert main(["produce", str(article), "--dry-run", "--json", "--output", str(output)]) == 0
    episode = json.loads(capsys.readouterr().out)["episodes"][0]
    assert 10 < episode["seconds"] < 60
    assert not output.exists()


def test_one_bad_article_does_not_stop_the_others(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").touch()
    output = tmp_path / "out"
    code = main(["produce", str(tmp_path / "empty.txt"), str(article), "--voice", "tone", "--output", str(output)])
    said = capsys.readouterr()
    assert code == 1
    assert said.err.count("\n") == 1
    assert "empty.txt" in said.err
    assert (output / "episodes" / "bridge" / "bridge.mp3").is_file()


BAD: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "no file"),
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n", "empty"),
    "binary": (bytes(range(256)) * 40, "text"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(500), "PNG"),
    "english": (b"There is nothing in Persian here.\n", "Persian"),
    "stars": ("★★★\n***\n".encode(), "Persian"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_gets_one_sentence_and_leaves_no_trace(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, complaint = BAD[name]
    path = tmp_path / f"{name}.txt"
    if data is not None:
        path.write_bytes(data)
    output = tmp_path / "out"
    assert main(["produce", str(path), "--voice", "tone", "--output", str(output)]) == 1
    said = capsys.readouterr()
    assert complaint in said.err
    assert said.err.startswith("audiopress: ")
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert not output.exists()


def test_an_unknown_voice_lists_those_that_exist(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["produce", str(article), "--voice", "homa"]) == 1
    assert "arash" in capsys.readouterr().err


@pytest.mark.parametrize("obstacle", ["file", "in the way"])
def test_an_unwritable_output_is_told(
    obstacle: str, article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    if obstacle == "file":
        output.write_text("not a folder")
    else:
        output.mkdir()
        (output / "episodes").write_text("not a folder")
    assert main(["produce", str(article), "--voice", "tone", "--output", str(output)]) == 1
    assert "--output" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="root may write anywhere")
def test_a_read_only_folder_is_told(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["produce", str(article), "--voice", "tone", "--output", "/proc/audiopress"]) == 1
    assert "--output" in capsys.readouterr().err


def test_a_full_disk_is_told_and_leaves_the_output_as_it_was(article: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert run("produce", article, "--voice", "tone", "--output", output, "--quiet").returncode == 0
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    article.write_text(ARTICLE + "جمله‌ای تازه به خبر افزوده شد.\n", encoding="utf-8")
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000)); import signal; "
    limit += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from audiopress.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", limit, "produce", str(article), "--voice", "tone", "--output", str(output)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


def test_killed_half_way_it_goes_on_from_its_clips(article: Path, tmp_path: Path) -> None:
    lines = [f"جمله شماره {number} از این گزارش بلند درباره روستا." for number in range(150)]
    article.write_text("گزارش بلند روستا\n" + "\n".join(lines), encoding="utf-8")
    cache, output = tmp_path / "cache", tmp_path / "out"
    command = ["produce", str(article), "--voice", "tone", "--output", str(output), "--json"]
    environment = os.environ | {"AUDIOPRESS_CACHE": str(cache)}
    process = subprocess.Popen([sys.executable, "-m", "audiopress", *command], env=environment)
    deadline = time.monotonic() + 60
    while sum(1 for _ in cache.rglob("*.json")) < 50 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    made = sum(1 for _ in cache.rglob("*.json"))
    assert 50 <= made < 151
    assert not (output / "feed.xml").exists()
    done = run(*command, env=environment)
    episode = json.loads(done.stdout)["episodes"][0]
    assert episode["utterances"] - episode["spoken_now"] >= made
    assert sorted(path.name for path in (output / "episodes").iterdir()) == ["bridge"]


def test_ctrl_c_leaves_with_130(article: Path, tmp_path: Path) -> None:
    lines = [f"جمله شماره {number} از این گزارش بلند درباره شهر." for number in range(300)]
    article.write_text("گزارش بلند شهر\n" + "\n".join(lines), encoding="utf-8")
    cache, output = tmp_path / "cache", tmp_path / "out"
    command = [sys.executable, "-m", "audiopress", "produce", str(article), "--voice", "tone", "--output", str(output)]
    process = subprocess.Popen(
        command,
        env=os.environ | {"AUDIOPRESS_CACHE": str(cache)},
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - see below
    )  # a runner started in the background ignores Ctrl-C, and so would its children
    deadline = time.monotonic() + 60
    while sum(1 for _ in cache.rglob("*.json")) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert said.decode().count("\n") == 1
    assert not output.exists()


def test_two_at_once_make_one_feed(tmp_path: Path) -> None:
    commands = []
    for name in ("east", "west"):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"{ARTICLE}خبر {name} پایان یافت.\n", encoding="utf-8")
        commands.append(["produce", str(path), "--voice", "tone", "--output", str(tmp_path / "out"), "--quiet"])
    running = [subprocess.Popen([sys.executable, "-m", "audiopress", *command]) for command in commands]
    assert [process.wait() for process in running] == [0, 0]
    feed = (tmp_path / "out" / "feed.xml").read_text(encoding="utf-8")
    assert feed.count("<item>") == 2


def test_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(all_voices())
    embedded = [row for row in rows if not (voice := all_voices()[row["name"]]).downloads and not voice.online]
    assert len(embedded) >= 4
    assert all(row["state"] == "installed" for row in embedded)
    assert main(["voices"]) == 0
    assert "Apache-2.0" in capsys.readouterr().out


def test_doctor_finds_this_machine_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert {"Python", "cache", "disk", "ffmpeg", "voice arash", "voice espeak"} <= set(checks)
    assert all(check["ok"] for check in checks.values())


@pytest.mark.parametrize("suffix", ["mp3", "wav"])
def test_say_writes_a_file(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"hello.{suffix}"
    assert main(["say", "سلام. صبح به‌خیر.", "--voice", "tone", "-o", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["utterances"] == 2
    assert path.stat().st_size > 5000


def test_say_refuses_what_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", "سلام", "--voice", "tone", "-o", str(tmp_path / "a.ogg")]) == 1
    assert ".wav, .mp3, .m4a or .opus" in capsys.readouterr().err
    assert main(["say", "...", "--voice", "tone", "-o", str(tmp_path / "a.mp3")]) == 1
    assert "Persian" in capsys.readouterr().err


def test_persian_is_printed_in_any_locale(article: Path) -> None:
    done = run("script", article, env=os.environ | {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert "پل" in done.stdout.decode()
