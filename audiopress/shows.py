"""A show's folder: set up, brought up to date, looked after and sent to where listeners find it.

Making its episodes is press.py's work.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiopress.audio.cut import cut_chapters
from audiopress.disk import alone
from audiopress.errors import OutputError, PublishError
from audiopress.listen.player_files import player_files
from audiopress.listen.playlist import playlist
from audiopress.podcast.artwork import load_artwork, named, thumbnail
from audiopress.podcast.categories import find_category
from audiopress.podcast.drafts import delete_episode
from audiopress.podcast.feed import FEED, feed_pages
from audiopress.podcast.folder import disk_errors, write
from audiopress.podcast.landing import index_html, opml
from audiopress.podcast.library import EPISODES, load_deleted, load_entries
from audiopress.podcast.public import public_files
from audiopress.podcast.site import site_files
from audiopress.podcast.validate import validate as podcast_validate
from audiopress.publish.files import survey
from audiopress.publish.send import send_files
from audiopress.publish.targets import ChannelTarget, parse_target
from audiopress.publish.telegram import send_episodes

if TYPE_CHECKING:
    from pathlib import Path

    from audiopress.config import Settings
    from audiopress.model import Episode, Show
    from audiopress.podcast.validate import Finding
    from audiopress.publish.patience import Progress
    from audiopress.publish.plan import Report

#: Digits of the hash in a cover's name: with 32 bits two covers of a show never meet.
_DIGITS = 8


def checked(settings: Settings) -> Settings:
    """The settings with the category by its full name; raises ConfigError where a value cannot be."""
    category = find_category(settings.show.category)
    return replace(settings, show=replace(settings.show, category=category.name))


def is_behind(output: Path) -> bool:
    """Whether the feed is older than the newest episode: who was to write it was killed before."""
    try:
        newest = max(entry.stat().st_mtime_ns for entry in os.scandir(output / EPISODES) if entry.name[0] != ".")
    except (OSError, ValueError):  # no episodes
        return False
    feed = output / FEED
    return not feed.is_file() or feed.stat().st_mtime_ns < newest


def refresh(settings: Settings) -> Show:
    """Bring all that a show's folder says of its episodes up to date: feed, pages, cover; return the show.

    The same episodes and settings give the same bytes, and a file that is right already is not touched. The feed comes
    last, so it never names what is not there.

    Raises:
        OutputError: the folder cannot be written.
        ConfigError: the show's own cover is not what directories accept.
    """
    output = settings.output
    if not output.is_dir():
        raise OutputError(f"There is no show in {output}; set one up with: audiopress init {output}")
    with disk_errors(output), alone(output):
        show = replace(settings.show, image=_cover(settings))
        entries = load_entries(output)
        pages = dict(feed_pages(show, entries, load_deleted(output)))
        episodes = [entry.episode for entry in entries]
        pages_for_people = {"show.opml": opml(show), "index.html": index_html(show, episodes)}
        files = {**dict(site_files()), **dict(player_files(show)), **pages_for_people}
        for name, data in [*files.items(), *reversed(pages.items())]:
            _keep(output / name, data)
        for path in output.glob("feed-*.xml"):
            if path.name not in pages:
                path.unlink()
        for path in output.glob("cover-*"):
            if path.name != show.image:
                path.unlink()
    return show


def _keep(path: Path, data: bytes) -> None:
    """Write a file unless it holds the same bytes already."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, data)


def _cover(settings: Settings) -> str:
    """Return the name of the show's cover, made where it is not there yet: another picture has another name."""
    if settings.artwork:
        picture = load_artwork(settings.artwork)
        name = named("cover", picture)
        _keep(settings.output / name, picture)
        return name
    from audiopress.podcast import cover  # noqa: PLC0415 - Pillow is only loaded where something is drawn

    show = settings.show
    facts = [cover.DESIGN, show.title, show.author, show.description, show.category]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:_DIGITS]
    name = f"cover-{digest}.jpg"
    if not (settings.output / name).is_file():
        drawn = cover.show_cover(show.title, author=show.author, description=show.description, category=show.category)
        write(settings.output / name, drawn)
    return name


def episodes(settings: Settings) -> tuple[Episode, ...]:
    """The show's episodes, newest first."""
    return tuple(entry.episode for entry in load_entries(settings.output))


def delete(settings: Settings, slug: str) -> str:
    """Take an episode out of the show and tell readers in the feed; return its title."""
    title = delete_episode(settings.output, slug, datetime.now(UTC))
    refresh(settings)
    return title


def validate(settings: Settings, public: str = "") -> tuple[Finding, ...]:
    """What a directory would find wrong with the show, on disk and, where it is given, at its public address."""
    return podcast_validate(settings.output, show=checked(settings).show, public=public)


def write_playlist(settings: Settings, path: Path | None = None) -> Path:
    """Write the show as an extended M3U playlist, newest episode first; without a path it lies in the show's folder.

    Addresses are relative in the show's own folder, and elsewhere those of the show's base URL or of its files here.

    Raises:
        OutputError: there is no episode, or the file cannot be written.
    """
    found, output = episodes(settings), settings.output
    if not found:
        raise OutputError(f"{output} has no episodes yet; make some with: audiopress produce ARTICLE --output {output}")
    base = "" if path is None else settings.show.base_url or output.resolve().as_uri()
    target = path or output / "show.m3u8"
    write(target, playlist(settings.show, found, base_url=base))
    return target


def publish(
    settings: Settings,
    target: str,
    progress: Progress,
    *,
    state: Path,
    dry_run: bool = False,
    remove: bool = False,
) -> Report:
    """Send the show to one target: its files, or to a Telegram channel its episodes; only what changed is sent.

    What was posted to channels is remembered in the folder ``state``. ``remove`` takes away what the show no longer
    has, too; ``dry_run`` sends nothing.

    Raises:
        PublishError: the target cannot be used, or not all could be sent; the next run goes on from there.
    """
    output = settings.output
    if not (output / FEED).is_file():
        raise PublishError(f"{output} has no {FEED} yet; make an episode with: audiopress produce ARTICLE")
    found = parse_target(target, os.environ)
    if not isinstance(found, ChannelTarget):
        with disk_errors(output), alone(output):  # nobody changes the feed between its media and itself
            files = survey(public_files(output))
        return send_files(found, files, progress, dry_run=dry_run, delete=remove)
    deleted = [each.guid for each in load_deleted(output)]
    return send_episodes(
        found,
        settings.show,
        episodes(settings),
        output,
        progress,
        state=state / "telegram",
        thumbnail=lambda episode: _thumbnail(output, episode),
        cut=cut_chapters,
        deleted=deleted,
        dry_run=dry_run,
        delete=remove,
    )


def _thumbnail(output: Path, episode: Episode) -> bytes:
    """A small picture of an episode, b"" where it has no cover."""
    path = output / episode.image
    return thumbnail(path.read_bytes()) if episode.image and path.is_file() else b""
