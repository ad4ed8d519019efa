"""Make audiopress/pronounce/data/vectors.npz: which words stand in the same texts, and which have the same neighbours.

    python -m training.pronounce.vectors ../shared

Counts of words near each other in all text there is, weighed by positive pointwise mutual information (contexts to the
power of .75: Levy, Goldberg and Dagan 2015) and folded by a truncated singular value decomposition. Words are stems:
what a half-space adds is cut off. No label is used.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import svds

from audiopress.pronounce.vectors import stem
from training.pronounce import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "vectors.npz"
LEAST = 4  # a rarer word has too few neighbours to be placed
COMMON = 60  # the most frequent stems tell nothing of a topic
TOPICS, TOPIC_WINDOW = 64, 6
MANNERS = 32  # from the words right before and after, told apart


def text(shared: Path) -> Iterator[list[str]]:
    """The sentences of the corpora and those written for the homographs, as stems."""
    for tokens in corpus.everything(shared):
        yield [stem(token) for token in tokens]
    for path in sorted((Path(__file__).parent / "sentences").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("## "):
                yield from ([stem(token) for token in tokens] for tokens in corpus.sentences(line))


def folded(sentences: list[list[int]], size: int, window: int, width: int, *, sided: bool) -> NDArray[np.int8]:
    """A vector of ``width`` for each of ``size`` words, of unit length, as eighths of bits: -127 … 127."""
    counts: Counter[tuple[int, int]] = Counter()
    for row in sentences:
        for at, word in enumerate(row):
            if word < 0:
                continue
            for place in range(max(0, at - window), min(len(row), at + window + 1)):
                if place != at and row[place] >= 0:
                    counts[word, row[place] + size * (sided and place > at)] += 1
    keys, values = np.array(list(counts)), np.array(list(counts.values()), dtype=float)
    words = np.bincount(keys[:, 0], values, size)
    contexts = np.bincount(keys[:, 1], values, size * (1 + sided)) ** 0.75
    contexts *= words.sum() / contexts.sum()
    weight = np.log(values * words.sum() / (words[keys[:, 0]] * contexts[keys[:, 1]]))
    kept = weight > 0
    matrix = coo_matrix((weight[kept], (keys[kept, 0], keys[kept, 1])), (size, size * (1 + sided))).tocsr()
    left, strengths, _ = svds(matrix, k=width, random_state=1)
    vectors = left * np.sqrt(strengths)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.round(vectors * 127).astype(np.int8)


def main() -> None:
    """Count, fold and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    args = parser.parse_args()
    sentences = list(text(args.shared))
    counts = Counter(word for row in sentences for word in row if word not in corpus.PAUSES)
    words = [word for word, count in counts.most_common() if count >= LEAST]
    index = {word: at for at, word in enumerate(words)}
    rows = [[index.get(word, -1) for word in row] for row in sentences]
    np.savez_compressed(
        OUT,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        topic=folded(rows, len(words), TOPIC_WINDOW, TOPICS, sided=False),
        manner=folded(rows, len(words), 1, MANNERS, sided=True),
        common=np.array(COMMON),
    )
    print(f"{len(words)} words, {sum(counts.values())} tokens, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
