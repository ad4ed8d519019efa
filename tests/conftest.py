"""What all tests share: a clean environment and small makers of the line's values."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from audiopress.model import Boundary, Pronunciation, Role, Sentence, Utterance, Word

# A shell that runs the tests in the background starts them deaf to Ctrl-C, and what they start inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the developer's own reaches a test, and no test writes into the developer's cache of clips."""
    own = ("VOICE", "SHOW", "BASE_URL", "BIDI", "CACHE_SIZE")
    services = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_SPEECH_KEY", "AZURE_SPEECH_REGION", "AZURE_SPEECH_ENDPOINT")
    more = ("ELEVENLABS_API_KEY", "ELEVENLABS_BASE_URL")
    for name in (*(f"AUDIOPRESS_{each}" for each in own), *services, *more):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AUDIOPRESS_CACHE", str(shared_cache(tmp_path_factory)))
    monkeypatch.setenv("AUDIOPRESS_DATA", str(shared_cache(tmp_path_factory) / "data"))


def shared_cache(factory: pytest.TempPathFactory) -> Path:
    """One cache for a whole run of the tests, so that the neural model is converted once."""
    folder = factory.getbasetemp().parent / "audiopress-cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder of this run of the tests."""
    return shared_cache(tmp_path_factory)


@pytest.fixture
def pronunciation() -> Callable[..., Pronunciation]:
    """Makes a pronunciation from phonemes: ``pronunciation("ketˈɒbe mˈæn.")``."""

    def make(phonemes: str, role: Role = Role.BODY, boundary: Boundary = Boundary.SENTENCE) -> Pronunciation:
        words = []
        for chunk in phonemes.split():
            word = chunk.rstrip(",;:.?!")
            words.append(Word(word, word, chunk[len(word) :][:1]))
        sentence = Sentence(phonemes, 1, role, boundary)
        return Pronunciation(Utterance(sentence, phonemes), tuple(words))

    return make
