"""Make audiopress/pronounce/data/kinds.tsv.gz: parts of speech by word, for ezafe and for compounds.

    python -m training.pronounce.kinds ../shared TEACHER

The teacher's tags in our texts come first (words seen twice); hazm's words.dat gives its 60,000 most
frequent words.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter, defaultdict
from pathlib import Path

from training.pronounce import corpus
from training.pronounce.teacher import Teacher

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "kinds.tsv.gz"
LETTERS = {
    "N": "N", "AJ": "A", "V": "V", "P": "P", "ADV": "D", "PRO": "R", "DET": "T", "NUM": "M", "CONJ": "C",
    "POSTP": "O", "RES": "N", "CL": "L", "INT": "I", "PR": "R", "NUMBER": "M",
}  # fmt: skip
SECOND_SHARE = 0.15  # a second part of speech is kept from this share of a word's tags
FREQUENT = 60_000


def main() -> None:
    """Count, choose and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("teacher", type=Path, help="pos/postagger.model of gruut_lang_fa 2.0.1")
    args = parser.parse_args()
    teacher = Teacher(args.teacher)
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in corpus.everything(args.shared):
        for word, tag in zip(sentence, teacher.tag(sentence), strict=True):
            tags[word][tag if tag in LETTERS else tag.removesuffix("e")] += 1
    kinds = {}
    for word, counts in tags.items():
        total = counts.total()
        if total < 2 or word in corpus.PAUSES or word.startswith("وگو"):  # the torn half of گفت‌وگو is no word
            continue
        common = counts.most_common(2)
        kept = [name for n, (name, count) in enumerate(common) if n == 0 or count > SECOND_SHARE * total]
        letters = "".join(sorted({LETTERS[name] for name in kept if name in LETTERS}))
        if letters:
            kinds[word] = letters
    rows = [line.split("\t") for line in (args.shared / "data/zwnj/hazm_words.dat").read_text("utf-8").splitlines()]
    for word, _, names in sorted(rows, key=lambda row: -int(row[1]))[:FREQUENT]:
        letters = "".join(sorted({LETTERS[name] for name in names.split(",")[:2] if name in LETTERS}))
        if word and letters:
            kinds.setdefault(word, letters)
    with OUT.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write("".join(f"{word}\t{kinds[word]}\n" for word in sorted(kinds)).encode())
    print(f"{len(kinds)} words, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
