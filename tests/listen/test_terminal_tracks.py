"""What a name on the command line means, in which order it is heard, and what single files tell of themselves."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutagen import id3, oggopus
from terminal_program import CHAPTERS, catalogue, make_show, tone

from audiopress.errors import SourceError
from audiopress.listen.positions import Position, update
from audiopress.listen.terminal.announcements import announcement
from audiopress.listen.terminal.tracks import Track, find
from audiopress.model import ChapterMark


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_show(folder / "one", [1, 1, 1])
    make_show(folder / "two", [1])
    return folder


def hear(show: Path, *slugs: str) -> None:
    update(show, {f"guid-{slug}": Position(1.0, played=True, at=datetime.now(UTC)) for slug in slugs})


def names(target: Path | str | None, output: Path) -> list[str]:
    tracks = find(None if target is None else Path(target), output, catalogue)
    return [f"{track.folder.name}/{track.path.stem}" for track in tracks]


def test_of_a_show_everything_unheard_is_heard_the_oldest_first(made: Path) -> None:
    assert names(made / "one", made) == ["one/a", "one/b", "one/c"]
    hear(made / "one", "a")
    assert names("one", made) == ["one/b", "one/c"]


def test_where_all_is_heard_the_newest_is(made: Path) -> None:
    hear(made / "one", "a", "b", "c")
    assert names(made / "one", made) == ["one/c"]


def test_without_a_name_all_shows_of_the_folder_are_heard_by_date(made: Path) -> None:
    hear(made / "one", "b")
    assert names(None, made) == ["one/a", "two/a", "one/c"]


def test_an_episode_and_what_came_after_it(made: Path) -> None:
    hear(made / "one", "b", "c")
    assert names("b", made / "one") == ["one/b"]
    assert names("a", made / "one") == ["one/a"]
    assert names("c", made) == ["one/c"]


def test_the_file_of_an_episode_is_that_episode(made: Path) -> None:
    (track,) = find(made / "one/episodes/b/b.mp3", made, catalogue)
    assert (track.guid, track.show, track.chapters) == ("guid-b", "خبر روستا", (ChapterMark(0, "آغاز باران"),))


@pytest.mark.parametrize("name", ["nothing", "one/episodes"])
def test_a_name_of_nothing_is_one_sentence(made: Path, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        names(name, made / "one")
    assert str(caught.value) == (
        f"There is no show, episode or audio file called {name}; audiopress episodes lists what there is."
    )


def test_no_show_and_no_episodes_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^There is no show in .*; make one with audiopress produce, or name"):
        names(None, tmp_path)
    make_show(tmp_path / "empty", [])
    with pytest.raises(
        SourceError, match=r"^The show in .*empty has no episodes yet; make one with audiopress produce"
    ):
        names(None, tmp_path / "empty")


def test_an_mp3_tells_title_show_and_chapters(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    tone(path, 2)
    tag = id3.ID3()
    tag.add(id3.TIT2(encoding=1, text="باران\x1b[2J"))
    tag.add(id3.TALB(encoding=1, text="خبر"))
    for number, start in enumerate((1500, 0)):
        title = id3.TIT2(encoding=1, text=f"فصل {number}")
        tag.add(id3.CHAP(element_id=f"c{number}", start_time=start, end_time=start + 9, sub_frames=[title]))
    tag.save(path, v2_version=3)
    (track,) = find(path, tmp_path, catalogue)
    assert (track.title, track.show) == ("باران [2J", "خبر")
    assert track.chapters == (ChapterMark(0, "فصل 1"), ChapterMark(1500, "فصل 0"))
    assert track.seconds == pytest.approx(2, abs=0.1)
    assert (track.folder, track.guid) == (tmp_path, path.as_uri())


def test_an_m4a_and_an_opus_tell_their_chapters(tmp_path: Path) -> None:
    first, second = "START=0\nEND=1000\ntitle=الف\n", "START=1000\nEND=2000\ntitle=ب\n"
    marks = "".join(f"[CHAPTER]\nTIMEBASE=1/1000\n{each}" for each in (first, second))
    (tmp_path / "marks").write_text(f";FFMETADATA1\ntitle=باران\n{marks}", encoding="utf-8")
    tone(tmp_path / "a.m4a", 2, "-i", str(tmp_path / "marks"), "-map", "0:a", "-map_metadata", "1", "-c:a", "aac")
    (track,) = find(tmp_path / "a.m4a", tmp_path, catalogue)
    assert (track.title, track.chapters) == ("باران", (ChapterMark(0, "الف"), ChapterMark(1000, "ب")))
    tone(tmp_path / "a.opus", 2, "-c:a", "libopus")
    file = oggopus.OggOpus(tmp_path / "a.opus")
    file["CHAPTER000"], file["CHAPTER000NAME"] = "00:00:00.000", "الف"
    file["CHAPTER001"], file["CHAPTER001NAME"] = "00:00:01.250", "ب"
    file.save()
    (track,) = find(tmp_path / "a.opus", tmp_path, catalogue)
    assert (track.title, track.show) == ("a", tmp_path.name)
    assert track.chapters == (ChapterMark(0, "الف"), ChapterMark(1250, "ب"))


def test_a_wav_has_neither_tags_nor_chapters(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav", 1)
    (track,) = find(tmp_path / "a.wav", tmp_path, catalogue)
    assert (track.title, track.seconds, track.chapters) == ("a", 1.0, ())


def test_the_same_show_by_another_way_is_the_same(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "one", tmp_path / "copy")
    (tmp_path / "link").symlink_to(tmp_path / "copy")
    hear(tmp_path / "link", "a")
    assert names(tmp_path / "copy", tmp_path) == ["copy/b", "copy/c"]


def test_what_is_announced() -> None:
    track = Track(Path("a.mp3"), Path(), "1", "جشنوارهٔ رودخانه", "خبر", 40.0, CHAPTERS)
    assert announcement(track) == (
        "قسمت بعدی: جشنوارهٔ رودخانه. این قسمت ۳ فصل دارد: آغاز باران؛ گرما و سرما؛ پایان کار."
    )
    one = Track(Path("a.mp3"), Path(), "1", "باران", "خبر", 40.0, CHAPTERS[:1])
    assert announcement(one) == "قسمت بعدی: باران."
    many = Track(Path("a.mp3"), Path(), "1", "باران", "خبر", 40.0, CHAPTERS[:2] * 4)
    assert announcement(many).endswith("گرما و سرما و چند فصل دیگر.")
