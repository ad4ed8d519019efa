"""Typing slips of newsrooms: spaces that are missing after a stop, around a number or between two scripts."""

from __future__ import annotations

import re
from itertools import pairwise

from audiopress.text.characters import LETTER, LETTERS, MARKS, WORD, ZWNJ
from audiopress.text.latin import LATIN

_DIGIT = "0-9۰-۹"
#: After a word of two letters or more a full stop ends the sentence: «کرد.وی». Single letters are abbreviations.
_STOP = re.compile(f"(?<={WORD}{{2}})([.!؟?])(?={LETTER})")
_PAUSE = re.compile(f"(?<={WORD})([،؛,;:])(?=[{LATIN}]|{LETTER})|([،؛])(?=[{LATIN}]|{LETTER})")
_AFTER_NUMBER = re.compile(f"(?<=[{_DIGIT}])([،؛:.,]) ?(?={LETTER}{WORD})")
_BEFORE_NUMBER = re.compile(f"(?<={WORD}{{2}})(?=[{_DIGIT}])|(?<=[^{LATIN}{_DIGIT}]و)(?=[{_DIGIT}])")
_STOP_BEFORE_NUMBER = re.compile(f"(?<={WORD}{{2}})([.؟!،؛:])(?=[{_DIGIT}])")
_SCRIPTS = re.compile(f"(?<={LETTER})(?=[{LATIN}])|(?<=[{MARKS}])(?=[{LATIN}])|(?<=\u064b)(?=[{LETTERS}])(?!ا)")
_LOST_QUOTE = re.compile(f'(?<=[،؛:.!؟])(?=[«"(])|(?<={LETTER})(?=[«(])|(?<=[»)])(?={LETTER}{{3}})')
#: Old keyboards had no tanwin, and a quote mark stood for it: عمدتا" is عمدتاً. Not after را, ما, ها.
_TANWIN_PLACE = re.compile(f"{LETTER}{{2}}[^رمه]ا$")
_LOOSE_HALF_SPACE = re.compile(f" {ZWNJ} ?|{ZWNJ} ")


def mend_slips(text: str) -> str:
    """Return ``text`` with the spaces that were forgotten: ``اعلام کرد.وی در سال۹۸`` → ``اعلام کرد. وی در سال ۹۸``."""
    text = _LOOSE_HALF_SPACE.sub(" ", text)
    if '"' in text:
        text = _restore_tanwin(text)
    text = _STOP.sub(r"\1 ", text)
    text = _PAUSE.sub(lambda match: f"{match[1] or match[2]} ", text)
    text = _AFTER_NUMBER.sub(r"\1 ", text)
    text = _BEFORE_NUMBER.sub(" ", text)
    text = _STOP_BEFORE_NUMBER.sub(r"\1 ", text)
    text = _SCRIPTS.sub(" ", text)
    return _LOST_QUOTE.sub(" ", text)


def _restore_tanwin(text: str) -> str:
    # A mark that closes nothing and is followed by a space cannot be a quote.
    pieces = text.split('"')
    mended = [pieces[0]]
    inside = False
    for before, piece in pairwise(pieces):
        if not inside and (not piece or piece[0] in " .،؛:") and _TANWIN_PLACE.search(before[-_TAIL:]):
            mended.append("\u064b")
        else:
            mended.append('"')
            inside = not inside
        mended.append(piece)
    return "".join(mended)


#: As many letters as the pattern above looks at.
_TAIL = 4
