"""Episodes that are posted in a channel: a Bot API server of the tests' own on loopback."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stamina
from botserver import CHANNEL, TOKEN, BotServer
from showfolder import Listener

from audiopress.errors import PublishError
from audiopress.model import ChapterMark, Episode, Show
from audiopress.publish.targets import ChannelTarget
from audiopress.publish.telegram import send_episodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiopress.publish.plan import Report

SHOW = Show("خبر روستا", author="تحریریه")
#: Second half of a test that is killed: posts three episodes.
CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import test_telegram
test_telegram.Newsroom(Path(sys.argv[2]), sys.argv[3]).send()
"""


class Newsroom:
    """A show of three episodes, and what it takes to post it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.output, self.state = folder / "output", folder / "state"
        self.url = url
        self.token = TOKEN
        self.chat = CHANNEL
        self.listener = Listener()
        self.cuts: list[list[tuple[float, float]]] = []
        self.episodes = [self.episode(name, day) for name, day in (("river", 3), ("bridge", 1), ("school", 2))]

    def episode(self, slug: str, day: int, extension: str = "mp3") -> Episode:
        path = self.output / "episodes" / slug / f"{slug}.{extension}"
        if not path.exists():
            path.parent.mkdir(parents=True)
            path.write_bytes(slug.encode() * 1000)
        return Episode(
            slug=slug,
            guid=f"guid-{slug}",
            title=f"خبر {slug}",
            description=f"شرح {slug} 🎙",
            published=f"2026-01-0{day}T08:00:00+03:30",
            enclosure=f"episodes/{slug}/{slug}.{extension}",
            length=path.stat().st_size,
            seconds=600.0,
            voice="nasim",
            agency="",
            source="",
            image=f"episodes/{slug}/{slug}-0123abcd.jpg",
            chapters=(ChapterMark(0, f"خبر {slug}"), ChapterMark(60_000, "آب"), ChapterMark(180_000, "نان")),
        )

    def write(self, slug: str, data: bytes) -> None:
        (self.output / "episodes" / slug / f"{slug}.mp3").write_bytes(data)

    def cut(self, path: Path, bounds: Sequence[tuple[float, float]], folder: Path) -> tuple[Path, ...]:
        """Cut bytes in proportion to time, which is all that is asked of a cutter here."""
        self.cuts.append(list(bounds))
        data = path.read_bytes()
        parts = []
        for number, (start, stop) in enumerate(bounds, start=1):
            parts.append(folder / f"{path.stem}-{number}.mp3")
            parts[-1].write_bytes(data[round(start / 600 * len(data)) : round(stop / 600 * len(data))])
        return tuple(parts)

    def send(self, **options: Any) -> Report:
        target = ChannelTarget(self.chat, self.token, self.url)
        settings: dict[str, Any] = {"state": self.state, "thumbnail": lambda _: b"\xff\xd8jpeg", "cut": self.cut}
        return send_episodes(target, SHOW, self.episodes, self.output, self.listener, **(settings | options))


@pytest.fixture
def server() -> Iterator[BotServer]:
    server = BotServer()
    yield server
    server.close()


@pytest.fixture
def newsroom(server: BotServer, tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, server.url)


def titles(server: BotServer) -> list[str]:
    return [server.messages[number]["title"] for number in sorted(server.messages)]


def remembered(newsroom: Newsroom) -> dict[str, list[int]]:
    facts = json.loads((newsroom.state / "telegram-khabar.json").read_text(encoding="utf-8"))
    return {guid: [each["message"] for each in entry["posted"]] for guid, entry in facts["episodes"].items()}


def test_episodes_are_posted_as_music_oldest_first(server: BotServer, newsroom: Newsroom) -> None:
    report = newsroom.send()
    assert titles(server) == ["خبر bridge", "خبر school", "خبر river"]
    assert (report.sent, report.kept, report.bytes) == (3, 0, 17000)
    call = server.calls[0]
    assert (call.method, call.fields) == (
        "sendAudio",
        {
            "chat_id": "@khabar",
            "title": "خبر bridge",
            "performer": "تحریریه",
            "duration": "600",
            "caption": "خبر bridge\n\nشرح bridge 🎙",
        },
    )
    assert call.files == {
        "audio": ("bridge.mp3", "audio/mpeg", b"bridge" * 1000),
        "thumbnail": ("cover.jpg", "image/jpeg", b"\xff\xd8jpeg"),
    }
    assert remembered(newsroom) == {"guid-bridge": [101], "guid-school": [102], "guid-river": [103]}
    assert newsroom.listener.steps == [("send", "خبر bridge"), ("send", "خبر school"), ("send", "خبر river")]
    assert newsroom.listener.bytes == 17000


def test_a_second_run_posts_nothing(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    server.calls.clear()
    report = newsroom.send(delete=True, deleted=["guid-unknown"])
    assert (report.steps, report.kept, server.calls) == ((), 3, [])


def test_a_touched_file_is_looked_into_once(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    path = newsroom.output / "episodes" / "river" / "river.mp3"
    os.utime(path, (1, 1))
    server.calls.clear()
    assert newsroom.send().kept == 3
    assert server.calls == []
    assert '"mtime": 1000000000,' in (newsroom.state / "telegram-khabar.json").read_text(encoding="utf-8")


def test_a_changed_episode_is_changed_where_it_stands(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    newsroom.write("school", b"another voice")
    newsroom.episodes[0] = replace(newsroom.episodes[0], title="رود پرآب")
    server.calls.clear()
    report = newsroom.send()
    assert [(step.action, step.name) for step in report.steps] == [("replace", "خبر school"), ("replace", "رود پرآب")]
    assert server.methods == ["editMessageMedia", "editMessageMedia"]
    call = server.calls[0]
    assert call.fields["message_id"] == "102"
    assert call.media == {
        "type": "audio",
        "media": "attach://audio",
        "thumbnail": "attach://thumbnail",
        "title": "خبر school",
        "performer": "تحریریه",
        "duration": 600,
        "caption": "خبر school\n\nشرح school 🎙",
    }
    assert server.messages[102]["audio"] == b"another voice"
    assert titles(server) == ["خبر bridge", "خبر school", "رود پرآب"]
    assert newsroom.send().sent == 0


def test_a_message_that_was_deleted_by_hand_is_posted_anew(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    del server.messages[102]
    newsroom.write("school", b"another voice")
    newsroom.send()
    assert titles(server) == ["خبر bridge", "خبر river", "خبر school"]
    assert remembered(newsroom)["guid-school"] == [104]
    assert newsroom.send().steps == ()


def test_a_message_that_is_right_already_is_no_error(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    server.messages[103]["audio"] = b"another voice"  # as a run that was killed before it could remember left it
    newsroom.write("river", b"another voice")
    assert newsroom.send().sent == 1
    assert newsroom.send().sent == 0


def test_deleted_episodes_are_deleted_when_that_is_asked(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    gone = newsroom.episodes.pop()
    assert newsroom.send(deleted=[gone.guid]).removed == 0
    newsroom.listener.steps.clear()
    assert newsroom.send(deleted=[gone.guid], delete=True).removed == 1
    assert newsroom.listener.steps == [("remove", "خبر school")]
    assert titles(server) == ["خبر bridge", "خبر river"]
    assert "guid-school" not in remembered(newsroom)


def test_what_a_bot_cannot_delete_is_left_to_the_user(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    server.undeletable.add(102)
    del server.messages[103]
    del newsroom.episodes[2], newsroom.episodes[0]
    report = newsroom.send(deleted=["guid-school", "guid-river"], delete=True)
    assert report.notes == ("Message 102 (خبر school) is too old for a bot to delete; delete it by hand.",)
    assert remembered(newsroom) == {"guid-bridge": [101]}


def test_a_long_episode_is_posted_by_chapters(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.write("bridge", b"bridge" * 10_000)
    report = newsroom.send(limit=30_000)
    assert titles(server) == [
        "خبر bridge",
        "خبر bridge – آب",
        "خبر bridge – نان (۱ از ۲)",
        "خبر bridge – نان (۲ از ۲)",
        "خبر school",
        "خبر river",
    ]
    assert newsroom.cuts == [[(0.0, 60.0), (60.0, 180.0), (180.0, 390.0), (390.0, 600.0)]]
    assert b"".join(server.messages[number]["audio"] for number in range(101, 105)) == b"bridge" * 10_000
    assert [server.messages[number]["duration"] for number in range(101, 105)] == ["60", "120", "210", "210"]
    assert [server.messages[number]["caption"] for number in (101, 102)] == [
        "خبر bridge\n\nشرح bridge 🎙",
        "خبر bridge – آب",
    ]
    assert server.calls[1].files["audio"][:2] == ("bridge-2.mp3", "audio/mpeg")
    assert (report.sent, report.bytes) == (6, 60_000 + 11_000)
    assert newsroom.send(limit=30_000).sent == 0


def test_the_limit_is_that_of_the_server(
    server: BotServer, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (newsroom.output / "episodes" / "bridge" / "bridge.mp3").open("wb") as file:
        file.truncate(50_000_001)
    assert newsroom.send(dry_run=True).sent == 3  # a server of one's own takes 2 GB
    monkeypatch.setattr("audiopress.publish.targets.TELEGRAM", server.url)
    assert newsroom.send(dry_run=True).sent == 5


def test_another_number_of_parts_is_posted_anew_and_the_old_ones_go(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    newsroom.write("bridge", b"bridge" * 4_000)
    server.calls.clear()
    report = newsroom.send(limit=23_000)
    assert server.methods == ["sendAudio", "sendAudio", "sendAudio", "deleteMessage"]
    assert (report.sent, report.removed) == (3, 1)
    assert newsroom.listener.steps[-1] == ("remove", "خبر bridge")
    assert remembered(newsroom)["guid-bridge"] == [104, 105, 106]
    assert 101 not in server.messages
    assert newsroom.send(limit=23_000).steps == ()


def test_parts_that_stay_too_large_are_told(newsroom: Newsroom) -> None:
    newsroom.write("bridge", b"bridge" * 4_000)

    def cut(path: Path, bounds: Sequence[tuple[float, float]], folder: Path) -> tuple[Path, ...]:
        return (path,) * len(bounds)

    with pytest.raises(PublishError, match=r"«خبر bridge» cannot be cut into parts of 0\.023 MB.*lower bitrate"):
        newsroom.send(limit=23_000, cut=cut)


def test_killed_half_way_the_next_run_goes_on_at_the_message(
    server: BotServer, newsroom: Newsroom, tmp_path: Path
) -> None:
    newsroom.write("school", b"school" * 4_000)
    server.answers = ["", "", "rest"]
    command = [sys.executable, "-c", CHILD.replace("send()", "send(limit=23_000)")]
    process = subprocess.Popen([*command, str(Path(__file__).parent), str(tmp_path), server.url])
    assert server.stopped.wait(60)
    process.kill()
    process.wait()
    server.go_on.set()
    assert remembered(newsroom) == {"guid-bridge": [101], "guid-school": [102]}
    server.calls.clear()
    report = newsroom.send(limit=23_000)
    assert (report.sent, report.kept) == (3, 1)
    assert [call.fields["title"] for call in server.calls] == ["خبر school – آب", "خبر school – نان", "خبر river"]
    assert remembered(newsroom) == {"guid-bridge": [101], "guid-school": [102, 103, 104], "guid-river": [105]}


def test_an_interrupted_change_of_parts_leaves_no_old_message(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    newsroom.write("bridge", b"bridge" * 4_000)
    server.answers = ["", (400, "Bad Request: whatever", {})]
    with pytest.raises(PublishError, match="whatever"):
        newsroom.send(limit=23_000)
    assert 101 in server.messages
    assert newsroom.send(limit=23_000).sent == 2
    assert remembered(newsroom)["guid-bridge"] == [104, 105, 106]
    assert sorted(server.messages) == [102, 103, 104, 105, 106]


def test_a_dry_run_posts_and_remembers_nothing(server: BotServer, newsroom: Newsroom) -> None:
    report = newsroom.send(dry_run=True)
    assert (report.dry_run, report.sent, server.calls, newsroom.state.exists()) == (True, 3, [], False)
    assert newsroom.listener.steps[0] == ("send", "خبر bridge")


def test_a_pause_that_telegram_asks_for_is_kept(server: BotServer, newsroom: Newsroom) -> None:
    server.answers = [(429, "Too Many Requests: retry after 1", {"parameters": {"retry_after": 0.4}})]
    with stamina.set_testing(False):
        newsroom.send()
    assert len(server.calls) == 4
    assert server.calls[1].at - server.calls[0].at >= 0.4
    assert newsroom.listener.waits == [(0.4, "Telegram asks to wait 0.4 seconds; publish again then.")]
    assert newsroom.listener.bytes == 17000


def test_a_long_pause_is_left_to_the_next_run(server: BotServer, newsroom: Newsroom) -> None:
    server.answers = [(429, "Too Many Requests", {"parameters": {"retry_after": 3600}})]
    with pytest.raises(PublishError, match="Telegram asks to wait 3600 seconds; publish again then"):
        newsroom.send()
    assert (len(server.calls), newsroom.listener.waits) == (1, [])


@pytest.mark.parametrize("stumble", [(502, "Bad Gateway", {}), (500, "", {}), "reset"])
def test_what_passes_is_tried_again(server: BotServer, newsroom: Newsroom, stumble: Any) -> None:
    server.answers = [stumble, stumble]
    newsroom.send()
    assert len(server.calls) == 5
    assert titles(server) == ["خبر bridge", "خبر school", "خبر river"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((401, "Unauthorized", {}), "does not know the bot; copy its token from @BotFather"),
        ((404, "Not Found", {}), "does not know the bot; copy its token from @BotFather"),
        ((403, "Forbidden: bot is not a member of the channel chat", {}), "make it an administrator"),
        ((400, "Bad Request: need administrator rights in the channel chat", {}), "make it an administrator"),
        ((400, "Bad Request: chat not found", {}), "finds no channel @khabar; check its name"),
        ((413, "Request Entity Too Large", {}), "lower the bitrate"),
        ((400, f"Bad Request: strange {TOKEN}", {}), "refused what was posted in @khabar .*strange …"),
    ],
)
def test_refusals_say_what_to_do(server: BotServer, newsroom: Newsroom, answer: Any, sentence: str) -> None:
    server.answers = [answer]
    with pytest.raises(PublishError, match=sentence):
        newsroom.send()
    assert len(server.calls) == 1


@pytest.mark.parametrize("trouble", ["unauthorized", "reset", "nobody", "refused", "odd"])
def test_the_token_is_never_told(
    server: BotServer, newsroom: Newsroom, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    if trouble == "unauthorized":
        newsroom.token = TOKEN[:-1] + "x"
    elif trouble == "nobody":
        newsroom.url = "http://127.0.0.1:1"
    else:
        server.answers = [{"reset": "reset", "refused": (400, f"no {TOKEN}", {}), "odd": (500, "", {})}[trouble]] * 6
    with pytest.raises(PublishError) as told:
        newsroom.send()
    chain: list[BaseException] = []
    error: BaseException | None = told.value
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    requests = [str(each.request.url) for each in chain if hasattr(each, "request")]
    everything = "".join(traceback.format_exception(told.value)) + repr(chain) + caplog.text + "".join(requests)
    secret = newsroom.token.partition(":")[2]
    assert secret not in everything
    assert len(everything) > 500
    if trouble in {"reset", "nobody"}:
        assert requests[0].endswith("/sendAudio")
        assert "cannot be reached" in str(told.value)


def test_a_proxy_of_the_environment_is_used(
    server: BotServer, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(PublishError, match="cannot be reached"):
        newsroom.send()
    assert server.calls == []
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert newsroom.send().sent == 3


@pytest.mark.parametrize(
    ("proxy", "sentence"), [("socks5://127.0.0.1:1", r"pip install httpx\[socks\]"), ("gopher://x:secret@y", "correct")]
)
def test_a_proxy_that_cannot_be_used_is_told(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, proxy: str, sentence: str
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(PublishError, match=sentence) as told:
        newsroom.send()
    assert "secret" not in str(told.value)


def test_what_telegram_does_not_play_is_told_before_anything_is_posted(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.episodes.append(newsroom.episode("opus", 9, "opus"))
    with pytest.raises(PublishError, match=r"Telegram plays no \.opus, .* --format mp3"):
        newsroom.send()
    newsroom.episodes[-1] = newsroom.episode("m4a", 9, "m4a")
    with pytest.raises(PublishError, match=r"m4a\.m4a is too large .* --format mp3"):
        newsroom.send(limit=2000)
    newsroom.episodes[-1] = replace(newsroom.episodes[-1], enclosure="episodes/gone/gone.mp3")
    with pytest.raises(PublishError, match=r"gone\.mp3 is not there; make the episode anew"):
        newsroom.send()
    assert server.calls == []


def test_m4a_is_music_too(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.episodes = [newsroom.episode("m4a", 9, "m4a")]
    newsroom.send()
    assert server.calls[0].files["audio"][:2] == ("m4a.m4a", "audio/mp4")


@pytest.mark.parametrize("picture", [b"", b"x" * 200_001])
def test_without_a_thumbnail_that_fits_there_is_none(server: BotServer, newsroom: Newsroom, picture: bytes) -> None:
    newsroom.send(thumbnail=lambda _: picture)
    newsroom.write("river", b"another voice")
    newsroom.send(thumbnail=lambda _: picture)
    assert [set(call.files) for call in server.calls] == [{"audio"}] * 4
    assert "thumbnail" not in server.calls[-1].media


def test_odd_titles(server: BotServer, newsroom: Newsroom) -> None:
    title = 'خبر\u200cها\n"\x00\ud83d" \u2028<b> 🎙&'
    newsroom.episodes = [replace(newsroom.episodes[0], title=title, agency="تسنیم\r\n")]
    newsroom.send()
    assert (titles(server), server.messages[101]["performer"]) == (['خبر\u200cها "\ufffd" <b> 🎙&'], "تسنیم")
    assert newsroom.send().sent == 0


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 1}', '{"version": 1, "episodes": {"a": 1}}', "\xff"])
def test_a_damaged_state_is_told_and_kept(server: BotServer, newsroom: Newsroom, damage: str) -> None:
    newsroom.state.mkdir()
    path = newsroom.state / "telegram-khabar.json"
    path.write_text(damage, encoding="latin-1")
    with pytest.raises(PublishError, match=r"telegram-khabar\.json.*cannot be read; restore it"):
        newsroom.send()
    assert (server.calls, path.read_text(encoding="latin-1")) == ([], damage)


def test_a_state_of_a_later_version_is_told(newsroom: Newsroom) -> None:
    newsroom.state.mkdir()
    (newsroom.state / "telegram-khabar.json").write_text('{"version": 2}')
    with pytest.raises(PublishError, match="another version of audiopress"):
        newsroom.send()


def test_a_state_folder_in_the_way_is_told(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.state.write_bytes(b"")
    with pytest.raises(PublishError, match=r"state cannot be used .*must be remembered there"):
        newsroom.send()
    assert server.calls == []


def test_channels_have_states_of_their_own(server: BotServer, newsroom: Newsroom) -> None:
    newsroom.send()
    newsroom.chat = "@Khabar2"
    with pytest.raises(PublishError, match="finds no channel @Khabar2"):
        newsroom.send()
    newsroom.chat = CHANNEL
    assert newsroom.send().sent == 0
    assert stat.S_ISREG((newsroom.state / "telegram-khabar.json").stat().st_mode)
