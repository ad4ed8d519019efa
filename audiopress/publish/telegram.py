"""A channel on Telegram: episodes are posted as music, oldest first, each once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from audiopress.errors import PublishError
from audiopress.model import EXTENSIONS
from audiopress.publish.files import sha256
from audiopress.publish.ledger import Entry, ledger
from audiopress.publish.patience import counting, patiently
from audiopress.publish.plan import Action, Report, Step
from audiopress.publish.posts import Posted, moves, posts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from audiopress.model import Episode, Show
    from audiopress.publish.bot import Bot
    from audiopress.publish.ledger import Ledger
    from audiopress.publish.patience import Progress
    from audiopress.publish.posts import Move, Post
    from audiopress.publish.targets import ChannelTarget

    type Thumbnail = Callable[[Episode], bytes]
    type Cut = Callable[[Path, Sequence[tuple[float, float]], Path], tuple[Path, ...]]

#: Bytes that Telegram takes of a bot, at its own server and at one's own (Bot API, "sendAudio" and "Using a Local Bot
#: API Server").
LIMIT, LOCAL_LIMIT = 50_000_000, 2_000_000_000

#: What Telegram's music player takes (Bot API, "sendAudio").
_MUSIC = ("mp3", "m4a")


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done about an episode."""

    episode: Episode
    path: Path  #: of its sound
    entry: Entry  #: what will be known of it at the beginning
    wanted: tuple[Post, ...]
    moves: tuple[Move, ...]

    def steps(self) -> Iterator[Step]:
        """The steps, in order; earlier messages go when the new ones are there."""
        for move in self.moves:
            post = self.wanted[move.index]
            share = post.seconds / self.episode.seconds if post.stretch else 1.0
            action = Action.REPLACE if move.replaces else Action.SEND
            yield Step(action, post.title, round(self.entry.size * share))
        for _ in self.entry.old:
            yield Step(Action.REMOVE, self.episode.title)


def send_episodes(
    target: ChannelTarget,
    show: Show,
    episodes: Iterable[Episode],
    output: Path,
    progress: Progress,
    *,
    state: Path,
    thumbnail: Thumbnail,
    cut: Cut,
    deleted: Collection[str] = (),
    limit: int = 0,
    dry_run: bool = False,
    delete: bool = False,
) -> Report:
    """Post what a channel does not have yet of a show's episodes, oldest first; return what was done.

    What was posted is remembered in the folder ``state``: a second run posts nothing, a changed episode is changed
    where it stands, and a run that was stopped goes on at the message where it was. ``delete`` deletes the messages of
    episodes whose guids are in ``deleted``. A sound of more than ``limit`` bytes (0 for what Telegram takes) is posted
    chapter by chapter, as ``cut(path, bounds in seconds, folder)`` cuts it. ``thumbnail(episode)`` gives a JPEG of at
    most 320 pixels and 200 kB, or b"". ``dry_run`` only says what would be done.

    A message whose answer is lost on its way is posted once more: Telegram cannot be asked whether it is there.

    Raises:
        PublishError: Telegram cannot be reached or refuses something, or a sound is missing or none that it plays.
    """
    limit = limit or (LOCAL_LIMIT if target.local else LIMIT)
    with ledger(state, target.chat, read_only=dry_run) as known:
        ordered = sorted(episodes, key=lambda episode: datetime.fromisoformat(episode.published))
        tasks = [_task(show, episode, output, known.get(episode.guid), limit) for episode in ordered]
        busy = [task for task in tasks if task.moves or task.entry.old]
        gone = [(guid, known.get(guid)) for guid in sorted(deleted)] if delete else []
        removals = [Step(Action.REMOVE, entry.title) for _, entry in gone for _ in _messages(entry)]
        steps = (*(step for task in busy for step in task.steps()), *removals)
        progress.begin(str(target), len(steps), sum(step.size for step in steps))
        notes: list[str] = []
        if dry_run:
            for step in steps:
                progress.step(step.action, step.name)
        else:
            from audiopress.publish.bot import Bot  # noqa: PLC0415 - loads httpx

            with closing(Bot(target)) as bot:
                channel = _Channel(bot, known, progress, notes)
                for task in busy:
                    channel.carry_out(task, thumbnail, cut, limit)
                for guid, entry in gone:
                    channel.clear(guid, Entry(old=_messages(entry), title=entry.title))
                for task in tasks:
                    if task not in busy and task.entry != known.get(task.episode.guid):  # a new time of the same sound
                        known.put(task.episode.guid, task.entry)
    return Report(str(target), steps, len(tasks) - len(busy), dry_run, tuple(notes))


def _messages(entry: Entry) -> tuple[int, ...]:
    return (*entry.old, *(posted.message for posted in entry.posted))


