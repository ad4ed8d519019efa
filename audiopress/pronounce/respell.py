"""A listener's IPA: checked, brought into our alphabet, and respelled with Persian letters and marks."""

from __future__ import annotations

import re

from audiopress.pronounce.phonemes import ALPHABET, VOWELS

#: Other ways to write our phonemes: usual IPA for Persian, with length, stress and ties.
_VARIANTS = (
    ("t͡ʃ", "tʃ"), ("d͡ʒ", "dʒ"), ("ʧ", "tʃ"), ("ʤ", "dʒ"), ("ɑ", "ɒ"), ("ɔ", "o"), ("a", "æ"), ("ɛ", "e"), ("ɪ", "i"),
    ("ʊ", "u"), ("g", "ɡ"), ("ɢ", "q"), ("ɣ", "q"), ("χ", "x"), ("ɾ", "r"), ("ɹ", "r"), ("y", "j"), ("w", "v"),
)  # fmt: skip
_SILENT = re.compile("[ːˑˈˌ'’.\\s\u0361]")
_SOUND = re.compile("|".join(sorted(ALPHABET, key=len, reverse=True)))
_LETTERS = {
    "b": "ب", "p": "پ", "t": "ت", "d": "د", "k": "ک", "ɡ": "گ", "q": "ق", "ʔ": "ع", "f": "ف", "v": "و", "s": "س",
    "z": "ز", "ʃ": "ش", "ʒ": "ژ", "x": "خ", "h": "ه", "tʃ": "چ", "dʒ": "ج", "m": "م", "n": "ن", "l": "ل", "r": "ر",
    "j": "ی", "ɒ": "ا", "u": "و", "i": "ی", "æ": "\u064e", "o": "\u064f", "e": "\u0650",
}  # fmt: skip


def from_ipa(text: str) -> str:
    """Bring IPA into our alphabet: ``ˈmolk`` → ``molk``, ``t͡ʃɑːj`` → ``tʃɒj``.

    Stress and length are left out, the stress rules know better than most writers. Raises ValueError with the first
    sign that is no phoneme of Persian.
    """
    phonemes = text
    for theirs, ours in _VARIANTS:
        phonemes = phonemes.replace(theirs, ours)
    phonemes = _SILENT.sub("", phonemes)
    left = _SOUND.sub("", phonemes)
    if left or not phonemes:
        raise ValueError(left[:1])
    return phonemes.removeprefix("ʔ")


def respell(phonemes: str) -> str:
    """Persian letters and marks that sound like these phonemes: ``molk`` → ``مُلک``, ``æmɒn`` → ``اَمان``.

    For voices that read text, and as the name under which the phonemes are kept.
    """
    letters = []
    for number, sound in enumerate(_SOUND.findall(phonemes)):
        if number == 0 and sound in VOWELS:
            letters.append({"ɒ": "آ", "u": "او", "i": "ای"}.get(sound) or "ا" + _LETTERS[sound])
        else:
            letters.append(_LETTERS[sound])
    return "".join(letters)
