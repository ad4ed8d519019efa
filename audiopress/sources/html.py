"""A page of the web → Article: what a reader reads of it, in order, and what is left out, with reasons.

The tree of the page (html_tree) is seen in several ways (html_layouts), the surest first, and walked through
(html_walk) until one gives an article; meta tags and JSON-LD tell the rest (html_told, html_linked).
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from audiopress.errors import SourceError
from audiopress.model import Article, Dropped, Passage, PassageKind
from audiopress.sources.boilerplate import skeleton
from audiopress.sources.html_charset import page_text
from audiopress.sources.html_layouts import layouts
from audiopress.sources.html_parts import OUTSIDE, Parts, Read
from audiopress.sources.html_settle import settle
from audiopress.sources.html_silent import silent_elements
from audiopress.sources.html_told import seen_origin, tell
from audiopress.sources.html_tree import line_of, parse, text_of
from audiopress.sources.html_walk import walk
from audiopress.sources.html_walls import paywall, wall
from audiopress.sources.plain import Line, drop_chrome, finish, read_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.sources.html_blocks import Block
    from audiopress.sources.html_layouts import Layout
    from audiopress.sources.html_linked import Linked
    from audiopress.sources.html_told import Told
    from audiopress.sources.html_tree import Page

_TAG = re.compile(r"<[a-zA-Z!/?]")
_PERSIAN = re.compile("[ء-غف-يپچژکگی]")
_PERSIAN_FROM = 0.3  # share of Persian letters in a Persian text; one full of English names has some 0.6
_SAMPLE = 20_000  # characters that tell a language
_WHOLE_BODY = 40  # words of an articleBody in JSON-LD that may stand for the text: shorter ones are leads
_BADGED = 3  # words of a title that may carry one more
_PROBES = 5  # places of an articleBody that are looked for in the text …
_PROBE = 5  # … with that many words each


def read_html(data: bytes | str, source: str, *, url: str = "", charset: str = "") -> Article:
    """The article of a page: ``<h1>عنوان</h1><p>متن خبر.</p>`` → title «عنوان», paragraph «متن خبر.».

    ``url`` is where it was found, ``charset`` what its server said of its encoding. Lines count in the page's source.
    Raises SourceError where it holds no article in Persian.
    """
    text = data if isinstance(data, str) else page_text(data, source, charset)
    if not _TAG.search(text):
        if not _PERSIAN.search(text):
            raise SourceError(_no_persian(source))
        return read_plain(text, source)
    page = parse(text, source)
    told = tell(page, url)
    layout, read = _best(page, told)
    title = _title(told, layout)
    blocks, settled = settle(title.text if title else "", read)
    _refuse_walls(page, told, title, blocks, source)
    lines, chrome, named, line = drop_chrome([Line(block.line, block.text, block.heading) for block in blocks])
    passages = [title] if title else []
    for block, kept in zip(blocks, lines, strict=True):
        if any(map(str.isalnum, kept.text)):
            kind = PassageKind.HEADING if block.heading else PassageKind.PARAGRAPH
            passages.append(Passage(kind, kept.text, kept.number))
    if not any(passage.kind is PassageKind.PARAGRAPH for passage in passages):
        raise SourceError(f"{source} shows no article with a text; check the page in a browser.")
    dropped = [*read.dropped, *settled, *chrome]
    while passages[-1].kind is PassageKind.HEADING:  # what stood under it was chrome
        last = passages.pop()
        dropped.append(Dropped(last.line, last.text, "heading without text under it"))
    origin = seen_origin(page, layout, dropped, told.origin)
    return finish(passages, dropped, source, named or told.agency, line if named else 0, origin=origin)


def _best(page: Page, told: Told) -> tuple[Layout, Read]:
    """The surest way to see a page that gives enough text, or else the one that gives most."""
    silent = silent_elements(page)
    best: tuple[Layout, Read] | None = None
    for layout in layouts(page, told, silent):
        read = walk(page, layout.parts, silent)
        if best is None or read.words > best[1].words:
            best = layout, read
        if read.words >= layout.fewest:
            best = layout, read
            break
    if best is None:
        raise AssertionError("the whole page is always one of its layouts")
    return best[0], _with_linked_body(best[1], told.linked)


def _with_linked_body(read: Read, linked: Linked) -> Read:
    """What was read, or the articleBody of JSON-LD where the page itself does not show that text."""
    words = re.sub(r"<[^>]{0,500}>", " ", linked.body).split()
    if len(words) < _WHOLE_BODY:
        return read
    seen = skeleton(" ".join(block.text for block in read.blocks))
    step = max(1, (len(words) - _PROBE) // (_PROBES - 1))
    probes = [skeleton(" ".join(words[place : place + _PROBE])) for place in range(0, len(words) - _PROBE + 1, step)]
    if sum(probe in seen for probe in probes) * 2 >= len(probes):
        return read
    body = linked.body
    if "<p" not in body.lower() and "<br" not in body.lower():
        body = "".join(f"<p>{escape(line)}</p>" for line in body.splitlines())
    inner = parse(f"<div>{body}</div>", "JSON-LD")
    found = walk(inner, Parts(inner.root), silent_elements(inner))
    blocks = [replace(block, line=linked.line) for block in found.blocks]
    own = {skeleton(block.text) for block in blocks}
    unread = [Dropped(block.line, block.text, OUTSIDE) for block in read.blocks if skeleton(block.text) not in own]
    told = [replace(piece, line=linked.line) for piece in found.dropped]
    return Read(tuple(blocks), (*read.dropped, *unread, *told))


def _title(told: Told, layout: Layout) -> Passage | None:
    """The title as readers see it, or else as machines are told it."""
    element = layout.parts.title
    if element is not None:
        return Passage(PassageKind.TITLE, _without_badge(text_of(element), told.title), line_of(element))
    return Passage(PassageKind.TITLE, told.title, told.title_line) if told.title else None


def _without_badge(shown: str, told: str) -> str:
    """A title without the word that a site sets behind it, where machines are told one without."""
    words = shown.split()
    bare = " ".join(words[:-1])
    known = skeleton(told)
    badged = len(words) > _BADGED and skeleton(shown) not in known and skeleton(bare) in known
    return bare if badged else shown


def _refuse_walls(page: Page, told: Told, title: Passage | None, blocks: Sequence[Block], source: str) -> None:
    """Raise SourceError for a page that is no article, or one that is not in Persian."""
    lines = [block.text for block in blocks]
    shown = " ".join(lines)
    name = title.text if title else told.title
    sentence = paywall(source, lines, free=told.linked.free) or wall(source, name, shown, page.root)
    if sentence:
        raise SourceError(sentence)
    sample = f"{name} {shown[:_SAMPLE]}"
    if len(_PERSIAN.findall(sample)) <= _PERSIAN_FROM * sum(map(str.isalpha, sample)):
        raise SourceError(_no_persian(source))


def _no_persian(source: str) -> str:
    return f"There is no Persian text in {source}; audiopress reads Persian articles."
