"""Hold the PyTorch speaker and listener against onnxruntime and the recogniser's own script.

    VENV/bin/python training/voices/check.py --model published.onnx --sentences judge.jsonl [--table styles_arash.npy]
    .venv/bin/python training/voices/check.py --publish published.onnx     # joins the four packages of the model
    VENV/bin/python training/voices/check.py --model published.onnx --lengths lengths.onnx

The last writes the part of the model that tells durations, for verdict.py. VENV as for search.py, with faster-whisper
for the comparison; WHISPER_FA_DIR says where its model lies.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
TABLE = Path(__file__).resolve().parent.parent.parent / "audiopress" / "tts" / "data" / "styles_arash.npy"
LENGTHS = "/encoder/Div_output_0"  # frames of each token, not rounded


def cut(model: Path, target: Path) -> None:
    """Write the part of the model that tells durations."""
    import onnx  # noqa: PLC0415 - not everywhere

    proto = onnx.load(model)
    proto.graph.output.append(onnx.helper.make_empty_tensor_value_info(LENGTHS))
    part = onnx.utils.Extractor(proto).extract_model(["tokens", "style", "speed"], [LENGTHS])
    target.write_bytes(part.SerializeToString())


def compare(chosen: argparse.Namespace) -> None:
    """Print, for each sentence, how alike the two sounds are and what the two recognisers say."""
    sys.path.insert(0, str(chosen.asr))
    import cer  # noqa: PLC0415 - all of these only for this
    import onnxruntime  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from faster_whisper import WhisperModel  # noqa: PLC0415
    from listener import Listener, resampler, to_listener  # noqa: PLC0415
    from speaker import Speaker  # noqa: PLC0415
    from tokens import read_map, tokens_of  # noqa: PLC0415
    from verdict import write_wav  # noqa: PLC0415

    cer.ensure_model()
    cer._m = WhisperModel(cer.MODEL, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)  # noqa: SLF001 - as its own code does
    speaker, listener, kernel = Speaker(chosen.model), Listener(Path(cer.MODEL)), resampler()
    session = onnxruntime.InferenceSession(str(chosen.model), providers=["CPUExecutionProvider"])
    styles = torch.from_numpy(np.load(chosen.table).astype(np.float32))
    for line in chosen.sentences.read_text(encoding="utf-8").splitlines()[: chosen.count]:
        written, words = json.loads(line)
        tokens = tokens_of(words, read_map())
        style = styles[len(tokens) - 1]
        feed = {"tokens": np.array([[0, *tokens, 0]]), "style": style.numpy()[None], "speed": np.ones(1, np.float32)}
        theirs = session.run(None, feed)[0].reshape(-1)
        with torch.no_grad():
            ours, _ = speaker.speak(speaker.text(tokens), style, 1.0)
            heard = torch.cat([torch.zeros(6000), ours, torch.zeros(12_000)])
            verdict = listener.judge(to_listener(heard, kernel), listener.encode_text(written))
        spectra = [
            torch.stft(torch.as_tensor(x), 512, 256, window=torch.hann_window(512), return_complex=True).abs()
            for x in (theirs, ours.numpy())
        ]
        size = min(part.shape[1] for part in spectra)
        alike = np.corrcoef(*(part[:, :size].flatten().numpy() for part in spectra))[0, 1]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "clip.wav")  # noqa: PTH118 - the recogniser takes a string
            write_wav(path, ours.numpy())
            loss, belief = cer.nll(path, written), cer.p_fa(path)
        mine = float(verdict.loss) / len(cer.chars(written))
        persian = float(verdict.persian.exp())
        print(f"spectra {alike:.4f}  log-loss {mine:.3f} / {loss:.3f}  P(fa) {persian:.3f} / {belief:.3f}")


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--publish", type=Path)
    parser.add_argument("--lengths", type=Path)
    parser.add_argument("--sentences", type=Path)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--asr", type=Path, default=SHARED / "tools" / "asr")
    parser.add_argument("--count", type=int, default=4)
    chosen = parser.parse_args()
    if chosen.publish:
        from audiopress.tts.kokoro_model import read_parts  # noqa: PLC0415 - only in the project's own environment

        chosen.publish.write_bytes(read_parts())
    if chosen.lengths:
        cut(chosen.model, chosen.lengths)
    if chosen.sentences:
        compare(chosen)


if __name__ == "__main__":
    main()
