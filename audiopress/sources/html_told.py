"""What a page tells of its article beside the text: title, agency, author, date, picture, address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from audiopress.model import Origin
from audiopress.sources.boilerplate import agency_name, outlet, skeleton
from audiopress.sources.html_dates import iso
from audiopress.sources.html_linked import Linked, linked_article
from audiopress.sources.html_tree import line_of, text_of
from audiopress.sources.plain import clean
from audiopress.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiopress.model import Dropped
    from audiopress.sources.html_layouts import Layout
    from audiopress.sources.html_tree import Page

_SEPARATOR = re.compile(r"\s+[-–—|:»«•·]{1,2}\s+|\s*[|»«]\s*|\s*::\s*")
_TRAIL = re.compile(r"\s[>›/»]\s.*\s[>›/»]\s")  # a way through the site: «شهرداری > اخبار > مشروح خبر»
_PERSIAN = re.compile("[ء-غف-يپچژکگی]")
_WORDS = 4  # words of an h1 that is a title whatever the meta tags say: site names have at most three
_NAME_LONGEST = 40  # characters of a site's name that can be said as a credit
_BYLINE_LABEL = re.compile(
    r"^(?:نوشته شده توسط|نگارش از|نویسنده|نوشته|نگارنده|خبرنگار|گزارشگر|گزارش|به قلم|مترجم|ترجمه|نوشتهٔ|By)\s*[:؛/]?\s+",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(r"\s*[-–،|/]\s*\w+\s*:")  # «خبرنگار: مینا راد - عکاس: رها نیک»
#: Reasons of lines left out that may say when the article was published, and how long such lines are.
_DATED = frozenset({"date line", "byline", "news code", "outside the article"})
_LINE_LONGEST = 200
_BYLINE_LONGEST = 80  # characters; longer ones hold more than names
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate",
    "pubdate", "dc.date", "dc.date.issued", "dcterms.created", "dc.date.created", "date", "news:published",
    "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_SECTIONS = ("article:section", "og:article:section", "section", "parsely-section")
_AUTHORS = ("author", "article:author", "dc.creator", "dc.creator.name", "parsely-author")
_TITLES = ("og:title", "twitter:title", "dc.title", "title")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail")
_SITES = ("og:site_name", "application-name", "dc.publisher", "publisher")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells of its article; what it does not tell is ""."""

    title: str
    title_line: int
    agency: str
    origin: Origin
    linked: Linked


class Meta:
    """The meta tags of a page by name or property, in lower case; the first of a name counts."""

    def __init__(self, page: Page) -> None:
        """Read them once."""
        self._found: dict[str, tuple[str, int]] = {}
        for tag in page.root.iter("meta"):
            value = " ".join(clean(tag.get("content") or "").split())
            for key in filter(None, (tag.get("property"), tag.get("name"), tag.get("itemprop"))):
                if value:
                    self._found.setdefault(key.strip().lower(), (value, line_of(tag)))

    def first(self, names: tuple[str, ...]) -> tuple[str, int]:
        """The value of the first of some names that is there, and its line."""
        return next((self._found[name] for name in names if name in self._found), ("", 0))


def tell(page: Page, url: str) -> Told:
    """What a page tells by itself: meta tags, JSON-LD and its address; ``url`` is where it was found."""
    meta, linked = Meta(page), linked_article(page)
    site = meta.first(_SITES)[0] or linked.publisher
    base = _web(_base(page), url) or url
    link = _link(page, meta, linked, base, url)
    heading = next(map(text_of, page.root.iter("title")), "")
    author = meta.first(_AUTHORS)[0]
    agency = _agency(link or url) or _agency(url) or _credit(linked.publisher) or _credit(site)
    names = _SEPARATOR.split(heading)
    agency = agency or _known(author) or next(filter(None, map(_known, (names[-1], names[0]))), "")
    title, line = _title(page, meta, linked, (site, linked.publisher, outlet(agency), agency))
    sites = {skeleton(name) for name in (site, linked.publisher, agency, outlet(agency))}
    persons = (name for name in map(byline_of, (linked.byline, author)) if skeleton(name) not in sites)
    byline = next((name for name in persons if name and not _known(name)), "")
    origin = Origin(
        link=link,
        image=_web(meta.first(_IMAGES)[0] or linked.image or _rel(page, "image_src"), link or base),
        byline=byline,
        published=iso(linked.published) or iso(meta.first(_PUBLISHED)[0]),
        section=meta.first(_SECTIONS)[0] or linked.section,
    )
    return Told(title, line, agency, origin, linked)


def heading_of(page: Page, titles: list[Any], told: Told) -> Any:
    """The element among some headings that is the article's title, or None.

    It is the one most like what the meta tags say; else the first that is long enough to be no site's name.
    """
    wanted = skeleton(told.title)
    seen = [(element, skeleton(text_of(element))) for element in titles if page.size[element]]
    alike = [pair for pair in seen if pair[1] and wanted and (pair[1] in wanted or wanted in pair[1])]
    if alike:
        return min(alike, key=lambda pair: abs(len(pair[1]) - len(wanted)))[0]
    long = (element for element, said in seen if said and len(text_of(element).split()) >= (_WORDS if wanted else 1))
    return next(long, None)


