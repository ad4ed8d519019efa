"""What every command ends with: an exit code, and what it says on standard output and standard error."""

from __future__ import annotations

import json
import sys

from audiopress.config import cache_folder, data_folder
from audiopress.tts.engine import Places

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def print_json(value: object) -> None:
    """Print JSON that keeps Persian readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def complain(sentence: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"audiopress: {' '.join(sentence.split())}\n")


def places() -> Places:
    """The folders of this machine that engines use."""
    return Places(cache_folder(), data_folder())
