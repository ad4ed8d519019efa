"""Throughput of a batch: one worker against two, on this machine and on a Dask cluster of its own.

    .venv/bin/python benchmarks/batch.py [--voice nasim] [--articles 72] [--rounds 3] [--cluster]

Every round makes the same articles in new folders, with one worker and then with two; the table gives seconds of wall
time (medians), articles a minute, and how near two workers come to twice one: 1.0 is linear. The floor is .9 where
there are two processors for the workers; the leading process takes part of one, which is part of the figure, and so is
starting the workers, so few articles come out lower.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from platformdirs import user_cache_dir

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "river-festival.txt"
FLOOR = 0.9


def write_articles(folder: Path, count: int) -> None:
    """So many articles of some 130 words, no two alike in any sentence."""
    sentences = [each.strip() for each in EXAMPLE.read_text(encoding="utf-8").split(".") if len(each) > 40][:7]
    folder.mkdir(parents=True)
    for number in range(count):
        body = ". ".join(f"{sentence} و این بار {number + 100}" for sentence in sentences)
        (folder / f"a{number}.txt").write_text(f"خبر شماره {number + 100}\n{body}.\n", encoding="utf-8")


def convert(voice: str, folder: Path) -> None:
    """Let the voice speak once, so that its model is there converted: that belongs to no run."""
    say = ["say", "سلام.", "--voice", voice, "--output", str(folder / "one.wav"), "--quiet"]
    subprocess.run([sys.executable, "-m", "audiopress", *say], check=True)


def cache(work: Path) -> Path:
    """A new cache folder in which the converted models are, by a link."""
    folder = work / "cache"
    folder.mkdir(parents=True)
    for model in Path(user_cache_dir("audiopress")).glob("kokoro-*"):
        (folder / model.name).hardlink_to(model)
    return folder


def run(articles: Path, work: Path, voice: str, *, workers: int, cluster: str = "") -> float:
    """Seconds that a batch takes in new folders."""
    environment = os.environ | {"AUDIOPRESS_DATA": str(work / "data"), "AUDIOPRESS_CACHE": str(cache(work))}
    command = [sys.executable, "-m", "audiopress", "batch", str(articles), "--output", str(work / "show")]
    command += ["--voice", voice, "--quiet", *(["--cluster", cluster] if cluster else ["--workers", str(workers)])]
    began = time.monotonic()
    subprocess.run(command, check=True, env=environment)
    return time.monotonic() - began


def main() -> None:
    """Print the table; leave with 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="espeak")
    parser.add_argument("--articles", type=int, default=72)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cluster", action="store_true")
    chosen = parser.parse_args()
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        convert(chosen.voice, folder)
        write_articles(folder / "articles", chosen.articles)
        for turn in range(chosen.rounds):
            for workers in (1, 2):
                work = folder / f"{turn}-{workers}"
                with ExitStack() as stack:
                    address = stack.enter_context(Cluster(work, workers)).address if chosen.cluster else ""
                    seconds = run(folder / "articles", work / "run", chosen.voice, workers=workers, cluster=address)
                times[workers].append(seconds)
    one, two = (statistics.median(times[workers]) for workers in (1, 2))
    for workers, seconds in ((1, one), (2, two)):
        print(f"{workers} workers {seconds:8.1f} s {60 * chosen.articles / seconds:8.1f} articles a minute")
    print(f"two against twice one: {one / two / 2:.2f}")
    if one / two / 2 < FLOOR:
        sys.exit(f"below the floor of {FLOOR}")


class Cluster:
    """A scheduler and workers on loopback, each a machine of one processor."""

    def __init__(self, folder: Path, workers: int) -> None:
        """Start nothing yet."""
        self._folder, self._workers = folder, workers
        self._processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start all, and wait until they know each other."""
        from distributed import Client  # noqa: PLC0415 - an extra

        self._cache = cache(self._folder)
        port = self.address.rpartition(":")[2]
        self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        processors = sorted(os.sched_getaffinity(0))
        for number in range(self._workers):
            local = str(self._folder / f"worker-{number}")
            options = ("--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--no-nanny", "--local-directory", local)
            self._start("worker", self.address, *options)
            os.sched_setaffinity(self._processes[-1].pid, {processors[number % len(processors)]})
        with suppress(OSError), Client(self.address, timeout="30s", set_as_default=False) as client:
            client.wait_for_workers(self._workers, timeout=60)
        return self

    def _start(self, *arguments: str) -> None:
        environment = os.environ | {"AUDIOPRESS_CACHE": str(self._cache)}
        command = [sys.executable, "-m", "dask", *arguments]
        quiet = subprocess.DEVNULL
        self._processes.append(subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet))

    def __exit__(self, *_: object) -> None:
        """End all."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
