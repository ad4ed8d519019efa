"""Vowel marks: what a marked word may sound like, and which marks settle how a word is said."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from audiopress.pronounce.phonemes import LETTERS, VOWELS

if TYPE_CHECKING:
    from collections.abc import Iterable

KASRA = "\u0650"
SHADDA = "\u0651"
HAMZA = "\u0654"
VOWEL_MARKS = {"\u064e": "æ", "\u064f": "o", KASRA: "e"}  # fatha, damma, kasra
MARKS = re.compile("[\u064e-\u0655\u0670]")
_MARK_OF = {sound: mark for mark, sound in VOWEL_MARKS.items()}
_LONGEST = 24  # letters and marks; the pattern of a longer word may take long to fail


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """Matches the phonemes that a word may have: two groups for each letter, its own sound and the vowel after it."""
    pieces: list[str] = []
    for letter in word:
        if letter in LETTERS:
            pieces += [f"({LETTERS[letter]})", "([æeo]?)"]
        elif not pieces:
            continue
        elif letter in VOWEL_MARKS:
            pieces[-1] = f"({VOWEL_MARKS[letter]})"
        elif letter == SHADDA:
            pieces[-2] = "(" + LETTERS_DOUBLED.get(pieces[-2][1:-1], pieces[-2][1:-1]) + ")"
    return re.compile("".join(pieces))


#: A letter's pattern → the pattern of the doubled letter.
LETTERS_DOUBLED = {sound: sound.replace("{1,2}", "{2}") for sound in LETTERS.values()}


def bare(word: str) -> str:
    """A word without any mark: ``مُلک`` → ``ملک``."""
    return MARKS.sub("", word)


def fits(word: str, phonemes: str) -> bool:
    """Whether the letters and marks of a word allow these phonemes: ``مُلک`` allows ``molk`` and not ``melk``."""
    return len(word) <= _LONGEST and _pattern(word).fullmatch(phonemes) is not None


def settle(word: str, phonemes: str, others: Iterable[str]) -> str:
    """The word with the fewest marks that allow these phonemes and none of the others.

    ``settle("ملک", "molk", ["melk", "mælek"])`` → ``مُلک``. Long vowels have no mark: where no choice of marks tells the
    readings apart the word comes back as it was.
    """
    found = _pattern(word).fullmatch(phonemes) if len(word) <= _LONGEST else None
    rest = [other for other in others if other != phonemes]
    if not found or not any(fits(word, other) for other in rest):
        return word
    sounds = list(zip(found.groups()[::2], found.groups()[1::2], strict=True))
    places = [(at, _MARK_OF[vowel]) for at, (_, vowel) in enumerate(sounds) if vowel]
    places += [(at, SHADDA) for at, (sound, _) in enumerate(sounds) if _doubled(sound)]
    for count in range(1, len(places) + 1):
        for chosen in combinations(places, count):
            marked = _with(word, chosen)
            if fits(marked, phonemes) and not any(fits(marked, other) for other in rest):
                return marked
    return word


def _doubled(sound: str) -> bool:
    half = len(sound) // 2
    return bool(sound) and sound[0] not in VOWELS and sound[:half] == sound[half:]


def _with(word: str, chosen: Iterable[tuple[int, str]]) -> str:
    """The word with marks after its letters, counted from 0; a shadda comes before a vowel."""
    marks: dict[int, str] = {}
    for at, mark in sorted(chosen, key=lambda place: place[1] != SHADDA):
        marks[at] = marks.get(at, "") + mark
    pieces, at = [], -1
    for letter in word:
        at += letter in LETTERS
        pieces.append(letter + marks.get(at, "") if letter in LETTERS else letter)
    return "".join(pieces)


def with_ezafe(word: str, phonemes: str) -> str:
    """A word with its ezafe written, given its phonemes without it: ``کتاب``, ``ketɒb`` → ``کتابِ``.

    A silent ه takes a small hamza (``خانه``, ``xɒne`` → ``خانهٔ``; but ``راه``, ``rɒh`` → ``راهِ``), a vowel written with
    ا or و a ی (``صدا``, ``sedɒ`` → ``صدایِ``; but ``عضو``, ``ozv`` → ``عضوِ``). Source: the Academy's orthography
    (دستور خط فارسی).
    """
    if phonemes[-1] in VOWELS and word[-1] in "اوه":
        return word + ("ی" + KASRA if word[-1] != "ه" else HAMZA)
    return word + KASRA
