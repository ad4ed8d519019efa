"""The line itself: the only place where the stages meet.

source → article → script → utterances → pronunciations → clips → programme → episode → feed
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from audiopress import shows
from audiopress.audio.music import open_music
from audiopress.audio.programme import write_programme
from audiopress.audio.stitch import plan
from audiopress.audio.tags import Tags
from audiopress.audio.take import listen
from audiopress.audio.wav import write_wav
from audiopress.errors import OutputError, SourceError
from audiopress.model import EXTENSIONS, Episode, Music
from audiopress.podcast.dates import jalali
from audiopress.podcast.drafts import drafting
from audiopress.podcast.feed import CHAPTERS, TRANSCRIPTS, moment
from audiopress.podcast.folder import write as write_file
from audiopress.podcast.library import EPISODES, SCRIPT, find_episode, identity_of, load_entries
from audiopress.press import publishing
from audiopress.press.catalogue import Catalogue
from audiopress.press.own import load_own
from audiopress.press.publishing import Edition
from audiopress.press.reading import (
    count,
    description,
    framed,
    read_aloud,
    script_from,
    write,
    write_saying,
    written_words,
)
from audiopress.script.brief import brief
from audiopress.tts.studio import Studio
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiopress.audio.stitch import Timeline
    from audiopress.audio.take import Take
    from audiopress.config import Settings
    from audiopress.model import Script, Segment
    from audiopress.podcast.drafts import Draft
    from audiopress.press.reading import SpokenSegment


class Progress(Protocol):
    """Who is told how far a long piece of work has come."""

    def begin(self, title: str, utterances: int) -> None:
        """An article with so many utterances starts."""

    def spoken(self) -> None:
        """One more utterance was spoken."""

    def mastering(self) -> None:
        """All is spoken."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article."""

    source: str
    title: str
    status: str  #: "produced", "updated", "unchanged" or "would produce"
    path: Path
    seconds: float
    utterances: int
    spoken_now: int  #: utterances that the clip cache did not hold
    slug: str = ""

    def report(self) -> dict[str, object]:
        """The outcome as JSON."""
        return asdict(self) | {"path": str(self.path), "seconds": round(self.seconds, 3)}


