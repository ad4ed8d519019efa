"""A batch on a real Dask cluster on loopback: stock scheduler, stock workers, one of them killed midway."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from distributed import Client

from audiopress.press import crew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

type Batch = Callable[..., tuple[int, dict[str, Any], str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and its workers, each a process of its own group."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.processes = [
            self._start("scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2], "--no-dashboard")
        ]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments]
        log = (self._folder / f"{arguments[0]}.log").open("ab")
        return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)

    def add_worker(self, threads: int = 1) -> subprocess.Popen[bytes]:
        local = str(self._folder / f"worker-{len(self.processes)}")
        worker = self._start(
            *("worker", self.address, "--nthreads", str(threads), "--nworkers", "1", "--no-dashboard", "--no-nanny"),
            *("--host", "127.0.0.1", "--local-directory", local),
        )
        self.processes.append(worker)
        return worker

    def close(self) -> None:
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(environment: dict[str, str], tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(environment, tmp_path)
    yield made
    made.close()


def ready(cluster: Cluster, workers: int) -> None:
    """Wait until the scheduler knows its workers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError, TimeoutError), Client(cluster.address, timeout="2s", set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)
            return
    pytest.fail("the cluster did not start")


def episodes(show: Path) -> list[str]:
    return sorted(path.parent.name for path in show.glob("episodes/*/episode.json"))


@pytest.mark.filterwarnings("ignore")  # Dask's own, of ports and event loops
def test_results_land_once_even_if_a_worker_dies(
    cluster: Cluster, articles: Callable[[int], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    first, _ = cluster.add_worker(), cluster.add_worker()
    ready(cluster, 2)
    folder, show = articles(14), tmp_path / "show"
    command = [sys.executable, "-m", "audiopress", "batch", str(folder), "--output", str(show), "--voice", "tone"]
    with (tmp_path / "batch.log").open("wb") as log:
        run = subprocess.Popen(
            [*command, "--cluster", cluster.address, "--json"], env=environment, stdout=log, stderr=log
        )
        until = time.monotonic() + 90
        while len(episodes(show)) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(first.pid, signal.SIGKILL)
        assert run.wait(180) == 0, (tmp_path / "batch.log").read_text(encoding="utf-8")
    assert episodes(show) == sorted(f"a{n}" for n in range(14))
    assert not list(show.glob("episodes/.*"))


@pytest.mark.filterwarnings("ignore")
def test_a_worker_uses_as_many_cores_as_its_threads(cluster: Cluster) -> None:
    cluster.add_worker(threads=3)
    ready(cluster, 1)
    with Client(cluster.address, set_as_default=False) as client:
        assert client.submit(crew.threads).result(60) == 3
    assert crew.threads() == 0, "this process is no worker"


def test_a_cluster_that_is_not_there_is_one_sentence(batch: Batch, articles: Callable[[int], Path]) -> None:
    code, _, error = batch(articles(1), "--cluster", f"tcp://127.0.0.1:{free_port()}")
    assert code == 1
    assert "No Dask scheduler answers" in error.splitlines()[-1]


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_without_workers_is_told(cluster: Cluster, batch: Batch, articles: Callable[[int], Path]) -> None:
    ready(cluster, 0)
    code, _, error = batch(articles(1), "--cluster", cluster.address)
    assert code == 1
    assert "has no workers" in error
