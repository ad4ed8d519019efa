"""The line, stage by stage, with the tone voice: what changes what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiopress.config import Settings, load_settings
from audiopress.errors import ConfigError
from audiopress.press import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLE = """خبر نخست روستا
مردم روستا دیروز جشن گرفتند. هوا خوب بود.

کشاورزان از باران شاد شدند. آنها گندم می کارند.
"""


class Silent:
    """Progress that nobody watches."""

    def begin(self, title: str, utterances: int) -> None:
        pass

    def spoken(self) -> None:
        pass

    def mastering(self) -> None:
        pass


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "village.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with Line(Settings(output=tmp_path / "out", voice="tone"), tmp_path / "cache", Silent()) as line:
        yield line


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_unchanged_article_is_left_as_it_is(line: Line, article: Path, tmp_path: Path) -> None:
    first = line.produce(str(article))
    before = everything(tmp_path / "out")
    second = line.produce(str(article))
    assert (first.status, second.status) == ("produced", "unchanged")
    assert second.spoken_now == 0
    assert everything(tmp_path / "out") == before


def test_one_changed_paragraph_speaks_only_that_paragraph(line: Line, article: Path) -> None:
    assert line.produce(str(article)).spoken_now == 5
    article.write_text(ARTICLE.replace("هوا خوب بود", "هوا بسیار خوب بود"), encoding="utf-8")
    changed = line.produce(str(article))
    assert (changed.status, changed.spoken_now) == ("updated", 1)


def test_force_makes_it_anew_under_the_same_name(line: Line, article: Path) -> None:
    first = line.produce(str(article))
    again = line.produce(str(article), force=True)
    assert (again.status, again.slug, again.spoken_now) == ("updated", first.slug, 0)


def test_a_damaged_episode_is_made_anew(line: Line, article: Path) -> None:
    made = line.produce(str(article))
    made.path.write_bytes(made.path.read_bytes()[:1000])
    assert line.produce(str(article)).status == "updated"
    made.path.with_suffix(".vtt").unlink()
    assert line.produce(str(article)).status == "updated"
    assert line.produce(str(article)).status == "unchanged"


def test_another_voice_or_show_makes_it_anew(line: Line, article: Path, tmp_path: Path) -> None:
    line.produce(str(article))
    for settings in (
        Settings(output=tmp_path / "out", voice="espeak"),
        Settings(output=tmp_path / "out", voice="espeak", show="خبر تازه"),
    ):
        with Line(settings, tmp_path / "cache", Silent()) as other:
            assert other.produce(str(article)).status == "updated"


def test_articles_of_one_name_in_two_folders_are_two_episodes(line: Line, article: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / article.name
    other.parent.mkdir()
    other.write_text(ARTICLE.replace("جشن", "عروسی"), encoding="utf-8")
    assert [line.produce(str(path)).slug for path in (article, other, article)] == ["village", "village-2", "village"]


def test_the_shows_own_readings_come_first(line: Line, article: Path, tmp_path: Path) -> None:
    line.produce(str(article))
    (tmp_path / "out" / "lexicon.tsv").write_text("# our own\nگندم\tگَندُم زرد\n", encoding="utf-8")
    settings = Settings(output=tmp_path / "out", voice="tone")
    with Line(settings, tmp_path / "cache", Silent()) as other:
        assert other.produce(str(article)).spoken_now == 1
    script = json.loads((tmp_path / "out" / "episodes" / "village" / "script.json").read_bytes())
    utterance = script["segments"][-1]["utterances"][-1]
    assert utterance["written"] == "آنها گندم می کارند."
    assert "زرد" in utterance["spoken"]


def test_a_wrong_lexicon_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text("گندم\tگَندُم\nجو\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"lexicon\.tsv.*2"):
        Line(Settings(output=tmp_path, voice="tone"), tmp_path / "cache", Silent())


def test_settings_come_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "audiopress.toml").write_text('voice = "espeak"\nshow = "الف"\n', encoding="utf-8")
    assert load_settings(tmp_path, {}).voice == "espeak"
    monkeypatch.setenv("AUDIOPRESS_VOICE", "nasim")
    assert load_settings(tmp_path, {}).voice == "nasim"
    assert load_settings(tmp_path, {"voice": "tone", "show": None}) == Settings(tmp_path, "tone", "الف")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("voice = ", "TOML"), ("volume = 3", "not a setting"), ("voice = 3", "must be text")],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "audiopress.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        load_settings(tmp_path, {})
