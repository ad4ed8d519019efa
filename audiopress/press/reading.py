"""From a source to what will be said: article → script → utterances → pronunciations."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from audiopress.errors import SourceError
from audiopress.model import Boundary, Dropped, Role, Script, Segment, SegmentKind, Sentence
from audiopress.podcast.dates import jalali
from audiopress.press.own import Own
from audiopress.pronounce.pronounce import phonemize_line, pronounce, vocalize_line
from audiopress.script.frame import frame
from audiopress.script.quotes import set_quotes_apart
from audiopress.script.segments import write_script
from audiopress.script.sentences import split_sentences
from audiopress.sources.find import Found, find_sources
from audiopress.text.normalize import normalize, restore_spacing
from audiopress.text.utterances import utter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from audiopress.config import Settings
    from audiopress.model import Pronunciation
    from audiopress.sources.read import Fetch

#: The text stages as filters: one line in, one line out.
FILTERS: Mapping[str, Callable[[str], str]] = {
    "spacing": restore_spacing,
    "normalize": normalize,
    "phonemize": lambda line: phonemize_line(normalize(line)),
    "vocalize": lambda line: vocalize_line(normalize(line)),
}


NOTHING = Own()


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """A segment of the script with the pronunciation of each of its sentences."""

    segment: Segment
    pronunciations: tuple[Pronunciation, ...]


def find(names: Iterable[str], fetch: Fetch | None = None) -> tuple[Found, ...]:
    """The articles named on the command line; see `audiopress.sources.find.find_sources`."""
    return find_sources(names, fetch)


def write(source: str | Found, stdin: BinaryIO | None = None, fetch: Fetch | None = None) -> Script:
    """Read one source and write its script."""
    found = Found(source) if isinstance(source, str) else source
    return write_script(found.read(stdin=stdin, fetch=fetch))


def framed(article: Script, settings: Settings, when: datetime) -> Script:
    """The script of an article with its show's intro and outro around it, quotes set apart where they are cast."""
    texts = (settings.intro_text, settings.outro_text)
    if any(texts):
        article = frame(article, *texts, show=settings.show.title, date=jalali(when))
    return cast_script(article, settings)


def cast_script(script: Script, settings: Settings) -> Script:
    """The script with quotes set apart where the show casts a voice for them."""
    return set_quotes_apart(script) if "quotes" in settings.parts else script


def written_words(script: Script) -> str:
    """All that a script says, as it is written, in one line."""
    return " ".join(sentence.written for segment in script.segments for sentence in segment.sentences)


def read_aloud(script: Script, own: Own = NOTHING) -> tuple[Script, tuple[SpokenSegment, ...]]:
    """How each sentence of a script sounds; ``own`` is what the listener settled.

    A sentence with nothing to pronounce in it («***») goes from the script to what was dropped. Raises SourceError
    where that leaves nothing.
    """
    spoken: list[SpokenSegment] = []
    dropped = list(script.dropped)
    for segment in script.segments:
        utterances = [utter(sentence, own.readings) for sentence in segment.sentences]
        said = tuple(pronunciation for pronunciation in pronounce(utterances, own.phonemes) if pronunciation.words)
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
        "origin": asdict(script.origin),
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
                        "doubts": [
                            {"word": word.spoken, "phonemes": word.plain, "why": list(word.doubts)}
                            for word in pronunciation.words
                            if word.doubts
                        ],
                        "line": pronunciation.utterance.sentence.line,
                        "boundary": pronunciation.utterance.sentence.boundary,
                    }
                    for pronunciation in part.pronunciations
                ],
            }
            for part in segments
        ],
        "dropped": [asdict(piece) for piece in script.dropped],
    }


def script_from(report: Mapping[str, Any]) -> Script:
    """The script that `script_report` told of; in older reports a change of line stands for the end of a paragraph."""
    segments = []
    for part in report["segments"]:
        heading, said = str(part["heading"]), part["utterances"]
        sentences = []
        for place, utterance in enumerate(said):
            first = heading and not place
            last = place + 1 == len(said) or said[place + 1]["line"] != utterance["line"]
            role = Role.HEADING if first else Role.BODY
            guess = Boundary.HEADING if first else Boundary.PARAGRAPH if last else Boundary.SENTENCE
            boundary = Boundary(utterance.get("boundary", guess))
            sentences.append(Sentence(utterance["written"], utterance["line"], role, boundary))
        segments.append(Segment(SegmentKind(part["kind"]), heading, part["heading_line"], tuple(sentences)))
    return Script(str(report["title"]), str(report["source"]), tuple(segments))


def count(segments: Iterable[SpokenSegment]) -> int:
    """How many utterances there are."""
    return sum(len(part.pronunciations) for part in segments)


def transcript_text(segments: Iterable[SpokenSegment]) -> str:
    """All that is said as it was written, one sentence a line, for the MP3's lyrics tag."""
    return "\n".join(sentence.written for part in segments for sentence in part.segment.sentences)


def description(script: Script) -> str:
    """What the feed says of an episode: its lead, else its first sentences; of a bulletin the titles of its reports."""
    if script.told:
        return "؛ ".join(report.title for report in script.told) + "."
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
