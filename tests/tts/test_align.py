"""Words found in the sound, beside the places that the engines which made the sound tell."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiopress.ffmpeg import binary
from audiopress.model import Audio, Boundary, Delivery, Mark, Pronunciation, Role, Sentence, Utterance, Word
from audiopress.tts.align import align
from audiopress.tts.engine import Places
from audiopress.tts.espeak import EspeakEngine
from audiopress.tts.kokoro import KokoroEngine
from audiopress.tts.voices import find_voice

NEAR = 0.12  # seconds
TEXT = "donjˈɒ be æxbˈɒre xˈub, hæmˈiʃe niˈɒz dɒrˈæd."
OTHER = "ketɒbxɒnˈe ʃˈæb dær sokˈut forˈu ræft."


def said(phonemes: str) -> Pronunciation:
    chunks = [(chunk, chunk.rstrip(",;:.?!")) for chunk in phonemes.split()]
    words = tuple(Word(word, word.strip("-"), chunk[len(word) :]) for chunk, word in chunks)
    return Pronunciation(Utterance(Sentence(phonemes, 1, Role.BODY, Boundary.SENTENCE), phonemes), words)


@pytest.fixture(scope="module")
def robot() -> Audio:
    engine = EspeakEngine(Places(Path(), Path()))
    made = engine.synthesize(said(TEXT), find_voice("espeak"))
    engine.close()
    return made


@pytest.fixture(scope="module", params=["nasim", "arash"])
def neural(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Audio:
    folder = tmp_path_factory.getbasetemp().parent / "audiopress-cache"  # as in conftest: converted once
    engine = KokoroEngine(Places(folder, folder))
    made = engine.synthesize(said(TEXT), find_voice(request.param), Delivery(1.1))
    engine.close()
    return made


def assert_near(found: tuple[Mark, ...], audio: Audio, *, stops: bool = False) -> None:
    assert len(found) == len(audio.marks)
    for mark, exact in zip(found, audio.marks, strict=True):
        assert abs(mark.start - exact.start) < NEAR * audio.sample_rate
        assert not stops or abs(mark.stop - exact.stop) < NEAR * audio.sample_rate


def assert_ordered(found: tuple[Mark, ...], audio: Audio) -> None:
    end = 0
    for mark in found:
        assert end <= mark.start <= mark.stop <= len(audio.samples)
        end = mark.stop


def moved(audio: Audio, before: float, after: float) -> Audio:
    """With seconds of silence around it."""
    lead, end = (round(seconds * audio.sample_rate) for seconds in (before, after))
    marks = tuple(Mark(mark.start + lead, mark.stop + lead) for mark in audio.marks)
    return Audio(np.pad(audio.samples, (lead, end)), audio.sample_rate, marks)


def coded(audio: Audio, rate: int, path: Path) -> Audio:
    """As a service sends it: MP3 at 24 kbit/s and another sample rate."""
    form = ["-f", "f32le", "-ac", "1"]
    head = [binary(), "-v", "error"]
    command = [*head, *form, "-ar", str(audio.sample_rate), "-i", "-", "-ar", str(rate), "-b:a", "24k", str(path)]
    subprocess.run(command, input=audio.samples.tobytes(), check=True)
    back = subprocess.run([*head, "-i", str(path), *form, "-"], capture_output=True, check=True)
    samples = np.frombuffer(back.stdout, "<f4")
    marks = tuple(Mark(m.start * rate // audio.sample_rate, m.stop * rate // audio.sample_rate) for m in audio.marks)
    return Audio(samples, rate, marks)


def test_words_of_the_neural_voices_are_found(neural: Audio) -> None:
    found = align(neural, said(TEXT))
    assert_near(found, neural, stops=True)
    assert_ordered(found, neural)


def test_words_of_another_kind_of_voice_are_found(robot: Audio) -> None:
    found = align(robot, said(TEXT))
    assert_near(found, robot)
    assert_ordered(found, robot)


@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_a_lossy_coding_and_another_sample_rate_do_no_harm(neural: Audio, rate: int, tmp_path: Path) -> None:
    clip = coded(neural, rate, tmp_path / "clip.mp3")
    assert_near(align(clip, said(TEXT)), clip)


def test_silence_around_the_words_belongs_to_none(neural: Audio) -> None:
    clip = moved(neural, 1.0, 0.8)
    assert_near(align(clip, said(TEXT)), clip, stops=True)


def test_noise_behind_the_voice_does_no_harm(neural: Audio) -> None:
    noise = np.random.default_rng(1).standard_normal(len(neural.samples)).astype(np.float32)
    assert_near(align(replace(neural, samples=neural.samples + 0.003 * noise), said(TEXT)), neural)


def test_how_loud_it_is_does_not_matter(robot: Audio) -> None:
    quiet = replace(robot, samples=robot.samples * np.float32(0.02))
    assert align(quiet, said(TEXT)) == align(robot, said(TEXT))


def test_a_pause_between_words_is_in_neither(robot: Audio) -> None:
    cut, gap = robot.marks[4].start, robot.sample_rate // 2
    samples = np.concatenate([robot.samples[:cut], np.zeros(gap, np.float32), robot.samples[cut:]])
    found = align(replace(robot, samples=samples), said(TEXT))
    assert found[3].stop < cut + NEAR * robot.sample_rate
    assert abs(found[4].start - cut - gap) < NEAR * robot.sample_rate


def test_a_word_without_phonemes_gets_an_empty_mark(robot: Audio) -> None:
    text = said(TEXT.replace("be", "be -", 1))
    assert text.words[2].phonemes == ""
    found = align(robot, text)
    assert found[2] == Mark(found[1].stop, found[1].stop)
    assert_ordered(found, robot)


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.3])
def test_a_clip_too_short_for_its_words_gets_no_marks(robot: Audio, seconds: float) -> None:
    clip = replace(robot, samples=robot.samples[: round(seconds * robot.sample_rate)])
    assert align(clip, said(TEXT)) == ()


def test_silence_gets_no_marks() -> None:
    assert align(Audio(np.zeros(48_000, np.float32), 24_000), said(TEXT)) == ()


def test_no_words_get_no_marks(robot: Audio) -> None:
    assert align(robot, said("")) == ()
    assert align(robot, said("- -")) == ()


def test_noise_alone_gets_no_marks() -> None:
    noise = np.random.default_rng(2).standard_normal(96_000).astype(np.float32)
    assert align(Audio(noise * np.float32(0.1), 24_000), said(TEXT)) == ()


def test_other_words_get_no_marks(neural: Audio) -> None:
    assert align(neural, said(OTHER)) == ()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1 << 20),
    milliseconds=st.integers(0, 3000),
    rate=st.sampled_from([8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000]),
    chunks=st.lists(st.text("bdkæeɒiutʃˈ-", min_size=1, max_size=8), max_size=6),
)
def test_whatever_comes_marks_are_in_order_or_none(seed: int, milliseconds: int, rate: int, chunks: list[str]) -> None:
    samples = np.random.default_rng(seed).standard_normal(milliseconds * rate // 1000).astype(np.float32) * np.float32(
        0.1
    )
    audio = Audio(samples, rate)
    found = align(audio, said(" ".join(chunks)))
    assert len(found) in {0, len(chunks)}
    assert_ordered(found, audio)
