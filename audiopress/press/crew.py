"""Who makes the episodes of a batch: processes of this machine, or the workers of a Dask cluster.

Both are executors in the sense of concurrent.futures. What a worker makes comes back as bytes: only the process that
leads the batch writes into the show, so an episode lands once, whichever worker made it and however often it was tried.
"""

from __future__ import annotations

import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from audiopress.config import cache_folder, data_folder
from audiopress.errors import ConfigError, EngineUnavailable
from audiopress.press.making import make_episode
from audiopress.press.publishing import digests
from audiopress.press.recording import Recorder
from audiopress.tts.engine import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor
    from multiprocessing.sharedctypes import Synchronized

    from audiopress.config import Settings
    from audiopress.model import Episode
    from audiopress.press.making import Order
    from audiopress.tts.cast import Cast

#: Bytes of memory that a process needs which speaks with the neural voice (benchmarks/line.py: 685 MB over 4 minutes).
PROCESS_BYTES = 800_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """An episode as its maker sends it."""

    episode: Episode
    files: Mapping[str, bytes]
    fresh: int
    notes: tuple[str, ...] = ()  #: what the user should know: that another voice took over


class _Notes:
    """Progress that nobody watches, but for its notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def begin(self, title: str, utterances: int) -> None:
        """Nobody watches."""

    def spoken(self) -> None:
        """Nobody watches."""

    def mastering(self) -> None:
        """Nobody watches."""

    def note(self, sentence: str) -> None:
        """Keep it for the one who leads."""
        self.notes.append(sentence)


@lru_cache(maxsize=2)
def _recorder(settings: Settings, workers: int) -> tuple[Recorder, _Notes]:
    """The studio of this process, kept from job to job."""
    notes = _Notes()
    return Recorder(settings, Places(cache_folder(), data_folder()), notes, workers), notes


#: A process makes one episode at a time: the threads of a Dask worker share its studio and its clips.
_ONE = Lock()
#: The folder in which this process makes an episode, for whoever must clear it away.
_WORKSHOPS: list[str] = []


def threads() -> int:
    """The cores this process is meant to use as a Dask worker, by its --nthreads; 0 where it is none."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    try:
        return int(get_worker().state.nthreads)
    except ValueError:
        return 0


def work(order: Order, settings: Settings, workers: int = 0) -> Result:
    """Make one episode and give back all its files; it runs in a worker and writes nothing outside its own caches.

    ``workers`` is how many utterances it speaks at once; 0 for as many as its Dask worker has threads.
    """
    with _ONE, TemporaryDirectory(prefix="audiopress-") as name:
        _WORKSHOPS[:] = [name]
        recorder, notes = _recorder(settings, workers or threads())
        folder = Path(name)

        def make(cast: Cast) -> Result:
            edition = order.edition
            made_of = digests(edition.script, edition.segments, cast, recorder.versions(cast), settings)
            changed = replace(order, edition=replace(edition, digests=made_of))
            made = make_episode(changed, cast, recorder, settings, folder)
            files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
            return Result(made.episode, files, made.fresh, tuple(notes.notes))

        return recorder.with_cast(make)


def processes(wanted: int) -> int:
    """How many processes keep this machine busy and fit into its memory; ``wanted`` bounds them, 0 leaves it open."""
    fit = max(1, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4 // PROCESS_BYTES)
    return min(wanted or len(os.sched_getaffinity(0)), fit)


@contextmanager
def local(count: int) -> Iterator[Executor]:
    """Processes of this machine, each of which speaks one utterance at a time; a batch that is stopped ends them."""
    context = get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_settle, initargs=(context.Value("i", 0),))
    try:
        yield executor
    except BaseException:
        for child in active_children():
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _settle(started: Synchronized[int]) -> None:
    """Take a processor of its own, and leave Ctrl-C to the process that leads: it ends its workers.

    A worker that used all processors would only stand in the way of the others: two threads that share a phrase cost a
    tenth to a fifth more than two phrases side by side.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_leader, daemon=True).start()
    with started.get_lock():
        place = started.value
        started.value += 1
    if hasattr(os, "sched_setaffinity"):  # Linux
        mine = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {mine[place % len(mine)]})


def _end_with_leader() -> None:
    """A leader that is killed cannot end its workers, and they would wait for jobs for ever."""
    leader = parent_process()
    if leader is not None:
        leader.join()
        for name in _WORKSHOPS:
            shutil.rmtree(name, ignore_errors=True)
        os._exit(1)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask scheduler, and how many jobs they take at once.

    A job whose worker dies is given to another one by the scheduler. Raises EngineUnavailable where Dask is not
    installed, ConfigError where no scheduler answers or it has no workers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineUnavailable("A cluster needs Dask: pip install audiopress[cluster]") from error
    try:
        open_client: Any = Client
        client = open_client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ConfigError(f"No Dask scheduler answers at {address}; start one with: dask scheduler") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ConfigError(f"The scheduler at {address} has no workers; start some with: dask worker {address}")
        yield client.get_executor(pure=False, retries=2), threads
