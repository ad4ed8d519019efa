from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
from service import FORMS, RATE, encoded, speech, spoken

from audiopress.errors import EngineError
from audiopress.model import Audio, Mark
from audiopress.tts.decode import checked, decoded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Pronunciation

TEXT = "ketɒbe mæn, ruje miz æst."


def noise(seconds: float) -> Audio:
    return Audio(np.random.default_rng(1).normal(0, 0.1, round(seconds * RATE)).astype(np.float32), RATE)


@pytest.mark.parametrize("form", [*FORMS, "riff"])
def test_each_kind_of_file_is_decoded(form: str) -> None:
    audio = decoded(speech(TEXT, form), RATE)
    assert audio.sample_rate == RATE
    assert audio.samples.dtype == np.float32
    assert len(audio.samples) == pytest.approx(len(spoken(TEXT).samples), abs=0.1 * RATE)


def test_another_sample_rate_is_made() -> None:
    audio = decoded(speech(TEXT), 16_000)
    assert len(audio.samples) == pytest.approx(len(spoken(TEXT).samples) * 16 / 24, rel=0.01)


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_wav_that_does_not_know_its_length_is_decoded(length: int) -> None:
    data = bytearray(speech(TEXT, "riff"))
    data[4:8] = data[40:44] = struct.pack("<I", length)
    assert len(decoded(bytes(data), RATE).samples) == len(spoken(TEXT).samples)


@pytest.mark.parametrize("form", [*FORMS, "riff"])
def test_half_of_a_file_is_no_more_than_half_of_the_speech(
    form: str, pronunciation: Callable[..., Pronunciation]
) -> None:
    said = pronunciation("nemɒ " * 12)
    data = speech(said.utterance.spoken, form)
    with pytest.raises(EngineError, match=r"damaged audio|cut off"):
        checked(decoded(data[: len(data) // 2], RATE), said)


def test_samples_stay_inside_full_scale() -> None:
    loud = Audio(np.sign(noise(1).samples), RATE)
    assert np.abs(decoded(encoded(loud, "mp3"), RATE).samples).max() <= 1.0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "sent no audio"),
        (b"<!doctype html><p>Sign in</p>", "a page or a message"),
        (b'  {"error": "busy"}', "a page or a message"),
        (b"service unavailable, come again", "no audio"),
        (bytes(range(256)) * 8, "no audio"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no audio"),
    ],
)
def test_what_is_no_audio_is_told(data: bytes, why: str) -> None:
    with pytest.raises(EngineError, match=why):
        decoded(data, RATE)


def test_a_playlist_opens_no_files(tmp_path: Path) -> None:
    path = tmp_path / "secret.wav"
    path.write_bytes(speech(TEXT))
    playlists = [f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{path}\n", f"ffconcat version 1.0\nfile {path}"]
    for playlist in playlists:
        with pytest.raises(EngineError, match="no audio"):
            decoded(playlist.encode(), RATE)


def test_silence_around_the_speech_is_taken_away(pronunciation: Callable[..., Pronunciation]) -> None:
    audio = checked(decoded(speech(TEXT), RATE), pronunciation(TEXT))
    loud = np.flatnonzero(np.abs(audio.samples) > 0.01)
    assert 0 < loud[0] < 0.05 * RATE
    assert 0 < len(audio.samples) - loud[-1] < 0.1 * RATE


def test_marks_move_along_and_stay_inside(pronunciation: Callable[..., Pronunciation]) -> None:
    said = pronunciation("sælɒm xubi")
    samples = np.pad(noise(1.0).samples, (RATE, RATE))
    fade = np.linspace(1, 0, 2400, dtype=np.float32)
    samples[2 * RATE - 2400 : 2 * RATE] *= fade
    marks = (Mark(RATE, round(1.4 * RATE)), Mark(round(1.5 * RATE), 3 * RATE))
    audio = checked(Audio(samples, RATE, marks), said)
    start = round(0.02 * RATE)
    assert audio.marks[0].start == pytest.approx(start, abs=30)
    assert audio.marks[1].start - audio.marks[0].start == round(1.5 * RATE) - RATE
    assert audio.marks[1].stop == len(audio.samples)


@pytest.mark.parametrize(
    ("audio", "why"),
    [
        (Audio(np.zeros(2 * RATE, np.float32), RATE), "silence"),
        (Audio(np.full(2 * RATE, 0.001, np.float32), RATE), "silence"),
        (noise(0.3), "too short"),
        (noise(60), "too long"),
        (noise(1.6), "stops in the middle of a sound"),
    ],
)
def test_what_cannot_be_the_utterance_is_told(
    audio: Audio, why: str, pronunciation: Callable[..., Pronunciation]
) -> None:
    with pytest.raises(EngineError, match=why):
        checked(audio, pronunciation(TEXT))


def test_half_of_a_sentence_is_too_short(pronunciation: Callable[..., Pronunciation]) -> None:
    with pytest.raises(EngineError, match="too short"):
        checked(spoken("nemɒ " * 6), pronunciation("nemɒ " * 12))


def test_the_rate_is_allowed_for(pronunciation: Callable[..., Pronunciation]) -> None:
    said = pronunciation(TEXT)
    quick = Audio(spoken(TEXT).samples[::3].copy(), RATE)
    assert len(checked(quick, said, 3.0).samples)
    with pytest.raises(EngineError, match="too short"):
        checked(quick, said)


def test_an_utterance_without_words_is_nothing(pronunciation: Callable[..., Pronunciation]) -> None:
    assert len(checked(noise(1), pronunciation("")).samples) == 0
