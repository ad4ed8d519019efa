"""Try mixtures of Kokoro styles and phoneme maps at equal pace, judged by a speech recogniser.

    VENV/bin/python training/voices/search.py --styles package/voices --model MODEL.onnx [--asr ../shared/tools/asr]
        [--data ../shared/data] [--sentences 8] [--pace 10.7] [--log tried.jsonl] CANDIDATES.json

VENV needs numpy, onnxruntime and the packages of the recogniser's README. MODEL is the converted model in the user's
cache folder. CANDIDATES is a list of objects: ``{"timbre": {"em_alex": 0.5, "jm_kumo": 0.5}, "prosody": {…}, "map":
{"q": "ʁ"}, "stress": false}``; all but timbre may be left out. The sentences are gold-labelled news sentences of
``--data`` (g2p/farsdat_dev.tsv), drawn with a fixed seed; the article of the verdict (benchmarks/intelligibility.py) is
never looked at here. Every candidate speaks at the same pace, its speed being found with the duration output alone,
because slower speech scores better. One line of JSON a candidate is added to the log; a candidate found there is not
tried again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from styles import mix

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
MAP = ROOT / "audiopress" / "tts" / "data" / "kokoro_phonemes.tsv"
FRAME, RATE, SPACE = 600, 24_000, 16
#: Signs of Kokoro's vocabulary that a candidate's map may use beyond those of the shipped map.
MORE = {"a": 43, "r": 60, "q": 59, "ɑ": 69, "ɒ": 71, "ɔ": 76, "ɛ": 86, "ʁ": 128, "χ": 142, "i": 51, "u": 63, "ː": 158}
#: The alphabet of the gold phonemes in ours.
GOLD = dict(zip("AaeioubptjCdzrZsSqfvkglmny?xh", [*"ɒæeioubpt", "dʒ", "tʃ", *"dzrʒsʃqfvkɡlmnjʔxh"], strict=True))
UNSTRESSED = frozenset({"va", "o", "ke", "be", "az", "dar", "bA", "tA", "rA", "yA", "bar", "yek"})


def stressed(gold: str) -> list[str]:
    """Gold phonemes of a word as ours, one phoneme an item, with stress on the last syllable, before an ezafe."""
    sounds = [GOLD[letter] for letter in gold if letter in GOLD]
    places = [place for place, sound in enumerate(sounds) if sound in "æeɒoiu"]
    if not places or gold in UNSTRESSED:
        return sounds
    verb = gold.startswith(("mi", "nemi"))
    ezafe = gold.endswith(("-e", "-ye")) and len(places) > 1
    return [*sounds[: (at := places[0 if verb else -2 if ezafe else -1])], "ˈ", *sounds[at:]]


def sentences(data: Path, count: int) -> list[tuple[str, list[list[str]]]]:
    """Written sentences of 45 to 85 phonemes with their words; a word-initial glottal stop is left out, as we do."""
    rows = []
    for line in (data / "g2p" / "farsdat_dev.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        written, gold, *_ = line.split("\t")
        if len(written.split()) != len(gold.split()):
            continue
        words = [stressed(word.removeprefix("?")) for word in gold.split()]
        for word, text in zip(words, written.split(), strict=True):
            word.extend([","] if re.search("[،؛]$", text) else [])
        words[-1] = [*(sound for sound in words[-1] if sound != ","), "."]
        if 45 <= sounds(words) <= 85:
            rows.append((written, words))
    random.Random(3).shuffle(rows)
    return rows[:count]


def sounds(words: list[list[str]]) -> int:
    """Phonemes of a sentence."""
    return sum(sound not in "ˈ,." for word in words for sound in word)


class Bench:
    """The model, the sentences and the recogniser, loaded once."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        """Load all three."""
        import onnxruntime  # noqa: PLC0415 - only this script's own environment has these

        sys.path.insert(0, str(chosen.asr))
        import cer  # noqa: PLC0415
        from faster_whisper import WhisperModel  # noqa: PLC0415

        cer.ensure_model()
        cer._m = WhisperModel(cer.MODEL, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)  # noqa: SLF001
        self.recogniser = cer
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self.session = onnxruntime.InferenceSession(str(chosen.model), options, providers=["CPUExecutionProvider"])
        self.frames = self.session.get_outputs()[1].name
        self.styles, self.pace = chosen.styles, chosen.pace
        self.rows = sentences(chosen.data, chosen.sentences)
        lines = [line.split("\t") for line in MAP.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
        self.map = {row[0]: [int(token) for token in row[2].split()] for row in lines}

    def tokens(self, words: list[list[str]], candidate: dict[str, Any]) -> list[int]:
        """The tokens of a sentence under a candidate's map."""
        table = self.map | {key: [MORE[sign] for sign in signs] for key, signs in candidate.get("map", {}).items()}
        made: list[int] = []
        for word in words:
            made += [SPACE] if made else []
            for sound in word:
                if sound != "ˈ" or candidate.get("stress", True):
                    made += table[sound]
        return made

    def feed(self, tokens: list[int], style: np.ndarray, speed: float) -> dict[str, np.ndarray]:
        """The inputs of the model."""
        row = style[len(tokens) - 1][None]
        return {"tokens": np.array([[0, *tokens, 0]]), "style": row, "speed": np.array([speed], np.float32)}

    def judge(self, candidate: dict[str, Any]) -> dict[str, Any]:
        """Speak and score every sentence; the speed is mended once, after a first pass for durations."""
        style = mix(self.styles, candidate["timbre"], candidate.get("prosody", candidate["timbre"]))
        texts = [self.tokens(words, candidate) for _, words in self.rows]
        total, speed = sum(sounds(words) for _, words in self.rows), 1.0
        for _ in range(2):
            spans = [self.session.run([self.frames], self.feed(text, style, speed))[0][1:-1].sum() for text in texts]
            speed *= self.pace * float(sum(spans)) * FRAME / RATE / total
        losses, beliefs, sizes, seconds = [], [], [], 0.0
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "clip.wav")  # noqa: PTH118 - the recogniser takes a string
            for text, (written, _) in zip(texts, self.rows, strict=True):
                audio, frames = self.session.run(None, self.feed(text, style, speed))
                kept = audio.reshape(-1)[(frames[0] - 1) * FRAME : len(audio.reshape(-1)) - (frames[-1] - 1) * FRAME]
                seconds += len(kept) / RATE
                with wave.open(path, "wb") as file:
                    file.setnchannels(1)
                    file.setsampwidth(2)
                    file.setframerate(RATE)
                    file.writeframes((np.clip(kept, -1, 1) * 32767).astype("<i2").tobytes())
                losses.append(self.recogniser.nll(path, written))
                beliefs.append(self.recogniser.p_fa(path))
                sizes.append(len(self.recogniser.chars(written)))
        loss, belief = float(np.average(losses, weights=sizes)), float(np.mean(beliefs))
        return {"log_loss": loss, "p_fa": belief, "speed": round(speed, 3), "pace": total / seconds}


def main() -> None:
    """Try every candidate that the log does not hold, and print them all, the best first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("candidates", type=Path)
    parser.add_argument("--styles", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--asr", type=Path, default=SHARED / "tools" / "asr")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--sentences", type=int, default=8)
    parser.add_argument("--pace", type=float, default=10.7)
    parser.add_argument("--log", type=Path, default=Path("tried.jsonl"))
    chosen = parser.parse_args()
    tried = [json.loads(line) for line in chosen.log.read_text().splitlines()] if chosen.log.is_file() else []
    bench = None
    for candidate in json.loads(chosen.candidates.read_text(encoding="utf-8")):
        if any(row["candidate"] == candidate for row in tried):
            continue
        bench = bench or Bench(chosen)
        tried.append({"candidate": candidate, **bench.judge(candidate)})
        with chosen.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(tried[-1], ensure_ascii=False) + "\n")
        print(json.dumps(tried[-1], ensure_ascii=False), flush=True)
    print("best first:")
    for row in sorted(tried, key=lambda row: row["log_loss"] - 0.3 * row["p_fa"]):
        print(f"{row['log_loss']:.3f} {row['p_fa']:.3f} {json.dumps(row['candidate'], ensure_ascii=False)}")


if __name__ == "__main__":
    main()
