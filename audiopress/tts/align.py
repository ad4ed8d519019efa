"""Where each word lies in a clip, found from its sound: for engines that give no timings."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from audiopress.model import Mark
from audiopress.tts.align_network import SOUNDS, likelihoods, network
from audiopress.tts.align_path import SILENCE, Chain, Sound, search
from audiopress.tts.align_sound import FRAMES, features, powers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Audio, Pronunciation, Word

#: How much a sound's share of all frames is taken out of its chance, so that rare sounds are found as well.
SHARE_WEIGHT = 0.7
#: How much a frame's sound weighs beside the chances of lengths and pauses: neighbouring frames tell much the same.
SOUND_WEIGHT = 0.5
#: How much less likely, on average, a phoneme's frames may be than what the classifier takes them for, as a natural
#: logarithm. On 275 clips, most of them spoilt and of voices it never heard, the right words lay between -0.2 and -1.6,
#: other words of about as many phonemes between -1.6 and -4.2 (half of them below -2.5).
FIT = -2.0
#: Seconds of the silence after a word in which its last sound dies away.
TAIL = 0.08
QUIETEST = 1e-4  # of full scale: a clip whose peak is lower (-80 dB) is silent
LONGEST = 120.0  # seconds: no sentence is longer, and memory grows with the square (140 MB here)
#: Pace of a clip, as a multiple of a newsreader's, that is believed.
SLOWEST, FASTEST = 0.4, 2.5
PHONEME = re.compile("tʃ|dʒ|.")
NUMBERS = {sound: number for number, sound in enumerate(SOUNDS)} | {"w": SOUNDS.index("v")}


def align(audio: Audio, pronunciation: Pronunciation) -> tuple[Mark, ...]:
    """The place of each word in the clip, in order, or () where its sound cannot be these words.

    A word without phonemes gets an empty mark where the word before it ends.
    """
    words = [_numbers(word) for word in pronunciation.words]
    due = [number for word in words for number in word]
    seconds = len(audio.samples) / audio.sample_rate
    if not due or seconds > LONGEST or np.abs(audio.samples).max(initial=0.0) < QUIETEST:
        return ()
    model = network()
    chances = likelihoods(features(powers(audio)), model.layers)
    lengths = _lengths(due, chances, model.lengths)
    spoken = [
        ([Sound(number, float(lengths[number])) for number in word], bool(said.after))
        for word, said in zip(words, pronunciation.words, strict=True)
        if word
    ]
    chain = Chain([word for word, _ in spoken], [pause for _, pause in spoken])
    path = search(np.float32(SOUND_WEIGHT) * (chances - np.float32(SHARE_WEIGHT) * model.shares), chain)
    if path is None:
        return ()
    owners = np.array(chain.owners)[path]
    heard = np.flatnonzero(owners >= 0)
    doubt = chances[heard, np.array(chain.sounds)[path[heard]]] - chances[heard].max(axis=1)
    return _marks(owners, words, audio) if doubt.mean() > FIT else ()


def _numbers(word: Word) -> list[int]:
    """The sounds of a word; what no Persian phoneme is has none."""
    return [NUMBERS[name] for name in PHONEME.findall(word.plain) if name in NUMBERS]


def _lengths(due: list[int], chances: NDArray[np.float32], usual: NDArray[np.float32]) -> NDArray[np.float32]:
    """The frames that each sound is expected to last at the clip's pace, which its spoken frames tell."""
    spoken = int((chances[:, SILENCE] < np.log(0.5)).sum())
    pace = float(usual[due].sum()) / max(spoken, 1)
    lengths: NDArray[np.float32] = usual / np.float32(min(FASTEST, max(SLOWEST, pace)))
    return lengths


def _marks(owners: NDArray[np.intp], words: list[list[int]], audio: Audio) -> tuple[Mark, ...]:
    """From the phoneme of each frame to samples; frame n reaches from n - ½ to n + ½."""
    ends = list(accumulate(map(len, words)))
    marks: list[Mark] = []
    following = np.flatnonzero(owners >= 0)
    for word, end in zip(words, ends, strict=True):
        inside = np.flatnonzero((owners >= end - len(word)) & (owners < end))
        if inside.size:
            later = following[following > inside[-1]]
            tail = min(inside[-1] + TAIL * FRAMES, later[0] - 1 if later.size else np.inf)
            edges = (inside[0] - 0.5, tail + 0.5)
            start, stop = (min(max(0, round(edge / FRAMES * audio.sample_rate)), len(audio.samples)) for edge in edges)
        else:
            start = stop = marks[-1].stop if marks else 0
        marks.append(Mark(start, stop))
    return tuple(marks)
