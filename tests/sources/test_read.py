"""Finding and decoding sources."""

import io
import random
from pathlib import Path

import pytest

from audiopress.errors import SourceError
from audiopress.model import PassageKind
from audiopress.sources.find import Found, find_sources
from audiopress.sources.read import decode, read_source

TEXT = "شهر بیدار شد\nامروز صبح مردم شهر با صدای باران از خواب بیدار شدند."
ARABIC = "شهر بيدار شد\nامروز صبح مردم با صداي باران بيدار شدند."  # letters that ISO 8859-6 has


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_read_alike(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes(TEXT.encode(encoding))
    article = read_source(str(path))
    assert article.title == "شهر بیدار شد"
    assert article.passages[1].text.endswith("بیدار شدند.")
    assert article.source == str(path)


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_bom_decides(bom: bytes) -> None:
    encoding = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    assert decode(bom + TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("text", ["سلام", "گچ پژ كم است", "وي افزود: «قيمت نان ثابت ماند.»", ARABIC])
def test_windows_1256_with_persian_letters(text: str) -> None:
    assert decode(text.encode("cp1256")) == text


@pytest.mark.parametrize("text", ["سلام بر دوستان", "وي افزود: قيمت نان ثابت است.", ARABIC])
def test_iso_8859_6(text: str) -> None:
    assert decode(text.encode("iso8859-6")) == text


def test_half_space_survives_windows_1256() -> None:
    assert decode("مي\u200cشود و مي\u200cرود".encode("cp1256")) == "مي\u200cشود و مي\u200cرود"


def test_a_clipped_utf_8_file_is_still_utf_8() -> None:
    assert decode((TEXT * 5).encode()[:-1]).startswith("شهر بیدار شد")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image"),
        (b"ID3\x04\0\0\0\0\0\0", "MP3 recording"),
        (b"PK\x03\x04\x14\0\x06\0", "ZIP archive"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"An article in English.\n", "no Persian text"),
        (random.Random(1).randbytes(4000), "not text"),
        (bytes(range(256)) * 8, "not text"),
    ],
)
def test_what_is_not_a_persian_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=message) as caught:
        read_source(str(path))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_missing_folder_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        read_source(str(tmp_path / "none.txt"))
    with pytest.raises(SourceError, match="is a folder"):
        read_source(str(tmp_path))
    for name in ("news.odt", "news"):
        path = tmp_path / name
        path.write_text(TEXT, encoding="utf-8")
        with pytest.raises(SourceError, match=r"one of \.txt, \.md, \.html"):
            read_source(str(path))


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.txt"
    path.write_text(TEXT, encoding="utf-8")

    def refuse(_self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        read_source(str(path))


def test_standard_input_is_plain_text() -> None:
    article = read_source("-", stdin=io.BytesIO(TEXT.encode()))
    assert article.source == "-"
    assert [passage.kind for passage in article.passages] == [PassageKind.TITLE, PassageKind.PARAGRAPH]
    with pytest.raises(SourceError, match="Standard input is empty"):
        read_source("-", stdin=io.BytesIO(b""))


def test_folders_become_their_articles_in_name_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "c.TXT", "d.odt", ".hidden.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "inner.txt").mkdir()
    expected = tuple(Found(str(tmp_path / name)) for name in ("a.txt", "b.md", "c.TXT"))
    assert find_sources([str(tmp_path)]) == expected
    assert find_sources(["x.txt", "-", str(tmp_path)]) == (Found("x.txt"), Found("-"), *expected)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no file that is read \(\.txt, \.md"):
        find_sources([str(tmp_path)])
