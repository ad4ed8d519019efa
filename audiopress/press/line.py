"""The line itself: the only place where the stages meet.

source → article → script → utterances → pronunciations → clips → programme → episode → feed
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Self

from audiopress import shows
from audiopress.audio.programme import write_programme
from audiopress.audio.tags import Tags
from audiopress.audio.wav import write_wav
from audiopress.errors import OutputError, SourceError
from audiopress.model import EXTENSIONS, PLAIN, Episode, Music
from audiopress.podcast.dates import jalali
from audiopress.podcast.drafts import drafting
from audiopress.podcast.feed import CHAPTERS, TRANSCRIPTS, moment
from audiopress.podcast.library import SCRIPT, find_episode, identity_of, load_entries
from audiopress.press import publishing
from audiopress.press.catalogue import Catalogue
from audiopress.press.making import Order, make_episode, now
from audiopress.press.own import load_own
from audiopress.press.publishing import Edition
from audiopress.press.reading import (
    cast_script,
    count,
    framed,
    read_aloud,
    script_from,
    write,
    write_saying,
    written_words,
)
from audiopress.press.recording import Recorder
from audiopress.script.brief import brief
from audiopress.script.join import join
from audiopress.sources.address import is_address
from audiopress.tts.engine import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.config import Settings
    from audiopress.model import Script
    from audiopress.podcast.library import Identity, Known
    from audiopress.press.reading import SpokenSegment
    from audiopress.press.recording import Progress, Recording
    from audiopress.sources.find import Found
    from audiopress.sources.read import Fetch
    from audiopress.tts.cast import Cast


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
    voice: str = ""  #: the narrator's, who may have taken over for another

    def report(self) -> dict[str, object]:
        """The outcome as JSON."""
        return asdict(self) | {"path": str(self.path), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class _Text:
    """An article as it will be said, and what the show knows of it."""

    article: Script
    identity: Identity
    known: Known | None
    published: str
    script: Script
    segments: tuple[SpokenSegment, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be made of an article."""

    article: Script
    name: str  #: what its episode is called after
    published: str
    edition: Edition
    unchanged: Episode | None  #: the episode that is as it should be


