"""An item of a feed → Article: its own text where it is whole, else the page it links to."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from audiopress.errors import SourceError
from audiopress.model import Origin
from audiopress.sources.read import read_page

if TYPE_CHECKING:
    from audiopress.model import Article
    from audiopress.sources.feed import Item
    from audiopress.sources.read import Fetch


def read_item(item: Item, source: str, fetch: Fetch | None) -> Article:
    """The article of an item; what its page does not say of itself is taken from the feed.

    Without ``fetch``, or where there is no link, the feed's own text is read, be it only a lead. Raises SourceError
    where there is nothing to read.
    """
    if item.link and fetch and not item.whole:
        article = read_page(fetch(item.link), item.link)
    elif item.html.strip():
        from audiopress.sources.html import read_html  # noqa: PLC0415 - trafilatura takes half a second to import

        page = f"<html><head><meta charset='utf-8'><title>{escape(item.title)}</title></head><body><article>"
        page += f"<h1>{escape(item.title)}</h1><div>{item.html}</div></article></body></html>"
        article = read_html(page.encode(), source, url=item.link, charset="utf-8")
    else:
        raise SourceError(f"The feed says nothing of «{item.title}» but its title, and has no link to it.")
    told = article.origin
    origin = Origin(
        link=told.link or item.link,
        image=told.image or item.image,
        byline=told.byline or item.byline,
        published=told.published or item.published,
        section=item.section or told.section,
    )
    return replace(article, source=item.link or source, origin=origin)
