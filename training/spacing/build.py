"""Builds the data files of `audiopress.text.spacing`.

    python training/spacing/build.py --data ../shared/data

Two rounds: a first model finds where the news text leaves out half-spaces that edited text has, and the second trusts
those places less. Every tenth block of twenty sentences is left out, for benchmarks/spacing.py to measure on.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import cases  # noqa: E402 (needs the path above)
import corpus  # noqa: E402
import fit  # noqa: E402
import lexicon  # noqa: E402

from audiopress.text.spacing_data import UNITS  # noqa: E402
from audiopress.text.spacing_features import Words  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: How far each source is trusted: the edited treebanks most; FarsTail and the read-speech sentences have habits of
#: their own («شده‌است», «که‌در»). Chosen on held-out treebank sentences.
WEIGHTS = {"own": 3.0, "perdt": 2.0, "seraji": 2.0, "fars": 1.0, "homorich": 0.7, "farsdat": 0.5, "tail": 0.5}
NOISY = ("fars", "tail")  #: sources that leave out half-spaces now and then
EVIDENCE = ("own", "perdt", "seraji", "fars", "homorich")  #: sources whose compounds are listed as seen
SUSPECT = -2.0  #: log-odds of the first model over which a missing half-space of a noisy source is doubted
DOUBTED = 0.1  #: weight of what is doubted
HABIT = 0.2  #: weight of a half-space in a pair that is a matter of style, outside the treebanks
LISTED = 0.1  #: weight of a joint out of a word list, which says nothing of how often two words stand apart
VOUCHED = 0.1  #: the same for a spelling vouched for
PENALTY = 0.5  #: L2; 0.2 and 1.0 did no better on held-out sentences
ROUNDS = (25, 50)  #: of the two fits; the loss falls by less than 1 % after
LEAST = 5.0  #: mass of examples a feature must have
SMALL = 1  #: weights of fewer units are dropped

#: Spellings that are a matter of style, never doubted.
_EITHER = frozenset(a + b for a in ("آن", "این", "همان", "همین") for b in ("ها", "های", "هایی", "که"))


def write(path: Path, table: Mapping[str, str]) -> None:
    """Write words grouped by value, gzipped, the same bytes for the same table."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(table):
        groups[table[word]].append(word)
    text = "".join("\t".join([value, *groups[value]]) + "\n" for value in sorted(groups))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{path.name}: {len(table)} words, {path.stat().st_size} bytes")


def packed(names: list[str], weights: fit.Floats) -> dict[str, str]:
    """Round weights to whole units and drop the small ones."""
    units = np.rint(weights * UNITS).astype(int)
    return {name: str(unit) for name, unit in zip(names, units, strict=True) if abs(unit) >= SMALL}


def split_model(runs: Mapping[str, list[cases.Run]], words: Words, plain: list[str]) -> dict[str, str]:
    """Fit the weights of the splits."""
    trusted: cases.Table = defaultdict(Counter)
    noisy: cases.Table = defaultdict(Counter)
    for source, lines in runs.items():
        cases.spellings(lines, WEIGHTS[source], noisy if source in NOISY else trusted)
    table = {w: trusted[w] + noisy[w] for w in sorted({*trusted, *noisy})}

    def stream() -> Iterator[tuple[list[str], float, float]]:
        yield from cases.splits(table, words)
        yield from cases.listed_splits(plain, words)

    target, mass = np.array([(t, m) for _, t, m in stream()]).T
    x = fit.matrix(((f, m) for f, _, m in stream()), least=LEAST)
    first = fit.logistic(x, target, mass, penalty=PENALTY, rounds=ROUNDS[0])
    scores = x.scores(first)
    at = 0
    for word, counts in table.items():
        best = max(scores[at : at + len(word) - 1], default=-9.0)
        at += len(word) - 1
        if noisy[word][()] and word not in _EITHER and best > (SUSPECT if len(counts) > 1 else 0):
            counts[()] -= noisy[word][()] * (1 - DOUBTED)
    target, mass = np.array([(t, m) for _, t, m in stream()]).T
    return packed(x.names, fit.logistic(x, target, mass, penalty=PENALTY, rounds=ROUNDS[1], start=first))


def joint_model(
    runs: Mapping[str, list[cases.Run]], words: Words, fewer: Words, apart: list[tuple[str, str]]
) -> dict[str, str]:
    """Fit the weights of the joints."""
    target_list: list[float] = []
    mass_list: list[float] = []
    doubtful_list: list[bool] = []

    def stream() -> Iterator[tuple[list[str], float]]:
        for source, lines in runs.items():
            for joint in cases.joints(lines, words, fewer):
                habit = joint.style and joint.target and source in ("fars", "farsdat", "tail")
                target_list.append(joint.target)
                slip = joint.vouched and not joint.target and source in NOISY
                mass_list.append(WEIGHTS[source] * (HABIT if habit else DOUBTED if slip else 1.0))
                doubtful_list.append(source in NOISY and not joint.target and not joint.style and not slip)
                yield joint.features, WEIGHTS[source]
        for joints, mass in (
            (cases.listed_joints(words), LISTED),
            (cases.vouched_joints(words, apart), VOUCHED),
        ):
            for joint in joints:
                target_list.append(joint.target)
                mass_list.append(mass)
                doubtful_list.append(False)
                yield joint.features, mass

    x = fit.matrix(stream(), least=LEAST)
    target, mass, doubtful = np.array(target_list), np.array(mass_list), np.array(doubtful_list)
    first = fit.logistic(x, target, mass, penalty=PENALTY, rounds=ROUNDS[0])
    mass = np.where(doubtful & (x.scores(first) > SUSPECT), mass * DOUBTED, mass)
    return packed(x.names, fit.logistic(x, target, mass, penalty=PENALTY, rounds=ROUNDS[1], start=first))


def main() -> None:
    """Read the sources, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data", help="folder of the sources")
    parser.add_argument("--out", type=Path, default=ROOT / "audiopress/text/data", help="folder to write to")
    parser.add_argument("--every", type=int, default=corpus.EVERY, help="leave out one block of sentences in this many")
    args = parser.parse_args()
    texts = {
        source: sentences if source == "own" else [corpus.mend(s) for s in corpus.shown(sentences, args.every)]
        for source, sentences in corpus.sources(args.data).items()
    }
    runs = {source: [cases.run(s) for s in sentences] for source, sentences in texts.items()}
    own, joined, apart = lexicon.own_spellings()
    entries, compounds = lexicon.build(args.data, [line for lines in runs.values() for line in lines], own)
    table: cases.Table = defaultdict(Counter)
    for source in EVIDENCE:
        cases.spellings(runs[source], 1.0, table)
    spaced = cases.apart(line for source in EVIDENCE for line in runs[source])
    once, twice = (
        {w: p for w, p in cases.seen(table, spaced, n).items() if w not in compounds and w not in own}
        for n in (1.0, 2.0)
    )
    words, fewer = Words(entries, compounds, own, joined, once), Words(entries, compounds, own, joined, twice)
    print(f"{len(entries)} words, {len(compounds)} compounds, {len(once)} seen, {len(twice)} twice", flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / "spacing_lexicon.txt.gz", entries)
    for name, places in (("compounds", compounds), ("own", own), ("joined", joined), ("seen", once)):
        write(args.out / f"spacing_{name}.txt.gz", {w: " ".join(map(str, p)) for w, p in places.items()})
    write(args.out / "spacing_split.txt.gz", split_model(runs, fewer, lexicon.plain(args.data)))
    write(args.out / "spacing_joint.txt.gz", joint_model(runs, words, fewer, apart))


if __name__ == "__main__":
    main()
