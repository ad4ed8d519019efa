"""Where listeners stopped: merged the same in any order, and written whole."""

from __future__ import annotations

import errno
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.errors import OutputError
from audiopress.listen import positions
from audiopress.listen.positions import (
    MOST,
    NotPositions,
    Position,
    from_json,
    load,
    merge,
    positions_file,
    to_json,
    update,
)

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
TEXT = b'{"version": 1, "positions": {"a": {"seconds": 12.3, "played": false, "at": "2026-11-23T08:00:00.000Z"}}}'

MOMENTS = st.sampled_from([MONDAY, TUESDAY, MONDAY + timedelta(milliseconds=1)])
POSITION = st.builds(Position, st.sampled_from([0.0, 1.5, 90.0]), st.booleans(), MOMENTS)
POSITIONS = st.dictionaries(st.sampled_from("abcd"), POSITION)


def test_positions_are_the_json_that_browsers_write() -> None:
    assert from_json(TEXT) == {"a": Position(12.3, played=False, at=MONDAY)}
    assert to_json({"a": Position(12.3, played=False, at=MONDAY)}) == TEXT


@pytest.mark.parametrize(
    "at", ["2026-11-23T08:00:00Z", "2026-11-23T11:30:00+03:30", "2026-11-23T08:00:00.0009Z", "20261123T080000Z"]
)
def test_dates_of_any_zone_are_the_same_moment(at: str) -> None:
    text = TEXT.replace(b"2026-11-23T08:00:00.000Z", at.encode())
    assert from_json(text)["a"].at == MONDAY


def test_what_later_versions_add_is_left_alone() -> None:
    added = TEXT.replace(b'"seconds"', b'"speed": 1.5, "seconds"').replace(b'"version"', b'"by": "x", "version"')
    assert from_json(added) == from_json(TEXT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"1",
        b"{",
        b"{}",
        b'{"version": 1}',
        b'{"version": true, "positions": {}}',
        b'{"version": 2, "positions": {}}',
        b'{"version": "1", "positions": {}}',
        b'{"version": 1, "positions": []}',
        b'{"version": 1, "positions": {"a": 5}}',
        b'{"version": 1, "positions": {"a": {}}}',
        b"[" * 100_000,
        b'{"version": 1, "positions": {"": {"seconds": 1, "played": false, "at": "2026-11-23T08:00:00Z"}}}',
        TEXT.replace(b'"a"', b'"' + 2049 * b"a" + b'"'),
        TEXT.replace(b"12.3", b"-1"),
        TEXT.replace(b"12.3", b"1000001"),
        TEXT.replace(b"12.3", b"1e999"),
        TEXT.replace(b"12.3", b"NaN"),
        TEXT.replace(b"12.3", b"Infinity"),
        TEXT.replace(b"12.3", b"9" * 5000),
        TEXT.replace(b"12.3", b'"12"'),
        TEXT.replace(b"12.3", b"true"),
        TEXT.replace(b"12.3", b"null"),
        TEXT.replace(b"false", b"0"),
        TEXT.replace(b"false", b"null"),
        TEXT.replace(b"2026-11-23T08:00:00.000Z", b"2026-11-23T08:00:00"),
        TEXT.replace(b"2026-11-23T08:00:00.000Z", b"yesterday"),
        TEXT.replace(b"2026-11-23T08:00:00.000Z", b"0001-01-01T00:00:00+14:00"),
        TEXT.replace(b'"2026-11-23T08:00:00.000Z"', b"1764000000"),
    ],
    ids=lambda data: str(len(data)),
)
def test_what_is_no_positions_is_refused_without_a_word_of_it(data: bytes) -> None:
    with pytest.raises(NotPositions, match=r"^(The positions|A position's|A position) [a-z0-9 ,'.ISOJN]+\.$"):
        from_json(data)


def test_odd_guids_come_back_as_they_were() -> None:
    odd = {guid: Position(1, played=True, at=MONDAY) for guid in ("\ud800", "می‌شنوم", "a\nb", "𐎠", '"')}
    assert from_json(to_json(odd)) == odd


def test_the_newer_position_counts_whichever_way_they_meet() -> None:
    old, new = Position(50, played=True, at=MONDAY), Position(2, played=False, at=TUESDAY)
    assert merge({"a": old}, {"a": new}) == {"a": new} == merge({"a": new}, {"a": old})
    assert merge({"b": old}, {"a": new}) == {"a": new, "b": old}


def test_of_two_equally_new_the_one_heard_further_counts() -> None:
    near, far = Position(2, played=False, at=MONDAY), Position(50, played=False, at=MONDAY)
    heard = Position(0, played=True, at=MONDAY)
    assert merge({"a": far}, {"a": near}) == {"a": far}
    assert merge({"a": far}, {"a": heard}) == {"a": heard}


