"""Logistic regression over named features, in numpy: L-BFGS with an L2 penalty."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Example = tuple[list[str], float, float]  # features, target in [0, 1], weight


def logistic(
    examples: Iterable[Example], *, penalty: float, least: float, rounds: int = 80, memory: int = 8
) -> dict[str, float]:
    """Fit a weight to every feature that ``least`` examples or more (by weight) hold."""
    rows: list[NDArray[np.int32]] = []
    target, weight = [], []
    names: dict[str, int] = {}
    for features, label, mass in examples:
        rows.append(np.array([names.setdefault(f, len(names)) for f in features], dtype=np.int32))
        target.append(label)
        weight.append(mass)
    lengths = np.array([len(r) for r in rows])
    index = np.concatenate(rows)
    y, m = np.array(target), np.array(weight)
    mass_of = np.bincount(index, weights=np.repeat(m, lengths), minlength=len(names))
    kept = mass_of >= least
    renumber = np.cumsum(kept) - 1
    keep = kept[index]
    row_of = np.repeat(np.arange(len(rows)), lengths)[keep]
    index = renumber[index][keep].astype(np.int32)
    size = int(kept.sum())
    print(f"{len(rows)} examples, {size} of {len(names)} features, {len(index)} entries")

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = np.bincount(row_of, weights=w[index], minlength=len(y))
        value = float(np.sum(m * (np.logaddexp(0, score) - y * score)) + 0.5 * penalty * w @ w)
        error = m * (1 / (1 + np.exp(-score)) - y)
        return value, np.bincount(index, weights=error[row_of], minlength=size) + penalty * w

    w = np.zeros(size)
    value, gradient = loss(w)
    history: deque[tuple[NDArray[np.float64], NDArray[np.float64], float]] = deque(maxlen=memory)
    for step in range(rounds):
        q = gradient.copy()
        trail = []
        for s, d, r in reversed(history):
            a = r * (s @ q)
            trail.append(a)
            q -= a * d
        if history:
            s, d, _ = history[-1]
            q *= (s @ d) / (d @ d)
        else:
            q /= max(1.0, float(np.abs(q).max()))
        for (s, d, r), a in zip(history, reversed(trail), strict=True):
            q += s * (a - r * (d @ q))
        rate, slope = 1.0, float(gradient @ q)
        while True:
            new_w = w - rate * q
            new_value, new_gradient = loss(new_w)
            if new_value <= value - 1e-4 * rate * slope or rate < 1e-6:
                break
            rate /= 2
        s, d = new_w - w, new_gradient - gradient
        if s @ d > 1e-12:
            history.append((s, d, 1 / float(s @ d)))
        done = value - new_value < 1e-5 * abs(value)
        w, value, gradient = new_w, new_value, new_gradient
        if done:
            break
    print(f"loss {value:.0f} after {step + 1} rounds")
    ordered = [name for name, k in zip(names, kept, strict=True) if k]
    return {name: float(x) for name, x in zip(ordered, w, strict=True)}
