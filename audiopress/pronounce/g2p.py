"""From the letters of one word to its phonemes, without ezafe.

The lexicon knows best; then come the parts of a joined word, the endings of a known word and the Arabic article;
espeak-ng's rules read the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from audiopress.espeak_ng import text_to_phonemes
from audiopress.pronounce import lexicon
from audiopress.pronounce.marks import VOWEL_MARKS, bare, fits
from audiopress.pronounce.phonemes import VOWELS, from_espeak, join

if TYPE_CHECKING:
    from collections.abc import Mapping

HALF_SPACE = "\u200c"
_SILENT_MARKS = re.compile("[\u0651-\u0655\u0670]")  # shadda, sukun, small hamzas and alif: the base letter is read
_SUN = frozenset("تثدذرزسشصضطظلن")
_ARTICLE = re.compile("^(.{2,}?)ال(دین|له|لّه)$|^(عبد|ابو|دار|ذو|بیت)ال(.{2,})$")
_NOT_ARTICLE = re.compile("^ال(ک|گ|م[اپ]|وار|ها|زام|بته|ان|ی|تما|تها)")
_NOT_AND = re.compile("^و(ا|جود|زیر|قت|ر|ش|طن|ند|ضع|رزش|زن|سیل|لایت)")  # words of their own, not و and a word
_ISM = re.compile("(?<=[^æeoɒiu])is[æe](?=[mt]$)")
_SILENT_H = re.compile("^(.{3,})(گان|گی)$")  # the plural and the abstract noun of words in a silent ه
_SURE_ENDING = re.compile("^(ها|تر|ی|گر|\u200c)")  # راست is not راس and ت: other endings need a word unknown
_NAME_ENDING = re.compile("^(ها|ی$|\u200c)")  # همایش is not the name همای and ش
_IMPERFECT = re.compile("^ن?می\u200c")
_AFTER_CONSONANT = {"یان": "ijɒn", "یات": "ijɒt", "یت": "ijæt", "یم": "im"}  # the table has them after a vowel
_POSSESSIVES = ("مان", "تان", "شان")
_SON = "بن"  # سعید‌بن‌عاص
_CLITICS = frozenset(("ات", "مان", "تان", "شان"))  # said apart after a silent ه: خانه‌ات, خانه‌مان
_LONGEST = 9  # letters in the longest ending of suffixes.tsv


def _article(first: str, rest: str) -> str:
    """Join by the Arabic article, which loses its l before a sun letter: nur + دین → nuroddin."""
    sound = "lɒh" if rest == "له" else word_phonemes(rest).removeprefix("ʔ")
    article = (sound[:2] if sound.startswith(("tʃ", "dʒ")) else sound[:1]) if rest[0] in _SUN else "l"
    if first[-1:] in VOWELS:
        return first[:-1] + ("o" if first.endswith("u") else first[-1]) + article + sound
    return first + "o" + article + sound


def _ending(stem: str, ending: str) -> str | None:
    """Join an ending to the phonemes of a word: ``keʃvær`` + ``های`` → ``keʃværhɒje``; None where it is none."""
    if ending == "ی" and stem[-1:] in {"ɒ", "u", "e", "o"}:
        return stem + "je"
    sound = lexicon.suffixes().get(ending)
    if sound is None:
        return None
    if stem[-1:] not in VOWELS:
        return stem + _AFTER_CONSONANT.get(ending, sound.removeprefix("ʔ"))
    if ending in _CLITICS and stem[-1] == "e":
        return stem + ("ʔæt" if ending == "ات" else sound[1:])
    return join(stem, sound)


def _inflected(word: str) -> str | None:
    """A known word with an ending written on: ``کشتی‌ها`` → ``keʃtihɒ``, ``همسایگان`` → ``hæmsɒjeɡɒn``."""
    if _IMPERFECT.match(word):  # a person's ending changes the stem: می‌برد, می‌بردم
        return None
    kinds = lexicon.kinds()
    silent = _SILENT_H.match(word)
    if silent and silent[1] + "ه" in kinds and word_phonemes(silent[1] + "ه").endswith("e"):
        return word_phonemes(silent[1] + "ه") + ("ɡɒn" if silent[2] == "گان" else "ɡi")
    sizes = list(range(1, min(_LONGEST, len(word) - 2)))
    if word.endswith(_POSSESSIVES):  # کتابتان is کتاب and تان, not کتابت and ان
        sizes.sort(key=lambda size: size != 3)  # noqa: PLR2004 - their length
    for size in sizes:
        stem, ending = word[:-size], word[-size:]
        if len(stem) > 2 and stem in lexicon.words() and _may_end(stem, ending, word):  # noqa: PLR2004 - too short
            found = _ending(lexicon.words()[stem], ending)
            if found:
                return found
    return None


def _may_end(stem: str, ending: str, word: str) -> bool:
    """Whether a known word may carry an ending in this word; what is likelier a word of its own may not."""
    kinds, sound = lexicon.kinds(), lexicon.words()[stem]
    if not _SURE_ENDING.match(ending) and (word in kinds or kinds.get(stem) == "V"):
        return False
    if stem in lexicon.names() and not _NAME_ENDING.match(ending):
        return False
    if ending == "ای" and not sound.endswith("e"):
        return False
    return not (sound.endswith("je") and stem.endswith("ی"))  # the stem has its ezafe written: جدای


def _is_and(head: str, part: str) -> bool:
    """Whether a part is «و» and a word: گفت‌وگو, but not هم‌وطن."""
    if part[0] != "و" or len(head) < 3 or _NOT_AND.match(part):  # noqa: PLR2004 - بی and هم take no «و»
        return False
    word = re.sub("(ها|های|هایی|ی)$", "", part[1:])
    return word in lexicon.kinds()


def _joined(parts: list[str]) -> str:
    """A word of several parts: ``گفت‌وگو`` → ``ɡoftoɡu``."""
    known = lexicon.words()
    size = next(n for n in range(len(parts), 0, -1) if n == 1 or HALF_SPACE.join(parts[:n]) in known)
    head = HALF_SPACE.join(parts[:size])
    if parts[0] == "نمی" and HALF_SPACE.join(["می", *parts[1:]]) in known:
        return "ne" + known[HALF_SPACE.join(["می", *parts[1:]])]
    rest = parts[size:]
    linked = lexicon.links().get(head) if rest and not rest[0].startswith("ال") else None
    sound = linked or word_phonemes(head)
    for number, part in enumerate(rest, start=1):
        inflected = _ending(sound, part)
        if inflected:
            sound = inflected
        elif part == _SON:
            sound += ("jebn" if sound[-1] in VOWELS else "ebn") + ("e" if number < len(rest) else "")
        elif part == "و" and number < len(rest):
            sound = join(sound, "o")
        elif part.startswith("ال") and len(part) > 3 and not _NOT_ARTICLE.match(part):  # noqa: PLR2004 - ال and two more
            sound = _article(sound, part[2:])
        elif _is_and(head, part):
            sound = join(sound, "o") + word_phonemes(part[1:])
        else:
            sound = join(sound, word_phonemes(part))
    return sound


def _marked(word: str) -> str:
    """A word with vowel marks: its usual reading where they agree with it, else read by them: ``مُلک`` → ``molk``."""
    usual = word_phonemes(bare(word))
    return usual if fits(word, usual) else from_espeak(text_to_phonemes(_SILENT_MARKS.sub("", word)))


def _prefixed(word: str) -> str | None:
    """A known word with a first part written on to it: ``غیراصولی`` → ``qejreʔosuli``."""
    if word in lexicon.kinds():
        return None
    for first, sound in lexicon.prefixes().items():
        rest = word.removeprefix(first)
        if rest != word and len(rest) > 3 and rest in lexicon.words():  # noqa: PLR2004 - shorter ones are endings
            return join(sound, lexicon.words()[rest])
    return None


def _plain(word: str) -> str:
    """A word that the lexicon does not have, without marks."""
    found = _inflected(word) or _prefixed(word)
    if found:
        return found
    parts = [part for part in word.split(HALF_SPACE) if part]
    if len(parts) > 1:
        return _joined(parts)
    arabic = _ARTICLE.match(word)
    if arabic:
        first, rest = (arabic[1], arabic[2]) if arabic[1] else (arabic[3], arabic[4])
        return _article(word_phonemes(first) + ("ʔ" if first.endswith("ء") else ""), rest)
    sound = from_espeak(text_to_phonemes(word))
    if word.endswith("یسم") and not word.startswith("بنو"):
        sound = _ISM.sub("is", sound)
    return sound + "ʔ" if word.endswith("ع") and sound[-1:] in VOWELS else sound


@lru_cache(maxsize=65536)
def word_phonemes(word: str) -> str:
    """The phonemes of a word as it stands in a dictionary: ``کتاب`` → ``ketɒb``; "" for what has no sound."""
    word = normalize("NFC", word).replace("ی\u0654", "ئ")
    known = lexicon.words().get(word)
    if known is not None:
        return known
    if not VOWEL_MARKS.keys().isdisjoint(word):
        return _marked(word)
    plain = _SILENT_MARKS.sub("", word)
    return _plain(plain) if plain == word or plain not in lexicon.words() else lexicon.words()[plain]


@lru_cache(maxsize=65536)
def is_guess(word: str) -> bool:
    """Whether only espeak-ng's rules know a word: neither the lexicon nor the parts or endings of known words."""
    word = bare(normalize("NFC", word).replace("ی\u0654", "ئ"))
    if word in lexicon.words() or _inflected(word) or _prefixed(word):
        return False
    parts = [part for part in word.split(HALF_SPACE) if part]
    if len(parts) < 2:  # noqa: PLR2004 - a word of one part
        return True
    return any(part not in lexicon.suffixes() and part != "و" and is_guess(part) for part in parts)


def own_phonemes(word: str, own: Mapping[str, str]) -> str:
    """A word as a listener's own lexicon has it, endings after a half-space joined; "" where it does not know it.

    ``own_phonemes("ملک\u200cهای", {"ملک": "molk"})`` → ``molkhɒje``.
    """
    if word in own:
        return own[word]
    head, _, ending = word.rpartition(HALF_SPACE)
    return (head in own and _ending(own[head], ending)) or ""
