"""One Chromium and one server for all tests of the player; each test has a fresh visitor and its own positions."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from player_show import make_empty, make_long, make_many, make_show, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: What Chromium needs in a container, and what keeps it from speaking to anybody.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Sound without a tap, for all tests that are not about the tap.
FREE = "--autoplay-policy=no-user-gesture-required"
#: A visitor's window, unless a test wants another one. The service worker, which fetches the whole player once more, is
#: for the tests that are about it.
PHONE = {"viewport": {"width": 390, "height": 844}, "service_workers": "block"}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say once and plainly why the tests of the browser are left out."""
    reason = _missing()
    if reason:
        for item in items:
            if "launch" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


def _missing() -> str:
    if not any(map(shutil.which, NAMES)):
        return "there is no Chromium (Debian: apt install chromium)"
    try:
        import playwright.sync_api  # noqa: F401, PLC0415 - only asked whether it is there
    except ImportError:
        return "playwright is not installed (pip install playwright)"
    return ""


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Any]]:
    """Starts a Chromium with more flags."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra of the developer's

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        started: list[Any] = []

        def start(*flags: str) -> Any:
            started.append(playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags]))
            return started[-1]

        yield start
        for each in started:
            each.close()


@pytest.fixture(scope="session")
def chromium(launch: Callable[..., Any]) -> Any:
    """The browser that most tests share."""
    return launch(FREE)


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with four shows: of three episodes, of 310, of one that is an hour long, and of none."""
    folder = tmp_path_factory.mktemp("shows")
    make_show(folder / "news")
    make_many(folder / "many", 310)
    make_long(folder / "long")
    make_empty(folder / "none")
    return folder


@pytest.fixture
def address(output: Path, own_positions: None) -> Iterator[str]:
    """Where the output folder is served: anew for each test, so that what a closed page still sends reaches nobody."""
    with served(output) as where:
        yield where


@pytest.fixture(autouse=True)
def own_positions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test has its own positions on the server."""
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))


class Visitor:
    """Somebody with a browser of their own: opens pages, and remembers what the console complained of."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(**(PHONE | options))
        self.context.set_default_timeout(8000)
        self.complaints: list[str] = []

    def open(self, path: str = "news/", *, ready: bool = True) -> Any:
        """A new tab."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.goto(self.address + path)
        if ready:
            page.wait_for_selector("html[data-player=ready]")
        return page

    def _hear(self, said: Any) -> None:
        blocked = "blocked by Playwright" in said.text
        if said.type in {"error", "warning"} and not blocked:
            self.complaints.append(f"{said.text} ({said.location.get('url', '')})")


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; what their consoles complained of fails the test, unless the test takes it out."""
    visitors: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        browser = options.pop("browser", chromium)
        visitors.append(Visitor(browser, options.pop("address", address), **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.complaints for visitor in visitors] == [[] for _ in visitors]


@pytest.fixture
def page(visit: Callable[..., Visitor]) -> Any:
    """The show of three episodes, on a phone."""
    return visit().open()
