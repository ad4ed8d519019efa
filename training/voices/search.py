"""Try mixtures of Kokoro styles, phoneme maps and stress at equal pace, judged by a speech recogniser.

    VENV/bin/python training/voices/search.py --styles package/voices --model MODEL.onnx --sentences sentences.jsonl
        [--asr ../shared/tools/asr] [--pace 10.75] [--log tried.jsonl] CANDIDATES.json

VENV needs numpy, onnxruntime and the packages of the recogniser's README. MODEL is the converted model in the user's
cache folder; sentences.py beside this file writes the sentences; the article of the verdict
(benchmarks/intelligibility.py) is never looked at here. CANDIDATES is a list of objects: ``{"timbre": {"em_alex": 1,
"jm_kumo": 1}, "prosody": {...}, "map": {"q": "ʁ"}, "stress": "marked"}``; all but timbre may be left out. ``stress`` is
"all" (as the engine does: a word without a stress gets one on its last vowel), "marked" (as pronounced) or "none".
Every candidate speaks at the same pace, its speed being found with the duration output alone, because slower speech
scores better. One line of JSON a candidate is added to the log; a candidate found there is not tried again.
"""

from __future__ import annotations

import argparse
import json
import os
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
MORE |= {"p": 58, "t": 62, "k": 53, "ʧ": 133, "ʰ": 162}
LAST_VOWEL = re.compile("[æeoɒiu](?=[^æeoɒiu]*$)")
SOUND = re.compile("tʃ|dʒ|.")
LEAD_IN, END_PAUSE = 0.25, 0.5  # seconds of silence around a sentence, as a listener hears it


def sounds(words: list[list[str]]) -> int:
    """Phonemes of a sentence; an affricate counts as one."""
    return sum(sound != "ˈ" for phonemes, _ in words for sound in SOUND.findall(phonemes))


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
        self.rows = [json.loads(line) for line in chosen.sentences.read_text(encoding="utf-8").splitlines()]
        lines = [line.split("\t") for line in MAP.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
        self.map = {row[0]: [int(token) for token in row[2].split()] for row in lines}

    def tokens(self, words: list[list[str]], candidate: dict[str, Any]) -> list[int]:
        """The tokens of a sentence under a candidate's map."""
        table = self.map | {key: [MORE[sign] for sign in signs] for key, signs in candidate.get("map", {}).items()}
        stress = candidate.get("stress", "all")
        made: list[int] = []
        for phonemes, after in words:
            made += [SPACE] if made else []
            if stress == "all" and "ˈ" not in phonemes:
                phonemes = LAST_VOWEL.sub(r"ˈ\g<0>", phonemes)  # noqa: PLW2901
            for sound in SOUND.findall(phonemes + after):
                if sound != "ˈ" or stress != "none":
                    made += table[sound]
        return made if words[-1][1] else [*made, *table["."]]

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
                    lead, end = (np.zeros(round(length * RATE), np.float32) for length in (LEAD_IN, END_PAUSE))
                    heard = np.clip(np.concatenate([lead, kept, end]), -1, 1)
                    file.writeframes((heard * 32767).astype("<i2").tobytes())
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
    parser.add_argument("--sentences", type=Path, required=True)
    parser.add_argument("--pace", type=float, default=10.75)
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
