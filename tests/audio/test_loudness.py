"""Our meter agrees with the standard's own examples and with ffmpeg's; the limiter keeps what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import MakeClip, babble, quiet, tone

from audiopress.audio import ffmpeg, loudness
from audiopress.audio.limiter import limit


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 48000])
def test_a_sine_at_full_scale_reads_minus_three(rate: int) -> None:
    assert loudness.integrated(loudness.powers(tone(10, rate, 997, 1.0), rate)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("rate", [44100, 48000])  # at lower rates ffmpeg's own filter is up to 0.1 LU off
def test_it_agrees_with_ffmpeg(make_clip: MakeClip, rate: int) -> None:
    parts = [part for seed in range(5) for part in (babble(3, rate, 0.05 + 0.02 * seed, seed), quiet(0.7, rate))]
    speech = np.concatenate(parts)
    heard = ffmpeg.measure(make_clip(speech, rate).path)
    assert loudness.integrated(loudness.powers(speech, rate)) == pytest.approx(heard.integrated, abs=0.1)


def test_one_word_has_a_loudness_and_silence_has_none() -> None:
    assert loudness.integrated(loudness.powers(tone(0.1, 24000), 24000)) > -40
    assert loudness.integrated(loudness.powers(quiet(2, 24000), 24000)) == loudness.SILENT
    assert loudness.integrated(loudness.powers(quiet(0, 24000), 24000)) == loudness.SILENT


def true_peak(samples: np.ndarray) -> float:
    """The highest point of the band-limited signal, from its whole spectrum: not how the limiter finds it."""
    size = len(samples) + 64
    return float(np.abs(np.fft.irfft(np.fft.rfft(samples, size), 8 * size)).max() * 8)


def test_peaks_between_samples_are_seen() -> None:
    rate = 24000
    samples = np.sin(2 * np.pi * rate / 4 * np.arange(rate) / rate + np.pi / 4).astype(np.float32)  # never at its top
    assert np.abs(samples).max() == pytest.approx(0.707, abs=0.001)
    samples *= np.hanning(rate).astype(np.float32)  # an edge would ring
    limited = limit(samples, rate, -3.0)
    assert true_peak(limited) == pytest.approx(10 ** (-3 / 20), rel=0.01)


def test_what_is_low_enough_is_left_alone() -> None:
    samples = tone(1, 24000, level=0.3)
    assert limit(samples, 24000, -1.0) is samples
    assert len(limit(quiet(0, 24000), 24000, -1.0)) == 0


def test_away_from_a_peak_nothing_changes() -> None:
    samples = tone(1, 24000, level=0.3)
    samples[12000:12024] *= 4
    limited = limit(samples, 24000, -3.0)
    far = np.abs(np.arange(24000) - 12012) > 400
    assert np.abs(limited - samples)[far].max() < 1e-6


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 9000), st.integers(0, 2**32 - 1), st.floats(0.05, 20), st.sampled_from([22050, 24000]))
def test_no_sound_passes_the_ceiling(length: int, seed: int, level: float, rate: int) -> None:
    noise = np.random.default_rng(seed).standard_normal(length + 4)
    samples = (level * np.convolve(noise, np.hanning(7)[1:-1], "valid")).astype(np.float32)  # weak at the band's end
    limited = limit(samples, rate, -1.8)
    assert limited.shape == samples.shape
    assert np.abs(limited).max() <= 10 ** (-1.8 / 20) + 1e-6
    assert true_peak(limited) <= 10 ** (-1.5 / 20)
