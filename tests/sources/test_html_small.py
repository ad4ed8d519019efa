"""The small parts that read pages: dates, tables, selectors, encodings, bylines."""

from __future__ import annotations

import pytest
from lxml import html

from audiopress.errors import SourceError
from audiopress.sources.html import read_html
from audiopress.sources.html_charset import page_text
from audiopress.sources.html_dates import is_date, iso
from audiopress.sources.html_silent import silence, silent_section
from audiopress.sources.html_tables import told_table
from audiopress.sources.html_told import byline_of
from audiopress.sources.html_tree import parse, text_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("۴ آذر ۱۴۰۵ - ۱۰:۳۰", "2026-11-25T10:30:00+03:30"),
        ("چهارشنبه / ۴ آذر ۱۴۰۵ / ۱۰:۳۰", "2026-11-25T10:30:00+03:30"),
        ("۱۰:۳۰ - ۱۴۰۵/۰۹/۰۴", "2026-11-25T10:30:00+03:30"),
        ("تاریخ انتشار: 04 آذر ماه 1405 ساعت 10:30:15", "2026-11-25T10:30:15+03:30"),
        ("٤ آذر ١٤٠٥", "2026-11-25"),
        ("۴ قوس ۱۴۰۵", "2026-11-25"),
        ("۲۵ نوامبر ۲۰۲۶", "2026-11-25"),
        ("۲۵/۱۱/۲۰۲۶", "2026-11-25"),
        ("1405-09-04T10:30", "2026-11-25T10:30:00+03:30"),
        ("2026-11-25T07:00:00.000Z", "2026-11-25T07:00:00+00:00"),
        ("2026-11-25 10:30:00", "2026-11-25T10:30:00+03:30"),
        ("2021-07-01T10:30:00", "2021-07-01T10:30:00+04:30"),
        ("2026-11-25", "2026-11-25"),
        ("Wed, 25 Nov 2026 10:30:00 +0330", "2026-11-25T10:30:00+03:30"),
        ("۳۱ اسفند ۱۴۰۵", ""),
        ("۴ آذر ۲۰۲۶", ""),
        ("۴ آذر", ""),
        ("چهارشنبه، ۴ آذر ۱۴۰۵، ۰۹:۱۲ ب.ظ", "2026-11-25T21:12:00+03:30"),
        ("۴ آذر ۱۴۰۵ ساعت ۱۲:۰۵ ق.ظ", "2026-11-25T00:05:00+03:30"),
        ("9999-99-99", ""),
        ("0001-01-01T00:00:00Z", ""),
        ("", ""),
        ("۱۲:۳۰", ""),
    ],
)
def test_dates_of_either_calendar_become_iso(text: str, moment: str) -> None:
    assert iso(text) == moment


def test_a_line_that_holds_more_than_a_date_is_text() -> None:
    assert is_date("تاریخ انتشار : ۰۴ آذر ۱۴۰۵ - ۱۰:۳۰")
    assert is_date("پنج‌شنبه ۵ آذر ۱۴۰۵")
    assert is_date("۱۷:۴۵")
    assert is_date("۴ آذر ۱۴۰۵ - ۲۵ نوامبر ۲۰۲۶ به روز شده در ۳ ساعت پیش")
    assert not is_date("۱۷:۴۵ باران آمد")
    assert not is_date("سه ساعت پیش")
    assert not is_date("۴ آذر ۱۴۰۵ باران آمد")
    assert not is_date("باران")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("<tr><th>سال<th>تولید<th>صادرات<tr><td>۱<td>۲<td>۳", "جدولی با سه ستون: سال، تولید، صادرات."),
        ("<tr><td><b>سال</b><td><b>تولید:</b><tr><td>۱<td>۲", "جدولی با دو ستون: سال، تولید."),
        ("<tr><th>وزن<td>۲<tr><th>قد<td>۳", "جدولی با دو ردیف: وزن، قد."),
        ("<tr><td>۱<td>۲<tr><td>۳<td>۴<tr><td>۵<td>۶", "جدولی با دو ستون و سه ردیف."),
        ("<tr><th>سال<th><tr><td>۱<td>۲", "جدولی با دو ستون و دو ردیف."),
        ("<tr><th colspan=13>سال<tr><td>۱<td>۲", "جدولی با ۱۳ ستون و یک ردیف."),
        ("<tr><td>یک ردیف<td>تنها", ""),
        ("<tr><td>یک<tr><td>ستون", ""),
        ("<tr><td><table><tr><td>در دل</table><td>دیگری<tr><td>۱<td>۲", ""),
        (f"<tr><td>{'متن ' * 100}<td>۲<tr><td>۱<td>۲", ""),
        ("", ""),
    ],
)
def test_a_table_is_told_by_its_size_and_its_names_alone(rows: str, said: str) -> None:
    assert told_table(html.fromstring(f"<table>{rows}</table>")) == said


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<div class='post-share'>", "share line"),
        ("<div class='postShare'>", "share line"),
        ("<div class='shareholders'>", ""),
        ("<div class='no-share'>", ""),
        ("<div data-testid='links-block'>", "related articles"),
        ("<div role='navigation'>", "menu"),
        ("<div class='hidden md:block'>", ""),
        ("<div class='hidden'>", "hidden"),
        ("<figure><blockquote>x</blockquote></figure>", ""),
        ("<script>", "-"),
        ("<p>", ""),
    ],
)
def test_names_of_elements_say_whether_they_are_read(markup: str, why: str) -> None:
    said = silence(html.fragment_fromstring(markup))
    assert (said.why if said else "") == why


