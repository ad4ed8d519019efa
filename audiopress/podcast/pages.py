"""What all pages share: elements that escape themselves, the frame of a page, paths and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from posixpath import dirname, relpath
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from audiopress.podcast.dates import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Show

#: Elements without content (HTML, section 13.1.2).
_VOID = frozenset({"img", "link", "meta", "br"})
#: What is no text of an HTML page: controls, surrogates and noncharacters (HTML, section 13.2.3.5).
_UNPRINTABLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: What a page may load: its own style, script and font, and sound and pictures from wherever the show is served.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' https:; "
    "media-src 'self' https:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_PREVIEW = 300  # letters of a description; Telegram, WhatsApp and search engines show fewer
#: The grounds of site.css, for the browser's own bars.
PAPER, NIGHT = "#fbf9f4", "#15191c"

AI_VOICE = "این پادکست را صدای مصنوعی (هوش مصنوعی) خوانده است."


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of HTML that is escaped already."""

    text: str


def element(name: str, /, *content: str | Markup, **attributes: str | bool) -> Markup:
    """Return an element; text and values are escaped, ``data_start`` is the attribute data-start, ``class_`` class.

    ``element("a", "a < b", href="x?y&z", hidden=True)`` → ``<a href="x?y&amp;z" hidden>a &lt; b</a>``. An attribute
    that is "" is written so; one that is False is left out.
    """
    named = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_clean(str(value))}"')
        for key, value in attributes.items()
        if value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{named}>")
    return Markup(f"<{name}{named}>{joined(*content).text}</{name}>")


def joined(*content: str | Markup, by: str = "") -> Markup:
    """Return pieces of HTML and text as one: ``joined("a & b", Markup("<br>"))`` → ``a &amp; b<br>``."""
    return Markup(by.join(piece.text if isinstance(piece, Markup) else _clean(piece) for piece in content))


def page(
    show: Show,
    *content: Markup,
    path: str,
    title: str,
    description: str,
    image: str = "",
    head: Sequence[Markup] = (),
) -> bytes:
    """Return a whole page, UTF-8, in the show's language and from right to left.

    ``path`` is where it lies in the show's folder ("index.html"), ``image`` its picture there, ``head`` what it needs
    in its head besides. Its own address and pictures for previews are absolute, so they need the show's base URL.
    """
    assets = beside("assets", path)
    tags = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("meta", name="description", content=_short(description)),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="theme-color", media="(prefers-color-scheme: light)", content=PAPER),
        element("meta", name="theme-color", media="(prefers-color-scheme: dark)", content=NIGHT),
        element("link", rel="stylesheet", href=f"{assets}/site.css"),
        element("link", rel="alternate", type="application/rss+xml", title=show.title, href=beside("feed.xml", path)),
        *head,
        element("meta", property="og:site_name", content=show.title),
        element("meta", property="og:title", content=title),
        element("meta", property="og:description", content=_short(description)),
        element("meta", property="og:locale", content="fa_IR"),
        element("meta", name="twitter:card", content="summary"),
    ]
    if show.base_url:
        own = "" if path == "index.html" else path
        tags += [
            element("link", rel="canonical", href=address(show, own)),
            element("meta", property="og:url", content=address(show, own)),
        ]
        if image:
            tags.append(element("meta", property="og:image", content=address(show, image)))
    body = element("body", Markup("\n"), joined(*content, by="\n"), Markup("\n"))
    whole = element(
        "html", Markup("\n"), element("head", joined(*tags, by="\n")), Markup("\n"), body, lang=show.language, dir="rtl"
    )
    return f"<!DOCTYPE html>\n{whole.text}\n".encode()


def beside(target: str, path: str) -> str:
    """Return how a page at ``path`` names a file, both relative to the show's folder.

    ``beside("assets/site.css", "episodes/a/a.html")`` → ``../../assets/site.css``.
    """
    return quote(relpath(target, dirname(path) or "."))


def address(show: Show, path: str) -> str:
    """Return the absolute address of a file of the show, which must have a base URL."""
    return urljoin(f"{show.base_url.rstrip('/')}/", quote(path))


def is_web(link: str) -> bool:
    """Say whether a link may stand on a page: web addresses only, no scripts."""
    return link.lower().startswith(("https://", "http://"))


def duration(seconds: float) -> Markup:
    """Return a length as people read it, with the machine's form: 249.2 → «۴:۰۹», PT249.2S."""
    return element("time", clock(seconds), datetime=f"PT{seconds_text(seconds)}S")


def seconds_text(seconds: float) -> str:
    """Return seconds as attributes hold them, to the millisecond: 61.5 → ``61.5``, 3.0 → ``3``."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _short(description: str) -> str:
    """Return a description in one line of what previews show, about 300 letters."""
    line = " ".join(description.split())
    return line if len(line) <= _PREVIEW else line[:_PREVIEW].rsplit(" ", 1)[0] + "…"


def _clean(text: str) -> str:
    """Return a text escaped, without what HTML cannot hold."""
    return escape(_UNPRINTABLE.sub("", text))
