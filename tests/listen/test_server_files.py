"""What is served, to whom, and under which headers; and what never is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from served_shows import make_show, running

if TYPE_CHECKING:
    from pathlib import Path

    from served_shows import Client

SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}

FILES = [
    ("", "text/html; charset=utf-8", False),
    ("index.html", "text/html; charset=utf-8", False),
    ("feed.xml", "application/rss+xml; charset=utf-8", True),
    ("feed-2.xml", "application/rss+xml; charset=utf-8", True),
    ("show.opml", "text/x-opml; charset=utf-8", True),
    ("cover-0123abcd.jpg", "image/jpeg", True),
    ("sw.js", "text/javascript; charset=utf-8", False),
    ("manifest.webmanifest", "application/manifest+json", False),
    ("assets/site.css", "text/css; charset=utf-8", False),
    ("assets/feed.xsl", "text/xsl; charset=utf-8", False),
    ("assets/vazirmatn.woff2", "font/woff2", False),
    ("assets/player/player.js", "text/javascript; charset=utf-8", False),
    ("episodes/river/river.mp3", "audio/mpeg", True),
    ("episodes/river/river.m4a", "audio/mp4", True),
    ("episodes/river/river.opus", "audio/ogg", True),
    ("episodes/river/river.vtt", "text/vtt; charset=utf-8", True),
    ("episodes/river/river.srt", "application/x-subrip; charset=utf-8", True),
    ("episodes/river/river.html", "text/html; charset=utf-8", True),
    ("episodes/river/river.words.json", "application/json", True),
    ("episodes/river/river.chapters.json", "application/json+chapters", True),
    ("episodes/river/river-89abcdef.jpg", "image/jpeg", True),
]


@pytest.mark.parametrize("show", ["/", "/sport/", "/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF/"])
@pytest.mark.parametrize(("name", "kind", "for_all"), FILES)
def test_every_public_file_has_its_type_and_headers(
    client: Client, show: str, name: str, kind: str, *, for_all: bool
) -> None:
    answer = client.ask(show + name)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert b"SECRET" not in answer.body
    assert int(answer.headers["content-length"]) == len(answer.body) > 0
    assert answer.headers.get("access-control-allow-origin") == ("*" if for_all else None)
    assert answer.headers["cross-origin-resource-policy"] == ("cross-origin" if for_all else "same-origin")
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    head = client.ask(show + name, "HEAD")
    assert head.body == b""
    assert {**head.headers, "date": ""} == {**answer.headers, "date": ""}


def test_only_what_has_a_hash_in_its_name_is_kept_for_ever(client: Client) -> None:
    forever = "public, max-age=31536000, immutable"
    for name in ("cover-0123abcd.jpg", "episodes/river/river-89abcdef.jpg"):
        assert client.ask(f"/{name}").headers["cache-control"] == forever
    for name in ("", "feed.xml", "sw.js", "episodes/river/river.mp3", "episodes/river/river.vtt"):
        answer = client.ask(f"/{name}")
        assert answer.headers["cache-control"] == "no-cache"
        assert client.ask(f"/{name}", if_none_match=answer.headers["etag"]).status == 304


PRIVATE = [
    "/audiopress.toml",
    "/lexicon.tsv",
    "/notes.txt",
    "/.hidden.xml",
    "/assets/.site.css.12.part",
    "/episodes/index.html",
    "/episodes/river/episode.json",
    "/episodes/river/script.json",
    "/episodes/river/deleted.json",
    "/episodes/river/EPISODE.JSON",
    "/episodes/river/other.mp3",
    "/episodes/river/.river.mp3.12.part",
    "/episodes/river/river.wav",
    "/sport/audiopress.toml",
    "/episodes/",
    "/episodes",
    "/episodes/river/",
    "/assets/",
    "/feed.xml/",
    "/nothing",
    "/nothing/",
]
STRANGE = [
    "/../audiopress.toml",
    "/./index.html",
    "/sport/../audiopress.toml",
    "/sport/../index.html",
    "/%2e%2e/audiopress.toml",
    "/%2E%2e/%2e%2e/etc/passwd",
    "/..%2faudiopress.toml",
    "/..%5caudiopress.toml",
    "/..\\audiopress.toml",
    "/%252e%252e/audiopress.toml",
    "/%c0%ae%c0%ae/audiopress.toml",
    "//feed.xml",
    "//etc/passwd",
    "///",
    "/sport//feed.xml",
    "/sport/%2e/feed.xml",
    "/episodes%2Friver%2Friver.mp3",
    "/episodes/river/river.mp3%00",
    "/episodes/river/river.mp3%00.txt",
    "/episodes/river%00/river.mp3",
    "/%00",
    "/%",
    "/%zz",
    "/%ff%fe",
    "/%ed%a0%80/",
    "/feed.xml%0a",
    "/feed.xml%20",
    "/feed.xml.",
    "/cover-x%0d%0aa:%20b.jpg",
    "/CON.xml",
    "/" + 5000 * "a",
    "/" + 300 * "a" + ".mp3",
    "/cover-" + 300 * "a" + ".jpg",
    "/" + 3000 * "a/",
    "/assets/player/../../audiopress.toml",
    "/assets/player/" + 3 * "%2e%2e%2f" + "etc/passwd",
    "/C:/Windows/win.ini",
    "/~root/.ssh/id_rsa",
    "/proc/self/environ",
    "*",
    "http://example.org/../audiopress.toml",
    "http://example.org",
]


@pytest.mark.parametrize("target", PRIVATE)
def test_what_is_private_is_as_if_it_were_not_there(client: Client, target: str) -> None:
    answer = client.ask(target)
    assert answer.status == 404
    assert "چنین صفحه‌ای اینجا نیست." in answer.body.decode()
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "access-control-allow-origin" not in answer.headers
    assert client.ask(target, "HEAD").status == 404


@pytest.mark.parametrize("target", STRANGE, ids=lambda target: target[:40])
def test_no_path_leads_out_of_the_folder(client: Client, shows: Path, target: str) -> None:
    answer = client.ask(target)
    assert answer.status == (200 if target == "http://example.org" else 404)
    assert b"SECRET" not in answer.body
    assert b"root:" not in answer.body
    assert str(shows).encode() not in answer.body


def test_an_episode_called_as_a_private_file_has_only_its_public_files(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    folder = show / "episodes" / "script"
    folder.mkdir()
    (folder / "script.json").write_text("SECRET", encoding="utf-8")
    (folder / "script.words.json").write_text("{}", encoding="utf-8")
    with running(show) as client:
        assert client.ask("/episodes/script/script.json").status == 404
        assert client.ask("/episodes/script/script.words.json").status == 200


def test_links_are_no_files_of_a_show(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    outside = make_show(tmp_path / "outside")
    episode = show / "episodes" / "river"
    (episode / "river-link.vtt").symlink_to(outside / "audiopress.toml")
    (episode / "river-own.vtt").symlink_to(show / "audiopress.toml")
    (episode / "river-loop.vtt").symlink_to(episode / "river-loop.vtt")
    (show / "episodes" / "linked").symlink_to(outside / "episodes" / "river")
    (show / "elsewhere").symlink_to(outside)
    with running(show) as client:
        for name in ("river/river-link.vtt", "river/river-own.vtt", "river/river-loop.vtt", "linked/river.vtt"):
            assert client.ask(f"/episodes/{name}").status == 404
        assert client.ask("/elsewhere/feed.xml").status == 404
        assert client.ask("/elsewhere").status == 404


def test_a_folder_that_is_a_link_itself_is_served(tmp_path: Path) -> None:
    make_show(tmp_path / "show")
    (tmp_path / "link").symlink_to(tmp_path / "show")
    with running(tmp_path / "link") as client:
        assert client.ask("/episodes/river/river.vtt").body == b"WEBVTT"


def test_pipes_and_folders_are_no_files(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    os.mkfifo(show / "episodes" / "river" / "river-pipe.vtt")
    (show / "assets" / "folder.css").mkdir()
    with running(show) as client:
        assert client.ask("/episodes/river/river-pipe.vtt").status == 404
        assert client.ask("/assets/folder.css").status == 404
        assert client.ask("/assets/player").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    for target in ("/", "/feed.xml", "/nothing"):
        answer = client.ask(target, method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_browsers_may_ask_before_they_ask(client: Client) -> None:
    asked = {"origin": "https://app.example", "access_control_request_method": "GET"}
    answer = client.ask("/episodes/river/river.mp3", "OPTIONS", **asked)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "Range" in answer.headers["access-control-allow-headers"]
    for target in ("/", "/audiopress.toml", "/api/positions"):
        answer = client.ask(target, "OPTIONS", **asked)
        assert answer.status == 204
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("target", "status", "location"),
    [
        ("/play", 303, "./#play"),
        ("/sport/play", 303, "./#play"),
        ("/sport", 308, "./sport/"),
        ("/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF", 308, "./%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF/"),
    ],
)
def test_short_addresses_lead_on(client: Client, target: str, status: int, location: str) -> None:
    answer = client.ask(target)
    assert (answer.status, answer.headers["location"]) == (status, location)


def test_without_a_show_of_its_own_a_folder_lists_its_shows(tmp_path: Path) -> None:
    make_show(tmp_path / "ورزش", "ورزش &amp; &lt;b&gt;بازی&lt;/b&gt;", "فوتبال")
    make_show(tmp_path / "خبر", "خبر")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "feed.xml").write_text("<rss", encoding="utf-8")
    make_show(tmp_path / ".hidden", "پنهان")
    make_show(tmp_path / "episodes", "هیچ")
    (tmp_path / "empty").mkdir()
    with running(tmp_path) as client:
        page = client.ask("/")
        text = page.body.decode()
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="fa" dir="rtl">' in text
        assert "ورزش &amp; &lt;b&gt;بازی&lt;/b&gt;</a></h2><p>فوتبال</p>" in text
        assert "<b>" not in text
        assert 'href="%D8%AE%D8%A8%D8%B1/"' in text
        assert 'src="%D8%AE%D8%A8%D8%B1/cover-0123abcd.jpg"' in text
        assert 'href="broken/feed.xml">broken</a>' in text
        assert "پنهان" not in text
        assert "هیچ" not in text
        assert "style=" not in text
        style = client.ask("/-/pages.css")
        assert style.headers["content-type"] == "text/css; charset=utf-8"
        assert 'url("../%D8%AE%D8%A8%D8%B1/assets/vazirmatn.woff2")' in style.body.decode()
        assert client.ask("/feed.xml").status == 404
        assert client.ask("/api/positions").status == 404
        assert client.ask("/play").headers["location"] == "./"


def test_the_only_show_of_a_folder_is_played(tmp_path: Path) -> None:
    make_show(tmp_path / "خبر")
    with running(tmp_path) as client:
        assert client.ask("/play").headers["location"] == "./%D8%AE%D8%A8%D8%B1/#play"


def test_an_empty_folder_says_so_until_there_is_a_show(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert "هنوز پادکستی اینجا نیست" in client.ask("/").body.decode()
        make_show(tmp_path / "خبر")
        assert "هنوز پادکستی" not in client.ask("/").body.decode()


def test_a_show_without_a_page_is_listed(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show", "خبر روستا")
    (show / "index.html").unlink()
    with running(show) as client:
        assert '<a href="feed.xml">خبر روستا</a>' in client.ask("/").body.decode()


def test_a_folder_that_is_gone_is_no_bug(tmp_path: Path) -> None:
    show = make_show(tmp_path / "show")
    with running(show) as client:
        show.rename(tmp_path / "moved")
        assert client.ask("/feed.xml").status == 404
        assert client.ask("/").status == 200


def test_a_whole_address_is_understood_as_proxies_send_it(client: Client) -> None:
    assert client.ask("http://127.0.0.1/episodes/river/river.vtt?x=1").body == b"WEBVTT"


def test_a_bug_shows_nothing_of_the_machine(
    shows: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("at /home/somebody")

    monkeypatch.setattr("audiopress.listen.server.open_file", broken)
    with running(shows) as client:
        answer = client.ask("/feed.xml")
    assert answer.status == 500
    assert "خطایی در این برنامه پیش آمد" in answer.body.decode()
    assert b"somebody" not in answer.body
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "at /home/somebody" in caplog.text  # the traceback is for the terminal
