"""The commands that work while nobody looks: watch and batch, and their flags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.cli.flags import fetching, reporting, speaking

if TYPE_CHECKING:
    import argparse


def unattended_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add them to the others."""
    watch = commands.add_parser("watch", help="look at feeds again and again, and make what is new into episodes")
    watch.add_argument("feed", nargs="*", metavar="FEED", help="default: the feeds of the show's audiopress.toml")
    watch.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    watch.add_argument("--once", action="store_true", help="look once and leave, for cron")
    watch.add_argument(
        "--bulletin",
        action="store_const",
        const="bulletin",
        dest="watch",
        help="keep stories for one bulletin a day; with --once it is made now",
    )
    watch.add_argument("--every", type=float, metavar="MINUTES", help="between two looks at a feed (default: 15)")
    watch.add_argument("--minutes", type=float, dest="bulletin_minutes", metavar="N", help="the length of the bulletin")
    publishing(watch)
    fetching(watch)
    speaking(watch)
    reporting(watch)
    watch.set_defaults(run="watch:run_watch")

    batch = commands.add_parser("batch", help="make thousands of articles into episodes, on all cores or on a cluster")
    batch.add_argument("source", nargs="+", metavar="SOURCE", help="as for produce")
    batch.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    batch.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, like tcp://10.0.0.5:8786")
    batch.add_argument("--report", type=Path, metavar="FILE", help="write the report there as JSON, too")
    publishing(batch)
    fetching(batch)
    speaking(batch)
    reporting(batch)
    batch.set_defaults(run="batch:run_batch")


def publishing(command: argparse.ArgumentParser) -> None:
    """The flag of commands that may send the show on."""
    command.add_argument(
        "--publish",
        nargs="?",
        const="",
        metavar="TARGET",
        help="send the show on to TARGET, or to those its audiopress.toml names",
    )
