"""Make the style tables of the Kokoro voices that ship, from the styles published with Kokoro-82M.

    npm pack kokoro-js && tar xzf kokoro-js-*.tgz
    .venv/bin/python training/voices/styles.py package/voices

The npm package kokoro-js carries all 54 styles (``voices/*.bin``, float32 of shape (510, 1, 256), Apache-2.0): one row
of 256 numbers for each length of an utterance in tokens. The first half of a row is the timbre, which goes to the
decoder, the second the prosody. A voice of ours mixes the rows of several styles, each half with its own shares; what
was tried and how it scored is in README.md beside this file, and search.py tries more.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

TARGET = Path(__file__).resolve().parent.parent.parent / "audiopress" / "tts" / "data"
HALF = 128  # numbers of timbre, then as many of prosody
#: By voice: the shares of the styles in its timbre and in its prosody.
RECIPES: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "arash": ({"em_alex": 1, "jm_kumo": 1, "ff_siwis": 1}, {"em_alex": 1, "jm_kumo": 1}),
    "nasim": ({"if_sara": 1, "ff_siwis": 1, "em_alex": 1}, {"if_sara": 2, "jm_kumo": 1, "jf_alpha": 1}),
}


def read_style(folder: Path, name: str) -> NDArray[np.float32]:
    """A published style: float32 (510, 256)."""
    return np.fromfile(folder / f"{name}.bin", np.float32).reshape(-1, 2 * HALF)


def mix(folder: Path, timbre: Mapping[str, float], prosody: Mapping[str, float]) -> NDArray[np.float32]:
    """The style table of a recipe: float32 (510, 256). Shares are taken of their sum."""
    halves = [
        np.average([read_style(folder, name) for name in shares], axis=0, weights=list(shares.values()))
        for shares in (timbre, prosody)
    ]
    table: NDArray[np.float32] = np.concatenate([halves[0][:, :HALF], halves[1][:, HALF:]], axis=1).astype(np.float32)
    return table


def main() -> None:
    """Write every table; half precision is enough, as rounding to it is far below a share of .01."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the voices folder of kokoro-js")
    chosen = parser.parse_args()
    for voice, (timbre, prosody) in RECIPES.items():
        path = TARGET / f"styles_{voice}.npy"
        np.save(path, mix(chosen.folder, timbre, prosody).astype(np.float16))
        print(path)


if __name__ == "__main__":
    main()
