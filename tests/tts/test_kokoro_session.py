"""The neural voice spoken by several threads at once: one model, the same samples."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiopress.tts import kokoro, kokoro_session
from audiopress.tts.engine import Places
from audiopress.tts.kokoro import KokoroEngine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Pronunciation, Voice

type Make = Callable[..., Pronunciation]

TEXTS = ("sælˈɒm, donjˈɒ.", "be xˈæjr.", "mærdˈom dirˈuz dʒˈæʃn ɡereftˈænd?", "ketˈɒbe mˈæn, rˈuje mˈiz ˈæst!")


@pytest.fixture
def voice() -> Voice:
    return find_voice("arash")


def test_samples_are_the_same_with_any_number_of_callers(voice: Voice, pronunciation: Make, cache: Path) -> None:
    alone = KokoroEngine(Places(cache, cache), workers=1)
    expected = [alone.synthesize(pronunciation(text), voice) for text in TEXTS]
    alone.close()
    two = KokoroEngine(Places(cache, cache), workers=2)
    one_by_one = [two.synthesize(pronunciation(text), voice) for text in TEXTS]
    assert two._sessions._threads == 2, "a single caller should have all processors"
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda text: two.synthesize(pronunciation(text), voice), [*TEXTS, *reversed(TEXTS)]))
    assert two._sessions._threads == 1, "several callers should have one each"
    two.close()
    for audios in (one_by_one, together[: len(TEXTS)], together[: len(TEXTS) - 1 : -1]):
        for audio, right in zip(audios, expected, strict=True):
            assert np.array_equal(audio.samples, right.samples)
            assert audio.marks == right.marks


def test_callers_who_come_at_once_make_one_session(
    voice: Voice, pronunciation: Make, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = kokoro_session.session

    def counted(model: bytes | str, threads: int) -> Any:
        made.append(threads)
        return real(model, threads)

    monkeypatch.setattr(kokoro_session, "session", counted)
    engine = KokoroEngine(Places(cache, cache), workers=3)
    ready = Barrier(3)

    def speak(text: str) -> int:
        ready.wait()
        return len(engine.synthesize(pronunciation(text), voice).samples)

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(speak, TEXTS[:3]))
    engine.close()
    assert made == [1]


def test_it_has_as_many_workers_as_processors_that_memory_allows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kokoro, "processors", lambda: 8)
    monkeypatch.setattr(kokoro, "memory", lambda: 16 << 30)
    assert KokoroEngine(Places(tmp_path, tmp_path)).workers == 8
    monkeypatch.setattr(kokoro, "memory", lambda: 2 << 30)
    assert KokoroEngine(Places(tmp_path, tmp_path)).workers == 3
    monkeypatch.setattr(kokoro, "memory", lambda: 1 << 28)
    assert KokoroEngine(Places(tmp_path, tmp_path)).workers == 1
