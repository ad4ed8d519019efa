"""Make audiopress/pronounce/data/ezafe.crfsuite, the model that says which words carry an ezafe.

    python -m training.pronounce.ezafe ../shared TEACHER [--validate FOLDER]

Labels, the better first: farsdat_dev and the sentences of labels/ezafe.tsv, labelled by reading; then the teacher's on
all other sentences of our news, the homograph examples, FarsTail and the treebank sample, where the treebank's own
ezafes are added (they are precise, but a fifth is missing). What is certain is mended: see `mend`. A second copy of a
sentence with a plural has it without its ending: the plural shows by itself whether an ezafe follows (ها, های), the
bare noun then does not.

Then self-training: the sentences with the teacher's labels are parted in two halves, and each half is labelled anew by
a model of the other half and of the read sentences (not of farsdat_dev), where it is sure (SURE).

The shipped model learns from all of them, farsdat_dev too. ``--validate`` measures it on sentences it has not seen: it
trains FOLDS models, each without one part of the read sentences and of farsdat_dev, scores each on its part and writes
them to FOLDER, where benchmarks/pronunciation.py finds them.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.pronounce import ezafe
from audiopress.text import spacing
from training.pronounce import corpus, read
from training.pronounce.teacher import Teacher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "ezafe.crfsuite"
READ_COUNT = 3  # 1, 3 and 8 gave the same within .1 %
SURE = 0.9  # self-training: F1 on farsdat_dev, in none of the models, .936 → .939; .7 % of the labels change
FOLDS = 5
PARAMETERS = {"c1": 1.0, "c2": 0.01, "max_iterations": 60, "feature.minfreq": 2}  # c1 .7 with 120 rounds: no better
BARE_SHARE = 0.8
MONTHS = frozenset(
    "ژانویه فوریه مارس آوریل ژوئن ژوئیه جولای اوت آگوست اگوست سپتامبر اکتبر نوامبر دسامبر فروردین اردیبهشت خرداد مرداد "  # noqa: SIM905
    "شهریور آبان آذر بهمن اسفند".split()
)
NUMBERS = frozenset(word for n in range(1, 32) for word in corpus.number_words(n)) - {"و"}
NEVER = frozenset(
    "به که از در با را و یا تا است بود شد این آن هر اما ولی اگر نیز هم کرد می\u200cشود".split()  # noqa: SIM905
)
NEVER_BEFORE = frozenset(
    "به که از در با را و یا تا است بود شد اما ولی اگر هستند بودند شدند کرد کردند می\u200cشود نیست دارد شود".split()  # noqa: SIM905
) | set(corpus.PAUSES)
Sentence = list[tuple[str, str]]


def apart(sentence: Iterable[tuple[str, str]]) -> Sentence:
    """Part joined function words as the reader does; the ezafe stays with the last piece."""
    found = []
    for word, tag in sentence:
        *first, last = ezafe.pieces(word)
        found += [(piece, "O") for piece in first] + [(last, tag)]
    return found


def mend(sentence: Sentence) -> Sentence:
    """Set right what is certain, against teacher and treebank."""
    found = []
    for (word, tag), (after, _) in zip(sentence, [*sentence[1:], (".", "O")], strict=True):
        if word.endswith(("\u200cهای", "\u200cهایی", "\u200cها")):
            tag = "EZ" if word.endswith("های") and after not in corpus.PAUSES else "O"  # noqa: PLW2901
        if word in NUMBERS and after in MONTHS:
            tag = "EZ"  # noqa: PLW2901
        if word in MONTHS | {"سال"} and after == "هزار":
            tag = "EZ"  # noqa: PLW2901
        if after in NEVER_BEFORE or word in NEVER or word.endswith("ترین"):
            tag = "O"  # noqa: PLW2901
        found.append((word, tag))
    return found


def bare(sentence: Sentence, chance: random.Random) -> Sentence:
    """A copy in which most plurals have lost their ending, but not their label."""
    found = []
    for word, tag in sentence:
        stem = word.removesuffix("\u200cهای").removesuffix("\u200cها")
        found.append((stem if len(stem) > 2 and chance.random() < BARE_SHARE else word, tag))
    return found


def silver(shared: Path, teacher: Teacher) -> list[Sentence]:
    """All sentences with the teacher's labels, the treebank's ezafes added."""
    treebank = {
        tuple(word for word, _ in sentence): sentence
        for sentence in corpus.labelled(shared / "data/ezafe/ud_silver.tok")
    }
    found = []
    for words in corpus.everything(shared):
        tags = [("EZ" if tag.endswith("e") else "O") for tag in teacher.tag(words)]
        for at, (_, tag) in enumerate(treebank.get(tuple(words), ())):
            if tag == "EZ":
                tags[at] = "EZ"
        found.append(mend(apart(zip(words, tags, strict=True))))
    return found


def split(sentences: Iterable[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """Part the sentences labelled by reading, with those labels, from the others."""
    labels = read.ezafe()
    known: dict[str, Sentence] = {}
    others = []
    for sentence in sentences:
        words = [word for word, _ in sentence]
        name = read.key(words)
        if name in labels:
            known[name] = list(zip(words, labels[name], strict=True))
        else:
            others.append(sentence)
    return list(known.values()), others


def spaced(sentence: Sentence) -> Sentence:
    """The sentence with its half-spaces restored, as the line hands it to the tagger; joined parts keep the last label.

    ``[("بهره", "O"), ("برداری", "EZ"), ("شهر", "O")]`` → ``[("بهره‌برداری", "EZ"), ("شهر", "O")]``.
    """
    left = iter(sentence)
    found: Sentence = []
    for token in spacing.restore(" ".join(word for word, _ in sentence)).split(" "):
        letters, tag = "", "O"
        while len(letters) < len(token.replace("\u200c", "")):
            word, tag = next(left, (token, "O"))
            letters += word.replace("\u200c", "")
        if letters != token.replace("\u200c", ""):  # a word was split: its label is nobody's
            return sentence
        written = token.endswith("ه\u200cی")  # an ezafe that the line takes off before the model sees the word
        found.append((token[:-2], "EZ") if written else (token, tag))
    return apart(found)


def with_bare(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Each sentence, and where it has a plural its copy without endings."""
    chance = random.Random(1)
    for sentence in sentences:
        yield sentence
        copy = bare(sentence, chance)
        if copy != sentence:
            yield copy


