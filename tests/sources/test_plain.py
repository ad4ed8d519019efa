"""Plain text → Article."""

import pytest

from audiopress.errors import SourceError
from audiopress.model import PassageKind
from audiopress.sources.plain import clean, read_plain, shorten, split_lines

LEAD = (
    "شهرداری از امروز ساعت کار بوستان‌های بزرگ را تا نیمه‌شب دراز کرد تا خانواده‌ها در شب‌های گرم جایی برای نشستن بیابند."
)
BODY = "به گفته رئیس سازمان بوستان‌ها، روشنایی هفت بوستان نوسازی شده و نگهبانان تازه‌ای به کار گرفته شده‌اند."


def kinds(text: str) -> list[tuple[str, int]]:
    return [(passage.kind.value, passage.line) for passage in read_plain(text, "x").passages]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_an_editors(end: str) -> None:
    text = end.join(["بوستان‌ها تا نیمه‌شب بازند", "", LEAD, "", "", BODY])
    assert kinds(text) == [("title", 1), ("paragraph", 3), ("paragraph", 6)]


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_other_breaks_part_lines_but_do_not_count(end: str) -> None:
    assert [line.number for line in split_lines(f"الف{end}ب\nپ")] == [1, 1, 2]


def test_invisible_characters_go_and_the_half_space_stays() -> None:
    assert clean("\ufeff\u202bخبر\u202c می\u200cشود\x00\u00ad\u200f") == "خبر می\u200cشود"
    assert clean("می\u200bشود\u00a0و\ufffd") == "می\u200cشود و"
    assert clean("می\u200eتواند ساروی\u200fها خراسان\u200e جنوبی") == "می\u200cتواند ساروی\u200cها خراسان جنوبی"


def test_one_sentence_is_an_article() -> None:
    assert [(p.kind, p.text) for p in read_plain("باران آمد.", "x").passages] == [(PassageKind.TITLE, "باران آمد.")]


def test_a_long_first_line_is_read_in_full_under_a_short_title() -> None:
    article = read_plain(f"{LEAD}\n{BODY}", "x")
    assert article.title == "شهرداری از امروز ساعت کار بوستان‌های بزرگ را تا نیمه‌شب دراز کرد"
    assert [p.text for p in article.passages[1:]] == [LEAD, BODY]
    assert [p.line for p in article.passages] == [1, 1, 2]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("کوتاه است.", "کوتاه است"),
        ("به گزارش خبرگزاری فارس، باران آمد و رفت.", "باران آمد و رفت"),
        ("بیا. " + LEAD, "بیا"),
        ("س" * 300, "س" * 90),
    ],
)
def test_titles_are_shortened_at_a_phrase(text: str, title: str) -> None:
    assert shorten(text) == title


def test_headings_alone_and_headings_with_nothing_under_them() -> None:
    assert [p.text for p in read_plain("عنوان\nنشانه‌ها\nدرمان", "x").passages] == ["عنوان", "نشانه‌ها", "درمان"]
    text = f"بوستان‌ها تا نیمه‌شب بازند\n{LEAD}\nروشنایی بوستان‌ها\nنگهبانان تازه\n{BODY}"
    assert len(read_plain(text, "x").passages) == 5


def test_a_repeated_title_and_a_repeated_lead_are_read_once() -> None:
    again = LEAD.replace("\u200c", " ").replace("،", " ،")
    article = read_plain(f"بوستان‌ها تا نیمه‌شب بازند\nبوستان ها تا نیمه شب بازند\n{LEAD}\n{BODY}\n{again}/تسنیم", "x")
    assert [p.line for p in article.passages] == [1, 3, 4]
    assert [(d.line, d.why) for d in article.dropped] == [(2, "repeats line 1"), (5, "repeats line 3")]
    assert (article.agency, article.agency_line) == ("تسنیم", 5)


def test_a_heading_may_say_the_title_again() -> None:
    text = f"بوستان‌ها تا نیمه‌شب بازند\n{LEAD}\nبوستان‌ها تا نیمه‌شب بازند\n{BODY}"
    assert kinds(text)[2] == ("heading", 3)


def test_short_answers_may_come_twice() -> None:
    assert len(read_plain("گفت‌وگو\nآیا می‌آیید؟\nبله.\nآیا می‌مانید؟\nبله.", "x").passages) == 5


def test_links_at_the_end_go_with_their_announcement() -> None:
    article = read_plain(f"بوستان‌ها تا نیمه‌شب بازند\n{LEAD}\nبیشتر بخوانید\nقیمت نان\nقیمت برنج", "x")
    assert [d.why for d in article.dropped] == ["related articles"] * 3


def test_links_in_the_middle_do_not_swallow_the_text_after_them() -> None:
    text = f"بوستان‌ها تا نیمه‌شب بازند\n{LEAD}\nبیشتر بخوانید:\n• قیمت نان\nنگهبانان تازه‌ای آمدند\n{BODY}"
    article = read_plain(text, "x")
    assert [d.line for d in article.dropped] == [3, 4] or [d.line for d in article.dropped] == [3, 4, 5]
    assert article.passages[-1].text == BODY


def test_bullets_are_not_read_out() -> None:
    assert read_plain(f"عنوان\n{LEAD}\n• سیب\n- انار", "x").passages[-1].text == "انار"


def test_nothing_but_chrome_is_refused() -> None:
    with pytest.raises(SourceError, match="nothing to read in x"):
        read_plain("انتهای پیام/\nکد خبر: 12", "x")


def test_wrapped_text_is_joined() -> None:
    text = (
        "باغبان شهر کتاب نوشت\n"
        "اسماعیل باغی که سی و دو سال باغبان بوستان‌های شهر بود، کتابی درباره درخت‌های\n"
        "کهن‌سال شهر نوشته است و در آن داستان هفتاد و یک درخت را آورده و برای هر کدام\n"
        "نقشه‌ای کشیده است تا خواننده بتواند آن را در کوچه‌ها و بوستان‌ها و حیاط خانه‌ها\n"
        "پیدا کند.\n"
    )
    article = read_plain(text, "x")
    assert len(article.passages) == 2
    assert article.passages[1].text.endswith("خانه‌ها پیدا کند.")
    assert article.passages[1].line == 2


def test_five_megabytes_on_one_line_are_read() -> None:
    assert len(read_plain("باران آمد و رفت. " * 180_000, "x").passages) == 2
