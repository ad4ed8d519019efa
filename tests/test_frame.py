"""The show's own words around an article."""

from __future__ import annotations

import pytest

from audiopress.errors import ConfigError
from audiopress.model import Boundary, Role, Script, Segment, SegmentKind, Sentence
from audiopress.script.frame import frame

TITLE = Segment(SegmentKind.TITLE, "باران", 1, (Sentence("باران", 1, Role.TITLE, Boundary.TITLE),))
LEAD = Segment(SegmentKind.LEAD, "", 0, (Sentence("باران آمد.", 2, Role.BODY, Boundary.END),))
SCRIPT = Script("باران", "a.txt", (TITLE, LEAD))


def test_without_texts_nothing_changes() -> None:
    assert frame(SCRIPT) == SCRIPT
    assert frame(SCRIPT, " ", "\n") == SCRIPT


def test_intro_and_outro_surround_the_article() -> None:
    framed = frame(SCRIPT, "سلام. این {show} است، {date}.", "پایان «{title}».", show="خبر روستا", date="۴ آذر ۱۴۰۵")
    intro, title, lead, outro = framed.segments
    assert intro == Segment(
        SegmentKind.INTRO,
        "",
        0,
        (
            Sentence("سلام.", 0, Role.BODY, Boundary.SENTENCE),
            Sentence("این خبر روستا است، ۴ آذر ۱۴۰۵.", 0, Role.BODY, Boundary.TITLE),
        ),
    )
    assert title == TITLE
    assert lead.sentences[-1].boundary is Boundary.SECTION
    assert outro.kind is SegmentKind.OUTRO
    assert [(each.written, each.boundary) for each in outro.sentences] == [("پایان «باران».", Boundary.END)]


@pytest.mark.parametrize("text", ["{name}", "{", "{0}", "{}", "{show.x}"])
def test_an_unknown_blank_is_said(text: str) -> None:
    with pytest.raises(ConfigError, match=r"intro_text .*\{show\}, \{title\} and \{date\}"):
        frame(SCRIPT, text)
