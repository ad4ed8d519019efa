"""What a server makes of a show: one that serves it as it should, and those that do not."""

from __future__ import annotations

import re
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_show import SHOW, make_show, refresh, replace_in

from audiopress.media import media_type
from audiopress.podcast.validate import validate
from audiopress.podcast.validation.public import ADDRESS, PUBLISH, SERVER, Limits, check_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiopress.podcast.validation.finding import Finding

LIMITS = Limits(bytes=1024 * 1024)
#: A silent server is given up soon.
IMPATIENT = replace(LIMITS, seconds=0.5, whole=0.5)
#: A port on which nobody listens (RFC 1700: discard).
CLOSED = "http://127.0.0.1:9"


class Server(ThreadingHTTPServer):
    """Serves a folder as a good host does, but for what a test tells it to do otherwise."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.spoilt: list[tuple[str, Callable[[Handler], bool]]] = []
        self.asked: list[str] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spoil(self, ending: str, way: Callable[[Handler], bool]) -> None:
        """Answer what ends so in another way; a way says whether it has answered."""
        self.spoilt.append((ending, way))


class Handler(BaseHTTPRequestHandler):
    server: Server
    #: Headers that a spoiler changes; None leaves one out.
    changes: dict[str, str | None]
    ranges = True

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self) -> None:
        self.changes = {}
        self.server.asked.append(f"{self.command} {self.path}")
        for ending, way in self.server.spoilt:
            if self.path.endswith(ending) and way(self):
                return
        path = self.server.folder / self.path.removeprefix("/p/")
        if not self.path.startswith("/p/") or not path.is_file():
            self.reply(404, b"")
            return
        data = path.read_bytes()
        kind = media_type(path.name)
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if part and self.ranges:
            first, last = int(part[1]), int(part[2])
            ending = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            self.reply(206, data[first : last + 1], kind, **ending)
        else:
            self.reply(200, data, kind)

    def reply(self, status: int, data: bytes, kind: str = "", **more: str) -> None:
        headers: dict[str, str | None] = {"Content-Length": str(len(data)), "Content-Type": kind or None, **more}
        headers |= {"Accept-Ranges": "bytes", "Access-Control-Allow-Origin": "*"} | self.changes
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("template")
    make_show(output)
    return output


@pytest.fixture
def server(template: Path, tmp_path: Path) -> Iterator[Server]:
    output = Path(shutil.copytree(template, tmp_path / "output"))
    with Server(output) as found:
        refresh(output, replace(SHOW, base_url=f"{found.address}/p"))
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        found.over.set()
        found.shutdown()
        thread.join()


def checked(server: Server, path: str = "/p", limits: Limits = LIMITS) -> list[Finding]:
    """What is found, but for what a test cannot have: https."""
    found = check_public(server.address + path, server.folder / "feed.xml", limits)
    return [finding for finding in found if finding.what != "The feed's address is not https, which Apple asks for."]


def test_a_good_server_leaves_https_to_wish_for(server: Server) -> None:
    found = validate(server.folder, show=replace(SHOW, base_url=f"{server.address}/p"), public=f"{server.address}/p")
    assert [(finding.level, finding.where, finding.what) for finding in found] == [
        ("error", "feed.xml", f"The show's address, {server.address}/p/, is not https, which Apple asks for."),
        ("error", f"{server.address}/p/feed.xml", "The feed's address is not https, which Apple asks for."),
    ]


def test_everything_that_players_ask_for_is_asked_for(server: Server) -> None:
    assert checked(server, "/p/feed.xml") == []
    assert server.asked[0] == "GET /p/feed.xml"
    pictures = sorted(server.folder.glob("**/*.jpg"))
    expected = {"GET /p/feed.xml"} | {f"HEAD /p/{path.relative_to(server.folder)}" for path in pictures}
    for slug, extension in (("a", "mp3"), ("b", "opus"), ("c", "m4a")):
        expected |= {f"{way} /p/episodes/{slug}/{slug}.{extension}" for way in ("HEAD", "GET")}
        endings = ("vtt", "srt", "words.json", "html", "chapters.json")
        expected |= {f"HEAD /p/episodes/{slug}/{slug}.{ending}" for ending in endings}
    assert set(server.asked) == expected
    assert len(server.asked) == len(expected)


def test_of_a_long_show_only_the_newest_are_asked_for(server: Server) -> None:
    assert checked(server, limits=replace(LIMITS, newest=1)) == []
    assert {path.split("/")[3] for path in server.asked if "/episodes/" in path} == {"c"}


def change(**headers: str | None) -> Callable[[Handler], bool]:
    """Change headers: ``change(Content_Type=None)`` leaves one out."""

    def way(handler: Handler) -> bool:
        handler.changes |= {name.replace("_", "-"): value for name, value in headers.items()}
        return False

    return way


def status(number: int) -> Callable[[Handler], bool]:
    def way(handler: Handler) -> bool:
        handler.reply(number, b"")
        return True

    return way


def lead_to(target: str, only: str = "") -> Callable[[Handler], bool]:
    def way(handler: Handler) -> bool:
        if only and not handler.path.endswith(only):
            return False
        handler.changes["Location"] = target
        handler.reply(302, b"")
        return True

    return way


def no_ranges(handler: Handler) -> bool:
    handler.ranges = False
    return False


def other_range(handler: Handler) -> bool:
    if handler.headers.get("Range"):
        handler.changes["Content-Range"] = "bytes 0-9/10"
    return False


def no_parts_at_all(handler: Handler) -> bool:
    if not handler.headers.get("Range"):
        return False
    handler.reply(416, b"")
    return True


def close_early(handler: Handler) -> bool:
    handler.close_connection = True
    return True


def half(handler: Handler) -> bool:
    """Promise more than is sent."""
    data = (handler.server.folder / "feed.xml").read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True
    return True


def silent(handler: Handler) -> bool:
    handler.server.over.wait(10)
    handler.close_connection = True
    return True


def drip(handler: Handler) -> bool:
    """Send a byte now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b" ")
    except OSError:
        pass
    handler.close_connection = True
    return True


