"""What a page says of itself in JSON-LD (schema.org): its NewsArticle, wherever in the data that is."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiopress.sources.html_tree import line_of
from audiopress.sources.plain import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.sources.html_tree import Page

_LARGEST = 2_000_000  # characters of one script: an article with its whole text has some 50,000
_MOST = 5000  # objects looked at
#: The types of schema.org that are articles: CreativeWork › Article and what is below it in use for news.
_ARTICLES = ("article", "newsarticle", "posting", "report", "opinion")


@dataclass(frozen=True, slots=True)
class Linked:
    """An article as JSON-LD tells of it; what it does not tell is ""."""

    line: int = 0
    headline: str = ""
    body: str = ""  #: as written there: text or markup
    published: str = ""
    byline: str = ""  #: persons only
    publisher: str = ""
    image: str = ""
    link: str = ""
    section: str = ""
    free: bool = True  #: False where it says that one has to pay


def linked_article(page: Page) -> Linked:
    """The first article in a page's JSON-LD; nothing is told where there is none or it is damaged."""
    for script in page.find("script[type=application/ld+json]"):
        for thing in _things(script.text or ""):
            if _is_article(thing):
                return _linked(thing, line_of(script))
    return Linked()


def _things(text: str) -> Iterator[dict[str, Any]]:
    """All objects of a script, outer ones first."""
    if len(text) > _LARGEST:
        return
    try:
        todo = [json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST):
        if not todo:
            return
        thing = todo.pop(0)
        if isinstance(thing, dict):
            yield thing
        inner = thing.values() if isinstance(thing, dict) else thing
        todo += [value for value in inner if isinstance(value, dict | list)]


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    return any(str(name).lower().endswith(_ARTICLES) for name in names)


def _linked(thing: dict[str, Any], line: int) -> Linked:
    body = thing.get("articleBody")
    page = thing.get("mainEntityOfPage")
    return Linked(
        line=line,
        headline=_text(thing.get("headline") or thing.get("name")),
        body=body if isinstance(body, str) else "",
        published=_text(thing.get("datePublished") or thing.get("dateCreated")),
        byline="، ".join(_persons(thing.get("author"))),
        publisher=_text(_named(thing.get("publisher"))),
        image=_address(thing.get("image") or thing.get("thumbnailUrl")),
        link=_address(thing.get("url")) or _address(page),
        section=_text(thing.get("articleSection")),
        free=str(thing.get("isAccessibleForFree", True)).lower() not in {"false", "no"},
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return " ".join(clean(html.unescape(value)).split()) if isinstance(value, str) else ""


def _named(value: Any) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    return first.get("name") if isinstance(first, dict) else first


def _persons(value: Any) -> Iterator[str]:
    """Names of authors that are not organisations."""
    for author in value if isinstance(value, list) else [value]:
        organisation = isinstance(author, dict) and "organization" in str(author.get("@type", "")).lower()
        name = "" if organisation else _text(_named(author))
        if name and "://" not in name:
            yield name


def _address(value: Any) -> str:
    """The address in a string, an object with one, or the first of a list."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
        else:
            break
    return value.strip() if isinstance(value, str) else ""
