"""Sentences as the model is given them: phonemes → tokens of the shipped map, with the stress that the engine adds."""

from __future__ import annotations

import re
from pathlib import Path

MAP = Path(__file__).resolve().parent.parent.parent / "audiopress" / "tts" / "data" / "kokoro_phonemes.tsv"
SPACE = 16  # token between words
LAST_VOWEL, SOUND = re.compile("[æeoɒiu](?=[^æeoɒiu]*$)"), re.compile("tʃ|dʒ|.")


def read_map() -> dict[str, list[int]]:
    """Phoneme → tokens, as the engine has it."""
    lines = [line.split("\t") for line in MAP.read_text(encoding="utf-8").splitlines() if line[0] != "#"][1:]
    return {row[0]: [int(token) for token in row[2].split()] for row in lines}


def tokens_of(words: list[list[str]], table: dict[str, list[int]]) -> list[int]:
    """The tokens of a sentence, given as phonemes and pause sign of each word: ``[["sˈib", "."]]`` → [61, …, 4]."""
    made: list[int] = []
    for phonemes, after in words:
        made += [SPACE] if made else []
        stressed = phonemes if "ˈ" in phonemes else LAST_VOWEL.sub(r"ˈ\g<0>", phonemes)
        for sound in SOUND.findall(stressed + after):
            made += table[sound]
    return made if words[-1][1] else [*made, *table["."]]


def sounds(words: list[list[str]]) -> int:
    """Phonemes of a sentence; an affricate counts as one."""
    return sum(sound != "ˈ" for phonemes, _ in words for sound in SOUND.findall(phonemes))


def letters(written: str) -> int:
    """Letters and digits of a sentence, by which its log-loss is divided."""
    return max(1, sum(sign.isalnum() for sign in written))
