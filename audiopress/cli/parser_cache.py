"""The flags of the commands that look after the user's cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.cli.flags import reporting

if TYPE_CHECKING:
    import argparse


def cache_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that look after the user's cache."""
    cache = commands.add_parser("cache", help="see how much is kept of what was spoken, or delete it")
    actions = cache.add_subparsers(dest="action", metavar="ACTION", required=True)
    info = actions.add_parser("info", help="show what is kept, and where")
    info.add_argument("--output", type=Path, metavar="DIR", help="the show whose cache_size applies (default: output)")
    info.add_argument("--json", action="store_true", help="print JSON instead of a table")
    info.set_defaults(run="cache:run_info")
    clear = actions.add_parser("clear", help="delete the clips; what a running audiopress uses stays")
    what = clear.add_mutually_exclusive_group()
    what.add_argument("--voice", metavar="NAME", help="only the clips of one voice")
    what.add_argument("--old", action="store_true", help="only converted models that are not used any more")
    what.add_argument("--all", action="store_true", help="clips, converted models and music")
    reporting(clear)
    clear.set_defaults(run="cache:run_clear")
