"""The line itself: the only place where the stages meet.

source → article → script → utterances → pronunciations → clips → programme → episode → feed
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from audiopress.audio.mp3 import Tags, write_programme
from audiopress.audio.stitch import plan
from audiopress.audio.take import listen
from audiopress.audio.wav import write_wav
from audiopress.errors import OutputError, SourceError
from audiopress.model import Boundary, Dropped, Episode, Role, Script, Segment, SegmentKind, Sentence
from audiopress.podcast.chapters import chapters_json
from audiopress.podcast.drafts import drafting
from audiopress.podcast.feed import ShowInfo
from audiopress.podcast.folder import write as write_file
from audiopress.podcast.library import EPISODES, SCRIPT, find_episode, identity_of, script_json, write_feed
from audiopress.podcast.transcript import webvtt
from audiopress.pronounce.pronounce import phonemize_line, pronounce
from audiopress.script.segments import write_script
from audiopress.script.sentences import split_sentences
from audiopress.sources.read import find_sources, read_source
from audiopress.text.normalize import normalize, restore_spacing
from audiopress.text.readings import NONE, Readings, load_readings
from audiopress.text.utterances import utter
from audiopress.tts.studio import Studio
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from audiopress.audio.stitch import Timeline
    from audiopress.audio.take import Take
    from audiopress.config import Settings
    from audiopress.model import Pronunciation

LAYOUT = 1  # raised when every episode must be made anew though nothing it says has changed

#: The text stages as filters: one line in, one line out.
FILTERS: Mapping[str, Callable[[str], str]] = {
    "spacing": restore_spacing,
    "normalize": normalize,
    "phonemize": lambda line: phonemize_line(normalize(line)),
}


class Progress(Protocol):
    """Who is told how far a long piece of work has come."""

    def begin(self, title: str, utterances: int) -> None:
        """An article with so many utterances starts."""

    def spoken(self) -> None:
        """One more utterance was spoken."""

    def mastering(self) -> None:
        """All is spoken."""


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """A segment of the script with the pronunciation of each of its sentences."""

    segment: Segment
    pronunciations: tuple[Pronunciation, ...]


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


def find(paths: Iterable[str]) -> tuple[str, ...]:
    """The sources named on the command line, folders opened; see `audiopress.sources.read.find_sources`."""
    return find_sources(paths)


def write(source: str, stdin: BinaryIO | None = None) -> Script:
    """Read one source and write its script."""
    return write_script(read_source(source, stdin=stdin))


def show_readings(output: Path) -> Readings:
    """A show's own readings: ``lexicon.tsv`` in its folder, written TAB spoken; none where there is no such file."""
    path = output / "lexicon.tsv"
    return load_readings(path) if path.is_file() else NONE


def read_aloud(script: Script, readings: Readings = NONE) -> tuple[Script, tuple[SpokenSegment, ...]]:
    """How each sentence of a script sounds; ``readings`` are the show's own.

    A sentence with nothing to pronounce in it («***») goes from the script to what was dropped. Raises SourceError
    where that leaves nothing.
    """
    spoken: list[SpokenSegment] = []
    dropped = list(script.dropped)
    for segment in script.segments:
        utterances = [utter(sentence, readings) for sentence in segment.sentences]
        said = tuple(pronunciation for pronunciation in pronounce(utterances) if pronunciation.words)
        kept = {pronunciation.utterance.sentence for pronunciation in said}
        dropped += [
            Dropped(sentence.line, sentence.written, "nothing in it can be pronounced")
            for sentence in segment.sentences
            if sentence not in kept
        ]
        if said:
            sentences = tuple(pronunciation.utterance.sentence for pronunciation in said)
            spoken.append(SpokenSegment(replace(segment, sentences=sentences), said))
    if not spoken:
        raise SourceError(f"{script.source} holds nothing that can be spoken; give it some Persian text.")
    ordered = tuple(sorted(dropped, key=lambda piece: piece.line))
    return replace(script, segments=tuple(part.segment for part in spoken), dropped=ordered), tuple(spoken)


def script_report(script: Script, segments: Iterable[SpokenSegment]) -> dict[str, object]:
    """A script as JSON: what is said, segment by segment, and what is not."""
    return {
        "title": script.title,
        "source": script.source,
        "segments": [
            {
                "kind": part.segment.kind,
                "heading": part.segment.heading,
                "heading_line": part.segment.heading_line,
                "utterances": [
                    {
                        "written": pronunciation.utterance.sentence.written,
                        "spoken": pronunciation.utterance.spoken,
                        "phonemes": pronunciation.plain,
                        "line": pronunciation.utterance.sentence.line,
                    }
                    for pronunciation in part.pronunciations
                ],
            }
            for part in segments
        ],
        "dropped": [asdict(piece) for piece in script.dropped],
    }