def train(sentences: Iterable[Sentence], out: Path) -> None:
    """Train a model and write it."""
    import pycrfsuite  # noqa: PLC0415 - a script's one use

    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params(PARAMETERS)
    for sentence in sentences:
        trainer.append(ezafe.features([word for word, _ in sentence]), [tag for _, tag in sentence])
    trainer.train(str(out))


def relabelled(known: list[Sentence], others: list[Sentence], half: int) -> list[Sentence]:
    """Every other sentence, labelled anew where a model that has not seen it is sure."""
    import pycrfsuite  # noqa: PLC0415 - a script's one use

    found = []
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "half.crfsuite"
        train([*with_bare(others[1 - half :: 2]), *list(with_bare(known)) * READ_COUNT * 2], model)
        tagger = pycrfsuite.Tagger()
        tagger.open(str(model))
        for sentence in others[half::2]:
            tagger.set(ezafe.features([word for word, _ in sentence]))
            row = []
            for at, (word, tag) in enumerate(sentence):
                chance = tagger.marginal("EZ", at)
                row.append((word, "EZ" if chance > SURE else "O" if chance < 1 - SURE else tag))
            found.append(row)
    return found


def score(sentences: list[Sentence], model: Path) -> tuple[int, int, int]:
    """Right, wrong and missed ezafes; «برای» is counted by nobody, its ezafe is part of the word."""
    import pycrfsuite  # noqa: PLC0415 - a script's one use

    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    right = wrong = missed = 0
    for sentence in sentences:
        said = tagger.tag(ezafe.features([word for word, _ in sentence]))
        for (word, tag), mine in zip(sentence, said, strict=True):
            if word != "برای":
                right += tag == mine == "EZ"
                wrong += tag != mine == "EZ"
                missed += mine != tag == "EZ"
    return right, wrong, missed


def f1(right: int, wrong: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / (2 * right + wrong + missed)


def folds(count: int) -> list[int]:
    """The part of each sentence; 25 neighbours, which may be of one article, lie in one part."""
    return [at // 25 % FOLDS for at in range(count)]


def main() -> None:
    """Train and write, or validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("teacher", type=Path, help="pos/postagger.model of gruut_lang_fa 2.0.1")
    parser.add_argument(
        "--validate", type=Path, metavar="FOLDER", help="score unseen sentences, write no model but here"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    known, others = split(silver(args.shared, Teacher(args.teacher)))
    farsdat = [apart(sentence) for sentence in corpus.labelled(args.shared / "data/ezafe/farsdat_dev.tok")]
    print(
        f"{len(known)} read sentences, {len(farsdat)} of farsdat_dev, {len(others)} with the teacher's labels",
        flush=True,
    )
    known, others, farsdat = ([spaced(row) for row in rows] for rows in (known, others, farsdat))
    with ProcessPoolExecutor() as pool:
        halves = list(pool.map(partial(relabelled, known, others), (0, 1)))
    learnt = list(with_bare(halves[0] + halves[1]))
    read_rows = {"farsdat_dev": farsdat, "read sentences": known}
    if not args.validate:
        train(learnt + [row for rows in read_rows.values() for row in with_bare(rows)] * READ_COUNT, args.out)
        print(f"{args.out.stat().st_size} bytes")
        return
    args.validate.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(partial(fold, learnt, read_rows, args.validate), range(FOLDS)))
    for name in read_rows:
        right, wrong, missed = (sum(counts[name][kind] for counts in done) for kind in range(3))
        if right:
            precision, recall = right / (right + wrong), right / (right + missed)
            print(f"{name}: P {precision:.3f} R {recall:.3f} F1 {f1(right, wrong, missed):.3f}")


def fold(
    learnt: list[Sentence], read_rows: dict[str, list[Sentence]], folder: Path, number: int
) -> dict[str, tuple[int, int, int]]:
    """Train a model without one part of the read sentences, and score it on that part."""
    model = folder / f"ezafe-{number}.crfsuite"
    seen: list[Sentence] = []
    unseen: dict[str, list[Sentence]] = {}
    for name, rows in read_rows.items():
        parts = folds(len(rows))
        seen += [row for row, part in zip(rows, parts, strict=True) if part != number]
        unseen[name] = [row for row, part in zip(rows, parts, strict=True) if part == number]
    train(learnt + list(with_bare(seen)) * READ_COUNT, model)
    return {name: score(rows, model) for name, rows in unseen.items()}


if __name__ == "__main__":
    main()
