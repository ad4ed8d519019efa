"""The phonemes of spoken Persian: their alphabet, how parts of a word join, and where its stress lies."""

from __future__ import annotations

import re

CONSONANTS = frozenset(
    (
        "b",
        "p",
        "t",
        "d",
        "k",
        "ɡ",
        "q",
        "ʔ",
        "f",
        "v",
        "s",
        "z",
        "ʃ",
        "ʒ",
        "x",
        "h",
        "tʃ",
        "dʒ",
        "m",
        "n",
        "l",
        "r",
        "j",
    )
)
VOWELS = frozenset("æeoɒiu")
ALPHABET = CONSONANTS | VOWELS
STRESS = "ˈ"

_SOUNDS = (
    ("b", "ب"), ("p", "پ"), ("t", "تط"), ("s", "ثسص"), ("dʒ", "ج"), ("tʃ", "چ"), ("h", "ح"), ("x", "خ"), ("d", "د"),
    ("z", "ذزضظ"), ("r", "ر"), ("ʒ", "ژ"), ("ʃ", "ش"), ("q", "غق"), ("f", "ف"), ("k", "ک"), ("ɡ", "گ"), ("l", "ل"),
    ("m", "م"), ("n", "ن"),
)  # fmt: skip
#: What each letter may stand for, as a pattern; short vowels are not written.
LETTERS = {letter: f"(?:{sound}){{1,2}}" for sound, letters in _SOUNDS for letter in letters} | {
    "و": "[vuo]{0,2}", "ی": "[ijɒ]{0,2}", "ا": "ɒ?", "آ": "ʔ?ɒ", "ه": "h?", "ع": "ʔ?", "ء": "ʔ?", "ئ": "ʔ?", "أ": "ʔ?",
    "ؤ": "ʔ?",
}  # fmt: skip

_OUTSIDE = re.compile(f"[^{''.join(sorted(set(''.join(ALPHABET))))}]")
_HIATUS = re.compile("[æeoɒiu](?=[æeoɒiu])")
_ESPEAK = str.maketrans({"a": "æ", "ɑ": "ɒ", "ɹ": "r", "ɾ": "r", "g": "ɡ", "w": "v", "y": "j"})


def from_espeak(phonemes: str) -> str:
    """Turn espeak-ng's Persian IPA into our alphabet, without stress: ``k_ˈe_t_ɑ_b`` → ``ketɒb``.

    Two vowels are parted by j after i, else by a glottal stop; one that begins the word is left to the voice.
    """
    plain = _OUTSIDE.sub("", phonemes.translate(_ESPEAK)).removeprefix("ʔ")
    return _HIATUS.sub(lambda pair: pair[0] + ("j" if pair[0] == "i" else "ʔ"), plain)


def join(first: str, second: str) -> str:
    """Put two parts of a word together; a glottal stop parts two vowels: ``xɒne`` + ``i`` → ``xɒneʔi``."""
    if first and second and first[-1] in VOWELS and second[0] in VOWELS:
        return f"{first}ʔ{second}"
    return first + second


def stress(phonemes: str, syllable: int) -> str:
    """Mark the vowel of a syllable, counted from its end (-1) or start (0): ``ketɒbe``, -2 → ``ketˈɒbe``."""
    vowels = [place for place, sound in enumerate(phonemes) if sound in VOWELS]
    if not vowels:
        return phonemes
    place = vowels[max(-len(vowels), min(syllable, len(vowels) - 1))]
    return phonemes[:place] + STRESS + phonemes[place:]
