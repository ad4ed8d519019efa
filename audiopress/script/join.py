"""Several articles as one episode: each is a part of it, in the order given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence, Told

if TYPE_CHECKING:
    from collections.abc import Sequence


def join(title: str, scripts: Sequence[Script]) -> Script:
    """One script of several: ``join("خبرهای هفته", (rain, wheat))`` → its title, then each article from its title on.

    An article's title becomes the heading of its part, and so a chapter; its own headings stay, and its credit follows
    it. What was dropped of each is dropped of the whole.
    """
    segments = [Segment(SegmentKind.TITLE, title, 0, (Sentence(title, 0, Role.TITLE, Boundary.TITLE),))]
    for script in scripts:
        segments += _part(script)
    *body, last = segments[-1].sentences
    segments[-1] = replace(segments[-1], sentences=(*body, replace(last, boundary=Boundary.END)))
    dropped = tuple(piece for script in scripts for piece in script.dropped)
    agencies = tuple(dict.fromkeys(script.agency for script in scripts if script.agency))
    told = tuple(map(told_of, scripts))
    return Script(title, title, tuple(segments), agencies[0] if len(agencies) == 1 else "", dropped, told=told)


def told_of(script: Script) -> Told:
    """What is credited of a report that is told among others."""
    return Told(script.title, script.agency, script.origin.link)


def _part(script: Script) -> list[Segment]:
    """An article as segments inside another: its title a heading over its lead, no end before the end."""
    heading = Sentence(script.title, 0, Role.HEADING, Boundary.HEADING)
    parts: list[Segment] = []
    lead: tuple[Sentence, ...] = (heading,)
    for segment in script.segments:
        if segment.kind is SegmentKind.TITLE:
            continue
        *body, last = segment.sentences
        end = Boundary.SECTION if last.boundary is Boundary.END else last.boundary
        sentences = (*body, replace(last, boundary=end))
        if segment.kind is SegmentKind.LEAD and not parts:
            lead = (heading, *sentences)
        else:
            parts.append(replace(segment, sentences=sentences))
    if len(lead) == 1:
        lead = (replace(heading, boundary=Boundary.SECTION),)
    return [Segment(SegmentKind.SECTION, script.title, 0, lead), *parts]
