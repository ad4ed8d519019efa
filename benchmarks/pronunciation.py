"""How well words are pronounced: phoneme error rate, word accuracy, ezafe, speed, start-up, size.

    python benchmarks/pronunciation.py [--shared ../shared] [--folds FOLDER] [--all] [--errors N]

The news part is farsdat_dev (500 sentences). The shipped ezafe model has learnt its ezafes, so without ``--folds`` the
figures show what ships, not how well it does on news it has not seen. ``--folds`` takes the models that
``python -m training.pronounce.ezafe … --validate FOLDER`` wrote: each sentence is read by the model that has not learnt
it or its neighbours; only these figures are held against the floors of quality. Lexicon and rules learnt nothing from
it by machine, but its errors were read while they were made. ``--all`` adds espeak-ng alone.
Homographs: training/pronounce/homographs.py --validate gives their cross-validated accuracy.
Fails under the floors of benchmarks/data/pronunciation_floors.tsv.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pycrfsuite  # noqa: E402  (the checkout comes first on the path)

from audiopress.espeak_ng import text_to_phonemes  # noqa: E402  (the checkout comes first on the path)
from audiopress.pronounce import ezafe  # noqa: E402
from audiopress.pronounce.phonemes import from_espeak  # noqa: E402
from audiopress.pronounce.pronounce import phonemize_line  # noqa: E402
from training.pronounce.ezafe import folds  # noqa: E402

FLOORS = ROOT / "benchmarks" / "data" / "pronunciation_floors.tsv"
DATA = ROOT / "audiopress" / "pronounce" / "data"
LOWER_IS_BETTER = {"per", "startup_s", "size_mb"}


def floors() -> dict[str, float]:
    """The worst allowed value of each measure."""
    rows = [line.split("\t") for line in FLOORS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value, *_ in rows}


def espeak_line(text: str) -> str:
    """What espeak-ng alone says, word by word."""
    return " ".join(from_espeak(text_to_phonemes(word)) for word in text.split())


def unseen(sentences: list[str], folder: Path) -> list[str]:
    """Phonemes of each sentence, its ezafes from the model that has not learnt it."""
    lines = [""] * len(sentences)
    parts = folds(len(sentences))
    for fold in sorted(set(parts)):
        tagger = pycrfsuite.Tagger()
        tagger.open(str(folder / f"ezafe-{fold}.crfsuite"))
        ezafe._tagger = lambda tagger=tagger: tagger  # noqa: SLF001
        for at, part in enumerate(parts):
            if part == fold:
                lines[at] = phonemize_line(sentences[at])
    return lines


def scored(shared: Path, gold: Path, lines: list[str], errors: int) -> dict[str, float]:
    """The scorer's figures; its list of errors is printed."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.txt"
        said.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [
            sys.executable,
            str(shared / "tools" / "g2p_score.py"),
            str(gold),
            str(said),
            "--errors",
            str(errors),
        ]
        first, *rest = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    print(first, *rest, sep="\n")
    pattern = r"PER ([\d.]+)  word accuracy ([\d.]+)  ezafe P ([\d.]+) R ([\d.]+) F1 ([\d.]+)"
    names = ("per", "word_accuracy", "ezafe_precision", "ezafe_recall", "ezafe_f1")
    found = re.match(pattern, first)
    assert found, first
    return dict(zip(names, map(float, found.groups()), strict=True))


def main() -> int:
    """Measure, print, compare with the floors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--folds", type=Path, help="the folder of training.pronounce.ezafe --validate")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    args = parser.parse_args()
    gold = args.shared / "data" / "g2p" / "farsdat_dev.tsv"
    sentences = [line.split("\t")[0] for line in gold.read_text(encoding="utf-8").splitlines()[1:]]
    words = sum(len(sentence.split()) for sentence in sentences)

    code = "import time; t = time.process_time(); from audiopress.pronounce import pronounce as p;"
    timed = [sys.executable, "-c", code + "p.phonemize_line('سال نو'); print(time.process_time() - t)"]
    figures = {"startup_s": min(float(subprocess.check_output(timed, cwd=ROOT)) for _ in range(3))}
    cold = time.process_time()
    lines = [phonemize_line(sentence) for sentence in sentences]
    figures["words_per_s_cold"] = words / (time.process_time() - cold)
    warm = time.process_time()
    for sentence in sentences:
        phonemize_line(sentence)
    figures["words_per_s"] = words / (time.process_time() - warm)
    figures["size_mb"] = sum(path.stat().st_size for path in DATA.iterdir()) / 1e6
    print("as shipped, ezafes learnt:")
    scored(args.shared, gold, lines, 0 if args.folds else args.errors)
    if args.folds:
        print("ezafes not learnt:")
        figures |= scored(args.shared, gold, unseen(sentences, args.folds), args.errors)
    if args.all:
        print("espeak-ng alone:")
        scored(args.shared, gold, [espeak_line(sentence) for sentence in sentences], 0)

    failed = 0
    for name, floor in floors().items():
        if name not in figures:
            print(f"{name:18} not measured: needs --folds")
            continue
        bad = figures[name] > floor if name in LOWER_IS_BETTER else figures[name] < floor
        failed += bad
        print(f"{name:18} {figures[name]:10.2f}   floor {floor:10.2f}  {'FAILS' if bad else 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
