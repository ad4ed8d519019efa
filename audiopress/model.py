"""The frozen values that pass down the line, one type a stage.

    Article → Script → Utterance → Pronunciation → Clip → Programme → Episode

Line numbers are 1-based lines of the source text. Times inside audio are sample counts; only what leaves the program
(feeds, cues, chapters) is turned into seconds or milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


#: The formats an episode can have, by the ending of its file, and what the web calls each.
EXTENSIONS = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "opus": "audio/ogg"}


def milliseconds(samples: int, sample_rate: int) -> int:
    """A position in whole milliseconds, as tags, chapters and cues count: ``24001`` at ``48000`` → ``500``."""
    return round(1000 * samples / sample_rate)


class PassageKind(StrEnum):
    """What a line of an article is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Passage:
    """One title, heading or paragraph of an article, as written."""

    kind: PassageKind
    text: str
    line: int  #: 1-based line of the source text on which it starts


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the source that will not be read, and why."""

    line: int
    text: str
    why: str  #: a short English phrase, e.g. "invitation to comment"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article comes from, as its page, feed or book says; what is not known is ""."""

    link: str = ""  #: its own address on the web
    image: str = ""  #: its picture's address
    byline: str = ""  #: who wrote it
    published: str = ""  #: ISO 8601, with an offset where a time is known; Gregorian
    section: str = ""  #: where its publisher files it: «اقتصاد»


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a reader sees it: its passages in order, its agency, and what was left out.

    ``passages`` begins with the one TITLE. ``agency`` is the name to credit ("تسنیم") or "".
    """

    source: str  #: path, URL or "-" as the user gave it
    passages: tuple[Passage, ...]
    agency: str = ""
    agency_line: int = 0  #: the line that names the agency, 0 where none does
    outlet: str = ""  #: the agency as it is credited aloud ("خبرگزاری تسنیم"), "" for a name we do not know
    dropped: tuple[Dropped, ...] = ()
    origin: Origin = Origin()

    @property
    def title(self) -> str:
        """The text of the title."""
        return self.passages[0].text


class SegmentKind(StrEnum):
    """What a segment of an episode is."""

    INTRO = "intro"  #: the show's greeting
    TITLE = "title"
    LEAD = "lead"
    SECTION = "section"
    CREDIT = "credit"
    OUTRO = "outro"  #: the show's good-bye


class Role(StrEnum):
    """How an utterance is to be said: headings are set apart by pace and pause."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    QUOTE = "quote"  #: another's words, where a show casts a voice for them
    CREDIT = "credit"


class Boundary(StrEnum):
    """What follows an utterance; audio.stitch turns it into a pause."""

    QUOTE = "quote"  #: before and after another's words inside a sentence
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    TITLE = "title"  #: after the title
    HEADING = "heading"  #: after a heading, before its text
    SECTION = "section"  #: the end of a section, before the next heading
    END = "end"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as written: the unit that is spoken, cached and shown in a transcript."""

    written: str
    line: int
    role: Role
    boundary: Boundary


@dataclass(frozen=True, slots=True)
class Segment:
    """A chapter of the episode. Its heading, where it has one, is also its first sentence."""

    kind: SegmentKind
    heading: str  #: as written; "" for a lead or credit
    heading_line: int  #: 0 where there is no heading
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A report that an episode of several tells."""

    title: str
    agency: str = ""
    link: str = ""  #: its own address on the web


@dataclass(frozen=True, slots=True)
class Script:
    """All that will be said, in order, still as written."""

    title: str
    source: str
    segments: tuple[Segment, ...]
    agency: str = ""
    dropped: tuple[Dropped, ...] = ()
    origin: Origin = Origin()
    told: tuple[Told, ...] = ()  #: the reports of a bulletin, in order; () where the script is one report


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence with its spoken form: only Persian letters, marks and pause punctuation (، ؛ : . ؟ !)."""

    sentence: Sentence
    spoken: str


#: The pauses of `Word.after` as Persian writes them.
WRITTEN_PAUSES = {",": "،", ";": "؛", ":": ":", ".": ".", "?": "؟", "!": "!"}


class Doubt(StrEnum):
    """Why a pronunciation should be looked at by a reader."""

    EZAFE = "ezafe"  # it may carry an ezafe or not
    HOMOGRAPH = "homograph"  # it has another reading that is nearly as likely here
    LETTERS = "letters"  # no lexicon knows the word; rules read its letters


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word: ezafe and clitics belong to their word.

    ``phonemes`` is IPA with ``ˈ`` before the stressed vowel's syllable where known: ``ketˈɒbe``.
    ``after`` is the pause punctuation that follows, in ASCII: "" or one of ``, ; : . ? !``.
    ``vocalized`` is ``spoken`` with the marks that settle its ezafe and its reading: ``کتابِ``.
    """

    spoken: str
    phonemes: str
    after: str = ""
    vocalized: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def plain(self) -> str:
        """The phonemes without stress marks: ``ketˈɒbe`` → ``ketɒbe``."""
        return self.phonemes.replace("ˈ", "")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """An utterance with the phonemes of each of its words."""

    utterance: Utterance
    words: tuple[Word, ...]

    @property
    def plain(self) -> str:
        """Words separated by a space, without stress or punctuation: ``ketɒbe mæn``."""
        return " ".join(word.plain for word in self.words)

    @property
    def vocalized(self) -> str:
        """The spoken text with its words marked: ``کتابِ من، خانهٔ ما.``."""
        return " ".join(word.vocalized + WRITTEN_PAUSES.get(word.after, "") for word in self.words)


