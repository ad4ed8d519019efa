"""Make audiopress/pronounce/data/homographs.tsv.gz: for each homograph, what speaks for each of its readings.

    python -m training.pronounce.homographs ../shared [--validate]

One softmax classifier a word, trained on the HomoRich sentences and on our own cues.tsv (a cue counts as a sentence of
one word, twice). The reading that the lexicon gives starts with a lead, greater for words frequent in news, where rare
readings are rarer still. ``--validate`` prints the accuracy on the human sentences, five-fold, and writes nothing.
"""

from __future__ import annotations

import argparse
import gzip
import math
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from audiopress.pronounce import ezafe, homographs
from audiopress.pronounce.g2p import word_phonemes
from training.pronounce import corpus

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "homographs.tsv.gz"
CUES = Path(__file__).with_name("cues.tsv")
LETTERS = {"A": "ɒ", "a": "æ", "C": "tʃ", "j": "dʒ", "S": "ʃ", "Z": "ʒ", "y": "j", "g": "ɡ", "?": "ʔ"}
WITHOUT_EZAFE = {"tebqe": "tebq", "nazde": "nazd", "mesle": "mesl", "sarfe": "sarf", "ruye": "ruy", "raviyye": "raviye"}
LEFT_OUT = {
    "به",
    "کند",
    "مردم",
    "مهم",
    "شما",
    "بین",
    "شش",
    "جنگ",
    "نمونه",
    "بر",
    "بنا",
    "چشم",
    "مد",
    "لی\u200cلی",
}  # one reading is all but certain in news
CUE_COUNT = 2  # 0, 1, 2 gave .776, .793, .794 on the human sentences
LEAD = 0.3  # 0, .3, .7, 1.5 gave .777, .782, .771, .740 without cues
LEAD_PER_FREQUENCY = 0.45  # times log10 of the word's count in 585,000 words of news: keeps the dev set's news right
DECAY = 0.1
STEPS = 150
SMALLEST = 0.05


class Example(NamedTuple):
    """A homograph, its reading and what stands near it."""

    word: str
    reading: str
    near: list[str]


def ipa(reading: str) -> str:
    """From the letters of the data to ours, without an ezafe: ``?e?mAl`` → ``eʔmɒl``."""
    reading = WITHOUT_EZAFE.get(reading, reading)
    return "".join(LETTERS.get(letter, letter) for letter in reading.removeprefix("?"))


def sentences(path: Path) -> list[Example]:
    """The examples of a HomoRich file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, reading, text = line.split("\t")
        for tokens in corpus.sentences(text):
            if word in tokens and word not in LEFT_OUT:
                at = tokens.index(word)
                found.append(
                    Example(word, ipa(reading.split()[0]), homographs.context(tokens, ezafe.label(tokens), at))
                )
                break
    return found


def cues() -> list[Example]:
    """The examples of our own table of cues."""
    found = []
    for line in CUES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, reading, words = line.split("\t")
        for cue in words.split():
            stem = homographs.stem(cue.lstrip("<>"))
            near = (["~" + stem] if len(stem) > 2 else []) + ([cue[0] + stem] if cue[0] in "<>" else [])
            if near:
                found.append(Example(word, ipa(reading), near))
    return found


def train(examples: list[Example], counts: Counter[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Weights by word, reading and feature; "" holds the lead."""
    by_word = defaultdict(list)
    for example in examples:
        by_word[example.word].append(example)
    model: dict[str, dict[str, dict[str, float]]] = {}
    for word, rows in sorted(by_word.items()):
        readings = sorted({row.reading for row in rows})
        if len(readings) < 2:
            continue
        index = {name: n for n, name in enumerate(sorted({name for row in rows for name in row.near}))}
        data = np.zeros((len(rows), len(index)))
        for number, row in enumerate(rows):
            data[number, [index[name] for name in row.near]] = 1 / math.sqrt(len(row.near))
        gold = np.array([readings.index(row.reading) for row in rows])
        share = 1 / np.bincount(gold, minlength=len(readings))[gold] / len(readings)
        weights = np.zeros((len(index), len(readings)))
        for _ in range(STEPS):
            score = data @ weights
            odds = np.exp(score - score.max(axis=1, keepdims=True))
            odds /= odds.sum(axis=1, keepdims=True)
            weights -= 5 * (
                data.T @ ((odds - np.eye(len(readings))[gold]) * share[:, None]) + DECAY / 10 / len(rows) * weights
            )
        usual = word_phonemes(word)
        lead = LEAD + LEAD_PER_FREQUENCY * math.log10(1 + counts[word])
        model[word] = {
            reading: {"": lead if _same(reading, usual) else 0.0}
            | {name: float(weights[n, k]) for name, n in index.items() if abs(weights[n, k]) >= SMALLEST}
            for k, reading in enumerate(readings)
        }
    return model


def _same(first: str, second: str) -> bool:
    """Whether two readings differ in glottal stops and doubled consonants only."""
    one, two = (re.sub(r"(.)\1+", r"\1", text.replace("ʔ", "")) for text in (first, second))
    return one == two


def choose(readings: dict[str, dict[str, float]], near: list[str]) -> str:
    """The reading with the greatest weight."""
    return max(readings, key=lambda name: homographs.weigh(readings[name], near))


def main() -> None:
    """Train and write, or validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    parser.add_argument("--validate", action="store_true")
    args = parser.parse_args()
    data = args.shared / "data"
    human = sentences(data / "homographs" / "homorich_human.tsv")
    others = sentences(data / "homographs" / "homorich_llm_sample.tsv") + cues() * CUE_COUNT
    counts = Counter(word for sentence in corpus.news(data / "text" / "fars_news.jsonl") for word in sentence)
    if args.validate:
        random.Random(1).shuffle(human)
        for name, count in (("balanced", Counter()), ("news lead", counts)):
            right = 0
            for fold in range(5):
                model = train(others + [row for n, row in enumerate(human) if n % 5 != fold], count)
                for row in human[fold::5]:
                    said = choose(model[row.word], row.near) if row.word in model else word_phonemes(row.word)
                    right += _same(said, row.reading)
            print(f"{name}: {100 * right / len(human):.1f} % of {len(human)}")
        return
    model = train(human + others, counts)
    rows = [
        f"{word}\t{reading}\t{name}\t{weight:.2f}\n"
        for word, readings in sorted(model.items())
        for reading, weights in sorted(readings.items())
        for name, weight in sorted(weights.items())
    ]
    with OUT.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write("".join(rows).encode())
    print(f"{len(model)} words, {len(rows)} weights, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
