"""Write the sentences that search.py lets the voices speak, with our own pronunciations.

    .venv/bin/python training/voices/sentences.py [--data ../shared/data] [--sentences 24] > sentences.jsonl

They are news sentences of 8 to 20 words (g2p/farsdat_dev.tsv, whose labels are not used), drawn with a fixed seed. One
line of JSON each: the written sentence, and its words as phonemes with the pause sign after them.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from audiopress.model import Boundary, Role, Sentence, Utterance
from audiopress.pronounce.pronounce import pronounce
from audiopress.text.normalize import normalize

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
SHORTEST, LONGEST = 8, 20  # words


def main() -> None:
    """Print the sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--sentences", type=int, default=24)
    chosen = parser.parse_args()
    lines = (chosen.data / "g2p" / "farsdat_dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    texts = [text for text in (line.split("\t")[0] for line in lines) if SHORTEST <= len(text.split()) <= LONGEST]
    random.Random(11).shuffle(texts)
    sentences = [Sentence(text, 1, Role.BODY, Boundary.SENTENCE) for text in texts[: chosen.sentences]]
    for said in pronounce(Utterance(sentence, normalize(sentence.written)) for sentence in sentences):
        words = [[word.phonemes, word.after] for word in said.words]
        print(json.dumps([said.utterance.sentence.written, words], ensure_ascii=False))


if __name__ == "__main__":
    main()
