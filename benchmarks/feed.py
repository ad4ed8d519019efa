"""How long the feed, the pages and the landing page of a big show take to write.

    .venv/bin/python benchmarks/feed.py
    .venv/bin/python benchmarks/feed.py --episodes 300 1000 5000

Each show is made of episode folders as `produce` leaves them: facts with eight chapters, a lead of 700 letters, names
of transcripts and cover, a sound file of a few bytes. Reading them is part of the time; drawing the show's cover is
not (it is drawn once). The median of five.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audiopress import shows
from audiopress.config import Settings
from audiopress.model import ChapterMark, Episode, Show
from audiopress.podcast.feed import CHAPTERS, TRANSCRIPTS, feed_pages
from audiopress.podcast.library import FACTS, facts_json, identity_of, load_entries

#: Seconds for 1,000 episodes.
FLOOR = 2.0
RUNS = 5
SENTENCE = "شهردار در آیین بازگشایی این پل گفت که راه مدرسه برای بچه‌های روستا نزدیک‌تر شده است. "


def make(output: Path, episodes: int) -> None:
    """Lay out a show of so many episodes."""
    first = datetime(2020, 1, 1, 6, 30, tzinfo=UTC)
    marks = tuple(ChapterMark(60_000 * number, f"بخش {number} از خبرهای امروز") for number in range(8))
    for number in range(episodes):
        slug = f"story-{number}"
        folder = output / "episodes" / slug
        folder.mkdir(parents=True)
        episode = Episode(
            slug=slug,
            guid=f"00000000-0000-5000-8000-{number:012}",
            title=f"گزارش شماره {number} از روستا",
            description=SENTENCE * 8,
            published=(first + timedelta(hours=number)).isoformat(),
            enclosure=f"episodes/{slug}/{slug}.mp3",
            length=3,
            seconds=481.5,
            voice="nasim",
            agency="ایسنا",
            source=f"{slug}.txt",
            image=f"episodes/{slug}/{slug}-0a1b2c3d.jpg",
            chapters=marks,
        )
        for ending in (".mp3", "-0a1b2c3d.jpg", CHAPTERS, *TRANSCRIPTS):
            (folder / f"{slug}{ending}").write_bytes(b"xyz")
        (folder / FACTS).write_bytes(facts_json(episode, identity_of(slug, SENTENCE), {"text": "x"}))


def measure(episodes: int) -> dict[str, float]:
    """Median seconds of reading the folders, of the feed alone, and of everything that `produce` brings up to date."""
    with tempfile.TemporaryDirectory() as name:
        output = Path(name)
        make(output, episodes)
        show = Show("خبر روستا", "خبرهای هر روز.", "تحریریه", "a@example.org", base_url="https://example.org/p")
        settings = replace(Settings(), output=output, show=show)
        shows.refresh(settings)
        took: dict[str, list[float]] = {"reading": [], "feed": [], "all": []}
        for _ in range(RUNS):
            began = time.perf_counter()
            entries = load_entries(output)
            read = time.perf_counter()
            size = sum(len(data) for _, data in feed_pages(show, entries))
            written = time.perf_counter()
            for path in output.glob("feed*.xml"):
                path.unlink()
            before = time.perf_counter()
            shows.refresh(settings)
            took["reading"].append(read - began)
            took["feed"].append(written - began)
            took["all"].append(time.perf_counter() - before)
        pages = len(list(output.glob("feed*.xml")))
    return {name: statistics.median(each) for name, each in took.items()} | {"pages": pages, "size": size / 1e6}


def main() -> int:
    """Print the table; 1 where 1,000 episodes take longer than their floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {episodes: measure(episodes) for episodes in arguments.episodes}
    if arguments.json:
        print(json.dumps(results))
    else:
        print("episodes  pages  feed MB  reading s  with the feed s  with all pages s")
        for episodes, row in results.items():
            print(
                f"{episodes:8}  {row['pages']:5}  {row['size']:7.2f}  {row['reading']:9.2f}  {row['feed']:15.2f}"
                f"  {row['all']:16.2f}"
            )
    late = 1000 in results and results[1000]["all"] > FLOOR
    if late:
        print(f"past its floor: 1,000 episodes in {FLOOR} s")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
