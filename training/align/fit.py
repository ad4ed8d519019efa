"""Fit the classifier to the frames, with numpy alone, and write audiopress/tts/data/align.npz.

nice -n 10 .venv/bin/python -m training.align.fit SPEECH [--rounds 12] [--hidden 72]
"""

from __future__ import annotations

import argparse
import random
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiopress.tts.align_network import DATA, SOUNDS, TAPS, Layer, Network, likelihoods
from audiopress.tts.align_sound import BANDS, FRAMES
from training.align.frames import Frames, clean, spoilt
from training.align.kokoro import OURS
from training.align.speech import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from training.align.speech import Speech

CROP = 256  # frames of one piece
BATCH = 16  # pieces
RATE = 2e-3  # Adam's, at its highest
SMOOTHING = 0.05  # of each label's weight goes to all sounds alike: nobody's labels are right to the frame
DROP = 0.1  # of the hidden values
EDGE = 0.1  # seconds: a wider gap is a pause, a narrower one the model's space between words


class Fit:
    """A network on its way, with Adam's moments."""

    def __init__(self, hidden: int, seed: int = 0) -> None:
        """Draw the first weights."""
        self.chance = np.random.default_rng(seed)
        sizes = [(len(taps), BANDS if not n else hidden, hidden) for n, taps in enumerate(TAPS)]
        sizes.append((1, hidden, len(SOUNDS)))
        self.values: list[NDArray[np.float32]] = []
        for number, (taps, inputs, outputs) in enumerate(sizes):
            scale = np.sqrt(2 / (taps * inputs)) * (0.5 if 0 < number < len(TAPS) else 1)
            self.values.append((self.chance.standard_normal((taps, inputs, outputs)) * scale).astype(np.float32))
            self.values.append(np.zeros(outputs, np.float32))
        self.first = [np.zeros_like(value) for value in self.values]
        self.second = [np.zeros_like(value) for value in self.values]
        self.steps = 0

    def layers(self) -> tuple[Layer, ...]:
        """As the program has them."""
        return tuple(Layer(self.values[n], self.values[n + 1]) for n in range(0, len(self.values), 2))

    def step(self, batch: NDArray[np.float32], labels: NDArray[np.int8], rate: float) -> float:
        """One step down; the loss a frame."""
        count, length, _ = batch.shape
        hidden, kept = batch, []
        for number, taps in enumerate(TAPS):
            reach = max(taps)
            around = np.pad(hidden, ((0, 0), (reach, reach), (0, 0)))
            stacked = np.concatenate([around[:, reach + tap : reach + tap + length] for tap in taps], axis=2)
            stacked = stacked.reshape(count * length, -1)
            weights = self.values[2 * number].reshape(stacked.shape[1], -1)
            fresh = stacked @ weights + self.values[2 * number + 1]
            mask = (fresh > 0) * (self.chance.random(fresh.shape, np.float32) > DROP) / np.float32(1 - DROP)
            fresh = (fresh * mask).reshape(count, length, -1)
            kept.append((stacked, mask.astype(np.float32)))
            hidden = hidden + fresh if number else fresh
        flat = hidden.reshape(count * length, -1)
        scores = flat @ self.values[-2][0] + self.values[-1]
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        truth = labels.reshape(-1)
        use = np.flatnonzero(truth >= 0)
        loss = -float(np.mean(np.log(chances[use, truth[use]] + 1e-9)))
        slope = np.zeros_like(chances)
        slope[use] = chances[use] - SMOOTHING / len(SOUNDS)
        slope[use, truth[use]] -= 1 - SMOOTHING
        slope /= len(use)
        slopes: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(self.values)
        slopes[-2], slopes[-1] = (flat.T @ slope)[None], slope.sum(axis=0)
        back = slope @ self.values[-2][0].T
        for number in range(len(TAPS) - 1, -1, -1):
            stacked, mask = kept[number]
            inner = back * mask
            slopes[2 * number] = (stacked.T @ inner).reshape(self.values[2 * number].shape)
            slopes[2 * number + 1] = inner.sum(axis=0)
            if not number:
                break
            weights = self.values[2 * number]
            below = back.reshape(count, length, -1).copy()
            inner = inner.reshape(count, length, -1)
            for weight, tap in zip(weights, TAPS[number], strict=True):
                part = inner @ weight.T  # what frame n owes to frame n + tap
                if tap < 0:
                    below[:, :tap] += part[:, -tap:]
                elif tap > 0:
                    below[:, tap:] += part[:, :-tap]
                else:
                    below += part
            back = below.reshape(count * length, -1)
        self._move(slopes, rate)
        return loss

    def _move(self, slopes: Sequence[NDArray[np.float32]], rate: float) -> None:
        self.steps += 1
        size = float(np.sqrt(sum(float((slope**2).sum()) for slope in slopes)))
        calm = min(1.0, 1.0 / size)
        for value, slope, first, second in zip(self.values, slopes, self.first, self.second, strict=True):
            gentle = slope * np.float32(calm)
            first[...] += (gentle - first) * np.float32(0.1)
            second[...] += (gentle**2 - second) * np.float32(0.001)
            step = first / (1 - 0.9**self.steps) / (np.sqrt(second / (1 - 0.999**self.steps)) + 1e-8)
            value[...] -= np.float32(rate) * (step + 1e-4 * value).astype(np.float32)


