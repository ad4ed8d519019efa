"""The text that is read, in the middle of the screen: the sentence with its word marked, and those around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from audiopress.listen.terminal.sentences import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiopress.listen.terminal.rtl import Writer
    from audiopress.listen.terminal.sentences import Sentence

_QUIET = "dim"
_HERE = "bold reverse"  # the word that is spoken: seen without colours, too
#: The share of the free lines that goes to what was read already; most people look ahead.
_BEHIND = 3


def reading(sentences: Sequence[Sentence], position: float, writer: Writer, width: int, room: int) -> list[Text]:
    """Return at most ``room`` lines of ``width`` cells around the word that is spoken at a time in seconds."""
    if room <= 0 or not sentences:
        return []
    index, word = place(sentences, position)
    block = _Block(sentences, writer, width)
    current = block.lines(max(index, 0), word, "" if index >= 0 else _QUIET)
    if len(current) >= room:
        at = next((number for number, (_, marked) in enumerate(current) if marked), 0)
        first = max(0, min(at - room // 2, len(current) - room))
        return [text for text, _ in current[first : first + room]]
    free = room - len(current)
    behind = block.around(range(max(index, 0) - 1, -1, -1), free // _BEHIND)
    before = [line for lines in reversed(behind) for line in lines]
    before = before[max(0, len(before) - free // _BEHIND) :]
    free -= len(before)
    ahead = block.around(range(max(index, 0) + 1, len(sentences)), free)
    after = [line for lines in ahead for line in lines][:free]
    return [*before, *(text for text, _ in current), *after]


class _Block:
    """Sentences as lines of one width."""

    def __init__(self, sentences: Sequence[Sentence], writer: Writer, width: int) -> None:
        self._sentences, self._writer, self._width = sentences, writer, width

    def lines(self, index: int, word: int, style: str) -> list[tuple[Text, bool]]:
        """The lines of a sentence, and whether the word of that number stands in it; -1 is none."""
        words = [each.text for each in self._sentences[index].words]
        lines = self._writer.wrap(words, self._width)
        if sum(map(len, lines)) != len(words):  # a word longer than a line was cut: numbers mean nothing any more
            word = -1
        rows = []
        for line in lines:
            here = 0 <= word < len(line)
            text = self._writer.spoken(line, word if here else -1, (style, _HERE))
            padded = Text(" " * max(0, self._width - text.cell_len), end="", no_wrap=True)
            rows.append((padded.append_text(text), here))
            word -= len(line) if word >= 0 else 0
            word = word if word >= 0 else -1
        return rows

    def around(self, indices: Iterable[int], room: int) -> list[list[Text]]:
        """The lines of other sentences, until there are enough of them."""
        blocks: list[list[Text]] = []
        for index in indices:
            if sum(map(len, blocks)) >= room:
                break
            blocks.append([text for text, _ in self.lines(index, -1, _QUIET)])
        return blocks
