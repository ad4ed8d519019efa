"""From the letters of one word to its phonemes, without ezafe.

The lexicon knows best; then come the parts of a joined word, the endings of a known word and the Arabic article;
espeak-ng's rules read the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache

from audiopress.espeak_ng import text_to_phonemes
from audiopress.pronounce import lexicon
from audiopress.pronounce.phonemes import VOWELS, from_espeak, join

HALF_SPACE = "\u200c"
_VOWEL_MARKS = frozenset("\u064e\u064f\u0650\u0652\u0670")  # fatha, damma, kasra, sukun, dagger alif
_SILENT_MARKS = re.compile("[\u0651\u0653\u0654\u0655]")  # shadda and the small hamzas: the base letter is read
_SUN = frozenset("تثدذرزسشصضطظلن")
_ARTICLE = re.compile("^(.{2,}?)ال(دین|له|لّه)$|^(عبد|ابو|دار|ذو|بیت)ال(.{2,})$")
_NOT_ARTICLE = re.compile("^ال(ک|گ|م[اپ]|وار|ها|زام|بته|ان|ی|تما|تها)")
_ISM = re.compile("(?<=[^æeoɒiu])is[æe](?=[mt]$)")
_LONGEST = 8  # letters in the longest ending of suffixes.tsv


def _article(first: str, rest: str) -> str:
    """Join with the Arabic article, which drops its l before a sun letter: nur + دین → nuroddin."""
    sound = word_phonemes(rest).removeprefix("ʔ")
    article = (sound[:2] if sound.startswith(("tʃ", "dʒ")) else sound[:1]) if rest[0] in _SUN else "l"
    if first[-1:] in VOWELS:
        return first[:-1] + ("o" if first.endswith("u") else first[-1]) + article + sound
    return first + "o" + article + sound


def _ending(stem: str, ending: str) -> str | None:
    """Join an ending to the phonemes of a word: ``keʃvær`` + ``های`` → ``keʃværhɒje``; None where there is none such."""
    if ending == "ی" and stem[-1:] in {"ɒ", "u", "e", "o"}:
        return stem + "je"
    sound = lexicon.suffixes().get(ending)
    if sound is None:
        return None
    if sound.startswith("ʔ") and stem[-1:] not in VOWELS:
        sound = sound[1:]
    return join(stem, sound)


def _inflected(word: str) -> str | None:
    """A known word with an ending written on: ``سازمانی`` → ``sɒzmɒni``."""
    for size in range(1, min(_LONGEST, len(word) - 2)):
        stem = lexicon.words().get(word[:-size])
        if stem and len(word) - size > 2:  # noqa: PLR2004 - two letters are too many words' beginning
            found = _ending(stem, word[-size:])
            if found:
                return found
    return None


def _joined(parts: list[str]) -> str:
    """A word of several parts: ``گفت‌وگو`` → ``ɡoftoɡu``."""
    known = lexicon.words()
    size = next(n for n in range(len(parts), 0, -1) if n == 1 or HALF_SPACE.join(parts[:n]) in known)
    head = HALF_SPACE.join(parts[:size])
    if parts[0] == "نمی" and HALF_SPACE.join(["می", *parts[1:]]) in known:
        return "ne" + known[HALF_SPACE.join(["می", *parts[1:]])]
    sound = (lexicon.links().get(head) if len(parts) > 1 else None) or word_phonemes(head)
    for part in parts[size:]:
        inflected = _ending(sound, part)
        if inflected:
            sound = inflected
        elif part.startswith("ال") and len(part) > 4 and not _NOT_ARTICLE.match(part):  # noqa: PLR2004 - الX, X of 3
            sound = _article(sound, part[2:])
        elif part.startswith("و") and len(part) > 2 and part not in lexicon.kinds() and head not in {"می", "نمی"}:  # noqa: PLR2004
            sound = join(sound, "o") + word_phonemes(part[1:])
        else:
            sound = join(sound, word_phonemes(part))
    return sound


@lru_cache(maxsize=65536)
def word_phonemes(word: str) -> str:
    """The phonemes of a word as it stands in a dictionary: ``کتاب`` → ``ketɒb``; "" for what has no sound."""
    known = lexicon.words().get(word)
    if known is not None:
        return known
    bare = _SILENT_MARKS.sub("", word)
    if bare != word:
        return word_phonemes(bare)
    if _VOWEL_MARKS.isdisjoint(word):
        parts = [part for part in word.split(HALF_SPACE) if part]
        if len(parts) > 1:
            return _joined(parts)
        inflected = _inflected(word)
        if inflected:
            return inflected
        arabic = _ARTICLE.match(word)
        if arabic:
            first, rest = (arabic[1], arabic[2]) if arabic[1] else (arabic[3], arabic[4])
            return _article(word_phonemes(first), rest)
    return _ISM.sub("is", from_espeak(text_to_phonemes(word)))
