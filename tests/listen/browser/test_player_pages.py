"""What a listener sees: text that goes along, search, what went wrong, every width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ears import AUDIO, row, seek, start, until, wait_for_sound

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_sentence_that_is_spoken_is_marked(page: Any) -> None:
    start(page)
    page.locator(".dock-title").click()
    page.wait_for_selector(".page .text")
    sentence = page.locator(".sentence[aria-current]")
    for place, text in ((1, "باران در روستا"), (5, "کشاورزان کتاب‌هاي ۲۵ ساله را باز کردند."), (21, "فصل دوم: بازار")):
        seek(page, place)
        until(page, "text => document.querySelector('.sentence[aria-current]')?.textContent === text", text)
        assert sentence.count() == 1
    assert page.evaluate("[...CSS.highlights.get('word')].map(String)[0]") in {"فصل", "دوم:"}
    assert page.locator(".chapters [aria-current]").inner_text().split("\n") == ["۰:۲۰", "فصل دوم: بازار"]


def test_a_sentence_plays_from_there_and_is_followed(visit: Callable[..., Any]) -> None:
    page = visit(viewport={"width": 390, "height": 640}).open("news/#rain")
    page.locator(".sentence").last.click()
    wait_for_sound(page, after=55.9)
    seek(page, 0)
    until(page, "document.querySelector('.sentence[aria-current]')?.getBoundingClientRect().top > 0")
    assert not page.locator(".follow").is_visible()
    page.mouse.move(100, 300)
    page.locator(".text").evaluate("text => text.dispatchEvent(new WheelEvent('wheel'))")
    page.locator(".follow").wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".follow").click()
    until(
        page,
        "(() => { const box = document.querySelector('.sentence[aria-current]').getBoundingClientRect();"
        " return box.top > 0 && box.bottom < document.querySelector('.dock').getBoundingClientRect().top })()",
    )
    assert not page.locator(".follow").is_visible()


def test_a_sentence_of_another_episode_starts_that_one(page: Any) -> None:
    start(page)
    page.goto(page.url + "#heat")
    page.wait_for_selector(".page .text")
    assert page.locator(".sentence[aria-current]").count() == 0
    page.get_by_text("پایان خبر.").click()
    until(page, f"{AUDIO}.currentSrc.endsWith('heat.mp3')")
    wait_for_sound(page, after=16)


def test_search_knows_how_persian_is_typed(page: Any) -> None:
    page.keyboard.press("/")
    for typed in ("کتابهای 25", "كتاب‌هاي ۲۵", "کتاب‌های ۲۵"):
        page.locator("#search").fill("")
        page.keyboard.type(typed)  # the key has put the cursor there
        until(page, "document.querySelector('.places [role=status]')?.textContent === '۵ جا پیدا شد'")
        assert page.locator(".place").count() == 5
        assert page.locator(".place mark").first.inner_text() == "کتاب‌هاي ۲۵"
        assert page.locator(".list .row").count() == 0
    page.locator(".place").nth(1).click()
    wait_for_sound(page, after=24)
    assert page.url.endswith("#rain")


def test_search_in_titles(page: Any) -> None:
    page.locator("#search").fill("گرما")
    assert page.locator(".row h3").all_text_contents() == ["گرما در راه است"]
    page.locator("#search").fill("نیست")
    assert page.locator(".episodes > .hint").inner_text() == "هیچ عنوانی این را ندارد."
    page.locator("#search").fill("")
    assert page.locator(".row").count() == 3


def test_what_went_wrong_is_said_in_a_sentence(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open()
    page.route("**/rain.mp3", lambda route: route.fulfill(status=404, body=""))
    row(page, "rain").locator(".round.main").click()
    trouble = page.locator(".dock-trouble")
    trouble.wait_for()
    until(page, "document.querySelector('.dock-trouble').textContent.startsWith('پروندهٔ صدای این قسمت پیدا نشد')")
    page.unroute("**/rain.mp3")
    trouble.get_by_role("button", name="دوباره").click()
    wait_for_sound(page)
    assert not trouble.is_visible()
    assert all("404" in each for each in visitor.complaints)
    visitor.complaints.clear()


def test_a_feed_that_does_not_come_leaves_the_page_as_it_is(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.context.route("**/feed.xml", lambda route: route.abort())
    page = visitor.open(ready=False)
    page.locator(".no-feed").wait_for()
    assert page.locator(".no-feed").inner_text().startswith("فهرست قسمت‌ها بار نشد")
    assert page.locator("main article audio").count() == 3
    visitor.complaints.clear()


WIDTHS = [(320, 640), (390, 844), (768, 1024), (1280, 800)]


@pytest.mark.parametrize("width", WIDTHS, ids=lambda size: str(size[0]))
def test_every_width(visit: Callable[..., Any], width: tuple[int, int]) -> None:
    page = visit(viewport={"width": width[0], "height": width[1]}).open("many/")
    row(page, "one").nth(1).locator(".round.main").click()
    wait_for_sound(page)
    for view in ("list", "page"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width[0], view
        small = page.evaluate(
            "[...document.querySelectorAll('button, .dock input')]"
            ".filter((each) => each.checkVisibility({ contentVisibilityAuto: true }))"
            ".map((each) => [each.outerHTML, each.getBoundingClientRect()])"
            ".filter(([, { width, height }]) => width < 43.9 || height < 43.9).map(([html]) => html)"
        )
        assert small == [], view
        page.locator(".dock-title").click()
        page.wait_for_selector(".page .text")


def test_right_to_left_but_the_sound_runs_as_on_a_tape(visit: Callable[..., Any]) -> None:
    page = visit(viewport={"width": 1280, "height": 800}).open()
    start(page)

    def left(what: str) -> float:
        return float(page.locator(what).first.bounding_box()["x"])

    assert left(".row .round.main") > left(".row h3 a")
    assert left(".dock-title") > left(".dock-middle") > left(".dock-more")
    names = ["فصل قبل", "۱۵ ثانیه عقب", "مکث", "۳۰ ثانیه جلو", "فصل بعد"]
    places = [left(f".dock [aria-label='{name}']") for name in names]
    assert places == sorted(places)
    page.locator(".toolbar [aria-label='تنظیم‌ها']").click()
    assert page.locator("dialog h2").evaluate("title => getComputedStyle(title).direction") == "rtl"


def test_three_hundred_episodes_and_none(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open("many/")
    assert page.locator(".row").count() == 50
    assert page.locator(".play-all").inner_text() == "پخش نشنیده‌ها (۳۱۰)"  # on two pages of the feed
    page.get_by_role("button", name="نمایش ۵۰ قسمت دیگر").click()
    assert page.locator(".row").count() == 100
    assert page.evaluate("document.activeElement.closest('.row') === document.querySelectorAll('.row')[50]")
    empty = visitor.open("none/")
    assert empty.locator(".episodes > .hint").inner_text() == "هنوز قسمتی منتشر نشده است."
    assert not empty.locator(".play-all").is_visible()
    assert not empty.locator(".dock").is_visible()
