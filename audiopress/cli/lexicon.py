"""The commands that settle how words are said: lexicon add, remove, list and check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress import terminal
from audiopress.cli.report import FAILED, OK, print_json
from audiopress.press import own

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def run_add(arguments: argparse.Namespace) -> int:
    """Settle a word and say what is heard now."""
    tell(arguments, [own.add(arguments.word, arguments.reading, arguments.output)])
    return OK


def run_remove(arguments: argparse.Namespace) -> int:
    """Take a word out of its lexicon."""
    path = own.remove(arguments.word, arguments.output)
    if arguments.json:
        print_json({"removed": arguments.word, "file": str(path)})
    elif not arguments.quiet:
        terminal.standard_console().print(f"Removed from {path}.", highlight=False, markup=False)
    return OK


def run_list(arguments: argparse.Namespace) -> int:
    """Show every entry that applies."""
    tell(arguments, own.settled(arguments.output))
    return OK


def run_check(arguments: argparse.Namespace) -> int:
    """Show the entries that should be looked at; there are some: exit code 1."""
    entries = [entry for entry in own.settled(arguments.output) if entry.notes]
    if entries or arguments.json:
        tell(arguments, entries)
    else:
        terminal.standard_console().print("[green]✓[/] nothing to mend", highlight=False)
    return FAILED if entries else OK


def tell(arguments: argparse.Namespace, entries: Sequence[own.Settled]) -> None:
    """Print entries as JSON or as a table."""
    if arguments.json:
        print_json({"entries": [entry.report() for entry in entries]})
    elif not getattr(arguments, "quiet", False):
        if entries:
            terminal.show_lexicon(entries, terminal.standard_console())
        else:
            terminal.standard_console().print(
                'There are no entries; settle a word with: audiopress lexicon add WORD "READING"', highlight=False
            )
