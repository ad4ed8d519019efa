"""Latin letters in Persian text: acronyms, names, words and mixtures with digits."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from audiopress.text.characters import LETTERS, MARKS, ZWNJ
from audiopress.text.tables import read_rows
from audiopress.text.transliterate import plain_letters, transliterate

#: One letter of the Latin script with its accents: Basic Latin, Latin-1, Extended-A and -B, Extended Additional.
LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_DIGIT = "0-9۰-۹"
_EDGE = f"(?<![{LATIN}{_DIGIT}])"
#: Letters and digits in one token: F-16, COVID-19, G7+, H2O, 4K. Hyphens and dots only between its parts.
_MIXED = re.compile(
    f"{_EDGE}(?:[{LATIN}]++|[{_DIGIT}]++)(?:[-.&]?(?:[{LATIN}]++|[{_DIGIT}]++))++[+]*(?![{LATIN}{_DIGIT}])"
)
_RUN = re.compile(f"[{LATIN}]+|[{_DIGIT}]+(?:[.][{_DIGIT}]+)?|[+]")
_WORD = re.compile(f"[{LATIN}]+(?:['.&-][{LATIN}]+)*[+#]*")
_PART = re.compile(f"[{LATIN}]+")
_CAMEL = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d*){1,9}")
_SUFFIX = re.compile(f"{ZWNJ}?(?=(?:ها|های|هایی|هایش|هایشان|ی|ای|م|ش)(?![{LETTERS}{MARKS}]))")
#: A unit keeps its letters for the pass that reads measures: 12 km², 5 GHz.
_UNIT_WITH_POWER = re.compile("(?:[kcdm]?m|ft|in)[23]")
#: Up to this length capitals are read letter by letter unless a table knows them: the press spells WHO, FATF, SWIFT.
_LONGEST_SPELLED = 5


@cache
def _acronyms() -> dict[str, str]:
    return {written: spoken if spoken != "-" else spell(written) for written, spoken, _ in read_rows("acronyms.tsv", 3)}


@cache
def _words() -> dict[str, str]:
    return {written.lower(): spoken for written, spoken, _ in read_rows("latin_words.tsv", 3)}


@cache
def _phrases() -> re.Pattern[str]:
    phrases = [word for word in (*_acronyms(), *_words()) if not _MIXED_OR_WORD.fullmatch(word)]
    choice = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(f"(?=[{LATIN}{_DIGIT}]){_EDGE}(?:{choice})(?![{LATIN}{_DIGIT}])", re.IGNORECASE)


_MIXED_OR_WORD = re.compile(f"[{LATIN}]+")


@cache
def letter_names() -> dict[str, str]:
    """Return the names of Latin and Persian letters: ``F`` → ``اِف``, ``ج`` → ``جیم``."""
    return {row[0]: row[1] for row in read_rows("letter_names.tsv", 2)}


def spell(letters: str) -> str:
    """Return Latin letters said one by one, as one word: ``FATF`` → ``اِف‌اِی‌تی‌اِف``."""
    names = letter_names()
    return ZWNJ.join(names[letter] for letter in plain_letters(letters).upper())


def speak_mixed(text: str) -> str:
    """Return ``text`` with its Latin phrases and its mixtures of letters and digits said, digits left as they are.

    ``F-16`` → ``اِف 16``, ``B2B`` → ``بی تو بی``, ``G7+`` → ``جی 7 پِلاس``. What begins with a digit and is in no table
    is left for the passes that read measures: ``12km``.
    """
    if not _PART.search(text):
        return text
    text = _phrases().sub(lambda match: f" {known(match.group())} ", text)
    return _MIXED.sub(_mixed, text)


@cache
def _acronyms_in_capitals() -> dict[str, str]:
    capitals: dict[str, str] = {}
    for written in sorted(_acronyms(), key=str.isupper, reverse=True):
        capitals.setdefault(written.upper(), _acronyms()[written])
    return capitals


def known(word: str) -> str:
    """Return how a table says a Latin word, "" where none knows it: ``Google`` → ``گوگِل``."""
    return _acronyms().get(word) or _words().get(word.lower()) or _acronyms_in_capitals().get(word.upper(), "")


def _mixed(match: re.Match[str]) -> str:
    token = match.group()
    spoken = known(token.translate(_TO_LATIN_DIGITS))
    if spoken:
        return f" {spoken} "
    if not re.search(f"[{_DIGIT}]", token) or not _PART.match(token) or _UNIT_WITH_POWER.fullmatch(token):
        return token
    if _FORMULA.fullmatch(token) and re.search("[a-z]", token) and not re.search("[a-z]{2}", token):
        return f" {' '.join(spell(run) if run.isalpha() else run for run in _RUN.findall(token))} "
    return f" {' '.join(_said_run(run) for run in _RUN.findall(token))} "


_TO_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


def _said_run(run: str) -> str:
    if run == "+":
        return "پِلاس"
    if not _PART.fullmatch(run):
        return run
    # Beside a number capitals are letters even where they spell a word: NO2.
    return _acronyms().get(run) or spell(run) if run.isupper() and len(run) <= _LONGEST_SPELLED else say(run)


def speak_latin(text: str) -> str:
    """Return ``text`` with every Latin word said: ``نرم‌افزار CloneZilla`` → ``نرم‌افزار کِلون‌زیلا``.

    A Persian ending that follows the word keeps to it: ``SMSها`` → ``اِس‌اِم‌اِس‌ها``.
    """
    if not _PART.search(text):
        return text
    pieces = []
    done = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        before = "" if start == 0 or text[start - 1] == " " else " "
        suffix = _SUFFIX.match(text, end)
        pieces += [text[done:start], before, say(match.group()), ZWNJ if suffix else " "]
        done = suffix.end() if suffix else end
    return "".join([*pieces, text[done:]])


@lru_cache(maxsize=8192)
def say(token: str) -> str:
    """Return one Latin token as it is said: from the tables, else letter by letter, else by its spelling.

    ``NATO`` → ``ناتو``, ``IRIB`` → ``آی‌آر‌آی‌بی``, ``Kaplan`` → ``کاپلان``, ``NGOs`` → ``اِن‌جی‌اُو‌ها``.
    """
    spoken = known(token)
    if spoken:
        return spoken
    if token[-1] in "+#":
        return " ".join([say(token.rstrip("+#")), *("پِلاس" if sign == "+" else "شارپ" for sign in _signs(token))])
    if token.endswith("'s"):
        return say(token[:-2])
    parts = re.split("[.'&-]", token)
    if len(parts) > 1:
        if all(len(part) == 1 for part in parts):
            return say("".join(parts).upper())
        return " ".join(say(part) for part in parts)
    return _say_word(token)


def _signs(token: str) -> str:
    return token[len(token.rstrip("+#")) :]


def _say_word(word: str) -> str:
    if word[:-1].isupper() and len(word) > 2 and word[-1] == "s":  # noqa: PLR2004 (a plural has two capitals and an s)
        return say(word[:-1]) + ZWNJ + "ها"
    plain = plain_letters(word)
    if not plain:
        return ""
    spelled_length = len(plain) <= _LONGEST_SPELLED
    if len(plain) == 1 or (spelled_length and (word.isupper() or not re.search("[aeiouy]", plain))):
        return spell(plain)
    if word.isupper():
        return transliterate(word)
    parts = _CAMEL.findall(word) if word.isascii() else [word]
    if len(parts) > 1 and word not in (word.capitalize(), word.lower()) and not word.startswith(("Mc", "Mac", "De")):
        return ZWNJ.join(say(part) for part in parts)
    return transliterate(word)
