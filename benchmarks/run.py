"""Run every benchmark, one at a time, and say which fell below its floors.

    make bench

Each prints its own table; those that need the developing data skip that part in a sentence when it is not there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_BENCHMARKS = {"__init__.py", "run.py"}


def main() -> None:
    """Run them in the order of their names."""
    failed = []
    for script in sorted(HERE.glob("*.py")):
        if script.name in NOT_BENCHMARKS:
            continue
        print(f"\n== {script.name}", flush=True)
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            failed.append(script.name)
    if failed:
        sys.exit("Below their floors: " + ", ".join(failed))


if __name__ == "__main__":
    main()