def batches(clips: Sequence[Frames], chance: random.Random) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int8]]]:
    """All clips once, in pieces of CROP frames in random order; pieces at an end are filled with unknown frames."""
    pieces = [(clip, at) for clip in clips for at in range(-chance.randrange(CROP // 2), len(clip.labels), CROP)]
    chance.shuffle(pieces)
    for at in range(0, len(pieces) - BATCH + 1, BATCH):
        batch = np.zeros((BATCH, CROP, BANDS), np.float32)
        labels = np.full((BATCH, CROP), -1, np.int8)
        for row, (clip, start) in enumerate(pieces[at : at + BATCH]):
            first, last = max(0, start), min(len(clip.labels), start + CROP)
            batch[row, first - start : last - start] = clip.features[first:last]
            labels[row, first - start : last - start] = clip.labels[first:last]
        yield batch, labels


def accuracy(layers: Sequence[Layer], clips: Sequence[Frames]) -> float:
    """The share of frames whose likeliest sound is theirs."""
    right = known = 0
    for clip in clips:
        use = clip.labels >= 0
        guess = likelihoods(clip.features, layers).argmax(axis=1)
        right += int((guess == clip.labels)[use].sum())
        known += int(use.sum())
    return right / known


def lengths(families: Sequence[Sequence[Speech]]) -> NDArray[np.float32]:
    """The usual length of each sound in frames, at nasim's and arash's pace; that of silence is not used.

    Families of voices count alike: each gives the median of a sound's length, as a share of the median of all sounds.
    Sounds before a gap are left out, since the durations give them a part of the pause.
    """
    shares, usual = [], []
    for speeches in families:
        found: dict[str, list[float]] = {name: [] for name in SOUNDS}
        for speech in speeches:
            places = [place for place in speech.places if place.phoneme]
            for place, following in pairwise(places):
                frames = (place.stop - place.start) / speech.sample_rate * FRAMES
                if following.start - place.stop < EDGE * speech.sample_rate:
                    found[place.phoneme].append(frames)
                    if speech.voice in OURS:
                        usual.append(frames)
        middle = np.mean([frame for name in SOUNDS for frame in found[name]])
        shares.append([np.mean(found[name] or [middle]) / middle for name in SOUNDS])
    return (np.mean(shares, axis=0) * np.mean(usual)).astype(np.float32)


def write(network: Network, path: Path) -> None:
    """Keep a network in half precision."""
    arrays = {f"weights{n}": layer.weights.astype(np.float16) for n, layer in enumerate(network.layers)}
    arrays |= {f"biases{n}": layer.biases.astype(np.float16) for n, layer in enumerate(network.layers)}
    arrays |= {"shares": network.shares.astype(np.float16), "lengths": network.lengths.astype(np.float16)}
    np.savez(path, **arrays)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("speech", type=Path, help="the folder that kokoro.py and espeak.py wrote to")
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--spoilt", type=int, default=3, help="spoilt versions of each clip")
    parser.add_argument("--hidden", type=int, default=72)
    parser.add_argument("--out", type=Path, default=DATA)
    chosen = parser.parse_args()
    chance = random.Random(1)
    families = [load(chosen.speech / f"{name}-train.npz") for name in ("kokoro", "espeak")]
    heard = [speech for family in families for speech in family]
    others = {name: load(chosen.speech / f"{name}-other.npz") for name in ("kokoro", "espeak")}
    began = time.perf_counter()
    clips = [clean(speech) for speech in heard]
    clips += [spoilt(speech, chance) for speech in heard for _ in range(chosen.spoilt)]
    judged = {name: [clean(speech) for speech in speeches] for name, speeches in others.items()}
    judged |= {f"{name} spoilt": [spoilt(s, chance) for s in speeches] for name, speeches in others.items()}
    print(
        f"{sum(len(clip.labels) for clip in clips) / 6000:.0f} min, made in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    counts = np.bincount(np.concatenate([clip.labels[clip.labels >= 0] for clip in clips]), minlength=len(SOUNDS))
    fit = Fit(chosen.hidden)
    total = chosen.rounds * sum(len(clip.labels) + CROP // 2 for clip in clips) / CROP / BATCH
    for turn in range(chosen.rounds):
        losses = []
        for batch, labels in batches(clips, chance):
            done = min(1.0, fit.steps / total)
            rate = RATE * min(1.0, fit.steps / 100 + 0.05) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done)))
            losses.append(fit.step(batch, labels, rate))
        if turn % 4 == 3 or turn == chosen.rounds - 1:
            marks = ", ".join(f"{name} {accuracy(fit.layers(), some):.3f}" for name, some in judged.items())
            print(f"{turn + 1}: loss {np.mean(losses):.3f}; {marks}; {time.perf_counter() - began:.0f} s", flush=True)
    shares = np.log(np.maximum(counts, 1) / counts.sum()).astype(np.float32)
    network = Network(fit.layers(), shares, lengths(families))
    write(network, chosen.out)
    print(chosen.out, chosen.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