class Line:
    """The line with one voice at its end, kept open for several articles; use it as a context manager."""

    def __init__(self, settings: Settings, cache_folder: Path, progress: Progress) -> None:
        """Load nothing yet; raises VoiceNotFound for an unknown voice, ConfigError for a wrong setting or lexicon."""
        self._settings = shows.checked(settings)
        self._cache_folder = cache_folder
        self._progress = progress
        self._own = load_own(settings.output)
        self._studio = Studio(find_voice(settings.voice), cache_folder)
        self._catalogue = Catalogue(self._settings)

    def produce(self, source: str, *, force: bool = False, stdin: BinaryIO | None = None) -> Outcome:
        """Make an episode of one source and write it into the feed; an unchanged one is left as it is."""
        output = self._settings.output
        article = write(source, stdin)
        identity = identity_of(source, written_words(article))
        known = find_episode(output, identity)
        published = known.published if known else _now()
        script, segments = read_aloud(framed(article, self._settings, moment(published)), self._own)
        made_of = publishing.digests(script, segments, self._studio, self._settings)
        before = known.episode if known else None
        if known and before and not force and known.digests == made_of and self._is_whole(before):
            self._catalogue.changed()
            path = output / before.enclosure
            return Outcome(source, before.title, "unchanged", path, before.seconds, count(segments), 0, before.slug)
        name = Path(source).stem if source.isascii() and source != "-" else script.title
        with drafting(output, name, identity) as draft:
            timeline, spoken_now = self._record(script, segments, self._studio, self._settings.music)
            self._progress.mastering()
            episode = self._episode(draft, article, published, made_of)
            episode = self._write(draft, episode, timeline, Edition(identity, script, segments, made_of))
        self._catalogue.changed()
        status = "updated" if before else "produced"
        path = output / episode.enclosure
        return Outcome(source, script.title, status, path, episode.seconds, count(segments), spoken_now, draft.slug)

    def _episode(self, draft: Draft, article: Script, published: str, made_of: Mapping[str, str]) -> Episode:
        """What is known of an episode before its sound is there; a new version says what is new in it."""
        before = draft.before.episode if draft.before else None
        change = publishing.changed(draft.before.digests, made_of) if draft.before else ""
        updated = _now() if change else ""
        if before and not change:
            updated, change = before.updated, before.change
        source = "" if article.source == "-" else Path(article.source).name
        return Episode(
            slug=draft.slug,
            guid=draft.guid,
            title=article.title,
            description=description(article),
            published=draft.before.published if draft.before else published,
            enclosure=f"{EPISODES}/{draft.slug}/{draft.slug}.{self._settings.format}",
            length=0,
            seconds=0.0,
            voice=self._studio.voice.name,
            agency=article.agency,
            source=source,
            updated=updated,
            change=change,
        )

    def _write(self, draft: Draft, episode: Episode, timeline: Timeline, edition: Edition) -> Episode:
        """Write all files of an episode into its draft; return it with what is known now."""
        show = self._settings.show
        drawn = publishing.picture(episode, show)
        path = draft.folder / Path(episode.enclosure).name
        programme = write_programme(timeline, path, publishing.tags(edition, show, drawn))
        episode = publishing.finished(episode, programme, drawn)
        for name, data in publishing.files(episode, programme, drawn, show, edition).items():
            write_file(draft.folder / name, data)
        return episode

    def rehearse(self, source: str, stdin: BinaryIO | None = None) -> Outcome:
        """How long the episode would be, measured by speaking it in tones; nothing is written."""
        article = framed(write(source, stdin), self._settings, datetime.now(UTC))
        script, segments = read_aloud(article, self._own)
        with TemporaryDirectory() as folder, Studio(find_voice("tone"), Path(folder)) as studio:
            timeline, _ = self._record(script, segments, studio, self._settings.music)
            seconds = timeline.samples / timeline.sample_rate
        return Outcome(source, script.title, "would produce", Path("-"), seconds, count(segments), 0)

    def brief(self, path: Path, *, stories: int, full: bool) -> Outcome:
        """Speak a digest of the show's newest episodes into one audio file, a chapter for each story."""
        newest = load_entries(self._settings.output)[:stories]
        told = [script for entry in newest if (script := self._told(entry.episode))]
        if not told:
            raise SourceError(f"{self._settings.output} has no episodes yet; make some with: audiopress produce")
        digest = brief(told, show=self._settings.show.title, date=jalali(datetime.now(UTC).astimezone()), full=full)
        return self._speak(digest, path)

    def _told(self, episode: Episode) -> Script | None:
        """The script of an episode; None where its script.json has gone or is damaged."""
        path = (self._settings.output / episode.enclosure).with_name(SCRIPT)
        try:
            return script_from(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def say(self, text: str, path: Path) -> Outcome:
        """Speak a text into one audio file."""
        return self._speak(write_saying(text), path)

    def _speak(self, text: Script, path: Path) -> Outcome:
        """Speak a script into a file beside the show, in the format that its name ends in."""
        endings = ("wav", *EXTENSIONS)
        if path.suffix.lower().removeprefix(".") not in endings:
            raise OutputError(f"{path} must end in .{', .'.join(endings[:-1])} or .{endings[-1]}.")
        script, segments = read_aloud(text, self._own)
        timeline, spoken_now = self._record(script, segments, self._studio, Music())
        self._progress.mastering()
        if path.suffix.lower() == ".wav":
            seconds = write_wav(timeline, path)
        else:
            tags = Tags(script.title, self._settings.show.title, "audiopress")
            seconds = write_programme(timeline, path, tags).seconds
        return Outcome("-", script.title, "spoken", path, seconds, count(segments), spoken_now)

    def _record(
        self, script: Script, segments: tuple[SpokenSegment, ...], studio: Studio, music: Music
    ) -> tuple[Timeline, int]:
        """Speak every utterance and lay the clips out with the music; also how many had to be spoken now."""
        sounds = open_music(music, self._cache_folder / "music")
        self._progress.begin(script.title, count(segments))
        takes: list[tuple[Segment, list[Take]]] = []
        fresh = 0
        for part in segments:
            heard = []
            for pronunciation in part.pronunciations:
                clip = studio.speak(pronunciation)
                fresh += clip.fresh
                heard.append(listen(clip))
                self._progress.spoken()
            takes.append((part.segment, heard))
        return plan(script.title, takes, sounds), fresh

    def _is_whole(self, episode: Episode) -> bool:
        """Whether all files of an episode are on disk, and its sound has its length."""
        sound = self._settings.output / episode.enclosure
        names = [Path(episode.image).name, SCRIPT, *(episode.slug + ending for ending in (*TRANSCRIPTS, CHAPTERS))]
        there = all((sound.parent / name).is_file() for name in names)
        return there and sound.is_file() and sound.stat().st_size == episode.length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            stack.callback(self._catalogue.close)
            self._studio.__exit__()


class Announcer:
    """Speaks short texts into WAV files of a folder, for what is said between episodes."""

    def __init__(self, line: Line, folder: Path) -> None:
        """Speak with the voice of a line."""
        self._line, self._folder, self._spoken = line, folder, 0

    def __call__(self, text: str) -> Path | None:
        """The file in which a text is said: ``announcer("قسمت بعدی: باران.")`` → ``Path("…/1.wav")``."""
        self._spoken += 1
        path = self._folder / f"{self._spoken}.wav"
        self._line.say(text, path)
        return path


def _now() -> str:
    """This moment in the user's own time zone, to the second."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")
