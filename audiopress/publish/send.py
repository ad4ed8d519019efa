"""Sending the files of a show: what changed, media first, the feed last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from audiopress.errors import PublishError
from audiopress.publish.patience import counting, patiently
from audiopress.publish.plan import FEED, Action, Report, plan
from audiopress.publish.targets import BucketTarget, FolderTarget, ServerTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audiopress.publish.files import LocalFile
    from audiopress.publish.patience import Progress
    from audiopress.publish.plan import Step
    from audiopress.publish.store import Store
    from audiopress.publish.targets import FileTarget


def send_files(
    target: FileTarget,
    files: Sequence[LocalFile],
    progress: Progress,
    *,
    dry_run: bool = False,
    delete: bool = False,
) -> Report:
    """Make a target hold the files of a show, as `survey` found them; return what was done.

    Media arrive before pages, pages before the feed, so that nobody reads of a file that is not there; if a file fails,
    nothing of a later wave is sent. What is there already stays as it is. ``delete`` removes what is a show's and not
    among the files, at the end. ``dry_run`` only says what would be done.

    Raises:
        PublishError: the target cannot be used, or a file was not taken; what has arrived stays, and the next run goes
            on from there.
    """
    if not any(file.wave == FEED for file in files):
        raise PublishError("The show has no feed.xml yet; make an episode with audiopress produce, or check --output.")
    with closing(open_store(target)) as store:
        theirs = patiently(partial(store.compare, files), progress)
        steps = plan(files, theirs, delete=delete)
        progress.begin(str(target), len(steps), sum(step.size for step in steps))
        if dry_run:
            for step in steps:
                progress.step(step.action, step.name)
        else:
            _carry_out(store, steps, {file.name: file for file in files}, progress)
    kept = sum(theirs.get(file.name, False) for file in files)
    return Report(str(target), steps, kept, dry_run)


def open_store(target: FileTarget) -> Store:
    """Return the place a target names; its library is loaded now."""
    match target:
        case FolderTarget():
            from audiopress.publish.folder import FolderStore  # noqa: PLC0415 - one of several

            return FolderStore(target)
        case BucketTarget():
            from audiopress.publish.s3 import BucketStore  # noqa: PLC0415 - needs an extra

            return BucketStore(target)
        case ServerTarget():
            from audiopress.publish.sftp import ServerStore  # noqa: PLC0415 - needs an extra

            return ServerStore(target)


def _carry_out(store: Store, steps: Sequence[Step], own: Mapping[str, LocalFile], progress: Progress) -> None:
    """Do the steps, wave after wave; the first that fails ends it when those that are on their way have arrived."""

    def wave(step: Step) -> int:
        return FEED + 1 if step.action is Action.REMOVE else own[step.name].wave

    for _, together in groupby(steps, wave):
        if store.parallel == 1:  # in this thread, so that Ctrl-C need not wait for the end of a file
            for step in together:
                _one(store, step, own.get(step.name), progress)
                progress.step(step.action, step.name)
            continue
        with ThreadPoolExecutor(store.parallel) as pool:
            running = {pool.submit(_one, store, step, own.get(step.name), progress): step for step in together}
            try:
                for future in as_completed(running):
                    future.result()
                    progress.step(running[future].action, running[future].name)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _one(store: Store, step: Step, file: LocalFile | None, progress: Progress) -> None:
    """Do one step, again and again while that may help."""
    if file is None:
        patiently(partial(store.remove, step.name), progress)
        return
    patiently(partial(_put, store, file, progress.moved), progress)


def _put(store: Store, file: LocalFile, moved: Callable[[int], None]) -> None:
    """Send a file; bytes that have to be sent again are taken back."""
    with counting(moved) as counted:
        store.put(file, counted)