def seen_origin(page: Page, layout: Layout, dropped: Sequence[Dropped], origin: Origin) -> Origin:
    """What readers see of date, author and section where nothing tells it to machines."""
    published, byline, section = origin.published, origin.byline, origin.section
    if not published:
        times = [element.get("datetime") or text_of(element) for element in page.root.iter("time")]
        shown = [text_of(element) for element in layout.dates]
        lines = [piece.text for piece in dropped if piece.why in _DATED and len(piece.text) <= _LINE_LONGEST]
        published = next(filter(None, map(iso, (*times[:5], *shown[:20], *lines[:50]))), "")
    if not _PERSIAN.search(byline):  # a name in Latin letters is for machines
        seen = [text_of(element) for element in layout.bylines] + [
            each.text for each in dropped if each.why == "byline"
        ]
        byline = next(filter(_PERSIAN.search, map(byline_of, seen)), byline)
    if not section:
        section = next(filter(None, (text_of(element)[:_NAME_LONGEST] for element in layout.sections)), "")
    return Origin(origin.link, origin.image, byline, published, section)


def byline_of(text: str) -> str:
    """The names in a byline: «خبرنگار: مینا راد» → «مینا راد»; "" for what holds more than names."""
    names = _OTHER_ROLE.split(_BYLINE_LABEL.sub("", " ".join(clean(text).split())), maxsplit=1)[0].strip(" :،-–|/")
    sound = 1 < len(names) <= _BYLINE_LONGEST and not {":", "@"} & set(names)
    return names if sound and not names.endswith((".", "؟", "!")) else ""


def _title(page: Page, meta: Meta, linked: Linked, names: tuple[str, ...]) -> tuple[str, int]:
    """The title that is told to machines, without the site's name, and its line."""
    known = {skeleton(name) for name in names if name}
    heading = next(page.root.iter("title"), None)
    offered = [meta.first(_TITLES), (linked.headline, linked.line)]
    if heading is not None:
        offered.append((text_of(heading), line_of(heading)))
    for text, line in offered:
        bare = "" if _TRAIL.search(text) else _without_site(text, known)
        if bare and skeleton(bare) not in known:
            return bare, line
    return "", 0


def _without_site(title: str, known: set[str]) -> str:
    """A title without the site's name before or after it: «باران آمد | ایرنا» → «باران آمد»."""
    while True:
        joints = list(_SEPARATOR.finditer(title))
        if not joints:
            return title
        first, last = joints[0], joints[-1]
        if _is_site(title[last.end() :], known):
            title = title[: last.start()].strip()
        elif _is_site(title[: first.start()], known):
            title = title[first.end() :].strip()
        else:
            return title


def _is_site(name: str, known: set[str]) -> bool:
    return skeleton(name) in known or bool(_known(name))


def _agency(url: str) -> str:
    """The agency whose site an address is on, "" for others."""
    parts = _split(url)
    if not parts:
        return ""
    host, path = parts
    for name, agency in _hosts().items():
        known, _, under = name.partition("/")
        if (host == known or host.endswith("." + known)) and (not under or path.startswith("/" + under)):
            return agency
    return ""


def _credit(site: str) -> str:
    """The name of a site as a credit: as the table of agencies spells it, else as it stands if it is Persian."""
    for name in (site, *_SEPARATOR.split(site)):
        if _known(name):
            return _known(name)
    short = _SEPARATOR.split(site)[0].strip()
    return short if _PERSIAN.search(short) and len(short) <= _NAME_LONGEST else ""


def _known(name: str) -> str:
    """The agency of a name, "" where the table lacks it: «خبرگزاری مهر» → «مهر»."""
    agency = agency_name(name)
    return agency if outlet(agency) else ""


def _link(page: Page, meta: Meta, linked: Linked, base: str, url: str) -> str:
    """The article's own address; one that leads to the site's front page is a mistake of its template."""
    for offered in (_rel(page, "canonical"), meta.first(("og:url",))[0], linked.link):
        link = _web(offered, base)
        parts = _split(link)
        if parts and parts[1].strip("/"):
            return link
    return url if _split(url) else ""


def _rel(page: Page, rel: str) -> str:
    links: Iterator[Any] = page.root.iter("link")
    return next((link.get("href") or "" for link in links if (link.get("rel") or "").lower() == rel), "")


def _base(page: Page) -> str:
    return next((base.get("href") or "" for base in page.root.iter("base")), "")


def _web(address: str, base: str) -> str:
    """An address resolved against another; "" where it is not one of the web (data:, javascript:, file:)."""
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
    return whole if _split(whole) and not any(map(str.isspace, whole)) else ""


def _split(url: str) -> tuple[str, str] | None:
    """Host without www and path of an address of the web, None for others."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    return (host, parts.path) if host and parts.scheme in {"http", "https"} else None


@cache
def _hosts() -> dict[str, str]:
    return {host: agency for host, agency, _ in read_table("sources", "hosts.tsv", 3)}
