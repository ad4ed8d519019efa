"""A show as an extended M3U playlist, for car radios, network speakers and players on computers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiopress.model import Episode, Show

#: What may stand in an address as it is: RFC 3986, section 2, without what ends one; "%" for what is quoted already.
_SAFE = "/:?&=@!$'()*+,;~%[]"


def playlist(show: Show, episodes: Iterable[Episode], *, base_url: str = "") -> bytes:
    """Return the playlist of some episodes, in the order given, UTF-8 (which is what the 8 of ``.m3u8`` says).

    Example::

        playlist(Show("خبر روستا"), episodes, base_url="https://example.org/p")
        # → #EXTM3U
        #   #PLAYLIST:خبر روستا
        #   #EXTINF:249,خبر روستا - جشنواره رودخانه
        #   #EXTALB:خبر روستا
        #   #EXTALBUMARTURL:https://example.org/p/episodes/river/river-eeb904af.jpg
        #   https://example.org/p/episodes/river/river.mp3

    Addresses are relative to the show's folder where there is no ``base_url``: the file then belongs into it. The cover
    is named twice, as VLC (#EXTALBUMARTURL) and radios (#EXTIMG) read it; unknown lines are comments to a player.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(show.title)}"]
    for episode in episodes:
        name = " - ".join(filter(None, (_line(show.title), _line(episode.title))))
        lines += [f"#EXTINF:{max(0, round(episode.seconds))},{name}"]
        lines += [f"#EXTALB:{_line(show.title)}"]
        artist = _line(episode.agency or show.author)
        lines += [f"#EXTART:{artist}"] if artist else []
        image = episode.image or show.image
        if image:
            lines += [f"{tag}:{_address(image, base_url)}" for tag in ("#EXTALBUMARTURL", "#EXTIMG")]
        lines.append(_address(episode.enclosure, base_url))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _line(text: str) -> str:
    """A text in one line: a line break would begin an address."""
    return " ".join(
        "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else " " for letter in text).split()
    )


def _address(path: str, base_url: str) -> str:
    """Where a file of the show is: ``a b.mp3`` → ``https://example.org/p/a%20b.mp3``; the same below another base."""
    path = quote(path, safe="/")
    return f"{quote(base_url.rstrip('/'), safe=_SAFE)}/{path}" if base_url else path
