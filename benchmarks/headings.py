"""How well headings are found in plain text: precision, recall, F1 over lines, and false alarms.

    python benchmarks/headings.py [--data ../shared/data] [--split test] [--errors]

Three parts: real Fars articles (labels only are kept here; the text is read from --data), synthetic mixtures of Fars
text (roundups, and articles with headings made from their paragraphs), and our own corpus. Fails under the floors of
benchmarks/data/headings_floors.tsv.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audiopress.model import PassageKind  # noqa: E402  (the checkout comes first on the path)
from audiopress.sources.boilerplate import chrome  # noqa: E402
from audiopress.sources.plain import read_plain  # noqa: E402

FARS_LABELS = ROOT / "benchmarks" / "data" / "headings_fars.tsv"
FLOORS = ROOT / "benchmarks" / "data" / "headings_floors.tsv"
CORPUS = ROOT / "tests" / "corpora" / "headings"
MIXED = {"dev": range(118, 400), "test": range(570, 661), "held": ()}  # unlabelled articles that mixtures are made from


@dataclass(frozen=True)
class Case:
    """An article's lines and which of them (0-based) are headings; ``start`` is the first line after the title."""

    name: str
    lines: tuple[str, ...]
    headings: frozenset[int]
    either: frozenset[int] = frozenset()
    start: int = 1


@dataclass
class Score:
    """Counts over the lines of many articles."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    plain: int = 0  #: articles without headings
    alarms: int = 0  #: false alarms in them
    alarmed: int = 0  #: articles without headings that raise any

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def rows(path: Path) -> list[list[str]]:
    """The data lines of a TSV with comments and a header."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def fars_articles(data: Path) -> list[dict[str, object]]:
    """The 1,500 articles."""
    with (data / "text" / "fars_news.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def layout(article: dict[str, object]) -> list[str]:
    """An article's lines: title, abstract, paragraphs."""
    paragraphs = article["paragraphs"]
    assert isinstance(paragraphs, list)
    return [" ".join(str(line).split()) for line in (article["title"], article["abstract"], *paragraphs)]


def tidied(case: Case) -> Case:
    """The case as `classify` sees it: without lines that are blank or dropped as chrome."""
    kept = [place for place, line in enumerate(case.lines) if line.strip() and chrome(line) is None]
    new = {old: place for place, old in enumerate(kept)}
    return Case(
        case.name,
        tuple(case.lines[place] for place in kept),
        frozenset(new[place] for place in case.headings if place in new),
        frozenset(new[place] for place in case.either if place in new),
        case.start,
    )


def fars_cases(articles: list[dict[str, object]], split: str) -> list[Case]:
    """The labelled articles of a split."""
    marks: dict[int, tuple[set[int], set[int]]] = {}
    for part, article, line, label in rows(FARS_LABELS):
        if part == split:
            heads, either = marks.setdefault(int(article), (set(), set()))
            if label != "none":
                (heads if label == "heading" else either).add(int(line))
    return [
        Case(f"fars {index}", tuple(layout(articles[index])), frozenset(heads), frozenset(either))
        for index, (heads, either) in marks.items()
    ]


def corpus_cases(split: str) -> list[Case]:
    """Our own articles of a split."""
    marks: dict[str, dict[int, str]] = {}
    for part, file, line, label in rows(CORPUS / "labels.tsv"):
        if part == split:
            found = marks.setdefault(file, {})
            if label != "none":
                found[int(line) - 1] = label
    cases = []
    for file, found in marks.items():
        lines = [" ".join(line.split()) for line in (CORPUS / file).read_text(encoding="utf-8").splitlines()]
        start = sum(label in {"title", "kicker"} for label in found.values())
        heads = frozenset(place for place, label in found.items() if label == "heading")
        either = frozenset(place for place, label in found.items() if label == "either")
        cases.append(Case(file, tuple(lines), heads, either, start))
    return cases


def mixed_cases(articles: list[dict[str, object]], split: str) -> list[Case]:
    """Mixtures of Fars text: roundups headed by titles, and articles headed by the gist of their paragraphs."""
    rng = random.Random(20 if split == "dev" else 21)  # any seeds, but not the same mixtures
    clean = [
        lines
        for index in MIXED[split]
        if len(lines := layout(articles[index])) > 4
        and all(len(line) > 70 and line.endswith(".") for line in lines[2:])
    ]
    cases = []
    for lines in clean:
        made, heads = lines[:2], set()
        for line in lines[2:]:
            gist = re.sub(r"^[^:]{3,60}:\s*", "", line)
            gist = re.split(r"[،.؛]", gist)[0].strip()
            if 15 <= len(gist) <= 80 and rng.random() < 0.35:
                heads.add(len(made))
                made.append(gist)
            made.append(line)
        cases.append(Case("gist", tuple(made), frozenset(heads)))
    rng.shuffle(clean)
    for first in range(0, len(clean) - 4, 4):
        made, heads = [clean[first][0], clean[first][1]], set()
        for lines in clean[first + 1 : first + 4]:
            heads.add(len(made))
            made += [lines[0], *lines[2 : 2 + rng.randint(1, 3)]]
        cases.append(Case("roundup", tuple(made), frozenset(heads)))
    return cases


def score(cases: list[Case], *, errors: bool = False) -> Score:
    """Counts of what ``read_plain`` calls a heading against the labels."""
    total = Score()
    for case in cases:
        passages = read_plain("\n".join(case.lines), case.name).passages
        found = {passage.line - 1 for passage in passages if passage.kind is PassageKind.HEADING} - case.either
        wrong, missed = found - case.headings, case.headings - found
        total.right += len(found & case.headings)
        total.wrong += len(wrong)
        total.missed += len(missed)
        if not case.headings:
            total.plain += 1
            total.alarms += len(wrong)
            total.alarmed += bool(wrong)
        if errors:
            for place in sorted(wrong | missed):
                print(f"  {'false alarm' if place in wrong else 'missed'}\t{case.name}\t{place}\t{case.lines[place]}")
    return total


def main() -> int:
    """Print the table; exit 1 where a figure is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--split", choices=("dev", "test", "held"), default="test")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    parts = {"corpus": corpus_cases(options.split)}
    if (options.data / "text" / "fars_news.jsonl").exists():
        articles = fars_articles(options.data)
        parts["fars"] = fars_cases(articles, options.split)
        parts["mixed"] = mixed_cases(articles, options.split)
    else:
        print(f"No text/fars_news.jsonl in {options.data}: only our own corpus is measured.")
    floors = {name: (float(f1), float(alarms)) for name, f1, alarms in rows(FLOORS)}
    failed = False
    print("part\tarticles\theadings\tP\tR\tF1\tplain articles\tfalse alarms in them\tper article")
    for name, cases in parts.items():
        found = score(cases, errors=options.errors)
        rate = found.alarms / max(1, found.plain)
        precision = found.right / max(1, found.right + found.wrong)
        recall = found.right / max(1, found.right + found.missed)
        print(
            f"{name}\t{len(cases)}\t{found.right + found.missed}\t{precision:.3f}\t{recall:.3f}\t{found.f1:.3f}"
            f"\t{found.plain}\t{found.alarms}\t{rate:.3f}"
        )
        floor, ceiling = floors[name]
        if options.split == "test" and (found.f1 < floor or rate > ceiling):
            print(f"{name} is worse than its floor: F1 {floor}, false alarms {ceiling}.")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
