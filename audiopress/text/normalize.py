"""Written Persian → spoken Persian, as an ordered tuple of small pure passes.

The order matters; each pass relies on what those before it left:

 1. fold             one form a character, so that every later table needs one spelling only
 (a listener's own readings: before every rule, but after `fold`, so that ك and ک are the same letter)
 2. mend_words       misspelled words, so that every later table meets the right ones
    speak_links      addresses, before their dots, slashes and hyphens mean anything else
 3. drop_asides      glosses and note numbers, before anything inside them is read
 4. speak_headline_signs, settle_lines   signs of layout, before + and - are read with numbers
 5. speak_mixed      F-16, 4K, CO2, before the numbers take their digits
 6. expand_abbreviations   ص ۱۲, ۱۳۲۰ ه.ش: they look at digits, and single letters with dots must not look like slips
 7. mend_slips       missing spaces, so that numbers and words stand alone
 8. speak_numbers    every digit, with the symbols and units beside it
 9. romanise         Cyrillic and Greek; after the numbers, which know μ and Ω as units
10. speak_latin      what Latin is left, after units (GB) and Roman numerals were read with their numbers
11. speak_symbols    symbols that no number wanted
12. open_brackets, pause   quotes, brackets, dashes and dots, which all passes above used as context
13. tidy             nothing but the spoken alphabet is left
14. part_words, mark_clauses   glued words and forgotten marks, which only show on clean words

On what these leave only `fold` and `expand_abbreviations` could still act (noise can hide an abbreviation: «ب★.م»);
where they do, the passes begin again, so that normalising a spoken text changes nothing. Half-spaces come last, on
clean words: they cost more than all the rest, and no pass above tells a half-space from a space (but a word they split
may turn out to be letters, سی بی‌اس, and is looked at once more).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.text import spacing
from audiopress.text.abbreviations import expand_abbreviations
from audiopress.text.brackets import drop_asides, open_brackets
from audiopress.text.characters import LETTERS, MARKS, PAUSES, ZWNJ, fold
from audiopress.text.clauses import mark_clauses
from audiopress.text.glued import part_words
from audiopress.text.headlines import settle_lines, speak_headline_signs
from audiopress.text.latin import speak_latin, speak_mixed
from audiopress.text.links import speak_links
from audiopress.text.numbers.numerals import speak_numbers
from audiopress.text.punctuation import pause, tidy
from audiopress.text.readings import NONE, Readings
from audiopress.text.scripts import romanise
from audiopress.text.slips import mend_slips, mend_words
from audiopress.text.symbols import speak_symbols

if TYPE_CHECKING:
    from collections.abc import Callable

#: The passes in their order; see the top of this file for the reasons.
PASSES: tuple[Callable[[str], str], ...] = (
    fold,
    mend_words,
    speak_links,
    drop_asides,
    speak_headline_signs,
    settle_lines,
    speak_mixed,
    expand_abbreviations,
    mend_slips,
    speak_numbers,
    romanise,
    speak_latin,
    speak_symbols,
    open_brackets,
    pause,
    tidy,
    part_words,
    mark_clauses,
)
#: The passes to which a word that a half-space split may be news.
_AFTER_SPACING = (mend_words, expand_abbreviations, part_words, mark_clauses)
#: Random text needed two rounds at most in the tests; the bound only keeps a mistake in a table from running for ever.
_MOST_ROUNDS = 4


def normalize(text: str, readings: Readings = NONE) -> str:
    """Return how ``text`` is said: ``در سال ۸۷، 3 نفر (٪۵)`` → ``در سال هشتاد و هفت، سه نفر، پنج درصد``.

    Only Persian letters, the marks that tell a reading, half-spaces, single spaces and the pauses ، ؛ : . ؟ ! are left.
    ``readings`` are the listener's own, applied before every rule.
    """
    if readings.spoken:
        text = readings.apply(fold(text))
    for _ in range(_MOST_ROUNDS):
        for one_pass in PASSES:
            text = one_pass(text)
        if expand_abbreviations(fold(text)) != text:
            continue
        text = tidy(_restore(text, readings.words))
        if all(one_pass(text) == text for one_pass in _AFTER_SPACING):
            break
    return text


def _restore(text: str, own: frozenset[str] = frozenset()) -> str:
    # Half-spaces are judged by letters without marks, where the letter name اِی looks like an ending. A marked word was
    # spelled by a pass above (or by an author who meant it), so spaces at its edges and inside it stay as they are;
    # so do the words of a listener's own readings.
    spaced = spacing.restore(text)
    if spaced == text:
        return spaced
    kept = {edge for word in _MARKED.finditer(text) for edge in range(word.start() - 1, word.end() + 1)}
    kept.update(space.start() for space in _BEFORE_NUMBER.finditer(text))
    if own:
        words = (word for word in _WORD.finditer(text) if word.group() in own)
        kept.update(edge for word in words for edge in range(word.start() - 1, word.end() + 1))
    if not kept:
        return spaced
    pieces = []
    at = 0
    for character in spaced:
        if at < len(text) and character == text[at]:
            pieces.append(character)
            at += 1
        elif at < len(text) and text[at] in _SPACES:
            replaced = character in _SPACES
            pieces.append(text[at] if at in kept else character if replaced else "")
            at += 1
            if not replaced:
                pieces.append(character)
                at += 1
        elif at not in kept:
            pieces.append(character)
    return "".join(pieces)


_WORD = re.compile(f"[^ {PAUSES}]+")
_MARKED = re.compile(f"[^ {PAUSES}]*[\u064e\u064f\u0650\u0652][^ {PAUSES}]*|ای{ZWNJ}[^ {PAUSES}]*")
#: می دو هزار (in May 2000) is not می‌دو (runs), سی تا چهل (thirty to forty) not سی‌تا.
_BEFORE_NUMBER = re.compile(
    f" (?=(?:یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|صد|هزار|میلیون|میلیارد)(?![{LETTERS}{MARKS}]))|(?<= سی) (?=تا )"
)
_SPACES = frozenset((" ", ZWNJ))


def restore_spacing(text: str) -> str:
    """Return ``text`` with its half-spaces restored and nothing else changed: ``مي توانيم`` → ``مي‌توانيم``.

    Letters keep the form in which they were written, so that the result can be held against its source.
    """
    letters = [character for character in text if character not in _SPACES]
    spaced = spacing.restore(text.translate({ord(sign): _one_to_one(sign) for sign in set(text)}))
    if sum(character not in _SPACES for character in spaced) != len(letters):
        return text
    written = iter(letters)
    return "".join(character if character in _SPACES else next(written) for character in spaced)


def _one_to_one(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character
