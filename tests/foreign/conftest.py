"""A show made by the command line, once, and the readers that are no Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from foreign_show import MODULES, make_show

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a show with an episode in each format, as audiopress produce leaves it."""
    output = tmp_path_factory.mktemp("foreign")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AUDIOPRESS_VOICE", "AUDIOPRESS_SHOW", "AUDIOPRESS_BASE_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("AUDIOPRESS_CACHE", str(tmp_path_factory.mktemp("cache")))
        make_show(output, tmp_path_factory.mktemp("articles"))
    return output


@pytest.fixture
def read_with_npm(show: Path) -> Callable[[str], Any]:
    """Read the show's feed with a parser of the npm registry."""

    def read(name: str) -> Any:
        node = shutil.which("node")
        if not node:
            pytest.skip("node is not installed")
        if not (MODULES / "node_modules" / name).is_dir():
            pytest.skip(f"{name} is not installed; make test installs it where npm is")
        script = Path(__file__).with_name("read_feed.mjs")
        command = [node, str(script), str(MODULES), name, str(show / "feed.xml")]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return json.loads(done.stdout)

    return read


@pytest.fixture
def probe() -> Callable[[Path], Any]:
    """Read a sound with ffprobe."""
    installed = sorted(MODULES.glob("node_modules/@ffprobe-installer/*/ffprobe"))
    program = shutil.which("ffprobe") or (str(installed[0]) if installed else "")
    if not program:
        pytest.skip("ffprobe is not installed; make test installs it where npm is")

    def read(path: Path) -> Any:
        command = [program, "-v", "error", "-of", "json", "-show_chapters", "-show_format", "-show_streams", str(path)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        return json.loads(done.stdout)

    return read
