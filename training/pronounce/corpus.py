"""News text as the tokens our ezafe model will meet: Persian letters only, numbers in words, half-spaces joined."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAUSES = "،؛:.؟!"
_CHARACTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "هٔ", "أ": "أ", "\u00a0": " ", "ـ": "", "\u200f": "", "\u200e": "",
        "\u202b": "", "\u202c": "", "?": "؟", ",": "،", ";": "؛", "«": " ", "»": " ", '"': " ", "(": " ، ", ")": " ، ",
        "[": " ، ", "]": " ، ", "–": " ، ", "…": ".",
        **{chr(0x6F0 + n): str(n) for n in range(10)}, **{chr(0x660 + n): str(n) for n in range(10)},
    }
)  # fmt: skip
_JOINS = (
    (re.compile(r"\b(ن?می) (?=[آ-ی])"), "\\1\u200c"),
    (re.compile(r"(?<=[آ-ی]) (ها|های|هایی|هایش|هایشان|هایمان|تر|ترین|ای)(?![آ-ی])"), "\u200c\\1"),
    (re.compile("\u200c+"), "\u200c"),
    (re.compile("\u200c(?![آ-یءئ])|(?<![آ-یءئ])\u200c"), ""),
)
_TOKEN = re.compile(
    "[\u0621-\u063a\u0641-\u0655\u0670\u0671\u067e\u0686\u0698\u06a9\u06af\u06c0\u06cc\u200c]+|[،؛:.؟!]|\\d+|[^\\s]"
)
_SMALL = [
    "صفر",
    "یک",
    "دو",
    "سه",
    "چهار",
    "پنج",
    "شش",
    "هفت",
    "هشت",
    "نه",
    "ده",
    "یازده",
    "دوازده",
    "سیزده",
    "چهارده",
    "پانزده",
    "شانزده",
    "هفده",
    "هجده",
    "نوزده",
]
_TENS = [".", "ده", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"]
_HUNDREDS = [".", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"]


def number_words(number: int) -> list[str]:
    """A number below 10¹² in words: 1388 → ``هزار و سیصد و هشتاد و هشت``."""
    if number < 20:
        return [_SMALL[number]]
    for size, name in ((10**9, "میلیارد"), (10**6, "میلیون"), (1000, "هزار")):
        if number >= size:
            head, rest = divmod(number, size)
            words = [name] if (head, size) == (1, 1000) else [*number_words(head), name]
            return words + (["و", *number_words(rest)] if rest else [])
    size, names = (100, _HUNDREDS) if number >= 100 else (10, _TENS)
    head, rest = divmod(number, size)
    return [names[head]] + (["و", *number_words(rest)] if rest else [])


def sentences(text: str) -> Iterator[list[str]]:
    """The sentences of a passage, each a list of words and punctuation; those with foreign letters are left out."""
    text = text.translate(_CHARACTERS)
    text = re.sub(r"(?<=\d)[/.](?=\d)", " ممیز ", text)
    for pattern, by in _JOINS:
        text = pattern.sub(by, text)
    sentence: list[str] = []
    clean = True
    for piece in _TOKEN.findall(text):
        if piece.isdigit():
            if len(piece) > 12:
                clean = False
                continue
            sentence += number_words(int(piece))
        elif piece in PAUSES:
            if sentence and sentence[-1] not in PAUSES:
                sentence.append(piece)
        elif "آ" <= piece[0] <= "ی" or piece[0] in "ءئؤأإ":
            sentence.append(piece)
        else:
            clean = False
        if piece in ".؟!":
            if clean and len(sentence) > 2:
                yield sentence
            sentence, clean = [], True
    if clean and len(sentence) > 2:
        yield sentence


def news(path: Path) -> Iterator[list[str]]:
    """The sentences of ``fars_news.jsonl``, each once."""
    seen = set()
    with path.open(encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            for passage in (article["title"], article["abstract"], *article["paragraphs"]):
                for sentence in sentences(passage):
                    if tuple(sentence) not in seen:
                        seen.add(tuple(sentence))
                        yield sentence


def everything(shared: Path) -> Iterator[list[str]]:
    """The words of all sentences that the teacher labels."""
    yield from news(shared / "data/text/fars_news.jsonl")
    seen = set()
    for name in ("human", "llm_sample"):
        for line in (shared / f"data/homographs/homorich_{name}.tsv").read_text("utf-8").splitlines():
            for sentence in sentences(line.split("\t")[2]):
                if tuple(sentence) not in seen:
                    seen.add(tuple(sentence))
                    yield sentence
    for name in ("teacher_farstail", "ud_silver"):
        for pairs in labelled(shared / f"data/ezafe/{name}.tok"):
            yield [word for word, _ in pairs]


def labelled(path: Path) -> Iterator[list[tuple[str, str]]]:
    """The sentences of a ``.tok`` file: (word, ``EZ`` or ``O``) pairs."""
    sentence: list[tuple[str, str]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) >= 2:
                sentence.append((cells[0], cells[1]))
            elif sentence:
                yield sentence
                sentence = []
    if sentence:
        yield sentence
