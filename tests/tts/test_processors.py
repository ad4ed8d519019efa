"""What the machine has to compute with."""

from __future__ import annotations

import os

import pytest

from audiopress.tts.processors import memory, processors


def test_there_is_at_least_one_processor_and_some_memory() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)
    assert memory() > 100_000_000


def test_a_process_bound_to_one_processor_has_one() -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("only Linux binds processes")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert processors() == 1
    finally:
        os.sched_setaffinity(0, before)
