"""Covers, drawn and looked at: where the ink lies, and that it is the title's."""

from __future__ import annotations

import io
import re
from functools import cache
from math import hypot
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, features

from audiopress.errors import ConfigError
from audiopress.podcast.artwork import check_artwork, embedded, thumbnail
from audiopress.podcast.categories import all_categories, find_category, luminance
from audiopress.podcast.cover import _free, episode_cover, show_cover
from audiopress.podcast.cover_font import drawable, font, length
from audiopress.podcast.cover_motif import Sun, draw_sun, mixed
from audiopress.podcast.cover_text import Setting, _bound, corners, draw, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

TITLE = "جشنوارهٔ رودخانه پس از سه سال به شهر برگشت"
LONG = (
    "رئیس سازمان هواشناسی از آغاز بارش‌های پاییزی در همهٔ استان‌های شمالی و غربی کشور از روز شنبه خبر داد "
    "و گفت که این بارش‌ها تا پایان هفته ادامه خواهد داشت و دمای هوا در بیشتر شهرهای کشور به‌ویژه در ارتفاعات "
    "البرز و زاگرس میان پنج تا هشت درجه کاهش می‌یابد و احتمال وقوع سیلاب در حاشیهٔ رودخانه‌ها وجود دارد"
)
DATE = "چهارشنبه ۴ آذر ۱۴۰۵"
TOPS = [category for category in all_categories() if " > " not in category.name]


@cache
def drawn(title: str, category: str = "News", show: str = "خبر روستا", date: str = DATE) -> bytes:
    return episode_cover(title, show=show, category=category, date=date)


def pixels(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture)


def ink(data: bytes, top: int = 0, bottom: int = 3000) -> NDArray[np.bool_]:
    """Where it is white between two rows: the letters of a cover of the news; its other colours are less blue."""
    white: NDArray[np.bool_] = pixels(data)[top:bottom].min(axis=2) > 225
    return white


