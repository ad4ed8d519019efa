"""The command watch: when a bulletin is made, and two watches on one show."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from audiopress.cli import main
from audiopress.cli import watch as command
from audiopress.watch.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>خبر</title><item><title>باران در دشت</title><guid isPermaLink="false">1</guid>
<category>جامعه</category><content:encoded><![CDATA[
<p>از بامداد امروز باران در دشت باریده است و کشاورزان از آن خشنودند.</p>
<p>راه روستاها باز مانده و مدرسه‌ها کار می‌کنند.</p>]]></content:encoded></item></channel></rss>"""


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        data = RSS.encode() if self.path == "/rss" else b""
        self.send_response(200 if data else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def feed() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/rss"
        server.shutdown()


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOPRESS_CACHE", str(tmp_path / "cache"))


def arguments(feed: str, show: Path, *more: str) -> list[str]:
    return ["watch", feed, "--output", str(show), "--voice", "tone", "--allow-private", "--once", *more]


@pytest.mark.parametrize(
    ("hour", "minute", "come"), [(6, 59, ""), (7, 0, "yes"), (12, 59, "yes"), (13, 0, ""), (0, 0, "")]
)
def test_the_time_of_the_bulletin(hour: int, minute: int, come: str) -> None:
    assert command.is_time("07:00", datetime(2026, 11, 22, hour, minute, tzinfo=UTC)) is bool(come)


def test_looks_gather_and_the_command_line_makes_the_bulletin(
    feed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = tmp_path / "show"
    show.mkdir()
    (show / "audiopress.toml").write_text('watch = "bulletin"\n', encoding="utf-8")
    monkeypatch.setattr(command, "is_time", lambda _: False)
    assert main(arguments(feed, show, "--json")) == 0
    gathered = json.loads(capsys.readouterr().out)
    assert (gathered["stories"], gathered["episodes"]) == (1, [])
    assert main(arguments(feed, show, "--json", "--bulletin")) == 0
    assert [each["status"] for each in json.loads(capsys.readouterr().out)["episodes"]] == ["produced"]
    assert main(arguments(feed, show, "--json", "--bulletin")) == 0
    assert json.loads(capsys.readouterr().out)["episodes"] == []


def test_the_look_after_its_time_makes_the_bulletin(
    feed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = tmp_path / "show"
    show.mkdir()
    (show / "audiopress.toml").write_text('watch = "bulletin"\nbulletin_at = "05:30"\n', encoding="utf-8")
    monkeypatch.setattr(command, "is_time", lambda at: at == "05:30")
    assert main(arguments(feed, show, "--json")) == 0
    assert len(json.loads(capsys.readouterr().out)["episodes"]) == 1


def test_a_look_waits_for_the_one_before_and_then_says_so(
    feed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = tmp_path / "show"
    assert main(arguments(feed, show, "--quiet")) == 0
    (memory,) = (tmp_path / "data" / "watch").glob("*/watch.sqlite")
    monkeypatch.setattr(command, "PATIENCE", 0.2)
    with State(memory):
        assert main(arguments(feed, show)) == 1
        assert main([each for each in arguments(feed, show) if each != "--once"]) == 1
    told = capsys.readouterr().err
    assert "waiting for it to end" in told
    assert told.count("Another watch is at work on this show; wait until it has ended, or end it.") == 2
    monkeypatch.setattr(command, "PATIENCE", 60.0)
    hold = "import sys, time; from pathlib import Path; from audiopress.watch.state import State\n"
    hold += "state = State(Path(sys.argv[1])); print('held', flush=True); time.sleep(0.5)"
    other = subprocess.Popen([sys.executable, "-c", hold, str(memory)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    assert main(arguments(feed, show)) == 0
    other.communicate()
    summary = capsys.readouterr().out
    assert "0 feeds asked, 0 new stories: 0 episodes, 0 told already, 0 set aside." in summary
    assert f"{feed} is asked again at " in summary
