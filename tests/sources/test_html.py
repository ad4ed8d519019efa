"""Pages that are not as they should be: broken, walled, hostile, without a title, with the text elsewhere."""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiopress.errors import SourceError
from audiopress.model import Article, PassageKind
from audiopress.sources.html import read_html

LEAD = "شهرداری از امروز ساعت کار بوستان‌های بزرگ را تا نیمه‌شب دراز کرد تا خانواده‌ها جایی برای نشستن بیابند."
BODY = "به گفته رئیس سازمان بوستان‌ها، روشنایی هفت بوستان نوسازی شده و نگهبانان تازه‌ای به کار گرفته شده‌اند."
TITLE = "بوستان‌ها تا نیمه‌شب باز می‌مانند"


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>{TITLE} | شهرنامه</title>{head}</head><body>{body}</body></html>"


def article(body: str) -> str:
    return page(f"<article><h1>{TITLE}</h1><p>{LEAD}</p>{body}</article>")


def told(found: Article) -> list[tuple[str, str]]:
    return [(passage.kind.value, passage.text) for passage in found.passages[1:]]


def texts(markup: str) -> list[str]:
    return [text for _, text in told(read_html(markup, "x"))]


def reasons(markup: str) -> list[tuple[str, str]]:
    return [(piece.why, piece.text) for piece in read_html(markup, "x").dropped]


@pytest.mark.parametrize(
    "markup",
    [
        f"<h1>{TITLE}</h1><p>{LEAD}<p>{BODY}",
        f"{TITLE.join(['<h1>', '</h1>'])}<div>{LEAD}<br><br>{BODY}</div>",
        f"<h1>{TITLE}</h1><b><p>{LEAD}</b></p></i><p>{BODY}</div></span>",
        f"</p></div><h1>{TITLE}<p>{LEAD}</p></body></html><p>{BODY}</p>",
        f"<H1 CLASS=x>{TITLE}</H1><P ALIGN=justify>{LEAD}<P>{BODY}",
        f"<table><tr><td><h1>{TITLE}</h1><p>{LEAD}</p><p>{BODY}</p></table>",
        f"<!-- x -- > <p>a</p> --><h1>{TITLE}</h1><p>{LEAD}</p><!--- y --><p>{BODY}",
    ],
)
def test_broken_markup_reads_as_browsers_show_it(markup: str) -> None:
    found = read_html(markup, "x")
    assert (found.title, [passage.text for passage in found.passages[1:]]) == (TITLE, [LEAD, BODY])


def test_text_without_any_tag_is_read_as_plain_text() -> None:
    assert read_html(f"{TITLE}\n{LEAD}\n{BODY}", "x").title == TITLE


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>باران آمد - خبرگزاری مهر</title>", "باران آمد"),
        ("<title>ایسنا - باران آمد</title>", "باران آمد"),
        ("<title>باران آمد | شهرنامه</title><meta property='og:site_name' content='شهرنامه'>", "باران آمد"),
        ("<title>شهر - ده | باران آمد</title>", "شهر - ده | باران آمد"),
        ("<title>x</title><meta property='og:title' content='باران آمد :: ایرنا'>", "باران آمد"),
    ],
)
def test_a_title_from_the_head_comes_without_the_name_of_its_site(head: str, title: str) -> None:
    markup = f"<head>{head}</head><body><div>{LEAD}</div><div>{BODY}</div></body>"
    assert read_html(markup, "x").title == title


def test_a_page_without_any_title_gets_one_from_its_first_sentence() -> None:
    found = read_html(f"<p>{LEAD}</p><p>{BODY}</p>", "x")
    assert found.title == "شهرداری از امروز ساعت کار بوستان‌های بزرگ را تا نیمه‌شب دراز کرد"
    assert len(found.passages) == 3


def test_the_name_of_the_site_in_an_h1_is_no_title() -> None:
    markup = page(f"<h1>شهرنامه</h1><article><h1>{TITLE}</h1><p>{LEAD}</p></article>")
    assert read_html(markup, "x").title == TITLE


