"""What a place for files must be able to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audiopress.publish.files import LocalFile

    type Moved = Callable[[int], None]  # told of each so many bytes that have been sent


class Store(Protocol):
    """A place that holds the files of a show. What fails raises PublishError, what may pass raises Passing."""

    parallel: int  #: how many files may be sent at once

    def compare(self, files: Sequence[LocalFile]) -> Mapping[str, bool]:
        """Return the names of all files there, and whether each is as ours; nothing is changed."""
        ...

    def put(self, file: LocalFile, moved: Moved) -> None:
        """Send one file; whoever reads there sees the old version or the new one, never half."""
        ...

    def remove(self, name: str) -> None:
        """Remove one file; one that has gone already is no error."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
