"""The command batch: many articles, on all cores or on a cluster."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from audiopress import press, terminal
from audiopress.batch.queue import Queue
from audiopress.cli.line import speaking
from audiopress.cli.report import FAILED, OK, complain, places, print_json
from audiopress.cli.show import publish
from audiopress.config import data_folder, load_settings
from audiopress.disk import write_whole
from audiopress.errors import OutputError
from audiopress.press import crew
from audiopress.press.batching import Batch, queue_path
from audiopress.terminal_board import Board

if TYPE_CHECKING:
    import argparse
    from concurrent.futures import Executor

    from audiopress.press.batching import Tally


def run_batch(arguments: argparse.Namespace) -> int:
    """Make every source into an episode; those that cannot be made are told and do not stop the others."""
    settings = load_settings(arguments.output, speaking(arguments))
    quiet = arguments.quiet or arguments.json
    with ExitStack() as stack:
        queue = stack.enter_context(Queue(queue_path(data_folder(), settings.output)))
        board = stack.enter_context(Board(quiet=quiet))
        fetch = stack.enter_context(press.open_web(private=arguments.allow_private))
        line = stack.enter_context(press.Line(settings, places(), terminal.Reporter(quiet=True)))
        sources = press.find(arguments.source, fetch)
        batch = Batch(settings, line, queue, board, fetch)
        if arguments.cluster:
            executor, workers = stack.enter_context(crew.cluster(arguments.cluster))
            tally = batch.run(sources, lambda: executor, workers, arguments.workers)
        else:
            count = crew.processes(arguments.workers)

            def pool() -> Executor:
                return stack.enter_context(crew.local(count))

            tally = batch.run(sources, pool, count, 1)
    tell(arguments, tally, board.notes)
    sent = OK
    if arguments.publish is not None and not tally.failures:
        sent = publish(arguments, settings, [arguments.publish] if arguments.publish else settings.publish)
    return FAILED if tally.failures else sent


def tell(arguments: argparse.Namespace, tally: Tally, notes: list[str]) -> None:
    """Say what the batch came to, on the terminal, as JSON, in a file."""
    report = tally.report() | {"notes": notes}
    if arguments.report:
        try:
            write_whole(arguments.report, (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
        except OSError as error:
            raise OutputError(f"{arguments.report} cannot be written ({error.strerror or error}).") from error
    if arguments.json:
        print_json(report)
    elif not arguments.quiet:
        terminal.standard_console().print(
            f"{tally.produced} produced, {tally.unchanged} unchanged, {tally.done_before} done before, "
            f"{len(tally.failures)} failed; {terminal.clock(tally.seconds)} of sound.",
            highlight=False,
        )
    for source, why in tally.failures:
        complain(f"{source}: {why}" if source not in why else why)
