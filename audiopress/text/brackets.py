"""Brackets and quotes: what they hold is said, set apart by a pause, or was only for the eye."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, LETTER, START, WORD, ZWNJ
from audiopress.text.latin import LATIN, letter_names
from audiopress.text.quotes import speak_quotes
from audiopress.text.tables import one_of

_DIGIT = "0-9۰-۹"
#: A foreign name after its Persian form, «سازمان ملل (UN)»: the listener has just heard it.
_GLOSS = re.compile(f"(?<={WORD})([»\"]?) ?[(\\[] ?[{LATIN}][{LATIN}0-9 .,:;'’&/+–-]{{0,79}}[)\\]]")
_NOTE_NUMBER = f"(?:[{_DIGIT}]{{1,3}}|[ivxlIVXL]{{1,8}})"
#: Numbers of foot- and endnotes: «است.[۱۲]», «آمد (۳).» after a full stop, «[iv]».
_NOTE = re.compile(
    f"(?:(?<=^)|(?<=\\n))\\[ ?{_NOTE_NUMBER} ?\\](?: ?[.–—-]+)?|\\[ ?{_NOTE_NUMBER} ?\\](?: ?[–—-]+)?"
    f"|(?<=[.؟!]) ?\\( ?[{_DIGIT}]{{1,2}} ?\\)"
)
_OWNED = re.compile(f"[»\"'](?=(?:ها|های|هایی)(?!{WORD}))")
_APOSTROPHE = re.compile(f"(?<=[{LATIN}])'(?=[{LATIN}])")
#: «مواد (۱۳۹) و (۱۵۴)»
_NUMBERED_TOO = re.compile(f"(?<=[{_DIGIT}]) {{1,2}}(و|تا|الی|یا) ?\\( ?([{_DIGIT}]{{1,4}}) ?\\)")
#: «به (خون) کسی»: what an editor put in, governed by the preposition before it.
_GOVERNED = re.compile(f"{START}(به|از|در|با|بر|برای|تا) ?[(] ?((?:{WORD}+ ?){{1,3}})[)]")
#: «سجاد (متهم اصلی) را»: no pause parts an object from its sign.
_OBJECT = re.compile(f" ?[)] ?(?=را{END})")
#: A foreign name and its Persian form in quotes: VOA «صدای آمریکا».
_EXPLAINED = re.compile(f"([{LATIN}]{{2,20}}) {{0,2}}« ?([^«»{LATIN}]{{2,40}}?) ?»(?= ?{LETTER})")
_BRACKETS = str.maketrans({"(": "، ", ")": "، ", "[": " ", "]": " ", "«": " ", "»": " ", '"': " "})
#: The number of an item at the start of a line: «۱- », «(۲) », «الف) »; a letter with a stop may be an abbreviation.
_ITEM = re.compile(
    f"(?:(?<=^)|(?<=\\n)) ?\\(?([{_DIGIT}]{{1,3}}(?= ?[)–—.-])|(?!و){LETTER}(?= ?[)–—-])|الف(?= ?[)–—-]))"
    f" ?(?:[)]|[-–—.](?! ?[{_DIGIT}]))+[-–—.]* ?(?=[^\\n])"
)


@cache
def _numbered() -> re.Pattern[str]:
    # «تبصره (۲)», «ماده (۵)»: the number belongs to its noun, without a pause.
    return re.compile(f"({one_of('numbered')}) ?\\( ?([{_DIGIT}]{{1,4}}|{LETTER}|الف) ?\\)")


def drop_asides(text: str) -> str:
    """Return ``text`` without foreign glosses and note numbers: ``سازمان ملل (UN) است.[۱]`` → ``سازمان ملل است.``.

    A gloss is Latin text in brackets straight after a Persian word. Numbers in brackets that belong to a noun lose the
    brackets: ``تبصره (۲)`` → ``تبصره ۲``. The number of an item at the start of a line is set apart:
    ``۱- آب`` → ``۱، آب``.
    """
    text = _GLOSS.sub(r"\1", text)
    text = _EXPLAINED.sub(r"\1، \2،", text)
    text = _NOTE.sub(" ", text)
    text = _numbered().sub(r"\1 \2 ", text)
    text = _NUMBERED_TOO.sub(r" \1 \2 ", text)
    return _ITEM.sub(lambda match: f"{letter_names().get(match[1], match[1])}، ", text)


def open_brackets(text: str) -> str:
    """Return ``text`` with quotes dropped and brackets said as pauses: ``«شهر» (بزرگ)`` → ``شهر، بزرگ،``.

    Square brackets hold what an editor completed, and are read on: ``توافق [با بروکسل]`` → ``توافق با بروکسل``.
    """
    text = speak_quotes(_OWNED.sub(ZWNJ, text))
    if "(" in text:
        text = _OBJECT.sub(" ", _GOVERNED.sub(r"\1 \2 ", text))
    return text.translate(_BRACKETS)
