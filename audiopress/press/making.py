"""One episode, from its pronunciations to its files: the part of the line that takes time, here or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.audio.programme import write_programme
from audiopress.model import Episode
from audiopress.podcast.folder import write as write_file
from audiopress.podcast.library import EPISODES
from audiopress.press import publishing
from audiopress.press.reading import description
from audiopress.sources.address import is_address

if TYPE_CHECKING:
    from audiopress.config import Settings
    from audiopress.model import Script
    from audiopress.podcast.library import Known
    from audiopress.press.publishing import Edition
    from audiopress.press.recording import Recorder
    from audiopress.tts.cast import Cast


@dataclass(frozen=True, slots=True)
class Order:
    """An episode to be made, with all that whoever makes it must know."""

    article: Script  #: as it was written, without the show's frame
    edition: Edition
    slug: str
    guid: str
    published: str  #: ISO 8601 with offset
    before: Known | None  #: the episode it replaces


@dataclass(frozen=True, slots=True)
class Made:
    """An episode whose files lie in a folder."""

    episode: Episode
    fresh: int  #: utterances that the clip cache did not hold


def now() -> str:
    """This moment in the user's own time zone, to the second."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def make_episode(order: Order, cast: Cast, recorder: Recorder, settings: Settings, folder: Path) -> Made:
    """Speak, master and write all files of an episode into ``folder``, its facts last.

    Raises VoiceFailed where a voice of the cast fails, AudioError and OutputError as the rooms do.
    """
    edition, show = order.edition, settings.show
    recording = recorder.record(edition.script, edition.segments, settings.music, cast)
    episode = _facts(order, settings.format, cast.narrator.voice.name)
    drawn = publishing.picture(episode, show)
    path = folder / Path(episode.enclosure).name
    programme = write_programme(recording.timeline, path, publishing.tags(edition, show, drawn))
    episode = publishing.finished(episode, programme, drawn)
    for name, data in publishing.files(episode, programme, drawn, show, edition).items():
        write_file(folder / name, data)
    return Made(episode, recording.fresh)


def _facts(order: Order, ending: str, voice: str) -> Episode:
    """What is known of an episode before its sound is there; a new version says what is new in it."""
    article, known = order.article, order.before
    before = known.episode if known else None
    change = publishing.changed(known.digests, order.edition.digests) if known else ""
    updated = now() if change else ""
    if before and not change:
        updated, change = before.updated, before.change
    return Episode(
        slug=order.slug,
        guid=order.guid,
        title=article.title,
        description=description(article),
        published=known.published if known else order.published,
        enclosure=f"{EPISODES}/{order.slug}/{order.slug}.{ending}",
        length=0,
        seconds=0.0,
        voice=voice,
        agency=article.agency,
        source=_shown(article.source),
        updated=updated,
        change=change,
        link=article.origin.link,
        byline=article.origin.byline,
        dated=article.origin.published,
        told=article.told,
    )


def _shown(source: str) -> str:
    """A source as readers may see it: an address, or a file's name without the folders of a machine."""
    if source == "-":
        return ""
    return source if is_address(source) else Path(source).name
