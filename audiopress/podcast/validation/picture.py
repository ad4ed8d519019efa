"""The covers, as Apple asks for them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from audiopress.podcast.artwork import ADVISED, check_artwork
from audiopress.podcast.validation.document import read_file, why
from audiopress.podcast.validation.finding import Finding, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REMEDY = "Set artwork in audiopress.toml to a better picture, or remove the key, then run audiopress produce --force."

#: One picture is opened at a time: it takes 27 MB, and Python's filters of warnings, which the reader changes, belong
#: to the whole process.
_ONE_AT_A_TIME = Lock()


def check_picture(path: Path, where: str) -> Iterator[Finding]:
    """Yield what is wrong with a cover, all of it decoded."""
    try:
        data = read_file(path)
    except (OSError, ValueError) as problem:
        yield error(where, f"The cover {path.name} cannot be read: {why(problem)}.", REMEDY)
        return
    with _ONE_AT_A_TIME:
        wrong = check_artwork(data, path.name)
    for sentence in wrong:
        yield error(where, f"The cover {path.name} would be refused: {sentence}", REMEDY)
    if not wrong and len(data) > ADVISED:
        what = f"The cover {path.name} has {len(data) // 1000} kB; players show at once what has {ADVISED // 1000} kB."
        yield warning(where, what, REMEDY)
