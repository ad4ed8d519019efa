"""Quotation marks are not said, but the ear needs a pause where the eye had them."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, LETTER, LETTERS, MARKS, PAUSES, START
from audiopress.text.tables import one_of

#: Twice a long sentence of the news; a mark that is closed later was a slip.
_LONGEST = 600
_PAIR = re.compile(f'«([^«»]{{1,{_LONGEST}}})»|"([^"]{{1,{_LONGEST}}})"')
#: A quotation of so many words needs a breath at its end; names of laws and shows are shorter.
_LONG = 7
#: «رمز "یا زهرا"»: words that would bind to the word before the quotation.
_BINDS = re.compile(f"(?:یا|و|که){END}")
_ASKS = re.compile(f"آیا{END}")
#: The characters before a quotation in which a verb of saying is looked for; the longest has as many.
_REACH = 24


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(f"(?<![{LETTERS}{MARKS}])(?:{one_of('reporting')}|{one_of('saying')}) ?$")


@cache
def _clinging() -> re.Pattern[str]:
    return re.compile(f" ?{one_of('clinging')}{END}")


@cache
def _opened() -> re.Pattern[str]:
    return re.compile(f"{START}({one_of('reporting')}|{one_of('saying')}) ?« ?")


def speak_quotes(text: str) -> str:
    """Return ``text`` with its quotations set off as a newsreader would: ``او گفت «بیا»`` → ``او گفت: بیا``.

    A verb of saying leaves a colon, a long quotation a comma at its end, a quoted question its mark, and what would
    bind to the word before (``با رمز «یا زهرا»``) stands between commas.
    """
    if "«" not in text and '"' not in text:
        return text
    text = _PAIR.sub(_quotation, text)
    return _opened().sub(r"\1: ", text)


def _quotation(match: re.Match[str]) -> str:
    said = (match[1] or match[2]).strip()
    if match[2] and match[2][0] == " " and re.match(LETTER, match.string[match.end() : match.end() + 1]):
        return f" {said} "  # between two quotations: an odd mark before made the ends look like beginnings
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    opening = ""
    if _saying().search(before):
        opening = ":"
    elif _BINDS.match(said) and re.search(f"{LETTER} ?$", before):
        opening = "،"
    return f"{opening} {said}{_closing(match, said, opening)} "


def _closing(match: re.Match[str], said: str, opening: str) -> str:
    after = match.string[match.end() : match.end() + _REACH]
    if said[-1:] in PAUSES or after.lstrip()[:1] in PAUSES:
        return "؟" if _ASKS.match(said) and said[-1:] not in PAUSES else ""
    if _ASKS.match(said):
        return "؟"
    long = said.count(" ") + 1 >= _LONG
    return "،" if opening == "،" or (long and re.match(f" ?{LETTER}", after) and not _clinging().match(after)) else ""
