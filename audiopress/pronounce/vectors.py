"""Where words stand among each other: a vector for the texts a word is met in, and one for its neighbours.

training/pronounce/vectors.py makes them; both are rows of unit length.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WINDOW = 8  #: words on either side that tell the topic
_ENDING = re.compile("\u200c(ها|های|هایی|هایش|هایشان|ی|ای|اش|شان|تر|ترین)$")


class _Table(NamedTuple):
    rows: dict[str, int]
    topic: NDArray[np.float32]
    manner: NDArray[np.float32]
    common: int  #: the rows before this one are of words too frequent to tell a topic


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without what a half-space adds: ``کتاب‌های`` → ``کتاب``."""
    return _ENDING.sub("", word)


@cache
def _table() -> _Table:
    import numpy as np  # noqa: PLC0415 - loaded with the vectors, so that the import of the package stays cheap

    with as_file(files("audiopress.pronounce") / "data" / "vectors.npz") as path, np.load(path) as data:
        words = data["words"].tobytes().decode().split("\n")
        scale = np.float32(1 / 127)
        return _Table(
            {word: row for row, word in enumerate(words)},
            data["topic"].astype(np.float32) * scale,
            data["manner"].astype(np.float32) * scale,
            int(data["common"]),
        )


def surroundings(tokens: Sequence[str], at: int) -> NDArray[np.float32]:
    """What stands around a word of a sentence, as one vector.

    The topic of the words within `WINDOW` places, made one long, then the manner and the topic of the word before and
    of the word after; zeros where there is none or it is not known. Shape (3 × topics + 2 × manners,).
    """
    import numpy as np  # noqa: PLC0415 - see above

    table = _table()
    near = [table.rows.get(stem(token), -1) for token in tokens[max(0, at - WINDOW) : at + WINDOW + 1]]
    del near[min(at, WINDOW)]
    telling = [row for row in near if row >= table.common]
    topic = table.topic[telling].sum(axis=0)
    length = float(np.linalg.norm(topic))
    pieces = [topic / length if length else topic]
    for place in (at - 1, at + 1):
        row = table.rows.get(stem(tokens[place]), -1) if 0 <= place < len(tokens) else -1
        pieces += [table.manner[row] * (row >= 0), table.topic[row] * (row >= 0)]
    return np.concatenate(pieces)
