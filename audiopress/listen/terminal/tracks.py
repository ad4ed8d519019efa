"""What there is to hear: episodes of shows and single files, in the order in which they are heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audiopress.errors import SourceError
from audiopress.listen.positions import load
from audiopress.listen.terminal.persian import clean
from audiopress.listen.terminal.sound import length
from audiopress.model import ChapterMark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from audiopress.listen.positions import Position
    from audiopress.model import Episode, Show

    #: Reads a show's folder: the show and its episodes in any order.
    type Catalogue = Callable[[Path], tuple[Show, Sequence[Episode]]]

FEED = "feed.xml"
_EPISODES = "episodes"
#: Ogg chapters (CHAPTER000=00:01:02.345, CHAPTER000NAME=…) have three digits: xiph.org, "Chapter Extension".
_CHAPTERS = 1000


@dataclass(frozen=True, slots=True)
class Track:
    """Something to hear."""

    path: Path
    folder: Path  #: whose positions count: the show's, or the one a single file lies in
    guid: str
    title: str
    show: str
    seconds: float
    chapters: tuple[ChapterMark, ...] = ()


def find(target: Path | None, output: Path, catalogue: Catalogue) -> tuple[Track, ...]:
    """Return what is to be heard, in order: what nobody has heard of a show, an episode and those after it, or a file.

    ``target`` is a show's folder (or its name below ``output``), the slug of an episode, or an audio file; None means
    all shows of ``output``. Of a show everything unheard comes, the oldest first; where all is heard, the newest.

    Raises:
        SourceError: there is no such thing, or nothing in it to hear.
    """
    if target is not None and target.is_file():
        return (_episode_of(target, catalogue) or from_file(target),)
    for folder in [output] if target is None else [target, output / target]:
        shows = _shows(folder)
        if shows:
            return _unheard(shows, catalogue)
    slug = "" if target is None else str(target)
    if not slug:
        raise SourceError(f"There is no show in {output}; make one with audiopress produce, or name its folder.")
    for show in _shows(output):
        tracks = _of_show(show, catalogue)
        found = [number for number, (episode, _) in enumerate(tracks) if episode.slug == slug]
        if found:
            heard = load(show)
            later = [track for _, track in tracks[found[0] + 1 :] if not _is_played(heard, track)]
            return (tracks[found[0]][1], *later)
    raise SourceError(
        f"There is no show, episode or audio file called {slug}; audiopress episodes lists what there is."
    )


def from_file(path: Path) -> Track:
    """Return a single file as what is to be heard, with the title and the chapters that its tags tell.

    Raises:
        SourceError: it holds no sound.
    """
    import mutagen  # noqa: PLC0415 - episodes need no tags: all is known of them

    try:
        file: Any = mutagen.File(path)
    except (mutagen.MutagenError, OSError, ValueError):
        file = None
    tags = getattr(file, "tags", None) or {}
    seconds = float(getattr(getattr(file, "info", None), "length", 0.0) or 0.0) or length(path)
    if seconds <= 0:
        raise SourceError(f"{path} is no audio file that can be played; give an .mp3, .m4a, .opus or other sound.")
    title = _tag(tags, "TIT2", "\xa9nam", "title") or path.stem
    show = _tag(tags, "TALB", "\xa9alb", "album") or path.parent.resolve().name
    where = path.resolve()
    return Track(path, where.parent, where.as_uri(), clean(title), clean(show), seconds, _chapters(file, tags))


def _shows(folder: Path) -> list[Path]:
    """Return the shows of a folder: itself, and those directly below it."""
    if not folder.is_dir():
        return []
    below = sorted(path.parent for path in folder.glob(f"[!.]*/{FEED}"))
    return [path for path in (folder, *below) if (path / FEED).is_file()]


def _of_show(folder: Path, catalogue: Catalogue) -> list[tuple[Episode, Track]]:
    """Return a show's episodes, the oldest first."""
    show, episodes = catalogue(folder)
    ordered = sorted(episodes, key=lambda episode: _moment(episode.published))
    tracks = []
    for episode in ordered:
        track = Track(
            folder / episode.enclosure,
            folder,
            episode.guid,
            clean(episode.title),
            clean(show.title),
            episode.seconds,
            tuple(ChapterMark(mark.start, clean(mark.title)) for mark in episode.chapters),
        )
        tracks.append((episode, track))
    return tracks


def _unheard(folders: Sequence[Path], catalogue: Catalogue) -> tuple[Track, ...]:
    """Return the unheard episodes of shows, the oldest first, else the newest of all."""
    everything = [each for folder in folders for each in _of_show(folder, catalogue)]
    everything.sort(key=lambda each: _moment(each[0].published))
    if not everything:
        raise SourceError(f"The show in {folders[0]} has no episodes yet; make one with audiopress produce.")
    heard = {folder: load(folder) for folder in folders}
    unheard = tuple(track for _, track in everything if not _is_played(heard[track.folder], track))
    return unheard or (everything[-1][1],)


def _is_played(heard: Mapping[str, Position], track: Track) -> bool:
    position = heard.get(track.guid)
    return position is not None and position.played


def _episode_of(path: Path, catalogue: Catalogue) -> Track | None:
    """Return the episode whose sound a file is, so that it goes on where it stopped in the show."""
    path = path.resolve()
    if len(path.parents) > 2 and path.parents[1].name == _EPISODES and (path.parents[2] / FEED).is_file():  # noqa: PLR2004 - show/episodes/slug/file
        for _, track in _of_show(path.parents[2], catalogue):
            if track.path.resolve() == path:
                return track
    return None


def _moment(published: str) -> float:
    return datetime.fromisoformat(published).timestamp()


def _tag(tags: Any, *names: str) -> str:
    """Return the first of some tags that is there, "" where none is."""
    for name in names:
        try:
            value = tags.get(name)
        except (KeyError, ValueError):  # Vorbis comments refuse names that are not ASCII
            continue
        if value is not None:
            return str(value[0] if isinstance(value, list) else value)
    return ""


def _chapters(file: Any, tags: Any) -> tuple[ChapterMark, ...]:
    """Return the chapters that a file tells in the way of its format: ID3 (CHAP), MP4 (chpl), Ogg (CHAPTER000)."""
    marks = []
    if hasattr(tags, "getall"):
        for frame in tags.getall("CHAP"):
            titles = frame.sub_frames.getall("TIT2")
            marks.append(ChapterMark(int(frame.start_time), clean(str(titles[0])) if titles else ""))
    elif getattr(file, "chapters", None):
        marks = [ChapterMark(round(chapter.start * 1000), clean(chapter.title)) for chapter in file.chapters]
    elif tags:
        for number in range(_CHAPTERS):
            time, title = _tag(tags, f"CHAPTER{number:03}"), _tag(tags, f"CHAPTER{number:03}NAME")
            start = _milliseconds(time)
            if start is not None:
                marks.append(ChapterMark(start, clean(title)))
            elif number:
                break
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _milliseconds(time: str) -> int | None:
    """Return a time of Ogg chapters in milliseconds: ``00:01:02.345`` → 62345, None for something else."""
    try:
        hours, minutes, seconds = time.split(":")
        return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    except ValueError:
        return None
