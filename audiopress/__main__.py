"""``python -m audiopress`` and the ``audiopress`` command."""

import sys

from audiopress.cli import main


def run() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(main())


if __name__ == "__main__":
    run()