class VoiceInput(StrEnum):
    """What a voice eats."""

    PHONEMES = "phonemes"
    VOCALIZED = "vocalized"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an utterance is delivered, beside what its voice does by itself."""

    rate: float = 1.0  #: multiplies the speaking rate: 0.94 is a little slower
    pitch: float = 0.0  #: semitones up; the formants stay, so that the speaker does too
    volume: float = 0.0  #: dB louder

    def __add__(self, other: Delivery) -> Delivery:
        """Both one after the other: a show's wish on top of a voice's own."""
        rate = round(self.rate * other.rate, 4)
        return Delivery(rate, round(self.pitch + other.pitch, 4), round(self.volume + other.volume, 4))


#: A voice as it is.
PLAIN = Delivery()


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a voice needs and that its user installs."""

    url: str
    file: str  #: its name beside the voice's other files
    sha256: str = ""  #: "" where its hash could not be verified when the voice file was written
    size: int = 0  #: bytes, 0 where not known


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice file: which engine speaks, in which style, and under which licence."""

    name: str
    engine: str
    input: VoiceInput
    language: str
    gender: str
    sample_rate: int  #: Hz
    licence: str
    attribution: str
    description: str
    options: tuple[tuple[str, str | int | float], ...] = ()  #: what the engine alone understands, sorted by name
    delivery: Delivery = PLAIN  #: what is always done to it
    downloads: tuple[Download, ...] = ()
    online: bool = False  #: what it says is sent to a service
    key: str = ""  #: the environment variable that holds the service's key, "" where it needs none
    quality: str = ""  #: how good it is, and how that was found
    cost: str = ""  #: what speaking costs, "" where nothing

    def option(self, name: str, default: str | float) -> str | int | float:
        """The engine option called ``name``, or ``default``."""
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Part:
    """A part in a show's cast as its settings name it."""

    voice: str
    delivery: Delivery = PLAIN


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a word lies in a clip, in samples: ``start`` inclusive, ``stop`` exclusive."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Audio:
    """Speech: mono float32 in [-1, 1], shape (n,), at ``sample_rate`` Hz.

    ``marks`` has one entry for each word of the pronunciation, or is empty where the engine gives no timings.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A spoken pronunciation kept on disk."""

    pronunciation: Pronunciation
    path: Path  #: 16-bit PCM
    samples: int
    sample_rate: int
    marks: tuple[Mark, ...] = ()
    fresh: bool = field(default=False, compare=False)  #: spoken now, not found in the cache
    voice: str = ""  #: the name of who speaks
    volume: float = 0.0  #: dB by which it is to stand out of the programme's level


@dataclass(frozen=True, slots=True)
class Cue:
    """An utterance's place in the programme, in samples at the programme's rate."""

    start: int
    stop: int
    pronunciation: Pronunciation
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the programme, in samples: chapters touch, the first starts at 0."""

    start: int
    stop: int
    title: str


@dataclass(frozen=True, slots=True)
class Programme:
    """The finished audio file with what is known of its timeline."""

    path: Path
    samples: int
    sample_rate: int  #: Hz that positions count in: 44.1 or 48 kHz; an Opus file itself always runs at 48 kHz
    loudness: float  #: integrated, LUFS, measured after encoding
    true_peak: float  #: dBTP, measured after encoding
    chapters: tuple[Chapter, ...]
    cues: tuple[Cue, ...]

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self.samples / self.sample_rate


@dataclass(frozen=True, slots=True)
class Music:
    """The sounds a show brings along: WAV, MP3, FLAC, OGG or M4A files of any sample rate; None where it has none."""

    intro: Path | None = None  #: opens the programme
    outro: Path | None = None  #: closes it
    section: Path | None = None  #: sounds between two sections
    bed: Path | None = None  #: lies under the headlines, turned down while somebody speaks


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """Where a chapter of an episode begins, in whole milliseconds: what every file and tag says alike."""

    start: int
    title: str


@dataclass(frozen=True, slots=True)
class Episode:
    """What the feed says of a programme; kept in the episode's episode.json."""

    slug: str
    guid: str
    title: str
    description: str
    published: str  #: ISO 8601 with offset
    enclosure: str  #: path relative to the output folder
    length: int  #: bytes
    seconds: float
    voice: str
    agency: str
    source: str
    updated: str = ""  #: ISO 8601 with offset: when it last changed after it was published, "" where it never did
    change: str = ""  #: what changed then: "text", "voice" or "sound"
    link: str = ""  #: the article's address on the web, "" where it has none
    image: str = ""  #: its cover, relative to the output folder, "" where it has none of its own
    byline: str = ""  #: who wrote the article
    dated: str = ""  #: ISO 8601: when the article was published, "" where that is not known
    chapters: tuple[ChapterMark, ...] = ()
    told: tuple[Told, ...] = ()  #: the reports it tells, where it tells several


@dataclass(frozen=True, slots=True)
class Show:
    """A show as directories list it; its folder's audiopress.toml says all of it."""

    title: str
    description: str = ""
    author: str = ""
    email: str = ""  #: the owner's; directories write to it
    language: str = "fa"  #: ISO 639-1
    category: str = "News"  #: Apple's name, with its subcategory after " > ": "News > Daily News"
    explicit: bool = False
    base_url: str = ""  #: where the output folder will be served, "" where that is not known yet
    image: str = ""  #: its cover, relative to the output folder
    order: str = "newest"  #: "newest" first, or "oldest" for a series that is heard from its beginning
    keep: int = 0  #: how many episodes the feed lists, 0 for all
    frequency: str = ""  #: how often an episode comes: "daily", "weekly" …; "" for no promise
    links: tuple[tuple[str, str], ...] = ()  #: where directories list it: (("apple", "https://…"), …)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a show that is to be public."""

    path: Path
    name: str  #: relative to the show's address, with "/"
    media_type: str
    wave: int  #: files of wave 0 (media) are there before those of wave 1 (pages), the feed (wave 2) comes last
