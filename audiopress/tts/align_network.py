"""The classifier of speech sounds: how likely each phoneme, or silence, is in each frame.

A small convolutional network in numpy. Its weights, in half precision, and what the search needs to know of the
phonemes lie in data/align.npz; training/align/README.md says how they were made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiopress.tts.align_product import product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DATA = Path(__file__).parent / "data" / "align.npz"
#: What a frame can be: silence, then the phonemes of pronounce.phonemes.
SOUNDS = ("", *"bptdkɡqʔfvszʃʒxh", "tʃ", "dʒ", *"mnlrjæeoɒiu")
#: Frames beside the middle one that each layer looks at: together 150 ms to both sides.
TAPS = ((-2, -1, 0, 1, 2), (-2, 0, 2), (-4, 0, 4), (-7, 0, 7))


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: weights (taps, inputs, outputs) and biases."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """The layers, the last of which looks at its own frame only; and by sound its log share and mean frames."""

    layers: tuple[Layer, ...]
    shares: NDArray[np.float32]  #: natural logarithm of the share of frames each sound has
    lengths: NDArray[np.float32]  #: mean length of a sound in frames, at a newsreader's pace


@cache
def network() -> Network:
    """The shipped one."""
    with np.load(DATA) as file:
        count = len(TAPS) + 1
        parts = [(file[f"weights{n}"].astype(np.float32), file[f"biases{n}"].astype(np.float32)) for n in range(count)]
        shares, lengths = file["shares"].astype(np.float32), file["lengths"].astype(np.float32)
    return Network(tuple(Layer(*part) for part in parts), shares, lengths)


def likelihoods(features: NDArray[np.float32], layers: Sequence[Layer]) -> NDArray[np.float32]:
    """The natural logarithm of each sound's chance: (frames, BANDS) → (frames, SOUNDS)."""
    hidden = features
    for number, (layer, taps) in enumerate(zip(layers, TAPS, strict=False)):
        fresh = np.maximum(convolved(hidden, layer, taps), 0)
        hidden = hidden + fresh if number else fresh
    scores = product(hidden, layers[-1].weights[0]) + layers[-1].biases
    scores -= scores.max(axis=1, keepdims=True)
    result: NDArray[np.float32] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return result


def convolved(hidden: NDArray[np.float32], layer: Layer, taps: Sequence[int]) -> NDArray[np.float32]:
    """One layer before its rectifier; frames outside the clip are zeros."""
    count, reach = len(hidden), max(taps)
    padded = np.pad(hidden, ((reach, reach), (0, 0)))
    total = np.broadcast_to(layer.biases, (count, len(layer.biases))).copy()
    for weights, tap in zip(layer.weights, taps, strict=True):
        total += product(padded[reach + tap : reach + tap + count], weights)
    return total
