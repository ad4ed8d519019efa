"""The day's stories as one bulletin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.errors import ConfigError, SourceError
from audiopress.model import Boundary, Origin, Role, Script, Segment, SegmentKind, Sentence, Told
from audiopress.script.bulletin import SECONDS, News, Plan, bulletin

PLAN = Plan(show="صدای روستا", date="یکشنبه، ۱ آذر")


def story(title: str, *paragraphs: str, heading: str = "") -> Script:
    """A story; a paragraph is sentences parted by a bar, the last paragraph stands under the heading."""
    parts: list[list[Sentence]] = []
    for paragraph in paragraphs:
        pieces = paragraph.split("|")
        bounds = [Boundary.SENTENCE] * (len(pieces) - 1) + [Boundary.PARAGRAPH]
        parts.append([Sentence(piece, 1, Role.BODY, bound) for piece, bound in zip(pieces, bounds, strict=True)])
    segments = [Segment(SegmentKind.TITLE, title, 1, (Sentence(title, 1, Role.TITLE, Boundary.TITLE),))]
    lead = [sentence for part in (parts[:-1] if heading else parts) for sentence in part]
    segments.append(Segment(SegmentKind.LEAD, "", 0, tuple(lead)))
    if heading:
        first = Sentence(heading, 2, Role.HEADING, Boundary.HEADING)
        segments.append(Segment(SegmentKind.SECTION, heading, 2, (first, *parts[-1])))
    credit = Sentence("منبع: ایسنا.", 0, Role.CREDIT, Boundary.END)
    segments.append(Segment(SegmentKind.CREDIT, "", 0, (credit,)))
    return Script(title, "https://e.org/1", tuple(segments))


RAIN = News(story("باران", "باران آمد.|رود پر شد."), "هوا", "2026-11-22T08:00:00+00:00")
WHEAT = News(story("گندم", "گندم ارزان شد.", "نان هم."), "اقتصاد", "2026-11-22T06:00:00+00:00")
BANK = News(story("بانک", "بانک باز شد."), "اقتصاد", "2026-11-22T07:00:00+00:00")


def texts(script: Script) -> list[list[str]]:
    return [[sentence.written for sentence in segment.sentences] for segment in script.segments]


def test_opening_headlines_stories_by_section_and_closing() -> None:
    made = bulletin([RAIN, WHEAT, BANK], PLAN)
    assert made.script.title == "صدای روستا، یکشنبه، ۱ آذر"
    assert texts(made.script) == [
        ["یکشنبه، ۱ آذر.", "صدای روستا را می‌شنوید."],
        ["سرخط خبرها", "باران", "بانک", "گندم"],
        ["هوا"],
        ["باران", "باران آمد.", "رود پر شد."],
        ["اقتصاد"],
        ["بانک", "بانک باز شد."],
        ["گندم", "گندم ارزان شد.", "نان هم."],
        ["این بود صدای روستا.", "تا دیداری دیگر، خدا نگهدار."],
    ]
    assert made.told == (0, 2, 1)
    assert [segment.sentences[-1].boundary for segment in made.script.segments][-2:] == [Boundary.SECTION, Boundary.END]


def test_weights_order_sections_and_leave_them_out() -> None:
    plan = Plan("خ", "امروز", weights={"اقتصاد": 2.0})
    assert bulletin([RAIN, WHEAT, BANK], plan).told == (2, 1, 0)
    assert bulletin([RAIN, WHEAT, BANK], Plan("خ", "امروز", weights={"اقتصاد": 0})).told == (0,)


def test_the_show_opens_and_closes_in_its_own_words() -> None:
    made = bulletin([RAIN, BANK], Plan("خ", "امروز", opening="سلام! {count} خبر از {show}.", closing="بدرود."))
    assert texts(made.script)[0] == ["سلام!", "2 خبر از خ."]
    assert texts(made.script)[-1] == ["بدرود."]
    with pytest.raises(ConfigError, match="opening holds"):
        bulletin([RAIN], Plan("خ", "امروز", opening="{name}"))


def test_a_length_takes_what_fits_and_cuts_at_sentences() -> None:
    long = [
        News(
            story(f"خبر شماره {n}", *["این یک جمله بیست و چند حرفی است.|" * 4 + "پایان بند."] * 6),
            "",
            f"2026-11-{n:02}",
        )
        for n in range(1, 21)
    ]
    for minutes in (2, 5, 10):
        made = bulletin(long, Plan("خ", "امروز", seconds=minutes * 60))
        size = sum(len(sentence) for segment in texts(made.script) for sentence in segment)
        assert 0.85 * minutes * 60 < size * SECONDS < 1.05 * minutes * 60
        assert made.told == tuple(sorted(made.told, reverse=True))
        assert 19 in made.told
        for segment in made.script.segments[2:-1]:
            assert all(
                sentence.written in {"این یک جمله بیست و چند حرفی است.", "پایان بند."}
                for sentence in segment.sentences[1:]
            )


def test_a_cut_never_ends_with_a_heading() -> None:
    news = News(story("باران", "باران آمد.", "پس از آن " + "خیلی " * 60 + "بارید.", heading="میان‌تیتر"))
    made = bulletin([news], Plan("خ", "امروز", seconds=12))
    assert not any("میان‌تیتر" in segment for segment in texts(made.script))


def test_nothing_to_tell_is_one_sentence() -> None:
    bare = News(Script("باران", "", (Segment(SegmentKind.TITLE, "باران", 1, ()),)))
    for news in ([], [bare]):
        with pytest.raises(SourceError, match="no story to tell"):
            bulletin(news, PLAN)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9), st.integers(1, 5)), min_size=1, max_size=12),
    st.integers(0, 300),
)
def test_no_word_is_invented(shapes: list[tuple[str, int, int]], seconds: int) -> None:
    news = [
        News(
            story(f"تیتر {n}", *["|".join(f"جمله {n} {p} {s}." for s in range(size)) for p in range(count)]),
            part,
            str(n),
        )
        for n, (part, count, size) in enumerate(shapes)
    ]
    made = bulletin(news, Plan("خ", "امروز", seconds=seconds))
    source = {sentence.written for each in news for segment in each.script.segments for sentence in segment.sentences}
    source |= {"a", "b", "سرخط خبرها"}
    inner = [sentence for segment in texts(made.script)[1:-1] for sentence in segment]
    assert set(inner) <= source
    assert len(set(made.told)) == len(made.told) >= 1


def test_a_section_that_is_no_persian_word_is_not_announced() -> None:
    news = [
        News(RAIN.script, "province", "2026-11-22T08:00:00+00:00"),
        News(WHEAT.script, "economy", "2026-11-22T07:00:00+00:00"),
    ]
    told = bulletin(news, PLAN)
    assert [segment.heading for segment in told.script.segments] == ["", "سرخط خبرها", "باران", "گندم", ""]


def test_each_report_is_credited() -> None:
    told = bulletin([RAIN, WHEAT], PLAN).script.told
    assert [(report.title, report.link) for report in told] == [("باران", ""), ("گندم", "")]
    linked = replace(RAIN, script=replace(RAIN.script, agency="ایسنا", origin=Origin(link="https://e.org/rain")))
    assert bulletin([linked], PLAN).script.told == (Told("باران", "ایسنا", "https://e.org/rain"),)
