"""The embedded neural voice: Kokoro-82M on onnxruntime, fed Persian phonemes, with mixed style tables of our own."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import ConfigError, EngineError
from audiopress.model import PLAIN, Audio, Delivery, Mark
from audiopress.tts.kokoro_convert import CONVERSION
from audiopress.tts.kokoro_model import PARTS_SHA256, integer_products, require_packages
from audiopress.tts.kokoro_phrases import Piece, phrases
from audiopress.tts.kokoro_session import Sessions
from audiopress.tts.processors import memory, processors
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiopress.model import Pronunciation, Voice
    from audiopress.tts.engine import Places

DATA = Path(__file__).parent / "data"
#: Bytes of memory that there should be for each worker: one speaking the longest phrase takes 300 MB (benchmarks).
MEMORY = 600_000_000
#: The rates at which the model itself speaks; what is slower or faster still is stretched (tts.shape). Its frames are
#: too long for fast speech. Rise of the recogniser's log-loss over rate 1, by itself / stretched (benchmarks/rates.py):
#: at 1.25 6.3 / 5.4 % (nasim) and 6.4 / 4.7 % (arash), at 1.6 28 / 14 % and 31 / 16 %, with the model going as far as
#: 1.25 or 1.1 and the rest stretched 18 %; at .85 -0.8 / 1.6 % and at .7 3.0 / 3.1 % (nasim).
SLOWEST, FASTEST = 0.7, 1.0
SAMPLE_RATE = 24_000  # Hz, the model's
FRAME = 600  # samples of one frame of the duration output
STRESS = "ˈ"
LAST_VOWEL = re.compile("[æeoɒiu](?=[^æeoɒiu]*$)")
SPACE, PAD = 16, 0  # tokens: between words, and at both ends
CODE = 4  # raised when this file changes how the same input sounds
FADE = 120  # samples (5 ms) faded in and out at the ends of what is kept, so that nothing clicks
KEEP_BEFORE, KEEP_AFTER = 480, 960  # samples (20 and 40 ms) kept outside the first and last sound
#: Sound outside the first and last phoneme is kept where it is louder than this share of the peak (-60 dB): a release
#: or a last breath that the durations put into the padding, 45 to 58 dB below the peak.
AUDIBLE = 10 ** (-60 / 20)
PEAK = 0.99  # louder samples are scaled down to it rather than clipped
#: Seconds of silence where a long sentence was broken, at pace 1. With what is kept at both ends the pause is 160 ms:
#: commas inside a phrase last 170 ms in arash and 136 ms in nasim (means of 16, from the durations).
SEAM = 0.1


class KokoroEngine:
    """Speaks phonemes with Kokoro-82M; the model is made ready on the first call and kept until `close`."""

    name = "kokoro"

    def __init__(self, places: Places, workers: int | None = None) -> None:
        """Keep the converted model in the cache folder.

        ``workers`` is the processors this process may use if None, fewer where their memory would be more than half.
        """
        self.workers = workers or min(processors(), max(1, memory() // MEMORY))
        self._sessions = Sessions(places.cache, self.workers)

    def version(self, voice: Voice) -> str:  # noqa: ARG002 - all its voices come along
        """The model, its conversion, this code, the phoneme map and the style tables, in 20 hexadecimal digits.

        Raises EngineUnavailable when a package is missing.
        """
        require_packages()
        return _version()

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance at 24 kHz, with the place of each word.

        Raises EngineError for a phoneme the map does not know, ConfigError for a style that is not there and
        EngineUnavailable when a package is missing.
        """
        styles = _style(str(voice.option("style", voice.name)))
        own = min(max(delivery.rate, SLOWEST), FASTEST)
        manner = {
            "speed": np.array([voice.option("speed", 1.0)], np.float32),
            "rate": np.array([own], np.float32),
            "pitch": np.array([2 ** (delivery.pitch / 12)], np.float32),
        }
        gain = 10 ** (float(voice.option("gain", 0.0)) / 20)
        samples: list[NDArray[np.float32]] = []
        marks = [Mark(0, 0)] * len(pronunciation.words)
        position = 0
        for phrase in phrases(pronunciation.words, stressed_tokens):
            if samples:
                silence = np.zeros(round(SEAM / own * SAMPLE_RATE), np.float32)
                samples.append(silence)
                position += len(silence)
            sound, spans = self._speak(phrase, styles, manner)
            for piece, (start, stop) in zip(phrase, spans, strict=True):
                first = marks[piece.word].start if piece.continued else position + start
                marks[piece.word] = Mark(first, position + stop)
            samples.append(sound * np.float32(gain))
            position += len(sound)
        joined = np.concatenate(samples) if samples else np.zeros(0, np.float32)
        peak = float(np.abs(joined).max(initial=0.0))
        if peak > PEAK:
            joined *= np.float32(PEAK / peak)
        audio = Audio(joined, SAMPLE_RATE, _filled(marks))
        return shaped(audio, Delivery(delivery.rate / own, 0.0, delivery.volume))

    def close(self) -> None:
        """Free the model; the next call loads it again."""
        self._sessions.close()

    def _speak(
        self, phrase: tuple[Piece, ...], styles: NDArray[np.float32], manner: dict[str, NDArray[np.float32]]
    ) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """The trimmed sound of one phrase, and where each of its pieces lies in it."""
        tokens: list[int] = [PAD]
        places: list[tuple[int, int]] = []
        for piece in phrase:
            if len(tokens) > 1 and not piece.continued:
                tokens.append(SPACE)
            places.append((len(tokens), len(tokens) + len(piece.tokens)))
            tokens += [*piece.tokens, *piece.pause]
        tokens.append(PAD)
        feed = {
            "tokens": np.array([tokens], np.int64),
            "style": styles[min(len(tokens) - 2, len(styles)) - 1][None],
        }
        audio, frames = self._sessions.run(feed | manner)
        ends = np.concatenate([[0], np.cumsum(frames)]) * FRAME
        spans = [(int(ends[start]), int(ends[stop])) for start, stop in places]
        return _trimmed(audio.reshape(-1), spans)


