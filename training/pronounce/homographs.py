"""Make audiopress/pronounce/data/homographs.tsv.gz: for each homograph, what speaks for each of its readings.

    python -m training.pronounce.homographs ../shared [--validate]

One softmax classifier a word. It learns from the sentences written for each reading (sentences/*.txt), the HomoRich
sentences, real occurrences labelled by reading (labels/homographs.tsv) and our own cues.tsv (a cue counts as a
sentence of one word, twice). How often each reading occurs in news, by those labels, is the prior. A word whose
classifier is not better than its prior in cross-validation keeps the prior alone.

``--validate`` prints the accuracy of five-fold cross-validation by kind of sentence and word, and writes nothing but
``--table FILE``, the accuracy of each word.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack, lil_matrix
from sklearn.linear_model import LogisticRegression

from audiopress.pronounce import ezafe, homographs
from audiopress.pronounce.g2p import word_phonemes
from audiopress.pronounce.homographs import Weights
from audiopress.pronounce.vectors import stem, surroundings
from training.pronounce import corpus, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "homographs.tsv.gz"
HERE = Path(__file__).parent
LETTERS = {"A": "ɒ", "a": "æ", "C": "tʃ", "j": "dʒ", "S": "ʃ", "Z": "ʒ", "y": "j", "g": "ɡ", "?": "ʔ"}
WITHOUT_EZAFE = {"tebqe": "tebq", "nazde": "nazd", "mesle": "mesl", "sarfe": "sarf", "ruye": "ruy", "raviyye": "raviye"}
LEFT_OUT = frozenset("به در مردم مهم شما شش جنگ نمونه بنا چشم لی\u200cلی".split())  # noqa: SIM905
CUE_COUNT = 2
#: The weight of the prior, times log10 of how often the word occurs in all text. .15, .2, .3: the more, the better in
#: news (98.6, 98.8, 99.0 % of the real occurrences, by frequency) and the worse on HomoRich (86.0, 85.5, 84.5 %).
PRIOR_WEIGHT = 0.2
STRENGTH = 10.0  # scikit-learn's C
SMALLEST = 0.05
FOLDS = 5
Model = dict[str, dict[str, Weights]]


class Example(NamedTuple):
    """A homograph, its reading, what stands near it, and where the example is from."""

    word: str
    reading: str
    near: list[str]
    around: NDArray[np.float32]
    source: str


def ipa(reading: str) -> str:
    """From the letters of HomoRich to ours, without an ezafe: ``?e?mAl`` → ``eʔmɒl``."""
    reading = WITHOUT_EZAFE.get(reading, reading)
    return "".join(LETTERS.get(letter, letter) for letter in reading.removeprefix("?"))


def example(word: str, reading: str, tokens: list[str], source: str) -> Example:
    """An example from a sentence that holds the word."""
    at = tokens.index(word)
    return Example(word, reading, homographs.context(tokens, ezafe.label(tokens), at), surroundings(tokens, at), source)


def homorich(path: Path, source: str) -> Iterator[Example]:
    """The examples of a HomoRich file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        word, reading, text = line.split("\t")
        for tokens in corpus.sentences(text):
            if word in tokens and word not in LEFT_OUT:
                yield example(word, ipa(reading.split()[0]), tokens, source)
                break


def written() -> Iterator[Example]:
    """The sentences written for each reading: under a line ``## word reading`` one sentence a line."""
    for path in sorted((HERE / "sentences").glob("*.txt")):
        word = reading = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                word, reading = line[3:].split()
            elif line.strip():
                tokens = next((tokens for tokens in corpus.sentences(line) if word in tokens), None)
                if tokens and word not in LEFT_OUT:
                    yield example(word, reading, tokens, "written")


def occurrences(shared: Path) -> Iterator[Example]:
    """Real occurrences labelled by reading."""
    labels = read.homographs()
    wanted = defaultdict(list)
    for (name, word), reading in labels.items():
        if reading != "?" and word not in LEFT_OUT:
            wanted[name].append((word, reading))
    for tokens in corpus.everything(shared):
        for word, reading in wanted.pop(read.key(tokens), ()):
            yield example(word, reading, list(tokens), "real")


