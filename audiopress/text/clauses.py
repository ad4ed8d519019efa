"""Marks that agencies forget between clauses, and without which a voice runs on."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import END, LETTERS, MARKS, START, WORD
from audiopress.text.headlines import LABEL_ALONE
from audiopress.text.tables import one_of

#: A compound verb may be joined to its auxiliary by a half-space, so that only letters bound a verb on the left.
_VERB_START = f"(?<![{LETTERS}{MARKS}])"
_OPENER = "(?:و|اما|ولی|حال|پس|راستی|اصلا|اصلاً|به راستی)"
_QUESTION = re.compile(
    f"(?:(?<=^)|(?<=[.:؛!؟] ))(?P<asked>(?:{_OPENER}،? )?(?:آیا|چرا(?![ \u200c]?که{END}))(?: [^.:؛؟!]{{0,200}})?)\\."
)


@cache
def _before_report() -> re.Pattern[str]:
    return re.compile(f"({_VERB_START}{one_of('finite')}) (?={one_of('reporting')} ?:)")


@cache
def _while() -> re.Pattern[str]:
    return re.compile(f"({_VERB_START}{one_of('finite')}) (?=این[ \u200c]?در[ \u200c]?حالی[ \u200c]?(?:است|بود){END})")


@cache
def _opening() -> re.Pattern[str]:
    # At most three words name the desk: «به گزارش خبرنگار گروه بین‌الملل فارس علی…»
    opener = f"^(به گزارش (?:خبرنگار|خبرگزاری)(?: {WORD}+){{0,3}}? {one_of('agency')})"
    return re.compile(f"{opener} (?!(?:از|به|در|و|که|با|طی|نیز){END})(?={WORD})")


@cache
def _no_question() -> re.Pattern[str]:
    return re.compile(f"{START}{one_of('told_question')}")


def mark_clauses(text: str) -> str:
    """Return spoken ``text`` with forgotten marks set: ``آماده است گفت: …`` → ``آماده است، گفت: …``.

    Also before «این در حالی است», after the agency that opens a report, and at the end of a question that has a full
    stop: ``آیا کسی آمد.`` → ``آیا کسی آمد؟``.
    """
    if LABEL_ALONE.fullmatch(text):
        return ""
    text = _before_report().sub(r"\1، ", text)
    if "حالی" in text:
        text = _while().sub(r"\1؛ ", text)
    if text.startswith("به گزارش"):
        text = _opening().sub(r"\1، ", text)
    return _QUESTION.sub(_asked, text) if "آیا" in text or "چرا" in text else text


def _asked(match: re.Match[str]) -> str:
    return match[0] if _no_question().search(match["asked"]) else f"{match['asked']}؟"
