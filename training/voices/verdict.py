"""How style tables score with the engine's own model and the project's recogniser, at one pace, and how they sound.

    VENV/bin/python training/voices/verdict.py TABLE… --model converted.onnx --lengths lengths.onnx
        --sentences judge.jsonl [--asr ../shared/tools/asr] [--pace 10.7] [--count 40]

VENV has the packages of the recogniser's README and onnxruntime; WHISPER_FA_DIR says where its model lies. The
converted model is the one in the user's cache folder; ``check.py --lengths`` writes the small one that only tells
durations, with which the speed is found. A TABLE is ``styles_NAME.npy`` or what search.py wrote. ± is the standard
deviation over 2000 draws of the sentences with replacement. Pitch is the median over voiced moments; ``high`` is the
share of the energy above 6 kHz in dB, ``level`` the root mean square in dB of full scale.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokens import read_map, sounds, tokens_of

FRAME, RATE = 600, 24_000
SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
LEAD_IN, END_PAUSE = 6000, 12_000  # samples of silence around a sentence, as a listener hears it
Samples = np.ndarray[tuple[int], np.dtype[np.float32]]


class Judge:
    """The model, the recogniser and the sentences, loaded once."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        """Load all three."""
        sys.path.insert(0, str(chosen.asr))
        import cer  # noqa: PLC0415 - lies where the caller says
        from faster_whisper import WhisperModel  # noqa: PLC0415 - after it

        cer.ensure_model()
        cer._m = WhisperModel(cer.MODEL, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)  # noqa: SLF001 - as its own code does
        self.recogniser, self.pace = cer, chosen.pace
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self.model, self.lengths = (
            onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            for path in (chosen.model, chosen.lengths)
        )
        lines = chosen.sentences.read_text(encoding="utf-8").splitlines()[: chosen.count]
        rows, table = [json.loads(line) for line in lines], read_map()
        self.written = [written for written, _ in rows]
        self.tokens = [tokens_of(words, table) for _, words in rows]
        self.counts = [sounds(words) for _, words in rows]

    def feed(self, tokens: list[int], styles: Samples, speed: float) -> dict[str, Any]:
        """The inputs of the model."""
        row = styles[len(tokens) - 1][None].astype(np.float32)
        return {"tokens": np.array([[0, *tokens, 0]]), "style": row, "speed": np.array([speed], np.float32)}

    def speed(self, styles: Samples) -> float:
        """The speed at which the sentences have the pace that is asked for, trimmed as the engine trims."""
        spans = [self.lengths.run(None, self.feed(tokens, styles, 1.0))[0].reshape(-1) for tokens in self.tokens]
        speed = 1.0
        for _ in range(8):
            frames = sum(np.round(span[1:-2] / speed).clip(min=1).sum() + 2.6 for span in spans)
            speed *= float(self.pace * frames * FRAME / RATE / sum(self.counts)) ** 0.9
        return speed

    def judge(self, styles: Samples) -> dict[str, float]:
        """Speak and score every sentence."""
        speed = self.speed(styles)
        rows, seconds, sounds_like = [], 0.0, []
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "clip.wav")  # noqa: PTH118 - the recogniser takes a string
            for tokens, written in zip(self.tokens, self.written, strict=True):
                audio, frames = self.model.run(None, self.feed(tokens, styles, speed))
                kept = trimmed(audio.reshape(-1), frames)
                seconds += len(kept) / RATE
                write_wav(path, kept)
                size = len(self.recogniser.chars(written))
                rows.append((self.recogniser.nll(path, written), size, self.recogniser.p_fa(path)))
                sounds_like.append((pitch(kept), float((kept**2).mean()), high_band(kept)))
        losses, sizes, beliefs = (np.array(column) for column in zip(*rows, strict=True))
        draws = np.random.default_rng(1).integers(0, len(rows), (2000, len(rows)))
        height, power, high = (np.array(column) for column in zip(*sounds_like, strict=True))
        return {
            "log_loss": float(np.average(losses, weights=sizes)),
            "±log_loss": float(((losses * sizes)[draws].sum(1) / sizes[draws].sum(1)).std()),
            "p_fa": float(beliefs.mean()),
            "±p_fa": float(beliefs[draws].mean(1).std()),
            "pace": sum(self.counts) / seconds,
            "speed": speed,
            "pitch": float(np.median(height)),
            "level": float(10 * np.log10(power.mean())),
            "high": float(10 * np.log10(high.mean())),
        }


def trimmed(audio: Samples, frames: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Samples:
    """The sound as the engine keeps it: from 20 ms before what is audible, or the first phoneme, to 40 ms after."""
    ends = np.concatenate([[0], np.cumsum(frames)]) * FRAME
    loud = np.flatnonzero(np.abs(audio) > 1e-3 * np.abs(audio).max())
    start = max(0, min(int(loud[0]), int(ends[1])) - 480)
    return audio[start : min(len(audio), max(int(loud[-1]) + 1, int(ends[-3]) + FRAME) + 960)]


def write_wav(path: str, samples: Samples) -> None:
    """Keep a sentence as 16-bit PCM with the silence around it."""
    heard = np.clip(np.concatenate([np.zeros(LEAD_IN), samples, np.zeros(END_PAUSE)]), -1, 1)
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((heard * 32767).astype("<i2").tobytes())


def pitch(samples: Samples) -> float:
    """Hz, the median over voiced moments, by autocorrelation between 65 and 350 Hz; 0 where none is voiced."""
    low, size, found = samples[::2].astype(float), 480, []
    for start in range(0, len(low) - 2 * size, 240):
        part = low[start : start + 2 * size] - low[start : start + 2 * size].mean()
        if (part**2).mean() < 1e-4:
            continue
        alike = np.correlate(part, part[:size], "valid")[:size] / ((part[:size] ** 2).sum() + 1e-9)
        lag = 34 + int(np.argmax(alike[34:185]))
        if alike[lag] > 0.6:
            found.append(RATE / 2 / lag)
    return float(np.median(found)) if found else 0.0


def high_band(samples: Samples) -> float:
    """The share of the energy above 6 kHz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power[len(power) // 2 :].sum() / power.sum())


def main() -> None:
    """Print one line of JSON a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--lengths", type=Path, required=True)
    parser.add_argument("--sentences", type=Path, required=True)
    parser.add_argument("--asr", type=Path, default=SHARED / "tools" / "asr")
    parser.add_argument("--pace", type=float, default=10.7)
    parser.add_argument("--count", type=int, default=40)
    chosen = parser.parse_args()
    judge = Judge(chosen)
    for path in chosen.tables:
        read = np.load(path)
        styles = read["table"] if path.suffix == ".npz" else read
        scores = judge.judge(styles.astype(np.float16).astype(np.float32))
        print(
            json.dumps(
                {"table": path.stem, **{key: round(value, 3) for key, value in scores.items()}}, ensure_ascii=False
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
