"""What is named becomes articles: folders, lists, feeds, books; files and what servers send."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from test_epub import book
from test_feed_items import RSS
from test_pdf import DOCUMENTS

from audiopress.errors import SourceError
from audiopress.sources.fetch import Fetched
from audiopress.sources.find import Found, find_sources

PAGE = (
    "<html lang='fa'><head><meta charset='utf-8'><title>آسیاب بادی می‌چرخد</title></head><body><article>"
    "<h1>آسیاب بادی می‌چرخد</h1><p>آسیاب روستای بالا پس از چهل سال دوباره می‌چرخد و مردم شادند.</p>"
    "<p>هر بامداد با آرد آن نان می‌پزند و به میهمانان می‌دهند.</p></article></body></html>"
).encode()
URL = "https://example.org/news/1"


class Web:
    """Pages by their addresses, and which were asked."""

    def __init__(self, **pages: Fetched) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str) -> Fetched:
        self.asked.append(url)
        return self.pages[url.rpartition("/")[2]]


def page(data: bytes, media_type: str = "text/html", url: str = URL) -> Fetched:
    return Fetched(url, 200, data, media_type, "utf-8")


def test_an_address_is_fetched_once_and_read() -> None:
    web = Web(**{"1": page(PAGE)})
    (found,) = find_sources([URL], web)
    article = found.read(fetch=web)
    assert (article.title, article.source) == ("آسیاب بادی می‌چرخد", URL)
    assert "می‌چرخد" in article.passages[1].text
    assert web.asked == [URL]


def test_a_feed_gives_its_items_and_those_that_are_not_whole_are_fetched() -> None:
    web = Web(rss=page(RSS, "application/rss+xml", "https://example.org/rss"), **{"2": page(PAGE)})
    first, second = find_sources(["https://example.org/rss"], web)
    whole = first.read(fetch=web)
    assert whole.title == "باران & باد می‌آید"
    assert (whole.origin.link, whole.origin.byline) == ("https://example.org/news/1", "مینا راد")
    assert whole.origin.section == "هواشناسی"
    assert second.read(fetch=web).title == "آسیاب بادی می‌چرخد"
    assert web.asked == ["https://example.org/rss", "https://example.org/news/2"]


def test_a_list_of_addresses_and_a_text_that_begins_with_one(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("# صبح\nhttps://e.org/1\n\nhttp://e.org/2\n", encoding="utf-8")
    assert find_sources([str(listed)]) == (Found("https://e.org/1"), Found("http://e.org/2"))
    text = tmp_path / "text.txt"
    text.write_text("https://e.org/1\nدیروز باران آمد.\n", encoding="utf-8")
    assert find_sources([str(text)]) == (Found(str(text)),)


def test_a_book_gives_its_chapters(tmp_path: Path) -> None:
    path = tmp_path / "b.epub"
    path.write_bytes(book())
    found = find_sources([str(path)])
    assert found == (Found(str(path), 1), Found(str(path), 2))
    assert found[0].shown == f"{path}, chapter 1"
    assert found[0].read().title == "راه نخست"


def test_a_folder_gives_all_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "b.epub").write_bytes(book())
    (tmp_path / "c.pdf").write_bytes((DOCUMENTS / "news.pdf").read_bytes())
    (tmp_path / "d.xml").write_bytes(RSS)
    (tmp_path / "e.odt").write_bytes(b"no")
    names = [Path(found.name).name for found in find_sources([str(tmp_path)])]
    assert names[:4] == ["a.html", "b.epub", "b.epub", "c.pdf"]
    assert len(names) == 6


def test_standard_input_may_be_a_page_or_a_pdf() -> None:
    (found,) = find_sources(["-"])
    assert found.read(stdin=io.BytesIO(PAGE)).title == "آسیاب بادی می‌چرخد"
    pdf = io.BytesIO((DOCUMENTS / "news.pdf").read_bytes())
    assert found.read(stdin=pdf).title == "جشنواره رودخانه پس از سه سال به شهر برگشت"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (page(b"\x89PNG", "image/png"), "no article but a file of type image/png"),
        (page(b"", "text/html"), "is empty"),
        (page(b"<html><p>Only English here, and enough of it to be a page of text.</p></html>"), "Persian"),
    ],
)
def test_what_is_no_article_is_told(sent: Fetched, said: str) -> None:
    web = Web(**{"1": sent})
    with pytest.raises(SourceError, match=said):
        find_sources([URL], web)[0].read(fetch=web)


def test_a_pdf_and_a_plain_text_from_a_server() -> None:
    web = Web(
        **{
            "1": page((DOCUMENTS / "news.pdf").read_bytes(), "application/pdf"),
            "2": page("باران آمد\nدیروز باران آمد.".encode(), "text/plain"),
        }
    )
    assert find_sources([URL], web)[0].read(fetch=web).title.startswith("جشنواره رودخانه")
    assert find_sources(["https://e.org/2"], web)[0].read(fetch=web).title == "باران آمد"


def test_without_the_web_an_address_is_refused() -> None:
    with pytest.raises(SourceError, match="is on the web"):
        find_sources([URL])
