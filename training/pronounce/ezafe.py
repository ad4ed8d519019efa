"""Make audiopress/pronounce/data/ezafe.crfsuite, the model that says which words carry an ezafe.

    python -m training.pronounce.ezafe ../shared TEACHER [--read FOLDER]

Labels: the teacher's on our news, the homograph sentences, FarsTail and the treebank sample, where the treebank's
own ezafes are added (they are precise, but a fifth is missing). What is certain is mended: see `mend`. A second copy of
a sentence with a plural has it without its ending: the plural shows by itself whether an ezafe follows (ها, های), the
bare noun then does not.

The 500 read sentences of farsdat_dev stay out of the shipped model, so that benchmarks may score it on them.
``--read FOLDER`` measures what they would add: it trains with half of them, GOLD_COUNT times, scores the other half,
both ways, and writes only to FOLDER. ``--with-read`` trains with all of them; then no benchmark
may score the model on them.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.pronounce import ezafe
from training.pronounce import corpus
from training.pronounce.teacher import Teacher

if TYPE_CHECKING:
    from collections.abc import Iterable

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "ezafe.crfsuite"
GOLD_COUNT = 3
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
    """All sentences with labels that no reader has seen."""
    treebank = {
        tuple(word for word, _ in sentence): sentence
        for sentence in corpus.labelled(shared / "data/ezafe/ud_silver.tok")
    }
    chance = random.Random(1)
    found = []
    for words in corpus.everything(shared):
        tags = [("EZ" if tag.endswith("e") else "O") for tag in teacher.tag(words)]
        for at, (_, tag) in enumerate(treebank.get(tuple(words), ())):
            if tag == "EZ":
                tags[at] = "EZ"
        sentence = mend(apart(zip(words, tags, strict=True)))
        copy = bare(sentence, chance)
        found += [sentence] if copy == sentence else [sentence, copy]
    return found


def train(sentences: Iterable[Sentence], out: Path) -> None:
    """Train a model and write it."""
    import pycrfsuite  # noqa: PLC0415 - a script's one use

    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params(PARAMETERS)
    for sentence in sentences:
        trainer.append(ezafe.features([word for word, _ in sentence]), [tag for _, tag in sentence])
    trainer.train(str(out))


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


def main() -> None:
    """Train and write, or validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("teacher", type=Path, help="pos/postagger.model of gruut_lang_fa 2.0.1")
    parser.add_argument(
        "--read", type=Path, metavar="FOLDER", help="validate with the read sentences, keep those models here"
    )
    parser.add_argument("--with-read", action="store_true", help="train with the read sentences too")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    sentences = silver(args.shared, Teacher(args.teacher))
    read = [apart(sentence) for sentence in corpus.labelled(args.shared / "data/ezafe/farsdat_dev.tok")]
    if not args.read:
        train(sentences + read * (GOLD_COUNT if args.with_read else 0), args.out)
        print(f"{sum(map(len, sentences))} tokens, {args.out.stat().st_size} bytes")
        print(f"F1 on the read sentences, by token: {f1(*score(read, args.out)):.3f}")
        return
    total = [0, 0, 0]
    for half in (0, 1):
        model = args.read / f"ezafe-without-{half}.crfsuite"
        # Blocks of 25, so that neighbours of one article fall on one side.
        train(sentences + [row for n, row in enumerate(read) if n // 25 % 2 != half] * GOLD_COUNT, model)
        counts = score([row for n, row in enumerate(read) if n // 25 % 2 == half], model)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        print(half, counts, flush=True)
    right, wrong, missed = total
    print(f"P {right / (right + wrong):.3f} R {right / (right + missed):.3f} F1 {f1(*total):.3f}")


if __name__ == "__main__":
    main()