class Line:
    """The line with a cast at its end, kept open for several articles; use it as a context manager."""

    def __init__(self, settings: Settings, places: Places, progress: Progress, workers: int = 0) -> None:
        """Load nothing yet; raises VoiceNotFound for an unknown voice, ConfigError for a wrong setting or lexicon.

        ``workers`` bounds how many utterances are spoken at once; 0 leaves it to the engines.
        """
        self._settings = shows.checked(settings)
        self._progress = progress
        self._own = load_own(settings.output)
        self._recorder = Recorder(self._settings, places, progress, workers)
        self._catalogue = Catalogue(self._settings)

    @property
    def show(self) -> str:
        """The title of the show."""
        return self._settings.show.title

    @property
    def rate(self) -> float:
        """How fast the narrator is to read, against the voice's own pace."""
        return self._settings.delivery.rate

    def produce(
        self, source: str | Found, *, force: bool = False, stdin: BinaryIO | None = None, fetch: Fetch | None = None
    ) -> Outcome:
        """Make an episode of one source and write it into the feed; an unchanged one is left as it is."""
        return self.produce_article(write(source, stdin, fetch), force=force)

    def produce_joined(
        self, title: str, sources: Sequence[Found], *, force: bool = False, fetch: Fetch | None = None
    ) -> Outcome:
        """Make one episode of several sources, each a part of it."""
        return self.produce_article(join(title, [write(source, fetch=fetch) for source in sources]), force=force)

    def produce_article(self, article: Script, *, force: bool = False) -> Outcome:
        """Make an episode of an article's script, as `produce` does of a source."""
        text, source = self._text(article), article.source

        def make(cast: Cast) -> Outcome:
            reading = self._reading(text, cast, force=force)
            edition = reading.edition
            if reading.unchanged:
                self._catalogue.changed()
                return self._outcome(source, "unchanged", reading.unchanged, edition, 0)
            with drafting(self._settings.output, reading.name, edition.identity) as draft:
                order = Order(article, edition, draft.slug, draft.guid, reading.published, draft.before)
                made = make_episode(order, cast, self._recorder, self._settings, draft.folder)
            self._catalogue.changed()
            status = "updated" if text.known and text.known.episode else "produced"
            return self._outcome(source, status, made.episode, edition, made.fresh)

        return self._recorder.with_cast(make)

    def read(self, source: str | Found, *, fetch: Fetch | None = None) -> Reading:
        """Read a source and say what is to be made of it, for whoever makes it elsewhere."""
        text = self._text(write(source, fetch=fetch))
        return self._recorder.with_cast(lambda cast: self._reading(text, cast, force=False))

    def landed(self) -> None:
        """An episode was put into the show by somebody else: the feed follows."""
        self._catalogue.changed()

    def catch_up(self) -> None:
        """Write the feed if an earlier run was stopped after an episode and before the feed."""
        if shows.is_behind(self._settings.output):
            self._catalogue.changed()

    def close_feed(self) -> None:
        """Write the feed now if it is behind."""
        self._catalogue.close()

    def _text(self, article: Script) -> _Text:
        identity = identity_of(article.source, written_words(article))
        known = find_episode(self._settings.output, identity)
        published = known.published if known else now()
        script, segments = read_aloud(framed(article, self._settings, moment(published)), self._own)
        return _Text(article, identity, known, published, script, segments)

    def _reading(self, text: _Text, cast: Cast, *, force: bool) -> Reading:
        versions = self._recorder.versions(cast)
        made_of = publishing.digests(text.script, text.segments, cast, versions, self._settings)
        before = text.known.episode if text.known else None
        same = before and not force and text.known and text.known.digests == made_of and self._is_whole(before)
        name = _named(text.article.source, text.script.title)
        edition = Edition(text.identity, text.script, text.segments, made_of)
        return Reading(text.article, name, text.published, edition, before if same else None)

    def _outcome(self, source: str, status: str, episode: Episode, edition: Edition, fresh: int) -> Outcome:
        path, spoken = self._settings.output / episode.enclosure, count(edition.segments)
        return Outcome(source, episode.title, status, path, episode.seconds, spoken, fresh, episode.slug, episode.voice)

    def rehearse(self, source: str | Found, stdin: BinaryIO | None = None, fetch: Fetch | None = None) -> Outcome:
        """How long the episode would be, measured by speaking it in tones; nothing is written."""
        article = write(source, stdin, fetch)
        script, segments = read_aloud(framed(article, self._settings, datetime.now(UTC)), self._own)
        tones = replace(self._settings, voice="tone", cast=(), delivery=PLAIN)
        with (
            TemporaryDirectory() as folder,
            Recorder(tones, Places(Path(folder), Path(folder)), self._progress) as tuner,
        ):
            timeline = tuner.with_cast(lambda cast: tuner.record(script, segments, self._settings.music, cast)).timeline
            seconds = timeline.samples / timeline.sample_rate
        return Outcome(article.source, script.title, "would produce", Path("-"), seconds, count(segments), 0)

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
        script, segments = read_aloud(cast_script(text, self._settings), self._own)

        def make(cast: Cast) -> tuple[Recording, str]:
            return self._recorder.record(script, segments, Music(), cast), cast.narrator.voice.name

        recording, voice = self._recorder.with_cast(make)
        timeline = recording.timeline
        if path.suffix.lower() == ".wav":
            seconds = write_wav(timeline, path)
        else:
            tags = Tags(script.title, self._settings.show.title, "audiopress")
            seconds = write_programme(timeline, path, tags).seconds
        return Outcome("-", script.title, "spoken", path, seconds, count(segments), recording.fresh, voice=voice)

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
            self._recorder.__exit__()


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


def _named(source: str, title: str) -> str:
    """What an episode is called after: its file where that has an ASCII name, else its title."""
    return Path(source).stem if source.isascii() and source != "-" and not is_address(source) else title
