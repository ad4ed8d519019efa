"""Typing slips of newsrooms: misspelled words, spaces missing after a stop, around a number or between two scripts."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby, pairwise

from audiopress.text.characters import END, LETTER, LETTERS, MARKS, START, WORD, ZWNJ
from audiopress.text.latin import LATIN
from audiopress.text.tables import read_rows

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


#: Names of Islam whose last part is God: «ولی اله», «نعمت‌اله», «عبداله».
_OF_GOD = re.compile(
    f"{START}(ولی|حشمت|نعمت|فتح|روح|سیف|عزت|نصرت|اسد|فضل|حبیب|عبد|ید|قدرت|رحمت|فرج|شکر|ذبیح|حجت|آیت|عطا|نور|فیض|امان"
    f"|خلیل|لطف|هدایت|کرامت|عنایت|مسیح|صفی|خیر|بیت|حزب|ثار|عین|وجیه|سمیع|حجه)([ {ZWNJ}]?)اله{END}"
)


@cache
def _misspelled() -> tuple[re.Pattern[str], dict[str, str]]:
    meant = {written: right for written, right, _ in read_rows("slips.tsv", 3)}
    ends = {written: "" if written.endswith("*") else END for written in meant}
    # Grouped by their first two letters: one long choice would be tried branch by branch at every word
    choices = [
        f"{first}(?:{'|'.join(_any_gap(word.rstrip('*')[2:]) + ends[word] for word in group)})"
        for first, group in groupby(sorted(meant), key=lambda word: word[:2])
    ]
    spoken = {_bare(written.rstrip("*")): right for written, right in meant.items()}
    return re.compile(f"{START}(?:{'|'.join(choices)})"), spoken


def _any_gap(word: str) -> str:
    return re.sub(f"[ {ZWNJ}]", f"[ {ZWNJ}]", word)


def _bare(word: str) -> str:
    return re.sub(f"[ {ZWNJ}]", "", word)


def mend_words(text: str) -> str:
    """Return ``text`` with the misspellings of ``data/slips.tsv`` mended: ``وزرات کشور`` → ``وزارت کشور``."""
    pattern, meant = _misspelled()
    text = pattern.sub(lambda match: meant[_bare(match.group())], text)
    return _OF_GOD.sub(lambda match: f"{match[1]}{ZWNJ if match[2] else ''}الله", text) if "اله" in text else text


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
