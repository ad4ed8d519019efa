"""Flags that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.settings import ON_FAILURE

if TYPE_CHECKING:
    import argparse


def speaking(command: argparse.ArgumentParser) -> None:
    """The flags of commands that speak."""
    command.add_argument("--voice", metavar="NAME", help="for all of it, see audiopress voices")
    command.add_argument("--rate", type=float, metavar="FACTOR", help="1.1 is a tenth faster")
    command.add_argument("--pitch", type=float, metavar="SEMITONES", help="-2 is two semitones lower")
    command.add_argument("--volume", type=float, metavar="DB", help="against the level of the programme")
    command.add_argument("--on-failure", choices=ON_FAILURE, help="what happens when a voice fails (default: stop)")
    command.add_argument(
        "--fallback", nargs="+", metavar="NAME", help="the voices that take over then, for the whole episode"
    )
    command.add_argument(
        "--workers", type=int, default=0, metavar="N", help="utterances spoken at once (default: as many as it takes)"
    )


def fetching(command: argparse.ArgumentParser) -> None:
    """The flags of commands that may read from the web."""
    command.add_argument(
        "--allow-private", action="store_true", help="let addresses of this machine and of private networks be asked"
    )


def reporting(command: argparse.ArgumentParser) -> None:
    """The flags of commands that do long work."""
    command.add_argument("--json", action="store_true", help="print a JSON report on standard output, and no progress")
    command.add_argument("--quiet", action="store_true", help="print nothing but errors")
