"""The board of a batch: a live bar in a terminal, a line each job elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiopress.terminal_board import Board

if TYPE_CHECKING:
    import pytest

LONG = "شورای شهر بندر پذیرفت که از هفته آینده نیمی از خیابان ساحلی تنها برای دوچرخه‌ها باز باشد"


def work(board: Board) -> None:
    with board:
        board.begin(4, 1, 2)
        board.finished("a.txt", LONG, 90.0, "produced")
        board.finished("b.txt", "نان", 30.0, "unchanged")
        board.failed("c.txt", "c.txt holds no text")
        for _ in range(2):
            board.note("nasim reads instead of edge")


def test_where_nobody_watches_each_job_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    work(Board(quiet=False))
    told = capsys.readouterr().err.splitlines()
    assert told == ["produced: a.txt", "unchanged: b.txt", "! nasim reads instead of edge"]


def test_a_terminal_shows_a_bar_of_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "120")
    board = Board(quiet=False)
    work(board)
    told = capsys.readouterr().err
    assert "4/4" in told
    assert "× speech" in told
    assert "✗ c.txt: c.txt holds no text" in told
    assert told.count("nasim reads instead of edge") == 1
    assert "…" in board._named(LONG)
    assert "\n" not in board._named(LONG)


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    work(Board(quiet=True))
    assert capsys.readouterr().err == ""
