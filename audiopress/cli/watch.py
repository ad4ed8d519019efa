"""The command watch: feeds looked at again and again."""

from __future__ import annotations

import hashlib
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from audiopress import press, terminal
from audiopress.cli.line import speaking
from audiopress.cli.report import FAILED, OK, complain, places, print_json
from audiopress.cli.show import publish
from audiopress.config import data_folder, load_settings
from audiopress.errors import AudiopressError, Busy, ConfigError
from audiopress.press.watching import Watcher, again, stories_from
from audiopress.settings import WATCHES
from audiopress.sources.fetch import Fetcher, Limits
from audiopress.sources.polite import Polite
from audiopress.watch.state import State

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from audiopress.config import Settings
    from audiopress.press.watching import Round

WATCHING = ("watch", "every", "bulletin_minutes")
REST = 30.0  # seconds between two looks at the clock
PATIENCE = 600.0  # seconds that one look waits for another


def run_watch(arguments: argparse.Namespace) -> int:
    """Look at the feeds, once or until Ctrl-C."""
    flags = speaking(arguments) | {key: getattr(arguments, key) for key in WATCHING}
    settings = load_settings(arguments.output, flags)
    watch = stories_from(arguments.feed, settings.watch)
    if not watch.feeds:
        raise ConfigError("Which feeds? Name some, or set feeds in the show's audiopress.toml.")
    name = hashlib.sha256(str(settings.output.resolve()).encode()).hexdigest()[:16]
    with ExitStack() as stack:
        reporter = stack.enter_context(terminal.Reporter(quiet=arguments.quiet or arguments.json))
        state = stack.enter_context(memory(data_folder() / "watch" / name / "watch.sqlite", arguments, reporter))
        line = stack.enter_context(press.Line(settings, places(), reporter, arguments.workers))
        web = Polite(stack.enter_context(Fetcher(Limits(private=arguments.allow_private))))
        watcher = Watcher(watch, state, web, line, reporter)
        if arguments.once:
            return once(arguments, settings, watcher)
        while True:
            try:
                look(arguments, settings, watcher, bulletin=is_time(watch.at))
            except AudiopressError as error:  # a full disk, a voice that is down: it may be mended meanwhile
                complain(str(error))
            time.sleep(REST)


def memory(path: Path, arguments: argparse.Namespace, reporter: terminal.Reporter) -> State:
    """What the watch of a show remembers; one look waits for another to end, so that cron lines may meet."""
    try:
        return State(path)
    except Busy:
        if not arguments.once:
            raise
        reporter.note("Another watch is at work on this show; waiting for it to end.")
        return State(path, patience=PATIENCE)


def once(arguments: argparse.Namespace, settings: Settings, watcher: Watcher) -> int:
    """One look, and the bulletin of the day with it where its time has come or the command line asks for it."""
    asked = arguments.watch == WATCHES[1]
    found, sent = look(arguments, settings, watcher, bulletin=asked or is_time(settings.watch.at))
    if arguments.json:
        print_json(found.report())
    elif not arguments.quiet:
        tell(found)
    return FAILED if found.failed or sent != OK else OK


def tell(found: Round) -> None:
    """The look in a line, and when the feeds that were left alone are asked again."""
    console = terminal.standard_console()
    counts = (len(found.made), len(found.same), len(found.aside))
    summary = "{} feeds asked, {} new stories: {} episodes, {} told already, {} set aside."
    console.print(summary.format(found.feeds, found.stories, *counts), highlight=False)
    for feed in found.resting:
        when = again(feed)
        told = f"{feed.url} is asked again at {when[11:16]}" if when else f"{feed.url} is not asked any more"
        console.print(f"{told} ({feed.error})" if feed.error else f"{told}.", highlight=False, markup=False)


def look(arguments: argparse.Namespace, settings: Settings, watcher: Watcher, *, bulletin: bool) -> tuple[Round, int]:
    """One look at all feeds that are due; what it made is shown, put into the feed and published."""
    found = watcher.look()
    made = list(found.made)
    if settings.watch.bulletin and bulletin:
        outcome = watcher.bulletin(datetime.now(UTC).astimezone())
        made += [outcome] if outcome else []
    found = found.with_made(made)
    if not (arguments.json or arguments.quiet) and (made or found.same or found.aside):
        console = terminal.standard_console()
        terminal.show_outcomes(made, console)
        for title, other in found.same:
            console.print(terminal.persian(console, f"«{title}» = «{other}»", console.width))
    sent = OK
    if made and arguments.publish is not None:
        watcher.close_feed()
        arguments.dry_run = False
        sent = publish(arguments, settings, [arguments.publish] if arguments.publish else settings.publish)
    return found, sent


def is_time(at: str, now: datetime | None = None) -> bool:
    """Whether the time of the day's bulletin has come: from ``"07:00"`` on, for six hours.

    ``is_time("07:00", datetime(2026, 11, 22, 9, 30))`` → ``True``.
    """
    now = now or datetime.now(UTC).astimezone()
    hour, minute = map(int, at.split(":"))
    since = now - now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return timedelta(0) <= since < timedelta(hours=6)
