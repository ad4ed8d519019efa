"""Whether two reports tell the same story: agencies copy each other under other headlines.

A text is reduced to a sketch: the hashes of its word triples, of which a fixed quarter is kept. Copies share most of
the shorter one's triples, whatever headline, dateline or closing line each agency puts around them; two reports on one
event that were written apart share next to none.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

_WORDS = re.compile(r"[^\W_]+")
_FOLDED = str.maketrans("يىكةۀأإٱآ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ییکههاااا01234567890123456789")
_INSIDE = re.compile("[\u200c\u200d\u0640\u064b-\u0652\u0654\u0670]")
_JOINED = re.compile("(?<=ی) (?=[\u0600-\u06ff])|(?<=[\u0600-\u06ff]) (?=ها\\b|های\\b|ای\\b|اند\\b)")
_KEPT = 4  # of so many triples one is kept
_FEWEST = 6  # triples that say something: shorter texts are compared whole
#: Share of the shorter text's triples from which two texts are one story; see tests/watch/test_similar.py.
SAME = 0.4


def sketch(text: str) -> frozenset[int]:
    """The sketch of a text, 32-bit numbers: a quarter of its word triples, all of them where it is short."""
    folded = _INSIDE.sub("", text.translate(_FOLDED)).lower()
    words = _WORDS.findall(_JOINED.sub("", folded))
    triples = {
        zlib.crc32(f"{one} {two} {three}".encode()) for (one, two), (_, three) in pairwise(list(pairwise(words)))
    }
    if len(triples) < _FEWEST * _KEPT * 2:
        return frozenset(triples or {zlib.crc32(" ".join(words).encode())} if words else ())
    return frozenset(triple for triple in triples if triple % _KEPT == 0)


def overlap(one: frozenset[int], two: frozenset[int]) -> float:
    """The share of the shorter text that the other repeats, 0 to 1; one may be a sketch of all its triples."""
    if not one or not two:
        return 0.0
    few, many = sorted((one, two), key=len)
    quarter = all(triple % _KEPT == 0 for triple in many)
    if quarter:
        few = frozenset(triple for triple in few if triple % _KEPT == 0)
    return len(few & many) / len(few) if few else 0.0


def is_same_story(one: frozenset[int], two: frozenset[int]) -> bool:
    """Whether two sketches are of one story: ``is_same_story(sketch(text), sketch("به گزارش ایرنا، " + text))``."""
    return overlap(one, two) >= SAME