def _trimmed(
    audio: NDArray[np.float32], spans: list[tuple[int, int]]
) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
    """Cut the silence at both ends, fade the ends, and fit the spans to what is kept.

    The first phoneme is kept whole; the last may be given a pause that follows it, which is cut.
    """
    loud = np.flatnonzero(np.abs(audio) > AUDIBLE * np.abs(audio).max(initial=0.0))
    first, last = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)
    start = max(0, min(first, spans[0][0]) - KEEP_BEFORE)
    stop = min(len(audio), max(last, spans[-1][0] + FRAME) + KEEP_AFTER)
    kept = audio[start:stop].astype(np.float32, copy=True)
    ramp = np.linspace(0, 1, min(FADE, len(kept) // 2), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept, [(first - start, min(last - start, len(kept))) for first, last in spans]


def _filled(marks: list[Mark]) -> tuple[Mark, ...]:
    """Give words without a sound the place where the word before them ends."""
    filled: list[Mark] = []
    for mark in marks:
        end = filled[-1].stop if filled else 0
        filled.append(mark if mark.stop else Mark(end, end))
    return tuple(filled)


@cache
def _phoneme_tokens() -> dict[str, tuple[int, ...]]:
    lines = (DATA / "kokoro_phonemes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {row[0]: tuple(map(int, row[2].split())) for row in rows}


def tokens_of(phonemes: str) -> tuple[tuple[int, ...], ...]:
    """The tokens of each phoneme: ``tʃˈɒ`` → ``((133, 162), (156,), (69, 158))``.

    Raises EngineError for a phoneme the map does not know.
    """
    table = _phoneme_tokens()
    tokens: list[tuple[int, ...]] = []
    place = 0
    while place < len(phonemes):
        size = 2 if phonemes[place : place + 2] in table else 1
        phoneme = phonemes[place : place + size]
        if phoneme not in table:
            raise EngineError(
                f"The neural voice does not know the phoneme {phoneme!r} in {phonemes!r}; correct the word's "
                "pronunciation, or add the phoneme to kokoro_phonemes.tsv."
            )
        tokens.append(table[phoneme])
        place += size
    return tuple(tokens)


def stressed_tokens(phonemes: str) -> tuple[tuple[int, ...], ...]:
    """The tokens of a word, which gets a stress on its last vowel if it has none: ``ke`` is said as ``kˈe``.

    Particles carry no stress in Persian, but with one the model sounds more Persian:
    P(fa) .24 without, .42 with it (8 news sentences, training/voices/README.md).
    """
    return tokens_of(phonemes if STRESS in phonemes else LAST_VOWEL.sub(rf"{STRESS}\g<0>", phonemes))


@cache
def _style(name: str) -> NDArray[np.float32]:
    """The style table called ``name``: float32 (510, 256), row n-1 for an utterance of n tokens."""
    path = DATA / f"styles_{name}.npy"
    if not path.is_file():
        known = ", ".join(sorted(file.stem.removeprefix("styles_") for file in DATA.glob("styles_*.npy")))
        raise ConfigError(f"There is no style table called {name!r}; choose one of: {known}.")
    table: NDArray[np.float32] = np.load(path).astype(np.float32)
    return table


@cache
def _version() -> str:
    digest = hashlib.sha256(f"{PARTS_SHA256} {CONVERSION} {integer_products()} {CODE}".encode())
    for path in sorted(DATA.glob("styles_*.npy")):
        digest.update(path.name.encode() + path.read_bytes())
    for name in ("kokoro_phonemes.tsv", "phrase_openers.tsv"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()[:20]