class Line:
    """The line with one voice at its end, kept open for several articles; use it as a context manager."""

    def __init__(self, settings: Settings, cache_folder: Path, progress: Progress) -> None:
        """Load nothing yet; raises VoiceNotFound for an unknown voice, ConfigError for a wrong lexicon."""
        self._settings = settings
        self._cache_folder = cache_folder
        self._progress = progress
        self._readings = show_readings(settings.output)
        self._studio = Studio(find_voice(settings.voice), cache_folder)

    def produce(self, source: str, *, force: bool = False, stdin: BinaryIO | None = None) -> Outcome:
        """Make an episode of one source and write it into the feed; an unchanged one is left as it is."""
        script, segments = read_aloud(write(source, stdin), self._readings)
        output = self._settings.output
        words = " ".join(sentence.written for segment in script.segments for sentence in segment.sentences)
        identity = identity_of(source, words)
        title = self._settings.show
        show = ShowInfo(title, description=title, author=title, base_url=self._settings.base_url)
        digest = self._digest(script, segments)
        before = find_episode(output, identity)
        if before is not None and not force and self._is_made(before, digest):
            write_feed(output, show)
            path = output / before.enclosure
            return Outcome(source, before.title, "unchanged", path, before.seconds, count(segments), 0, before.slug)
        name = Path(source).stem if source.isascii() and source != "-" else script.title
        with drafting(output, name, identity) as draft:
            timeline, spoken_now = self._record(script, segments, self._studio)
            self._progress.mastering()
            text = transcript_text(segments)
            tags = Tags(script.title, self._settings.show, script.agency or self._settings.show, text)
            programme = write_programme(timeline, draft.folder / f"{draft.slug}.mp3", tags)
            enclosure = f"{EPISODES}/{draft.slug}/{draft.slug}.mp3"
            episode = Episode(
                slug=draft.slug,
                guid=draft.guid,
                title=script.title,
                description=description(script),
                published=draft.published or datetime.now(UTC).isoformat(timespec="seconds"),
                enclosure=enclosure,
                length=programme.path.stat().st_size,
                seconds=round(programme.seconds, 3),
                voice=self._studio.voice.name,
                agency=script.agency,
                source="" if source == "-" else Path(source).name,
            )
            facts = {
                "digest": digest,
                "loudness": programme.loudness,
                "true_peak": programme.true_peak,
                **script_report(replace(script, source=episode.source), segments),
            }
            write_file(draft.folder / f"{draft.slug}.vtt", webvtt(programme.cues, programme.sample_rate))
            chapters = chapters_json(programme.chapters, programme.sample_rate)
            write_file(draft.folder / f"{draft.slug}.chapters.json", chapters)
            write_file(draft.folder / SCRIPT, script_json(episode, identity, facts))
        write_feed(output, show)
        status = "updated" if draft.published else "produced"
        path = output / enclosure
        return Outcome(source, script.title, status, path, episode.seconds, count(segments), spoken_now, draft.slug)

    def rehearse(self, source: str, stdin: BinaryIO | None = None) -> Outcome:
        """How long the episode would be, measured by speaking it in tones; nothing is written."""
        script, segments = read_aloud(write(source, stdin), self._readings)
        with TemporaryDirectory() as folder, Studio(find_voice("tone"), Path(folder)) as studio:
            timeline, _ = self._record(script, segments, studio)
            seconds = timeline.samples / timeline.sample_rate
        return Outcome(source, script.title, "would produce", Path("-"), seconds, count(segments), 0)

    def say(self, text: str, path: Path) -> Outcome:
        """Speak a text into one audio file, .mp3 or .wav."""
        if path.suffix.lower() not in {".mp3", ".wav"}:
            raise OutputError(f"{path} must end in .mp3 or .wav.")
        script, segments = read_aloud(write_saying(text), self._readings)
        timeline, spoken_now = self._record(script, segments, self._studio)
        self._progress.mastering()
        if path.suffix.lower() == ".wav":
            seconds = write_wav(timeline, path)
        else:
            seconds = write_programme(timeline, path, Tags(script.title, self._settings.show, "audiopress")).seconds
        return Outcome("-", script.title, "spoken", path, seconds, count(segments), spoken_now)

    def _record(self, script: Script, segments: tuple[SpokenSegment, ...], studio: Studio) -> tuple[Timeline, int]:
        """Speak every utterance and lay the clips out; also how many had to be spoken now."""
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
        return plan(script.title, takes), fresh

    def _digest(self, script: Script, segments: tuple[SpokenSegment, ...]) -> str:
        """A hash of all that decides what an episode is: its words, their sound, the voice and the show."""
        engine = self._studio.engine
        facts = [
            LAYOUT,
            engine.name,
            engine.version,
            asdict(self._studio.voice),
            asdict(self._settings) | {"output": "", "base_url": ""},
            script.title,
            script.agency,
            [asdict(part) for part in segments],
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _is_made(self, episode: Episode, digest: str) -> bool:
        """Whether an episode on disk is what would be made now: same digest, every file there, the MP3 whole."""
        output = self._settings.output
        sound = output / episode.enclosure
        files = [sound, sound.with_suffix(".vtt"), sound.with_suffix(".chapters.json"), sound.parent / SCRIPT]
        try:
            known = json.loads(files[-1].read_bytes())
            return all(path.is_file() for path in files) and (
                known["digest"] == digest and sound.stat().st_size == episode.length
            )
        except (OSError, ValueError, KeyError):
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._studio.__exit__()


def count(segments: Iterable[SpokenSegment]) -> int:
    """How many utterances there are."""
    return sum(len(part.pronunciations) for part in segments)


def transcript_text(segments: Iterable[SpokenSegment]) -> str:
    """All that is said as it was written, one sentence a line, for the MP3's lyrics tag."""
    return "\n".join(sentence.written for part in segments for sentence in part.segment.sentences)


def description(script: Script) -> str:
    """What the feed says of an episode: its lead, or where there is none its first sentences."""
    for segment in script.segments:
        said = [sentence.written for sentence in segment.sentences if sentence.role is Role.BODY]
        if said:
            return " ".join(said)
    return script.title


def write_saying(text: str) -> Script:
    """A script of bare sentences, without a title."""
    written = split_sentences(" ".join(text.split())) or ("",)
    sentences = [Sentence(sentence, 1, Role.BODY, Boundary.SENTENCE) for sentence in written]
    sentences[-1] = replace(sentences[-1], boundary=Boundary.END)
    return Script(written[0], "The text", (Segment(SegmentKind.LEAD, "", 0, tuple(sentences)),))
