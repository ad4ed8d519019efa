"""What a page says about itself and must not be read aloud: end marks, share lines, credits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from audiopress.tables import read_table

_LONGEST = 220  # characters: a line of chrome; the longest seen is a list of tags
_FOLDED = str.maketrans(
    "يىكةۀأإٱ\u200c\u200d\u00a0٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "ییکههااا   01234567890123456789",
    "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\u0670",
)
_MARKS = re.compile(r"[\W_]+")
_OWN_LINE = re.compile(r"\W*(?:منبع خبر|منبع)\s*[:؛]\s*(?P<name>[^.؟!:؛،]{2,40}?)(?:\s*[،/].{0,40})?\W*")
_AT_START = re.compile(r"(?P<head>[^.:؟!«»\n]{5,70}?)\s?:\s")
_BETWEEN = re.compile(r"\s?[،,/|]\s?|\s?[-–—ـ]\s|\s[-–—ـ]\s?")
_DESKS = ("گروه ", "سرویس ", "خبرگزاری ", "روزنامه ")
_NAME_WORDS = 4
_SPEAKS = re.compile(
    r"(?:گفت|گفتند|گوید|افزود|نوشت|پرسید|داد|کرد|شد|داشت|دانست|خواند|است)$"
    r"|^(?:وزیر|رییس|رئیس|مدیر|معاون|سخنگو|استاندار|فرماندار|شهردار|نماینده|دبیر|سرپرست|فرمانده|مشاور|عضو|سفیر|امام)"
)
_AT_END = re.compile(r"\s*(?P<stop>[.؟!…»])?\s*/\s*(?P<name>[\w \u200c]{2,30}?)\s*[./*]*\s*$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of boilerplate.tsv."""

    where: str
    regex: re.Pattern[str]
    why: str


@lru_cache(maxsize=1024)  # a line is folded for chrome, for credits and for headings
def fold(text: str) -> str:
    """One spelling for comparing: ``"كد\u200cخبر: ۱۲"`` → ``"کد خبر: 12"``."""
    return " ".join(text.translate(_FOLDED).split())


def skeleton(text: str) -> str:
    """Letters and digits alone; half-spaces and marks do not matter: ``"می\u200cشود./تسنیم"`` → ``"میشودتسنیم"``."""
    return _MARKS.sub("", fold(text))


def chrome(line: str) -> Pattern | None:
    """The pattern that says why a line of its own is not read: ``"انتهای پیام/ 4001"`` → end mark."""
    if len(line) > _LONGEST:
        return None
    folded = fold(line)
    if not _any_line().fullmatch(folded):
        return None
    return next(pattern for pattern in _patterns() if pattern.where != "tail" and pattern.regex.fullmatch(folded))


def split_tail(text: str) -> tuple[str, str, str]:
    """Cut chrome off the last paragraph: ``"… کرد. انتهای پیام/"`` → ``("… کرد.", "انتهای پیام/", "end mark")``."""
    end = text[-_LONGEST:]
    for pattern in _patterns():
        if pattern.where == "tail":
            found = pattern.regex.search(end)
            if found and found.group() and len(text) > len(found.group()):
                cut = len(text) - len(end) + found.start()
                return text[:cut].rstrip(), text[cut:].strip(), pattern.why
    return text, "", ""


def split_head(text: str) -> tuple[str, str]:
    """Cut a byline off the first paragraph: ``"مینا راد - شرق: پل …"`` → ``("پل …", "مینا راد - شرق:")``.

    It is one where parts before a colon, with dashes or commas between them, are an outlet or a desk, and a name; who
    speaks in the report («ایسنا- وزیر نیرو:», «ایسنا- مینا راد گفت:») stays.
    """
    found = _AT_START.match(text)
    if not found:
        return text, ""
    parts = [part.strip() for part in _BETWEEN.split(found["head"])]
    names = [part for part in parts if 1 < len(part.split()) <= _NAME_WORDS and not _is_desk(part)]
    if len(names) != 1 or not any(map(_is_desk, parts)) or _SPEAKS.search(fold(names[0])):
        return text, ""
    return text[found.end() :].lstrip(), found.group().strip()


def _is_desk(part: str) -> bool:
    return part.startswith(_DESKS) or agency_name(part) in _agencies()


def credit_line(line: str) -> str:
    """The agency that a line of its own names, or "": ``"منبع: ایرنا"`` → ``"ایرنا"``."""
    if len(line) > _LONGEST:
        return ""
    named = _OWN_LINE.fullmatch(line)
    if named:
        return agency_name(named.group("name"))
    name = agency_name(fold(line).strip(" ./()[]-–*|"))
    return name if name in _agencies() else ""


def split_credit(text: str) -> tuple[str, str]:
    """Cut a closing agency off the last paragraph: ``"… است./تسنیم"`` → ``("… است.", "تسنیم")``."""
    found = _AT_END.search(text, max(0, len(text) - 60))
    if not found:
        return text, ""
    name = agency_name(fold(found.group("name")))
    if name not in _agencies():
        return text, ""
    kept = text[: found.start()].rstrip()
    return kept + (found.group("stop") or "."), name


def agency_name(name: str) -> str:
    """An agency as the table spells it: «خبرگزاری تسنیم» → «تسنیم»; other names stay."""
    folded = fold(name)
    for lead in ("", "خبرگزاری ", "پایگاه خبری ", "سایت "):
        bare = folded.removeprefix(lead)
        if bare in _agencies():
            return bare
    return name.strip()


def outlet(agency: str) -> str:
    """An agency as it is credited aloud, "" where the table lacks it: ``"تسنیم"`` → ``"خبرگزاری تسنیم"``."""
    return _agencies().get(agency, "")


@cache
def _agencies() -> dict[str, str]:
    return {name: spoken for name, spoken, _ in read_table("sources", "agencies.tsv", 3)}


@cache
def _patterns() -> tuple[Pattern, ...]:
    found = []
    for where, pattern, why, _source in read_table("sources", "boilerplate.tsv", 4):
        regex = pattern.replace(" ", r"\s?") + ("$" if where == "tail" else "")
        found.append(Pattern(where, re.compile(regex), why))
    return tuple(found)


@cache
def _any_line() -> re.Pattern[str]:
    """All patterns for whole lines at once: nearly every line is none of them."""
    return re.compile("|".join(f"(?:{pattern.regex.pattern})" for pattern in _patterns() if pattern.where != "tail"))
