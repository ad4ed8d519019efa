"""Playing, seeking, chapters, resuming, the sleep timer, the queue: with sound that really goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ears import AUDIO, row, said, seek, sounds, start, time, until, wait_for_silence, wait_for_sound

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_show_is_listed_in_persian(page: Any) -> None:
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".row h3").all_text_contents() == ["باران در روستا", "گرما در راه است", "باد آرام گرفت"]
    assert page.locator(".row .facts").first.inner_text().split("\n") == ["تازه", "۴ آذر ۱۴۰۵", "۱:۰۰"]
    assert page.locator(".play-all").inner_text() == "پخش نشنیده‌ها (۳)"
    assert page.locator("main article audio").count() == 0


def test_an_episode_sounds_from_the_shows_own_folder(page: Any) -> None:
    start(page)
    before = time(page)
    page.wait_for_timeout(600)
    assert 0.3 < time(page) - before < 1.5
    # The feed says https://example.org/p, the show is heard from here.
    assert page.evaluate(f"{AUDIO}.currentSrc") == page.url.split("#")[0] + "episodes/rain/rain.mp3"
    assert page.locator(".dock-title").inner_text() == "باران در روستا"
    row(page, "rain").get_by_role("button", name="مکث «باران در روستا»").click()
    wait_for_silence(page)


def test_a_seek_asks_for_its_range_only(visit: Callable[..., Any]) -> None:
    page = visit().open("long/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("range", "")))
    start(page, "hour")
    page.locator(".timeline").evaluate("line => { line.value = 3000; line.dispatchEvent(new Event('change')) }")
    wait_for_sound(page, after=3000)
    ranges = [int(each.removeprefix("bytes=").split("-")[0]) for each in asked if each]
    assert ranges[0] == 0
    assert 3000 * 4000 * 0.98 < ranges[-1] < 3000 * 4000  # 32 kbit/s are 4,000 bytes a second
    assert page.evaluate(f"{AUDIO}.buffered.length") == 2


HANDLERS = """
    window.handlers = {}; window.state = null;
    const { mediaSession } = navigator;
    mediaSession.setActionHandler = (name, react) => { window.handlers[name] = react };
    mediaSession.setPositionState = (state) => { window.state = state };