def test_a_lead_that_comes_again_is_read_once() -> None:
    markup = (
        f"<h1 class=title>{TITLE}</h1><p class=lead>باران آمد.</p><div class=story><p>باران آمد.</p><p>{BODY}</p></div>"
    )
    found = read_html(markup, "x")
    assert told(found) == [("paragraph", "باران آمد."), ("paragraph", BODY)]
    assert [piece.why for piece in found.dropped] == ["repeats line 1"]


def test_questions_of_an_interview_and_bold_sentences_are_no_headings() -> None:
    turns = "".join(f"<p><b>چرا {word} رفتید؟</b></p><p>{BODY} {word}.</p>" for word in ("شمال", "جنوب", "خاور"))
    kinds = [kind for kind, _ in told(read_html(article(f"<p><b>این یک جمله است.</b></p>{turns}"), "x"))]
    assert "heading" not in kinds


def test_a_heading_with_nothing_under_it_is_left_out() -> None:
    assert ("heading without text under it", "پایان کار") in reasons(article("<h2>پایان کار</h2><p>انتهای پیام</p>"))


def test_a_bold_line_before_a_break_is_a_heading_and_verses_stay_lines() -> None:
    markup = article(f"<p><b>روشنایی</b><br>{BODY}</p><p>باد در کوچه می‌وزید<br>و کسی در را نمی‌گشود</p>")
    assert told(read_html(markup, "x"))[1:] == [
        ("heading", "روشنایی"),
        ("paragraph", BODY),
        ("paragraph", "باد در کوچه می‌وزید"),
        ("paragraph", "و کسی در را نمی‌گشود"),
    ]


def test_lines_wrapped_by_single_breaks_are_joined() -> None:
    words = LEAD.split()
    wrapped = f"{' '.join(words[:9])}<br>{' '.join(words[9:])}"
    assert texts(f"<h1>{TITLE}</h1><div>{wrapped}</div>") == [LEAD]


def test_inline_tags_do_not_part_a_word_and_entities_are_opened() -> None:
    markup = article("<p>می<span>&zwnj;رو</span>&#1740;&shy;م&nbsp;به&ensp;خانه &lt;خوب&gt; &laquo;ما&raquo;.</p>")
    assert texts(markup)[1] == "می‌رویم به خانه <خوب> «ما»."


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<p hidden>دیده نمی‌شود</p>", "hidden"),
        ("<p style='color:red; DISPLAY : none'>دیده نمی‌شود</p>", "hidden"),
        ("<div class='sr-only'>دیده نمی‌شود</div>", "hidden"),
        ("<div aria-hidden=true>دیده نمی‌شود</div>", "hidden"),
        ("<div class='cookie-notice'>دیده نمی‌شود</div>", "cookie banner"),
        ("<div id=newsletter>دیده نمی‌شود</div>", "newsletter box"),
        ("<div class=relatedPosts>دیده نمی‌شود</div>", "related articles"),
        ("<video><p>دیده نمی‌شود</p></video>", "video or audio player"),
        ("<iframe>دیده نمی‌شود</iframe>", "embedded page"),
        ("<form><label>دیده نمی‌شود</label></form>", "form"),
        ("<pre>دیده نمی‌شود</pre>", "code"),
        ("<sup>[12]</sup>", "footnote mark"),
        ("<aside>دیده نمی‌شود</aside>", "box beside the article"),
        ("<p><a href='/x'>دیده نمی‌شود</a></p>", "related articles"),
        ("<ul><li><a href='/x'>دیده</a></li><li><a href='/y'>نمی‌شود</a></li></ul>", "related articles"),
        ("<div class='ad-box'>دیده نمی‌شود</div>", "advertisement"),
        ("<p><a href='/x'>ادامه مطلب »</a></p>", "link to the rest"),
        ("<p>* * *</p>", "marks without words"),
        ("<p>۴ آذر ۱۴۰۵ - ۱۰:۳۰</p>", "date line"),
    ],
)
def test_what_is_not_read_is_told_with_its_reason(markup: str, why: str) -> None:
    whole = article(markup + f"<p>{BODY}</p>")
    assert texts(whole) == [LEAD, BODY]
    assert [reason for reason, _ in reasons(whole)] == [why]