def runs(line: NDArray[np.bool_]) -> list[int]:
    """How long each stretch of True is: F T T F T → 2, 1."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(np.int8)))
    return [int(length) for length in edges[1::2] - edges[::2]]


TITLES = {
    "word": "باران",
    "title": TITLE,
    "tall and deep": "آلأکٔ پِیِجِ طُظٌّ آگپِی",
    "long": LONG,
    "one long word": "ب" * 80,
    "longer": f"{LONG} " * 20,
    "mixed": "iPhone 18 و قیمت ۱۲۰۰ دلاری آن",
    "latin": "The New York Times: What Happened Today?",
    "one long latin word": "W" * 300,
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_the_title_stays_between_the_margins_and_below_the_rule(title: str) -> None:
    letters = ink(drawn(title), 455)
    columns, rows = np.flatnonzero(letters.any(axis=0)), np.flatnonzero(letters.any(axis=1))
    assert columns.min() >= 190
    assert 2700 <= columns.max() <= 3000 - 190
    assert rows.min() >= 20
    assert rows.max() <= 2100 - 455
    assert letters.sum() > 100_000


def test_letters_are_not_touched_by_the_sun() -> None:
    for title in ("تیم ملی والیبال ایران قهرمان آسیا شد", TITLE, LONG):
        headline = fit(title, 2560, 1540, largest=600, smallest=96, weight=800)
        alone = Image.new("RGB", (3000, 3000), "black")
        draw(ImageDraw.Draw(alone), headline, 2780, 500, weight=800, fill="white")
        expected = np.asarray(alone.reduce(10).getchannel(0), dtype=int)[46:]
        found = np.asarray(Image.fromarray(ink(drawn(title), 460).astype(np.uint8) * 255).reduce(10), dtype=int)
        assert np.abs(expected - found).max() < 128  # edges differ by what JPEG makes of them, a ray is 35 px wide


@given(st.lists(st.tuples(st.integers(220, 2780), st.integers(500, 2100)), max_size=6), st.integers(500, 1200))
def test_the_sun_stands_free_of_all_lines(taken: list[tuple[int, int]], radius: int) -> None:
    sun = _free(Sun(780, 2250, radius), taken)
    assert sun.y >= 2250
    for left, bottom in taken:
        assert hypot(max(0, left - sun.x), sun.y - bottom) >= radius + 69 or sun.y >= bottom + radius + 69
    assert (sun.y == 2250) == all(hypot(max(0, left - 780), 2250 - bottom) >= radius + 70 for left, bottom in taken)


def test_persian_is_shaped_and_runs_from_right_to_left() -> None:
    assert features.check("raqm")
    letters = ink(drawn("ا سسسس"), 455)
    first, last = runs(letters.any(axis=0))[::-1]  # a narrow alef at the right, then four letters in one stroke
    assert first * 5 < last
    assert np.flatnonzero(letters.any(axis=0)).max() > 2700


@pytest.mark.parametrize(("text", "wide_first"), [("سسسس l", False), ("l سسسس", True), ("WWWW l", True)])
def test_latin_words_take_their_place_in_the_line(text: str, *, wide_first: bool) -> None:
    """Seen from the left: in Persian the last word comes first, also where one is Latin; a Latin title runs on."""
    canvas = Image.new("L", (1500, 400))
    setting = fit(text, 1400, 300, largest=150, smallest=96, weight=800, most=1)
    draw(ImageDraw.Draw(canvas), setting, 1450, 50, weight=800, fill="white")
    first, *_, last = runs(np.asarray(canvas).any(axis=0))
    assert (first > 2 * last) == wide_first
    assert (last > 2 * first) != wide_first


def test_show_and_date_stand_in_the_masthead() -> None:
    whole, dateless = ink(drawn(TITLE), 200, 425), ink(drawn(TITLE, date=""), 200, 425)
    left, right = whole[:, :1500], whole[:, 1500:]
    assert np.flatnonzero(left.any(axis=0)).min() in range(215, 240)
    assert np.flatnonzero(right.any(axis=0)).max() + 1500 in range(2760, 2790)
    assert not dateless[:, :1500].any()
    assert (dateless[:, 1500:] == right).all()


@pytest.mark.parametrize("show", ["صدای " * 40, "ب" * 200])
def test_a_long_name_of_a_show_leaves_room_for_the_date(show: str) -> None:
    whole, dateless = ink(drawn("باران", show=show), 200, 425), ink(drawn("باران", show=show, date=""), 200, 425)
    assert whole[:, :1250].any()
    assert not whole[:, 1260:1370].any()
    assert dateless.any()
    assert not ink(drawn("باران", show=show), 445, 500).any()


def test_letters_are_read_at_7_to_1_in_every_category() -> None:
    for category in TOPS:
        data = drawn("باران", category.name)
        assert len(data) <= 500_000
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (375, 375))
            area = np.asarray(picture)[60:160, 200:350].reshape(-1, 3)[::7]
        lights = [luminance(f"#{red:02x}{green:02x}{blue:02x}") for red, green, blue in area]
        base = luminance(category.ground)
        assert min(abs(light - base) for light in lights) < 0.005
        bright, dark = max(*lights, base), min(*lights, base)
        assert (bright + 0.05) / (dark + 0.05) >= 7, category.name


def test_the_title_is_read_in_a_list() -> None:
    """At 150 pixels the strokes are still as white as at full size."""
    small = pixels(thumbnail(drawn(TITLE), 150))
    assert small.shape == (150, 150, 3)
    headline = small[25:110].min(axis=2)
    assert (headline > 225).mean() > 0.05


def test_the_same_words_give_the_same_bytes_and_others_another_picture() -> None:
    words = {"show": "خبر", "category": "News", "date": "۴ آذر ۱۴۰۵"}
    one = episode_cover("باران", **words)
    assert one == episode_cover("باران", **words)
    suns = {drawn(title) for title in ("", "😀", "日本")}  # no letters of their own: the show's name stands there
    assert len(suns) == 3
    for other in ({"show": "خبرها"}, {"category": "Sports"}, {"date": "۵ آذر ۱۴۰۵"}):
        assert episode_cover("باران", **(words | other)) != one


def test_a_cover_is_a_plain_baseline_jpeg() -> None:
    data = drawn(TITLE)
    assert check_artwork(data, "cover.jpg") == ()
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (3000, 3000))
        assert not picture.info.get("progressive")
        assert "icc_profile" not in picture.info
    assert len(embedded(data)) <= 250_000
    assert len(thumbnail(data)) <= 200_000


@pytest.mark.parametrize("title", ["", "\ud800", "\x00", " \n ", "ـ", "\u202e", "\u064b"])
def test_odd_titles_are_drawn(title: str) -> None:
    assert episode_cover(title, show=title, category="News", date=title).startswith(b"\xff\xd8\xff")
    assert show_cover(title, author=title, description=title).startswith(b"\xff\xd8\xff")


def test_a_title_that_cannot_be_drawn_gives_its_place_to_the_show() -> None:
    assert (ink(drawn("日本"), 455, 1400) == ink(drawn("خبر روستا"), 455, 1400)).mean() > 0.999


def test_a_show_has_its_author_category_title_and_description() -> None:
    data = show_cover("خبر روستا", author="تحریریه", description="هر روز صبح", category="Daily News")
    assert check_artwork(data, "cover.jpg") == ()
    assert len(data) <= 500_000
    masthead = ink(data, 200, 425)
    assert masthead[:, :1000].any()  # the category
    assert masthead[:, 2400:].any()  # the author
    bare = show_cover("خبر روستا", author="خبر روستا", category="Daily News")
    assert not ink(bare, 200, 425)[:, :1000].any()  # the author's name is the title already: only the category
    assert ink(bare, 200, 425)[:, 2400:].any()
    below = 500 + fit("خبر روستا", 2560, 1100, largest=680, smallest=96, weight=800).height
    assert ink(data, below, below + 250).any()
    assert not ink(bare, below, below + 250).any()
    long = show_cover("خبر روستا", author="خبر روستا", description="هر روز " * 30, category="Daily News")
    assert long == bare


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ConfigError, match="directories do not know"):
        drawn(TITLE, "Newz")


# --- lines


def headline(text: str, width: int = 2560, height: int = 1540, smallest: int = 96) -> Setting:
    return fit(text, width, height, largest=600, smallest=smallest, weight=800)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("باران", ("باران",)),
        (TITLE, ("جشنوارهٔ رودخانه", "پس از سه سال", "به شهر برگشت")),
        ("بازار مسکن در تهران", ("بازار مسکن", "در تهران")),
        ("تیم ملی والیبال ایران قهرمان آسیا شد", ("تیم ملی والیبال", "ایران قهرمان", "آسیا شد")),
    ],
)
def test_headlines_are_divided_as_an_editor_would(text: str, lines: tuple[str, ...]) -> None:
    assert headline(text).lines == lines


def test_lines_do_not_end_with_a_word_that_leans_on_the_next() -> None:
    lines = headline("رئیس‌جمهور از روستا و مدرسه بازدید کرد", 1500, 2000).lines
    assert len(lines) > 1
    assert not {line.split()[-1] for line in lines[:-1]} & {"از", "و", "به"}


def test_a_number_stays_with_what_it_counts_and_latin_words_together() -> None:
    assert headline("قطعنامهٔ شورای امنیت دربارهٔ خاورمیانه با ۱۳ رأی موافق تصویب شد").lines == (
        "قطعنامهٔ شورای",
        "امنیت دربارهٔ خاورمیانه",
        "با ۱۳ رأی موافق",
        "تصویب شد",
    )
    assert headline("فروش iPhone 18 در بازار تهران آغاز شد", 1800).lines == (
        "فروش",
        "iPhone 18",
        "در بازار تهران",
        "آغاز شد",
    )


def test_a_number_after_latin_letters_is_ordered_with_them_on_the_next_line() -> None:
    assert _bound(("قیمت iPhone", "18 Pro (و", "17) در بازار")) == ("قیمت iPhone", "\u200e18 Pro (و", "17) در بازار")
    bound = font(100, 800).getmask("\u200e18 Pro", direction="rtl", language="fa")
    assert bytes(bound) == bytes(font(100, 800).getmask("18 Pro", direction="ltr"))


def test_lines_of_a_long_title_are_even_and_hold_all_words() -> None:
    setting = headline(LONG)
    assert len(LONG) == 303
    assert len(setting.lines) == 6
    assert setting.size >= 96
    assert " ".join(setting.lines) == LONG
    lengths = [length(line, 800) for line in setting.lines]
    assert min(lengths) > 0.6 * max(lengths)


def test_what_is_too_long_is_cut_with_an_ellipsis() -> None:
    setting = headline(f"{LONG} " * 4)
    assert setting.size >= 96
    assert len(setting.lines) == 6
    assert setting.lines[-1].endswith("…")
    assert len(" ".join(setting.lines)) > 250


def test_a_word_wider_than_a_line_is_cut_and_its_letters_stay_joined() -> None:
    setting = headline("ب" * 80)
    assert [len(line) for line in setting.lines] == [28, 29, 27]
    assert setting.lines[1] == f"\u200d{'ب' * 27}\u200d"
    assert headline("می‌" * 30).lines[0].endswith("می")  # at a half-space where there is one
    assert "".join(headline("W" * 80).lines) == "W" * 80


words = st.text(st.one_of(st.sampled_from("ابپتسشمیو ‌،.:«»()۰۱۲abc 3"), st.characters()), max_size=60)


@settings(deadline=None, max_examples=60)
@given(words, st.integers(300, 2560), st.integers(200, 1540))
def test_any_text_fits_its_box(text: str, width: int, height: int) -> None:
    setting = fit(text, width, height, largest=600, smallest=40, weight=800)
    assert setting.size <= 600
    assert len(setting.lines) <= 6
    assert setting.height <= height + 6
    for left, _ in corners(setting, 0, 0, 800):
        assert left >= -width - 6
    shown = re.sub("[\u200d\u200e\u200c ]", "", "".join(setting.lines))
    assert setting.lines == () if not drawable(text) else True
    assert shown == drawable(text).replace(" ", "").replace("\u200c", "") or shown.endswith("…")


# --- letters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("باران ☔ آمد", "باران آمد"),
        ("می‌رود", "می‌رود"),
        ("𝐀 Ⅳ ①", "A IV 1"),
        ("a\u202eb\u200fc\ufeff", "abc"),
        ("قُرۡآن", "قُرآن"),  # a mark that the font lacks does not part the word
        ("کتاب日本خانه", "کتاب خانه"),
        ("\ud800\x00\n\t", ""),
        ("é ½ € №", "é ½ € №"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_a_direction_mark_is_not_seen() -> None:
    assert length("\u200e18", 800) == length("18", 800)


# --- the motif


def sun(seed: str, x: int = 300, y: int = 300) -> NDArray[np.uint8]:
    picture = Image.new("RGB", (600, 600), find_category("News").ground)
    draw_sun(picture, Sun(x, y, 290), seed, find_category("News"))
    return np.asarray(picture)


def test_suns_differ_and_stay_the_same() -> None:
    suns = [sun(f"خبر {number}").tobytes() for number in range(40)]
    assert len(set(suns)) == 40
    assert sun("خبر 7").tobytes() == suns[7]


def test_a_sun_stays_within_its_radius() -> None:
    rows, columns = np.mgrid[:600, :600]
    outside = np.hypot(rows - 299.5, columns - 299.5) > 292
    ground = np.array([0xA3, 0x13, 0x1F])
    for number in range(20):
        assert (sun(str(number))[outside] == ground).all()


@pytest.mark.parametrize(("x", "y"), [(-500, 300), (300, 5000), (890, 890)])
def test_a_sun_outside_the_picture_is_not_seen(x: int, y: int) -> None:
    assert (sun("باران", x, y) == [0xA3, 0x13, 0x1F]).all()


def test_a_sun_at_the_edge_is_cut() -> None:
    assert (sun("باران", 0, 0)[:200, :200] == sun("باران")[300:500, 300:500]).mean() > 0.99


def test_colours_are_mixed() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert mixed("#102030", "#ffffff", 0) == "#102030"
