"""Where the stress of a Persian word lies.

Nouns, adjectives and their plurals are stressed on the last syllable, before ezafe and clitics; verbs with می, نمی and
a negative or subjunctive prefix on the prefix; past forms on the last syllable of their stem; particles on none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from audiopress.pronounce import lexicon
from audiopress.pronounce.phonemes import stress

_PARTICLES = frozenset(
    ("و", "به", "از", "در", "با", "بر", "تا", "که", "را", "یا", "است", "هم", "بی", "برای", "چه", "اگر", "ولی", "اما")
)
_PREFIXED = re.compile("^(ن?می\u200c|بر?ن?می\u200c)")
_CLITIC = re.compile("(\u200c(ام|ات|اش|مان|تان|شان|ای|اند|ایم|اید|است|ی)|(?<=\u200cها)ی(ی|م|ت|ش|مان|تان|شان)?)$")
_PERSON = re.compile("(م|ی|یم|ید|ند)$")


@lru_cache(maxsize=65536)
def stressed(word: str, phonemes: str) -> str:
    """Mark the stress of a word without ezafe: ``کتاب``, ``ketɒb`` → ``ketˈɒb``; ``می‌شود`` → ``mˈiʃævæd``."""
    if word in _PARTICLES:
        return phonemes
    if _PREFIXED.match(word):
        return stress(phonemes, 0)
    kinds = lexicon.kinds()
    if word[0] in "نب" and kinds.get(word[1:]) == "V":
        return stress(phonemes, 0)
    if kinds.get(word) == "V":
        return stress(phonemes, -2 if _PERSON.search(word) else -1)
    light = _CLITIC.search(word) or (word[-1] == "ی" and phonemes.endswith("je"))  # the last syllable is an ending
    return stress(phonemes, -2 if light else -1)