def test_sections_of_notes_are_known_by_their_heading() -> None:
    assert silent_section("پی‌نوشت‌ها:") == "footnotes"
    assert silent_section("منابع آب") == ""


@pytest.mark.parametrize("selector", ["h1.title", ".a", "#b", "[itemprop=x]", "[hidden]", "p.a.c"])
def test_selectors_find_elements_in_order(selector: str) -> None:
    page = parse("<h1 class='x title'>۱</h1><p class='a c' id=b itemprop=x hidden>۲</p>", "x")
    assert len(page.find(selector)) == 1


def test_a_selector_of_another_kind_is_a_mistake_in_the_table() -> None:
    with pytest.raises(ValueError, match="not a simple selector"):
        parse("<p>", "x").find("div > p")


def test_inline_tags_do_not_part_words_and_breaks_do() -> None:
    assert text_of(html.fromstring("<h1>می<b>‌رود</b><br>خانه<script>x</script></h1>")) == "می‌رود خانه"


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<p>سلام بر شما".encode(), "windows-1256"),
        ("<p>سلام بر شما".encode("utf-16-le"), ""),
        ("<p>سلام بر شما".encode("utf-16-be"), "utf-8"),
        ("<p>سلام بر شما".encode("cp1256"), "windows-1256"),
        ("<p>سلام بر شما".encode("cp1256"), "utf-8"),
        ("<p>سلام بر شما".encode("iso8859-6"), "iso-8859-6"),
        (b"<meta charset=ISO-8859-6>" + "<p>سلام بر شما".encode("iso8859-6"), ""),
        (b'<?xml version="1.0" encoding="windows-1256"?>' + "<p>سلام بر شما".encode("cp1256"), ""),
        (b"<style>" + b"a" * 100_000 + b"</style>" + "<p>سلام بر شما".encode("cp1256"), ""),
        ("<p>سلام بر شما، سلام بر شما، سلام بر شما".encode()[:-1], "x-unknown"),
        ("<p>سلا\0م بر شما".encode(), ""),
    ],
)
def test_a_page_is_read_in_the_encoding_it_is_in(data: bytes, charset: str) -> None:
    assert "<p>سلام بر شم" in page_text(data, "x", charset)


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(SourceError, match="not text"):
        page_text(bytes(range(256)) * 8, "x")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("خبرنگار: مینا راد", "مینا راد"),
        ("به قلم مینا راد", "مینا راد"),
        ("نوشته شده توسط مینا راد", "مینا راد"),
        ("خبرنگار: مینا راد - تصویربردار: رها نیک", "مینا راد"),
        ("مینا راد و آرش گلکار", "مینا راد و آرش گلکار"),
        ("مینا راد گفت که می‌آید.", ""),
        ("https://x.example/a", ""),
        ("", ""),
    ],
)
def test_bylines_hold_names_alone(text: str, names: str) -> None:
    assert byline_of(text) == names


TEXT = "این بند به اندازه‌ای بلند است که هیچ کس آن را زیرنویس یا تیتر نمی‌خواند و جمله‌ای کامل است."
PAGE = "<html><body><article><h1>پل تازه شهر باز شد</h1>{}</article></body></html>"


def heard(inside: str, page: str = PAGE) -> list[str]:
    return [passage.text for passage in read_html(page.format(inside), "x").passages[1:]]


@pytest.mark.parametrize(
    "inside",
    [
        "<div><img src=a.jpg><br>نمایی از پل در مه</div>",
        "<p><a href=b.jpg><img src=a.jpg></a><br><small>(نمایی از پل در مه)</small></p>",
        "<table><tr><td><img src=a.jpg></td></tr><tr><td>نمایی از پل در مه</td></tr></table>",
        "<p>{0}<br><img src=a.jpg><br>نمایی از پل در مه<br>{0}</p>",
    ],
)
def test_a_line_under_a_picture_is_its_caption(inside: str) -> None:
    assert "نمایی از پل در مه" not in "|".join(heard(f"<p>{TEXT}</p>" + inside.format(TEXT) + f"<p>{TEXT}</p>"))


