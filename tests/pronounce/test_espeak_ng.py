from __future__ import annotations

import numpy as np
import pytest

from audiopress import espeak_ng


def test_text_becomes_parted_phonemes_with_stress() -> None:
    assert espeak_ng.text_to_phonemes("سلام").replace("ˈ", "") == "s_a_l_ɑ_m"


def test_a_kasre_is_read() -> None:
    assert espeak_ng.text_to_phonemes("کتابِ").endswith("_e")


@pytest.mark.parametrize("text", ["", "…", "\0", "\ud800"])
def test_text_without_a_sound_gives_nothing(text: str) -> None:
    assert espeak_ng.text_to_phonemes(text) == ""


def test_clauses_are_joined() -> None:
    assert len(espeak_ng.text_to_phonemes("آب. نان.").split()) == 2


def test_speech_has_samples_and_word_events() -> None:
    pcm, rate, words = espeak_ng.synthesize("سلام دنیا")
    samples = np.frombuffer(pcm, "<i2").astype(int)
    assert rate == 22050
    assert abs(samples).max() > 1000
    assert [(word.position, word.length) for word in words] == [(0, 4), (5, 4)]
    assert 0 <= words[0].sample < words[1].sample < len(samples)


def test_mnemonics_are_spoken_and_rate_matters() -> None:
    slow, *_ = espeak_ng.synthesize("[[ket'Abe x'ub]]", rate=100)
    fast, *_ = espeak_ng.synthesize("[[ket'Abe x'ub]]", rate=250)
    assert len(slow) > len(fast) > 0
