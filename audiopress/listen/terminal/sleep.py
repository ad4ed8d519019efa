"""The sleep timer: which one was chosen, when it is over, and how softly the sound ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.listen.terminal.timing import Sleep, Until, chapter_end, sleeps_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.listen.terminal.player import Player
    from audiopress.listen.terminal.tracks import Track

#: Seconds over which the sound fades out, so that the silence wakes nobody.
_FADE = 5.0


class SleepTimer:
    """Waits for some minutes, the end of the chapter or the end of the episode; one key goes through the choices."""

    def __init__(self, player: Player, minutes: Sequence[float]) -> None:
        """No timer runs; ``minutes`` are the choices."""
        self._player = player
        times = [Sleep(Until.TIME, 60 * each) for each in minutes]
        self._choices = (None, *times, Sleep(Until.CHAPTER), Sleep(Until.EPISODE))
        self._choice = 0
        self._sleep: Sleep | None = None

    @property
    def until(self) -> Until | None:
        """What it waits for, None where no timer runs."""
        return self._sleep.until if self._sleep else None

    def choose_next(self, track: Track) -> None:
        """Start the next of the timers, after the last one none."""
        self._choice = (self._choice + 1) % len(self._choices)
        self._sleep = self._choices[self._choice]
        if self._sleep and self._sleep.until is Until.TIME:
            self._sleep = Sleep(Until.TIME, self._player.heard + self._sleep.at)
        self._player.fade = 1.0
        self.moved(track)

    def moved(self, track: Track) -> None:
        """The listener went elsewhere: the end of «this» chapter is that of the one that plays now."""
        if self._sleep and self._sleep.until is Until.CHAPTER:
            end = chapter_end(track.chapters, self._player.position, track.seconds)
            self._sleep = Sleep(Until.CHAPTER, end)

    def left(self, track: Track) -> float:
        """Seconds of listening until it is over, 0.0 where no timer runs."""
        if self._sleep is None:
            return 0.0
        player = self._player
        return sleeps_in(
            self._sleep, position=player.position, length=track.seconds, heard=player.heard, speed=player.speed
        )

    def is_over(self, track: Track) -> bool:
        """Fade out towards the end, and say whether it has come. The end of an episode comes by itself."""
        if self._sleep is None or self._sleep.until is Until.EPISODE:
            return False
        left = self.left(track)
        if self._sleep.until is Until.TIME:
            self._player.fade = min(1.0, left / _FADE)
        return left <= 0

    def stop(self) -> None:
        """No timer runs any more."""
        self._sleep, self._choice = None, 0
        self._player.fade = 1.0
