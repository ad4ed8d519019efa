"""The commands that run the line, or a part of it: produce, script, text and say."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiopress import press, terminal
from audiopress.cli.report import FAILED, OK, complain, places, print_json
from audiopress.cli.show import publish
from audiopress.config import load_settings
from audiopress.errors import AudiopressError, SourceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from audiopress.press import Outcome

SPEAKING = ("voice", "rate", "pitch", "volume", "fallback", "on_failure")
BATCH = 1000  # lines handed to a filter at a time: enough to hide Python's input and output costs


def speaking(arguments: argparse.Namespace) -> dict[str, object]:
    """The settings that the flags of speaking name."""
    return {key: getattr(arguments, key) for key in SPEAKING}


def run_produce(arguments: argparse.Namespace) -> int:
    """Produce every article; one that fails is told and does not stop the others."""
    flags = speaking(arguments) | {"title": arguments.title, "format": arguments.format}
    settings = load_settings(arguments.output, flags)
    outcomes: list[Outcome] = []
    failures: list[tuple[str, str]] = []
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.open_web(private=arguments.allow_private) as fetch,
        press.Line(settings, places(), reporter, arguments.workers) as line,
    ):
        sources = press.find(arguments.source, fetch)
        if arguments.join and not arguments.dry_run:
            outcomes.append(line.produce_joined(arguments.join, sources, force=arguments.force, fetch=fetch))
            reporter.end()
            sources = ()
        for source in sources:
            try:
                if arguments.dry_run:
                    outcomes.append(line.rehearse(source, fetch=fetch))
                else:
                    outcomes.append(line.produce(source, force=arguments.force, fetch=fetch))
            except AudiopressError as error:
                if len(sources) == 1:
                    raise
                failures.append((source.shown, str(error)))
            finally:
                reporter.end()
    if arguments.json:
        report = {
            "episodes": [outcome.report() for outcome in outcomes],
            "failures": [{"source": source, "error": sentence} for source, sentence in failures],
            "notes": reporter.notes,
        }
        print_json(report)
    elif not arguments.quiet:
        terminal.show_outcomes(outcomes, terminal.standard_console())
    for _, sentence in failures:
        complain(sentence)
    sent = OK
    if arguments.publish is not None and not arguments.dry_run and not failures:
        sent = publish(arguments, settings, [arguments.publish] if arguments.publish else settings.publish)
    return FAILED if failures else sent


def run_script(arguments: argparse.Namespace) -> int:
    """Print the script of one article."""
    settings = load_settings(arguments.output, {})
    with press.open_web(private=arguments.allow_private) as fetch:
        found = press.find([arguments.source], fetch)
        if len(found) > 1:
            raise SourceError(f"{arguments.source} holds {len(found)} articles; name one of them.")
        written = press.write(found[0], fetch=fetch)
    article = press.framed(written, settings, datetime.now(UTC).astimezone())
    script, segments = press.read_aloud(article, press.load_own(settings.output))
    if arguments.json:
        print_json(press.script_report(script, segments))
    else:
        terminal.show_script(script, segments, terminal.standard_console())
    return OK


def run_text(arguments: argparse.Namespace) -> int:
    """Run one stage of the line as a filter over standard input."""
    stage: Callable[[str], str] = press.FILTERS[arguments.stage]
    with open(sys.stdin.fileno(), encoding="utf-8-sig", errors="replace", newline="\n", closefd=False) as lines:
        filter_lines(lines, stage)
    return OK


def filter_lines(lines: Iterable[str], stage: Callable[[str], str]) -> None:
    """Write ``stage(line)`` for every line, in blocks, so that the filter is as fast as the stage."""
    block: list[str] = []

    def flush() -> None:
        sys.stdout.write("".join(block))
        sys.stdout.flush()
        block.clear()

    for line in lines:
        # A stage may see other line separators (U+2028, form feed) inside a line: they must not become a second line.
        block.append(" ".join(stage(line.rstrip("\r\n")).splitlines()) + "\n")
        if len(block) >= BATCH or sys.stdin.isatty():
            flush()
    flush()


def run_say(arguments: argparse.Namespace) -> int:
    """Speak one text into a file."""
    settings = load_settings(None, speaking(arguments))
    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.Line(settings, places(), reporter, arguments.workers) as line,
    ):
        outcome = line.say(text, arguments.output)
    tell(arguments, outcome, reporter.notes)
    return OK


def run_brief(arguments: argparse.Namespace) -> int:
    """Speak a digest of a show's newest episodes into a file."""
    settings = load_settings(arguments.output, speaking(arguments))
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.Line(settings, places(), reporter, arguments.workers) as line,
    ):
        outcome = line.brief(arguments.file, stories=max(1, arguments.stories), full=arguments.full)
    tell(arguments, outcome, reporter.notes)
    return OK


def tell(arguments: argparse.Namespace, outcome: Outcome, notes: list[str]) -> None:
    """Say what became of the one thing that was made."""
    if arguments.json:
        print_json(outcome.report() | {"notes": notes})
    elif not arguments.quiet:
        terminal.show_outcomes([outcome], terminal.standard_console())
