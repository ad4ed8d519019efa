"""Thousands of articles: read and landed here, made by a crew, resumed where a run was stopped."""

from __future__ import annotations

import hashlib
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from audiopress.batch.queue import Job, Queue
from audiopress.errors import AudiopressError, EngineError
from audiopress.podcast.drafts import drafting
from audiopress.podcast.folder import write as write_file
from audiopress.podcast.library import FACTS
from audiopress.press import crew
from audiopress.press.making import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from audiopress.config import Settings
    from audiopress.podcast.drafts import Draft
    from audiopress.press.crew import Result
    from audiopress.press.line import Line, Reading
    from audiopress.sources.find import Found
    from audiopress.sources.read import Fetch

#: Jobs a worker may have waiting: the next one is there when it ends, and little is lost when a run is stopped.
AHEAD = 2
#: Times a job is given out whose process died under it: the machine's fault once, its own the second time.
TRIES = 2


class Board(Protocol):
    """Who is told how far a batch has come."""

    def begin(self, total: int, done: int, workers: int) -> None:
        """So many jobs, of which some were done by an earlier run."""

    def finished(self, source: str, title: str, seconds: float, status: str) -> None:
        """One more episode lies in the show, or is unchanged."""

    def failed(self, source: str, why: str) -> None:
        """One was given up."""

    def note(self, sentence: str) -> None:
        """Something that the user should know."""


@dataclass(slots=True)
class Tally:
    """What a batch came to."""

    total: int = 0
    done_before: int = 0
    produced: int = 0
    unchanged: int = 0
    seconds: float = 0.0  #: of sound made now
    failures: tuple[tuple[str, str], ...] = ()

    def report(self) -> dict[str, object]:
        """The tally as JSON."""
        failures = [{"source": source, "error": why} for source, why in self.failures]
        return asdict(self) | {"failures": failures, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class _Task:
    found: Found
    reading: Reading
    order: Order
    draft: Draft
    closing: ExitStack
    tries: int = 1


class Batch:
    """One run over many sources."""

    def __init__(self, settings: Settings, line: Line, queue: Queue, board: Board, fetch: Fetch) -> None:
        """``line`` reads and lands; the crew makes."""
        self._settings, self._line, self._queue, self._board, self._fetch = settings, line, queue, board, fetch
        self._tally = Tally()

    def run(self, sources: Iterable[Found], executor: Callable[[], Executor], workers: int, each: int = 0) -> Tally:
        """Make an episode of every source that is not done; ``executor()`` gives a new crew when one broke.

        ``each`` is how many utterances a worker speaks at once. A source that cannot be made is told and set aside.
        """
        found = {each_found.shown: each_found for each_found in sources}
        self._queue.fill(Job(key, self._stamp(one)) for key, one in found.items())
        waiting = self._queue.open_keys()
        todo = [key for key in found if key in waiting]
        self._tally = Tally(total=len(found), done_before=len(found) - len(todo))
        self._board.begin(len(found), self._tally.done_before, workers)
        self._line.catch_up()
        with ExitStack() as stack:
            self._make(iter([found[key] for key in todo]), executor, workers, each, stack)
        self._line.close_feed()
        return self._tally

    def _make(
        self,
        sources: Iterator[Found],
        executor: Callable[[], Executor],
        workers: int,
        each: int,
        stack: ExitStack,
    ) -> None:
        crew_now = executor()
        running: dict[Future[Result], _Task] = {}
        stack.callback(_abandon_all, running)
        more = True
        while more or running:
            while more and len(running) < AHEAD * workers:
                task = self._next(sources)
                more = task is not None
                if task:
                    running[self._given(crew_now, task, each)] = task
            if not running:
                continue
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            tasks = [(future, running.pop(future)) for future in ended]
            broken = [task for future, task in tasks if not self._landed(future, task)]
            if broken:  # the pool is gone, and with it all that it had
                broken += list(running.values())
                running.clear()
                crew_now.shutdown(wait=False, cancel_futures=True)
                crew_now = executor()
                for task in broken:
                    if task.tries > TRIES:
                        self._give_up(task, "its process died twice; the article may need more memory than there is")
                    else:
                        running[self._given(crew_now, task, each)] = task

    def _given(self, crew_now: Executor, task: _Task, each: int) -> Future[Result]:
        """The future of a task; that of a crew which broke just now is broken, too."""
        try:
            return crew_now.submit(crew.work, task.order, self._settings, each)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken

    def _next(self, sources: Iterator[Found]) -> _Task | None:
        """The next source that must be made, read and with its place in the show reserved."""
        for found in sources:
            try:
                reading = self._line.read(found, fetch=self._fetch)
                known = reading.unchanged
                if known:
                    self._queue.done(found.shown, known.slug)
                    self._tally.unchanged += 1
                    self._board.finished(found.shown, known.title, known.seconds, "unchanged")
                    continue
                with ExitStack() as opened:
                    draft = opened.enter_context(
                        drafting(self._settings.output, reading.name, reading.edition.identity)
                    )
                    order = Order(
                        reading.article, reading.edition, draft.slug, draft.guid, reading.published, draft.before
                    )
                    return _Task(found, reading, order, draft, opened.pop_all())
            except EngineError:
                raise  # no voice can speak: that is no fault of the article
            except AudiopressError as error:
                self._fail(found.shown, str(error))
        return None

    def _landed(self, future: Future[Result], task: _Task) -> bool:
        """Put what was made in its place; False where the process died that was making it."""
        try:
            result = future.result()
        except (BrokenProcessPool, CancelledError):
            task.tries += 1
            return False
        except AudiopressError as error:
            self._give_up(task, str(error))
            return True
        except Exception as error:  # noqa: BLE001 - a cluster's own errors: a worker that died again and again
            self._give_up(task, f"the cluster could not make it ({type(error).__name__}: {error})")
            return True
        for note in result.notes:
            self._board.note(note)
        facts = {name: data for name, data in result.files.items() if name != FACTS}
        for name, data in [*facts.items(), (FACTS, result.files[FACTS])]:
            write_file(task.draft.folder / name, data)
        task.closing.close()
        self._queue.done(task.found.shown, result.episode.slug)
        self._tally.produced += 1
        self._tally.seconds += result.episode.seconds
        self._line.landed()
        self._board.finished(task.found.shown, result.episode.title, result.episode.seconds, "produced")
        return True

    def _give_up(self, task: _Task, why: str) -> None:
        _abandon(task)
        self._fail(task.found.shown, why)

    def _fail(self, source: str, why: str) -> None:
        self._queue.failed(source, why)
        self._tally.failures = (*self._tally.failures, (source, why))
        self._board.failed(source, why)

    def _stamp(self, found: Found) -> str:
        """What changes when a source, or how its show is made, does."""
        made_by = hashlib.sha256(repr(self._settings).encode()).hexdigest()[:12]
        path = Path(found.name)
        if not path.is_file():
            return made_by
        facts = path.stat()
        return f"{facts.st_size} {facts.st_mtime_ns} {made_by}"


def _abandon(task: _Task) -> None:
    """Clear away a draft that will not be finished."""
    gone = InterruptedError("the episode was given up")
    with suppress(InterruptedError):
        task.closing.__exit__(type(gone), gone, None)


def _abandon_all(running: dict[Future[Result], _Task]) -> None:
    for task in running.values():
        _abandon(task)


def queue_path(data: Path, output: Path) -> Path:
    """Where the queue of a show is kept."""
    return data / "batch" / f"{hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:16]}.sqlite"
