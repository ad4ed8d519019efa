"""The output folder: whole episodes or none, names that last, deleted ones remembered."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiopress.errors import OutputError
from audiopress.model import ChapterMark, Episode
from audiopress.podcast.drafts import delete_episode, drafting, slug_for
from audiopress.podcast.feed import Deleted
from audiopress.podcast.folder import write
from audiopress.podcast.library import (
    FACTS,
    Identity,
    facts_json,
    find_episode,
    identity_of,
    load_deleted,
    load_entries,
)


def publish(output: Path, title: str, identity: Identity, *, day: int = 1, sound: bytes = b"x" * 100) -> Episode:
    with drafting(output, title, identity) as draft:
        episode = Episode(
            slug=draft.slug,
            guid=draft.guid,
            title=title,
            description="شرح.",
            published=draft.before.published if draft.before else f"2026-07-{day:02}T08:30:00+03:30",
            enclosure=f"episodes/{draft.slug}/{draft.slug}.mp3",
            length=len(sound),
            seconds=1.5,
            voice="tone",
            agency="",
            source="a.txt",
            chapters=(ChapterMark(0, title),),
        )
        write(draft.folder / f"{draft.slug}.mp3", sound)
        write(draft.folder / FACTS, facts_json(episode, identity, {"text": "1"}))
    return episode


def load_episodes(output: Path) -> tuple[Episode, ...]:
    return tuple(entry.episode for entry in load_entries(output))


def tree(output: Path) -> dict[str, bytes | None]:
    found = sorted(output.rglob("*"))
    return {path.relative_to(output).as_posix(): path.read_bytes() if path.is_file() else None for path in found}


def test_an_episode_appears_whole_and_is_found_again(tmp_path: Path) -> None:
    identity = identity_of("a.txt", "متن")
    episode = publish(tmp_path / "out", "خبر یک", identity)
    assert sorted(tree(tmp_path / "out")) == [
        "episodes",
        "episodes/khbr-ykh",
        "episodes/khbr-ykh/episode.json",
        "episodes/khbr-ykh/khbr-ykh.mp3",
    ]
    assert load_episodes(tmp_path / "out") == (episode,)
    known = find_episode(tmp_path / "out", identity)
    assert known is not None
    assert (known.slug, known.guid, known.published) == (episode.slug, episode.guid, episode.published)
    assert (known.episode, known.digests) == (episode, {"text": "1"})
    assert find_episode(tmp_path / "out", identity_of("b.txt", "دیگر")) is None


def test_a_corrected_article_keeps_its_name_guid_and_date(tmp_path: Path) -> None:
    first = publish(tmp_path, "خبر یک", identity_of("a.txt", "متن غلت"))
    again = publish(tmp_path, "خبر دو", identity_of("a.txt", "متن غلط"), day=9, sound=b"new")
    moved = publish(tmp_path, "خبر دو", identity_of("b.txt", "متن   غلط"), day=9)
    assert {(episode.slug, episode.guid, episode.published) for episode in (first, again, moved)} == {
        (first.slug, first.guid, "2026-07-01T08:30:00+03:30")
    }
    assert [path.name for path in (tmp_path / "episodes").iterdir()] == [first.slug]


def test_another_story_in_the_same_file_is_another_episode(tmp_path: Path) -> None:
    texts = [
        "وزیر نیرو از افزایش ذخیره سدهای کشور در پاییز امسال خبر داد و گفت مصرف آب کمتر شده است",
        "تیم ملی والیبال در دیدار دوستانه با حریف خود به برتری رسید و راهی مرحله بعد شد",
        "تیم ملی والیبال در دیدار دوستانه با حریف خود به برتری رسید و راهی مرحله بعدی مسابقات شد",
    ]
    yesterday, today, corrected = (publish(tmp_path, "today", identity_of("today.txt", text)) for text in texts)
    assert (yesterday.slug, today.slug) == ("today", "today-2")
    assert yesterday.guid != today.guid
    assert (corrected.slug, corrected.guid) == (today.slug, today.guid)


def test_the_same_guid_comes_out_of_an_empty_folder(tmp_path: Path) -> None:
    identity = identity_of("a.txt", "متن")
    assert publish(tmp_path / "1", "خبر", identity).guid == publish(tmp_path / "2", "خبر", identity).guid


def test_other_articles_of_the_same_title_are_numbered(tmp_path: Path) -> None:
    slugs = [publish(tmp_path, "خبر", identity_of(f"{n}.txt", f"متن {n}")).slug for n in range(3)]
    assert slugs == ["khbr", "khbr-2", "khbr-3"]
    assert len({episode.guid for episode in load_episodes(tmp_path)}) == 3


def test_two_drafts_of_one_title_at_once_do_not_meet(tmp_path: Path) -> None:
    one, two = identity_of("1.txt", "یک"), identity_of("2.txt", "دو")
    with drafting(tmp_path, "خبر", one) as first, drafting(tmp_path, "خبر", two) as second:
        assert (first.slug, second.slug) == ("khbr", "khbr-2")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("گزارش ۲۵ تیر", "gzrsh-25-tyr"),
        ("Hello: World!", "hello-world"),
        ("؟!…", "episode"),
        ("", "episode"),
        ("../..", "episode"),
    ],
)
def test_slugs_are_ascii(title: str, slug: str) -> None:
    assert slug_for(title) == slug


def test_a_slug_is_short(tmp_path: Path) -> None:
    assert len(slug_for("گزارش " * 100)) <= 60


@pytest.mark.parametrize("existed", [True, False])
def test_what_fails_leaves_the_folder_as_it_was(tmp_path: Path, existed: bool) -> None:  # noqa: FBT001
    output = tmp_path / "deep" / "out"
    if existed:
        publish(output, "خبر", identity_of("a.txt", "متن"))
    before = tree(tmp_path)
    with suppress(ZeroDivisionError), drafting(output, "خبر", identity_of("a.txt", "متن")) as draft:
        write(draft.folder / "half.mp3", b"half")
        assert tree(tmp_path) != before
        raise ZeroDivisionError
    assert tree(tmp_path) == before


def test_what_a_killed_one_left_is_cleared_away(tmp_path: Path) -> None:
    publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    before = tree(tmp_path)
    script = (
        "import os, sys; from pathlib import Path; from audiopress.podcast.drafts import drafting;"
        "from audiopress.podcast.library import identity_of\n"
        "with drafting(Path(sys.argv[1]), 'x', identity_of('b.txt', 'y')) as draft:\n"
        "    (draft.folder / 'half.mp3').write_bytes(b'half'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert tree(tmp_path) != before
    assert len(load_episodes(tmp_path)) == 1
    publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    assert tree(tmp_path) == before


def test_an_episode_that_was_being_replaced_comes_back(tmp_path: Path) -> None:
    episode = publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    (tmp_path / "episodes" / episode.slug).rename(tmp_path / "episodes" / f".{episode.slug}.old-0a1b2c3d")
    publish(tmp_path, "دیگر", identity_of("b.txt", "دیگر"))
    assert {found.slug for found in load_episodes(tmp_path)} == {episode.slug, "dygr"}


def test_the_length_is_that_of_the_file_that_is_there(tmp_path: Path) -> None:
    episode = publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    (tmp_path / episode.enclosure).write_bytes(b"x" * 77)
    assert [found.length for found in load_episodes(tmp_path)] == [77]


def test_a_deleted_episode_leaves_its_name_guid_and_date(tmp_path: Path) -> None:
    identity = identity_of("a.txt", "متن")
    episode = publish(tmp_path, "خبر", identity)
    other = publish(tmp_path, "دیگر", identity_of("b.txt", "دیگر"))
    assert delete_episode(tmp_path, episode.slug, datetime(2026, 8, 1, tzinfo=UTC)) == "خبر"
    assert load_episodes(tmp_path) == (other,)
    assert load_deleted(tmp_path) == (Deleted(episode.guid, "2026-08-01T00:00:00+00:00", episode.published),)
    assert [path.name for path in (tmp_path / "episodes" / episode.slug).iterdir()] == ["deleted.json"]
    again = publish(tmp_path, "خبر", identity, day=9)
    assert (again.slug, again.guid, again.published) == (episode.slug, episode.guid, episode.published)
    assert load_deleted(tmp_path) == ()


def test_an_episode_that_is_not_there_cannot_be_deleted(tmp_path: Path) -> None:
    publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    before = tree(tmp_path)
    with pytest.raises(OutputError, match=r"no episode called 'khabr'; there is: khbr\."):
        delete_episode(tmp_path, "khabr", datetime(2026, 8, 1, tzinfo=UTC))
    for name in ("../..", "", ".", "/"):
        with pytest.raises(OutputError, match="no episode called"):
            delete_episode(tmp_path, name, datetime(2026, 8, 1, tzinfo=UTC))
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "content", ["", "no json", "[]", "{}", '{"episode": []}', '{"episode": {"slug": "x"}}', '"\\ud800"']
)
def test_folders_that_are_not_ours_are_passed_over(tmp_path: Path, content: str) -> None:
    publish(tmp_path, "خبر", identity_of("a.txt", "متن"))
    odd = tmp_path / "episodes" / "odd"
    odd.mkdir()
    (odd / FACTS).write_text(content)
    (tmp_path / "episodes" / "file").write_text("x")
    assert len(load_episodes(tmp_path)) == 1


def test_an_episode_whose_sound_or_date_is_missing_is_passed_over(tmp_path: Path) -> None:
    one = publish(tmp_path, "یک", identity_of("1.txt", "یک"))
    two = publish(tmp_path, "دو", identity_of("2.txt", "دو"))
    (tmp_path / one.enclosure).unlink()
    script = tmp_path / "episodes" / two.slug / FACTS
    document = json.loads(script.read_bytes())
    document["episode"]["published"] = "yesterday"
    script.write_text(json.dumps(document))
    assert load_episodes(tmp_path) == ()


def _publish_some(output: Path, worker: int) -> None:
    for number in range(8):
        publish(output, "خبر", identity_of(f"{worker}-{number}.txt", f"متن {worker} {number}"))


def test_three_at_once_do_not_meet(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_publish_some, args=(tmp_path, worker)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    slugs = {episode.slug for episode in load_episodes(tmp_path)}
    assert slugs == {"khbr", *(f"khbr-{number}" for number in range(2, 25))}


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="is not a folder"), drafting(tmp_path / "out", "x", identity_of("a", "b")):
        pass
    with (
        pytest.raises(OutputError, match="is not a folder"),
        drafting(tmp_path / "out" / "in", "x", identity_of("a", "b")),
    ):
        pass
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "episodes").write_text("a file")
    with pytest.raises(OutputError, match="is not a folder"), drafting(tmp_path / "good", "x", identity_of("a", "b")):
        pass
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.access(locked, os.W_OK):  # the administrator writes everywhere, but not into /proc
        locked = Path("/proc/self")
    with (
        pytest.raises(OutputError, match=r"cannot be written .*--output"),
        drafting(locked / "out", "x", identity_of("a", "b")),
    ):
        pass


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from audiopress.podcast.folder import write\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); write(Path(sys.argv[1]), b'x' * 5000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a")], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip().splitlines()[-1] == (
        f"audiopress.errors.OutputError: The disk that holds {tmp_path} is full; "
        "free some space or choose another folder with --output."
    )
    assert list(tmp_path.iterdir()) == []
