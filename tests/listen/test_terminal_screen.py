"""The screen as text, for terminals that lay out Persian and for those that do not."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from arabic_reshaper import reshape
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from terminal_program import CHAPTERS, words_json

from audiopress.listen.terminal.display import FullScreen, PlainLines
from audiopress.listen.terminal.rtl import Piece, Writer
from audiopress.listen.terminal.screen import View, compose
from audiopress.listen.terminal.sentences import from_words
from audiopress.listen.terminal.timing import Until

MARKS = dict.fromkeys(map(ord, "\u200e\u200f"))


def shaped(line: str) -> str:
    return str(get_display(reshape(line), base_dir="R"))


def stored(line: str) -> str:
    return line


PROGRAM, TERMINAL = Writer(shaped), Writer(stored)
VIEW = View(
    show="خبر روستا",
    title="خبر شمارهٔ ۱",
    seconds=40.0,
    position=13.0,
    chapters=CHAPTERS,
    sentences=from_words(words_json(40)),
    number=1,
    of=2,
    following="خبر شمارهٔ ۲",
)


def lines(view: View, width: int, height: int, writer: Writer = TERMINAL) -> list[str]:
    return [line.plain.translate(MARKS).rstrip() for line in compose(view, width, height, writer)]


def test_what_is_read_and_where() -> None:
    seen = lines(VIEW, 80, 24)
    assert seen[1].endswith(" خبر روستا")
    assert "۱ از ۲" in seen[1]
    assert seen[2].strip() == "خبر شمارهٔ ۱"
    assert seen[4].startswith("  ۰:۱۳ ━━━")
    assert seen[4].endswith("─── −۰:۲۷")
    assert seen[4].count("╋") == 1
    assert seen[4].count("┼") == 1
    assert seen[5].strip() == "۱۰۰٪ صدا  ۱× سرعت  پخش ▶"
    assert any(line.strip() == "باران می‌بارد و رود پرآب است." for line in seen)
    assert any("گرما و سرما ◀ ۲" in line and "۰:۱۲" in line for line in seen)
    assert any("پایان کار   ۳" in line for line in seen)
    assert any("خبر شمارهٔ ۲ بعدی:" in line for line in seen)
    assert any("?" in line and "راهنما" in line for line in seen[-2:])


def test_the_word_that_is_spoken_is_marked_and_no_other() -> None:
    for writer in (PROGRAM, TERMINAL):
        marked = [
            line.plain[span.start : span.end]
            for line in compose(VIEW, 80, 24, writer)
            for span in line.spans
            if "reverse" in str(span.style)
        ]
        assert marked == [writer.laid_out("و")]


def test_of_equal_words_the_right_one_is_marked() -> None:
    def columns(writer: Writer) -> list[int]:
        lines = [writer.spoken(["رود", "به", "رود", "رسید"], current, ("", "reverse")) for current in (0, 2)]
        return [span.start for line in lines for span in line.spans if "reverse" in str(span.style)]

    assert columns(PROGRAM) == [12, 5]  # from the left edge: «رسید رود به رود»
    assert columns(TERMINAL) == [2, 9]  # as it is stored, after two marks


@pytest.mark.parametrize("writer", [PROGRAM, TERMINAL])
@pytest.mark.parametrize(
    ("width", "height"), [(40, 12), (80, 24), (100, 30), (200, 50), (20, 5), (8, 3), (1, 1), (3, 60)]
)
@pytest.mark.parametrize("shown", ["reading", "help", "typing", "notice", "sleep", "long", "empty"])
def test_every_line_fills_the_width_and_every_screen_the_height(
    writer: Writer, width: int, height: int, shown: str
) -> None:
    view = {
        "reading": VIEW,
        "help": replace(VIEW, help=True),
        "typing": replace(VIEW, typed="12"),
        "notice": replace(VIEW, notice="وقت خواب رسید و پخش ایستاد." * 5),
        "sleep": replace(VIEW, sleep=Until.CHAPTER, sleeps_in=11.0, playing=False, speed=2.5),
        "long": replace(VIEW, title="عنوانِ درازِ " * 30 + "م" * 300, show="م" * 300, chapters=CHAPTERS * 40),
        "empty": View("", "", 0.0),
    }[shown]
    screen = compose(view, width, height, writer)
    assert len(screen) == height
    assert {line.cell_len for line in screen} == {width}


@pytest.mark.parametrize("width", [40, 80, 150])
def test_a_terminal_that_lays_out_persian_shows_what_we_lay_out_for_others(width: int) -> None:
    """Such a terminal reorders each line from left to right as a whole (VTE); the marks must keep the pieces apart."""
    for ours, given_ in zip(compose(VIEW, width, 24, PROGRAM), compose(VIEW, width, 24, TERMINAL), strict=True):
        reordered = str(get_display(reshape(given_.plain), base_dir="L"))
        assert reordered.translate(MARKS).replace("\u200c", "").rstrip() == ours.plain.rstrip()


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 120), st.integers(1, 40), st.floats(0, 50))
def test_any_text_fits(title: str, chapter: str, width: int, height: int, position: float) -> None:
    marks = (replace(CHAPTERS[0], title=chapter), replace(CHAPTERS[1], title=chapter))
    view = replace(VIEW, title=title, following=title, chapters=marks, position=position)
    for writer in (PROGRAM, TERMINAL):
        screen = compose(view, width, height, writer)
        assert [line.cell_len for line in screen] == [width] * height
        assert not any("\x1b" in line.plain or "\n" in line.plain for line in screen)


def test_a_long_text_is_cut_at_its_end() -> None:
    assert PROGRAM.fit("سلام بر شما", 8) == "سلام بر…"
    assert PROGRAM.fit("سلام", 4) == "سلام"
    assert PROGRAM.fit("سلام", 0) == ""
    assert PROGRAM.row(12, [Piece("سلام بر شما و همه")]).plain == shaped("سلام بر شما…").rjust(12)


def test_only_changed_lines_are_sent() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=24, color_system="standard", _environ={})
    with FullScreen(console, stored) as display:
        display.show(VIEW)
        whole = len(out.getvalue())
        display.show(VIEW)
        assert len(out.getvalue()) == whole
        display.show(replace(VIEW, position=13.05))  # the same word, second and cell
        assert len(out.getvalue()) == whole
        display.show(replace(VIEW, position=13.55))  # a word later
        assert 0 < len(out.getvalue()) - whole < 400
    assert out.getvalue().endswith("\x1b[?25h\x1b[?1049l")


def test_plain_lines_hold_no_control_codes() -> None:
    out = io.StringIO()
    display = PlainLines(Console(file=out, width=40, _environ={}), stored)
    for position in (0.0, 5.0, 12.5, 13.0, 30.0):
        display.show(replace(VIEW, position=position))
    display.show(replace(VIEW, position=31.0, notice="وقت خواب رسید و پخش ایستاد."))
    assert out.getvalue().splitlines() == [
        "۱ از ۲ – خبر روستا: خبر شمارهٔ ۱ (۰:۴۰)",
        "۰:۰۰ آغاز باران",
        "۰:۱۲ گرما و سرما",
        "۰:۲۴ پایان کار",
        "وقت خواب رسید و پخش ایستاد.",
    ]
