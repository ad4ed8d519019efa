"""Punctuation becomes pauses: dashes, slashes, dots and lines are short stops to a listener."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, LETTER, LETTERS, MARKS, PAUSES, START, WORD, ZWNJ
from audiopress.text.tables import one_of

#: The pauses from the weakest to the strongest; where several meet, the strongest is kept.
_STRENGTH = "،؛:.!؟"
_ELLIPSIS = re.compile(r" ?\.(?: ?\.)+ ?")
_DATELINE_DASH = re.compile(f"(?<={WORD})[-_](?= )")
_SPACED_DASH = re.compile(" [-–—_]+ ?|[–—]+ ?")
_JOINED_DASH = re.compile("[-_]+")
#: An aside opened by a dash that lost its spaces: «این رویکرد-یعنی …- مهم است».
_ASIDE = re.compile(f"(?<={WORD})[-–—_](?=(?:یعنی|البته|به‌ویژه|بخصوص) )")
_SLASH = re.compile(" ?/+ ?")
_LINES = re.compile(r" ?\n[ \n]*")
_UNSPEAKABLE = re.compile(f"[^{LETTERS}{MARKS}{PAUSES}{ZWNJ} ]+")
_LOOSE_ZWNJ = re.compile(f"{ZWNJ}+(?![{LETTERS}])|(?<![{LETTERS}{MARKS}]){ZWNJ}+|{ZWNJ}(?={ZWNJ})")
_LOOSE_MARK = re.compile(f"(?<![{LETTERS}{MARKS}])[{MARKS}]+")
_PAUSE_RUN = re.compile(f" ?[{PAUSES}][{PAUSES} ]*")


#: Parts of a headline with so many words are statements of their own; shorter ones are a list.
_STATEMENT = 3
#: The characters on each side of a slash in which words are counted.
_REACH = 80
_PART_EDGE = re.compile(r"[/.؟!؛\n]")


@cache
def _adjectives() -> re.Pattern[str]:
    adjective = one_of("adjective")
    return re.compile(f"({START}{adjective}) ?[-–—_]+ ?(?={adjective}{END})")


def pause(text: str) -> str:
    """Return ``text`` with dashes, slashes, dots and line ends as pauses: ``تهران - ایرنا`` → ``تهران، ایرنا``.

    A hyphen between two words is not heard (``تهران-مسکو`` → ``تهران مسکو``), nor a dash between two adjectives
    (``سیاسی – امنیتی``); a slash is a short pause, between two statements a longer one; three dots are a pause inside a
    sentence and a full stop at its end; a line that ends without punctuation ends its sentence.
    """
    text = text.replace(",", "،").replace(";", "؛").replace("?", "؟")
    text = _ELLIPSIS.sub(_ellipsis, text)
    text = _LINES.sub(". ", text.strip(" \n"))
    text = _adjectives().sub(r"\1 ", text)
    text = _ASIDE.sub("، ", text)
    text = _DATELINE_DASH.sub("، ", text)
    text = _SPACED_DASH.sub("، ", text)
    text = _JOINED_DASH.sub(" ", text)
    return _SLASH.sub(_slash, text)


def _slash(match: re.Match[str]) -> str:
    before = _PART_EDGE.split(match.string[max(0, match.start() - _REACH) : match.start()])[-1]
    after = _PART_EDGE.split(match.string[match.end() : match.end() + _REACH])[0]
    statements = match.group().endswith(" ") and min(len(before.split()), len(after.split())) >= _STATEMENT
    return "؛ " if statements else "، "


def _ellipsis(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    return "، " if re.match(LETTER, following) else ". "


def tidy(text: str) -> str:
    """Return ``text`` with nothing left that cannot be said, single spaces, and one pause where several met.

    ``سلام !! ( خوبی ؟)`` has become ``سلام !!، خوبی ؟،`` → ``سلام! خوبی؟``. A pause that
    leads nowhere, at the start or end of the text, is dropped; a text without a letter becomes empty.
    """
    text = " ".join(_UNSPEAKABLE.sub(" ", text).split())
    text = _LOOSE_MARK.sub("", text)
    text = _LOOSE_ZWNJ.sub("", text)
    text = _PAUSE_RUN.sub(_strongest, text)
    text = " ".join(text.split())
    return text.lstrip(PAUSES + " ").rstrip("،؛ ")


def _strongest(match: re.Match[str]) -> str:
    return max((sign for sign in match.group() if sign != " "), key=_STRENGTH.index) + " "
