"""Where listeners stopped: one file a show, shared by the server, the web player and the terminal.

    {"version": 1, "positions": {"<guid>": {"seconds": 12.3, "played": false, "at": "2026-11-25T08:00:00.000Z"}}}

Of two positions of an episode the newer one counts, whichever device it comes from, so that any order of merging gives
the same.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.disk import alone, write_whole
from audiopress.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION = 1
#: Episodes a show's positions are kept of, those heard last: ten years of three a day, in a file of about 1 MB.
MOST = 10_000
#: Letters of a guid; ours have 36 (a UUID), addresses that other feeds use stay below what browsers and servers take.
LONGEST_GUID = 2048
#: Seconds of the longest programme: eleven days, more than any file a player opens.
LONGEST = 1_000_000.0
#: How far a device's clock may run ahead before we call it wrong: phones that are set by the network differ by less.
AHEAD = timedelta(minutes=1)
#: Hexadecimal digits of a file's name: with 64 bits the shows of a machine never meet.
_DIGITS = 16


class NotPositions(ValueError):  # noqa: N818 - says what it is, as FileNotFoundError does
    """What was read is no JSON of positions; the message is a sentence without anything of the data."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an episode stopped."""

    seconds: float  #: from the beginning, on the episode's own timeline whatever the speed
    played: bool  #: heard to its end, or marked as heard
    at: datetime  #: when that was, with its time zone


def load(show: Path) -> dict[str, Position]:
    """Return a show's positions by guid, none where there is no file or it cannot be understood.

    ``load(Path("output"))`` → ``{"5f0c…": Position(61.5, False, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))}``

    Raises:
        OutputError: the file is there but may not be read.
    """
    path = positions_file(show)
    with _disk_errors(path):
        return _read(path) or {}


def update(show: Path, changes: Mapping[str, Position]) -> dict[str, Position]:
    """Merge positions into a show's file and return all of them.

    Any number of programs may do so at once. A date in the future, from a clock that is wrong, is taken for now, so
    that it does not win for years. A file that cannot be understood is kept beside the new one as ``….broken``.

    Raises:
        OutputError: the file cannot be written.
    """
    now = datetime.now(UTC)
    path = positions_file(show)
    dated = {
        guid: Position(change.seconds, change.played, _whole(now if change.at > now + AHEAD else change.at))
        for guid, change in changes.items()
    }
    with _disk_errors(path), alone(path.parent):
        known = _read(path)
        if known is None and path.exists():
            path.replace(path.with_suffix(".broken"))
        merged = merge(known or {}, dated)
        if merged != known:
            for left in path.parent.glob(f".{path.name}.*.part"):  # of a run that was killed: nobody else writes now
                left.unlink(missing_ok=True)
            write_whole(path, to_json(merged))
    return merged


def merge(ours: Mapping[str, Position], theirs: Mapping[str, Position]) -> dict[str, Position]:
    """Return the newer position of each episode, sorted by guid, of the `MOST` episodes heard last.

    ``merge({"a": Position(5, False, monday)}, {"a": Position(2, False, tuesday)})`` →
    ``{"a": Position(2, False, tuesday)}``. Of two that are equally new the one heard further counts.
    """
    both = dict(ours)
    for guid, position in theirs.items():
        if guid not in both or _rank(position) > _rank(both[guid]):
            both[guid] = position
    if len(both) > MOST:
        last = sorted(both, key=lambda guid: (both[guid].at, guid), reverse=True)[:MOST]
        both = {guid: both[guid] for guid in last}
    return dict(sorted(both.items()))


def to_json(positions: Mapping[str, Position]) -> bytes:
    """Return positions as files and the network hold them, ASCII."""
    listed = {
        guid: {"seconds": round(position.seconds, 3), "played": position.played, "at": _stamp(position.at)}
        for guid, position in positions.items()
    }
    return json.dumps({"version": VERSION, "positions": listed}).encode()


def from_json(data: bytes) -> dict[str, Position]:
    """Read positions, leaving alone what later versions may add to them.

    ``from_json(b'{"version": 1, "positions": {"a": {"seconds": 5, "played": false, "at": "2026-11-25T08:00:00Z"}}}')``
    → ``{"a": Position(5.0, False, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))}``

    Raises:
        NotPositions: it is something else.
    """
    try:
        whole = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise NotPositions("The positions are not JSON.") from error
    if not isinstance(whole, dict) or whole.get("version") != VERSION or isinstance(whole["version"], bool):
        raise NotPositions(f"The positions are not of version {VERSION}.")
    listed = whole.get("positions")
    if not isinstance(listed, dict):
        raise NotPositions("The positions lack their list.")
    if len(listed) > MOST:
        raise NotPositions(f"There are more than {MOST} positions.")
    return {_guid(guid): _position(facts) for guid, facts in listed.items()}


def positions_file(show: Path) -> Path:
    """Return the file that holds a show's positions, in ``$AUDIOPRESS_DATA`` or the user's own data folder.

    ``positions_file(Path("output"))`` → ``~/.local/share/audiopress/positions/0f3c….json`` on Linux. A show is its
    folder, by whatever way it is named.
    """
    digest = hashlib.sha256(os.fsencode(os.path.realpath(show))).hexdigest()[:_DIGITS]
    return _data_folder() / "positions" / f"{digest}.json"


def _data_folder() -> Path:
    chosen = os.environ.get("AUDIOPRESS_DATA", "")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 - only where nothing is chosen

    return user_data_path("audiopress", appauthor=False)


def _rank(position: Position) -> tuple[datetime, bool, float]:
    """Order positions of an episode: the greatest counts."""
    return position.at, position.played, position.seconds


def _stamp(moment: datetime) -> str:
    """Return a moment as browsers write it (Date.toISOString): ``2026-11-25T08:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _guid(guid: str) -> str:
    if not 0 < len(guid) <= LONGEST_GUID:
        raise NotPositions("A position's guid cannot be one.")
    return guid


def _position(facts: Any) -> Position:
    if not isinstance(facts, dict):
        raise NotPositions("A position is no object.")
    seconds, played, at = facts.get("seconds"), facts.get("played"), facts.get("at")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds <= LONGEST:
        raise NotPositions(f"A position's seconds are no number from 0 to {LONGEST:.0f}.")
    if not isinstance(played, bool):
        raise NotPositions("A position's played is neither true nor false.")
    return Position(round(math.fabs(seconds), 3), played, _moment(at))  # fabs: no -0.0


def _moment(at: Any) -> datetime:
    """Read a date that says its time zone: ``2026-11-25T11:30:00+03:30`` → 8:00 UTC."""
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None:
            return _whole(moment)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotPositions("A position's at is no ISO 8601 date.") from error
    raise NotPositions("A position's at lacks its time zone.")


def _whole(moment: datetime) -> datetime:
    """Return a moment in whole milliseconds, as `_stamp` writes it, so that it equals itself when read again."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def _no_number(name: str) -> float:
    """Refuse NaN and infinities, which Python's JSON would let through."""
    raise ValueError(name)


def _read(path: Path) -> dict[str, Position] | None:
    """Return what a file holds, None where it is not there or cannot be understood."""
    try:
        return from_json(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path} cannot be kept ({reason}); name another folder in AUDIOPRESS_DATA."
        raise OutputError(message) from error
