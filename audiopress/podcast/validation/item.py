"""What the feed says of an episode, set against the files that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiopress.model import EXTENSIONS
from audiopress.podcast.feed import TRANSCRIPTS
from audiopress.podcast.validation.captions import Unreadable, complaints, read_chapters, read_srt, read_vtt, read_words
from audiopress.podcast.validation.channel import check_date, check_description, check_explicit, check_title
from audiopress.podcast.validation.document import NAMESPACES, attribute, is_file, read_file, text_of, why
from audiopress.podcast.validation.finding import REFRESH, REMAKE, Finding, error, shown, warning
from audiopress.podcast.validation.picture import check_picture
from audiopress.podcast.validation.places import is_absolute
from audiopress.podcast.validation.sound import Damaged, Sound, decode, read_sound

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from lxml.etree import _Element

    from audiopress.model import ChapterMark
    from audiopress.podcast.validation.captions import Caption
    from audiopress.podcast.validation.places import Place

#: Seconds by which lengths may differ: itunes:duration is whole seconds, and some readers count an encoder's padding.
SLACK = 1.0
#: Seconds of sound after the last words from which on a transcript is taken for another version's: more than outro
#: music takes.
_SILENT = 60.0
_READERS = {".vtt": read_vtt, ".srt": read_srt, ".words.json": read_words}
_LENGTH = re.compile(r"[0-9]{1,12}")
_DURATION = re.compile(r"(?:(?:(\d{1,3}):)?([0-5]?\d):)?(\d{1,6})")
#: Bytes of a title that an M4A's list of chapters holds.
_M4A_TITLE = 255
#: Chapters that an M4A's list and Opus's numbers of three digits hold.
_MOST_CHAPTERS = {".m4a": 255, ".opus": 1000}


def check_item(item: _Element, where: str, place: Place, *, closely: bool) -> Iterator[Finding]:
    """Yield what is wrong with an episode; ``closely`` decodes its sound and its cover, too."""
    yield from check_title(item, where, REMAKE)
    yield from check_description(item, where, REMAKE)
    yield from check_explicit(item, where, needed=False)
    yield from _guid(item, where)
    date = text_of(item, "pubDate")
    if date:
        yield from check_date(date, where, "pubDate")
    else:
        yield error(where, "The date (pubDate) is missing.", REFRESH)
    picture = attribute(item, "itunes:image", "href")
    if item.find("itunes:image", NAMESPACES) is None:
        yield warning(where, "The episode has no cover of its own (itunes:image).", REMAKE)
    else:
        yield from place.check(picture, where, "the cover")
        if closely and (file := place.file(picture)) and is_file(file):
            yield from check_picture(file, where)
    enclosures = item.findall("enclosure")
    if len(enclosures) != 1:
        yield error(where, f"The episode has {len(enclosures)} sounds (enclosure), but must have one.", REFRESH)
        return
    yield from place.check(enclosures[0].get("url", ""), where, "the sound")
    file = place.file(enclosures[0].get("url", ""))
    yield from _enclosure(enclosures[0], where, file)
    sound = None
    if file and is_file(file):
        sound = yield from _sound(item, file, where, closely=closely)
    yield from _chapters(item, where, place, file, sound)
    yield from _transcripts(item, where, place, sound)


def _guid(item: _Element, where: str) -> Iterator[Finding]:
    guid = item.find("guid")
    if guid is None or not (guid.text or "").strip():
        yield error(where, "The guid is missing: players cannot tell what was heard.", REFRESH)
    elif guid.get("isPermaLink", "true") != "false" and not is_absolute((guid.text or "").strip()):
        yield warning(where, 'The guid is no address, so it must say isPermaLink="false".', REFRESH)


def _enclosure(enclosure: _Element, where: str, file: Path | None) -> Iterator[Finding]:
    length, kind = enclosure.get("length", ""), enclosure.get("type", "")
    if not _LENGTH.fullmatch(length) or not int(length):
        yield error(where, f"The length of the sound is {shown(length)}, but must be its bytes.", REFRESH)
    elif file and is_file(file) and file.stat().st_size != int(length):
        what = f"The feed says that the sound has {int(length)} bytes, but it has {file.stat().st_size}."
        yield error(where, what, REFRESH)
    extension = enclosure.get("url", "").rpartition(".")[2]
    right = EXTENSIONS.get(extension)
    if right is None:
        yield error(where, f"The sound ends in {shown(extension)}; players know {', '.join(EXTENSIONS)}.", REMAKE)
    elif kind != right:
        yield error(where, f"The sound's type is {shown(kind)}, but must be {right}.", REFRESH)


def _sound(item: _Element, file: Path, where: str, *, closely: bool) -> Generator[Finding, None, Sound | None]:
    """Yield what is wrong with the sound itself; return what it says of itself, None where it says nothing."""
    if file.suffix.removeprefix(".") not in EXTENSIONS:
        return None
    try:
        sound = read_sound(file)
        heard = decode(file) if closely else sound.seconds
    except Damaged as problem:
        yield error(where, f"The sound {file.name} is damaged: {problem}.", REMAKE)
        return None
    if abs(heard - sound.seconds) > SLACK:
        what = f"The sound {file.name} is cut off: {heard:.1f} of its {sound.seconds:.1f} seconds are there."
        yield error(where, what, REMAKE)
    written = text_of(item, "itunes:duration")
    fits = _DURATION.fullmatch(written)
    if not written:
        yield warning(where, "The duration (itunes:duration) is missing.", REFRESH)
    elif not fits:
        yield error(where, f"The duration is {shown(written)}, but must be whole seconds.", REFRESH)
    else:
        hours, minutes, seconds = (int(part or 0) for part in fits.groups())
        said = (hours * 60 + minutes) * 60 + seconds
        if abs(said - sound.seconds) > SLACK:
            yield error(where, f"The duration is {said} s, but the sound has {sound.seconds:.1f} s.", REMAKE)
    if sound.complaint:
        yield error(where, sound.complaint, REMAKE)
    return sound


def _chapters(item: _Element, where: str, place: Place, file: Path | None, sound: Sound | None) -> Iterator[Finding]:
    """Yield what is wrong with the chapters, in their own file and in the sound."""
    if item.find("podcast:chapters", NAMESPACES) is None:
        yield warning(where, "The episode has no chapters (podcast:chapters).", REMAKE)
        return
    address = attribute(item, "podcast:chapters", "url")
    yield from place.check(address, where, "the chapters")
    if attribute(item, "podcast:chapters", "type") not in {"application/json+chapters", "application/json"}:
        yield error(where, "The type of the chapters must be application/json+chapters.", REFRESH)
    path = place.file(address)
    if not path or not is_file(path):
        return
    try:
        marks = read_chapters(read_file(path))
    except (Unreadable, OSError, ValueError) as problem:
        yield error(f"{where}: {path.name}", f"{path.name} {why(problem)}.", REMAKE)
        return
    if sound is None or file is None:
        return
    if marks[-1].start / 1000 >= sound.seconds:
        what = f"The last chapter begins at {marks[-1].start / 1000} s, but the sound ends at {sound.seconds:.1f} s."
        yield error(f"{where}: {path.name}", what, REMAKE)
    marks = marks[: _MOST_CHAPTERS.get(file.suffix)]
    if not sound.chapters:
        yield error(where, f"The sound {file.name} has no chapters in it: most players show only those.", REMAKE)
    elif not _alike(marks, sound.chapters):
        what = f"The chapters in {file.name} are not those of {path.name}."
        yield error(where, what, REMAKE)


def _alike(marks: tuple[ChapterMark, ...], others: tuple[ChapterMark, ...]) -> bool:
    """Say whether chapters are the same to the millisecond; a title may be cut where an M4A cannot hold it."""
    return len(marks) == len(others) and all(
        mark.start == other.start
        and (mark.title == other.title or (len(mark.title.encode()) > _M4A_TITLE and _begins(mark.title, other.title)))
        for mark, other in zip(marks, others, strict=True)
    )


def _begins(title: str, cut: str) -> bool:
    return title.startswith(cut.removesuffix("…"))


def _transcripts(item: _Element, where: str, place: Place, sound: Sound | None) -> Iterator[Finding]:
    """Yield what is wrong with the transcripts."""
    tags = item.findall("podcast:transcript", NAMESPACES)
    if not any(tag.get("type") in {"text/vtt", "application/x-subrip", "application/srt"} for tag in tags):
        yield warning(where, "The episode has no transcript with times (podcast:transcript).", REMAKE)
    read: dict[str, tuple[Caption, ...]] = {}
    for tag in tags:
        address = tag.get("url", "")
        yield from place.check(address, where, "a transcript")
        ending = next((each for each in TRANSCRIPTS if address.endswith(each)), "")
        if not ending:
            yield error(where, f"The transcript {shown(address)} is of no known kind.", REFRESH)
            continue
        if tag.get("type") != TRANSCRIPTS[ending]:
            what = f"The type of {shown(address)} is {shown(tag.get('type', ''))}, but must be {TRANSCRIPTS[ending]}."
            yield error(where, what, REFRESH)
        path = place.file(address)
        if ending not in _READERS or not path or not is_file(path):
            continue
        try:
            read[ending] = _READERS[ending](read_file(path))
        except (Unreadable, OSError, ValueError) as problem:
            yield error(f"{where}: {path.name}", f"{path.name} {why(problem)}.", REMAKE)
            continue
        for complaint in complaints(read[ending], sound.seconds if sound else float("inf"), SLACK):
            yield error(f"{where}: {path.name}", f"{path.name} {complaint}.", REMAKE)
    yield from _agreement(read, where, sound)


def _agreement(read: dict[str, tuple[Caption, ...]], where: str, sound: Sound | None) -> Iterator[Finding]:
    """Yield transcripts that do not belong together, or not to the sound."""
    times = {
        ending: [(each.start, each.stop) for each in read[ending]] for ending in (".vtt", ".srt") if ending in read
    }
    if len(times) > 1 and times[".vtt"] != times[".srt"]:
        yield error(where, "The two transcripts, WebVTT and SRT, do not have the same times.", REMAKE)
    end = max((each.stop for captions in read.values() for each in captions), default=0) / 1000
    if sound and read and end < sound.seconds - _SILENT:
        what = f"The transcript ends at {end:.0f} s, but the sound goes on to {sound.seconds:.0f} s."
        yield warning(where, what, REMAKE)
