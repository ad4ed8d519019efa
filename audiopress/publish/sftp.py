"""A folder of a server that speaks SFTP."""

from __future__ import annotations

import os
import posixpath
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from audiopress.errors import PublishError
from audiopress.publish.files import blocks, opened, sha256
from audiopress.publish.patience import Passing
from audiopress.publish.plan import EPISODES, FEED, folders
from audiopress.publish.ssh import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from audiopress.publish.files import LocalFile
    from audiopress.publish.store import Moved
    from audiopress.publish.targets import ServerTarget

#: Channels that list folders side by side: each folder costs four questions, and a show has one for each episode.
#: OpenSSH allows ten by default (MaxSessions).
_CHANNELS = 6
#: Bytes at the end of a half-sent file that are compared before it is gone on with.
_OVERLAP = 1 << 15
#: Seconds without an answer after which a line counts as broken.
_SILENCE = 60.0


class ServerStore:
    """Sends files aside and renames them; one there is as ours if size and time are, and the feed if its bytes are.

    A file that was half-sent when a run was killed lies there as ``.name.<8 digits of its SHA-256>.part``; the next run
    goes on from its end.
    """

    parallel = 1  # one file fills the line, as writes do not wait for their answers

    def __init__(self, target: ServerTarget) -> None:
        """Connect to nothing yet."""
        self._target = target
        self._ssh: Any = None
        self._sftp: Any = None
        self._listing: dict[str, tuple[str, ...]] = {}  # folders that are there, and what was half-sent into each

    def compare(self, files: Sequence[LocalFile]) -> Mapping[str, bool]:
        """Return the names of the files there, and whether each is as ours."""
        with self._errors(str(self._target)):
            found = self._found(files)
            own = {file.name: file for file in files}
            return {name: name in own and self._same(own[name], facts) for name, facts in found.items()}

    def _found(self, files: Sequence[LocalFile]) -> dict[str, Any]:
        """The files there with their attributes, as a server lists them."""
        self._listing.clear()
        sftp = self._channel()
        found: dict[str, Any] = {}
        episodes: list[str] = []
        for folder in folders(files):
            entries = self._listed(sftp, folder)
            found |= entries
            if folder == EPISODES:
                episodes = [name for name, facts in entries.items() if stat.S_ISDIR(facts.st_mode or 0)]
        channels = self._channels(len(episodes))

        def list_one(folder: str) -> dict[str, Any]:
            channel = channels.get()
            try:
                return self._listed(channel, folder)
            finally:
                channels.put(channel)

        with ThreadPoolExecutor(max(1, channels.qsize())) as pool:
            for entries in pool.map(list_one, episodes):
                found |= entries
        while not channels.empty():
            if (channel := channels.get()) is not sftp:
                channel.close()
        return {name: facts for name, facts in found.items() if stat.S_ISREG(facts.st_mode or 0)}

    def _channels(self, wanted: int) -> SimpleQueue[Any]:
        """Open further channels where there is much to list, as many as the server allows."""
        import paramiko  # noqa: PLC0415 - an extra

        channels: SimpleQueue[Any] = SimpleQueue()
        channels.put(self._channel())
        for _ in range(min(_CHANNELS, wanted // 2) - 1):
            try:
                channel = self._ssh.open_sftp()
            except paramiko.SSHException:
                break
            channel.get_channel().settimeout(_SILENCE)
            channels.put(channel)
        return channels

    def _listed(self, sftp: Any, folder: str) -> dict[str, Any]:
        """The entries of a folder by their names, none where it is not there."""
        try:
            entries = sftp.listdir_attr(self._path(folder))
        except FileNotFoundError:
            return {}
        self._listing[folder] = tuple(entry.filename for entry in entries if entry.filename.endswith(".part"))
        return {f"{folder}/{entry.filename}" if folder else entry.filename: entry for entry in entries}

    def _same(self, file: LocalFile, facts: Any) -> bool:
        if facts.st_size != file.size or facts.st_mtime != _seconds(file):
            return False
        if file.wave != FEED:
            return True
        with opened(file) as ours, self._channel().open(self._path(file.name), "rb") as theirs:
            theirs.prefetch(file.size)
            return all(block == theirs.read(len(block)) for block in blocks(ours))

    def put(self, file: LocalFile, moved: Moved) -> None:
        """Send a file aside, from where an earlier run was stopped, and rename it into place with our time."""
        path = self._path(file.name)
        folder, name = posixpath.split(file.name)
        with opened(file) as ours, self._errors(file.name):
            sftp = self._channel()
            part = f".{name}.{sha256(ours)[:8]}.part"
            self._make(sftp, folder)
            aside = self._path(posixpath.join(folder, part))
            self._send(sftp, ours, aside, moved)
            sftp.utime(aside, (_seconds(file), _seconds(file)))
            _rename(sftp, aside, path)
            for other in self._listing[folder]:
                if other != part and other.startswith(f".{name}."):  # of a version that is not wanted any more
                    with suppress(OSError):
                        sftp.remove(self._path(posixpath.join(folder, other)))

    def _send(self, sftp: Any, ours: BinaryIO, aside: str, moved: Moved) -> None:
        size = os.fstat(ours.fileno()).st_size
        done = self._half_sent(sftp, ours, aside)
        moved(done)
        ours.seek(done)
        with sftp.open(aside, "r+b" if done else "wb") as theirs:
            theirs.seek(done)
            theirs.set_pipelined(True)
            for block in blocks(ours):
                done += len(block)
                # The last write waits for the answers to all: a server whose disk is full says so by then.
                theirs.set_pipelined(done < size)
                theirs.write(block)
                moved(len(block))
        if sftp.stat(aside).st_size != size:
            raise Passing(f"{self._target} did not keep all of {posixpath.basename(aside)}; publish again.")

    def _half_sent(self, sftp: Any, ours: BinaryIO, aside: str) -> int:
        """How many bytes of a file are there already, by its hash its own; the last of them are compared."""
        try:
            there = sftp.stat(aside).st_size
        except FileNotFoundError:
            return 0
        if there > os.fstat(ours.fileno()).st_size:
            return 0
        start = max(0, there - _OVERLAP)
        ours.seek(start)
        with sftp.open(aside, "rb") as theirs:
            theirs.seek(start)
            return there if theirs.read(there - start) == ours.read(there - start) else 0

    def _make(self, sftp: Any, folder: str) -> None:
        """Make a folder and those above it, where they are not there."""
        if folder in self._listing:
            return
        missing = []
        path = self._path(folder)
        while path not in {"", "/"}:
            try:
                sftp.stat(path)
                break
            except FileNotFoundError:
                missing.append(path)
                path = posixpath.dirname(path)
        for each in reversed(missing):
            sftp.mkdir(each)
        self._listing[folder] = ()

    def remove(self, name: str) -> None:
        """Remove a file, and its folder if that is empty now."""
        with self._errors(name):
            sftp = self._channel()
            with suppress(FileNotFoundError):
                sftp.remove(self._path(name))
            folder = posixpath.dirname(name)
            if folder:
                with suppress(OSError):
                    sftp.rmdir(self._path(folder))

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        ssh, self._ssh, self._sftp = self._ssh, None, None
        if ssh is not None:
            ssh.close()

    def _channel(self) -> Any:
        """The channel on which all but lists goes, opened where it is not."""
        if self._sftp is None:
            self._ssh = connect(self._target)
            self._sftp = self._ssh.open_sftp()
            self._sftp.get_channel().settimeout(_SILENCE)
        return self._sftp

    def _path(self, name: str) -> str:
        return posixpath.join(self._target.path, name) if name else self._target.path

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        """Turn what paramiko raises within the block into a PublishError that says what to do."""
        try:
            yield
        except PublishError:
            raise
        except PermissionError as error:
            raise PublishError(
                f"{self._target} does not let you write or read {what}; ask for the right to."
            ) from error
        except Exception as error:
            if not _is_remote(error):
                raise
            transport = self._ssh.get_transport() if self._ssh else None
            if (
                isinstance(error, OSError)
                and not isinstance(error, TimeoutError)
                and transport
                and transport.is_active()
            ):
                raise PublishError(
                    f"{self._target} did not take {what} ({_why(error)}); is its disk full, or a folder in the way?"
                ) from error
            self.close()
            raise Passing(f"The connection to {self._target} broke while sending {what}; publish again.") from error


def _is_remote(error: Exception) -> bool:
    """Whether it is one of the errors that a server, or the way to it, makes paramiko raise."""
    import paramiko  # noqa: PLC0415 - an extra

    return isinstance(error, (OSError, EOFError, paramiko.SSHException))


def _rename(sftp: Any, aside: str, path: str) -> None:
    """Put a file into place; a server that cannot replace one in a single step takes the old one away first."""
    try:
        sftp.posix_rename(aside, path)
    except PermissionError:
        raise
    except OSError:
        with suppress(FileNotFoundError):
            sftp.remove(path)
        sftp.rename(aside, path)


def _seconds(file: LocalFile) -> int:
    """A file's time as SFTP counts: whole seconds."""
    return file.mtime // 1_000_000_000


def _why(error: Exception) -> str:
    return str(error).strip().splitlines()[0].lower() if str(error).strip() else type(error).__name__
