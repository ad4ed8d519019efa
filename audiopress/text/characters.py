"""The alphabet of spoken text, and the pass that brings every character of a text as near to it as it can.

After `fold` a text holds Persian letters, the marks that tell a reading, digits, Latin letters and accents, punctuation
and symbols; each of them in one form only. Which character becomes which is told by ``data/characters.tsv``; forms that
Unicode itself calls a presentation of another character are resolved by its compatibility mapping.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from audiopress.text.tables import read_rows

ZWNJ = "\u200c"
LETTERS = "ءآأؤئابتثجحخدذرزسشصضطظعغفقلمنهوپچژکگی"
#: Fatha, kasra, damma, tanwin fath, shadda, sukun, hamza above, superscript alef: the marks that tell a reading.
MARKS = "\u0651\u064e\u064f\u0650\u064b\u0652\u0654\u0670"
PAUSES = "،؛:.؟!"

LETTER = f"[{LETTERS}]"
#: A regular expression for one character of a Persian word, and for the edges of such a word.
WORD = f"[{LETTERS}{MARKS}{ZWNJ}]"
START = f"(?<!{WORD})"
END = f"(?!{WORD})"

#: Ranges whose characters are only other shapes of plain ones (Unicode: Presentation Forms, Fullwidth, Enclosed, …).
_SHAPES = (
    (0x2100, 0x2121),  # letterlike symbols; from ™ (2122) on they are symbols of their own
    (0x2080, 0x209D),  # subscripts, as in CO₂
    (0x249C, 0x24EA),  # bracketed and circled letters; their digits are read with the numbers
    (0xFB00, 0xFB07),  # Latin ligatures
    (0xFB50, 0xFE00),  # Arabic presentation forms A
    (0xFE70, 0xFEFF),  # Arabic presentation forms B
    (0xFF01, 0xFF5F),  # fullwidth Latin
    (0x1D400, 0x1D800),  # mathematical letters, which social media use as fonts
    (0x1F100, 0x1F170),  # letters in squares and circles
)
#: Signs that newsrooms' editors left where a half-space should be: soft hyphen, ¬, zero-width space, bidi marks.
_HALF_SPACE_LIKE = "\u00ad\u00ac\u200b\u200e\u200f\u2060"
_FALSE_HALF_SPACE = re.compile(f"(?<={LETTER})[{_HALF_SPACE_LIKE}]+(?={LETTER})")
_INVISIBLE = re.compile(f"[{_HALF_SPACE_LIKE}]|{ZWNJ}(?=[{ZWNJ}{MARKS}])")
#: Tatweel stretches a word («ســـال»); alone it is a dash («علمی ـ پژوهشی»).
_TATWEEL = "\u0640"
_DASH_OF_TATWEEL = re.compile(f"(?<![{LETTERS}{MARKS}{_TATWEEL}{ZWNJ}]){_TATWEEL}+(?!{LETTER})")
_KEPT = ZWNJ + _HALF_SPACE_LIKE + _TATWEEL
_MARK_RUN = re.compile(f"[{MARKS}]{{2,}}")
_STRAY_MARK = re.compile(f"(?<![{LETTERS}{MARKS}])[{MARKS}]+|(?<![هاوی])\u0654|(?<=[ا-ی])\u0654(?=\u0654)")
#: صلاة, آیة الله, رحمة للعالمین
_SPOKEN_T = re.compile(f"(?<=ا)ة|ة(?=[ {ZWNJ}]?(?:ال|لل))")
_COMPOSED = (("ا\u0653", "آ"), ("ا\u0654", "أ"), ("و\u0654", "ؤ"), ("ی\u0654", "ئ"), ("ا\u0655", "ا"))
_INITIAL_HAMZA = re.compile(f"{START}أ")


@cache
def _table() -> dict[str, str]:
    return {_character(written): _character(spoken) for written, spoken, _ in read_rows("characters.tsv", 3)}


def _character(cell: str) -> str:
    return chr(int(cell.removeprefix("U+"), base=16)) if cell.startswith("U+") else cell


@cache
def fate(character: str) -> str:
    """Return what one character becomes: ``ي`` → ``ی``, ``ﻼ`` → ``لا``, a control character → nothing."""
    table = _table()
    if character in table:
        return table[character]
    code = ord(character)
    if any(low <= code < high for low, high in _SHAPES):
        plain = unicodedata.normalize("NFKC", character)
        return "".join(map(fate, plain)) if plain != character else _by_category(character)
    return _by_category(character)


def _by_category(character: str) -> str:
    if character in LETTERS or character in MARKS or character in PAUSES or character in _KEPT:
        return character
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"} or category.startswith("M"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Lo":
        return _nearest_letter(character)
    return character


def _nearest_letter(character: str) -> str:
    # Letters added to the Arabic script by other languages are named after the letter they were made from:
    # ARABIC LETTER SEEN WITH THREE DOTS BELOW is a kind of SEEN.
    name = unicodedata.name(character, "").split(" ")
    if name[:2] != ["ARABIC", "LETTER"] or not name[2:]:
        return character
    try:
        plain = unicodedata.lookup(" ".join(name[:3]))
    except KeyError:
        return ""
    plain = _table().get(plain, plain)
    return plain if plain in LETTERS else ""


def fold(text: str) -> str:
    """Return ``text`` with each character in its one form: ``كتاب ﻻزم ي٣`` → ``کتاب لازم ی۳``.

    Bidi marks and soft hyphens between two letters are half-spaces that an editor lost; elsewhere they are dropped.
    ``ة`` is ``ت`` before the Arabic article and after alef (``آیة الله`` → ``آیت الله``) and ``ه`` elsewhere;
    ``ۀ`` keeps its ezafe as ``هٔ``.
    """
    exotic = {ord(character): fate(character) for character in set(text)}
    text = text.translate({code: plain for code, plain in exotic.items() if plain != chr(code)})
    text = _FALSE_HALF_SPACE.sub(ZWNJ, text)
    text = _INVISIBLE.sub("", text)
    if _TATWEEL in text:
        text = _DASH_OF_TATWEEL.sub("–", text).replace(_TATWEEL, "")
    for sequence, letter in _COMPOSED:
        text = text.replace(sequence, letter)
    text = text.replace("ةال", f"ت{ZWNJ}ال")
    text = _SPOKEN_T.sub("ت", text).replace("ة", "ه").replace("االله", "الله")
    text = _MARK_RUN.sub(_order_marks, text)
    text = _STRAY_MARK.sub("", text)
    return _INITIAL_HAMZA.sub("ا", text)


def _order_marks(match: re.Match[str]) -> str:
    # A letter bears at most a shadda or hamza and one vowel.
    marks = sorted(set(match.group()), key=MARKS.index)
    doubled = [mark for mark in marks if mark in "\u0651\u0654"]
    vowels = [mark for mark in marks if mark not in "\u0651\u0654"]
    return "".join(doubled[:1] + vowels[:1])
