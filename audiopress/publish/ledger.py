"""What was posted in a channel: Telegram lets no bot read that back, so it is remembered here."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from audiopress.disk import alone, write_whole
from audiopress.errors import PublishError
from audiopress.publish.posts import Posted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an episode in a channel."""

    posted: tuple[Posted, ...] = ()
    old: tuple[int, ...] = ()  #: messages of an earlier version, still to be deleted
    size: int = 0  #: bytes of the sound that was hashed
    mtime: int = 0  #: its time, ns
    sound: str = ""  #: its SHA-256
    title: str = ""  #: of the episode


class Ledger:
    """The entries of a channel by the guids of episodes, written whole after each change."""

    def __init__(self, path: Path, entries: dict[str, Entry]) -> None:
        """Keep ``entries`` in the file ``path``."""
        self._path = path
        self._entries = entries

    def get(self, guid: str) -> Entry:
        """What is known of an episode; an empty entry for one that is new."""
        return self._entries.get(guid, Entry())

    def put(self, guid: str, entry: Entry) -> None:
        """Remember an episode on disk; an entry without messages is forgotten."""
        if entry.posted or entry.old:
            self._entries[guid] = entry
        else:
            self._entries.pop(guid, None)
        facts = {"version": _VERSION, "episodes": {guid: asdict(each) for guid, each in self._entries.items()}}
        try:
            write_whole(self._path, json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise PublishError(
                f"{self._path} cannot be written ({why}); free some space, so that what was posted is remembered."
            ) from error


@contextmanager
def ledger(folder: Path, chat: str, *, read_only: bool = False) -> Iterator[Ledger]:
    """Open what is known of a channel, alone: a second run waits. ``folder`` is made where it is not there.

    ``ledger(Path("state"), "@Channel")`` keeps ``state/telegram-channel.json``.

    Raises:
        PublishError: the file is damaged or the folder cannot be used.
    """
    path = folder / f"telegram-{chat.removeprefix('@').lower()}.json"
    if read_only:
        yield Ledger(path, _read(path))
        return
    with ExitStack() as held:
        try:
            held.enter_context(alone(folder))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise PublishError(f"{folder} cannot be used ({why}); what was posted must be remembered there.") from error
        yield Ledger(path, _read(path))


def _read(path: Path) -> dict[str, Entry]:
    try:
        facts = json.loads(path.read_bytes())
        if facts["version"] != _VERSION:
            raise PublishError(f"{path} is of another version of audiopress; update audiopress, and publish again.")
        return {str(guid): _entry(each) for guid, each in facts["episodes"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{path}, which says what was posted, cannot be read; restore it from a backup, or move it away to post "
            "every episode anew."
        ) from error


def _entry(facts: dict[str, Any]) -> Entry:
    posted = tuple(Posted(int(each["message"]), str(each["digest"])) for each in facts["posted"])
    old = tuple(int(message) for message in facts["old"])
    return Entry(posted, old, int(facts["size"]), int(facts["mtime"]), str(facts["sound"]), str(facts["title"]))
