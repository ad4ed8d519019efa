"""Several articles as one episode."""

from __future__ import annotations

from audiopress.model import Boundary, Dropped, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.join import join


def said(text: str, boundary: Boundary, role: Role = Role.BODY) -> Sentence:
    return Sentence(text, 3, role, boundary)


def article(title: str, agency: str) -> Script:
    return Script(
        title,
        "a.txt",
        (
            Segment(SegmentKind.TITLE, title, 1, (said(title, Boundary.TITLE, Role.TITLE),)),
            Segment(SegmentKind.LEAD, "", 0, (said("لید.", Boundary.SECTION),)),
            Segment(
                SegmentKind.SECTION,
                "تیتر",
                4,
                (said("تیتر", Boundary.HEADING, Role.HEADING), said("متن.", Boundary.SECTION)),
            ),
            Segment(SegmentKind.CREDIT, "", 0, (said(f"منبع: {agency}.", Boundary.END, Role.CREDIT),)),
        ),
        agency,
        (Dropped(9, "کد خبر", "tail"),),
    )


def test_each_article_is_a_part_with_its_title_as_heading() -> None:
    made = join("خبرهای هفته", (article("باران", "ایسنا"), article("گندم", "مهر")))
    assert [(segment.kind.value, segment.heading) for segment in made.segments] == [
        ("title", "خبرهای هفته"),
        ("section", "باران"),
        ("section", "تیتر"),
        ("credit", ""),
        ("section", "گندم"),
        ("section", "تیتر"),
        ("credit", ""),
    ]
    assert [sentence.written for sentence in made.segments[1].sentences] == ["باران", "لید."]
    ends = [segment.sentences[-1].boundary for segment in made.segments]
    assert ends.count(Boundary.END) == 1
    assert ends[-1] is Boundary.END
    assert (made.agency, len(made.dropped)) == ("", 2)
    assert join("یک", (article("باران", "ایسنا"),)).agency == "ایسنا"


def test_a_bare_title_is_a_part_too() -> None:
    bare = Script(
        "باران", "a.txt", (Segment(SegmentKind.TITLE, "باران", 1, (said("باران", Boundary.END, Role.TITLE),)),)
    )
    made = join("هفته", (bare,))
    assert [sentence.written for sentence in made.segments[1].sentences] == ["باران"]
    assert made.segments[1].sentences[0].boundary is Boundary.END