@pytest.mark.parametrize(
    "markup",
    [
        "<p class='has-sidebar no-comments'>{}</p>",
        "<div class='d-none d-md-block'>{}</div>",
        "<div class='print-area'><p>{}</p></div>",
        "<p>{}<a href='#top'></a></p>",
        "<font color=red><span>{}</span></font>",
        "<table role=presentation><tr><td>{}</td></tr></table>",
        "<details><summary>{}</summary></details>",
    ],
)
def test_what_only_looks_like_chrome_is_read(markup: str) -> None:
    assert texts(page(f"<article><h1>{TITLE}</h1>{markup.format(LEAD)}</article>")) == [LEAD]


def test_text_that_only_json_ld_holds_is_read() -> None:
    body = "\n".join([LEAD, BODY, LEAD.replace("بزرگ", "کوچک"), BODY.replace("هفت", "هشت")])
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body, "author": {"name": "مینا راد"}}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    found = read_html(page("<div id=root><p>در حال بارگذاری است</p></div>", head), "x")
    assert [passage.text for passage in found.passages] == [TITLE, *body.split("\n")]
    assert found.origin.byline == "مینا راد"
    assert ("outside the article", "در حال بارگذاری است") in [(piece.why, piece.text) for piece in found.dropped]


def test_json_ld_that_says_what_the_page_shows_is_not_read_beside_it() -> None:
    data = {"@type": "NewsArticle", "articleBody": f"{LEAD} {BODY} {LEAD} {BODY}"}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    markup = page(f"<article><h1>{TITLE}</h1><p>{LEAD}</p><h2>روشنایی</h2><p>{BODY}</p></article>", head)
    assert told(read_html(markup, "x"))[1] == ("heading", "روشنایی")


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("", "no article|no page|no Persian"),
        ("<html></html>", "no Persian text|no article|no page"),
        ("<p>Nothing but English here, for all who read it.</p>", "no Persian text"),
        (f"<h1>{TITLE}</h1>", "no article with a text"),
        ("<title>404 Not Found</title><h1>404</h1><p>متاسفانه صفحه یافت نشد</p>", "shows an error"),
        ("<title>خطا</title><div>صفحه مورد نظر شما یافت نشد.</div>", "shows an error"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing x.ir</p>", "check for robots"),
        ("<div id=root></div><noscript>برای دیدن سایت جاوااسکریپت را فعال کنید</noscript>", "JavaScript runs"),
        ("<p>این سایت از کوکی استفاده می‌کند.</p><button>می‌پذیرم</button>", "accept cookies"),
        (article(f"<p>{BODY}</p><p>برای خواندن ادامه این گزارش باید مشترک شوید.</p>"), "only to subscribers"),
        (
            page(
                f"<p>{LEAD}</p>",
                '<script type="application/ld+json">{"@type":"Article","isAccessibleForFree":"False"}</script>',
            ),
            "only to subscribers",
        ),
        ("<frameset><frame src=a></frameset>", "no article|no Persian"),
    ],
)
def test_what_is_no_article_is_told_in_one_sentence(markup: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_html(markup, "x")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + f"<p>{LEAD}",
        "<p>متن" * 1_000_000,
        "<b" * 1_000_000 + "متن",
        "<table><tr><td>متن" * 2000,
    ],
    ids=["deep", "many", "signs", "tables"],
)
def test_pages_beyond_all_measure_are_refused(markup: str) -> None:
    with pytest.raises(SourceError, match=r"thousands deep|far too large"):
        read_html(markup, "x")


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class=story><h1 class=title>{TITLE}</h1>" + "<p>" + "متن خبر شهر. " * 100_000,
        f"<h1>{TITLE}</h1><div class='" + "related-x " * 300_000 + f"'></div><p>{LEAD}</p>",
        f"<h1>{TITLE}</h1><img src='data:image/png;base64,{'A' * 10_000_000}'><p>{LEAD}</p>",
        f"<script type='application/ld+json'>{'[' * 200_000}</script><h1>{TITLE}</h1><p>{LEAD}</p>",
        f'<script type="application/ld+json">{{"a": {"9" * 6000}}}</script><h1>{TITLE}</h1><p>{LEAD}</p>',
        f"<h1>{TITLE}</h1><p>{LEAD}</p><table>" + "<tr><td colspan=99999999999>متن<td>شهر" * 5000,
        f"<h1>{TITLE}</h1><p>{LEAD}</p>" + "<ul><li>متن" * 900,
        "\0".join(f"<h1>{TITLE}</h1>") + f"<p>{LEAD}\0</p>",
    ],
    ids=["text", "class", "data", "brackets", "number", "span", "list", "nulls"],
)
def test_hostile_pages_are_read_all_the_same(markup: str) -> None:
    assert read_html(markup, "x").title == TITLE


