"""How clear the voices stay when they speak slower and faster than they do by themselves, to a speech recogniser.

    .venv/bin/python benchmarks/rates.py --recogniser VENV/bin/python [--asr ../shared/tools/asr]
        [--articles ../shared/articles/tasnim-raisi-putin.txt …] [--sentences 20] [--voices arash nasim espeak]
        [--rates 0.7 0.85 1 1.25 1.6] [--ways asked own stretched 1.15]

Log-loss a character as in intelligibility.py, on sentences short enough for the recogniser at the slowest rate, and its
rise over rate 1. ``asked`` is the engine given the rate: what users hear. The other ways were compared to choose what
the engine does: ``own``, its own speed does all; ``stretched``, rubberband does all (tts/shape.py); a number, its own
speed as far as that (or one over it, for slower rates), rubberband the rest. The last column is how much faster the
clips really are. Leaves with 1 where a rise is greater than in benchmarks/data/rates_floors.tsv.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from intelligibility import SHARED, phonemes, score, sentences, write_wav
from platformdirs import user_cache_dir

from audiopress.model import Delivery
from audiopress.tts import kokoro
from audiopress.tts.engine import Places
from audiopress.tts.registry import make_engine
from audiopress.tts.shape import shaped
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from audiopress.model import Audio, Pronunciation
    from audiopress.tts.engine import Engine

FLOORS = Path(__file__).parent / "data" / "rates_floors.tsv"
SHORTEST, LONGEST = 30, 170  # phonemes; at .7 of 10.5 a second the longest takes 23 s, and the recogniser hears 30


class Speaker:
    """Speaks sentences in one voice, each way of each rate from as few clips as it can be."""

    def __init__(self, voice: str, engine: Engine, texts: list[Pronunciation]) -> None:
        """Speak ``texts`` through ``engine``."""
        self._voice, self._engine, self._texts = find_voice(voice), engine, texts
        self._own = cache(self._at_own_speed)

    def speak(self, rate: float, way: str) -> list[Audio]:
        """Every sentence at a rate, in one of the ways that are told above."""
        if way == "asked":
            return [self._engine.synthesize(text, self._voice, Delivery(rate)) for text in self._texts]
        reach = {"own": 10.0, "stretched": 1.0}.get(way) or float(way)
        own = min(max(rate, 1 / reach), reach)
        return [shaped(audio, Delivery(rate / own)) for audio in self._own(own)]

    def _at_own_speed(self, own: float) -> list[Audio]:
        usual = kokoro.SLOWEST, kokoro.FASTEST
        kokoro.SLOWEST, kokoro.FASTEST = 0.1, 10.0  # espeak does all by itself from .6 on
        audios = [self._engine.synthesize(text, self._voice, Delivery(own)) for text in self._texts]
        kokoro.SLOWEST, kokoro.FASTEST = usual
        return audios


def floors() -> dict[tuple[str, float], float]:
    """By voice and rate: how much greater than at rate 1 its log-loss may be, 1.15 for 15 %."""
    lines = FLOORS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], float(row[1])): float(row[2]) for row in rows}


def main() -> None:
    """Print the table; leave with 1 where a voice is worse than its floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asr", type=Path, default=SHARED / "tools" / "asr")
    parser.add_argument("--recogniser", default=sys.executable)
    parser.add_argument("--articles", type=Path, nargs="+", default=[SHARED / "articles" / "tasnim-raisi-putin.txt"])
    parser.add_argument("--sentences", type=int, default=20)
    parser.add_argument("--voices", nargs="+", default=["arash", "nasim", "espeak"])
    parser.add_argument("--rates", nargs="+", type=float, default=[0.7, 0.85, 1.25, 1.6])
    parser.add_argument("--ways", nargs="+", default=["asked"])
    parser.add_argument("--cache", type=Path, default=Path(user_cache_dir("audiopress")))
    chosen = parser.parse_args()
    has = subprocess.run([chosen.recogniser, "-c", "import faster_whisper"], capture_output=True, check=False)
    if has.returncode or not (chosen.asr / "cer.py").is_file() or not all(map(Path.is_file, chosen.articles)):
        print("Skipped: the recogniser (--asr, --recogniser) or an article is not here.")
        return
    texts = [text for article in chosen.articles for text in sentences(article, 1000)]
    texts = [text for text in texts if SHORTEST <= phonemes(text) <= LONGEST][: chosen.sentences]
    written = [text.utterance.sentence.written for text in texts]
    limits, worse = floors(), []
    print(f"{len(texts)} sentences, {sum(map(phonemes, texts))} phonemes")
    print(f"{'voice, rate, way':32}{'log-loss':>9}{'rise':>8}{'faster':>8}", flush=True)
    for name in chosen.voices:
        engine = make_engine(find_voice(name).engine, Places(chosen.cache, chosen.cache))
        speaker = Speaker(name, engine, texts)
        usual, plain = 0.0, 0
        for rate, way in [(1.0, "asked"), *((rate, way) for rate in chosen.rates for way in chosen.ways)]:
            clips = speaker.speak(rate, way)
            with tempfile.TemporaryDirectory() as folder:
                paths = [Path(folder) / f"{place}.wav" for place in range(len(clips))]
                for path, audio in zip(paths, clips, strict=True):
                    write_wav(path, audio)
                loss, *_ = score(paths, written, chosen.recogniser, chosen.asr)
            length = sum(len(audio.samples) for audio in clips)
            usual, plain = usual or loss, plain or length
            print(f"{f'{name}, {rate:g}, {way}':32}{loss:9.3f}{loss / usual - 1:8.1%}{plain / length:8.2f}", flush=True)
            if way == "asked" and loss / usual > limits.get((name, rate), float("inf")):
                worse.append(f"{name} at {rate:g}")
        engine.close()
    if worse:
        sys.exit("Below their floors: " + ", ".join(worse))


if __name__ == "__main__":
    main()
