"""Checking a show as podcast directories do before they list it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

from audiopress.errors import OutputError
from audiopress.podcast.feed import FEED
from audiopress.podcast.validation.channel import check_channel, check_settings
from audiopress.podcast.validation.disk import check_beside, check_disk
from audiopress.podcast.validation.document import attribute, is_file, read_file, read_page, text_of, why
from audiopress.podcast.validation.finding import REFRESH, Finding, error
from audiopress.podcast.validation.item import check_item
from audiopress.podcast.validation.pages import base_of, check_base, check_pages, page_names
from audiopress.podcast.validation.picture import check_picture
from audiopress.podcast.validation.places import Place

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from audiopress.model import Show

__all__ = ["Finding", "validate"]

#: Episodes, newest first, whose sound is decoded from end to end and whose cover is opened: .3 s for four minutes of
#: sound. Of older ones, which few listeners ask for, tags, lengths and texts are checked.
CLOSELY = 50


def validate(output: Path, *, show: Show | None = None, public: str = "") -> tuple[Finding, ...]:
    """Return what is wrong with a show's folder, and with what ``public`` serves of it, in the order of the feed.

    Example::

        validate(Path("output"), public="https://example.org/podcast")
        # → (Finding("error", "feed.xml", "The owner's e-mail address is missing; …", "Set email …"),)

    ``show`` is what the settings say: with it, a feed that was made with other settings is found, too. ``public`` is
    the address of the folder or of its feed, "" where it is not to be asked. Whatever is damaged becomes a finding.

    Raises:
        OutputError: there is no feed.xml in the folder.
    """
    if not is_file(output / FEED):
        raise OutputError(f"{output} has no {FEED}; make an episode with: audiopress produce ARTICLE --output {output}")
    findings = list(_folder(output, show))
    if public:
        from audiopress.podcast.validation.public import check_public  # noqa: PLC0415 - the network is seldom asked

        findings += check_public(public, output / FEED)
    return tuple(dict.fromkeys(findings))


def _folder(output: Path, show: Show | None) -> list[Finding]:
    """Return what is wrong with the folder itself."""
    names = page_names(output)
    findings: list[Finding] = []
    channels: list[tuple[str, _Element]] = []
    for name in names:
        try:
            channel, wrong = read_page(read_file(output / name), name)
        except (OSError, ValueError) as problem:
            findings.append(error(name, f"The feed cannot be read: {why(problem)}.", REFRESH))
            continue
        findings += wrong
        if channel is not None:
            channels.append((name, channel))
    if not channels or channels[0][0] != FEED:
        return findings
    first = channels[0][1]
    place = Place(output, base_of(first, show))
    findings += check_base(first, place, show)
    findings += check_channel(first, place)
    findings += check_settings(first, show) if show else ()
    if (cover := place.file(attribute(first, "itunes:image", "href"))) and is_file(cover):
        findings += check_picture(cover, cover.name)
    findings += check_pages(channels, names, place)
    listed = [(name, item) for name, channel in channels for item in channel.findall("item")]
    findings += _items(listed, place)
    findings += check_beside(first, output)
    findings += check_disk([item for _, item in listed], place, show)
    return findings


def _items(listed: list[tuple[str, _Element]], place: Place) -> list[Finding]:
    """Return what is wrong with each episode; several are decoded at a time."""

    def check(number: int) -> list[Finding]:
        name, item = listed[number]
        title = " ".join(text_of(item, "title").split())
        where = f"{name}: {title or text_of(item, 'guid') or f'episode {number + 1}'}"
        return list(check_item(item, where, place, closely=number < CLOSELY))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(chain.from_iterable(pool.map(check, range(len(listed)))))
