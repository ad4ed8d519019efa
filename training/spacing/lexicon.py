"""Makes the word list and the list of compounds from the word lists at hand and the counts of the text.

An entry is four characters: frequency level (0-9), part of speech, and how many compounds the word begins and ends
(levels 0-4). Parts of speech: N noun, A adjective, B both, D adverb, U number, C conjunction and other small words,
V finite verb as it follows «می», P past participle in «ه», w known but unlabelled, "." unknown.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

from audiopress.text.spacing_pieces import HALF_SPACE, fold

Places = dict[str, tuple[int, ...]]

_PRESENT = ("م", "ی", "د", "یم", "ید", "ند")
_PAST = ("م", "ی", "", "یم", "ید", "ند")


def verbs(data: Path) -> tuple[set[str], set[str]]:
    """Give the finite forms that can follow «می», and the past participles."""
    stems: list[tuple[str, str]] = []
    with (data / "zwnj/hazm_verbs.dat").open(encoding="utf-8") as lines:
        for line in lines:
            past, _, present = line.strip().partition("#")
            stems.append((fold(past), fold(present.split(" ")[0])))
    with (data / "zwnj/shekar_verbs.csv").open(encoding="utf-8") as lines:
        stems += [(fold(row[1]), fold(row[0])) for row in csv.reader(lines) if len(row) > 1]
    finite: set[str] = {"توان", "بایست", "باید", "شد"}
    participles: set[str] = set()
    for past, present in stems:
        if len(present) > 0:
            glide = "ی" if present[-1] in "او" and not present.endswith("ی") else ""
            finite |= {present + glide + ending for ending in _PRESENT}
        if len(past) > 1:
            finite |= {past + ending for ending in _PAST} | {past + "ه"}
            participles |= {past + "ه"}
    return {form for form in finite if len(form) > 1 and HALF_SPACE not in form}, {
        p for p in participles if HALF_SPACE not in p
    }


def _pos(tags: str) -> str:
    kinds = set(tags.split(","))
    for kind, letter in (("V", "V"), ("NUM", "U")):
        if tags.startswith(kind):
            return letter
    if {"N", "AJ"} <= kinds:
        return "B"
    for kind, letter in (("N", "N"), ("AJ", "A"), ("ADV", "D"), ("AJC", "A"), ("PL", "N")):
        if kind in kinds:
            return letter
    return "w" if tags == "0" else "C"


def _rank(count: int) -> int:
    """Level 0-4 of how many compounds a word begins or ends: each step doubles."""
    return min(4, count.bit_length())


def _glued_verb(word: str, finite: set[str]) -> bool:
    """Tell whether a word is a verb with its «می» glued on: often typed on the web, but no word («میشود»)."""
    return word.removeprefix("ن").startswith("می") and word.removeprefix("ن").removeprefix("می") in finite


def _level(count: int) -> int:
    """Frequency level 1-9 of a count out of a web-sized corpus: each step is about a factor of ten."""
    return min(9, max(1, len(str(count))))


def plain(data: Path) -> list[str]:
    """Give the words in common use that hold no half-space: those read 100,000 times in a web corpus, about 10,000."""
    with (data / "zwnj/hazm_words.dat").open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [fold(word) for word, count, _ in rows if int(count) >= 100_000 and word.isalpha()]


def own_spellings() -> tuple[Places, Places, list[tuple[str, str]]]:
    """Give the spellings listed for this project: words and their half-spaces, words usually glued, words apart."""
    lines = Path(__file__).with_name("compounds_own.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t")[:2] for line in lines if not line.startswith("#")]
    own: Places = {}
    joined: Places = {}
    apart: list[tuple[str, str]] = []
    for spelling, kind in rows:
        word = fold(spelling)
        if kind == "joined":
            joined[word.replace(HALF_SPACE, "")] = _places(word)
            continue
        own[word.replace(HALF_SPACE, "").replace(" ", "")] = _places(word)
        if kind == "apart":
            left, _, right = word.partition(" ")
            apart.append((left, right))
    return own, joined, apart


def _places(word: str) -> tuple[int, ...]:
    """Give the places of the half-spaces of a word: «پیش‌بینی» → (3,)."""
    parts = [part for part in word.split(HALF_SPACE) if part]
    return tuple(accumulate(len(part) for part in parts[:-1]))


def build(data: Path, text: Iterable[Iterable[tuple[str, str]]], vouched: Places) -> tuple[dict[str, str], Places]:
    """Give the lexicon (word to entry) and the compounds of the lists (glued spelling to places).

    A word that ``vouched`` says to hold no half-space is left out of the compounds.
    """
    finite, participles = verbs(data)
    frequency: dict[str, int] = {}
    pos: dict[str, str] = {}
    spelled: Counter[str] = Counter()
    with (data / "zwnj/hazm_words.dat").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, tags = line.rstrip("\n").split("\t")
            word = fold(word)
            if HALF_SPACE in word:
                spelled[word] += 1
            elif word.isalpha():
                frequency[word] = max(frequency.get(word, 0), int(count))
                pos.setdefault(word, _pos(tags))
    with (data / "zwnj/shekar_vocab.csv").open(encoding="utf-8") as lines:
        for spelling, count in csv.reader(lines):
            word = fold(spelling)
            if HALF_SPACE in word:
                spelled[word] += 1
            elif word.isalpha() and not (pos.get(word, "w") == "w" and _glued_verb(word, finite)):
                frequency[word] = max(frequency.get(word, 0), int(count))
    with (data / "zwnj/shekar_compound_words.csv").open(encoding="utf-8") as lines:
        spelled.update(fold(line.strip()) for line in lines if HALF_SPACE in line)
    counts: Counter[str] = Counter()
    for line in text:
        counts.update(piece for piece, _ in line)
    for word, count in counts.items():  # the text is about a 3,000th of the corpora behind the lists
        if count >= 3:
            frequency[word] = max(frequency.get(word, 0), count * 3000)
    for word, places in vouched.items():
        if not places:
            frequency.setdefault(word, 10_000)
    compounds: dict[str, tuple[int, ...]] = {}
    for word in sorted(spelled):
        parts = [p for p in word.split(HALF_SPACE) if p]
        if len(parts) > 1 and "".join(parts).isalpha():
            compounds.setdefault("".join(parts), _places(word))
    firsts: Counter[str] = Counter()
    lasts: Counter[str] = Counter()
    for word, places in compounds.items():
        if places:
            firsts[word[: places[0]]] += 1
            lasts[word[places[-1] :]] += 1
    words = set(frequency) | finite | participles | set(firsts) | set(lasts)
    lexicon = {}
    for word in sorted(words):
        kind = (
            "P"
            if word in participles
            else "V"
            if word in finite and pos.get(word, "w") in "wV"
            else pos.get(word, "w" if word in frequency else ".")
        )
        level = _level(frequency[word]) if word in frequency else 0
        lexicon[word] = f"{level}{kind}{_rank(firsts[word])}{_rank(lasts[word])}"
    return lexicon, {word: places for word, places in compounds.items() if vouched.get(word, places)}
