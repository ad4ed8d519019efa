"""What a page says about itself and must not be read aloud: end marks, share lines, credits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from audiopress.errors import ConfigError

_LONGEST = 220  # characters: a line of chrome; the longest seen is a list of tags
_FOLDED = str.maketrans(
    "يىكةۀأإٱ\u200c\u200d\u00a0٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "ییکههااا   01234567890123456789",
    "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\u0670",
)
_OWN_LINE = re.compile(r"\W*(?:منبع خبر|منبع)\s*[:؛]\s*(?P<name>[^.؟!:؛،]{2,40}?)(?:\s*[،/].{0,40})?\W*")
_AT_END = re.compile(r"\s*(?P<stop>[.؟!…»])?\s*/\s*(?P<name>[\w \u200c]{2,30}?)\s*[./*]*\s*$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of boilerplate.tsv."""

    where: str
    regex: re.Pattern[str]
    why: str


def fold(text: str) -> str:
    """One spelling for comparing: ``"كد\u200cخبر: ۱۲"`` → ``"کد خبر: 12"``."""
    return " ".join(text.translate(_FOLDED).split())


def skeleton(text: str) -> str:
    """Letters and digits alone, so that half-spaces and marks do not matter: ``"می\u200cشود./تسنیم"`` → ``"میشودتسنیم"``."""
    return "".join(char for char in fold(text) if char.isalnum())


def chrome(line: str) -> Pattern | None:
    """The pattern that says why a line of its own is not read: ``"انتهای پیام/ 4001"`` → end mark."""
    if len(line) > _LONGEST:
        return None
    folded = fold(line)
    return next((p for p in _patterns() if p.where != "tail" and p.regex.fullmatch(folded)), None)


def split_tail(text: str) -> tuple[str, str, str]:
    """Cut chrome off the end of the last paragraph: ``"… کرد. انتهای پیام/"`` → ``("… کرد.", "انتهای پیام/", "end mark")``."""
    end = text[-_LONGEST:]
    for pattern in _patterns():
        if pattern.where == "tail":
            found = pattern.regex.search(end)
            if found and found.group() and len(text) > len(found.group()):
                cut = len(text) - len(end) + found.start()
                return text[:cut].rstrip(), text[cut:].strip(), pattern.why
    return text, "", ""


def credit_line(line: str) -> str:
    """The agency that a line of its own names, or "": ``"منبع: ایرنا"`` → ``"ایرنا"``."""
    if len(line) > _LONGEST:
        return ""
    folded = fold(line)
    named = _OWN_LINE.fullmatch(folded)
    if named:
        return _short(named.group("name"))
    name = _short(folded.strip(" ./()[]-–*|"))
    return name if name in _agencies() else ""


def split_credit(text: str) -> tuple[str, str]:
    """Cut a closing agency off the last paragraph: ``"… است./تسنیم"`` → ``("… است.", "تسنیم")``."""
    found = _AT_END.search(text, max(0, len(text) - 60))
    if not found:
        return text, ""
    name = _short(fold(found.group("name")))
    if name not in _agencies():
        return text, ""
    kept = text[: found.start()].rstrip()
    return kept + (found.group("stop") or "."), name


def _short(name: str) -> str:
    """«خبرگزاری تسنیم» → «تسنیم»; other names stay."""
    name = name.strip()
    for lead in ("خبرگزاری ", "پایگاه خبری ", "سایت "):
        bare = name.removeprefix(lead).strip()
        if bare != name and bare in _agencies():
            return bare
    return name


@cache
def _agencies() -> frozenset[str]:
    return frozenset(row[0] for row in _rows("agencies.tsv", 3))


@cache
def _patterns() -> tuple[Pattern, ...]:
    found = []
    for where, pattern, why, _source in _rows("boilerplate.tsv", 4):
        regex = pattern.replace(" ", r"\s?") + ("$" if where == "tail" else "")
        found.append(Pattern(where, re.compile(regex), why))
    return tuple(found)


def _rows(name: str, columns: int) -> list[list[str]]:
    """The data lines of a TSV beside this module, without comments and header."""
    text = (files("audiopress.sources") / "data" / name).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    for row in rows:
        if len(row) != columns:
            raise ConfigError(f"A line of {name} does not have {columns} columns: {row[0]!r}; separate them by tabs.")
    return rows
