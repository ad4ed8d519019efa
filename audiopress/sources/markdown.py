"""Markdown → Article, through markdown-it-py: marks say what is a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.model import Article, Dropped, Passage, PassageKind
from audiopress.sources.boilerplate import agency_name
from audiopress.sources.plain import Line, clean, drop_chrome, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(?P<body>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"(?P<key>[A-Za-z_]+)\s*:\s*(?P<value>.*?)\s*")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_FOOTNOTE_TEXT = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:.*(?:\n(?: {2,}|\t)\S.*)*", re.MULTILINE)
_CREDIT_KEYS = ("agency", "source", "publisher")
_SILENT = {"code_block": "code", "fence": "code", "html_block": "HTML", "hr": "rule line"}


def read_markdown(text: str, source: str) -> Article:
    r"""The article in Markdown: ``"# عنوان\n\nمتن."`` → title «عنوان», paragraph «متن.».

    Raises SourceError where nothing is left to say.
    """
    text = re.sub(r"\r\n?", "\n", text)
    keys, body = _front_matter(text)
    passages: list[Passage] = []
    dropped: list[Dropped] = []
    if keys.get("title", ("", 0))[0]:
        passages.append(Passage(PassageKind.TITLE, *keys["title"]))
    agency, agency_line = next((keys[key] for key in _CREDIT_KEYS if keys.get(key, ("", 0))[0]), ("", 0))
    agency = agency_name(agency)
    blocks = list(_blocks(_without_footnotes(body, dropped), dropped))
    lines, chrome, named, named_line = drop_chrome([Line(line, written) for _, written, line in blocks])
    if named and not agency:
        agency, agency_line = named, named_line
    for (kind, _, _), line in zip(blocks, lines, strict=True):
        if line.text:
            first = kind is PassageKind.HEADING and not passages
            passages.append(Passage(PassageKind.TITLE if first else kind, line.text, line.number))
    dropped += chrome
    return finish(passages, dropped, source, agency, agency_line)


def _front_matter(text: str) -> tuple[dict[str, tuple[str, int]], str]:
    """Keys with their lines, and the text with the front matter blanked out, so that line numbers stay."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    keys = {}
    for number, line in enumerate(found.group("body").split("\n"), start=2):
        entry = _KEY.fullmatch(line)
        if entry:
            keys[entry.group("key").lower()] = (clean(entry.group("value").strip("\"'")).strip(), number)
    return keys, "\n" * found.group().count("\n") + text[found.end() :]


def _without_footnotes(text: str, dropped: list[Dropped]) -> str:
    """The text without notes and their marks, line for line; the notes go to ``dropped``."""
    line, seen = 1, 0

    def drop(note: re.Match[str]) -> str:
        nonlocal line, seen
        line += text.count("\n", seen, note.start())
        seen = note.start()
        dropped.append(Dropped(line, note.group().strip(), "footnote"))
        return "\n" * note.group().count("\n")

    return _FOOTNOTE.sub("", _FOOTNOTE_TEXT.sub(drop, text))


def _blocks(text: str, dropped: list[Dropped]) -> Iterator[tuple[PassageKind, str, int]]:
    """Headings and paragraphs in order, with their lines; what has no words for the ear goes to ``dropped``."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  (only Markdown sources need it)

    lines = text.split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    table = 0
    for index, token in enumerate(tokens):
        if token.type in {"table_open", "table_close"}:
            table += token.nesting
            if token.nesting == 1:
                _drop(token, lines, "table", dropped)
        elif table:
            continue
        elif token.type in _SILENT:
            _drop(token, lines, _SILENT[token.type], dropped)
        elif token.type == "inline":
            line = (token.map or [0])[0] + 1
            heading = tokens[index - 1].type == "heading_open"
            written = _words(token)
            if not written:
                _drop(token, lines, "image", dropped)
            elif heading or _is_bold(token):
                yield PassageKind.HEADING, written, line
            else:
                yield PassageKind.PARAGRAPH, written, line


def _drop(token: Token, lines: list[str], why: str, dropped: list[Dropped]) -> None:
    start, stop = token.map or [0, 0]
    dropped.append(Dropped(start + 1, "\n".join(lines[start:stop]).strip(), why))


def _words(token: Token) -> str:
    """The words of an inline token without emphasis, addresses, images and footnote marks."""
    parts = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return " ".join(clean("".join(parts)).split())


def _is_bold(token: Token) -> bool:
    """Whether the whole paragraph is set in bold, as editors do for headings."""
    types = [child.type for child in token.children or () if child.type != "text" or child.content.strip()]
    whole = types[:1] == ["strong_open"] and types[-1:] == ["strong_close"]
    return whole and types.count("strong_open") == 1
