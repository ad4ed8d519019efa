"""Kept episodes without network, positions shared with the server, plain hosting, and new versions of the player."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from ears import AUDIO, row, said, seek, sounds, start, time, until, wait_for_silence, wait_for_sound
from player_show import plainly_served, served

from audiopress.listen import positions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def wait_for_worker(page: Any) -> None:
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "Boolean(navigator.serviceWorker.controller)")


def test_a_kept_episode_plays_when_the_server_is_gone(visit: Callable[..., Any], output: Path) -> None:
    with served(output) as address:
        visitor = visit(address=address, service_workers="allow")
        page = visitor.open()
        wait_for_worker(page)
        row(page, "rain").get_by_role("button", name="نگه‌داشتن «باران در روستا» برای شنیدن بی‌اینترنت").click()
        row(page, "rain").get_by_role("button", name="برداشتن «باران در روستا» از نگه‌داشته‌ها").wait_for()
        size = (output / "news/episodes/rain/rain.mp3").stat().st_size
        sound = address + "news/episodes/rain/rain.mp3"
    page.goto(visitor.address + "news/")
    page.wait_for_selector("html[data-player=ready]")
    start(page)
    seek(page, 45)
    wait_for_sound(page, after=45)
    page.locator(".dock-title").click()
    page.wait_for_selector(".page .sentence[aria-current]")
    assert page.locator(".chapters li").count() == 3

    def part(wanted: str) -> list[Any]:
        return page.evaluate(
            "async ([address, range]) => { const answer = await fetch(address, { headers: { Range: range } });"
            " return [answer.status, answer.headers.get('Content-Range'), (await answer.arrayBuffer()).byteLength] }",
            [sound, wanted],
        )

    assert part("bytes=0-") == [206, f"bytes 0-{size - 1}/{size}", size]
    assert part("bytes=100-199") == [206, f"bytes 100-199/{size}", 100]
    assert part("bytes=-10") == [206, f"bytes {size - 10}-{size - 1}/{size}", 10]
    assert part(f"bytes=5-{size + 9}") == [206, f"bytes 5-{size - 1}/{size}", size - 5]
    assert part(f"bytes={size}-") == [416, f"bytes */{size}", 0]
    assert part("bytes=9-5")[::2] == [200, size]
    assert part("bytes=0-1,4-5")[::2] == [200, size]
    page.keyboard.press("h")
    row(page, "heat").locator(".round.main").click()
    until(page, "document.querySelector('.dock-trouble').textContent.startsWith('اینترنت قطع است')")
    page.get_by_role("button", name="نگه‌داشته", exact=True).click()
    assert page.locator(".row h3").all_text_contents() == ["باران در روستا"]
    assert re.fullmatch("۱ قسمت، ۳[۷۸][۰-۹] کیلوبایت", page.locator(".episodes > .hint").inner_text())
    row(page, "rain").get_by_role("button", name="برداشتن «باران در روستا» از نگه‌داشته‌ها").click()
    said(page, "برداشته شد")
    kept = page.evaluate(
        "caches.open('audiopress:/news/:kept').then((cache) => cache.keys()).then((keys) => keys.length)"
    )
    assert kept == 0
    visitor.complaints.clear()  # the browser tells of each thing that the network did not give


def test_an_episode_that_comes_halfway_is_not_kept(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open()
    visitor.context.route(
        "**/rain.mp3", lambda route: route.fulfill(status=200, body=b"half", content_type="audio/mpeg")
    )
    row(page, "rain").get_by_role("button", name="نگه‌داشتن «باران در روستا» برای شنیدن بی‌اینترنت").click()
    said(page, "این قسمت نگه داشته نشد")
    addresses = (
        "caches.open('audiopress:/news/:kept').then((cache) => cache.keys()).then((all) => all.map(({url}) => url))"
    )
    assert [each for each in page.evaluate(addresses) if "rain.mp3" in each] == []


def test_a_new_version_takes_over_without_stopping_what_plays(
    visit: Callable[..., Any], output: Path, tmp_path: Path
) -> None:
    shutil.copytree(output / "news", tmp_path / "shows/news")
    worker = tmp_path / "shows/news/sw.js"
    with served(tmp_path / "shows") as address:
        page = visit(address=address, service_workers="allow").open()
        wait_for_worker(page)
        start(page)
        before = page.evaluate("caches.keys()")
        worker.write_text(worker.read_text(encoding="utf-8").replace('VERSION = "', 'VERSION = "f'), encoding="utf-8")
        page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
        until(page, "before => caches.keys().then((now) => !before.every((name) => now.includes(name)))", before)
        at = time(page)
        wait_for_sound(page, after=at)
        after = page.evaluate("caches.keys()")
        assert sorted(name.replace("shell:f", "shell:") for name in after) == sorted(before)


def test_positions_go_to_the_server_and_come_from_it(visit: Callable[..., Any], output: Path) -> None:
    page = visit().open()
    start(page)
    seek(page, 33)
    with page.expect_response(lambda answer: answer.url.endswith("api/positions") and answer.request.method == "POST"):
        page.keyboard.press("k")
        wait_for_silence(page)
    kept = positions.load(output / "news")
    assert kept["guid-rain"].seconds == pytest.approx(time(page), abs=0.1)
    assert not kept["guid-rain"].played
    elsewhere = visit().open()
    assert "مانده" in row(elsewhere, "rain").locator(".facts").inner_text()
    start(elsewhere)
    assert 29 < time(elsewhere) < 33
    # The page that waited goes on where the other one stopped.
    seek(elsewhere, 50)
    with elsewhere.expect_response(lambda answer: answer.request.method == "POST"):
        elsewhere.keyboard.press("k")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, f"Math.abs({AUDIO}.currentTime - 47) < 1")
    assert not sounds(page)


def test_plain_hosting_is_enough(visit: Callable[..., Any], output: Path) -> None:
    with plainly_served(output) as address:
        visitor = visit(address=address)
        page = visitor.open()
        start(page)
        page.keyboard.press("k")
        wait_for_silence(page)
        page.reload()
        page.wait_for_selector("html[data-player=ready]")
        start(page)
        assert page.locator(".toast").is_hidden()
        page.close()
        # Asked for once in a visit; the browser itself notes that there was no answer.
        assert [each.rsplit(" (", 1)[1] for each in visitor.complaints] == [f"{address}news/api/positions)"]
        visitor.complaints.clear()


def test_the_show_can_be_installed(visit: Callable[..., Any]) -> None:
    visitor = visit(service_workers="allow")
    page = visitor.open()
    wait_for_worker(page)
    tools = visitor.context.new_cdp_session(page)
    found = tools.send("Page.getAppManifest")
    assert found["errors"] == []
    facts = json.loads(found["data"])
    assert (facts["name"], facts["dir"], facts["start_url"], facts["display"]) == (
        "خبر روستا",
        "rtl",
        "./",
        "standalone",
    )
    wrong = {each["errorId"] for each in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert wrong <= {"in-incognito"}  # each visitor's window is a private one


def test_a_moment_that_was_asked_for_stays_when_other_news_come(visit: Callable[..., Any], output: Path) -> None:
    page = visit().open("news/#rain&t=41")
    until(page, f"Math.abs({AUDIO}.currentTime - 41) < 0.1")
    at = datetime.now(UTC)
    positions.update(output / "news", {"guid-heat": positions.Position(9, played=False, at=at)})
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, "localStorage.getItem('audiopress:/news/:positions')?.includes('guid-heat')")
    assert time(page) == pytest.approx(41, abs=0.1)
    positions.update(output / "news", {"guid-rain": positions.Position(33, played=False, at=at)})
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, f"Math.abs({AUDIO}.currentTime - 30) < 0.1")
