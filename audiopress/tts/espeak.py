"""The espeak engine: espeak-ng fed our phonemes, in a worker process, since the library holds global state."""

from __future__ import annotations

import atexit
import json
import re
import subprocess
import sys
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from audiopress import espeak_ng
from audiopress.errors import EngineError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Mark
from audiopress.tables import read_table
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audiopress.model import Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Places

#: Below this share of full scale a sample at the edge of a clip is silence: espeak-ng's silence is exactly 0, and its
#: quietest onset (an h) passes 0.002 within a millisecond.
SILENCE = 0.002


@cache
def mnemonics() -> dict[str, str]:
    """Our phonemes and the stress mark → espeak-ng mnemonics, from data/espeak_phonemes.tsv."""
    return {ipa: mnemonic for ipa, mnemonic in read_table("tts", "espeak_phonemes.tsv", 2)}  # noqa: C416 - two cells


@cache
def phoneme_pattern() -> re.Pattern[str]:
    """Matches one phoneme, the affricates before their parts."""
    return re.compile("|".join(map(re.escape, sorted(mnemonics(), key=len, reverse=True))) + "|(.)")


def to_mnemonics(phonemes: str) -> str:
    """``ketˈɒbe`` → ``ket'Abe``; raises EngineError naming a phoneme that the map lacks."""

    def one(match: re.Match[str]) -> str:
        if match[1] is not None:
            raise EngineError(f"The espeak voice has no phoneme {match[1]!r}; add it to tts/data/espeak_phonemes.tsv.")
        return mnemonics()[match[0]]

    return phoneme_pattern().sub(one, phonemes)


def to_texts(pronunciation: Pronunciation) -> list[str]:
    """Each word as mnemonics with the pause after it: ``["[[ket'Abe]]", "[[m'an]]."]``."""
    return [f"[[{to_mnemonics(word.phonemes)}]]{word.after}" for word in pronunciation.words]


def word_starts(texts: list[str], events: Sequence[espeak_ng.WordEvent]) -> list[int]:
    """The sample at which each word of ``" ".join(texts)`` starts, or [] where espeak-ng did not say it of every word.

    Events are matched by their place in the text: in sentences of some 70 words the library breaks a clause where there
    is none, and tells of the word at the break twice.
    """
    places = [0, *accumulate(len(text) + 1 for text in texts)]
    starts: dict[int, int] = {}
    for event in events:
        starts.setdefault(bisect_right(places, event.position) - 1, event.sample)
    return [starts[word] for word in range(len(texts))] if starts.keys() >= set(range(len(texts))) else []


def trim(samples: NDArray[np.int16], sample_rate: int, starts: Sequence[int]) -> Audio:
    """Cut the silence at both edges; a word lasts until the next one starts, the last to the end of the clip."""
    floats = samples.astype(np.float32) / np.float32(32768)
    loud = np.flatnonzero(np.abs(floats) > SILENCE)
    if not loud.size:
        return Audio(floats[:0], sample_rate)
    first, end = int(loud[0]), int(loud[-1]) + 1
    edges = [min(max(start, first), end) - first for start in starts] + [end - first]
    marks = tuple(Mark(start, stop) for start, stop in pairwise(edges))
    return Audio(floats[first:end], sample_rate, marks)


class EspeakEngine:
    """Speaks through one worker process, started at the first utterance."""

    name = "espeak"
    workers = 1

    def __init__(self, places: Places) -> None:  # noqa: ARG002 - every engine is made with it
        """Needs nothing of the folders."""
        self._worker: subprocess.Popen[bytes] | None = None

    def version(self, voice: Voice) -> str:  # noqa: ARG002 - it has one voice
        """The library's package and our map: what changes how it sounds."""
        try:
            return f"1/{version('espeakng-loader')}/{sorted(mnemonics().items())}"
        except PackageNotFoundError as error:
            raise EngineUnavailable("The espeak voice needs espeakng-loader: pip install espeakng-loader") from error

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance at 22,050 Hz, its words marked where espeak-ng says they start."""
        texts = to_texts(pronunciation)
        request = {
            "text": " ".join(texts),
            "rate": round(float(voice.option("rate", espeak_ng.RATE)) * delivery.rate),
            "pitch": int(voice.option("pitch", espeak_ng.PITCH)),
        }
        reply, pcm = self._ask(json.dumps(request).encode() + b"\n")
        events = [espeak_ng.WordEvent(*event) for event in reply["events"]]
        audio = trim(np.frombuffer(pcm, "<i2"), reply["sample_rate"], word_starts(texts, events))
        return shaped(audio, replace(delivery, rate=1.0))

    def close(self) -> None:
        """End the worker process."""
        if self._worker is not None:
            self._worker.communicate()
            self._worker = None
            atexit.unregister(self.close)

    def _ask(self, request: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a request to the worker and wait for its reply and the PCM."""
        if self._worker is None:
            # One process for all utterances; -P keeps the folder we stand in off its import path.
            command = [sys.executable, "-P", "-m", "audiopress.tts.espeak_worker"]
            self._worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            atexit.register(self.close)
        requests, replies = self._worker.stdin, self._worker.stdout
        assert requests is not None  # noqa: S101 - both are pipes, see above
        assert replies is not None  # noqa: S101
        try:
            requests.write(request)
            requests.flush()
            reply = json.loads(replies.readline())
        except (BrokenPipeError, ValueError) as error:
            self._worker.kill()
            self.close()
            raise EngineError("The espeak worker process ended unexpectedly; run the command again.") from error
        if "error" in reply:
            raise EngineError(reply["error"])
        return reply, replies.read(reply["bytes"])