@pytest.mark.parametrize(
    "inside",
    [
        "<p><img src=a.jpg>مردم شهر شاد شدند.</p>",
        "<p>خبر خوب <img class=emoji src=a.png> برای همه</p>",
        "<h2><img src=a.jpg>پل دوم در راه است</h2><p>متن آن کوتاه است.</p>",
    ],
)
def test_text_beside_a_picture_is_read(inside: str) -> None:
    lost = " ".join(heard(f"<p>{TEXT}</p>{inside}<p>{TEXT}</p>"))
    assert "شاد شدند" in lost or "برای همه" in lost or "پل دوم" in lost


def test_notes_go_with_their_marks_and_numbers_without_stay() -> None:
    marked = heard(f"<p>پل را مردم ساختند.<sup>۱</sup></p><p>{TEXT}</p><p>۱. از کتاب پل‌ها</p>")
    assert marked == ["پل را مردم ساختند.", TEXT]
    assert "۱. پل را ببندید" in heard(f"<p>{TEXT}</p><p>۱. پل را ببندید</p>")


def test_a_box_that_may_be_skipped_is_no_text() -> None:
    box = '<section><a href="#end">از این رد شوید</a><p>پادکست ما هر شب می‌آید.</p><p id="end">پایان</p></section>'
    assert heard(f"<p>{TEXT}</p>{box}<p>۲ {TEXT}</p>") == [TEXT, f"۲ {TEXT}"]
    whole = f'<a href="#end">رد شوید</a><p>{TEXT}</p><p id="end">۲ {TEXT}</p>'
    assert heard(whole) == [TEXT, f"۲ {TEXT}"], "a link past the whole text takes nothing away"


def test_a_form_around_the_whole_page_is_no_form() -> None:
    page = "<html><body><form action=x><h1>پل تازه شهر باز شد</h1><div>{}</div></form></body></html>"
    assert heard(f"<p>{TEXT}</p><p>۲ {TEXT}</p>", page) == [TEXT, f"۲ {TEXT}"]


def test_the_lead_in_a_header_is_read() -> None:
    page = "<html><body><article><header><h1>پل تازه شهر باز شد</h1><p>{}</p></header><div>" + f"<p>{TEXT}</p>" * 3
    assert heard(f"{TEXT} و این پیش‌درآمد است.", page)[0].endswith("پیش‌درآمد است.")


def test_a_badge_behind_the_title_is_no_part_of_it() -> None:
    page = '<html><head><meta property="og:title" content="پل تازه شهر باز شد - صدای شهر"></head><body><article>'
    page += f"<h1>پل تازه شهر باز شد <sup>ویژه</sup></h1><p>{TEXT}</p></article></body></html>"
    assert read_html(page, "x").passages[0].text == "پل تازه شهر باز شد"


def test_the_densest_text_wins_over_cards_and_columns() -> None:
    cards = "".join(f"<article><h4>خبر {n}</h4><p>{TEXT}</p></article>" for n in range(2))
    page = "<html><body><h1>پل تازه شهر باز شد</h1><div><div>{}</div></div>" + cards + "</body></html>"
    text = [f"{n} {TEXT}" for n in range(9)]
    assert heard("".join(f"<p>{each}</p>" for each in text), page) == text


@pytest.mark.parametrize("body", ['<body class="has-x sidebar-on widget">', "<body><a href=#c>Skip to content</a>"])
def test_names_and_links_of_a_whole_page_silence_nothing(body: str) -> None:
    text = [f"{n} {TEXT}" for n in range(9)]
    inside = "".join(f"<p>{each}</p>" for each in text)
    card = f"<article><h4>خبر</h4><p>{TEXT} {TEXT}</p></article>"
    page = f"<html>{body}<h1>پل تازه شهر باز شد</h1><div id=c><div>{inside}</div></div>{card}</body></html>"
    assert [passage.text for passage in read_html(page, "x").passages[1:]] == text


def test_a_table_of_links_with_a_header_is_told_one_without_is_a_menu() -> None:
    rows = "".join(
        f"<tr><td><a href=/{n}>تیم شماره {n}</a></td><td><a href=/{n}b>شهر {n}</a></td></tr>" for n in range(3)
    )
    table = f"<p>{TEXT}</p><table>{{}}{rows}</table><p>۲ {TEXT}</p>"
    assert heard(table.format("<tr><th>تیم</th><th>شهر</th></tr>"))[1].startswith("جدولی")
    assert heard(table.format("")) == [TEXT, f"۲ {TEXT}"]
