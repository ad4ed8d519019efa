"""Articles of our own, and the program as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """خبر شماره {n} از روستا
مردم روستا دیروز در میدان شماره {n} جشن گرفتند. هوا خوب بود و بچه‌ها تا شب بازی کردند.

کشاورزان از باران شاد شدند. آنها می‌گویند گندم امسال {n} روز زودتر می‌رسد.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Callable[[int], Path]:
    """Make so many articles in a folder."""

    def make(count: int) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for n in range(count):
            (folder / f"a{n}.txt").write_text(TEXT.format(n=n + 10), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Caches and memory of this test alone."""
    return os.environ | {"AUDIOPRESS_CACHE": str(tmp_path / "cache"), "AUDIOPRESS_DATA": str(tmp_path / "data")}


@pytest.fixture
def batch(environment: dict[str, str], tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any], str]]:
    """Run ``audiopress batch`` and give its exit code, report and standard error."""

    def run(*arguments: object, voice: str = "tone") -> tuple[int, dict[str, Any], str]:
        command = [sys.executable, "-m", "audiopress", "batch", *map(str, arguments), "--voice", voice, "--json"]
        command += ["--output", str(tmp_path / "show")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    return run
