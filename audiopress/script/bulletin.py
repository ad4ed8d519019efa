"""The day's stories become one bulletin: opening, headlines, stories by section, closing, of the length that is asked.

Rules choose, order and cut; every word comes from the stories, from the show's own texts or from
data/bulletin_templates.tsv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiopress.errors import ConfigError, SourceError
from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.join import told_of
from audiopress.script.sentences import split_sentences
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Seconds a written letter takes with all pauses: .106 to .109 in two articles and a bulletin (nasim).
SECONDS = 0.108
#: What of a bulletin the shortest versions of its stories may fill: the rest lets the first of them be told further.
_SHARE = 0.7
_STORY = (SegmentKind.LEAD, SegmentKind.SECTION)
_PERSIAN = re.compile("[\u0620-\u06d3]")


@dataclass(frozen=True, slots=True)
class News:
    """A story that may be told, and what decides its place."""

    script: Script
    section: str = ""  #: as its publisher files it: «اقتصاد»
    when: str = ""  #: ISO 8601, for the order; the later the sooner


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulletin is to be."""

    show: str
    date: str  #: as it is said: «یکشنبه، ۱ آذر»
    seconds: float = 0.0  #: its length at the voice's own pace, 0 for all there is
    weights: Mapping[str, float] | None = None  #: by section; 1 where none is given, 0 leaves a section out
    opening: str = ""  #: the show's own words; {show}, {date} and {count} are filled in
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The script, and which stories it tells, by their places among those that were given."""

    script: Script
    told: tuple[int, ...]


def bulletin(news: Sequence[News], plan: Plan) -> Bulletin:
    """One script of the stories that fit, the most important section first, the latest story first in each.

    A length takes as many stories as have room for their first paragraph, then tells them further in their order, each
    to the end of a sentence, until the time is filled. Raises SourceError where there is nothing to tell, ConfigError
    for a text of the show that holds another ``{…}``.
    """
    ordered = _ordered(news, plan.weights or {})
    bodies = {place: _body(news[place].script) for place in ordered}
    ordered = [place for place in ordered if bodies[place]]
    if not ordered:
        raise SourceError("There is no story to tell; the bulletin waits for one.")
    frame = len(_said(plan.opening, "opening", plan, 10)) + len(_said(plan.closing, "closing", plan, 10))
    told = _fitted(news, ordered, bodies, plan.seconds / SECONDS - frame) if plan.seconds else bodies
    chosen = [place for place in ordered if place in told]
    segments = [
        _spoken(SegmentKind.INTRO, _said(plan.opening, "opening", plan, len(chosen)), Boundary.TITLE),
        _section(
            _template("headlines"),
            [Sentence(news[place].script.title, 0, Role.BODY, Boundary.PARAGRAPH) for place in chosen],
        ),
    ]
    previous = ""
    for place in chosen:
        section = news[place].section
        if section != previous and _PERSIAN.search(section):  # «province» is the site's own word, not its readers'
            segments.append(_section(section, []))
        previous = section
        segments.append(_section(news[place].script.title, told[place]))
    segments.append(_spoken(SegmentKind.OUTRO, _said(plan.closing, "closing", plan, len(chosen)), Boundary.END))
    title = _template("title").format(show=plan.show, date=plan.date)
    reports = tuple(told_of(news[place].script) for place in chosen)
    return Bulletin(Script(title, "bulletin", tuple(segments), told=reports), tuple(chosen))


def _ordered(news: Sequence[News], weights: Mapping[str, float]) -> list[int]:
    """Places by the weight of their section, sections of one weight by their latest story, then the latest first."""
    latest: dict[str, str] = {}
    for each in news:
        latest[each.section] = max(latest.get(each.section, ""), each.when)
    places = [place for place, each in enumerate(news) if weights.get(each.section, 1.0) > 0]
    places.sort(key=lambda place: news[place].when, reverse=True)
    places.sort(key=lambda place: (latest[news[place].section], news[place].section), reverse=True)
    places.sort(key=lambda place: weights.get(news[place].section, 1.0), reverse=True)
    return places


def _fitted(
    news: Sequence[News], ordered: list[int], bodies: Mapping[int, list[Sentence]], letters: float
) -> dict[int, list[Sentence]]:
    """What is told of each story that has room in so many letters; the first is told in any case."""
    told: dict[int, list[Sentence]] = {}
    used = 0.0
    for place in ordered:
        first = _first_paragraph(bodies[place])
        size = 2 * len(news[place].script.title) + _size(first)  # its title is a headline, too
        if told and used + size > _SHARE * letters:
            continue
        told[place] = first
        used += size
    for place in ordered:
        for sentence in bodies[place][len(told.get(place, ())) :] if place in told else ():
            if used + len(sentence.written) > letters:
                break
            told[place] = [*told[place], sentence]
            used += len(sentence.written)
    return {place: _closed(sentences) for place, sentences in told.items()}


def _closed(sentences: list[Sentence]) -> list[Sentence]:
    """A story without a sub-heading at its end, which would announce what is not told."""
    while len(sentences) > 1 and sentences[-1].role is Role.HEADING:
        sentences = sentences[:-1]
    return sentences


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.written) for sentence in sentences)


def _body(script: Script) -> list[Sentence]:
    """The sentences of a story: no greeting, no credits."""
    return [sentence for segment in script.segments if segment.kind in _STORY for sentence in segment.sentences]


def _first_paragraph(sentences: list[Sentence]) -> list[Sentence]:
    for place, sentence in enumerate(sentences, start=1):
        if sentence.role is Role.BODY and sentence.boundary is not Boundary.SENTENCE:
            return sentences[:place]
    return sentences


def _section(heading: str, sentences: Sequence[Sentence]) -> Segment:
    first = Sentence(heading, 0, Role.HEADING, Boundary.HEADING if sentences else Boundary.SECTION)
    ended = [*sentences[:-1], replace(sentences[-1], boundary=Boundary.SECTION)] if sentences else []
    return Segment(SegmentKind.SECTION, heading, 0, (first, *ended))


def _spoken(kind: SegmentKind, text: str, end: Boundary) -> Segment:
    sentences = [Sentence(piece, 0, Role.BODY, Boundary.SENTENCE) for piece in split_sentences(text)]
    sentences[-1] = replace(sentences[-1], boundary=end)
    return Segment(kind, "", 0, tuple(sentences))


def _said(own: str, use: str, plan: Plan, count: int) -> str:
    """The show's text or ours for a part, filled in."""
    try:
        return (own.strip() or _template(use)).format(show=plan.show, date=plan.date, count=count)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"The bulletin's {use} holds {{…}} that is not known ({error}); only {{show}}, {{date}} and {{count}} are "
            "filled in."
        ) from error


def _template(use: str) -> str:
    return next(sentence for name, sentence, _ in read_table("script", "bulletin_templates.tsv", 3) if name == use)
