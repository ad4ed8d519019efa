"""From a programme to an episode's folder: what it is made from, what changed, and the files beside its sound."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiopress.audio.tags import Tags
from audiopress.model import ChapterMark, Role, milliseconds
from audiopress.podcast import cover
from audiopress.podcast.artwork import embedded, named
from audiopress.podcast.captions import srt, webvtt
from audiopress.podcast.chapters import chapters_json
from audiopress.podcast.dates import jalali
from audiopress.podcast.feed import moment
from audiopress.podcast.library import EPISODES, FACTS, SCRIPT, facts_json, script_json
from audiopress.podcast.readalong import readalong_page
from audiopress.podcast.words import words_json
from audiopress.press.reading import script_report, transcript_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiopress.config import Settings
    from audiopress.model import Episode, Music, Programme, Pronunciation, Script, Show
    from audiopress.podcast.library import Identity
    from audiopress.press.reading import SpokenSegment
    from audiopress.tts.cast import Cast

LAYOUT = 2  # raised when every episode must be made anew though nothing it says has changed


@dataclass(frozen=True, slots=True)
class Edition:
    """What a version of an episode is made from."""

    identity: Identity
    script: Script
    segments: tuple[SpokenSegment, ...]
    digests: Mapping[str, str]


def digests(
    script: Script, segments: Iterable[SpokenSegment], cast: Cast, versions: list[str], settings: Settings
) -> dict[str, str]:
    """Hashes of all that decides what an episode is, by what a listener would call a change of it."""
    written = [sentence.written for segment in script.segments for sentence in segment.sentences]
    spoken = [
        [asdict(part.segment), [[said.utterance.spoken, _sounds_of(said)] for said in part.pronunciations]]
        for part in segments
    ]
    show = asdict(replace(settings.show, base_url="", image="", keep=0, order="", frequency="", links=()))
    actors: list[object] = [[role, cast.actor(role).voice.name, asdict(cast.delivery(role))] for role in Role]
    options = [[voice.name, voice.options] for voice in cast.voices]
    return {
        "text": _digest([script.title, script.agency, written]),
        "voice": _digest(actors),
        "sound": _digest([LAYOUT, versions, options, settings.format, _sounds(settings.music), spoken]),
        "show": _digest([cover.DESIGN, show]),
    }


def _sounds_of(pronunciation: Pronunciation) -> list[tuple[str, str, str]]:
    """What a voice hears of it: not whether a reader should look at it."""
    return [(word.phonemes, word.vocalized, word.after) for word in pronunciation.words]


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What listeners are told of a new version: "text", "voice", "sound", or "" where what they hear is the same."""
    return next((part for part in ("text", "voice", "sound") if before and before.get(part) != after[part]), "")


def picture(episode: Episode, show: Show) -> bytes:
    """The cover of an episode, a JPEG file."""
    when = jalali(moment(episode.published))
    return cover.episode_cover(episode.title, show=show.title, category=show.category, date=when)


def tags(edition: Edition, show: Show, drawn: bytes) -> Tags:
    """What the audio file says of itself."""
    script = edition.script
    artist = script.agency or show.author or show.title
    return Tags(script.title, show.title, artist, transcript_text(edition.segments), cover=embedded(drawn))


def finished(episode: Episode, programme: Programme, drawn: bytes) -> Episode:
    """The episode with all that is known once its programme is there."""
    rate = programme.sample_rate
    marks = tuple(ChapterMark(milliseconds(chapter.start, rate), chapter.title) for chapter in programme.chapters)
    return replace(
        episode,
        length=programme.path.stat().st_size,
        seconds=round(programme.seconds, 3),
        chapters=marks,
        image=f"{EPISODES}/{episode.slug}/{named(episode.slug, drawn)}",
    )


def files(episode: Episode, programme: Programme, drawn: bytes, show: Show, edition: Edition) -> dict[str, bytes]:
    """The files beside an episode's sound by their names; its facts come last."""
    slug, cues, rate = episode.slug, programme.cues, programme.sample_rate
    measured = {"loudness": programme.loudness, "true_peak": programme.true_peak}
    report = script_report(replace(edition.script, source=episode.source), edition.segments)
    return {
        Path(episode.image).name: drawn,
        f"{slug}.vtt": webvtt(cues, rate),
        f"{slug}.srt": srt(cues, rate),
        f"{slug}.words.json": words_json(cues, rate),
        f"{slug}.html": readalong_page(show, episode, cues, rate),
        f"{slug}.chapters.json": chapters_json(episode.chapters, episode.told),
        SCRIPT: script_json(measured | report),
        FACTS: facts_json(episode, edition.identity, edition.digests),
    }


def _sounds(music: Music) -> list[str]:
    """Hashes of the show's own sounds; a file that is missing has none, and is told of when it is opened."""
    paths = (music.intro, music.outro, music.section, music.bed)
    return [hashlib.sha256(path.read_bytes()).hexdigest() if path and path.is_file() else "" for path in paths]


def _digest(facts: list[object]) -> str:
    text = json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]
