"""Persian abbreviations: ه.ش, ص ۱۲, (ع), و..., and letters that are said one by one."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING

from audiopress.text.characters import END, LETTER, LETTERS, MARKS, START, ZWNJ
from audiopress.text.latin import letter_names, spell
from audiopress.text.tables import one_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGIT = "[0-9۰-۹]"
_GAP = f"[ {ZWNJ}]?"
#: Names after which a lone letter is a blessing, in words that lost their brackets: امام علی ع.
_NAMES = (
    "(?:مام|علی|حسن|رضا|هرا|حمد|سین|ینب|ادق|هدی|ینی) "  # the last letters of the names, for a look-behind of one width
)
#: Where an abbreviation of each kind may stand; FORM is its letters. The table says which kind each one is.
_PLACES = {
    "word": f"{START}FORM{END}(?:\\.(?= {LETTER}))?",
    "honour": f"{_GAP}(?:[(\\[]|(?<!سوره )(?<!حرف )(?<={LETTER} )«) ?FORM ?[)\\]»]",
    "after name": f"(?<={_NAMES})FORM{END}",
    "year": f"(?<=[12۱۲]{_DIGIT}{{3}}) ?\\(? ?FORM{END}\\.?(?: ?\\))?",
    # Glued to a round number it is the ordinal's ending (۱۰۰۰م), so only likely years bear it without a space.
    "gregorian": f"(?:(?<=[12۱۲]{_DIGIT}{{3}}) \\(? ?|(?<=[1۱][5-9۵-۹]{_DIGIT}{{2}})|(?<=[2۲][0۰]{_DIGIT}{{2}}))"
    f"FORM{END}\\.?(?: ?\\))?",
    # [سالقرنده]{3} is سال, قرن or سده: a look-behind has one width.
    "century": "(?:"
    + "|".join(f"(?<=[سالقرنده]{{3}} {_DIGIT}{{{digits}}})" for digits in "123")
    + f") FORM{END}\\.?(?= |$|[،؛:)])",
    "before number": f"{START}FORM[.:]?{_GAP}(?={_DIGIT})",
    "after number": f"(?<={_DIGIT}){_GAP}FORM{END}",
    "before name": f"{START}FORM\\.{_GAP}(?={LETTER}{LETTER})",
    "reference": f"{START}FORM(?: ?[.:] ?(?={LETTER})| (?=(?:ص|صص|ج|صفحه|صفحات|جلد|همان|فصل|مقاله) ))",
    "before word": f"{START}FORM\\.? (?={LETTER}{LETTER})",
}
#: Signs without which no abbreviation of a kind can occur: most sentences have none of them, and are left at once.
_SIGNS = {
    "honour": "([«",
    "year": "0123456789۰۱۲۳۴۵۶۷۸۹",
    "gregorian": "0123456789۰۱۲۳۴۵۶۷۸۹",
    "century": "0123456789۰۱۲۳۴۵۶۷۸۹",
    "before number": "0123456789۰۱۲۳۴۵۶۷۸۹",
    "after number": "0123456789۰۱۲۳۴۵۶۷۸۹",
    "before name": ".",
    "reference": ".: ",
}
#: «آیت‌ا... »: the name of God, half written so that a newspaper may be thrown away.
_GOD = re.compile(f"(?:(?<![{LETTERS}{MARKS}{ZWNJ}])|(?<={ZWNJ}))ا ?\\.{{2,}}")
#: «پیامک و ... برنامه‌های دیگر»: what the dots leave out is named after them.
_AND_OTHERS = re.compile(f"{START}و ?\\.{{2,}} ?(?=(?:[{LETTERS}{MARKS}{ZWNJ}]+ (?<!از )(?<!نیز )){{1,3}}دیگر{END})")
_AND_SO_ON = re.compile(f"{START}و ?\\.{{2,}}")
#: «م. الف»: initials in quotes may have spaces, for there no sentence ends.
_QUOTED_INITIALS = re.compile(f'(?<=[«("])(?:{LETTER}|الف)(?: ?\\. ?(?:{LETTER}|الف))+(?: ?\\.)?(?=[»)"])')
_PERSIAN_INITIALS = re.compile(f'{START}(?!و){LETTER}(?:\\.{LETTER})+{END}\\.?(?=[ ،؛:)»"]|$)')
_LATIN_NAMES = "دابلیو|دبلیو|ایکس|کیو|ای|بی|سی|دی|اف|جی|اچ|آی|جی|کی|ال|ام|ان|او|پی|آر|اس|تی|یو|وی|وای|زد"
_LATIN_INITIALS = re.compile(
    f"{START}(?:{_LATIN_NAMES})(?:(?: ?\\. ?|[ {ZWNJ}])(?:{_LATIN_NAMES})(?!{LETTER})){{2,}}{END}(?:\\.(?= {LETTER}))?"
)


@cache
def _lettered() -> re.Pattern[str]:
    return re.compile(f"{START}({one_of('lettered')}) (?!و)({LETTER}){END}")


@cache
def _honoured() -> re.Pattern[str]:
    return re.compile(f"{START}({one_of('honoured')}){_GAP}[(] ?ع ?[)]")


@cache
def _rules() -> list[tuple[frozenset[str], re.Pattern[str], dict[str, str]]]:
    places: dict[str, dict[str, str]] = {}
    for written, spoken, place, _ in read_rows("abbreviations.tsv", 4):
        places.setdefault(place, {})[written] = spoken
    rules = []
    for place, entries in places.items():
        forms = "|".join(_form(written) for written in sorted(entries, key=len, reverse=True))
        pattern = re.compile(_PLACES[place].replace("FORM", f"(?P<form>{forms})"))
        signs = frozenset(_SIGNS.get(place, ""))
        rules.append((signs, pattern, {_letters(written): spoken for written, spoken in entries.items()}))
    return rules


def _form(written: str) -> str:
    # The dots of an abbreviation may stand with a space (ه. ش); where the table writes none there is none.
    return f"{_GAP}\\.{_GAP}".join(re.escape(part) for part in written.split("."))


def _letters(form: str) -> str:
    return re.sub(f"[ .{ZWNJ}]", "", form)


@cache
def _spelled_in_persian() -> dict[str, str]:
    # Acronyms of three letters or more that are read letter by letter are also met spelled out: اف بی آی, اف.بی.آی.
    forms: dict[str, str] = {}
    for written, spoken, _ in read_rows("acronyms.tsv", 3):
        if spoken == "-" and len(written) > 2 and written.isalpha():  # noqa: PLR2004 (سی دی is also "the 30th of Dey")
            forms.setdefault(_letters(_bare(spell(written))), spell(written))
    return forms


def _bare(text: str) -> str:
    return re.sub(f"[{MARKS}]", "", text)


def expand_abbreviations(text: str) -> str:
    """Return ``text`` with its Persian abbreviations in full: ``سال ۱۳۲۰ ه.ش`` → ``سال ۱۳۲۰ هجری شمسی``.

    What one stands for depends on its place: ``ص ۱۲`` is a page, ``محمد (ص)`` a blessing, ``۲۰۲۳ م`` a year. Letters
    with dots that no table knows are said by their names: ``م.ت`` → ``میم تِ``.
    """
    if ".." in text:
        text = _AND_SO_ON.sub("و غیره ", _AND_OTHERS.sub("و ", text))
        text = _GOD.sub("الله ", text)
    text = _honoured().sub(r"\1 علیهم‌السلام ", text)
    present = set(text)
    for signs, pattern, spoken in _rules():
        if not signs or not present.isdisjoint(signs):
            text = pattern.sub(partial(_in_full, spoken), text)
    text = _LATIN_INITIALS.sub(_initials, text)
    if "." not in text:
        return _lettered().sub(lambda match: f"{match[1]} {_named(match[2])}", text)
    text = _QUOTED_INITIALS.sub(lambda match: f" {_named(match.group())} ", text)
    text = _PERSIAN_INITIALS.sub(lambda match: f" {_named(match.group())} ", text)
    return _lettered().sub(lambda match: f"{match[1]} {_named(match[2])}", text)


def _in_full(spoken: Mapping[str, str], match: re.Match[str]) -> str:
    return f" {spoken[_letters(match['form'])]} "


def _initials(match: re.Match[str]) -> str:
    names = re.findall(f"{LETTER}+", match.group())
    spoken = _spelled_in_persian().get("".join(names))
    if spoken:
        return spoken
    # Between spaces unknown letter names may be words (ام, سی, ای); dots say that they are letters.
    return ZWNJ.join(names) if match.group().count(".") >= len(names) - 1 else match.group()


def _named(letters: str) -> str:
    return " ".join(letter_names().get(letter, letter) for letter in re.findall(f"الف|{LETTER}", letters))