def cues() -> Iterator[Example]:
    """The examples of our own table of cues."""
    nowhere = np.zeros_like(surroundings(["."], 0))
    for line in (HERE / "cues.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        word, reading, words = line.split("\t")
        for cue in words.split():
            base = stem(cue.lstrip("<>"))
            near = (["~" + base] if len(base) > 2 else []) + ([cue[0] + base] if cue[0] in "<>" else [])
            if near and word not in LEFT_OUT:
                yield from [Example(word, ipa(reading), near, nowhere, "cue")] * CUE_COUNT


def everything(shared: Path) -> list[Example]:
    """All examples, readings that differ only in what usage varies made one."""
    data = shared / "data" / "homographs"
    found = [
        *written(), *occurrences(shared), *homorich(data / "homorich_human.tsv", "human"),
        *homorich(data / "homorich_llm_sample.tsv", "sample"), *cues(),
    ]  # fmt: skip
    names: dict[tuple[str, str], str] = {}
    for row in found:
        names.setdefault((row.word, alike(row.reading)), row.reading)
    return [row._replace(reading=names[row.word, alike(row.reading)]) for row in found]


def alike(reading: str) -> str:
    """A reading without glottal stops and doubled consonants, which usage and sources vary in."""
    return re.sub(r"(.)\1+", r"\1", reading.replace("ʔ", "")).replace("ij", "i")


def priors(rows: Iterable[Example]) -> dict[str, dict[str, float]]:
    """How often each reading of a word occurs in news; the usual reading has one occurrence more, all half of one."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    readings: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        readings[row.word].add(row.reading)
        counts[row.word][row.reading] += row.source == "real"
    found = {}
    for word, names in readings.items():
        usual = alike(word_phonemes(word))
        weight = {name: counts[word][name] + 0.5 + (alike(name) == usual) for name in names}
        found[word] = {name: weight[name] / sum(weight.values()) for name in names}
    return found


def classifier(
    rows: list[Example], readings: list[str], prior: Mapping[str, float], weight: float
) -> dict[str, Weights]:
    """One word's weights by reading; each reading counts alike, the prior comes on top."""
    index = {name: n for n, name in enumerate(sorted({name for row in rows for name in row.near}))}
    near = lil_matrix((len(rows), len(index)))
    for number, row in enumerate(rows):
        for name in row.near:
            near[number, index[name]] = 1 / math.sqrt(len(row.near))
    data = hstack([near.tocsr(), csr_matrix(np.array([row.around for row in rows]))]).tocsr()
    gold = np.array([readings.index(row.reading) for row in rows])
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(data, gold)
    weights, bias = model.coef_, model.intercept_
    if len(readings) == 2:  # scikit-learn gives one row for two classes
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return {
        reading: Weights(
            float(bias[k]) + weight * math.log(prior[reading]),
            {name: float(weights[k, n]) for name, n in index.items() if abs(weights[k, n]) >= SMALLEST},
            weights[k, len(index) :].astype(np.float32),
        )
        for k, reading in enumerate(readings)
    }


def train(examples: Iterable[Example], counts: Counter[str], alone: frozenset[str] = frozenset()) -> Model:
    """The model: weights by word and reading; the words of ``alone`` have nothing but their prior."""
    by_word = defaultdict(list)
    for row in examples:
        by_word[row.word].append(row)
    model: Model = {}
    for word, rows in sorted(by_word.items()):
        prior = priors(rows)[word]
        readings = sorted(prior)
        if len(readings) > 1 and word in alone:
            nothing = np.zeros_like(rows[0].around)
            model[word] = {name: Weights(math.log(prior[name]), {}, nothing) for name in readings}
        elif len(readings) > 1:
            model[word] = classifier(rows, readings, prior, PRIOR_WEIGHT * math.log10(1 + counts[word]))
    return model


def choose(readings: Mapping[str, Weights], row: Example) -> str:
    """The reading with the greatest weight."""
    return max(readings, key=lambda name: homographs.weigh(readings[name], row.near, row.around))


def validate(examples: list[Example], word_counts: Counter[str]) -> dict[str, Counter[str]]:
    """Right and seen by word and kind of example, and how often the prior alone was right, by cross-validation."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    held = [row for row in examples if row.source != "cue"]
    part = Counter[tuple[str, str, str]]()
    fold_of = []
    for row in held:
        fold_of.append(part[row.word, row.reading, row.source] % FOLDS)
        part[row.word, row.reading, row.source] += 1
    rest = [row for row in examples if row.source == "cue"]
    prior = priors(examples)
    for fold in range(FOLDS):
        model = train(rest + [row for row, at in zip(held, fold_of, strict=True) if at != fold], word_counts)
        for row, at in zip(held, fold_of, strict=True):
            if at != fold or row.word not in model:
                continue
            readings = model[row.word]
            usual = max(prior[row.word], key=lambda name: prior[row.word][name])
            counts = found[row.word]
            counts[row.source] += 1
            counts[row.source + " right"] += choose(readings, row) == row.reading
            counts[row.source + " prior"] += usual == row.reading
    return found


def hopeless(results: Mapping[str, Counter[str]]) -> frozenset[str]:
    """The words whose classifier does not beat the prior on real occurrences and written sentences."""
    return frozenset(
        word
        for word, counts in results.items()
        if sum(counts[kind + " right"] for kind in ("real", "human", "written"))
        <= sum(counts[kind + " prior"] for kind in ("real", "human", "written"))
    )


def report(results: Mapping[str, Counter[str]]) -> str:
    """The accuracy by kind of example."""
    lines = []
    for kind in ("human", "written", "sample", "real"):
        seen, right, prior = (sum(row[kind + key] for row in results.values()) for key in ("", " right", " prior"))
        if seen:
            lines.append(
                f"{kind:8} {seen:6} examples  {100 * right / seen:.1f} %  prior alone {100 * prior / seen:.1f} %"
            )
    return "\n".join(lines)


def main() -> None:
    """Train and write, or validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--table", type=Path, help="write the accuracy of each word here")
    args = parser.parse_args()
    examples = everything(args.shared)
    counts = Counter(word for sentence in corpus.everything(args.shared) for word in sentence)
    results = validate(examples, counts)
    alone = hopeless(results)
    print(report(results))
    print(f"the prior alone: {' '.join(sorted(alone))}")
    if args.table:
        kinds = ("human", "written", "sample", "real")
        lines = ["# word\t" + "\t".join(f"{kind} right\t{kind}" for kind in kinds)]
        lines += [
            word + "".join(f"\t{row[kind + ' right']}\t{row[kind]}" for kind in kinds)
            for word, row in sorted(results.items())
        ]
        args.table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if args.validate:
        return
    model = train(examples, counts, alone)
    rows, around = [], []
    for word, readings in sorted(model.items()):
        for reading, weights in sorted(readings.items()):
            around.append(weights.around)
            named = (f"{name}={weight:.2f}" for name, weight in sorted(weights.near.items()))
            rows.append(f"{word}\t{reading}\t{' '.join([f'{weights.prior:.2f}', *named])}\n")
    np.save(OUT.with_name("homographs.npy"), np.array(around, dtype=np.float16))
    with OUT.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write("".join(rows).encode())
    print(f"{len(model)} words, {len(rows)} readings, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