def _task(show: Show, episode: Episode, output: Path, entry: Entry, limit: int) -> _Task:
    """Compare an episode with what was posted of it; its sound is read only where its size or time has changed."""
    path = output / episode.enclosure
    try:
        found = path.stat()
        if (found.st_size, found.st_mtime_ns) != (entry.size, entry.mtime):
            with path.open("rb") as stream:
                entry = replace(entry, size=found.st_size, mtime=found.st_mtime_ns, sound=sha256(stream))
    except OSError as error:
        raise PublishError(f"{path} is not there; make the episode anew with audiopress produce --force.") from error
    wanted = posts(show, episode, sound=entry.sound, size=entry.size, limit=limit)
    ahead, anew = moves(entry.posted, wanted)
    if anew:
        entry = replace(entry, posted=(), old=_messages(entry))
    if ahead:
        _check(path, divided=len(wanted) > 1)
        entry = replace(entry, title=episode.title)
    return _Task(episode, path, entry, wanted, ahead)


def _check(path: Path, *, divided: bool) -> None:
    """Refuse a sound that Telegram does not play."""
    extension = path.suffix.lower().removeprefix(".")
    if extension not in _MUSIC:
        raise PublishError(f"Telegram plays no .{extension}, as {path.name} is; make the episodes with --format mp3.")
    if divided and extension != _MUSIC[0]:
        raise PublishError(f"{path.name} is too large for Telegram, and only MP3 is cut; make it with --format mp3.")


class _Channel:
    """Carries tasks out, and remembers each message as soon as it is there."""

    def __init__(self, bot: Bot, known: Ledger, progress: Progress, notes: list[str]) -> None:
        self._bot, self._known, self._progress, self._notes = bot, known, progress, notes

    def carry_out(self, task: _Task, thumbnail: Thumbnail, cut: Cut, limit: int) -> None:
        """Post or change the messages of an episode, then delete those of an earlier version."""
        entry = task.entry
        if task.moves:
            picture = thumbnail(task.episode)
            with TemporaryDirectory(prefix="audiopress-") as folder:
                sounds = _sounds(task, cut, Path(folder), limit)
                for move in task.moves:
                    entry = self._post(task, entry, move, sounds[move.index], picture)
        self.clear(task.episode.guid, entry)

    def _post(self, task: _Task, entry: Entry, move: Move, path: Path, picture: bytes) -> Entry:
        from audiopress.publish.bot import Gone  # noqa: PLC0415 - loads httpx

        post = task.wanted[move.index]
        try:
            message = self._patiently(move.replaces, post, path, picture)
        except Gone:  # somebody deleted it by hand; where it only cannot be changed, it is deleted after the new one
            message = self._patiently(0, post, path, picture)
            entry = replace(entry, old=(*entry.old, move.replaces))
        posted = list(entry.posted)
        posted[move.index : move.index + 1] = [Posted(message, post.digest)]
        entry = replace(entry, posted=tuple(posted))
        self._known.put(task.episode.guid, entry)
        self._progress.step(Action.REPLACE if move.replaces else Action.SEND, post.title)
        return entry

    def _patiently(self, replaces: int, post: Post, path: Path, picture: bytes) -> int:
        """Post once, or again and again while that may help; return the number of the message."""
        from audiopress.publish.bot import Sound  # noqa: PLC0415 - loads httpx

        def attempt() -> int:
            with counting(self._progress.moved) as moved:
                sound = Sound(path, EXTENSIONS[path.suffix.lower().removeprefix(".")], picture, moved)
                if replaces:
                    self._bot.replace(replaces, post, sound)
                    return replaces
                return self._bot.send(post, sound)

        return patiently(attempt, self._progress)

    def clear(self, guid: str, entry: Entry) -> None:
        """Delete the old messages of an episode, one by one, and forget each."""
        from audiopress.publish.bot import Gone, Kept  # noqa: PLC0415 - loads httpx

        while entry.old:
            message, *rest = entry.old
            try:
                patiently(partial(self._bot.delete, message), self._progress)
            except Gone:
                pass
            except Kept:
                self._notes.append(
                    f"Message {message} ({entry.title}) is too old for a bot to delete; delete it by hand."
                )
            entry = replace(entry, old=tuple(rest))
            self._known.put(guid, entry)
            self._progress.step(Action.REMOVE, entry.title)


def _sounds(task: _Task, cut: Cut, folder: Path, limit: int) -> tuple[Path, ...]:
    """The files of the posts: the sound itself, or its parts, cut into ``folder``."""
    stretches = [post.stretch for post in task.wanted if post.stretch]
    sounds = cut(task.path, stretches, folder) if stretches else (task.path,)
    for sound in sounds:
        if sound.stat().st_size > limit:
            raise PublishError(
                f"«{task.episode.title}» cannot be cut into parts of {limit / 1e6:g} MB; make it with a lower bitrate."
            )
    return sounds
