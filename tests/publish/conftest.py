"""What all tests of publishing share: a show, a listener, and retries that do not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stamina
from showfolder import FILES, Listener, ShowFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Retries follow at once, as often as in earnest."""
    with stamina.set_testing(True, attempts=6):
        yield


@pytest.fixture(autouse=True)
def nothing_of_the_developers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, proxy or setting of the developer's own reaches a test."""
    for name in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "SSH_AUTH_SOCK", "AWS_PROFILE", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def show(tmp_path: Path) -> ShowFolder:
    folder = ShowFolder(tmp_path / "output")
    folder.write(FILES)
    return folder


@pytest.fixture
def listener() -> Listener:
    return Listener()
