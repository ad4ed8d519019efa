"""The command line: parse → one library call → report → exit code.

Exit codes: 0 done · 1 something went wrong, said in one sentence · 2 wrong usage · 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from audiopress.cli.parser import parser
from audiopress.cli.report import FAILED, INTERRUPTED, OK, USAGE, complain
from audiopress.errors import AudiopressError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Persian must print under LANG=C too
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.version:
        from importlib.metadata import version  # noqa: PLC0415 - slow to import, and seldom asked for

        sys.stdout.write(f"audiopress {version('audiopress')}\n")
        return OK
    if arguments.command is None:
        top.print_help()
        return USAGE
    try:
        room, _, name = arguments.run.partition(":")
        status: int = getattr(import_module(f"audiopress.cli.{room}"), name)(arguments)
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
