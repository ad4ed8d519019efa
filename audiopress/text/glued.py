"""Words that lost the space between them: ``خواروبار وپوشاک``, ``ازکشور``."""

from __future__ import annotations

import re

from audiopress.text.characters import LETTERS, MARKS, START
from audiopress.text.spacing_data import model

#: Only short words that cannot join the next letter: after others the space was surely seen when typing.
_GLUED = re.compile(f"{START}(و|از|در|با|بر|را)([{LETTERS}]{{4,30}})(?![{LETTERS}{MARKS}])")
#: Prefixes of verbs, so that «دررفته», «برنداشته» may be words that no list holds.
_PREVERBS = frozenset(("در", "بر"))
#: The least frequency level (0 to 9) of the second word, and the levels at which the whole is a slip that a list took
#: from careless text. At 8 and 0 about 110 words of 1,500 news articles are split; read one by one, two were slips of
#: another kind («دربافت» for «دریافت»).
_FREQUENT = "8"
_CARELESS = "0"


def part_words(text: str) -> str:
    """Return ``text`` with a space between a conjunction or preposition and its word: ``نان وپوشاک`` → ``نان و پوشاک``.

    Only where the whole is no known word and the rest is a frequent one.
    """
    return _GLUED.sub(_parted, text)


def _parted(match: re.Match[str]) -> str:
    words = model().words
    first, rest = match.groups()
    whole = first + rest
    entry = words.lexicon.get(rest, "00")
    if entry[0] < _FREQUENT or words.lexicon.get(whole, _CARELESS)[0] != _CARELESS or whole in words.compounds:
        return match[0]
    return match[0] if first in _PREVERBS and entry[1] in "VP" else f"{first} {rest}"
