"""What a test hears and sees of the player in a page."""

from __future__ import annotations

from typing import Any

#: The dock's own audio element.
AUDIO = "document.querySelector('audio')"


def until(page: Any, expression: str, arg: Any = None) -> None:
    """Wait until an expression or function of the page says yes, for eight seconds at most.

    Playwright's own wait_for_function evaluates in the page, which the player's Content-Security-Policy forbids.
    """
    for _ in range(400):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(20)
    raise AssertionError(expression)


def time(page: Any) -> float:
    """Where the sound is."""
    return float(page.evaluate(f"{AUDIO}.currentTime"))


def sounds(page: Any) -> bool:
    """Whether it plays."""
    return not page.evaluate(f"{AUDIO}.paused")


def wait_for_sound(page: Any, after: float = 0.0) -> None:
    """Wait until the sound has really gone on from a place."""
    until(page, f"{AUDIO} && !{AUDIO}.paused && {AUDIO}.currentTime > {after} + 0.2")


def wait_for_silence(page: Any) -> None:
    """Wait until it has stopped."""
    until(page, f"{AUDIO}.paused")


def seek(page: Any, seconds: float) -> None:
    """Move the sound without the player's own buttons."""
    page.evaluate(f"{AUDIO}.currentTime = {seconds}")
    until(page, f"!{AUDIO}.seeking")


def row(page: Any, slug: str) -> Any:
    """An episode's place in the list."""
    return page.locator(f".row:has(a[href='#{slug}'])")


def start(page: Any, slug: str = "rain") -> None:
    """Press an episode's button and hear it."""
    row(page, slug).locator(".round.main").click()
    wait_for_sound(page)


def said(page: Any, words: str) -> None:
    """Wait for words in the live region."""
    until(page, "words => document.querySelector('.for-ears').textContent.includes(words)", words)
