"""Punctuation becomes pauses: dashes, slashes, dots and lines are short stops to a listener."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import LETTER, LETTERS, MARKS, PAUSES, WORD, ZWNJ
from audiopress.text.tables import one_of

#: The pauses from the weakest to the strongest; where several meet, the strongest is kept.
_STRENGTH = "،؛:.!؟"
_AND_OR = re.compile(f"(?<!{WORD})و ?/ ?یا(?!{WORD})")
_ELLIPSIS = re.compile(r" ?\.(?: ?\.)+ ?")
_RULE = re.compile(r"([-–—_=*~#•])(?: ?\1){2,}")
_BULLET = re.compile(r"(?:(?<=^)|(?<=\n))(?:[ *•·_▪■●]|[-–—+>](?![0-9۰-۹$€£]))+")
_DATELINE_DASH = re.compile(f"(?<={WORD})[-_](?= )")
_SPACED_DASH = re.compile(" [-–—_]+ ?|[–—]+ ?")
_JOINED_DASH = re.compile("[-_]+")
_SLASH = re.compile(" ?/+ ?")
_LINES = re.compile(r" ?\n[ \n]*")
_UNSPEAKABLE = re.compile(f"[^{LETTERS}{MARKS}{PAUSES}{ZWNJ} ]+")
_LOOSE_ZWNJ = re.compile(f"{ZWNJ}+(?![{LETTERS}])|(?<![{LETTERS}{MARKS}]){ZWNJ}+|{ZWNJ}(?={ZWNJ})")
_LOOSE_MARK = re.compile(f"(?<![{LETTERS}{MARKS}])[{MARKS}]+")
_PAUSE_RUN = re.compile(f" ?[{PAUSES}][{PAUSES} ]*")


@cache
def _with_pictures() -> re.Pattern[str]:
    return re.compile(f" ?\\+ ?(?={one_of('picture')}(?:{WORD}|\\b))")


def speak_headline_signs(text: str) -> str:
    """Return ``text`` with the signs of headlines said: ``آتش‌سوزی + عکس`` → ``آتش‌سوزی، همراه با عکس``."""
    text = _with_pictures().sub("، همراه با ", text)
    return _AND_OR.sub("و یا", text)


def settle_lines(text: str) -> str:
    """Return ``text`` without bullets and ruled lines at the start of its lines: ``* آب`` → ``آب``."""
    return _BULLET.sub("", _RULE.sub(" ", text))


def pause(text: str) -> str:
    """Return ``text`` with dashes, slashes, dots and line ends as pauses: ``تهران - ایرنا`` → ``تهران، ایرنا``.

    A hyphen between two words is not heard (``تهران-مسکو`` → ``تهران مسکو``); a slash is a short pause; three dots are
    a pause inside a sentence and a full stop at its end; a line that ends without punctuation ends its sentence.
    """
    text = text.replace(",", "،").replace(";", "؛").replace("?", "؟")
    text = _ELLIPSIS.sub(_ellipsis, text)
    text = _LINES.sub(". ", text.strip(" \n"))
    text = _DATELINE_DASH.sub("، ", text)
    text = _SPACED_DASH.sub("، ", text)
    text = _JOINED_DASH.sub(" ", text)
    return _SLASH.sub("، ", text)


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
