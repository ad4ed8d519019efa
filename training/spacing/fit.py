"""Logistic regression over named features, in numpy: L-BFGS with an L2 penalty."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Matrix(NamedTuple):
    """Which features each example holds: entry k says that example ``row[k]`` holds feature ``column[k]``."""

    names: list[str]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    height: int

    def scores(self, weights: Floats) -> Floats:
        """Give the log-odds of every example."""
        return np.bincount(self.row, weights=weights[self.column], minlength=self.height)


def matrix(examples: Iterable[tuple[list[str], float]], *, least: float) -> Matrix:
    """Number the features that examples of a total mass of ``least`` or more hold."""
    numbers: dict[str, int] = {}
    rows, masses = [], []
    for features, mass in examples:
        rows.append(np.array([numbers.setdefault(name, len(numbers)) for name in features], dtype=np.int32))
        masses.append(mass)
    row = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r) for r in rows])
    column = np.concatenate(rows)
    kept = np.bincount(column, weights=np.array(masses)[row]) >= least
    column = (np.cumsum(kept, dtype=np.int32) - 1)[column]
    held = kept[np.concatenate(rows)]
    names = [name for name, keep in zip(numbers, kept, strict=True) if keep]
    print(f"{len(rows)} examples, {len(names)} of {len(numbers)} features, {held.sum()} entries", flush=True)
    return Matrix(names, row[held], column[held], len(rows))


def logistic(
    x: Matrix, target: Floats, mass: Floats, *, penalty: float, rounds: int, start: Floats | None = None
) -> Floats:
    """Fit a weight to each feature so that the scores say how likely each target is."""

    def loss(w: Floats) -> tuple[float, Floats]:
        score = x.scores(w)
        value = float(np.sum(mass * (np.logaddexp(0, score) - target * score)) + 0.5 * penalty * w @ w)
        error = mass * (1 / (1 + np.exp(-score)) - target)
        return value, np.bincount(x.column, weights=error[x.row], minlength=len(w)) + penalty * w

    w = np.zeros(len(x.names)) if start is None else start
    value, gradient = loss(w)
    history: deque[tuple[Floats, Floats, float]] = deque(maxlen=8)
    for _ in range(rounds):
        step = gradient.copy()
        trail = []
        for s, d, r in reversed(history):
            trail.append(r * (s @ step))
            step -= trail[-1] * d
        if history:
            s, d, _ = history[-1]
            step *= (s @ d) / (d @ d)
        else:
            step /= max(1.0, float(np.abs(step).max()))
        for (s, d, r), a in zip(history, reversed(trail), strict=True):
            step += s * (a - r * (d @ step))
        rate, slope = 1.0, float(gradient @ step)
        new_value, new_gradient = loss(w - step)
        while new_value > value - 1e-4 * rate * slope and rate > 1e-6:
            rate /= 2
            new_value, new_gradient = loss(w - rate * step)
        s, d = -rate * step, new_gradient - gradient
        if s @ d > 1e-12:
            history.append((s, d, 1 / float(s @ d)))
        w, value, gradient = w + s, new_value, new_gradient
    print(f"loss {value:.0f}", flush=True)
    return w
