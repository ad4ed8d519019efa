"""Make the style tables of the Kokoro voices that ship, from the styles published with Kokoro-82M.

    npm pack kokoro-js && tar xzf kokoro-js-*.tgz
    .venv/bin/python training/voices/styles.py package/voices

The npm package kokoro-js carries all 54 styles (``voices/*.bin``, float32 of shape (510, 1, 256), Apache-2.0): one row
of 256 numbers for each length of an utterance in tokens. The first half of a row is the timbre, which goes to the
decoder, the second the prosody. A voice of ours is a recipe, ``recipes/NAME.json``: for each half the share of every
style and how much it grows with each doubling of the length, and one offset, in standard deviations of the styles, that
is added to every row. search.py finds recipes (``--recipe FILE.npz NAME`` here writes one down); README.md beside this
file says how they scored.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET = Path(__file__).resolve().parent.parent.parent / "audiopress" / "tts" / "data"
RECIPES = Path(__file__).resolve().parent / "recipes"
HALF = 128  # numbers of timbre, then as many of prosody
MIDDLE = 110  # tokens of a usual sentence, at which the shares hold
HALVES = ("timbre", "prosody")


def read_styles(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Every published style by name, each float32 (510, 256)."""
    return {path.stem: np.fromfile(path, np.float32).reshape(-1, 2 * HALF) for path in sorted(folder.glob("*.bin"))}


def mix(styles: dict[str, NDArray[np.float32]], recipe: Path) -> NDArray[np.float32]:
    """The style table of a recipe: float32 (510, 256)."""
    chosen = json.loads(recipe.read_text(encoding="utf-8"))
    every = np.stack(list(styles.values()))
    turns = np.log2(np.arange(1, every.shape[1] + 1) / MIDDLE)
    table = np.array(chosen["offset"]) * every[:, MIDDLE].std(0, ddof=1) * np.ones((every.shape[1], 1))
    for half, name in enumerate(HALVES):
        place = slice(half * HALF, (half + 1) * HALF)
        for style, (share, slope) in chosen[name].items():
            table[:, place] += (share + slope * turns)[:, None] * styles[style][:, place]
    return table.astype(np.float32)


def write_recipe(found: Path, name: str, folder: Path) -> None:
    """Write down what search.py found, to four places."""
    names = sorted(path.stem for path in folder.glob("*.bin"))
    with np.load(found) as kept:
        shares, slopes, offset = kept["shares"], kept["slopes"], kept["offset"]
    recipe = {
        half: {
            style: [round(float(shares[row, place]), 4), round(float(slopes[row, place]), 4)]
            for place, style in enumerate(names)
        }
        for row, half in enumerate(HALVES)
    }
    text = json.dumps({**recipe, "offset": [round(float(number), 4) for number in offset]}, indent=None)
    RECIPES.mkdir(exist_ok=True)
    lines = text.replace('"timbre"', '\n"timbre"').replace('"prosody"', '\n"prosody"').replace('"offset"', '\n"offset"')
    (RECIPES / f"{name}.json").write_text(lines + "\n", encoding="utf-8")


def main() -> None:
    """Write every table; half precision is enough, as rounding to it is far below a share of .01."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the voices folder of kokoro-js")
    parser.add_argument("--recipe", nargs=2, metavar=("FILE", "NAME"), help="first write down what a search found")
    parser.add_argument("--to", type=Path, default=TARGET)
    chosen = parser.parse_args()
    if chosen.recipe:
        write_recipe(Path(chosen.recipe[0]), chosen.recipe[1], chosen.folder)
    styles = read_styles(chosen.folder)
    for recipe in sorted(RECIPES.glob("*.json")):
        path = chosen.to / f"styles_{recipe.stem}.npy"
        np.save(path, mix(styles, recipe).astype(np.float16))
        print(path)


if __name__ == "__main__":
    main()
