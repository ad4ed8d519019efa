"""A digest of several stories."""

from __future__ import annotations

from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.brief import brief


def said(text: str, boundary: Boundary = Boundary.SENTENCE, role: Role = Role.BODY) -> Sentence:
    return Sentence(text, 1, role, boundary)


def story(title: str) -> Script:
    lead = Segment(
        SegmentKind.LEAD, "", 0, (said("یک."), said("دو.", Boundary.PARAGRAPH), said("سه.", Boundary.SECTION))
    )
    heading = said("میان‌تیتر", Boundary.HEADING, Role.HEADING)
    section = Segment(SegmentKind.SECTION, "میان‌تیتر", 4, (heading, said("چهار.", Boundary.END)))
    intro = Segment(SegmentKind.INTRO, "", 0, (said("سلام."),))
    credit = Segment(SegmentKind.CREDIT, "", 0, (said("منبع: ایسنا.", Boundary.END, Role.CREDIT),))
    return Script(title, "a.txt", (intro, Segment(SegmentKind.TITLE, title, 1, (said(title),)), lead, section, credit))


def texts(script: Script) -> list[list[str]]:
    return [[sentence.written for sentence in segment.sentences] for segment in script.segments]


def test_headlines_come_first_and_each_story_is_a_chapter() -> None:
    made = brief((story("باران"), story("گندم")), show="خبر روستا", date="۴ آذر ۱۴۰۵")
    assert made.title == "خلاصهٔ خبرهای خبر روستا، ۴ آذر ۱۴۰۵"
    assert texts(made) == [
        [made.title],
        ["سرخط خبرها", "باران", "گندم"],
        ["باران", "یک.", "دو."],
        ["گندم", "یک.", "دو."],
        ["پایان خلاصهٔ خبرها."],
    ]
    assert [segment.heading for segment in made.segments[1:4]] == ["سرخط خبرها", "باران", "گندم"]
    assert [segment.sentences[-1].boundary for segment in made.segments] == [
        Boundary.TITLE,
        Boundary.SECTION,
        Boundary.SECTION,
        Boundary.SECTION,
        Boundary.END,
    ]


def test_a_full_brief_reads_every_story_to_its_end_but_no_credits() -> None:
    made = brief((story("باران"),), show="خبر", date="امروز", full=True)
    assert texts(made)[2] == ["باران", "یک.", "دو.", "سه.", "میان‌تیتر", "چهار."]


def test_a_story_of_a_title_alone_is_read_as_such() -> None:
    bare = Script("باران", "a.txt", (Segment(SegmentKind.TITLE, "باران", 1, (said("باران"),)),))
    made = brief((bare,), show="خبر", date="امروز")
    assert texts(made)[2] == ["باران"]
    assert made.segments[2].sentences[-1].boundary is Boundary.SECTION
