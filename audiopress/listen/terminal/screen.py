"""The screen of the player as lines of text: a pure function of what is known and how much room there is.

Text reads from right to left; the bar of the time does not, for it stands for a tape and its buttons, which players
turn round for nobody: → is onward and ← is back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from audiopress.listen.terminal.labels import HELP, HINTS
from audiopress.listen.terminal.persian import clock, digits, times
from audiopress.listen.terminal.reading import reading
from audiopress.listen.terminal.rtl import Piece, Writer
from audiopress.listen.terminal.timing import Until, chapter_at

if TYPE_CHECKING:
    from audiopress.listen.terminal.sentences import Sentence
    from audiopress.model import ChapterMark

#: The widest that is read at ease, and from which width on chapters stand beside the text.
_WIDEST, _TWO_COLUMNS = 132, 100
_MARGIN = 2  # cells left and right
_ROOMY, _TALL = 14, 20  # lines from which on there are blank ones, and a second line of title and keys
_GAP = 3  # cells between two columns

_ACCENT, _QUIET, _STRONG = "cyan", "dim", "bold"


@dataclass(frozen=True, slots=True)
class View:
    """All that the screen shows."""

    show: str
    title: str
    seconds: float
    position: float = 0.0
    chapters: tuple[ChapterMark, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    number: int = 1  #: of the episode in the queue
    of: int = 1
    following: str = ""  #: the title of the next one
    playing: bool = True
    speed: float = 1.0
    volume: int = 100
    sleep: Until | None = None
    sleeps_in: float = 0.0  #: seconds
    notice: str = ""  #: something to know, for a while
    typed: str | None = None  #: the number of a chapter that is being typed
    help: bool = False


def compose(view: View, width: int, height: int, writer: Writer) -> tuple[Text, ...]:
    """Return the screen: ``height`` lines of ``width`` cells each, whatever the room."""
    page = _Page(view, min(max(width - 2 * _MARGIN, 1), _WIDEST), height, writer)
    left = (width - page.width) // 2
    lines = page.lines()[:height]
    lines += [Text()] * (height - len(lines))
    return tuple(_framed(line, left, width) for line in lines)


def _framed(line: Text, left: int, width: int) -> Text:
    framed = Text(" " * left, end="", no_wrap=True).append_text(line)
    framed.append(" " * max(0, width - framed.cell_len))
    return framed if framed.cell_len == width else Text(" " * width, end="", no_wrap=True)


class _Page:
    """One screenful in the making."""

    def __init__(self, view: View, width: int, height: int, writer: Writer) -> None:
        self.view, self.width, self.height, self.writer = view, width, height, writer
        self.roomy = height >= _ROOMY

    def lines(self) -> list[Text]:
        """Return the lines from the top: what plays, the middle, what comes and the keys."""
        blank = [Text()] if self.roomy else []
        top = [*blank, self._header(), *self._title(), *blank, self._bar(), self._status(), *blank]
        bottom = [*blank, self._foot(), *self._keys()]
        room = self.height - len(top) - len(bottom)
        if room < 0:  # a few lines only: what plays comes first
            return [self._bar(), self._status(), *self._title(), self._foot(), self._header()]
        middle = (self._help(room) if self.view.help else self._middle(room))[:room]
        return [*top, *middle, *[Text()] * (room - len(middle)), *bottom]

    def _header(self) -> Text:
        place_in = digits(f"{self.view.number} از {self.view.of}") if self.view.of > 1 else ""
        return self.writer.row(self.width, [Piece(self.view.show, _ACCENT)], [Piece(place_in, _QUIET)])

    def _title(self) -> list[Text]:
        lines = self.writer.wrap(self.view.title.split(), self.width)
        most = 2 if self.height >= _TALL else 1
        texts = [" ".join(words) for words in lines[: most - 1]]
        texts.append(" ".join(word for words in lines[most - 1 :] for word in words))
        return [self.writer.row(self.width, [Piece(text, _STRONG)]) for text in texts if text or len(texts) == 1]

    def _bar(self) -> Text:
        """The place in time, from left to right, with a notch where each chapter begins."""
        seconds = max(self.view.seconds, self.view.position, 0.001)
        here, rest = clock(self.view.position), "−" + clock(seconds - self.view.position + 0.999)
        cells = self.width - len(here) - len(rest) - 2
        line = Text(f"{here} ", end="", no_wrap=True)
        if cells < 1:
            return self.writer.row(self.width, [Piece(here, plain=True)])
        done = min(cells, int(self.view.position / seconds * cells + 0.5))
        starts = {int(mark.start / 1000 / seconds * cells) for mark in self.view.chapters[1:]}
        line.append("".join("╋" if cell in starts else "━" for cell in range(done)), _ACCENT)
        line.append("".join("┼" if cell in starts else "─" for cell in range(done, cells)), _QUIET)
        return line.append(f" {rest}")

    def _status(self) -> Text:
        view = self.view
        dot = Piece("  ", plain=True)
        sign, state = ("▶ ", "پخش") if view.playing else ("❚❚ ", "مکث")
        pieces = [Piece(sign[::-1], _STRONG, plain=True), Piece(state, _STRONG), dot]
        pieces += [Piece("سرعت "), Piece(times(view.speed), plain=True), dot]
        pieces += [Piece("صدا "), Piece(digits(f"{view.volume}٪"), plain=True)]
        if view.sleep is not None:
            what = {Until.TIME: "", Until.CHAPTER: " پایان فصل", Until.EPISODE: " پایان قسمت"}[view.sleep]
            pieces += [dot, Piece("خواب ", _ACCENT), Piece(clock(view.sleeps_in + 0.999), _ACCENT, plain=True)]
            pieces += [Piece(what, _ACCENT)]
        return self.writer.row(self.width, pieces)

    def _foot(self) -> Text:
        view = self.view
        if view.typed is not None:
            return self.writer.row(
                self.width, [Piece("رفتن به فصل: ", _ACCENT), Piece(digits(view.typed) + "▏", plain=True)]
            )
        if view.notice:
            return self.writer.row(self.width, [Piece(view.notice, _ACCENT)])
        if view.following:
            return self.writer.row(self.width, [Piece("بعدی: ", _QUIET), Piece(view.following, _QUIET)])
        return Text()

    def _keys(self) -> list[Text]:
        """The keys that fit, in one line or two."""
        rows: list[list[Piece]] = [[]]
        room = self.width
        for key, what in HINTS:
            taken = len(key) + 1 + self.writer.width(what) + (3 if rows[-1] else 0)
            if taken > room:
                if len(rows) == (2 if self.height >= _TALL else 1):
                    break
                rows.append([])
                taken, room = taken - 3, self.width
            rows[-1] += [Piece("   ", plain=True)] if rows[-1] else []
            rows[-1] += [Piece(key, _STRONG, plain=True), Piece(" " + what, _QUIET)]
            room -= taken
        return [self.writer.row(self.width, row) for row in rows]

    def _help(self, room: int) -> list[Text]:
        widest = max(len(key) for key, _ in HELP) + 2
        return [
            self.writer.row(
                self.width, [Piece(" " * (widest - len(key)) + key, _STRONG, plain=True), Piece("  " + what)]
            )
            for key, what in HELP
        ][:room]

    def _middle(self, room: int) -> list[Text]:
        """The text that is read and the chapters, beside or below each other."""
        many = len(self.view.chapters) > 1
        if not self.view.sentences or not many:
            return self._chapters(self.width, room) if many else self._text(self.width, room)
        if self.width >= _TWO_COLUMNS:
            side = self.width * 2 // 5
            chapters = self._chapters(side, room)
            text = self._text(self.width - side - _GAP, room)
            rows = max(len(chapters), len(text))
            chapters += [self.writer.row(side)] * (rows - len(chapters))
            text += [Text()] * (rows - len(text))
            return [
                Text(end="", no_wrap=True).append_text(one).append(" " * _GAP).append_text(other)
                for one, other in zip(chapters, text, strict=True)
            ]
        listed = min(len(self.view.chapters), room // 2)
        text = self._text(self.width, room - listed - 1)
        text += [Text()] * (room - listed - 1 - len(text))
        return [*text, Text(), *self._chapters(self.width, listed)]

    def _chapters(self, width: int, room: int) -> list[Text]:
        """As many chapters as there is room for, around the one that plays."""
        marks = self.view.chapters
        here = chapter_at(marks, self.view.position)
        first = max(0, min(here - room // 2, len(marks) - room))
        widest = len(str(len(marks)))
        rows = []
        for number, mark in list(enumerate(marks))[first : first + room]:
            style = f"{_STRONG} {_ACCENT}" if number == here else ""
            pointer = Piece(digits(f"{number + 1:>{widest}}"), style or _QUIET, plain=True)
            arrow = Piece(" ◀ " if number == here else "   ", style, plain=True)
            time = Piece(clock(mark.start / 1000), style or _QUIET, plain=True)
            # The title is cut rather than the time.
            title = self.writer.fit(mark.title, width - widest - 3 - len(time.text) - 2)
            rows.append(self.writer.row(width, [pointer, arrow, Piece(title, style)], [time]))
        return rows

    def _text(self, width: int, room: int) -> list[Text]:
        return reading(self.view.sentences, self.view.position, self.writer, width, room)
