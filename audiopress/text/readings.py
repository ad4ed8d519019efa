"""A listener's own readings: a ``lexicon.tsv`` of words and how they are to be said, which goes before every rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiopress.errors import ConfigError
from audiopress.text.characters import LETTERS, MARKS, PAUSES, ZWNJ, fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_WRITTEN_CHARACTER = f"[^\\W_]|[{MARKS}]"
_TOKEN = re.compile(f"(?:{_WRITTEN_CHARACTER})+|[^\\w\\s{ZWNJ}]")
_GAP = re.compile(f"[ {ZWNJ}]*")
_SPEAKABLE = re.compile(f"[{LETTERS}{MARKS}{PAUSES}{ZWNJ} ]+")


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one lexicon.

    ``spoken`` maps the tokens of a written form to its spoken form, ``longest`` maps a first token to the greatest
    number of tokens of a form that begins with it, ``words`` are the words of all spoken forms.
    """

    spoken: dict[tuple[str, ...], str]
    longest: dict[str, int]
    words: frozenset[str] = frozenset()

    def apply(self, text: str) -> str:
        """Return ``text`` with its words read as the lexicon says, the longest form first.

        With ``("اف", "ای", "تی", "اف")`` → ``گروه ویژه``: ``عضو اف‌ای‌تی‌اف شد`` → ``عضو گروه ویژه شد``. A space and a
        half-space inside a form are alike. ``text`` must have been folded.
        """
        if not self.spoken:
            return text
        tokens = list(_TOKEN.finditer(text))
        pieces, done, index = [], 0, 0
        while index < len(tokens):
            count = self._match(text, tokens, index)
            if count:
                first, last = tokens[index], tokens[index + count - 1]
                form = tuple(token.group() for token in tokens[index : index + count])
                pieces += [text[done : first.start()], self.spoken[form]]
                done = last.end()
            index += count or 1
        return "".join([*pieces, text[done:]])

    def _match(self, text: str, tokens: list[re.Match[str]], index: int) -> int:
        limit = min(self.longest.get(tokens[index].group(), 0), len(tokens) - index)
        reach = 1
        while reach < limit and _GAP.fullmatch(text, tokens[index + reach - 1].end(), tokens[index + reach].start()):
            reach += 1
        for count in range(min(reach, limit), 0, -1):
            if tuple(token.group() for token in tokens[index : index + count]) in self.spoken:
                return count
        return 0


NONE = Readings({}, {})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon: a written form and its reading, as they stand there, and the file and line for errors."""

    written: str
    reading: str
    place: str

    @property
    def form(self) -> tuple[str, ...]:
        """The tokens of the written form: ``C++`` → ``("C", "+", "+")``."""
        return tuple(token.group() for token in _TOKEN.finditer(fold(self.written)))


def read_entries(path: Path) -> list[Entry]:
    """The lines of a lexicon: one ``written TAB reading`` a line, ``#`` begins a comment line.

    ``FATF<TAB>گروه ویژه`` → ``Entry("FATF", "گروه ویژه", "lexicon.tsv, line 1")``. A file that cannot be read
    and a line without a tab or with an empty cell raise ConfigError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise ConfigError(f"The lexicon {path} cannot be read ({error.strerror}); check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The lexicon {path} is not UTF-8 text; save it as UTF-8.") from error
    entries = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            entries.append(read_entry(line, f"{path}, line {number}"))
    return entries


def read_entry(line: str, place: str) -> Entry:
    """One line of a lexicon; ``place`` stands before what is wrong with it."""
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != len(("written", "spoken")):
        raise ConfigError(f"{place}: write the word, one tab, and how it is said.")
    entry = Entry(cells[0], cells[1], place)
    if not entry.form or not entry.reading:
        raise ConfigError(f"{place}: both the word and its reading must be given.")
    return entry


def readings_of(entries: Iterable[Entry]) -> Readings:
    """The readings of a lexicon's lines.

    A reading that cannot be pronounced, and a second one of the same form, raise ConfigError.
    """
    spoken: dict[tuple[str, ...], str] = {}
    longest: dict[str, int] = {}
    for entry in entries:
        form, reading = entry.form, speakable(entry)
        if spoken.get(form, reading) != reading:
            raise ConfigError(
                f"{entry.place}: {' '.join(form)!r} already has the reading {spoken[form]!r}; keep one of them."
            )
        spoken[form] = reading
        longest[form[0]] = max(longest.get(form[0], 0), len(form))
    return Readings(spoken, longest, frozenset(word for reading in spoken.values() for word in reading.split()))


def speakable(entry: Entry) -> str:
    """The reading of a line with its letters folded; ConfigError where it holds what cannot be said."""
    reading = fold(entry.reading).strip()
    wrong = next((character for character in reading if not _SPEAKABLE.fullmatch(character)), "")
    if wrong or not reading:
        raise ConfigError(
            f"{entry.place}: the reading holds {wrong!r}, which cannot be said; use Persian letters and vowel marks, or"
            " IPA between slashes."
        )
    return reading


def load_readings(path: Path) -> Readings:
    """The readings of a lexicon file, see `read_entries` and `readings_of`."""
    return readings_of(read_entries(path))
