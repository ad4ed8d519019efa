"""A listener's own lexicon: settled once for all shows, or for one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiopress.cli import main
from audiopress.config import data_folder
from audiopress.errors import ConfigError
from audiopress.press import own

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))
    return data_folder()


def test_a_word_is_settled_for_all_shows(home: Path, tmp_path: Path) -> None:
    entry = own.add("ملک", "مُلک", None)
    assert (entry.phonemes, entry.where) == ("molk", str(home / "lexicon.tsv"))
    assert own.said("ملک", own.load_own(tmp_path / "any")) == "molk"


def test_a_show_goes_before_all_shows(tmp_path: Path) -> None:
    own.add("ملک", "مُلک", None)
    own.add("ملک", "/mælek/", tmp_path / "show")
    assert own.said("ملک", own.load_own(tmp_path / "show")) == "mælek"
    assert own.said("ملک", own.load_own(tmp_path / "other")) == "molk"
    hidden = own.settled(tmp_path / "show")[1]
    assert hidden.notes[0] == f"{tmp_path / 'show' / 'lexicon.tsv'} goes before it"


@pytest.mark.parametrize(
    ("written", "reading", "text", "phonemes"),
    [
        ("FATF", "/fɑːtef/", "FATF", "fɒtef"),
        ("ملک", "/molk/", "ملک‌های", "molkhɒje"),
        ("علی دایی", "/ælije dɒji/", "علی دایی", "ælije dɒji"),
        ("وترا", "/veterɒ/", "وترا", "veterɒ"),
        ("C++", "سی پلاس", "C++", "si pelɒs"),
        ("وي‌لا", "/vijɒlɒ/", "وی‌لا", "vijɒlɒ"),
    ],
)
def test_persian_and_ipa_readings(written: str, reading: str, text: str, phonemes: str) -> None:
    own.add(written, reading, None)
    assert own.said(text, own.load_own(None)) == phonemes


@pytest.mark.parametrize(
    ("written", "reading", "complaint"),
    [
        ("ملک", "/mθlk/", "'θ' is no phoneme of Persian"),
        ("ملک", "//", "both|no phoneme|cannot be said"),
        ("ملک", "", "both the word"),
        ("", "مُلک", "both the word"),
        ("ملک", "molk", "IPA between slashes"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(written: str, reading: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        own.add(written, reading, None)
    assert not own.files(None)[0].exists()


def test_comments_and_other_entries_stay(home: Path) -> None:
    home.mkdir()
    path = home / "lexicon.tsv"
    path.write_text("# mine\r\nآب\tاب\nملک\tمِلک", encoding="utf-8")
    own.add("ملک", "مُلک", None)
    assert path.read_bytes().decode() == "# mine\r\nآب\tاب\nملک\tمُلک\n"
    own.remove("آب", None)
    assert path.read_bytes().decode() == "# mine\r\nملک\tمُلک\n"
    assert [file.name for file in home.iterdir()] == ["lexicon.tsv"]


def test_a_damaged_lexicon_is_told_of_and_kept(home: Path) -> None:
    home.mkdir()
    path = home / "lexicon.tsv"
    path.write_text("ملک مُلک\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1: write the word, one tab"):
        own.add("آب", "اب", None)
    assert path.read_text(encoding="utf-8") == "ملک مُلک\n"


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    show = str(tmp_path / "show")
    assert main(["lexicon", "list"]) == 0
    assert "no entries" in capsys.readouterr().out
    assert main(["lexicon", "add", "ملک", "/molk/", "--output", show]) == 0
    assert "molk" in capsys.readouterr().out
    assert main(["lexicon", "check", "--output", show]) == 0
    assert "nothing to mend" in capsys.readouterr().out
    assert main(["lexicon", "add", "کتاب", "کتاب", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"][0]["notes"] == ["it is said like that without the entry"]
    assert main(["lexicon", "check", "--output", show]) == 1
    assert "without the entry" in " ".join(capsys.readouterr().out.split())
    assert main(["lexicon", "remove", "کتاب", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["lexicon", "remove", "کتاب"]) == 1
    assert "has no entry" in capsys.readouterr().err


def test_script_uses_the_lexicon_and_marks_doubts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("ملک سلیمان و بغشترون\n", encoding="utf-8")
    own.add("ملک", "/mælæk/", None)
    assert main(["script", str(article), "--output", str(tmp_path / "show")]) == 0
    said = capsys.readouterr().out
    assert "mælæk" in said
    assert "letters" in said
    assert "lexicon add" in said
    assert main(["script", str(article), "--output", str(tmp_path / "show"), "--json"]) == 0
    doubts = json.loads(capsys.readouterr().out)["segments"][0]["utterances"][0]["doubts"]
    assert any(doubt["why"] == ["letters"] and doubt["word"] == "بغشترون" for doubt in doubts)
