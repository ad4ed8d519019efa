"""The server's own pages: the list of an output folder's shows, and what is said where there is no page."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from audiopress.listen.public import FEED, FONT, INDEX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Where the style of these pages is served: no show and no file of one is called "-".
STYLE = ("-", "pages.css")

_PAGE = """<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

#: What went wrong, for the reader, by the status of the answer.
_WRONG = {
    404: "چنین صفحه‌ای اینجا نیست.",
    405: "این کار با این نشانی شدنی نیست.",
    500: "خطایی در این برنامه پیش آمد. لطفاً دوباره بکوشید.",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the list says of a show."""

    name: str  #: its folder, "" for the output folder itself
    title: str
    description: str
    cover: str  #: the name of its picture, "" where it has none
    page: str  #: what is opened: its own page, or its feed where it has none


def read_card(show: Path, name: str) -> Card:
    """Read from a show's feed what the list says of it; a feed that cannot be read gives the folder's name."""
    facts = _channel(show / FEED)
    cover = min((path.name for path in show.glob("cover-*.[jp][pn]g")), default="")
    page = "" if (show / INDEX).is_file() else FEED
    return Card(name, facts.get("title", "") or name or show.name, facts.get("description", ""), cover, page)


def list_of_shows(cards: Sequence[Card]) -> str:
    """Return the page that lists shows: HTML, from right to left."""
    if not cards:
        content = '<p>هنوز پادکستی اینجا نیست. با <code dir="ltr">audiopress produce</code> یکی بسازید.</p>'
    else:
        content = '<ul class="shows">\n' + "\n".join(_item(card) for card in cards) + "\n</ul>"
    return _PAGE.format(title="پادکست‌ها", content=content, style="/".join(STYLE))


def wrong(status: int) -> str:
    """Return the page that says what went wrong: 404 → «چنین صفحه‌ای اینجا نیست.»."""
    content = '<p><a href="/">بازگشت به صفحهٔ نخست</a></p>'
    return _PAGE.format(title=_WRONG[status], content=content, style="/" + "/".join(STYLE))


def style(show: str | None) -> bytes:
    """Return the style of these pages, with the font of a show: its name, "" for the output folder itself."""
    css = (files("audiopress") / "listen" / "data" / "pages.css").read_bytes()
    if show is None:
        return css
    source = "../" + quote(f"{show}/{FONT}" if show else FONT)
    face = f'@font-face {{ font-family: Vazirmatn; src: url("{source}") format("woff2"); font-weight: 100 900; }}'
    return face.encode() + b"\n" + css


def _item(card: Card) -> str:
    base = f"{quote(card.name)}/" if card.name else ""
    link = escape(base + card.page or "./")
    picture = ""
    if card.cover:
        picture = f'<img src="{escape(base + quote(card.cover))}" alt="" width="96" height="96" loading="lazy">'
    about = f"<p>{escape(card.description)}</p>" if card.description else ""
    return f'<li>{picture}<div><h2><a href="{link}">{escape(card.title)}</a></h2>{about}</div></li>'


def _channel(feed: Path) -> dict[str, str]:
    """Return the title and description of a feed, reading it no further than its first episode."""
    from lxml import etree  # noqa: PLC0415 - only where shows are listed

    facts: dict[str, Any] = {}
    wanted = ("title", "description", "item")
    with contextlib.suppress(OSError, etree.XMLSyntaxError), feed.open("rb") as stream:
        for event, element in etree.iterparse(stream, events=("start", "end"), tag=wanted, resolve_entities=False):
            if element.tag == "item":
                break
            parent = element.getparent()
            if event == "end" and parent is not None and parent.tag == "channel":
                facts.setdefault(element.tag, " ".join((element.text or "").split()))
    return facts
