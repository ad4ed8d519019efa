"""From addresses in a feed to the files of its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiopress.podcast.validation.document import is_file
from audiopress.podcast.validation.finding import REFRESH, REMAKE, error, setting, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.podcast.validation.finding import Finding

#: What an address consists of (RFC 3986, section 2): printable ASCII without space, quotes and angle brackets.
_ADDRESS = re.compile(r"[!#-;=?-\[\]_a-z~]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A show's folder and the address at which it is served, "" where it is not public yet."""

    output: Path
    base: str = ""  #: with the slash at its end

    def file(self, address: str) -> Path | None:
        """Return the file that an address names, None where it lies outside the folder.

        ``Place(Path("output"), "https://example.org/p/").file("https://example.org/p/a.mp3")`` → ``output/a.mp3``.
        """
        path = address.removeprefix(self.base) if self.base else address
        if (self.base and path == address) or is_absolute(path):
            return None
        parts = unquote(path.partition("?")[0].partition("#")[0]).split("/")
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            return None
        return self.output.joinpath(*parts)

    def check(self, address: str, where: str, name: str) -> Iterator[Finding]:
        """Yield what is wrong with the address of a file: ``name`` is what it is, as «the sound»."""
        if not address:
            yield error(where, f"The address of {name} is missing.", REFRESH)
        elif not _ADDRESS.fullmatch(address):
            yield error(where, f"The address of {name}, {shown(address)}, has letters other than ASCII.", REFRESH)
        elif self.base and not is_absolute(address):
            yield error(where, f"The address of {name}, {shown(address)}, is relative.", REFRESH)
        else:
            path = self.file(address)
            if path is None:
                beyond = "the show's own address" if self.base else "the show's folder"
                yield error(
                    where, f"The address of {name}, {shown(address)}, is not below {beyond}.", setting("base_url")
                )
            elif not is_file(path):
                yield error(where, f"The file of {name}, {shown(address)}, is not there.", REMAKE)


def is_absolute(address: str) -> bool:
    """Say whether an address says where it is by itself: ``https://example.org/a`` does, ``a`` and ``/a`` do not."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc)
