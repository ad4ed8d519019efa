"""The line, stage by stage, with the tone voice: what changes what."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiopress import shows
from audiopress.config import Settings
from audiopress.errors import ConfigError, EngineError, VoiceFailed
from audiopress.model import PLAIN, Part, Show
from audiopress.press import Line, Places
from audiopress.tts import registry
from audiopress.tts.tone import ToneEngine
from audiopress.tts.voices import voices_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiopress.model import Audio, Delivery, Pronunciation, Voice

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

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def __init__(self) -> None:
        self.notes: list[str] = []


def places(folder: Path) -> Places:
    return Places(folder / "cache", folder / "data")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "village.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with Line(Settings(output=tmp_path / "out", voice="tone"), places(tmp_path), Silent()) as line:
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
        Settings(output=tmp_path / "out", voice="espeak", show=Show("خبر تازه")),
    ):
        with Line(settings, places(tmp_path), Silent()) as other:
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
    with Line(settings, places(tmp_path), Silent()) as other:
        assert other.produce(str(article)).spoken_now == 1
    script = json.loads((tmp_path / "out" / "episodes" / "village" / "script.json").read_bytes())
    utterance = script["segments"][-1]["utterances"][-1]
    assert utterance["written"] == "آنها گندم می کارند."
    assert "زرد" in utterance["spoken"]


def test_a_wrong_lexicon_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text("گندم\tگَندُم\nجو\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"lexicon\.tsv.*2"):
        Line(Settings(output=tmp_path, voice="tone"), places(tmp_path), Silent())


def facts(output: Path, slug: str = "village") -> dict[str, str]:
    return json.loads((output / "episodes" / slug / "episode.json").read_bytes())["episode"]  # type: ignore[no-any-return]


def test_a_corrected_episode_keeps_its_guid_and_says_what_changed(line: Line, article: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    line.produce(str(article))
    first = facts(output)
    assert (first["updated"], first["change"]) == ("", "")
    article.write_text(ARTICLE.replace("جشن", "جشنی"), encoding="utf-8")
    line.produce(str(article))
    corrected = facts(output)
    assert (corrected["guid"], corrected["published"]) == (first["guid"], first["published"])
    assert (corrected["updated"] != "", corrected["change"]) == (True, "text")
    with Line(Settings(output=output, voice="espeak"), places(tmp_path), Silent()) as other:
        other.produce(str(article))
    assert facts(output)["change"] == "voice"
    with Line(Settings(output=output, voice="espeak", show=Show("نو")), places(tmp_path), Silent()) as other:
        other.produce(str(article))
    renamed = facts(output)
    assert (renamed["change"], renamed["guid"]) == ("voice", first["guid"])  # what is heard is the same


def test_an_episode_that_was_deleted_comes_back_as_the_same(line: Line, article: Path, tmp_path: Path) -> None:
    settings = Settings(output=tmp_path / "out", voice="tone")
    made = line.produce(str(article))
    first = facts(tmp_path / "out")
    assert shows.delete(settings, made.slug) == "خبر نخست روستا"
    assert first["guid"] in (tmp_path / "out" / "feed.xml").read_text(encoding="utf-8")
    assert "<item>" not in (tmp_path / "out" / "feed.xml").read_text(encoding="utf-8")
    again = line.produce(str(article))
    assert (again.status, again.slug, facts(tmp_path / "out")["guid"]) == ("produced", made.slug, first["guid"])


def test_intro_and_outro_are_spoken_and_the_day_stays_the_same(article: Path, tmp_path: Path) -> None:
    settings = Settings(
        output=tmp_path / "out",
        voice="tone",
        show=Show("خبر روستا"),
        intro_text="این {show} است، {date}.",
        outro_text="از شنیدن «{title}» سپاسگزاریم.",
    )
    with Line(settings, places(tmp_path), Silent()) as line:
        made = line.produce(str(article))
        assert line.produce(str(article)).status == "unchanged"
    script = json.loads((made.path.parent / "script.json").read_bytes())
    kinds = [segment["kind"] for segment in script["segments"]]
    assert (kinds[0], kinds[-1]) == ("intro", "outro")
    assert script["segments"][0]["utterances"][0]["written"].startswith("این خبر روستا است، ")
    assert facts(tmp_path / "out")["description"].startswith("مردم روستا دیروز جشن گرفتند.")


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus"])
def test_every_format_makes_an_episode(ending: str, article: Path, tmp_path: Path) -> None:
    with Line(Settings(output=tmp_path / "out", voice="tone", format=ending), places(tmp_path), Silent()) as line:
        made = line.produce(str(article))
        assert made.path.name == f"village.{ending}"
        assert line.produce(str(article)).status == "unchanged"
    feed = (tmp_path / "out" / "feed.xml").read_text(encoding="utf-8")
    assert f"village.{ending}" in feed


def test_the_feed_is_rewritten_to_the_byte(line: Line, article: Path, tmp_path: Path) -> None:
    line.produce(str(article))
    before = everything(tmp_path / "out")
    made = [name for name in before if "/" not in name or name.startswith("assets/")]
    assert {"feed.xml", "index.html", "show.opml"} < set(made)
    for name in made:
        (tmp_path / "out" / name).unlink()
    shows.refresh(Settings(output=tmp_path / "out", voice="tone"))
    assert everything(tmp_path / "out") == before


QUOTED = """خبر نخست روستا
وزیر دیروز گفت: «این جاده تا پاییز آماده می‌شود.» مردم شاد شدند.
"""


def test_quotes_are_read_by_their_own_voice(article: Path, tmp_path: Path) -> None:
    article.write_text(QUOTED, encoding="utf-8")
    settings = Settings(output=tmp_path / "out", voice="tone", cast=(("quotes", Part("espeak")),))
    with Line(settings, places(tmp_path), Silent()) as line:
        made = line.produce(str(article))
        assert line.produce(str(article)).status == "unchanged"
    assert (made.utterances, made.voice) == (4, "tone")
    with Line(replace(settings, cast=()), places(tmp_path), Silent()) as line:
        again = line.produce(str(article))
    assert (again.status, again.utterances) == ("updated", 3)


class Fragile(ToneEngine):
    """Tones until the second sentence."""

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        if len(pronunciation.words) == 3:
            raise EngineError("The service sent silence.")
        return super().synthesize(pronunciation, voice, delivery)


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(registry.BUILT_IN, "fragile", f"{__name__}:Fragile")
    folder = tmp_path / "data" / "voices"
    folder.mkdir(parents=True)
    text = (voices_folder() / "tone.toml").read_text(encoding="utf-8")
    text = text.replace('name = "tone"', 'name = "fragile"').replace('engine = "tone"', 'engine = "fragile"')
    (folder / "fragile.toml").write_text(text, encoding="utf-8")
    return Settings(output=tmp_path / "out", voice="fragile", fallback=("espeak",))


def test_a_voice_that_fails_stops_the_episode_and_leaves_nothing(
    fragile: Settings, article: Path, tmp_path: Path
) -> None:
    with (
        Line(fragile, places(tmp_path), Silent()) as line,
        pytest.raises(
            VoiceFailed, match=r"fragile could not speak: The service sent silence\. .*--on-failure fallback"
        ),
    ):
        line.produce(str(article))
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_who_takes_over_reads_the_whole_episode(fragile: Settings, article: Path, tmp_path: Path) -> None:
    silent = Silent()
    with Line(replace(fragile, on_failure="fallback"), places(tmp_path), silent) as line:
        made = line.produce(str(article))
        assert line.produce(str(article)).status == "unchanged"
    assert (made.voice, made.spoken_now) == ("espeak", 5)
    assert silent.notes == [
        "fragile could not speak (The service sent silence); espeak reads the whole episode.",
    ]
