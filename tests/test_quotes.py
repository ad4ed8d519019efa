"""Another's words set apart from the sentences that report them."""

from __future__ import annotations

import pytest

from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.quotes import set_quotes_apart
from audiopress.text.utterances import utter


def script(*sentences: str, ends: tuple[Boundary, ...] = ()) -> Script:
    bounds = ends or (*[Boundary.SENTENCE] * (len(sentences) - 1), Boundary.PARAGRAPH)
    said = tuple(Sentence(text, 3, Role.BODY, bound) for text, bound in zip(sentences, bounds, strict=True))
    return Script("عنوان", "a.txt", (Segment(SegmentKind.LEAD, "", 0, said),))


def pieces(*sentences: str, ends: tuple[Boundary, ...] = ()) -> list[tuple[str, str]]:
    (segment,) = set_quotes_apart(script(*sentences, ends=ends)).segments
    return [(sentence.role.value, sentence.written) for sentence in segment.sentences]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "وزیر گفت: «این طرح فردا آغاز می‌شود.»",
            [("body", "وزیر گفت:"), ("quote", "«این طرح فردا آغاز می‌شود.»")],
        ),
        (
            "وی افزود «ما دو سال صبر کردیم».",
            [("body", "وی افزود"), ("quote", "«ما دو سال صبر کردیم».")],
        ),
        (
            "شهردار تأکید کرد که «آب شهر تا پاییز کافی است» و رفت.",
            [("body", "شهردار تأکید کرد که"), ("quote", "«آب شهر تا پاییز کافی است»"), ("body", "و رفت.")],
        ),
        ("نمایشگاه «خانهٔ ما در کنار رود» باز شد.", [("body", "نمایشگاه «خانهٔ ما در کنار رود» باز شد.")]),
        ("او گفت: «نه، هرگز.»", [("body", "او گفت: «نه، هرگز.»")]),
        (
            "او گفت: “ما فردا صبح زود می‌رویم”؛ دیگری گفت: «ما همین جا می‌مانیم.»",
            [
                ("body", "او گفت:"),
                ("quote", "“ما فردا صبح زود می‌رویم”؛"),
                ("body", "دیگری گفت:"),
                ("quote", "«ما همین جا می‌مانیم.»"),
            ],
        ),
        ("باران آمد.", [("body", "باران آمد.")]),
        ("«", [("body", "«")]),
        ("گفت: «", [("body", "گفت: «")]),
    ],
)
def test_a_quotation_is_set_apart_where_somebody_speaks(written: str, expected: list[tuple[str, str]]) -> None:
    assert pieces(written) == expected


def test_a_quotation_goes_on_over_sentences_and_ends_with_its_mark() -> None:
    said = pieces("کشاورز گفت: «امسال باران زود آمد.", "ما شاد شدیم.", "گندم خوب است.» او خندید.", "پایان.")
    assert [role for role, _ in said] == ["body", "quote", "quote", "quote", "body", "body"]


def test_a_paragraph_ends_a_quotation_that_nobody_closed() -> None:
    ends = (Boundary.PARAGRAPH, Boundary.PARAGRAPH)
    said = pieces("او گفت: «امسال باران زود آمد.", "روستا خلوت بود.", ends=ends)
    assert said[-1] == ("body", "روستا خلوت بود.")


def test_nothing_is_lost_and_lines_and_ends_stay() -> None:
    before = script("او گفت: «ما فردا صبح می‌رویم» و رفت.", "باران آمد.")
    after = set_quotes_apart(before)
    written = [" ".join(s.written for s in part.segments[0].sentences) for part in (before, after)]
    assert written[0] == written[1]
    bounds = [sentence.boundary for sentence in after.segments[0].sentences]
    assert bounds == [Boundary.QUOTE, Boundary.QUOTE, Boundary.SENTENCE, Boundary.PARAGRAPH]
    assert {sentence.line for sentence in after.segments[0].sentences} == {3}


def test_what_announces_a_quotation_does_not_fall() -> None:
    assert utter(Sentence("وزیر گفت", 1, Role.BODY, Boundary.QUOTE)).spoken == "وزیر گفت:"
    assert utter(Sentence("«باران آمد»", 1, Role.QUOTE, Boundary.END)).spoken == "باران آمد."