@given(POSITIONS, POSITIONS, POSITIONS)
def test_any_order_of_merging_gives_the_same(
    one: dict[str, Position], two: dict[str, Position], three: dict[str, Position]
) -> None:
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one


@given(POSITIONS)
def test_positions_are_what_they_were_written(some: dict[str, Position]) -> None:
    assert from_json(to_json(some)) == some


def test_only_those_heard_last_are_kept() -> None:
    many = {str(number): Position(1, played=True, at=MONDAY + timedelta(seconds=number)) for number in range(MOST + 5)}
    kept = merge(many, {})
    assert len(kept) == MOST
    assert "4" not in kept
    assert "5" in kept


def test_more_than_may_be_are_refused() -> None:
    many = {str(number): Position(1, played=True, at=MONDAY) for number in range(MOST + 1)}
    with pytest.raises(ValueError, match="more than 10000 positions"):
        from_json(to_json(many))


def test_nothing_is_known_before_anything_was_heard(tmp_path: Path) -> None:
    assert load(tmp_path / "nothing") == {}


def test_positions_are_kept_and_merged(tmp_path: Path) -> None:
    update(tmp_path, {"a": Position(1, played=False, at=TUESDAY)})
    known = update(tmp_path, {"a": Position(9, played=True, at=MONDAY), "b": Position(3, played=False, at=MONDAY)})
    assert known == {"a": Position(1, played=False, at=TUESDAY), "b": Position(3, played=False, at=MONDAY)}
    assert load(tmp_path) == known


def test_a_show_is_its_folder_by_whatever_way_it_is_named(tmp_path: Path, data_folder: Path) -> None:
    show = tmp_path / "show"
    show.mkdir()
    (tmp_path / "link").symlink_to(show)
    assert positions_file(tmp_path / "link") == positions_file(show) == positions_file(tmp_path / "x" / ".." / "show")
    assert positions_file(show).parent == data_folder / "positions"
    assert positions_file(show) != positions_file(tmp_path)


def test_without_a_chosen_folder_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AUDIOPRESS_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = positions_file(tmp_path).parent
    assert folder.is_relative_to(tmp_path)
    assert folder.parts[-2:] == ("audiopress", "positions")


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})
    before = positions_file(tmp_path).stat().st_ino
    update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})
    update(tmp_path, {})
    assert positions_file(tmp_path).stat().st_ino == before


def test_a_clock_that_is_wrong_does_not_win_for_years(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    known = update(tmp_path, {"a": Position(1, played=False, at=now + timedelta(days=4000))})
    assert now - timedelta(seconds=1) < known["a"].at < now + timedelta(minutes=1)


def test_a_date_is_kept_in_whole_milliseconds(tmp_path: Path) -> None:
    known = update(tmp_path, {"a": Position(1, played=False, at=MONDAY + timedelta(microseconds=1999))})
    assert known["a"].at == MONDAY + timedelta(milliseconds=1)
    assert load(tmp_path) == known


@pytest.mark.parametrize("broken", [b"", b"{", b'{"version": 2, "positions": {}}', b"\0" * 100])
def test_a_file_that_cannot_be_understood_is_set_aside(tmp_path: Path, broken: bytes) -> None:
    path = positions_file(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(broken)
    assert load(tmp_path) == {}
    update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})
    assert load(tmp_path) == {"a": Position(1, played=False, at=MONDAY)}
    assert path.with_suffix(".broken").read_bytes() == broken


def test_a_run_that_was_killed_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})
    path = positions_file(tmp_path)
    (path.parent / f".{path.name}.7.part").write_bytes(b'{"version": 1, "posi')
    assert load(tmp_path) == {"a": Position(1, played=False, at=MONDAY)}
    update(tmp_path, {"b": Position(1, played=False, at=MONDAY)})
    assert sorted(load(tmp_path)) == ["a", "b"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_full_disk_is_said_and_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(positions.os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot be kept \(no space left on device\); name another folder in AUDIO"):
        update(tmp_path, {"b": Position(1, played=False, at=MONDAY)})
    assert load(tmp_path) == {"a": Position(1, played=False, at=MONDAY)}
    assert len(list(positions_file(tmp_path).parent.iterdir())) == 1


def test_a_folder_that_cannot_be_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AUDIOPRESS_DATA", str(tmp_path / "file"))
    with pytest.raises(OutputError, match="name another folder in AUDIOPRESS_DATA"):
        update(tmp_path, {"a": Position(1, played=False, at=MONDAY)})


def test_many_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    def hear(first: int) -> None:
        for number in range(first, first + 10):
            update(tmp_path, {str(number): Position(number, played=False, at=MONDAY)})

    threads = [threading.Thread(target=hear, args=(10 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(load(tmp_path), key=int) == [str(number) for number in range(80)]
    assert json.loads(positions_file(tmp_path).read_bytes())["version"] == 1
