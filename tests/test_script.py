"""Article → Script."""

import pytest

from audiopress.model import Article, Boundary, Passage, PassageKind, Role, SegmentKind
from audiopress.script.segments import credit, write_script
from audiopress.script.sentences import split_sentences


def article(*passages: tuple[str, str], agency: str = "") -> Article:
    made = tuple(Passage(PassageKind(kind), text, line) for line, (kind, text) in enumerate(passages, start=1))
    outlet = f"خبرگزاری {agency}" if agency else ""
    return Article("x", made, agency, len(made) if agency else 0, outlet)


def test_segments_and_boundaries() -> None:
    script = write_script(
        article(
            ("title", "عنوان"),
            ("paragraph", "یک آمد. دو رفت."),
            ("paragraph", "سه ماند."),
            ("heading", "بخش نخست"),
            ("paragraph", "چهار نشست."),
            ("heading", "بخش تهی"),
            ("heading", "بخش دوم"),
            ("paragraph", "پنج خوابید."),
            agency="تسنیم",
        )
    )
    assert [(s.kind, s.heading, s.heading_line) for s in script.segments] == [
        (SegmentKind.TITLE, "عنوان", 1),
        (SegmentKind.LEAD, "", 0),
        (SegmentKind.SECTION, "بخش نخست", 4),
        (SegmentKind.SECTION, "بخش تهی", 6),
        (SegmentKind.SECTION, "بخش دوم", 7),
        (SegmentKind.CREDIT, "", 0),
    ]
    assert [(s.written, s.line, s.role, s.boundary) for segment in script.segments for s in segment.sentences] == [
        ("عنوان", 1, Role.TITLE, Boundary.TITLE),
        ("یک آمد.", 2, Role.BODY, Boundary.SENTENCE),
        ("دو رفت.", 2, Role.BODY, Boundary.PARAGRAPH),
        ("سه ماند.", 3, Role.BODY, Boundary.SECTION),
        ("بخش نخست", 4, Role.HEADING, Boundary.HEADING),
        ("چهار نشست.", 5, Role.BODY, Boundary.SECTION),
        ("بخش تهی", 6, Role.HEADING, Boundary.SECTION),
        ("بخش دوم", 7, Role.HEADING, Boundary.HEADING),
        ("پنج خوابید.", 8, Role.BODY, Boundary.SECTION),
        ("منبع این خبر: خبرگزاری تسنیم.", 8, Role.CREDIT, Boundary.END),
    ]
    assert (script.title, script.source, script.agency) == ("عنوان", "x", "تسنیم")


def test_a_title_alone_ends() -> None:
    (segment,) = write_script(article(("title", "باران آمد. و رفت."))).segments
    assert [(s.written, s.boundary) for s in segment.sentences] == [("باران آمد. و رفت.", Boundary.END)]


def test_credits() -> None:
    assert credit("ایرنا", "خبرگزاری ایرنا") == "منبع این خبر: خبرگزاری ایرنا."
    assert credit("ماهنامه کوچه‌باغ", "") == "منبع: ماهنامه کوچه‌باغ."


@pytest.mark.parametrize(
    "sentences",
    [
        ["او آمد.", "من رفتم."],
        ["آیا می‌آید؟", "نه!", "چرا؟!", "نمی‌دانم..."],
        ["نرخ رشد ۳.۵ درصد بود.", "پارسال 2.1 درصد."],
        ["در سال ۱۳۲۰ ه.ش. به دنیا آمد."],
        ["در سال ۱۳۲۰ ه.ش به دنیا آمد.", "او شاعر بود."],
        ["ک.گ.ب منحل شد.", "بعد ف.س.ب آمد."],
        ["د. محمدی آمد.", "ر.ک. صفحه ۱۲ همین کتاب."],
        ["ساعت ۵ p.m. به وقت تهران آغاز شد."],
        ["او گفت: «بیا. برو.»", "سپس خندید."],
        ["«کجا بودی؟» پرسید و نشست."],
        ["«کجا بودی؟»", "این پرسش همه بود."],
        ["به سایت www.irna.ir بروید.", "ممنون."],
        ["۱. نخست این کار.", "۲. سپس آن کار."],
        ["من... نمی‌دانم."],
        ["در آن شب سرد زمستانی همه رفتند و من ماندم...", "صبح که شد کسی به سراغ من نیامد."],
        ["مذاکرات با حضور نمایندگان شش کشور ادامه یافت؛", "موضوعی که برای همه کشورها مهم است."],
        ["موزه؛ خانه تاریخ است."],
        ["در تاریخ 1403.5.2 برگزار شد.", "پایان."],
        ["او (که دیر آمد. و زود رفت.) خندید."],
        ["(همه آمدند.)", "و رفتند."],
        ["J. K. Rowling و شرکت Apple Inc. سود کردند."],
        ["توافق کردند».", "بعد رفتند."],
        ['او گفت "بیا. برو." و رفت.'],
        ["ساعت ۱۶:۳۰ آغاز شد.", "قیمت ۱.۲۵۰.۰۰۰ تومان است."],
        ["در قالب پیامک و ... پیام‌های کوتاه دیگر خبر را به همه رساندند.", "باران آمد."],
        ["او در پاسخ به این پرسش که چرا دیر آمد؟ گفت: راه بسته بود.", "سپس نشست."],
        ["وی در پاسخ به پرسشی که آیا باران می‌بارد؟ یا هوا آفتابی است؟ اظهار داشت: نمی‌دانم."],
        ["در پاسخ به پرسش‌ها سکوت کرد.", "چرا؟", "او گفت: نمی‌دانم."],
        ["این پرسش که چرا آمد؟", "بی‌پاسخ ماند."],
        ["این کار سود فراوان برای همه دارد؛ ولی زمان درازی از کشاورزان می‌گیرد."],
        ["باران چند روز پشت سر هم بارید؛ چرا که ابرها از دریا می‌آمدند."],
        ["همه رفتند.", "بازی در ورزشگاه شهر پایان یافت. ."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    assert list(split_sentences(" ".join(sentences))) == sentences


def test_a_missing_space_after_the_dot_still_ends_the_sentence() -> None:
    assert split_sentences("کار تمام شد.وی افزود: می‌رویم.") == ("کار تمام شد.", "وی افزود: می‌رویم.")


def test_a_long_quotation_is_split_inside() -> None:
    said = "ما از این شهر بیرون نمی‌رویم و تا پایان کار همین جا می‌مانیم و خانه‌ها را از نو می‌سازیم."
    assert split_sentences(f"او گفت: «{said} {said}»") == (f"او گفت: «{said}", f"{said}»")


def test_a_new_line_ends_a_sentence() -> None:
    assert split_sentences("یک\nدو.\n\nسه") == ("یک", "دو.", "سه")


def test_a_very_long_sentence_stays_one() -> None:
    assert len(split_sentences("و رفت " * 20_000)) == 1
