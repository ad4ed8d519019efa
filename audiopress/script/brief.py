"""Several stories become one digest: the headlines first, then each story as a chapter of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What of an episode belongs to its story; the show's greeting, good-bye and credits are not read again.
_STORY = (SegmentKind.LEAD, SegmentKind.SECTION)


def brief(stories: Sequence[Script], *, show: str, date: str, full: bool = False) -> Script:
    """Return one script of several stories, in the order given.

    ``brief((rain, harvest), show="خبر روستا", date="۴ آذر ۱۴۰۵")`` → title «خلاصهٔ خبرهای خبر روستا، ۴ آذر ۱۴۰۵», the
    section «سرخط خبرها» with both titles, then a section for each story: its title and its lead, or with ``full`` all
    of it. Every word comes from the stories or from data/brief_templates.tsv.
    """
    said = {use: sentence for use, sentence, _ in read_table("script", "brief_templates.tsv", 3)}
    title = said["title"].format(show=show, date=date)
    segments = [Segment(SegmentKind.TITLE, title, 0, (Sentence(title, 0, Role.TITLE, Boundary.TITLE),))]
    titles = [Sentence(story.title, 0, Role.BODY, Boundary.PARAGRAPH) for story in stories]
    segments.append(_section(said["headlines"], titles))
    segments += [_section(story.title, _told(story, full=full)) for story in stories]
    closing = Sentence(said["closing"], 0, Role.BODY, Boundary.END)
    segments.append(Segment(SegmentKind.OUTRO, "", 0, (closing,)))
    return Script(title, "brief", tuple(segments))


def _section(heading: str, sentences: Sequence[Sentence]) -> Segment:
    """Return a section that opens with its heading and ends as sections do."""
    first = Sentence(heading, 0, Role.HEADING, Boundary.HEADING if sentences else Boundary.SECTION)
    ended = [*sentences[:-1], replace(sentences[-1], boundary=Boundary.SECTION)] if sentences else []
    return Segment(SegmentKind.SECTION, heading, 0, (first, *ended))


def _told(story: Script, *, full: bool) -> list[Sentence]:
    """Return what is read of a story: its first part that says anything, or with ``full`` every part."""
    parts = [segment for segment in story.segments if segment.kind in _STORY]
    if full:
        return [sentence for segment in parts for sentence in segment.sentences]
    bodies = [[sentence for sentence in segment.sentences if sentence.role is Role.BODY] for segment in parts]
    return next((_first_paragraph(body) for body in bodies if body), [])


def _first_paragraph(sentences: list[Sentence]) -> list[Sentence]:
    for place, sentence in enumerate(sentences, start=1):
        if sentence.boundary is not Boundary.SENTENCE:
            return sentences[:place]
    return sentences
