"""The show's own words around an article: its greeting before the title, its good-bye after the credit."""

from __future__ import annotations

from dataclasses import replace

from audiopress.errors import ConfigError
from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.sentences import split_sentences


def frame(script: Script, intro: str = "", outro: str = "", *, show: str = "", date: str = "") -> Script:
    """Put a show's intro and outro around a script.

    ``frame(script, intro="این {show} است، {date}.", show="پادکست روستا", date="۴ آذر ۱۴۰۵")`` → the script, opened by
    «این پادکست روستا است، ۴ آذر ۱۴۰۵.». In both texts ``{show}``, ``{title}`` and ``{date}`` are filled in.

    Raises:
        ConfigError: a text holds another ``{…}``.
    """
    values = {"show": show, "title": script.title, "date": date}
    segments = list(script.segments)
    if intro.strip():
        segments.insert(0, _said(SegmentKind.INTRO, "intro_text", intro, values, Boundary.TITLE))
    if outro.strip():
        *body, last = segments[-1].sentences
        segments[-1] = replace(segments[-1], sentences=(*body, replace(last, boundary=Boundary.SECTION)))
        segments.append(_said(SegmentKind.OUTRO, "outro_text", outro, values, Boundary.END))
    return replace(script, segments=tuple(segments))


def _said(kind: SegmentKind, key: str, text: str, values: dict[str, str], end: Boundary) -> Segment:
    """Return a segment of the show's own sentences; they stand on no line of the article."""
    try:
        filled = text.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{key} holds {{…}} that is not known ({error}); only {{show}}, {{title}} and {{date}} are filled in."
        ) from error
    pieces = split_sentences(" ".join(filled.split()))
    if not pieces:
        raise ConfigError(f"{key} says nothing; give it a sentence or leave it out.")
    sentences = [Sentence(piece, 0, Role.BODY, Boundary.SENTENCE) for piece in pieces]
    sentences[-1] = replace(sentences[-1], boundary=end)
    return Segment(kind, "", 0, tuple(sentences))
