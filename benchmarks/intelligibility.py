"""How clear the voices are to a speech recogniser, at their own pace: log-loss and its belief that it hears Persian.

    .venv/bin/python benchmarks/intelligibility.py --recogniser VENV/bin/python [--asr ../shared/tools/asr]
        [--article ../shared/articles/tasnim-raisi-putin.txt] [--sentences 20] [--voices arash nasim espeak]

Log-loss: mean negative log-likelihood of the written sentence a character, teacher forced; lower is clearer. P(fa):
native voices .85 to 1, a foreign accent lower. The last row gives the first voice's audio the text of the next
sentence: it must be far worse, or the measurement says nothing. Compare figures on the same sentences only. Where the
recogniser is not there the script says so and leaves with 0. ``--recogniser`` is a Python that has the packages named
in the recogniser's README (WHISPER_FA_DIR says where its model lies); floors are in benchmarks/data.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_dir

from audiopress.model import Role, Utterance
from audiopress.pronounce.pronounce import pronounce
from audiopress.script.segments import write_script
from audiopress.sources.read import read_source
from audiopress.text.normalize import normalize
from audiopress.tts.engine import Places
from audiopress.tts.registry import make_engine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from audiopress.model import Audio, Pronunciation

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FLOORS = Path(__file__).parent / "data" / "intelligibility_floors.tsv"
LONGEST = 280  # phonemes; at 10.5 a second that is 27 s, and the recogniser hears 30
LEAD_IN, END_PAUSE = 0.25, 0.5  # seconds of silence around a sentence, as in an episode; not counted in the pace
#: Run by the recogniser's Python: reads WAV TAB text TAB wrong text, prints one JSON line each. Transcribing is left
#: out, which would take most of the time, and what the recogniser made of a sound is used for all three questions.
SCORER = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import cer
from faster_whisper import WhisperModel
cer.ensure_model()
cer._m = WhisperModel(cer.MODEL, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
encode, kept = cer._m.encode, {}
def encode_once(features):
    key = features.tobytes()
    if key not in kept:
        kept.clear()
        kept[key] = encode(features)
    return kept[key]
cer._m.encode = encode_once
for line in sys.stdin:
    path, text, wrong = line.rstrip("\\n").split("\\t")
    row = [cer.nll(path, text), cer.p_fa(path), len(cer.chars(text)), cer.nll(path, wrong), len(cer.chars(wrong))]
    print(json.dumps(row), flush=True)
"""


def sentences(article: Path, count: int) -> list[Pronunciation]:
    """The first body sentences of an article that are not too long for the recogniser."""
    script = write_script(read_source(str(article)))
    bodies = [sentence for part in script.segments for sentence in part.sentences if sentence.role is Role.BODY]
    spoken = pronounce(Utterance(sentence, normalize(sentence.written)) for sentence in bodies)
    return [pronunciation for pronunciation in spoken if phonemes(pronunciation) <= LONGEST][:count]


def phonemes(pronunciation: Pronunciation) -> int:
    """Phonemes of an utterance; an affricate counts as one."""
    return len(pronunciation.plain.replace(" ", "").replace("tʃ", "C").replace("dʒ", "J"))


def write_wav(path: Path, audio: Audio) -> None:
    """Keep audio as 16-bit PCM, with the silence around it that a listener hears."""
    lead, end = (np.zeros(round(length * audio.sample_rate), np.float32) for length in (LEAD_IN, END_PAUSE))
    samples = np.concatenate([lead, audio.samples, end])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.sample_rate)
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


def speak(name: str, texts: list[Pronunciation], folder: Path, cache: Path) -> tuple[list[Path], float]:
    """Speak every sentence afresh; the files, and the seconds they last together."""
    voice = find_voice(name)
    engine = make_engine(voice.engine, Places(cache, cache))
    paths, seconds = [], 0.0
    for place, text in enumerate(texts):
        audio = engine.synthesize(text, voice)
        paths.append(folder / f"{name}-{place}.wav")
        write_wav(paths[-1], audio)
        seconds += len(audio.samples) / audio.sample_rate
    engine.close()
    return paths, seconds


def score(paths: list[Path], texts: list[str], recogniser: str, asr: Path) -> tuple[float, float, float]:
    """Log-loss a character over all files, the mean belief that they are Persian, and the log-loss of wrong texts."""
    texts = [" ".join(text.split()) for text in texts]
    rows = zip(paths, texts, [*texts[1:], texts[0]], strict=True)
    lines = "".join(f"{path}\t{text}\t{wrong}\n" for path, text, wrong in rows)
    command = [recogniser, "-c", SCORER, str(asr)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    columns = zip(*[json.loads(line) for line in done.stdout.splitlines()], strict=True)
    losses, beliefs, sizes, wrong, wrong_sizes = (np.array(column, float) for column in columns)
    return (
        float(np.average(losses, weights=sizes)),
        float(beliefs.mean()),
        float(np.average(wrong, weights=wrong_sizes)),
    )


def floors() -> dict[str, tuple[float, float, float]]:
    """By voice: the greatest log-loss, the least P(fa) and the least pace it may have."""
    lines = FLOORS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[0]: (float(row[1]), float(row[2]), float(row[3])) for row in rows}


def main() -> None:
    """Print the table; leave with 1 where a voice is worse than its floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asr", type=Path, default=SHARED / "tools" / "asr")
    parser.add_argument("--recogniser", default=sys.executable)
    parser.add_argument("--article", type=Path, default=SHARED / "articles" / "tasnim-raisi-putin.txt")
    parser.add_argument("--sentences", type=int, default=20)
    parser.add_argument("--voices", nargs="+", default=["arash", "nasim", "espeak"])
    parser.add_argument("--cache", type=Path, default=Path(user_cache_dir("audiopress")))
    chosen = parser.parse_args()
    has = subprocess.run([chosen.recogniser, "-c", "import faster_whisper"], capture_output=True, check=False)
    if has.returncode or not (chosen.asr / "cer.py").is_file() or not chosen.article.is_file():
        print("Skipped: the recogniser (--asr, --recogniser) or the article is not here.")
        return
    texts = sentences(chosen.article, chosen.sentences)
    written = [text.utterance.sentence.written for text in texts]
    limits, worse = floors(), []
    print(f"{len(texts)} sentences, {sum(map(phonemes, texts))} phonemes")
    print(f"{'voice':26}{'log-loss':>9}{'P(fa)':>8}{'phonemes/s':>12}")
    with tempfile.TemporaryDirectory() as name:
        for place, voice in enumerate(chosen.voices):
            paths, seconds = speak(voice, texts, Path(name), chosen.cache)
            loss, belief, wrong = score(paths, written, chosen.recogniser, chosen.asr)
            pace = sum(map(phonemes, texts)) / seconds
            print(f"{voice:26}{loss:9.3f}{belief:8.3f}{pace:12.2f}", flush=True)
            most, least, slowest = limits.get(voice, (np.inf, 0.0, 0.0))
            if loss > most or belief < least or pace < slowest:
                worse.append(voice)
            if place == 0:
                wrong_row = f"{voice + ', wrong text':26}{wrong:9.3f}"
    print(wrong_row)
    if worse:
        sys.exit("Below their floors: " + ", ".join(worse))


if __name__ == "__main__":
    main()
