"""A folder with shows, and the real server before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from served_shows import Client, make_show, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test reads or writes the developer's own positions."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("AUDIOPRESS_DATA", str(folder))
    return folder


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder that is a show and holds two more."""
    output = make_show(tmp_path_factory.mktemp("output"))
    make_show(output / "sport", "ورزش & بازی", "")
    make_show(output / "اقتصاد", "اقتصاد")
    return output


@pytest.fixture(scope="module")
def client(shows: Path) -> Iterator[Client]:
    """A client of a server of `shows`."""
    with running(shows) as found:
        yield found
