"""Show notes: what an episode is about, its chapters with their times, its source, and who speaks."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from audiopress.podcast.dates import short_jalali
from audiopress.podcast.pages import AI_VOICE

if TYPE_CHECKING:
    from audiopress.model import Episode

#: Bytes of a description that Apple shows.
LONGEST_DESCRIPTION = 4000
_SECOND = 1000  # milliseconds

#: What is said of an episode that changed after it was published.
_CHANGES = {
    "text": "متن این قسمت پس از انتشار اصلاح شده است.",
    "voice": "این قسمت پس از انتشار با صدای دیگری بازخوانی شده است.",
    "sound": "صدای این قسمت پس از انتشار از نو ساخته شده است.",
}


def notes_html(episode: Episode) -> str:
    """Return the show notes as HTML, right to left.

    ``notes_html(episode)`` → ``'<div dir="rtl" lang="fa"><p>…</p><ul><li>00:00 آغاز</li>…</ul><p>منبع: …</p>…</div>'``.
    Players make links of the times.
    """
    parts = [f"<p>{escape(episode.description)}</p>"]
    if episode.chapters:
        lines = (f"<li>{clock(mark.start)} {escape(mark.title)}</li>" for mark in episode.chapters)
        parts.append(f"<ul>{''.join(lines)}</ul>")
    if episode.told:
        reports = (f"<li>{_credit(told.title, told.link)}{_by(told.agency)}</li>" for told in episode.told)
        parts.append(f"<p>خبرها:</p><ul>{''.join(reports)}</ul>")
    source = _source(episode)
    if source and not episode.told:
        parts.append(f"<p>منبع: {source}</p>")
    if episode.byline:
        parts.append(f"<p>نویسنده: {escape(episode.byline)}</p>")
    dated = _dated(episode.dated)
    if dated:
        parts.append(f"<p>تاریخ خبر: {dated}</p>")
    if episode.change in _CHANGES:
        parts.append(f"<p>{_CHANGES[episode.change]}</p>")
    parts.append(f"<p>{AI_VOICE}</p>")
    return f'<div dir="rtl" lang="fa">{"".join(parts)}</div>'


def _source(episode: Episode) -> str:
    """Return the credit: the agency, linked to the article where it has an address."""
    return _credit(episode.agency or episode.link, episode.link)


def _credit(text: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(text)}</a>' if link else escape(text)


def _by(agency: str) -> str:
    return f" ({escape(agency)})" if agency else ""


def _dated(when: str) -> str:
    """Return the Jalali day of an article, "" where it is not known: a book may say a year only."""
    try:
        return short_jalali(datetime.fromisoformat(when)) if when else ""
    except ValueError:
        return ""


def shorten(text: str, size: int = LONGEST_DESCRIPTION) -> str:
    """Return the text within ``size`` bytes of UTF-8, cut after a sentence, else after a word with «…»."""
    if len(text.encode()) <= size:
        return text
    room = text.encode()[: size - len("…".encode())].decode(errors="ignore")
    sentence = max(room.rfind(mark) for mark in (". ", "؟ ", "! ", ".\n", "؟\n", "!\n"))
    if sentence >= 0:
        return room[: sentence + 1]
    return (room.rsplit(None, 1)[0] if " " in room else room) + "…"


def clock(milliseconds: int) -> str:
    """Return a time as players link it, the second it falls in: 75200 → 01:15, 3661000 → 1:01:01."""
    minutes, second = divmod(milliseconds // _SECOND, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
