"""A show for the browser: real sound and real texts, made without speaking, served by audiopress itself."""

from __future__ import annotations

import functools
import io
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from audiopress.listen import network
from audiopress.listen.player_files import player_files
from audiopress.listen.server import app, make_server
from audiopress.model import (
    Boundary,
    ChapterMark,
    Cue,
    Episode,
    Pronunciation,
    Role,
    Sentence,
    Show,
    Utterance,
    Word,
)
from audiopress.podcast.captions import webvtt
from audiopress.podcast.chapters import chapters_json
from audiopress.podcast.feed import Entry, feed_pages
from audiopress.podcast.landing import index_html
from audiopress.podcast.readalong import readalong_page
from audiopress.podcast.site import site_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: The slug, the title, the seconds and where chapters begin.
Facts = tuple[str, str, int, tuple[int, ...]]

RATE = 48000
SHOW = Show("خبر روستا", "گزیدهٔ خبرهای روستا", "تحریریه", base_url="https://example.org/p", image="cover-0a1b2c3d.jpg")
#: The newest first; sentences are four seconds apart.
EPISODES: tuple[Facts, ...] = (
    ("rain", "باران در روستا", 60, (0, 20, 40)),
    ("heat", "گرما در راه است", 24, (0, 12)),
    ("wind", "باد آرام گرفت", 8, (0,)),
)
SAID = (
    "باران می‌بارد.",
    "کشاورزان کتاب‌هاي ۲۵ ساله را باز کردند.",
    "گرما در راه است؛ مردم نگران‌اند.",
    "رودخانه آرام است.",
    "پایان خبر.",
)


def make_show(folder: Path, show: Show = SHOW) -> None:
    """Write the show of three episodes."""
    _write_all(folder, show, [_episode(folder, show, number, facts) for number, facts in enumerate(EPISODES)])


def make_long(folder: Path) -> None:
    """Write a show of one programme of an hour, 14 MB: more than browsers load ahead."""
    facts: Facts = ("hour", "یک ساعت", 3600, (0, 1800))
    _write_all(folder, replace(SHOW, title="بلند"), [_episode(folder, SHOW, 0, facts, bitrate=32)])


def make_many(folder: Path, count: int) -> None:
    """Write a show of many episodes that share one sound; every third has a title that hardly ends."""
    show = replace(SHOW, title="بسیار", base_url="")
    model = _episode(folder, show, 0, ("one", "نمونه", 8, (0,)))
    long = "گزارشی بسیار دراز از نشست هم‌اندیشی دربارهٔ بازسازی کاروانسراهای راه ابریشم و Caravanserais " * 2
    episodes = [
        replace(
            model,
            slug="one",
            guid=f"many-{number}",
            title=long if number % 3 == 1 else f"قسمت {number}",
            published=f"2026-{1 + (count - number) // 28 % 12:02}-{1 + (count - number) % 28:02}T08:00:00+03:30",
        )
        for number in range(count)
    ]
    _write_all(folder, show, episodes)


def make_empty(folder: Path) -> None:
    """Write a show without an episode."""
    _write_all(folder, replace(SHOW, title="هیچ"), [])


def with_player(page: bytes) -> bytes:
    """A show's page with what brings the player in, where it does not bring it by itself."""
    text = page.decode()
    if "assets/player/player.js" in text:
        return page
    more = "connect-src &#x27;self&#x27;; worker-src &#x27;self&#x27;; manifest-src &#x27;self&#x27;; base-uri"
    hooks = (
        '<link rel="manifest" href="manifest.webmanifest">'
        '<link rel="icon" href="assets/player/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="assets/player/player.css">'
        '<script type="module" src="assets/player/player.js"></script></head>'
    )
    return text.replace("base-uri", more, 1).replace("</head>", hooks, 1).encode()


@contextmanager
def served(output: Path) -> Iterator[str]:
    """The address of an output folder, served by ``audiopress serve``'s own server until the block ends."""
    with network.listen("127.0.0.1", 0) as listener:
        server = make_server(app(output))
        server.install_signal_handlers = lambda: None
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(10)


@contextmanager
def plainly_served(output: Path) -> Iterator[str]:
    """The address of a folder on plain hosting: it knows neither ranges nor positions."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(output)))
    threading.Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _episode(folder: Path, show: Show, number: int, facts: Facts, bitrate: int = 48) -> Episode:
    """Write an episode's folder."""
    slug, title, seconds, starts = facts
    place = folder / "episodes" / slug
    place.mkdir(parents=True)
    sound = place / f"{slug}.mp3"
    _write_sound(sound, seconds, bitrate)
    titles = (title, "فصل دوم: بازار", "فصل سوم: رود")
    episode = Episode(
        slug=slug,
        guid=f"guid-{slug}",
        title=title,
        description=f"شرح «{title}» و آنچه در آن گفته می‌شود.",
        published=f"2026-11-{25 - number}T23:30:00+03:30",
        enclosure=f"episodes/{slug}/{slug}.mp3",
        length=sound.stat().st_size,
        seconds=seconds,
        voice="tone",
        agency="",
        source="",
        chapters=tuple(ChapterMark(start * 1000, name) for start, name in zip(starts, titles, strict=False)),
    )
    cues = tuple(_cue(place, title, starts) for place in range(min(seconds, 60) // 4))
    (place / f"{slug}.vtt").write_bytes(webvtt(cues, RATE))
    (place / f"{slug}.html").write_bytes(readalong_page(show, episode, cues, RATE))
    (place / f"{slug}.chapters.json").write_bytes(chapters_json(episode.chapters))
    return episode


def _cue(place: int, title: str, starts: Sequence[int]) -> Cue:
    """A sentence of the episode: its title first, a heading where a chapter begins."""
    heading = place * 4 in starts
    text = title if place == 0 else ("فصل دوم: بازار", "فصل سوم: رود")[starts.index(place * 4) - 1] if heading else ""
    role = Role.TITLE if place == 0 else Role.HEADING if heading else Role.BODY
    boundary = Boundary.HEADING if heading else Boundary.SENTENCE if place % 3 else Boundary.PARAGRAPH
    written = text or SAID[place % len(SAID)]
    words = tuple(Word(word, "ˈɒb") for word in written.split())
    said = Pronunciation(Utterance(Sentence(written, place + 1, role, boundary), written), words)
    return Cue(place * 4 * RATE, (place * 4 + 3) * RATE, said)


def _write_sound(path: Path, seconds: int, bitrate: int) -> None:
    """Write a low tone of constant bitrate; a long one repeats a minute, whose frames know nothing of each other."""
    piece = min(seconds, 60)
    source = f"sine=frequency=220:sample_rate={RATE}:duration={piece}"
    command = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        source,
        "-c:a",
        "libmp3lame",
        "-b:a",
        f"{bitrate}k",
    ]
    command += ["-id3v2_version", "0", "-write_xing", "0", "-reservoir", "0", "-f", "mp3", "-"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout * (seconds // piece))


def _write_all(folder: Path, show: Show, episodes: Sequence[Episode]) -> None:
    """Write what lies beside the episodes, as `audiopress` does."""
    (folder / "assets").mkdir(parents=True)
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), (20, 90, 80)).save(picture, "JPEG")
    (folder / show.image).write_bytes(picture.getvalue())
    for name, data in (*site_files(), *player_files(show)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    (folder / "index.html").write_bytes(with_player(index_html(show, episodes)))
    endings = (".vtt", ".html", ".chapters.json")
    entries = [Entry(each, frozenset(each.slug + ending for ending in endings)) for each in episodes]
    for name, data in feed_pages(show, entries):
        (folder / name).write_bytes(data)
