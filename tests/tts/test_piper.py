"""The piper engine on the real piper-tts, with a tiny model that hums."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import piper_model
import pytest
from piper_model import ID_MAP, RATE, make_piper_voice, own_voice

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import Delivery
from audiopress.pronounce.phonemes import ALPHABET
from audiopress.tts import piper_files
from audiopress.tts.engine import Places
from audiopress.tts.piper import HEAD, TAIL, PiperEngine, _trimmed
from audiopress.tts.piper_phonemes import speller
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Pronunciation, Voice

    type Make = Callable[..., Pronunciation]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."
PERSIAN = ("amir", "ganji", "gyro", "mana", "reza-ibrahim")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[PiperEngine]:
    engine = PiperEngine(Places(tmp_path, tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    return make_piper_voice(tmp_path, "mana")


def spelled(phonemes: str) -> str:
    return "".join(map(chr, sum(speller(frozenset(ID_MAP))(phonemes), ())))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("ketˈɒb", "ketˈɑb"), ("mærdˈom", "mardˈom"), ("tʃˈub", "tʃˈuːb"), ("qæzˈɒ", "q1azˈɑ"), ("dʒˈɒn", "dʒˈɑn")],
)
def test_words_are_spelled_as_espeak_ng_spells_persian(ours: str, theirs: str) -> None:
    assert spelled(ours) == theirs


def test_every_phoneme_and_pause_is_known_to_persian_voices() -> None:
    for sound in [*sorted(ALPHABET), *",;:.?!"]:
        assert set(spelled(sound)) <= ID_MAP.keys()
        assert spelled(sound)
    assert len({spelled(sound) for sound in ALPHABET}) == len(ALPHABET)


def test_the_espeak_voice_of_piper_itself_says_the_same_for_plain_words() -> None:
    phonemize = pytest.importorskip("piper.phonemize_espeak").EspeakPhonemizer()
    for written, ours in (("بازار", "bɒzɒr"), ("دشت", "dæʃt"), ("قلب", "qælb"), ("دود", "dud"), ("ژاله", "ʒɒle")):
        heard = "".join(sound for sentence in phonemize.phonemize("fa", written) for sound in sentence)
        assert heard.replace("ˈ", "").removesuffix("ː") == spelled(ours)


def test_a_model_without_long_marks_gets_what_it_knows() -> None:
    known = frozenset(ID_MAP) - {"ː", "1", "ˈ", ";"}
    assert sum(speller(known)("qˈur"), ()) == tuple(map(ord, "qur"))
    assert speller(known)(";") == ((),)
    with pytest.raises(EngineError, match="'ʃ'"):
        speller(known - {"ʃ"})("ʃæb")


def test_an_utterance_is_spoken_with_its_words_marked(engine: PiperEngine, voice: Voice, pronunciation: Make) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), voice)
    assert audio.sample_rate == RATE == voice.sample_rate
    assert audio.samples.dtype == np.float32
    assert len(audio.marks) == 5
    assert all(a.stop <= b.start for a, b in pairwise(audio.marks))
    gaps = [b.start - a.stop for a, b in pairwise(audio.marks)]
    assert gaps.index(max(gaps)) == 1  # the comma's
    quiet = audio.samples[audio.marks[1].stop + 400 : audio.marks[2].start - 400]
    assert np.median(np.abs(quiet)) < 0.01 < np.abs(audio.samples[audio.marks[1].start : audio.marks[1].stop]).max()


def test_a_model_that_tells_no_durations_gives_no_marks(
    engine: PiperEngine, tmp_path: Path, pronunciation: Make
) -> None:
    audio = engine.synthesize(pronunciation(SENTENCE), make_piper_voice(tmp_path, "mana", tells=False))
    assert len(audio.samples) > RATE
    assert audio.marks == ()


def test_the_same_input_gives_the_same_samples_whoever_speaks_and_in_whatever_order(
    tmp_path: Path, voice: Voice, pronunciation: Make
) -> None:
    texts = [pronunciation(" ".join(["ketɒbe", "xubˈi"] * count)) for count in range(1, 9)]

    def spoken(texts: list[Pronunciation], workers: int) -> list[bytes]:
        engine = PiperEngine(Places(tmp_path, tmp_path))
        with ThreadPoolExecutor(workers) as pool:
            sounds = list(pool.map(lambda text: engine.synthesize(text, voice).samples.tobytes(), texts))
        engine.close()
        return sounds

    alone = spoken(texts, 1)
    assert spoken(texts, 4) == alone
    assert spoken(texts[::-1], 1)[::-1] == alone


def test_noise_is_heard_as_the_model_or_the_voice_file_says(
    engine: PiperEngine, tmp_path: Path, pronunciation: Make
) -> None:
    make_piper_voice(tmp_path, "hum")
    plain, still, loud = (
        engine.synthesize(pronunciation("mˈɒ, mˈɒ"), own_voice("hum", options=options)).samples
        for options in ((), (("noise_scale", 0), ("noise_w", 0)), (("noise_scale", 4.0), ("noise_w", 0)))
    )

    def hiss(samples: np.ndarray) -> float:
        frames = samples[: len(samples) // 256 * 256].reshape(-1, 256)
        return float(np.sqrt(np.mean(np.square(frames), axis=1)).min())

    assert hiss(still) == 0.0
    assert 0.0 < hiss(plain) < hiss(loud)


def test_speed_and_rate_go_through_the_length_scale(engine: PiperEngine, tmp_path: Path, pronunciation: Make) -> None:
    make_piper_voice(tmp_path, "hum", inference={"length_scale": 2, "noise_scale": 0.0, "noise_w": 0.0})
    text = pronunciation("ketɒbˈe mˈæn rˈuje mˈiz ˈæst")
    slow = engine.synthesize(text, own_voice("hum"))
    faster = engine.synthesize(text, own_voice("hum", options=(("speed", 2.0),)))
    again = engine.synthesize(text, own_voice("hum"), Delivery(rate=2.0))
    assert len(slow.samples) / len(faster.samples) == pytest.approx(2, rel=0.15)
    assert again.samples.tobytes() == faster.samples.tobytes()


def test_a_long_sentence_is_spoken_whole_in_phrases(engine: PiperEngine, voice: Voice, pronunciation: Make) -> None:
    words = 60 * ["ketɒbˈe", "bozorɡˈi", "ˈæst,"]
    short = engine.synthesize(pronunciation(" ".join(words[:18])), voice)
    long = engine.synthesize(pronunciation(" ".join(words)), voice)
    assert len(long.marks) == len(words)
    assert all(a.start < a.stop <= b.start for a, b in pairwise(long.marks))
    assert len(long.samples) / len(short.samples) == pytest.approx(10, rel=0.15)


def test_nothing_to_say_is_silence_and_empty_words_are_passed_over(
    engine: PiperEngine, voice: Voice, pronunciation: Make
) -> None:
    assert len(engine.synthesize(pronunciation(""), voice).samples) == 0
    audio = engine.synthesize(pronunciation("mˈæn , mˈiz"), voice)
    assert len(audio.marks) == 3
    assert audio.marks[1].start == audio.marks[1].stop == audio.marks[0].stop


def test_pitch_and_volume_are_shaped(engine: PiperEngine, voice: Voice, pronunciation: Make) -> None:
    plain, other = (
        engine.synthesize(pronunciation("mɒnɒ"), voice, delivery) for delivery in (Delivery(), Delivery(1, 3, -6))
    )
    assert len(plain.samples) == len(other.samples)
    assert np.abs(other.samples).max() < 0.75 * np.abs(plain.samples).max()


def test_a_speaker_is_chosen_by_name_or_number(engine: PiperEngine, tmp_path: Path, pronunciation: Make) -> None:
    make_piper_voice(tmp_path, "hum", num_speakers=2, speaker_id_map={"one": 0, "two": 1})
    for speaker in ("two", 1):
        assert len(engine.synthesize(pronunciation("mɒ"), own_voice("hum", options=(("speaker", speaker),))).samples)
    assert len(engine.synthesize(pronunciation("mɒ"), own_voice("hum")).samples)
    with pytest.raises(ConfigError, match="one, two"):
        engine.synthesize(pronunciation("mɒ"), own_voice("hum", options=(("speaker", "three"),)))


def test_hiss_around_the_speech_is_cut() -> None:
    generator = np.random.default_rng(1)
    hiss = generator.normal(0, 0.02, RATE).astype(np.float32)  # louder than what is cut by its loudness
    hum = np.sin(np.arange(RATE, dtype=np.float32) / 30) * np.float32(0.5)
    sound, spans = _trimmed(np.concatenate([hiss, hum, hiss]), [(RATE, 2 * RATE)], RATE)
    assert len(sound) == RATE + round(HEAD * RATE) + round(TAIL * RATE)
    assert spans == [(round(HEAD * RATE), round(HEAD * RATE) + RATE)]
    quiet, spans = _trimmed(np.concatenate([hiss / 200, hum, hiss / 200]), [], RATE)
    assert len(quiet) == pytest.approx(1.07 * RATE, rel=0.02)
    assert spans == []
    assert _trimmed(np.zeros(10, np.float32), [(0, 10)], RATE)[1] == [(0, 10)]


def test_as_many_may_speak_as_there_are_processors(engine: PiperEngine) -> None:
    assert engine.workers == len(os.sched_getaffinity(0))


def test_its_version_changes_with_its_files_and_loads_nothing(engine: PiperEngine, tmp_path: Path) -> None:
    voice = make_piper_voice(tmp_path, "mana")
    first = engine.version(voice)
    assert engine.version(voice) == first
    make_piper_voice(tmp_path, "mana", inference={"length_scale": 1.5})
    assert engine.version(voice) != first
    assert not engine._loaded


@pytest.mark.parametrize("name", PERSIAN)
def test_a_voice_that_is_not_installed_says_how_to(name: str, engine: PiperEngine, pronunciation: Make) -> None:
    voice = all_voices()[name]
    for ask in (lambda: engine.version(voice), lambda: engine.synthesize(pronunciation("mɒ"), voice)):
        with pytest.raises(EngineUnavailable, match=f"not installed; run: audiopress voices install {name}$"):
            ask()


@pytest.mark.parametrize("name", PERSIAN)
def test_the_persian_voices_say_whose_they_are(name: str) -> None:
    voice = all_voices()[name]
    assert voice.gender in {"male", "female"}
    assert "CC0" in voice.licence or "not stated" in voice.licence
    model, sidecar = voice.downloads
    assert sidecar.file == f"{model.file}.json"
    assert sidecar.url == f"{model.url}.json"
    assert model.url.startswith("https://huggingface.co/")
    assert "/main/" not in model.url  # a branch moves, a commit does not


def test_an_own_voice_is_put_by_hand(engine: PiperEngine, tmp_path: Path, pronunciation: Make) -> None:
    voice = own_voice("hum", options=(("model", str(tmp_path / "elsewhere" / "my.onnx")),))
    with pytest.raises(EngineUnavailable, match=r"put my.onnx and my.onnx.json into .*/elsewhere$"):
        engine.version(voice)
    made = make_piper_voice(tmp_path, "made")
    (tmp_path / "voices" / "made").rename(tmp_path / "elsewhere")
    for path in (tmp_path / "elsewhere").iterdir():
        path.rename(path.with_name(path.name.replace("made", "my")))
    assert len(engine.synthesize(pronunciation("mɒ"), voice).samples) > 0
    with pytest.raises(EngineUnavailable, match="not installed"):
        engine.version(made)


@pytest.mark.parametrize("eats", ["text", "pinyin", "graphemes"])
def test_a_voice_that_eats_letters_is_refused(eats: str, engine: PiperEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=f"trained on '{eats}'"):
        engine.version(make_piper_voice(tmp_path, "mana", phoneme_type=eats))


@pytest.mark.parametrize("sidecar", [b"", b"[]", b"{", b"<html>", b'{"audio": 1, "phoneme_id_map": {}}', b"\xff\xfe"])
def test_a_damaged_sidecar_is_told(sidecar: bytes, engine: PiperEngine, tmp_path: Path, voice: Voice) -> None:
    (tmp_path / "voices" / "mana" / "fa_IR-mana-medium.onnx.json").write_bytes(sidecar)
    with pytest.raises(EngineUnavailable, match="voices install mana"):
        engine.version(voice)


@pytest.mark.parametrize("kind", ["cut", "page", "empty", "other"])
def test_a_damaged_model_is_told(
    kind: str, engine: PiperEngine, tmp_path: Path, voice: Voice, pronunciation: Make
) -> None:
    path = tmp_path / "voices" / "mana" / "fa_IR-mana-medium.onnx"
    whole = path.read_bytes()
    other = piper_model.graph()
    other.graph.input[0].name = "letters"
    for node in other.graph.node:
        node.input[:] = ["letters" if name == "input" else name for name in node.input]
    path.write_bytes(
        {"cut": whole[: len(whole) // 2], "page": b"<html>", "empty": b"", "other": other.SerializeToString()}[kind]
    )
    with pytest.raises(EngineUnavailable, match="voices install mana") as raised:
        engine.synthesize(pronunciation("mɒ"), voice)
    assert "\n" not in str(raised.value)


def test_another_sample_rate_than_the_voice_file_says_is_told(
    engine: PiperEngine, tmp_path: Path, pronunciation: Make
) -> None:
    voice = make_piper_voice(tmp_path, "mana", audio={"sample_rate": 16000})
    with pytest.raises(EngineUnavailable, match="speaks at 16000"):
        engine.synthesize(pronunciation("mɒ"), voice)


def test_an_incomplete_sidecar_is_told(engine: PiperEngine, tmp_path: Path, voice: Voice, pronunciation: Make) -> None:
    path = tmp_path / "voices" / "mana" / "fa_IR-mana-medium.onnx.json"
    config = json.loads(path.read_bytes())
    del config["num_symbols"]
    path.write_text(json.dumps(config))
    with pytest.raises(EngineUnavailable, match="voices install mana"):
        engine.synthesize(pronunciation("mɒ"), voice)


def test_without_its_package_it_says_what_to_install(
    engine: PiperEngine, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(piper_files, "version", missing)
    with pytest.raises(EngineUnavailable, match=r"pip install 'audiopress\[piper\]'"):
        engine.version(voice)


def test_it_speaks_again_after_close(engine: PiperEngine, voice: Voice, pronunciation: Make) -> None:
    first = engine.synthesize(pronunciation("mɒ"), voice)
    engine.close()
    assert not engine._loaded
    assert engine.synthesize(pronunciation("mɒ"), voice).samples.tobytes() == first.samples.tobytes()
