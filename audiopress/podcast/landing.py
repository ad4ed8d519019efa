"""The show's own page, for people, and its OPML, for their podcast apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.podcast.dates import jalali, persian_digits
from audiopress.podcast.feed import FEED, moment
from audiopress.podcast.pages import AI_VOICE, Markup, address, beside, duration, element, is_web, joined, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Episode, Show

INDEX, OPML = "index.html", "show.opml"
#: Episodes on the page: as many as a reader will scroll through, in some 60 kB.
LISTED = 50

#: What Persian readers call the directories; others are called as they are listed.
_DIRECTORIES = {
    "apple": "اپل پادکست",
    "spotify": "اسپاتیفای",
    "castbox": "کست‌باکس",
    "youtube": "یوتیوب",
    "telegram": "تلگرام",
    "shenoto": "شنوتو",
    "namlik": "ناملیک",
    "overcast": "اورکست",
    "pocketcasts": "پاکت‌کستس",
    "antennapod": "آنتناپاد",
    "amazon": "آمازون موزیک",
    "deezer": "دیزر",
}


def index_html(show: Show, episodes: Sequence[Episode]) -> bytes:
    """Return a show's landing page, UTF-8: cover, ways to subscribe, and its episodes; it needs no script.

    ``index_html(Show("خبر روستا"), episodes)`` → ``'<!DOCTYPE html>…<h1>خبر روستا</h1>…'``. ``episodes`` are given
    newest first; a show that is heard from its beginning (``order = "oldest"``) lists its first ones.
    """
    ordered = tuple(reversed(episodes)) if show.order == "oldest" else tuple(episodes)
    listed = ordered[:LISTED]
    return page(
        show,
        _header(show),
        element("main", _subscribe(show), _episodes(show, listed, len(ordered))),
        element("footer", element("p", AI_VOICE)),
        path=INDEX,
        title=show.title,
        description=show.description or show.title,
        image=show.image,
        head=(element("meta", property="og:type", content="website"), *_player()),
    )


def _player() -> tuple[Markup, ...]:
    """Return what makes the page a player where scripts run (audiopress/listen/player), and an app to be installed."""
    return (
        element("link", rel="manifest", href="manifest.webmanifest"),
        element("link", rel="icon", href="assets/player/icon.svg", type="image/svg+xml"),
        element("link", rel="apple-touch-icon", href="assets/player/icon-192.png"),
        element("link", rel="stylesheet", href="assets/player/player.css"),
        element("script", type="module", src="assets/player/player.js"),
    )


def opml(show: Show) -> bytes:
    """Return OPML 2.0 that names the show's feed, UTF-8: podcast apps import it.

    ``opml(Show("خبر", base_url="https://example.org"))`` →
    ``'…<outline type="rss" text="خبر" title="خبر" xmlUrl="https://example.org/feed.xml" …/>…'``
    """
    feed = address(show, FEED) if show.base_url else FEED
    facts: dict[str, str | bool] = {"type": "rss", "text": show.title, "title": show.title, "xmlUrl": feed}
    facts |= {"htmlUrl": address(show, "")} if show.base_url else {}
    facts |= {"description": show.description, "language": show.language}
    outline = element("outline", **facts)
    head = element("head", element("title", show.title), element("ownerName", show.author or show.title))
    whole = element("opml", Markup("\n"), head, Markup("\n"), element("body", outline), Markup("\n"), version="2.0")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole.text}\n'.encode()


def _header(show: Show) -> Markup:
    """Return cover, title and what the show is about."""
    cover = (
        element("img", src=beside(show.image, INDEX), alt="", width="3000", height="3000") if show.image else Markup("")
    )
    about = [element("h1", show.title)]
    about += [element("p", show.author, class_="author")] if show.author else []
    about += [element("p", show.description, class_="description")] if show.description else []
    return element("header", cover, element("div", *about), class_="cover")


def _subscribe(show: Show) -> Markup:
    """Return the ways to subscribe: directories, apps on this device, the feed and its address."""
    links = [
        element("a", _DIRECTORIES.get(name.lower(), name), href=link, rel="noopener")
        for name, link in show.links
        if is_web(link)
    ]
    feed = address(show, FEED) if show.base_url else FEED
    if show.base_url and not any(name.lower() == "apple" for name, _ in show.links):
        # Apple's apps subscribe to whatever address follows podcasts:// (without its own scheme).
        links.insert(0, element("a", _DIRECTORIES["apple"], href=f"podcasts://{feed.partition('://')[2]}"))
    links.append(element("a", "خوراک RSS", href=FEED, type="application/rss+xml"))
    parts = [
        element("h2", "اشتراک", id="subscribe"),
        element("ul", *(element("li", link) for link in links), class_="links"),
    ]
    if show.base_url:
        asked = element("p", "نشانی این پادکست برای برنامه‌های دیگر:", class_="hint", id="feed-address")
        parts += [asked, element("p", element("code", feed, dir="ltr"), class_="address")]
    take = element("a", "پروندهٔ OPML", href=OPML, download=True)
    parts.append(element("p", "برای افزودن یک‌باره به برنامهٔ پادکست: ", take, class_="hint"))
    return element("section", *parts, aria_labelledby="subscribe", class_="subscribe")


def _episodes(show: Show, listed: Sequence[Episode], number: int) -> Markup:
    """Return the episodes, and where the others are."""
    heading = element("h2", "قسمت‌ها" if show.order == "oldest" else "تازه‌ترین قسمت‌ها", id="episodes")
    if not listed:
        return element("section", heading, element("p", "هنوز قسمتی منتشر نشده است."), aria_labelledby="episodes")
    parts = [_episode(episode) for episode in listed]
    if number > len(listed):
        rest = persian_digits(str(number - len(listed)))
        parts.append(element("p", element("a", f"{rest} قسمت دیگر در خوراک RSS", href=FEED), class_="more"))
    return element("section", heading, joined(Markup("\n"), *parts, by="\n"), aria_labelledby="episodes")


def _episode(episode: Episode) -> Markup:
    """Return what the page says of an episode."""
    text = beside(f"{episode.enclosure.rpartition('/')[0]}/{episode.slug}.html", INDEX)
    when = moment(episode.published)
    facts = [element("time", jalali(when), datetime=when.isoformat()), duration(episode.seconds)]
    facts += [element("span", episode.agency)] if episode.agency else []
    sound = element(
        "audio",
        controls=True,
        preload="none",
        src=beside(episode.enclosure, INDEX),
        aria_label=f"پخش «{episode.title}»",
    )
    return element(
        "article",
        element("h3", element("a", episode.title, href=text)),
        element("p", joined(*facts, by=" "), class_="facts"),
        element("p", episode.description, class_="description") if episode.description else "",
        sound,
        element(
            "p",
            element("a", "متن همراه با صدا", href=text, aria_label=f"متن «{episode.title}» همراه با صدا"),
            class_="read",
        ),
    )
