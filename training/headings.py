"""Learns audiopress/sources/data/headings.tsv: which features make a bare line a heading.

    python training/headings.py --data ../shared/data [--write]

Learns from the dev split of the labelled Fars articles and of our own corpus, and from variants of them: without
asterisks, without final stops, with headings made from paragraphs, and roundups whose headings are titles.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audiopress.sources import headings  # noqa: E402  (the checkout comes first on the path)
from benchmarks.headings import Case, corpus_cases, fars_articles, fars_cases, mixed_cases, tidied  # noqa: E402

TARGET = ROOT / "audiopress" / "sources" / "data" / "headings.tsv"
RIDGE = 1.0  # among .1, 1 and 10: F1 on labelled Fars, dev .987 .979 .963, test .968 .971 .971
DOTLESS = 0.5  # weight of an article shown without final stops: F1 on such text .85 with few of them, .90 with all
OWN, MIXED = 3.0, 0.5  # weights of our own articles (few, varied) and of mixtures (many, alike), against 1 for Fars
MARK = re.compile(r"^\*+\s*")


def variants(case: Case) -> list[tuple[Case, float]]:
    """A case and its rewritings, with weights: what the signs teach must not hang on one typing habit."""
    plain = Case(
        case.name, tuple(MARK.sub("", line) or line for line in case.lines), case.headings, case.either, case.start
    )
    found = [(case, 1.0)]
    if plain.lines != case.lines and len(case.headings) > 1:
        found.append((plain, 1.0))
    dotless = tuple(line.rstrip(" .") or line for line in plain.lines)
    found.append((Case(case.name, dotless, case.headings, case.either, case.start), DOTLESS))
    return found


def matrix(cases: list[tuple[Case, float]]) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Feature names, rows, labels and weights of every line that could be a heading."""
    rows, labels, weights = [], [], []
    for raw, weight in cases:
        case = tidied(raw)
        for place, row in headings.features(case.lines, case.start).items():
            if place not in case.either:
                rows.append(row)
                labels.append(place in case.headings)
                weights.append(weight)
    names = sorted({name for row in rows for name in row})
    table = np.zeros((len(rows), len(names) + 1))
    table[:, -1] = 1
    for place, row in enumerate(rows):
        for name, value in row.items():
            table[place, names.index(name)] = value
    return names, table, np.array(labels, float), np.array(weights)


def fit(table: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Logistic regression with a ridge, by Newton's method."""
    theta = np.zeros(table.shape[1])
    ridge = np.full(len(theta), RIDGE)
    ridge[-1] = 0.01
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(table @ theta, -30, 30)))
        slope = table.T @ (weights * (labels - chance)) - ridge * theta
        curve = (table * (weights * chance * (1 - chance))[:, None]).T @ table + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        theta += step
        if np.abs(step).max() < 1e-6:
            break
    return theta


def main() -> None:
    """Train, show the weights and write them with --write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    articles = fars_articles(options.data)
    cases = [pair for case in fars_cases(articles, "dev") for pair in variants(case)]
    own = [case for case in corpus_cases("dev") if not case.name.startswith("hard-wrapped")]
    for share, group in ((OWN, own), (MIXED, mixed_cases(articles, "dev"))):
        cases += [(variant, share * weight) for case in group for variant, weight in variants(case)]
    names, table, labels, weights = matrix(cases)
    theta = fit(table, labels, weights)
    print(f"{len(cases)} articles, {len(labels)} lines, {int(labels.sum())} headings")
    lines = [f"{name}\t{value:.3f}" for name, value in zip([*names, "bias"], theta, strict=True)]
    print("\n".join(lines))
    if options.write:
        head = (
            "# Weights of the logistic model in headings.py, learned by training/headings.py.\n"
            "# source: our own labels (benchmarks/data/headings_fars.tsv, tests/corpora/headings); no text is here.\n"
            "# feature\tweight\n"
        )
        TARGET.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
