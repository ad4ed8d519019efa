"""Make audiopress/tts/data/align.npz from nothing: speak, spoil, fit.

    npm pack kokoro-js && tar xzf kokoro-js-*.tgz
    nice -n 10 .venv/bin/python -m training.align.build package/voices SPEECH

SPEECH is a folder for what is spoken (130 MB); what lies there from an earlier run is not spoken again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the three steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voices", type=Path, help="the voices folder of the npm package kokoro-js")
    parser.add_argument("speech", type=Path, help="the folder for what is spoken")
    chosen = parser.parse_args()
    voices, speech = str(chosen.voices), str(chosen.speech)
    steps = {"espeak": [speech], "kokoro": [voices, speech], "fit": [speech]}
    # The products are small: with more threads numpy's library spends ten times as long waiting for them.
    surroundings = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    for name, arguments in steps.items():
        if not (chosen.speech / f"{name}-other.npz").is_file():
            subprocess.run([sys.executable, "-m", f"training.align.{name}", *arguments], check=True, env=surroundings)


if __name__ == "__main__":
    main()
