"""The command line: parse → one library call → report → exit code.

Exit codes: 0 done · 1 something went wrong, said in one sentence · 2 wrong usage · 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.errors import AudiopressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audiopress.press import Outcome

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
BATCH = 1000  # lines handed to a filter at a time: enough to hide Python's input and output costs


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(
        prog="audiopress", description="Turn Persian news articles into podcast episodes, offline."
    )
    top.add_argument("--version", action="store_true", help="print the version and leave")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    produce = commands.add_parser("produce", help="turn articles into episodes and put them in the feed")
    produce.add_argument(
        "source", nargs="+", metavar="SOURCE", help="a .txt or .md file, a folder of them, or - for stdin"
    )
    produce.add_argument("--voice", metavar="NAME", help="see audiopress voices")
    produce.add_argument("--output", type=Path, metavar="DIR", help="the folder to publish into (default: output)")
    produce.add_argument("--show", metavar="TITLE", help="the title of the show")
    produce.add_argument("--force", action="store_true", help="make episodes anew even if nothing changed")
    produce.add_argument("--dry-run", action="store_true", help="say how long each episode would be, and write nothing")
    reporting(produce)
    produce.set_defaults(run=run_produce)

    script = commands.add_parser("script", help="show what will be said, without speaking")
    script.add_argument("source", metavar="SOURCE", help="a .txt or .md file, or - for stdin")
    script.add_argument(
        "--output", type=Path, metavar="DIR", help="the show whose lexicon.tsv applies (default: output)"
    )
    script.add_argument("--json", action="store_true", help="print JSON instead of a table")
    script.set_defaults(run=run_script)

    text = commands.add_parser("text", help="filters: one line in, one line out")
    stages = text.add_subparsers(dest="stage", metavar="STAGE", required=True)
    for name, purpose in (
        ("spacing", "restore half-spaces"),
        ("normalize", "write everything out as spoken words"),
        ("phonemize", "turn text into phonemes (IPA), words separated by a space"),
    ):
        stages.add_parser(name, help=purpose, description=f"Read lines on standard input and {purpose}.")
    text.set_defaults(run=run_text)

    say = commands.add_parser("say", help="speak a text into an audio file")
    say.add_argument("text", metavar="TEXT", help="Persian text, or - for stdin")
    say.add_argument(
        "-o", "--output", type=Path, metavar="FILE", default=Path("say.mp3"), help=".mp3 or .wav (default: say.mp3)"
    )
    say.add_argument("--voice", metavar="NAME", help="see audiopress voices")
    reporting(say)
    say.set_defaults(run=run_say)

    voices = commands.add_parser("voices", help="list the voices")
    voices.add_argument("--json", action="store_true", help="print JSON instead of a table")
    voices.set_defaults(run=run_voices)

    doctor = commands.add_parser("doctor", help="say what works on this machine, and what to do about the rest")
    doctor.add_argument("--json", action="store_true", help="print JSON instead of lines")
    doctor.set_defaults(run=run_doctor)
    return top


def reporting(command: argparse.ArgumentParser) -> None:
    """The flags of commands that do long work."""
    command.add_argument("--json", action="store_true", help="print a JSON report on standard output, and no progress")
    command.add_argument("--quiet", action="store_true", help="print nothing but errors")


def run_produce(arguments: argparse.Namespace) -> int:
    """Produce every article; one that fails is told and does not stop the others."""
    from audiopress import press, terminal  # noqa: PLC0415  (here and below: --help must not wait for what it does not use)
    from audiopress.config import cache_folder, load_settings  # noqa: PLC0415

    settings = load_settings(arguments.output, {"voice": arguments.voice, "show": arguments.show})
    sources = press.find(arguments.source)
    outcomes: list[Outcome] = []
    failures: list[tuple[str, str]] = []
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.Line(settings, cache_folder(), reporter) as line,
    ):
        for source in sources:
            try:
                made = line.rehearse(source) if arguments.dry_run else line.produce(source, force=arguments.force)
                outcomes.append(made)
            except AudiopressError as error:
                if len(sources) == 1:
                    raise
                failures.append((source, str(error)))
            finally:
                reporter.end()
    if arguments.json:
        report = {
            "episodes": [outcome.report() for outcome in outcomes],
            "failures": [{"source": source, "error": sentence} for source, sentence in failures],
        }
        print_json(report)
    elif not arguments.quiet:
        terminal.show_outcomes(outcomes, terminal.standard_console())
    for _, sentence in failures:
        complain(sentence)
    return FAILED if failures else OK


def run_script(arguments: argparse.Namespace) -> int:
    """Print the script of one article."""
    from audiopress import press, terminal  # noqa: PLC0415
    from audiopress.config import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.output, {})
    script, segments = press.read_aloud(press.write(arguments.source), press.show_readings(settings.output))
    if arguments.json:
        print_json(press.script_report(script, segments))
    else:
        terminal.show_script(script, segments, terminal.standard_console())
    return OK


def run_text(arguments: argparse.Namespace) -> int:
    """Run one stage of the line as a filter over standard input."""
    from audiopress import press  # noqa: PLC0415

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
    from audiopress import press, terminal  # noqa: PLC0415
    from audiopress.config import cache_folder, load_settings  # noqa: PLC0415

    settings = load_settings(None, {"voice": arguments.voice})
    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.Line(settings, cache_folder(), reporter) as line,
    ):
        outcome = line.say(text, arguments.output)
    if arguments.json:
        print_json(outcome.report())
    elif not arguments.quiet:
        terminal.show_outcomes([outcome], terminal.standard_console())
    return OK


def run_voices(arguments: argparse.Namespace) -> int:
    """List every voice and whether it can be used here."""
    from audiopress import doctor, terminal  # noqa: PLC0415

    rows = doctor.voice_rows()
    if arguments.json:
        print_json([row.report() for row in rows])
    else:
        table = [(row.name, row.engine, row.gender, row.state, row.licence, row.description) for row in rows]
        header = ("name", "engine", "gender", "state", "licence", "what it is")
        terminal.show_rows(table, header, terminal.standard_console())
    return OK


def run_doctor(arguments: argparse.Namespace) -> int:
    """Check this machine; 1 if something needed does not work."""
    from audiopress import doctor, terminal  # noqa: PLC0415
    from audiopress.config import cache_folder  # noqa: PLC0415

    checks = doctor.examine(cache_folder())
    if arguments.json:
        print_json([check.report() for check in checks])
    else:
        terminal.show_checks(checks, terminal.standard_console())
    return OK if all(check.ok for check in checks) else FAILED


def print_json(value: object) -> None:
    """Print JSON that keeps Persian readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def complain(sentence: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"audiopress: {' '.join(sentence.split())}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Persian must print under LANG=C too
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.version:
        from importlib.metadata import version  # noqa: PLC0415

        sys.stdout.write(f"audiopress {version('audiopress')}\n")
        return OK
    if arguments.command is None:
        top.print_help()
        return USAGE
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except AudiopressError as error:
        complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        complain("stopped; what was spoken is kept, and the next run goes on from there.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (head, say) has seen enough; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return status