"""


def test_headset_and_lock_screen(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.context.add_init_script(HANDLERS)
    page = visitor.open()
    start(page)

    def press(name: str, details: str = "{}") -> float:
        page.evaluate(f"handlers.{name}({details})")
        return time(page)

    assert press("nexttrack") == pytest.approx(20, abs=0.3)
    assert press("nexttrack") == pytest.approx(40, abs=0.3)
    assert press("previoustrack") == pytest.approx(20, abs=0.3)  # within three seconds: the one before
    seek(page, 29)
    assert press("previoustrack") == pytest.approx(20, abs=0.3)  # later: the chapter's own beginning
    assert press("seekforward") == pytest.approx(50, abs=0.5)
    assert press("seekbackward", "{seekOffset: 5}") == pytest.approx(45, abs=0.5)
    assert press("seekto", "{seekTime: 21}") == pytest.approx(21, abs=0.3)
    until(page, "navigator.mediaSession.metadata.album === 'فصل دوم: بازار'")
    metadata = page.evaluate("(({title, artist}) => [title, artist])(navigator.mediaSession.metadata)")
    assert metadata == ["باران در روستا", "خبر روستا"]
    assert page.evaluate("navigator.mediaSession.metadata.artwork.map(({sizes}) => sizes)") == ["3000x3000", "512x512"]
    press("pause")
    wait_for_silence(page)
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"
    page.evaluate(f"{AUDIO}.currentTime = 10")
    until(page, "Math.abs(state.position - 10) < 0.1")
    assert page.evaluate("[state.playbackRate, Math.round(state.duration)]") == [1, 60]
    press("play")
    wait_for_sound(page)
    page.get_by_role("button", name="تنظیم‌ها").click()
    page.get_by_label("۱۵ ثانیه عقب، ۳۰ ثانیه جلو").check()
    seek(page, 20)
    assert press("nexttrack") == pytest.approx(50, abs=0.5)
    assert press("previoustrack") == pytest.approx(35, abs=0.5)


def test_an_episode_goes_on_a_little_before_it_stopped(page: Any) -> None:
    start(page)
    seek(page, 30)
    row(page, "rain").locator(".round.main").click()
    wait_for_silence(page)
    stopped = time(page)
    page.reload()
    page.wait_for_selector("html[data-player=ready]")
    until(page, f"Math.abs({AUDIO}.currentTime - {stopped - 3}) < 0.2")
    assert not sounds(page)
    assert "مانده" in row(page, "rain").locator(".facts").inner_text()
    page.get_by_role("button", name="پخش", exact=True).click()
    wait_for_sound(page, after=stopped - 3)


def test_a_place_is_kept_while_it_plays_and_when_the_page_goes(page: Any) -> None:
    start(page)
    seek(page, 25)
    page.wait_for_timeout(300)
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector("html[data-player=ready]")
    until(page, f"{AUDIO}.currentTime > 21.5 && {AUDIO}.currentTime < 24")


def test_what_is_nearly_over_was_heard(page: Any) -> None:
    start(page, "heat")
    assert page.locator(".play-all").inner_text() == "پخش نشنیده‌ها (۳)"
    seek(page, 22.5)
    page.keyboard.press("k")
    wait_for_silence(page)
    assert row(page, "heat").locator(".facts").inner_text().endswith("شنیده‌شده")
    assert page.locator(".play-all").inner_text() == "پخش نشنیده‌ها (۲)"
    page.get_by_role("button", name="نشنیده", exact=True).click()
    assert page.locator(".row h3").all_text_contents() == ["باران در روستا", "باد آرام گرفت"]


def test_speed_keeps_the_pitch(page: Any) -> None:
    start(page)
    page.locator(".dock-title").click()
    page.locator(".speed").click()
    page.get_by_role("button", name="۲×", exact=True).click()
    page.keyboard.press("Escape")
    before = time(page)
    page.wait_for_timeout(600)
    assert 0.9 < time(page) - before < 2.0
    assert page.evaluate(f"[{AUDIO}.playbackRate, {AUDIO}.preservesPitch]") == [2, True]
    for key, rate in ((".", 2.1), (",", 2), *[(".", None)] * 9):
        page.keyboard.press(key)
        assert rate is None or page.evaluate(f"{AUDIO}.playbackRate") == rate
    assert page.evaluate(f"{AUDIO}.playbackRate") == 2.5
    assert page.locator(".speed").inner_text() == "۲٫۵×"


def test_minutes_of_sleep_are_real_minutes_at_any_speed(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.context.clock.install()
    page = visitor.open()
    row(page, "rain").locator(".round.main").click()
    until(page, f"{AUDIO}.currentTime > 0.2")
    page.evaluate(f"{AUDIO}.playbackRate = 2")
    page.keyboard.press("s")
    page.get_by_role("button", name="۵ دقیقه", exact=True).click()
    page.clock.run_for("04:45")
    assert sounds(page)
    assert page.evaluate(f"{AUDIO}.volume") == 1
    page.clock.run_for(10_000)
    assert 0.4 < page.evaluate(f"{AUDIO}.volume") < 0.6  # halfway through the last ten seconds
    page.clock.run_for(6_000)
    assert not sounds(page)
    assert page.evaluate(f"{AUDIO}.volume") == 1
    assert page.locator(".toast").inner_text() == "زمان‌سنج خواب پخش را نگه داشت. شب خوش."


def test_sleep_at_the_end_of_a_chapter_and_of_the_episode(page: Any) -> None:
    start(page)
    for key in "........":
        page.keyboard.press(key)
    page.keyboard.press("s")
    page.get_by_role("button", name="تا پایان این فصل").click()
    seek(page, 18)  # 1.1 s of the clock at 1.8 times the speed
    wait_for_silence(page)
    assert time(page) == pytest.approx(20, abs=0.25)
    start(page, "wind")
    page.keyboard.press("s")
    page.get_by_role("button", name="تا پایان این قسمت").click()
    seek(page, 7.2)
    until(page, f"{AUDIO}.ended")
    page.wait_for_timeout(300)
    assert page.evaluate(f"{AUDIO}.ended && {AUDIO}.currentSrc.endsWith('wind.mp3')")


def test_the_queue_goes_on_by_itself_at_the_same_speed(page: Any) -> None:
    row(page, "wind").get_by_role("button", name="افزودن «باد آرام گرفت» به صف").click()
    row(page, "rain").get_by_role("button", name="افزودن «باران در روستا» به صف").click()
    page.keyboard.press("q")
    assert page.locator(".queued").all_inner_texts() == ["باد آرام گرفت", "باران در روستا"]
    page.get_by_role("button", name="بالا بردن «باران در روستا»").click()
    assert page.locator(".queued").all_inner_texts() == ["باران در روستا", "باد آرام گرفت"]
    page.get_by_role("button", name="پایین بردن «باران در روستا»").click()
    page.keyboard.press("Escape")
    start(page, "heat")
    page.keyboard.press(".")
    page.keyboard.press("-")
    seek(page, 23.4)
    until(page, f"{AUDIO}.currentSrc.endsWith('wind.mp3') && {AUDIO}.currentTime > 0.1")
    assert page.evaluate(f"[{AUDIO}.playbackRate, {AUDIO}.volume]") == [1.1, 0.9]
    seek(page, 7.4)
    until(page, f"{AUDIO}.currentSrc.endsWith('rain.mp3') && {AUDIO}.currentTime > 0.1")
    seek(page, 59.5)
    said(page, "پایان")
    assert not sounds(page)
    assert page.locator(".play-all").is_disabled()


def test_everything_unheard_from_one_button(page: Any) -> None:
    page.locator(".play-all").click()
    wait_for_sound(page)
    assert page.locator(".dock-title").inner_text() == "باران در روستا"
    page.keyboard.press("n")
    until(page, f"{AUDIO}.currentSrc.endsWith('heat.mp3') && {AUDIO}.currentTime > 0.1")
    page.keyboard.press("q")
    assert page.locator(".queued").all_inner_texts() == ["باد آرام گرفت"]


def test_an_address_starts_everything_unheard(visit: Callable[..., Any]) -> None:
    page = visit().open("news/play")
    wait_for_sound(page)
    assert page.url.endswith("/news/")  # a reload does not start it again
    page.goto("about:blank")


def test_a_browser_that_wants_a_tap_gets_one_big_button(launch: Callable[..., Any], visit: Callable[..., Any]) -> None:
    visitor = visit(browser=launch("--autoplay-policy=document-user-activation-required"))
    # Whatever Playwright evaluates in a page counts as a tap, so the page itself tells when it asks for one.
    visitor.context.add_init_script(
        "const { showModal } = HTMLDialogElement.prototype;"
        "HTMLDialogElement.prototype.showModal = function () { showModal.call(this); console.info('a tap, please') }"
    )
    page = visitor.context.new_page()
    with page.expect_console_message(lambda said: said.text == "a tap, please"):
        page.goto(visitor.address + "news/#play")
    assert not sounds(page)
    page.get_by_role("button", name="برای شنیدن، اینجا بزنید").click()
    wait_for_sound(page)
    assert not page.locator("dialog[open]").count()


def test_a_link_leads_to_its_moment(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open("news/#rain&t=41")
    assert page.locator(".page h1").inner_text() == "باران در روستا"
    until(page, f"Math.abs({AUDIO}.currentTime - 41) < 0.1")
    assert not sounds(page)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    said(page, "پیوند کپی شد")
    assert page.evaluate("navigator.clipboard.readText()") == f"{visitor.address}news/#rain&t=41"
    page.get_by_role("button", name="پخش", exact=True).first.click()
    wait_for_sound(page, after=41)


def test_two_tabs_do_not_speak_at_once_nor_forget(visit: Callable[..., Any]) -> None:
    visitor = visit()
    one, other = visitor.open(), visitor.open()
    start(one)
    start(other, "heat")
    wait_for_silence(one)
    seek(other, 9)
    other.keyboard.press("k")
    wait_for_silence(other)
    start(one)
    seek(one, 44)
    one.keyboard.press("k")
    wait_for_silence(one)
    kept = other.evaluate("JSON.parse(localStorage.getItem('audiopress:/news/:positions')).positions")
    assert {guid: round(position["seconds"]) for guid, position in kept.items()} == {"guid-rain": 44, "guid-heat": 9}
    assert "مانده" in row(other, "rain").locator(".facts").inner_text()
