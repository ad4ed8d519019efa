"""What a listener presses, says and hears of the player itself: keys, voice, screen readers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ears import AUDIO, row, said, sounds, start, time, until, wait_for_silence, wait_for_sound

if TYPE_CHECKING:
    from collections.abc import Callable

#: axe-core 4.14.1, an npm package; `make test` installs it where npm is.
AXE = Path(__file__).parents[3] / ".venv/foreign/node_modules/axe-core/axe.min.js"


def test_all_of_it_by_keyboard_on_a_persian_layout(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open()
    keys = visitor.context.new_cdp_session(page)

    def press(code: str, key: str, *, shift: bool = False) -> None:
        for kind in ("keyDown", "keyUp"):
            facts = {"type": kind, "code": code, "key": key, "modifiers": 8 if shift else 0}
            keys.send("Input.dispatchKeyEvent", facts)

    press("Space", " ")
    wait_for_sound(page)  # nothing was chosen: everything unheard begins
    press("KeyK", "ن")
    wait_for_silence(page)
    before = time(page)
    press("ArrowRight", "ArrowRight")
    assert time(page) == pytest.approx(before + 30, abs=0.1)
    press("KeyJ", "ت")
    assert time(page) == pytest.approx(before + 15, abs=0.1)
    press("ArrowRight", "ArrowRight", shift=True)
    assert time(page) == pytest.approx(20, abs=0.1)
    said(page, "فصل دوم: بازار")
    press("Comma", "و")
    press("Comma", "و")
    assert page.evaluate(f"{AUDIO}.playbackRate") == 0.8
    press("KeyM", "پ")
    assert page.evaluate(f"{AUDIO}.muted")
    press("KeyT", "ف")
    page.wait_for_selector(".page .text")
    press("KeyH", "ا")
    page.locator(".list").wait_for()
    press("Slash", "؟", shift=True)
    assert page.locator("dialog[open] h2").inner_text() == "میان‌برهای صفحه‌کلید"
    assert page.locator("dialog[open] dl > div").count() == 23
    press("KeyK", "ن")  # a dialog is open: keys are its own
    assert not sounds(page)
    page.keyboard.press("Escape")
    assert not page.locator("dialog[open]").count()
    page.get_by_role("button", name="تنظیم‌ها").click()
    page.get_by_label("میان‌برهای یک‌حرفی صفحه‌کلید کار کنند").uncheck()
    page.keyboard.press("Escape")
    press("KeyK", "ن")
    assert not sounds(page)


def test_every_control_is_reached_by_tab_and_keeps_its_own_keys(page: Any) -> None:
    page.keyboard.press("Tab")
    names = []
    for _ in range(9):
        names.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText")
        )
        page.keyboard.press("Tab")
    assert names == [
        "صف پخش",
        "تنظیم‌ها",
        "میان‌برهای صفحه‌کلید",
        "پخش نشنیده‌ها (۳)",
        "جست‌وجو در عنوان‌ها و متن‌ها",
        "همه",
        "نشنیده",
        "نگه‌داشته",
        "پخش «باران در روستا»",
    ]
    row(page, "heat").locator(".round.main").focus()
    page.keyboard.press("Space")
    wait_for_sound(page)
    assert page.locator(".dock-title").inner_text() == "گرما در راه است"
    page.locator(".dock-title").press("Enter")
    page.wait_for_selector(".page .text")
    assert page.evaluate("document.activeElement.innerText") == "گرما در راه است"
    page.locator(".sentence[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for_sound(page, after=8)


SPEECH = """
    window.SpeechRecognition = class {
        start() { window.ears = this }
        abort() { window.ears = null }
    };
    window.hear = (...words) => {
        const results = [words.map((transcript) => ({ transcript }))];
        window.ears.onresult({ resultIndex: 0, results });
    };
"""


def test_voice_commands(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.context.add_init_script(SPEECH)
    page = visitor.open()
    page.keyboard.press("v")
    until(page, "window.ears?.lang === 'fa-IR'")
    page.evaluate("hear('لطفاً پخش کن')")
    wait_for_sound(page)
    assert page.evaluate(f"{AUDIO}.volume") == pytest.approx(0.3)  # the listener is heard over the voice
    page.evaluate("hear('فصل بعدی')")
    assert time(page) == pytest.approx(20, abs=0.3)
    page.evaluate("hear('تند تر', 'تندتر')")  # of what the browser took it for
    assert page.evaluate(f"{AUDIO}.playbackRate") == 1.1
    page.evaluate("hear('برو عقب')")
    assert time(page) == pytest.approx(5, abs=0.6)
    page.evaluate("hear('بعدی')")
    until(page, f"{AUDIO}.currentSrc.endsWith('heat.mp3')")
    page.evaluate("hear('هوا خوب است')")  # no command
    wait_for_sound(page)
    page.evaluate("hear('بس است')")
    wait_for_silence(page)
    page.keyboard.press("v")
    assert page.evaluate(f"{AUDIO}.volume") == 1
    said(page, "فرمان صوتی خاموش شد")
    assert page.evaluate("window.ears") is None


def test_the_live_region_says_one_thing_after_the_other(page: Any) -> None:
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(document.querySelector('.for-ears').textContent))"
        ".observe(document.querySelector('.for-ears'), { childList: true })"
    )
    start(page)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("m")
    until(page, "heard.at(-1) === ''")
    assert [each for each in page.evaluate("heard") if each] == [
        "پخش «باران در روستا»",
        "فصل «فصل دوم: بازار»",
        "صدا بسته شد",
    ]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm; make test does it)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Callable[..., Any], scheme: str) -> None:
    page = visit(color_scheme=scheme).open()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []

    def look(where: str) -> None:
        page.wait_for_timeout(300)  # colours that fade in
        found.extend(
            f"{where}: {each['id']} {[node['html'] for node in each['nodes']][:2]}"
            for each in page.evaluate("axe.run()")["violations"]
            if each["impact"] in {"serious", "critical"}
        )

    look("the list")
    start(page)
    row(page, "heat").get_by_role("button", name="افزودن «گرما در راه است» به صف").click()
    for key in "sq" if scheme == "light" else "":
        page.keyboard.press(key)
        look(f"the dialog of {key}")
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    look("the keys")
    page.keyboard.press("Escape")
    page.locator(".dock-title").click()
    page.wait_for_selector(".page .sentence[aria-current]")
    look("the episode")
    page.locator(".speed").click()
    look("the speed")
    assert found == []
