"""The deck: the queue of what is heard, from where each goes on, and what was heard of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiopress.errors import AudioError, OutputError
from audiopress.listen.positions import Position, load, update
from audiopress.listen.terminal.sentences import load_sentences
from audiopress.listen.terminal.timing import Until, chapter_before, chapter_end, goes_on_at, is_heard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiopress.listen.terminal.announcements import Announcements
    from audiopress.listen.terminal.player import Player
    from audiopress.listen.terminal.sentences import Sentence
    from audiopress.listen.terminal.sleep import SleepTimer
    from audiopress.listen.terminal.tracks import Track

_SAVE = 15.0  # seconds of listening that are lost when the machine loses its power

NO_OTHER = "قسمت دیگری در صف نیست."
NOT_PLAYED = "یک قسمت پخش نشد؛ شاید فایل آن ناقص است."
NOT_KEPT = "جای پخش نگه داشته نشد؛ شاید دیسک پر است."
ASLEEP = "وقت خواب رسید و پخش ایستاد."


class Deck:
    """Plays the tracks of a queue one after the other, each with its announcement where there is one."""

    def __init__(
        self,
        tracks: Sequence[Track],
        player: Player,
        sleep: SleepTimer,
        announcements: Announcements,
        tell: Callable[[str], None],
    ) -> None:
        """Nothing plays yet; ``tell`` gets what the listener should know."""
        self._tracks = tracks
        self._player = player
        self._sleep = sleep
        self._announcements = announcements
        self._tell = tell
        self._saved_at = 0.0
        self._announced = False  # the announcement plays; before that it is waited for
        self.announcing = False  #: an announcement is waited for or plays, not the track itself
        self.index = 0
        self.sentences: tuple[Sentence, ...] = ()
        self.finished = False  #: everything was heard

    @property
    def track(self) -> Track:
        """What plays, or will play after its announcement."""
        return self._tracks[self.index]

    @property
    def following(self) -> Track | None:
        """What comes after it."""
        return self._tracks[self.index + 1] if self.index + 1 < len(self._tracks) else None

    @property
    def count(self) -> int:
        """How many tracks the queue holds."""
        return len(self._tracks)

    @property
    def position(self) -> float:
        """Where in the track, in seconds."""
        return 0.0 if self.announcing else min(self._player.position, self.track.seconds)

    def start(self) -> None:
        """Play the first track; raises AudioError where it cannot be."""
        self._turn_to(0)

    def go(self, index: int) -> None:
        """Go to another track of the queue."""
        if index >= len(self._tracks):
            self._tell(NO_OTHER)
            return
        self.save()
        self._turn_to(max(0, index))

    def look(self) -> None:
        """Do what time has brought: an announcement, the end of the sound, the next saving.

        Raises:
            AudioError: the only track there is cannot be played, or the device has gone.
        """
        if self.announcing:
            self._announce()
        elif self._player.over:
            if self._player.playing:
                self._ended()
        elif self._player.playing and self._sleep.is_over(self.track):
            self.fall_asleep()
        if self._player.heard - self._saved_at >= _SAVE:
            self.save()

    def toggle(self) -> None:
        """Play or pause; what is over gives way to the next."""
        if self._player.playing:
            self._player.pause()
            self.save()
        elif self.announcing and not self._announced:
            return
        elif self._player.over and not self.announcing and self.following:
            self.go(self.index + 1)
        else:
            if self._player.over:
                self._player.seek(0.0)
            self._player.play()

    def skip(self, seconds: float) -> None:
        """Go so many seconds on or back; onward an announcement is left out."""
        if not self.announcing:
            self.seek(self._player.position + seconds)
        elif seconds > 0:
            self._begin()

    def seek(self, to: float) -> None:
        """Go to a place of the track; past its end is its end."""
        if self.announcing:
            self._begin()
        if to >= self.track.seconds:
            self._next()
            return
        self._player.seek(to)
        self._sleep.moved(self.track)

    def next_chapter(self) -> None:
        """Go to the next chapter, after the last one to the next track."""
        if self.announcing:
            self._begin()
            return
        end = chapter_end(self.track.chapters, self._player.position, self.track.seconds)
        if end < self.track.seconds:
            self.seek(end)
        else:
            self.go(self.index + 1)

    def previous_chapter(self) -> None:
        """Go to the beginning of the chapter, or just after it to the chapter before."""
        if not self.announcing:
            self.seek(chapter_before(self.track.chapters, self._player.position))

    def fall_asleep(self) -> None:
        """Be silent, and wait for the listener to wake."""
        self._player.pause()
        self._sleep.stop()
        self.save()
        self._tell(ASLEEP)

    def save(self, *, played: bool = False, strict: bool = False) -> None:
        """Keep where the track is.

        A full disk does not end the listening: it is told; ``strict`` raises OutputError instead.
        """
        self._saved_at = self._player.heard
        if self.announcing or not self._player.loaded or (self._player.failed and not played):
            return
        seconds = self.position
        played = played or is_heard(seconds, self.track.seconds)
        try:
            update(self.track.folder, {self.track.guid: Position(seconds, played, datetime.now(UTC))})
        except OutputError:
            if strict:
                raise
            self._tell(NOT_KEPT)

    def _next(self) -> None:
        """The track is at its end: it is heard, and the next one begins."""
        self.save(played=True)
        if self.following:
            self._turn_to(self.index + 1)
        else:
            self._player.pause()
            self.finished = True

    def _ended(self) -> None:
        failed = self._player.failed
        if failed:
            if len(self._tracks) == 1:
                raise AudioError(failed)
            self._tell(NOT_PLAYED)
            self.finished = not self.following
            if self.following:
                self._turn_to(self.index + 1)
        elif self._sleep.until in {Until.CHAPTER, Until.EPISODE}:
            self.save(played=True)
            self.fall_asleep()
        else:
            self._next()

    def _turn_to(self, index: int) -> None:
        self.index = index
        self.sentences = load_sentences(self.track.path)
        self.announcing, self._announced = self._announcements.is_due(self.track), False
        if self.announcing:
            self._player.pause()
            self._announce()
        else:
            self._begin()

    def _announce(self) -> None:
        """Play the announcement once it is there, and the track itself once it is over."""
        if self._announced:
            if self._player.over:
                self._begin()
        elif not self._announcements.is_due(self.track):
            self._begin()
        elif (sound := self._announcements.sound(self.track)) is not None:
            self._announced = True
            self._player.load(sound)
            self._player.play()

    def _begin(self) -> None:
        """Play the track from where it stopped last time."""
        self.announcing = False
        position = load(self.track.folder).get(self.track.guid)
        at = goes_on_at(position.seconds, self.track.seconds, played=position.played) if position else 0.0
        self._player.load(self.track.path, at)
        self._player.play()
        self._sleep.moved(self.track)
        self._announcements.prepare(self.following)
