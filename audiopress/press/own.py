"""A listener's own lexicon: words settled once for all shows, or for one.

Each ``lexicon.tsv`` holds one ``written TAB reading`` a line; a reading is Persian, with marks where they matter, or
IPA between slashes: ``ملک TAB مُلک``, ``FATF TAB /fætef/``. The show's file goes before the one for all shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiopress.config import data_folder
from audiopress.disk import alone, write_whole
from audiopress.errors import ConfigError, OutputError
from audiopress.pronounce.pronounce import phonemize_line
from audiopress.pronounce.respell import from_ipa, respell
from audiopress.text.normalize import normalize
from audiopress.text.readings import NONE, Entry, Readings, read_entries, read_entry, readings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "lexicon.tsv"
_SLASH = "/"
_HEAD = "# written\treading: Persian with vowel marks, or IPA between slashes\n"


@dataclass(frozen=True, slots=True)
class Own:
    """What a listener settled: readings for the text, and phonemes by the word that the text then holds."""

    readings: Readings = NONE
    phonemes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """One entry of a lexicon, and what comes of it."""

    written: str
    reading: str
    phonemes: str
    where: str  #: the file
    notes: tuple[str, ...]  #: what a reader should know: it changes nothing, another file goes before it …

    def report(self) -> dict[str, object]:
        """The entry as JSON."""
        return {
            "written": self.written,
            "reading": self.reading,
            "phonemes": self.phonemes,
            "file": self.where,
            "notes": list(self.notes),
        }


def files(output: Path | None) -> tuple[Path, ...]:
    """The lexicons that apply, the one that goes first first: a show's own, then the one for all shows."""
    return (*((output / FILE,) if output else ()), data_folder() / FILE)


def load_own(output: Path | None) -> Own:
    """The listener's own lexicons for a show; ConfigError names file and line of what is wrong in them."""
    entries: dict[tuple[str, ...], Entry] = {}
    for path in reversed(files(output)):
        if path.is_file():
            lines = read_entries(path)
            readings_of(map(_spelt, lines))  # for its errors: one file must not contradict itself
            entries |= {entry.form: entry for entry in lines}
    if not entries:
        return Own()
    phonemes = {respell(word): word for entry in entries.values() for word in _ipa(entry)}
    return Own(readings_of(map(_spelt, entries.values())), phonemes)


def _ipa(entry: Entry) -> list[str]:
    """The phonemes of each word of a reading between slashes; none where it is Persian."""
    if not entry.reading.startswith(_SLASH):
        return []
    try:
        return [from_ipa(word) for word in entry.reading.strip(_SLASH).split()]
    except ValueError as error:
        wrong = f"{error.args[0]!r} is no phoneme of Persian" if error.args[0] else "there is no phoneme in it"
        raise ConfigError(
            f"{entry.place}: {entry.reading} cannot be said, {wrong}; write IPA like /molk/, vowels æ e o ɒ i u."
        ) from None


def _spelt(entry: Entry) -> Entry:
    """An entry whose reading is Persian, respelled where it was IPA."""
    words = _ipa(entry)
    return Entry(entry.written, " ".join(map(respell, words)), entry.place) if words else entry


def said(written: str, own: Own) -> str:
    """The phonemes of a word or phrase with these readings: ``ملک`` → ``melk``."""
    return phonemize_line(normalize(written, own.readings), own.phonemes)


def settled(output: Path | None, only: str = "") -> list[Settled]:
    """All entries that apply to a show (``only``: those of one word), and what comes of each."""
    form = Entry(only, "", "").form
    own = load_own(output)
    found: list[Settled] = []
    before: dict[tuple[str, ...], Path] = {}
    for path in files(output):
        for entry in read_entries(path) if path.is_file() else ():
            if only and entry.form != form:
                continue
            notes = []
            if entry.form in before:
                notes.append(f"{before[entry.form]} goes before it")
            phonemes = said(entry.written, own)
            if phonemes == said(entry.written, Own()):
                notes.append("it is said like that without the entry")
            if not phonemes:
                notes.append("nothing is heard of it")
            before.setdefault(entry.form, path)
            found.append(Settled(entry.written, entry.reading, phonemes, str(path), tuple(notes)))
    return found


def add(written: str, reading: str, output: Path | None) -> Settled:
    """Settle a word in a show's lexicon, or with None in the one for all shows, in place of any entry of that form."""
    entry = read_entry(f"{' '.join(written.split())}\t{' '.join(reading.split())}", "The entry")
    readings_of([_spelt(entry)])
    path = files(output)[0]
    _rewrite(path, entry.form, f"{entry.written}\t{entry.reading}\n")
    return next(one for one in settled(output, entry.written) if one.where == str(path))


def remove(written: str, output: Path | None) -> Path:
    """Take a word out of a lexicon, and return its file; ConfigError where it is not in it."""
    path = files(output)[0]
    form = Entry(written, "", "").form
    if not path.is_file() or all(entry.form != form for entry in read_entries(path)):
        raise ConfigError(f"{path} has no entry {written!r}; audiopress lexicon list shows those it has.")
    _rewrite(path, form, "")
    return path


def _rewrite(path: Path, form: tuple[str, ...], line: str) -> None:
    """Replace the lines of a form by one line, or add it; comments and all other lines stay as they are."""
    try:
        with alone(path.parent):
            text = path.read_bytes().decode("utf-8-sig") if path.is_file() else _HEAD
            if path.is_file():
                read_entries(path)  # a damaged file is told of, not rewritten
            kept = [old + "\n" for old in text.removesuffix("\n").split("\n") if not _is_of(old, form)]
            write_whole(path, "".join([*kept, line]).encode())
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); check the folder.") from error


def _is_of(line: str, form: tuple[str, ...]) -> bool:
    return not line.lstrip().startswith("#") and Entry(line.split("\t", maxsplit=1)[0].strip(), "", "").form == form
