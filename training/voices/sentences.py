"""Write the sentences that the voices speak, with our own pronunciations.

    .venv/bin/python training/voices/sentences.py train > train.jsonl   # search.py learns from these
    .venv/bin/python training/voices/sentences.py judge > judge.jsonl   # verdict.py: which is taken
    .venv/bin/python training/voices/sentences.py final > final.jsonl   # verdict.py: the last word, never searched on

All are news, drawn with fixed seeds. ``judge`` and ``final`` are 40 each of 8 to 20 words from g2p/farsdat_dev.tsv,
whose labels are not used, without the 24 that earlier searches looked at; ``train`` is what is left there up to 14
words, and 260 of 6 to 14 words without numbers from text/fars_news.jsonl. No sentence is in two parts, and none of the
article of benchmarks/intelligibility.py is in any. One line of JSON each: the written sentence, and its words as
phonemes with the pause sign after them. ``--without FILE`` leaves out the lines of a text kept for another verdict.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

from audiopress.model import Boundary, Role, Sentence, Utterance
from audiopress.pronounce.pronounce import pronounce
from audiopress.text.normalize import normalize

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
LOOKED_AT, PART, NEWS = 24, 40, 260  # sentences
END = re.compile(r"(?<=[.!؟])\s+|\n")
ODD = re.compile(r'[A-Za-z0-9۰-۹«»"():/\-]')  # what is said otherwise than it is written, or is cut out of a title


def read_farsdat(data: Path) -> list[str]:
    """The sentences of FarsDat's development part, in their order."""
    lines = (data / "g2p" / "farsdat_dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t")[0] for line in lines]


def read_news(data: Path, article: str) -> list[str]:
    """Plain sentences of Fars news, each once, in the order of their letters."""
    found = set()
    for line in (data / "text" / "fars_news.jsonl").read_text(encoding="utf-8").splitlines():
        for sentence in map(str.strip, END.split(" ".join(str(value) for value in json.loads(line).values()))):
            plain = sentence.endswith(".") and not ODD.search(sentence) and sentence not in article
            if plain and 6 <= len(sentence.split()) <= 14:
                found.add(sentence)
    return sorted(found)


def draw(part: str, data: Path, article: str, without: set[str]) -> list[str]:
    """The written sentences of a part."""
    every = read_farsdat(data)
    usual = [text for text in every if 8 <= len(text.split()) <= 20]
    random.Random(11).shuffle(usual)
    kept = [text for text in usual[LOOKED_AT:] if text not in without]
    parts = {"judge": kept[:PART], "final": kept[PART : 2 * PART]}
    if part in parts:
        return parts[part]
    used = {*parts["judge"], *parts["final"], *without}
    rest = [text for text in every if 6 <= len(text.split()) <= 14 and text not in used]
    random.Random(5).shuffle(rest)
    news = [text for text in read_news(data, article) if text not in used]
    random.Random(7).shuffle(news)
    return [*rest, *news[:NEWS]]


def main() -> None:
    """Print the sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["train", "judge", "final"])
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--article", type=Path, default=SHARED / "articles" / "tasnim-raisi-putin.txt")
    parser.add_argument("--without", type=Path)
    chosen = parser.parse_args()
    without = set(map(str.strip, chosen.without.read_text(encoding="utf-8").splitlines())) if chosen.without else set()
    texts = draw(chosen.part, chosen.data, chosen.article.read_text(encoding="utf-8"), without)
    sentences = [Sentence(text, 1, Role.BODY, Boundary.SENTENCE) for text in texts]
    for said in pronounce(Utterance(sentence, normalize(sentence.written)) for sentence in sentences):
        words = [[word.phonemes, word.after] for word in said.words]
        print(json.dumps([said.utterance.sentence.written, words], ensure_ascii=False))


if __name__ == "__main__":
    main()