def flood(handler: Handler) -> bool:
    """Send without end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/rss+xml")
    handler.end_headers()
    try:
        while not handler.server.over.is_set():
            handler.wfile.write(bytes(65536))
    except OSError:
        pass
    handler.close_connection = True
    return True


def gibberish(handler: Handler) -> bool:
    handler.wfile.write(b"\0\1\2 what?\r\n\r\n")
    handler.close_connection = True
    return True


WAYS: list[tuple[str, str, Callable[[Handler], bool], tuple[tuple[str, str, str], ...]]] = [
    ("feed as text", "feed.xml", change(Content_Type="text/plain"), (("error", "is served as «text/plain»", SERVER),)),
    ("feed as xml", "feed.xml", change(Content_Type="text/xml; charset=utf-8"), ()),
    ("feed as nothing", "feed.xml", change(Content_Type=None), (("error", "is served as «»", SERVER),)),
    ("feed gone", "feed.xml", status(404), (("error", "answers 404 for the feed", PUBLISH),)),
    ("feed forbidden", "feed.xml", status(403), (("error", "answers 403 for the feed", SERVER),)),
    ("server broken", "feed.xml", status(500), (("error", "answers 500 for the feed", SERVER),)),
    ("feed closed early", "feed.xml", close_early, (("error", "The feed cannot be reached", ADDRESS),)),
    ("half a feed", "feed.xml", half, (("error", "The feed cannot be reached", ADDRESS),)),
    ("silent", "feed.xml", silent, (("error", "The feed does not answer within 0.5 seconds", ADDRESS),)),
    ("drip", "feed.xml", drip, (("error", "The feed takes longer than 0.5 seconds", ADDRESS),)),
    ("gibberish", "feed.xml", gibberish, (("error", "The feed cannot be reached", ADDRESS),)),
    (
        "flood",
        "feed.xml",
        flood,
        (("error", "not the one in the folder", PUBLISH), ("error", "no well-formed XML", "Run audiopress produce")),
    ),
    (
        "redirect loop",
        "feed.xml",
        lead_to("/p/feed.xml"),
        (("error", "The feed leads from one address to the next, more than 5 times", ADDRESS),),
    ),
    ("redirect to nowhere", "feed.xml", lead_to("http://[/"), (("error", "The feed cannot be reached", ADDRESS),)),
    ("redirect to a file", "feed.xml", lead_to("file:///etc/passwd"), (("error", "cannot be reached", ADDRESS),)),
    (
        "sound leads to nothing",
        "c.m4a",
        lead_to("/p/episodes/c/c.m4a?x", only="c.m4a"),
        (("error", "answers 404 for the sound of", PUBLISH),),
    ),
    ("sound gone", "c.m4a", status(404), (("error", "answers 404 for the sound of «باران و گرما، روز ۳»", PUBLISH),)),
    ("sound not to be asked", "c.m4a", status(405), (("error", "answers 405 for the sound", SERVER),)),
    (
        "sound as bytes",
        "c.m4a",
        change(Content_Type="application/octet-stream"),
        (("error", "must be audio/mp4", SERVER),),
    ),
    (
        "other length",
        "a.mp3",
        change(Content_Length="7"),
        (("error", "says 7 bytes of the sound", PUBLISH), ("error", "", SERVER)),
    ),
    ("no length", "a.mp3", change(Content_Length=None), (("error", "says no length of the sound", SERVER),)),
    (
        "no ranges",
        "a.mp3",
        no_ranges,
        (("error", "does not give parts of the sound of «باران و گرما، روز ۱» (it answers 200)", SERVER),),
    ),
    ("ranges refused", "a.mp3", no_parts_at_all, (("error", "(it answers 416)", SERVER),)),
    ("other ranges", "a.mp3", other_range, (("error", "gives another part", SERVER),)),
    ("ranges in silence", "a.mp3", change(Accept_Ranges=None), (("warning", "(Accept-Ranges: bytes)", SERVER),)),
    ("silent sound", "b.opus", silent, (("error", "does not answer within 0.5 seconds", ADDRESS),)),
    ("closed sound", "b.opus", close_early, (("error", "cannot be reached", ADDRESS),)),
    (
        "no CORS",
        ".vtt",
        change(Access_Control_Allow_Origin=None),
        (("warning", "Access-Control-Allow-Origin", SERVER),),
    ),
    (
        "other CORS",
        "b.chapters.json",
        change(Access_Control_Allow_Origin="https://example.net"),
        (("warning", "may not read the chapters", SERVER),),
    ),
    ("chapters as JSON", ".chapters.json", change(Content_Type="application/json"), ()),
    (
        "transcript as bytes",
        "b.srt",
        change(Content_Type="application/octet-stream"),
        (("warning", "must be application/x-subrip", SERVER),),
    ),
    ("covers gone", ".jpg", status(410), (("error", "answers 410 for the cover", PUBLISH),)),
]


@pytest.mark.parametrize(("ending", "way", "expected"), [each[1:] for each in WAYS], ids=[each[0] for each in WAYS])
def test_what_a_server_does_wrongly_is_found(
    server: Server, ending: str, way: Callable[[Handler], bool], expected: tuple[tuple[str, str, str], ...]
) -> None:
    server.spoil(ending, way)
    found = checked(server, limits=IMPATIENT if way in {silent, drip} else LIMITS)
    for level, what, remedy in expected:
        assert any(each.level == level and what in each.what and each.remedy.startswith(remedy) for each in found), (
            found
        )
    for each in found:
        assert any(each.level == level and what in each.what for level, what, _ in expected), each


def test_an_address_that_leads_on_is_found(server: Server) -> None:
    server.spoil("/p/start.xml", lead_to("/p/on.xml"))
    server.spoil("/p/on.xml", lead_to("/p/feed.xml"))
    (finding,) = checked(server, "/p/start.xml")
    assert finding.level == "warning"
    assert finding.what.startswith("The address of the feed leads on 2 times, to ")


def test_an_older_feed_is_to_be_published_again(server: Server) -> None:
    local = server.folder / "feed.xml"
    public = server.folder / "old.xml"
    public.write_bytes(local.read_bytes())
    replace_in(local, "گزیده", "برگزیده")
    (finding,) = checked(server, "/p/old.xml")
    assert (finding.what, finding.remedy) == ("The public feed is not the one in the folder.", PUBLISH)


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1", "http://[", "http://a b", "http://\0", "//", "x" * 70_000])
def test_what_is_no_address_is_a_finding(server: Server, address: str) -> None:
    (finding,) = check_public(address, server.folder / "feed.xml", LIMITS)
    assert finding.level == "error"


def test_nobody_there_is_a_finding(server: Server) -> None:
    (finding,) = check_public(CLOSED, server.folder / "feed.xml", LIMITS)
    assert finding.what.startswith("The feed cannot be reached (")
    assert finding.remedy == ADDRESS


def test_a_proxy_that_is_none_is_a_finding(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://[")
    (finding,) = check_public(server.address, server.folder / "feed.xml", LIMITS)
    assert finding.level == "error"
