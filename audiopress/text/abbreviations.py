"""Persian abbreviations: ه.ش, ص ۱۲, (ع), و..., and letters that are said one by one."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, LETTER, MARKS, START, ZWNJ
from audiopress.text.latin import letter_names, spell
from audiopress.text.tables import read_rows

_DIGIT = "[0-9۰-۹]"
_GAP = f"[ {ZWNJ}]?"
#: Names after which a lone letter is a blessing, in words that lost their brackets: امام علی ع.
_NAMES = "(?:علی|حسن|رضا|هرا|حمد|سین|ینب|ادق|هدی|ینی) "  # the last letters of the names, for a look-behind of one width
#: Where an abbreviation of each kind may stand; FORM is its letters. The table says which kind each one is.
_PLACES = {
    "word": f"{START}FORM{END}(?:\\.(?= {LETTER}))?",
    "honour": f"{_GAP}[(\\[] ?FORM ?[)\\]]",
    "after name": f"(?<={_NAMES})FORM{END}",
    "year": f"(?<=[12۱۲]{_DIGIT}{{3}}) ?\\(? ?FORM{END}\\.?(?: ?\\))?",
    "century": f"(?:(?<=[قرنسده]{{3}} {_DIGIT})|(?<=[قرنسده]{{3}} {_DIGIT}{{2}})) FORM{END}",
    "before number": f"{START}FORM[.:]?{_GAP}(?={_DIGIT})",
    "after number": f"(?<={_DIGIT}){_GAP}FORM{END}",
    "before name": f"{START}FORM\\.{_GAP}(?={LETTER}{LETTER})",
    "reference": f"{START}FORM ?[.:] ?(?={LETTER})",
    "before word": f"{START}FORM\\.? (?={LETTER}{LETTER})",
}
_AND_SO_ON = re.compile(f"{START}و ?\\.{{2,}}")
_PERSIAN_INITIALS = re.compile(f"{START}{LETTER}(?:\\.{LETTER})+{END}\\.?(?=[ ،؛:)»\"]|$)")
_LATIN_NAMES = "دابلیو|دبلیو|ایکس|کیو|ای|بی|سی|دی|اف|جی|اچ|آی|جی|کی|ال|ام|ان|او|پی|آر|اس|تی|یو|وی|وای|زد"
_LATIN_INITIALS = re.compile(f"{START}(?:{_LATIN_NAMES})(?: ?\\. ?(?:{_LATIN_NAMES})){{2,}}{END}\\.?(?=[ ،؛:)»\"]|$)")
_LETTERED = re.compile(f"{START}(بند|گروه|جزء|تبصره|کلاس|قسمت|ردیف|سری|مورد|گزینه|حرف|بخش|بلوک|فاز|تیم|نوع|هپاتیت|ویتامین) ({LETTER}){END}")
_HONOURED = re.compile(f"{START}(ائمه(?: اطهار| معصومین)?|امامان|معصومین|معصومان|اهل[ {ZWNJ}]?بیت|انبیا|پیامبران|حسنین){_GAP}[(] ?ع ?[)]")


@cache
def _rules() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    places: dict[str, dict[str, str]] = {}
    for written, spoken, place, _ in read_rows("abbreviations.tsv", 4):
        places.setdefault(place, {})[written] = spoken
    rules = []
    for place, entries in places.items():
        forms = "|".join(_form(written) for written in sorted(entries, key=len, reverse=True))
        pattern = re.compile(_PLACES[place].replace("FORM", f"(?P<form>{forms})"))
        rules.append((pattern, {_letters(written): spoken for written, spoken in entries.items()}))
    return rules


def _form(written: str) -> str:
    # The dots of an abbreviation may stand with a space (ه. ش); where the table writes none there is none.
    return f"{_GAP}\\.{_GAP}".join(re.escape(part) for part in written.split("."))


def _letters(form: str) -> str:
    return re.sub(f"[ .{ZWNJ}]", "", form)


@cache
def _spelled_in_persian() -> tuple[re.Pattern[str], dict[str, str]]:
    # Acronyms of three letters or more that are read letter by letter are also met spelled out: اف بی آی, اف.بی.آی.
    forms: dict[str, str] = {}
    for written, spoken, _ in read_rows("acronyms.tsv", 3):
        if spoken == "-" and len(written) > 2 and written.isalpha():  # noqa: PLR2004 (سی دی is also "the 30th of Dey")
            forms.setdefault(_bare(spell(written)), spell(written))
    choice = "|".join(
        re.escape(form).replace(ZWNJ, f"(?: ?\\. ?|{_GAP})") for form in sorted(forms, key=len, reverse=True)
    )
    return re.compile(f"{START}(?:{choice}){END}"), {_letters(form): spoken for form, spoken in forms.items()}


def _bare(text: str) -> str:
    return re.sub(f"[{MARKS}]", "", text)


def expand_abbreviations(text: str) -> str:
    """Return ``text`` with its Persian abbreviations in full: ``سال ۱۳۲۰ ه.ش`` → ``سال ۱۳۲۰ هجری شمسی``.

    What one stands for depends on its place: ``ص ۱۲`` is a page, ``محمد (ص)`` a blessing, ``۲۰۲۳ م`` a year. Letters
    with dots that no table knows are said by their names: ``م.ت`` → ``میم تِ``.
    """
    text = _AND_SO_ON.sub("و غیره ", text)
    text = _HONOURED.sub(r"\1 علیهم‌السلام ", text)
    for pattern, spoken in _rules():
        text = pattern.sub(lambda match, spoken=spoken: f" {spoken[_letters(match['form'])]} ", text)
    spelled, spoken = _spelled_in_persian()
    text = spelled.sub(lambda match: spoken[_letters(match.group())], text)
    text = _LATIN_INITIALS.sub(lambda match: ZWNJ.join(re.findall(LETTER + "+", match.group())), text)
    text = _PERSIAN_INITIALS.sub(lambda match: f" {_named(match.group())} ", text)
    return _LETTERED.sub(lambda match: f"{match[1]} {_named(match[2])}", text)


def _named(letters: str) -> str:
    return " ".join(letter_names().get(letter, letter) for letter in re.findall(LETTER, letters))
