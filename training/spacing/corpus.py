"""Reads the sources as lists of lines in folded letters, and keeps the sentences whose half-spaces were typed well."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

from audiopress.text.spacing_pieces import HALF_SPACE, JOINING

#: Half-spaces that touch a space or punctuation.
_STRAY = re.compile(rf"(?<![^\W_]){HALF_SPACE}+|{HALF_SPACE}+(?![^\W_])")
#: The first sentences of ud_silver.tok are PerDT's, the rest Seraji's: the one writes «آنها», the other «آن‌ها».
_PERDT = 1390
_SENTENCE_END = re.compile(r"(?<=[.؟!؛])\s+")


def tidy(line: str) -> str:
    """Turn presentation forms and Arabic yeh and kaf into plain Persian letters: «ﻣﻲ» → «می»."""
    line = "".join(
        unicodedata.normalize("NFKC", character) if "\ufb50" <= character <= "\ufefc" else character
        for character in line
    )
    return line.translate(str.maketrans("يىك", "ییک"))


def fars(data: Path) -> Iterator[list[str]]:
    """Yield each article of the Fars news archive as its sentences."""
    with (data / "text/fars_news.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            paragraphs = [article["title"], article["abstract"], *article["paragraphs"]]
            yield [s for p in paragraphs if p for s in _SENTENCE_END.split(tidy(p))]


def tokens(path: Path) -> list[str]:
    """Read a file of one token a line as sentences."""
    sentences: list[str] = []
    words: list[str] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            token = line.rstrip("\n").split("\t")[0]
            if token:
                words.append(token)
            elif words:
                sentences.append(tidy(" ".join(words)))
                words = []
    return sentences


def column(path: Path, number: int) -> list[str]:
    """Read one column of a TSV file as sentences."""
    with path.open(encoding="utf-8") as lines:
        return [tidy(line.rstrip("\n").split("\t")[number]) for line in lines if line.count("\t") >= number]


#: Words that only look as if a glued «ها» or «ترین» closed them; «آنها» is a spelling of its own.
_WHOLE = (
    "(?:آن|این|همان|همین|تن)ها(?:یی|ی|یم|ست)?|منتها|اشتها|انتها|گرانبها|فقها|سفها|پربها|کمبها|بیبها|خونبها"
    "|بیشترین|بهترین|کمترین"
)

_EDGE = rf"(?<![\w{HALF_SPACE}])"
_END = rf"(?![\w{HALF_SPACE}])"
_VERB = (
    "(?:شو|کن|توان|ده|گو|گوی|باش|گیر|رس|رو|خواه|دار|آی|زن|بر|دان|یاب|گذار|ساز|پرداز|نویس)(?:م|ی|د|یم|ید|ند)"
    "|شد|شدند|کرد|کردند|داد|گفت|گفتند|توان"
)

#: Affixes that edited text sets off by a half-space: what was typed, how it is mended.
_SLIPS = (
    (re.compile(rf"{_EDGE}(ن?می) (?=[^\W\d])"), rf"\1{HALF_SPACE}"),
    (re.compile(rf"(?<=[^\W\d_]) (?=(?:ها|های|هایی|هایش|هایشان|هایم|هایمان|ترین){_END})"), HALF_SPACE),
    (re.compile(rf"(?<=ه) (?=(?:ای|اند|ام){_END})"), HALF_SPACE),
    (re.compile(rf"{_EDGE}(ن?می)(?=(?:{_VERB}){_END})"), rf"\1{HALF_SPACE}"),
    (
        re.compile(
            rf"{_EDGE}(?!(?:{_WHOLE})(?:ی|یی|یم|یش|یت|یمان|یشان|یتان)?{_END})([^\W\d_]+[{JOINING}])(?=(?:ها|ترین)(?:ی|یی|یم|یش|یت|یمان|یشان|یتان)?{_END})"
        ),
        rf"\1{HALF_SPACE}",
    ),
)
_TYPED = re.compile(rf"{_EDGE}ن?می{HALF_SPACE}|{HALF_SPACE}های?{_END}")


def mend(sentence: str) -> str:
    """Set off the affixes that a writer left spaced or glued: «کتابهای ما» → «کتاب‌های ما»."""
    sentence = _STRAY.sub("", sentence)
    for slip, mended in _SLIPS:
        sentence = slip.sub(mended, sentence)
    return sentence


def well_typed(article: list[str]) -> bool:
    """Tell whether the writer of an article uses half-spaces: at least 9 affixes in 10 are set off by one."""
    text = " ".join(article)
    typed, slips = len(_TYPED.findall(text)), sum(len(slip.findall(text)) for slip, _ in _SLIPS)
    return 10 * typed >= 9 * (typed + slips) > 0


def sources(data: Path) -> dict[str, list[str]]:
    """Give the sentences of every source as written; `mend` makes them examples."""
    own = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
    universal = tokens(data / "ezafe/ud_silver.tok")
    return {
        "own": [s for s in own if not s.startswith("#")],
        "fars": [s for article in fars(data) if well_typed(article) for s in article],
        "farsdat": column(data / "g2p/farsdat_dev.tsv", 0)[1:],
        "perdt": universal[:_PERDT],
        "seraji": universal[_PERDT:],
        "tail": [s for s in tokens(data / "ezafe/teacher_farstail.tok") if HALF_SPACE in s],
        "homorich": column(data / "homographs/homorich_llm_sample.tsv", 2),
    }


EVERY = 10
"""One block of sentences in this many is never trained on."""
_BLOCK = 20  #: sentences; neighbours share their subject, so they are left out together


def shown(sentences: list[str], every: int = EVERY) -> list[str]:
    """Give the sentences to train on."""
    return [s for i, s in enumerate(sentences) if (i // _BLOCK) % every != every - 1]


def held_out(sentences: list[str], every: int = EVERY) -> list[str]:
    """Give the sentences never trained on."""
    return [s for i, s in enumerate(sentences) if (i // _BLOCK) % every == every - 1]
