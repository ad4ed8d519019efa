"""Spells a foreign word with Persian letters, as a Persian newspaper would, from its letters alone."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from audiopress.text.characters import MARKS
from audiopress.text.tables import read_rows

_VOWELS = "[aeiouy]"
_CONSONANTS = "[bcdfghjklmnpqrstvwxz]"
_NOT_LATIN = re.compile("[^a-z]")
#: Persian has no two consonants at the start of a word: a vowel comes between (Trump → تِرامپ).
_FIRST_CLUSTER = re.compile("(?:s[cfkpt]|[bcdfgkpt]|ch|ph|sh|th)(?=[rl])")
#: Letters that Unicode does not take apart into a base and an accent.
_SPECIAL = {"ß": "ss", "ø": "o", "œ": "oe", "æ": "e", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e"}
#: No word of the languages met in news is longer (the longest in /usr/share/dict/words has 24 letters).
_LONGEST_WORD = 40


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    rules: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for before, letters, after, persian, _ in read_rows("transliteration.tsv", 5):
        pattern = "".join(
            [
                f"(?<={_classes(before)})" if before.strip("^") else before,
                letters,
                f"(?={_classes(after)})" if after else "",
            ]
        )
        rules.setdefault(letters[0], []).append((re.compile(pattern), persian))
    return rules


def _classes(fragment: str) -> str:
    return fragment.replace("C", _CONSONANTS).replace("V", _VOWELS)


def plain_letters(word: str) -> str:
    """Return a Latin word in small letters without accents: ``Atatürk`` → ``ataturk``, ``Straße`` → ``strasse``."""
    word = "".join(_SPECIAL.get(letter, letter) for letter in word.lower())
    return _NOT_LATIN.sub("", unicodedata.normalize("NFD", word))


@lru_cache(maxsize=8192)
def transliterate(word: str) -> str:
    """Return the Persian spelling of a Latin word by ``data/transliteration.tsv``: ``Stretch`` → ``اِستِرِچ``.

    Short vowels are marked, for a reader of bare letters would guess them. A last é is said; words longer than
    any real one are cut.
    """
    last = "\u0650ه" if word.endswith(("é", "É")) else ""
    word = plain_letters(word)[:_LONGEST_WORD]
    pieces: list[str] = []
    at = 0
    first = _FIRST_CLUSTER.match(word)
    while at < len(word):
        end, persian = _piece(word, at)
        if persian[:1] in MARKS and persian and (not pieces or word[at - 1] in "aeiou"):
            persian = "ئ" + persian if pieces else "ا" + persian
        pieces.append(persian)
        at = end
        if first and at == first.end():
            pieces.append("\u0650")
    return "".join(pieces) + last


def _piece(word: str, at: int) -> tuple[int, str]:
    for pattern, persian in _rules()[word[at]]:
        match = pattern.match(word, at)
        if match:
            return match.end(), persian
    return at + 1, ""
