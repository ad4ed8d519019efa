"""The commands for listeners: serve, listen and playlist."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from audiopress import shows, terminal
from audiopress.cli.report import OK, places, print_json
from audiopress.config import Settings, load_settings

if TYPE_CHECKING:
    import argparse

    from audiopress.model import Episode, Show


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from audiopress.listen.server import serve  # noqa: PLC0415 - listen in the terminal needs no server

    console = terminal.standard_console()

    def announce(line: str) -> None:
        if not arguments.quiet:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
            sys.stdout.flush()  # whoever reads the address through a pipe waits for it

    output = arguments.output or Settings().output
    serve(
        output,
        host=arguments.host,
        port=arguments.port,
        positions=not arguments.no_positions,
        qr=console.is_terminal,  # in a pipe its colours would be signs
        announce=announce,
    )
    return OK


def run_listen(arguments: argparse.Namespace) -> int:
    """Play in the terminal until the end, or until the listener leaves."""
    from audiopress.listen.terminal import listen  # noqa: PLC0415 - the server needs no sound device

    settings = load_settings(arguments.output, {"voice": arguments.voice})
    console = terminal.standard_console()
    with ExitStack() as stack:
        announcer = None
        if arguments.announce:
            from audiopress import press  # noqa: PLC0415 - only who asks for announcements waits for a voice

            folder = Path(stack.enter_context(TemporaryDirectory(prefix="audiopress-")))
            line = stack.enter_context(press.Line(settings, places(), terminal.Reporter(quiet=True)))
            announcer = press.Announcer(line, folder)
        return listen(
            arguments.target,
            output=settings.output,
            catalogue=read_show,
            console=console,
            shape=terminal.layout(console),
            device=arguments.device,
            announcer=announcer,
        )


def read_show(folder: Path) -> tuple[Show, tuple[Episode, ...]]:
    """A show's settings and its episodes, newest first."""
    settings = load_settings(folder, {})
    return settings.show, shows.episodes(settings)


def run_playlist(arguments: argparse.Namespace) -> int:
    """Write a playlist."""
    path = shows.write_playlist(load_settings(arguments.output, {}), arguments.file)
    if arguments.json:
        print_json({"file": str(path)})
    elif not arguments.quiet:
        terminal.standard_console().print(f"{path} is written.", highlight=False)
    return OK
