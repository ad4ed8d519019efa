"""The command about this machine: doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress import doctor, terminal
from audiopress.cli.report import FAILED, OK, print_json
from audiopress.config import cache_folder

if TYPE_CHECKING:
    import argparse


def run_doctor(arguments: argparse.Namespace) -> int:
    """Check this machine; 1 if something needed does not work."""
    checks = doctor.examine(cache_folder())
    if arguments.json:
        print_json([check.report() for check in checks])
    else:
        terminal.show_checks(checks, terminal.standard_console())
    return OK if all(check.ok for check in checks) else FAILED
