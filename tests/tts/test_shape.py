"""Speech stretched for real, by both ways that ffmpeg has: a made-up vowel with known pitch and formants."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress.errors import EngineError
from audiopress.model import PLAIN, Audio, Delivery, Mark
from audiopress.tts import shape
from audiopress.tts.shape import PEAK, resampled, shaped

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 24_000
FORMANTS = (700.0, 1200.0, 2600.0)  # Hz, those of ɒ


def vowel(seconds: float, pitch: float = 120.0) -> NDArray[np.float32]:
    """Pulses at ``pitch`` Hz through a resonance of 80 Hz at each formant."""
    pulses = np.zeros(round(seconds * RATE))
    pulses[np.arange(0, seconds * pitch).astype(int) * RATE // round(pitch)] = 1.0
    return through_formants(pulses)


def through_formants(pulses: NDArray[np.float64]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(pulses, 2 * len(pulses))
    at = np.fft.rfftfreq(2 * len(pulses), 1 / RATE)
    gain = sum(1 / (1 + ((at - formant) / 80) ** 2) for formant in FORMANTS) + 0.003
    samples = np.fft.irfft(spectrum * gain)[: len(pulses)]
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32)


def measured_pitch(samples: NDArray[np.float32]) -> float:
    """The lag of the first great peak of the autocorrelation, in Hz, of the middle of the samples."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4].astype(np.float64)
    similar = np.fft.irfft(np.abs(np.fft.rfft(middle, 2 * len(middle))) ** 2)[: len(middle)]
    similar /= len(middle) - np.arange(len(middle))
    lags = np.arange(RATE // 400, RATE // 50)
    first = next(lag for lag in lags if similar[lag] > 0.8 * similar[lags].max())
    return RATE / (first + int(np.argmax(similar[first : first + 40])))


def gliding(seconds: float, pitch: float) -> NDArray[np.float32]:
    """The vowel with a pitch that moves by a fifth up and down, so that its harmonics show the whole envelope."""
    time = np.arange(round(seconds * RATE)) / RATE
    turns = np.cumsum(pitch * (1 + 0.2 * np.sin(4 * np.pi * time))) / RATE
    pulses = np.zeros(len(time))
    pulses[np.flatnonzero(np.diff(np.floor(turns)))] = 1.0
    return through_formants(pulses)


def envelope(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """The logarithm of the mean spectrum from 350 to 5000 Hz, in steps of a quarter of a semitone."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), 1024)[::256] * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=0)
    at = 2 ** np.arange(np.log2(350), np.log2(5000), 1 / 48)
    curve = np.interp(at, np.fft.rfftfreq(1024, 1 / RATE), np.log(power + 1e-9))
    return np.convolve(curve, np.hanning(13) / 6, "same")


def moved(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """By how many semitones one envelope must be moved to be most like the other."""
    middle = before[28:-28]
    likeness = [np.corrcoef(middle, after[28 + by : len(after) - 28 + by])[0, 1] for by in range(-28, 28)]
    return (int(np.argmax(likeness)) - 28) / 4


@pytest.fixture(params=["rubberband", "resampled"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = str(request.param)
    if name == "resampled":
        monkeypatch.setattr(shape, "has_rubberband", lambda: False)  # as in a build of ffmpeg without it
    elif not shape.has_rubberband():
        pytest.skip("this ffmpeg was built without rubberband")
    return name


def test_a_plain_delivery_gives_the_speech_back() -> None:
    audio = Audio(vowel(0.3), RATE, (Mark(0, 100),))
    assert shaped(audio, PLAIN) is audio


@pytest.mark.parametrize("rate", [0.5, 0.7, 0.94, 1.0, 1.25, 1.6, 2.0])
@pytest.mark.parametrize("pitch", [0.0, 3.0, -3.0])
def test_the_length_is_exact_and_the_pitch_as_asked(way: str, rate: float, pitch: float) -> None:
    samples = vowel(1.2)
    out = shaped(Audio(samples, RATE), Delivery(rate, pitch)).samples
    assert len(out) == round(len(samples) / rate)
    assert measured_pitch(out) == pytest.approx(120 * 2 ** (pitch / 12), rel=0.03)
    assert np.sqrt(np.mean(out**2)) == pytest.approx(np.sqrt(np.mean(samples**2)), rel=0.1)
    assert out.dtype == np.float32


@pytest.mark.parametrize(("rate", "pitch"), [(0.5, 12.0), (2.0, -12.0), (0.5, -12.0)])
def test_what_users_may_ask_for_at_most_is_done(way: str, rate: float, pitch: float) -> None:
    out = shaped(Audio(vowel(0.8), RATE), Delivery(rate, pitch)).samples
    assert len(out) == round(0.8 * RATE / rate)
    assert measured_pitch(out) == pytest.approx(120 * 2 ** (pitch / 12), rel=0.05)


@pytest.mark.parametrize("pitch", [4.0, 3.0, -3.0, -4.0])
@pytest.mark.parametrize("rate", [1.0, 1.25])
@pytest.mark.parametrize("voice", [120.0, 200.0])
def test_the_formants_stay_where_they_are(way: str, pitch: float, rate: float, voice: float) -> None:
    samples = gliding(1.0, voice)
    before, after = (envelope(each) for each in (samples, shaped(Audio(samples, RATE), Delivery(rate, pitch)).samples))
    assert abs(moved(before, after)) <= 0.5
    assert np.corrcoef(before, after)[0, 1] > 0.85


def test_marks_move_along_and_stay_inside_and_in_order(way: str) -> None:
    sounds = [vowel(0.3, 110), np.zeros(RATE // 5, np.float32), vowel(0.4, 130)]
    marks = (Mark(0, 7200), Mark(12_000, 21_600), Mark(21_600, 21_600))
    audio = Audio(np.concatenate(sounds), RATE, marks)
    for rate in (0.5, 0.85, 1.3, 2.0):
        out = shaped(audio, Delivery(rate, 2.0))
        assert [mark.start for mark in out.marks] == [round(mark.start / rate) for mark in marks]
        assert all(a.stop <= b.start for a, b in pairwise(out.marks))
        assert out.marks[-1].stop <= len(out.samples)
        gap = out.samples[round(8800 / rate) : round(10_400 / rate)]
        inside = out.samples[out.marks[1].start : out.marks[1].stop]
        assert np.abs(gap).max() < 0.1 * np.abs(inside).max(), "the pause is not where the marks say"


@pytest.mark.parametrize("count", [1, 10, 100, 700])
@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_tiny_clips_have_the_right_length(way: str, count: int, rate: float) -> None:
    audio = Audio(np.full(count, 0.25, np.float32), RATE, (Mark(0, count),))
    out = shaped(audio, Delivery(rate, 1.0))
    assert len(out.samples) == round(count / rate)
    assert np.isfinite(out.samples).all()
    assert out.marks[0].stop == len(out.samples)


def test_a_clip_of_30_ms_is_not_lost(way: str) -> None:
    out = shaped(Audio(vowel(0.03), RATE), Delivery(0.8)).samples
    assert np.abs(out).max() > 0.1


def test_nothing_stays_nothing() -> None:
    assert len(shaped(Audio(np.zeros(0, np.float32), RATE), Delivery(0.5, 3, 6)).samples) == 0


def test_silence_stays_silent(way: str) -> None:
    out = shaped(Audio(np.zeros(5000, np.float32), RATE), Delivery(0.8, 2, 20)).samples
    assert len(out) == 6250
    assert not out.any()


def test_the_ends_do_not_click_and_are_not_cut_off(way: str) -> None:
    samples = vowel(0.5)
    ramp = np.linspace(0, 1, 120, dtype=np.float32)
    samples[:120] *= ramp
    samples[-120:] *= ramp[::-1]
    out = shaped(Audio(samples, RATE), Delivery(1.25)).samples
    assert max(abs(out[0]), abs(out[-1])) < 0.1
    for end in (out[: RATE // 25], out[-RATE // 25 :]):
        assert np.sqrt(np.mean(end**2)) > 0.4 * np.sqrt(np.mean(out**2))


@pytest.mark.parametrize("volume", [-6.0, 3.0])
def test_volume_is_a_gain(volume: float) -> None:
    samples = vowel(0.2)
    out = shaped(Audio(samples, RATE), Delivery(volume=volume)).samples
    assert out == pytest.approx(samples * 10 ** (volume / 20), abs=1e-6)


def test_what_would_clip_is_scaled_down(way: str) -> None:
    loud = np.sign(vowel(0.5)) * np.float32(0.98)
    for delivery in (Delivery(volume=20), Delivery(rate=0.8), Delivery(pitch=3)):
        assert np.abs(shaped(Audio(loud, RATE), delivery).samples).max() <= PEAK + 1e-6


def test_the_same_speech_gives_the_same_samples(way: str) -> None:
    audio = Audio(vowel(0.4), RATE)
    first, second = (shaped(audio, Delivery(1.1, -2)).samples for _ in range(2))
    assert np.array_equal(first, second)


def test_a_tempo_below_a_half_takes_two_steps() -> None:
    assert resampled(RATE, 0.5, 2.0) == "asetrate=48000,aresample=24000,atempo=0.5,atempo=0.5"
    assert resampled(RATE, 1.5, 1.0).count("atempo") == 1


def test_a_failing_ffmpeg_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "rubberband", lambda *_: "nosuchfilter")
    monkeypatch.setattr(shape, "has_rubberband", lambda: True)
    with pytest.raises(EngineError, match="leave them at 1 and 0"):
        shaped(Audio(vowel(0.1), RATE), Delivery(1.5))
