"""The likeliest way through an utterance: which frames belong to which of its sounds, pauses allowed between words.

A hidden Markov model, searched by Viterbi's method. Each phoneme is a row of states, about as many as the frames it is
expected to last; it may rest in a state or leap over one, so that it can be longer or shorter. Between words, and at
both ends, a row of silent states may be passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SILENCE = 0  #: its index among the sounds
#: States of a phoneme for each frame it is expected to last, and the least of them. On spoilt clips of a kind of voice
#: that was not trained with, .6 put 95.9 % of the starts within 120 ms, .9 97.8 %; 1 bears a misjudged pace less well.
DENSITY, FEWEST = 0.9, 2
LEAP = 0.2  # the chance to pass over a state; .1 and .3 do as well
QUICKEST = 0.95  # the greatest chance to leave a state after one frame
SILENT_STATES = 4  # of a pause: 40 ms at least; shorter gaps are closures of a plosive
#: The chance of a pause after a word with punctuation, after one without, and at either end of a clip. A tenth or ten
#: times the second changes nothing.
PAUSES, RARE_PAUSES, EDGES = 0.8, 0.02, 0.5
PAUSE_FRAMES = 25.0  # a pause's mean length


@dataclass(frozen=True, slots=True)
class Sound:
    """A phoneme that is due: its index among the sounds, and the frames it is expected to last."""

    index: int
    frames: float


class Chain:
    """The states of an utterance in order, with the natural logarithms of the chances to pass between them."""

    def __init__(self, words: Sequence[Sequence[Sound]], paused: Sequence[bool]) -> None:
        """``words`` holds the phonemes of each word, one at least; ``paused`` tells which punctuation follows."""
        self.sounds: list[int] = []
        self.owners: list[int] = []  #: the place of a state's phoneme in the utterance, -1 in a pause
        self.stay: list[float] = []
        self.leave: list[float] = []
        self.enter: list[float] = []  #: beside leaving the state before
        self.leaps: list[tuple[int, int, float]] = []  #: from, to, chance
        self._pause(log(EDGES))
        self.start = len(self.sounds)
        owner = 0
        for number, (word, pause) in enumerate(zip(words, paused, strict=True)):
            for sound in word:
                self._phoneme(sound, owner)
                owner += 1
            chance = EDGES if number == len(words) - 1 else PAUSES if pause else RARE_PAUSES
            last = len(self.sounds) - 1
            self._pause(log(chance))
            self.leaps.append((last, len(self.sounds), self.leave[last] + log(1 - chance)))
        self.end, _, self.stop = self.leaps.pop()

    def _pause(self, chance: float) -> None:
        for number in range(SILENT_STATES):
            leave = 1 / PAUSE_FRAMES if number == SILENT_STATES - 1 else 1.0
            self._state(SILENCE, -1, leave, 0.0 if number else chance)

    def _phoneme(self, sound: Sound, owner: int) -> None:
        count = max(FEWEST, int(sound.frames * DENSITY))
        leave = min(QUICKEST, count / max(sound.frames, 1.0))
        for number in range(count):
            at = len(self.sounds)
            if number:
                self.leaps.append((at - 2, at, self.leave[at - 2] + log(LEAP)))
            self._state(sound.index, owner, leave, 0.0)

    def _state(self, index: int, owner: int, leave: float, enter: float) -> None:
        self.sounds.append(index)
        self.owners.append(owner)
        self.stay.append(log(1 - leave) if leave < 1 else -inf)
        self.leave.append(log(leave))
        self.enter.append(enter)


def search(chances: NDArray[np.float32], chain: Chain) -> NDArray[np.intp] | None:
    """The state of each frame, None where the frames are too few: ``chances`` is (frames, sounds), as logarithms."""
    frames, states = len(chances), len(chain.sounds)
    sounds = np.array(chain.sounds)
    stay = np.array(chain.stay, np.float32)
    step = np.array([-inf, *chain.leave[:-1]], np.float32) + np.array(chain.enter, np.float32)
    before = np.zeros(states, np.intp)
    leap = np.full(states, -inf, np.float32)
    for start, stop, chance in chain.leaps:
        before[stop], leap[stop] = start, chance
    best = np.full(states, -inf, np.float32)
    best[0], best[chain.start] = log(EDGES), log(1 - EDGES)
    best += chances[0, sounds]
    stepped = np.full(states, -inf, np.float32)
    moves = np.zeros((frames, states), np.int8)  # 0 stays, 1 steps, 2 leaps
    for frame in range(1, frames):
        np.add(best[:-1], step[1:], out=stepped[1:])
        leapt = best[before] + leap
        best += stay
        moves[frame] = stepped > best
        np.maximum(best, stepped, out=best)
        moves[frame][leapt > best] = 2
        np.maximum(best, leapt, out=best)
        best += chances[frame, sounds]
    ends = {states - 1: float(best[-1]) + chain.leave[-1], chain.end: float(best[chain.end]) + chain.stop}
    state = max(ends, key=lambda end: ends[end])
    return _traced(moves, before, state) if np.isfinite(ends[state]) else None


def _traced(moves: NDArray[np.int8], before: NDArray[np.intp], state: int) -> NDArray[np.intp]:
    """The states from the last frame's back to the first's."""
    path = np.empty(len(moves), np.intp)
    for frame in range(len(moves) - 1, -1, -1):
        path[frame] = state
        state = (state, state - 1, int(before[state]))[moves[frame, state]]
    return path
