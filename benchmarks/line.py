"""The whole line as a user runs it: time against the programme's length, memory, start-up and what a second run costs.

    .venv/bin/python benchmarks/line.py [--article FILE] [--voices arash espeak] [--runs 3] [--long]

Every figure is a whole process seen from outside, the median of several runs. Memory is the sum over the process and
its children (ffmpeg, the espeak worker), sampled every 50 ms from /proc. ``--long`` adds programmes of 5 minutes and of
5 hours in the espeak voice, which must need the same memory. Floors are in benchmarks/data/line_floors.tsv.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "audiopress"]
EXAMPLE = HERE.parent / "examples" / "river-festival.txt"
FLOORS = HERE / "data" / "line_floors.tsv"
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """One finished process."""

    seconds: float
    megabytes: float
    output: str


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def resident(process: int) -> int:
    """Proportional memory in bytes (pages shared between processes are counted once), or 0 once it has gone."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0


def run(arguments: list[str], cache: Path) -> Run:
    """Run audiopress and watch it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, env=os.environ | {"AUDIOPRESS_CACHE": str(cache)}, text=True
    )
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, sum(map(resident, tree(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    done.set()
    watcher.join()
    seconds = time.perf_counter() - began
    if process.returncode:
        sys.exit(f"audiopress {' '.join(arguments)} failed")
    return Run(seconds, peak / 1e6, output)


def episode(run: Run) -> dict[str, float]:
    """What produce --json said of its one episode."""
    found: dict[str, float] = json.loads(run.output)["episodes"][0]
    return found


def voice_rows(voice: str, article: Path, runs: int) -> list[tuple[str, float]]:
    """The figures of one voice on one article; the first run of all (converting the model) is not counted."""
    shares, seconds, again, memory, changed = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        run(["say", "سلام", "--voice", voice, "-o", f"{folder}/warm.mp3", "--quiet"], Path(folder) / "models")
        for number in range(runs):
            cache = Path(folder) / "models"
            for clips in cache.glob("clips"):
                clips.rename(Path(folder) / f"old-clips-{number}")
            copy = Path(folder) / f"run-{number}" / article.name
            copy.parent.mkdir()
            copy.write_bytes(article.read_bytes())
            command = ["produce", str(copy), "--voice", voice, "--output", f"{copy.parent}/out", "--json"]
            first = run(command, cache)
            length = episode(first)["seconds"]
            second = run(command, cache)
            lines = copy.read_text(encoding="utf-8").splitlines()
            longest = max(range(len(lines)), key=lambda line: len(lines[line]))
            lines[longest] += " این جمله تازه است."
            copy.write_text("\n".join(lines), encoding="utf-8")
            third = run(command, cache)
            shares.append(first.seconds / length)
            seconds.append(length)
            again.append(second.seconds / first.seconds)
            memory.append(first.megabytes)
            changed.append(episode(third)["spoken_now"])
    return [
        (f"{voice}: share of the programme's length", statistics.median(shares)),
        (f"{voice}: programme, seconds", statistics.median(seconds)),
        (f"{voice}: peak memory, MB", statistics.median(memory)),
        (f"{voice}: second run, share of the first", statistics.median(again)),
        (f"{voice}: sentences spoken after one more was added", statistics.median(changed)),
    ]


def long_rows(article: Path) -> list[tuple[str, float]]:
    """Memory and time of the espeak voice on 5 minutes and on 5 hours."""
    rows = []
    body = article.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for name, hours in (("5 minutes", 1 / 12), ("5 hours", 5.0)):
            # Sentences are numbered so that none comes from the cache; about 150 words a minute are spoken.
            words = sum(len(line.split()) for line in body)
            repeats = max(1, round(hours * 60 * 110 / words))
            lines = [body[0]]
            for part in range(repeats):
                lines += [f"بخش {part + 1}", *(f"{line} شماره {part + 1}." for line in body[1:] if len(line) > 80)]
            copy = Path(folder) / f"{name.replace(' ', '-')}.txt"
            copy.write_text("\n".join(lines), encoding="utf-8")
            command = ["produce", str(copy), "--voice", "espeak", "--output", f"{folder}/out", "--json"]
            made = run(command, Path(folder) / "cache")
            length = episode(made)["seconds"]
            rows += [
                (f"espeak, {name}: programme, seconds", length),
                (f"espeak, {name}: share of the programme's length", made.seconds / length),
                (f"espeak, {name}: peak memory, MB", made.megabytes),
            ]
    return rows


def start_up(runs: int) -> tuple[str, float]:
    """Seconds of ``audiopress --help``."""
    with tempfile.TemporaryDirectory() as folder:
        times = [run(["--help"], Path(folder)).seconds for _ in range(runs)]
    return ("--help, seconds", statistics.median(times))


def ceilings() -> dict[str, float]:
    """The greatest value that each figure may have."""
    lines = FLOORS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, value, *_ in rows}


def main() -> None:
    """Print the table; leave with 1 where a figure is worse than its floor."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--article", type=Path, default=EXAMPLE)
    arguments.add_argument("--voices", nargs="*", default=["arash", "nasim", "espeak"])
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--long", action="store_true")
    chosen = arguments.parse_args()
    rows = [start_up(max(5, chosen.runs))]
    for voice in chosen.voices:
        rows += voice_rows(voice, chosen.article, chosen.runs)
    if chosen.long:
        rows += long_rows(chosen.article)
    limits = ceilings()
    worse = []
    for name, value in rows:
        limit = limits.get(name)
        print(f"{name:60} {value:10.3f}" + (f"   (at most {limit:g})" if limit is not None else ""))
        if limit is not None and value > limit:
            worse.append(name)
    if worse:
        sys.exit("Worse than the floor: " + "; ".join(worse))


if __name__ == "__main__":
    main()
