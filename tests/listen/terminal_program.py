"""A small show for the tests of the terminal player, and a program that plays it as the command line will.

python terminal_program.py OUTPUT [--target NAME] [--minutes M] [--crash WORD] [--announce FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from imageio_ffmpeg import get_ffmpeg_exe

from audiopress.model import ChapterMark, Episode, Show

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOW = Show("خبر روستا")
CHAPTERS = (ChapterMark(0, "آغاز باران"), ChapterMark(12000, "گرما و سرما"), ChapterMark(24000, "پایان کار"))
#: One sentence every four seconds, each word half a second.
SENTENCES = (
    "باران می‌بارد و رود پرآب است.",
    "کشاورزان خوشحال‌اند از این باران.",
    "هوا فردا سرد می‌شود.",
)


def words_json(seconds: float) -> bytes:
    segments = []
    for number in range(int(seconds // 4)):
        for index, word in enumerate(SENTENCES[number % len(SENTENCES)].split()):
            start = 4 * number + index / 2
            segments.append({"startTime": start, "endTime": start + 0.5, "body": word})
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False).encode()


def tone(path: Path, seconds: float, *more: str) -> None:
    source = ["-f", "lavfi", "-i", f"sine=frequency=300:sample_rate=48000:duration={seconds}"]
    subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *source, *more, "-b:a", "48k", str(path)], check=True)


def make_show(output: Path, seconds: Sequence[float], chapters: Sequence[ChapterMark] = CHAPTERS) -> None:
    """Write episodes called a, b, …, one a day, and a feed; nothing of them is read but what the player needs."""
    (output / "episodes").mkdir(parents=True)
    episodes = []
    for number, length in enumerate(seconds):
        slug = "abcdefg"[number]
        folder = output / "episodes" / slug
        folder.mkdir()
        tone(folder / f"{slug}.mp3", length)
        (folder / f"{slug}.words.json").write_bytes(words_json(length))
        facts = {"slug": slug, "guid": f"guid-{slug}", "title": f"خبر شمارهٔ {'۱۲۳۴۵۶۷'[number]}", "seconds": length}
        facts |= {"published": f"2026-11-2{number}T08:00:00+03:30", "enclosure": f"episodes/{slug}/{slug}.mp3"}
        episodes.append(
            facts | {"chapters": [[mark.start, mark.title] for mark in chapters if mark.start < 1000 * length]}
        )
    (output / "feed.xml").write_text("<rss/>", encoding="utf-8")
    (output / "episodes.json").write_text(json.dumps(episodes), encoding="utf-8")


def catalogue(folder: Path) -> tuple[Show, list[Episode]]:
    rest = {"description": "", "length": 1, "voice": "tone", "agency": "", "source": ""}
    episodes = []
    for facts in json.loads((folder / "episodes.json").read_text(encoding="utf-8")):
        facts["chapters"] = tuple(ChapterMark(*mark) for mark in facts["chapters"])
        episodes.append(Episode(**facts, **rest))
    return SHOW, episodes


def main() -> int:
    from rich.console import Console  # noqa: PLC0415 - the tests need the show only

    from audiopress.errors import AudiopressError  # noqa: PLC0415
    from audiopress.listen.terminal import listen  # noqa: PLC0415
    from audiopress.terminal import layout  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=Path)
    parser.add_argument("--target", type=Path)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--crash", default="")
    parser.add_argument("--announce", type=Path)
    options = parser.parse_args()
    console = Console()
    plain = layout(console)

    def shape(line: str) -> str:
        if options.crash and options.crash in line:
            raise RuntimeError("the bug that was asked for")
        return plain(line)

    try:
        return listen(
            options.target,
            output=options.output,
            catalogue=catalogue,
            console=console,
            shape=shape,
            device="null",
            announcer=(lambda _: options.announce) if options.announce else None,
            minutes=(options.minutes, 30.0),
        )
    except AudiopressError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    if os.environ.pop("TAKE_TERMINAL", ""):
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # a session without a terminal gets it by opening one
    sys.exit(main())