def test_entities_of_a_page_are_not_opened() -> None:
    hostile = '<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "&f;&f;">]>'
    assert "root:" not in str(read_html(f"{hostile}<h1>{TITLE}</h1><p>{LEAD} &f; &a;</p>", "x"))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd", "http://["]
)
def test_addresses_that_are_not_of_the_web_are_not_told(address: str) -> None:
    head = f'<link rel=canonical href="{address}"><meta property=og:image content="{address}"><base href="{address}">'
    origin = read_html(page(f"<h1>{TITLE}</h1><p>{LEAD}</p>", head), "x", url="https://shahr.example/1").origin
    assert (origin.link, origin.image) == ("https://shahr.example/1", "")


def test_damaged_bytes_give_text_or_one_sentence() -> None:
    whole, chance = article(f"<p>{BODY}</p>").encode(), random.Random(1)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(SourceError):
            assert read_html(bytes(data), "x").passages


TAGS = st.sampled_from([
    "<p>", "</p>", "<div>", "</div>", "<br>", "<b>", "</b>", "<h1>", "</h1>", "<h2>", "<article>", "<a href=/x>",
    "</a>", "<table>", "<tr>", "<td>", "<th>", "</table>", "<ul>", "<li>", "<sup>", "<q>", "</q>", "<figure>",
    "<header>", "<main>", "<pre>", "<time>", "<title>", "</title>", "<script>", "</script>", "<!-- -->", "<x-y>",
    "<p class=lead>", "<div class=story>", "<h1 class=title>", "<div class=comments>", "<div hidden>", "&#0;",
    "&zwnj;", "<base href=http://[>", "<meta charset=utf-16>", "<meta property=og:title content=خبر>",
])  # fmt: skip
WORDS = st.sampled_from(
    [f"{LEAD} ", "باران آمد.", "[۱]", "۴ آذر ۱۴۰۵", "بیشتر بخوانید", "انتهای پیام/", "/تسنیم", "\0", "\ud800", "\n"]
)
MARKUP = st.lists(st.one_of(TAGS, WORDS), max_size=60).map("".join)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=200), MARKUP, st.binary(max_size=200)))
def test_anything_is_an_article_or_one_sentence(data: str | bytes) -> None:
    try:
        found = read_html(data, "x", url="https://shahr.example/a")
    except SourceError:
        return
    assert [passage.kind for passage in found.passages].count(PassageKind.TITLE) == 1
    assert found.passages[0].kind is PassageKind.TITLE
    assert all(passage.text.strip() for passage in found.passages)
    assert read_html(data, "x", url="https://shahr.example/a") == found
