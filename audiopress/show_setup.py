"""Setting up a show: what is asked, and the audiopress.toml that is written, each setting with a comment."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiopress.config import FILE_NAME
from audiopress.disk import alone
from audiopress.errors import ConfigError
from audiopress.podcast.categories import find_category
from audiopress.podcast.folder import disk_errors, write
from audiopress.settings import CHECKS
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def check_setting(key: str, value: object) -> str:
    """Say in one sentence what is wrong with a setting, or "" where nothing is, the folder's files included."""
    wrong = CHECKS[key](value)
    if wrong:
        return wrong
    try:
        if key == "category":
            find_category(str(value))
        elif key == "voice":
            find_voice(str(value))
    except ConfigError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """What `init` asks for a setting, and what it writes beside it."""

    key: str
    asked: str
    why: str  #: the comment that stands above it in audiopress.toml
    default: str = ""
    needed: bool = False  #: asked for; the others are written as comments to be filled in


#: The settings in the order in which they are asked for and written.
QUESTIONS = (
    Question("title", "Title of the show", "What the show is called.", needed=True),
    Question("description", "What is it about, in a sentence or two", "At most 4,000 bytes.", needed=True),
    Question("author", "Who publishes it", "The newsroom or person that directories name.", needed=True),
    Question("email", "E-mail of the owner", "Directories send their confirmation here; it is public.", needed=True),
    Question(
        "base_url",
        "Address at which the folder will be served",
        "The feed's address is this and /feed.xml. Leave it empty until you know it.",
        needed=True,
    ),
    Question("category", "Category", 'One of Apple\'s, like "News" or "News > Daily News".', "News", needed=True),
    Question("language", "", "ISO 639-1.", "fa"),
    Question("explicit", "", "true where children should not listen.", "false"),
    Question("artwork", "", "A square JPEG or PNG, 1400-3000 px; without one a cover is drawn.", "cover.jpg"),
    Question("voice", "", "See: audiopress voices", "nasim"),
    Question(
        "voices",
        "",
        "A cast: narrator, headlines, quotes and credits, each a name or { voice, rate, pitch, volume }.",
        '{ narrator = "nasim", quotes = { voice = "kian", rate = 1.05 } }',
    ),
    Question("rate", "", "Of all voices: 1.1 is a tenth faster.", "1.0"),
    Question("pitch", "", "Semitones up or down.", "0"),
    Question("volume", "", "Decibels against the programme's level.", "0"),
    Question("fallback", "", "Who takes over when a voice fails, one after the other.", '["nasim", "espeak"]'),
    Question("on_failure", "", "stop, or fallback: the whole episode is read by who takes over.", "stop"),
    Question("cache_size", "", "How much room spoken clips may take.", "2 GB"),
    Question("format", "", "mp3 plays everywhere; m4a and opus are smaller.", "mp3"),
    Question("intro_text", "", "Said at the beginning; {show}, {title} and {date} are filled in.", "این {show} است."),
    Question("outro_text", "", "Said at the end.", "از شنیدن {show} سپاسگزاریم."),
    Question("intro_music", "", "Your own WAV, MP3 or FLAC files, beside this one.", "music/intro.mp3"),
    Question("outro_music", "", "Closes the programme.", "music/outro.mp3"),
    Question("section_sound", "", "A short sound between two sections.", "music/section.wav"),
    Question("headline_bed", "", "Music under the headlines.", "music/bed.mp3"),
    Question("feeds", "", "What audiopress watch looks at: RSS and Atom feeds.", '["https://example.org/rss"]'),
    Question("watch", "", "episodes: one for each new story; bulletin: one a day.", "episodes"),
    Question("every", "", "Minutes between two looks at a feed.", "15"),
    Question("bulletin_at", "", "When the bulletin is made.", "07:00"),
    Question("bulletin_minutes", "", "How long it is to be, 0 for all there is.", "10"),
    Question("bulletin_opening", "", "{show}, {date} and {count} are filled in.", "{date}. {show} را می‌شنوید."),
    Question("bulletin_closing", "", "", "این بود {show}."),
    Question(
        "sections", "", "The weight of each section in a bulletin; 0 leaves it out.", '{ "اقتصاد" = 2, "ورزش" = 0 }'
    ),
    Question("order", "", '"newest" first, or "oldest" for a series that is heard from its beginning.', "newest"),
    Question("keep", "", "How many episodes the feed lists, 0 for all.", "0"),
    Question("frequency", "", "hourly, daily, workdays, weekly or monthly: what you promise.", "daily"),
    Question("apple", "", "Where directories list the show, once they do.", "https://podcasts.apple.com/…"),
    Question("spotify", "", "", "https://open.spotify.com/show/…"),
    Question("castbox", "", "", "https://castbox.fm/channel/…"),
    Question("publish", "", "Where audiopress publish sends the show: a folder, s3://, sftp:// or telegram:.", "…"),
)


def init(folder: Path, answers: Mapping[str, Any]) -> Path:
    """Write a show's audiopress.toml, each setting with a comment; what is not answered is there to be filled in.

    ``init(Path("show"), {"title": "خبر روستا", "email": "a@example.org"})`` → ``Path("show/audiopress.toml")``.

    Raises:
        ConfigError: an answer cannot be, or there is an audiopress.toml already.
        OutputError: the folder cannot be written.
    """
    for key, value in answers.items():
        wrong = check_setting(key, value)
        if wrong:
            raise ConfigError(wrong)
    path = folder / FILE_NAME
    with disk_errors(folder), alone(folder):
        if path.exists():
            raise ConfigError(f"{path} is there already; edit it, or choose another folder.")
        write(path, settings_file(answers).encode())
    return path


def settings_file(answers: Mapping[str, Any]) -> str:
    """The text of an audiopress.toml: ``{"title": "خبر"}`` → a comment, then ``title = "خبر"``, and so on."""
    import tomlkit  # noqa: PLC0415 - only needed when a show is set up

    document = tomlkit.document()
    document.add(tomlkit.comment("The settings of a show; audiopress produce --output THIS-FOLDER uses them."))
    for question in QUESTIONS:
        document.add(tomlkit.nl())
        if question.why:
            document.add(tomlkit.comment(question.why))
        if question.key in answers:
            document.add(question.key, answers[question.key])
        else:
            value = question.default if _is_toml(question.default) else tomlkit.item(question.default).as_string()
            document.add(tomlkit.comment(f"{question.key} = {value}"))
    return tomlkit.dumps(document)


def _is_toml(value: str) -> bool:
    """Say whether a default is more than text: ``true``, ``1.0``, ``["a"]``."""
    try:
        tomllib.loads(f"key = {value}")
    except tomllib.TOMLDecodeError:
        return False
    return True
