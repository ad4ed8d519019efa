"""Signs of layout: labels, pluses, bullets, fixtures and ruled lines of headlines and lists."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, START, WORD
from audiopress.text.tables import one_of

_AND_OR = re.compile(f"(?<!{WORD})و ?/ ?یا(?!{WORD})")
_RULE = re.compile(r"([-–—_=*~#•])(?: ?\1){2,}")
_BULLET = re.compile(r"(?:(?<=^)|(?<=\n))(?:[ *•·_▪■●]|[-–—+>](?![0-9۰-۹$€£]))+")
#: «خبرگزاری مهر:» with nothing after it is a label that lost its text.
LABEL_ALONE = re.compile(rf" ?خبرگزاری {WORD}{{2,20}} ?:[ .\n]*")
_DATELINE = re.compile(rf"(?:(?<=^)|(?<=\n))( ?خبرگزاری {WORD}{{2,20}}) ?[-–—_] ")
#: Words of one side of a fixture: «شهرداری بندر عباس».
_SIDE = rf"{WORD}{{2,20}}(?: {WORD}{{2,20}}){{0,2}}"


@cache
def _with_pictures() -> re.Pattern[str]:
    return re.compile(f" ?\\+ ?(?={one_of('picture')}(?:{WORD}|\\b))")


@cache
def _offer() -> re.Pattern[str]:
    # «+ عکس», «+ فیلم و تصاویر», «+ جدول قیمت»: up to three words to the end of the line
    return re.compile(f"(?: ?[(]? ?\\+ ?{one_of('picture')}{END}(?: {WORD}+){{0,3}} ?[)]?)+ ?(?=\n|$)")


@cache
def _label() -> re.Pattern[str]:
    picture = one_of("picture")
    return re.compile(f"^ ?{picture}(?: ?(?:و|،) ?{picture})?(?: ?\\|| ?/+(?= )) ?")


@cache
def _fixture() -> re.Pattern[str]:
    known, dash = f"(?={one_of('club')}{END})", " ?[-–—] ?"
    pair = f"{known}({_SIDE}){dash}({_SIDE})|({_SIDE}){dash}{known}({_SIDE})"
    return re.compile(rf"(?:(?<=^)|(?<=\n)) ?(?:{pair})(?= ?(?:\n|$|[.،؛]))")


@cache
def _match() -> re.Pattern[str]:
    return re.compile(f"{START}({one_of('match')}) ({WORD}{{2,20}}) ?[–—-] ?(?={WORD}{{2,20}})")


@cache
def _bureau() -> re.Pattern[str]:
    # «ایسنا/خراسان رضوی رئیس سازمان آب گفت», as ISNA opens its reports
    return re.compile(f"(?:(?<=^)|(?<=\n))( ?{one_of('agency')}) ?/ ?({one_of('bureau')}) (?={WORD})")


def speak_headline_signs(text: str) -> str:
    """Return ``text`` with the signs of headlines said: ``ساخت مسجد و/یا مدرسه`` → ``ساخت مسجد و یا مدرسه``.

    What only a page can offer is dropped (``آتش‌سوزی + عکس``, ``فیلم/ آتش‌سوزی``); an agency and its bureau are set off
    (``ایسنا/لرستان باران بارید`` → ``ایسنا، لرستان: باران بارید``); between two teams a dash is said.
    """
    if LABEL_ALONE.fullmatch(text):
        return ""
    if "+" in text:
        text = _offer().sub("", text)
        text = _with_pictures().sub("، همراه با ", text)
    if "/" in text or "|" in text:
        text = _AND_OR.sub("و یا", _bureau().sub(r"\1، \2: ", _label().sub("", text)))
    return _DATELINE.sub(r"\1: ", text)


def settle_lines(text: str) -> str:
    """Return ``text`` without bullets and ruled lines at the start of its lines: ``* آب`` → ``آب``.

    Two teams with a dash between them play each other: ``* سپاهان - ذوب‌آهن`` → ``سپاهان با ذوب‌آهن``.
    """
    text = _BULLET.sub("", _RULE.sub(" ", text))
    if "-" in text or "–" in text or "—" in text:
        text = _match().sub(r"\1 \2 و ", text)
        text = _fixture().sub(lambda match: f"{match[1] or match[3]} با {match[2] or match[4]}", text)
    return text
