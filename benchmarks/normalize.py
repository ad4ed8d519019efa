"""Measures the text room: cases right in each class, words a second, start-up.

    python benchmarks/normalize.py [--data ../shared/data] [--compare] [--update]

Classes are the folders and files under tests/corpora: a case is right when the spoken form is exactly the one written
beside it. ``--compare`` adds columns for hazm and num2words where they are installed: what they do for the same cases,
judged leniently (marks ignored, half-spaces and spaces alike). Floors are in benchmarks/data/normalize_floors.tsv; a
figure under its floor fails, ``--update`` raises the floors of the classes and never lowers one; what depends on the
machine (speed, start-up) keeps the floor that is written there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from audiopress.text.characters import MARKS, ZWNJ, fold  # noqa: E402 (needs the path above)
from audiopress.text.normalize import normalize  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

CORPORA = ROOT / "tests/corpora"
FOLDERS = ("numbers", "characters", "abbreviations", "acronyms", "latin", "links")
#: What the project promises: so many cases in all, and in each class.
LEAST, LEAST_IN_A_CLASS = 1500, 60
FLOORS = ROOT / "benchmarks/data/normalize_floors.tsv"
#: CPU seconds from a fresh interpreter's first line to the first sentence said, the best of three.
START = (
    "import time; start = time.process_time()\n"
    "from audiopress.text.normalize import normalize\n"
    "normalize('در سال ۱۳۹۹ FATF (ع) می توانیم.')\n"
    "print(time.process_time() - start)"
)


def classes() -> dict[str, list[tuple[str, str]]]:
    """Return the (written, spoken) cases of each class, named ``folder/file``."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((CORPORA / folder).glob("*.tsv")):
            lines = path.read_text(encoding="utf-8").split("\n")
            cells = [line.split("\t") for line in lines if line and not line.startswith("# ")]
            # The corpora of the numbers show what one pass does; the rest of the room follows here.
            finish = normalize if folder == "numbers" else str
            found[f"{folder}/{path.stem}"] = [(row[0], finish(row[1])) for row in cells]
    if sum(map(len, found.values())) < LEAST or min(map(len, found.values())) < LEAST_IN_A_CLASS:
        raise SystemExit(
            f"{CORPORA} must hold {LEAST:,} cases, and {LEAST_IN_A_CLASS} in each class; see which were lost."
        )
    return found


def share(cases: list[tuple[str, str]], speak: Callable[[str], str], same: Callable[[str], str] = str) -> float:
    """Return the percentage of cases that ``speak`` says right."""
    return 100 * sum(same(speak(written)) == same(spoken) for written, spoken in cases) / len(cases)


def leniently(text: str) -> str:
    """Return what a listener would hear alike: ``اِس‌اِم‌اِس.`` → ``اس ام اس``."""
    text = re.sub(f"[{MARKS}]", "", fold(text))
    return " ".join(re.sub(f"[{ZWNJ}،؛:.؟!«»()\\[\\]]", " ", text).split())


def rivals() -> dict[str, Callable[[str], str]]:
    """Return the other normalisers that are installed here."""
    found: dict[str, Callable[[str], str]] = {}
    try:
        from hazm import Normalizer  # noqa: PLC0415 (optional)
    except ImportError:
        pass
    else:
        found["hazm"] = Normalizer().normalize
    try:
        from num2words import num2words  # noqa: PLC0415 (optional)
    except ImportError:
        return found

    def spell(text: str) -> str:
        return re.sub(
            r"\d+(?:\.\d+)?",
            lambda match: str(num2words(float(match[0]) if "." in match[0] else int(match[0]), lang="fa")),
            text,
        )

    found["num2words"] = spell
    return found


def words_a_second(data: Path) -> float:
    """Return the speed on news articles, in words a second of one process."""
    articles = [json.loads(line) for line in (data / "text/fars_news.jsonl").read_text(encoding="utf-8").splitlines()]
    paragraphs = [paragraph for article in articles[::15] for paragraph in article["paragraphs"]]
    for paragraph in paragraphs[:50]:
        normalize(paragraph)
    start = time.process_time()
    for paragraph in paragraphs:
        normalize(paragraph)
    return sum(len(paragraph.split()) for paragraph in paragraphs) / (time.process_time() - start)


def start_up() -> float:
    """Return the CPU seconds that a fresh process needs for its first sentence."""
    runs = [
        subprocess.run([sys.executable, "-c", START], cwd=ROOT, check=True, capture_output=True, text=True)
        for _ in range(3)
    ]
    return min(float(run.stdout) for run in runs)


def read_floors() -> dict[str, float]:
    """Return the pinned figures, higher is better: ``links/links`` → 97.0."""
    if not FLOORS.exists():
        return {}
    rows = [line.split("\t") for line in FLOORS.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    return {row[0]: float(row[1]) for row in rows}


def main() -> int:
    """Print the table; return 1 where a figure is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared/data", help="folder with text/fars_news.jsonl"
    )
    parser.add_argument("--compare", action="store_true", help="add columns for hazm and num2words")
    parser.add_argument("--update", action="store_true", help="raise the floors to these figures")
    options = parser.parse_args()
    others = rivals() if options.compare else {}
    figures: dict[str, float] = {}
    print("| class | cases | right % |" + "".join(f" {name} % |" for name in others))
    print("|---|---|---|" + "---|" * len(others))
    found = classes()
    totals = dict.fromkeys(others, 0.0)
    for name, cases in found.items():
        figures[name] = round(share(cases, normalize), 1)
        theirs = {other: share(cases, speak, leniently) for other, speak in others.items()}
        totals = {other: total + theirs[other] * len(cases) for other, total in totals.items()}
        columns = "".join(f" {percent:.0f} |" for percent in theirs.values())
        print(f"| {name} | {len(cases)} | {figures[name]} |{columns}")
    rights = sum(figures[name] * len(cases) for name, cases in found.items())
    count = sum(map(len, found.values()))
    print(f"| all | {count} | {rights / count:.1f} |" + "".join(f" {total / count:.0f} |" for total in totals.values()))
    if (options.data / "text/fars_news.jsonl").exists():
        speed = words_a_second(options.data)
        print(f"words/s: {speed:,.0f}")
        figures["words a second"] = round(speed)
    seconds = start_up()
    print(f"start-up: {seconds:.2f} s (CPU)")
    figures["start-ups in half a second"] = round(0.5 / seconds, 1)
    floors = read_floors()
    worse = [name for name, floor in floors.items() if name in figures and figures[name] < floor]
    for name in worse:
        print(f"WORSE: {name} is {figures[name]}, was {floors[name]}")
    if options.update:
        best = floors | {name: max(figures[name], floors.get(name, 0)) for name in found}
        lines = [
            "# The least that benchmarks/normalize.py may find: figure TAB floor. Raised by --update, never lowered."
        ]
        FLOORS.write_text("\n".join([*lines, *(f"{name}\t{best[name]}" for name in best)]) + "\n", encoding="utf-8")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
