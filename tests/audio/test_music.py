"""Any sound file becomes music, or a sentence that says why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sounds import MakeMusic, babble, quiet, tone

from audiopress.audio import ffmpeg, loudness
from audiopress.audio.music import NONE, open_music, pcm
from audiopress.errors import AudioError, OutputError
from audiopress.model import Music

if TYPE_CHECKING:
    from pathlib import Path


def test_no_music_is_none(tmp_path: Path) -> None:
    assert open_music(Music(), tmp_path / "cache") == NONE
    assert not (tmp_path / "cache").exists()
    assert NONE.identity == ()


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_one_or_two_channels(make_music: MakeMusic, tmp_path: Path, rate: int, channels: int) -> None:
    samples = np.repeat(tone(3, rate, 997)[:, None], channels, axis=1)
    sound = open_music(Music(intro=make_music("a.wav", samples, rate)), tmp_path / "cache").intro
    assert sound is not None
    assert sound.samples == pytest.approx(144000, abs=480)
    assert sound.loudness == pytest.approx(-23.0, abs=0.1)
    assert sound.loudest == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("suffix", ["flac", "mp3", "ogg", "opus", "m4a"])
def test_any_usual_format(make_music: MakeMusic, tmp_path: Path, suffix: str) -> None:
    sound = open_music(Music(bed=make_music(f"a.{suffix}", tone(2, 48000, 997), 48000)), tmp_path / "cache").bed
    assert sound is not None
    assert sound.samples == pytest.approx(96000, abs=4800)
    assert sound.loudness == pytest.approx(-23.0, abs=0.6)


def test_no_more_is_decoded_than_can_be_used(make_music: MakeMusic, tmp_path: Path) -> None:
    long = make_music("a.flac", babble(130, 8000), 8000)
    sounds = open_music(Music(long, long, long, long), tmp_path / "cache")
    assert [sound.cut for sound in (sounds.intro, sounds.outro, sounds.section, sounds.bed) if sound] == [True] * 4
    lengths = {path.stem: path.stat().st_size / 96000 for path in (tmp_path / "cache").iterdir()}
    names = dict(reversed(line.split()) for line in sounds.identity)
    assert {names[stem]: seconds for stem, seconds in lengths.items()} == {
        "intro": 12,
        "outro": 15,
        "section": 4,
        "bed": 120,
    }


def test_the_cache_is_used_and_a_new_file_of_the_same_name_is_noticed(
    make_music: MakeMusic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache"
    first = open_music(Music(intro=make_music("a.wav", tone(1, 44100))), folder)
    with monkeypatch.context() as patch:
        patch.setattr(ffmpeg, "feed", None)
        assert open_music(Music(intro=tmp_path / "a.wav"), folder).identity == first.identity
    second = open_music(Music(intro=make_music("a.wav", tone(2, 44100))), folder)
    assert second.identity != first.identity
    assert len(list(folder.iterdir())) == 2


def test_silence_around_the_sound_is_not_part_of_it(make_music: MakeMusic, tmp_path: Path) -> None:
    samples = np.concatenate([quiet(1, 48000), tone(1, 48000), quiet(2, 48000)])
    sound = open_music(Music(intro=make_music("a.wav", samples, 48000)), tmp_path / "cache").intro
    assert sound is not None
    assert (sound.first, sound.samples) == (48000, 48000)
    assert np.abs(pcm(sound, 0, 2000) - tone(1, 48000)[:2000]).max() < 2 / 32768
    assert len(pcm(sound, 47000, 99000)) == 1000


def test_it_is_measured_block_by_block_as_it_would_be_whole(make_music: MakeMusic, tmp_path: Path) -> None:
    samples = babble(25.37, 48000)
    sound = open_music(Music(bed=make_music("a.wav", samples, 48000)), tmp_path / "cache").bed
    assert sound is not None
    whole = loudness.powers(pcm(sound, 0, sound.samples), 48000)
    assert sound.powers == pytest.approx(whole, rel=1e-3, abs=1e-9)
    assert sound.loudest > sound.loudness


def flat(seconds: float) -> np.ndarray:
    return np.stack([tone(seconds, 44100), -tone(seconds, 44100)], axis=1)


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (quiet(2, 44100), r"^The intro music .*a\.wav is silent in its first 12 seconds"),
        (flat(2), r"^The intro music .*a\.wav is silent in its first 12 seconds, as one channel"),
        (tone(0.005, 44100, level=0.9), r"^The intro music .*a\.wav is shorter than a hundredth of a second"),
        (np.concatenate([quiet(13, 8000), tone(1, 8000)]), r"is silent in its first 12 seconds"),
        (quiet(0, 44100), r"(is silent|holds no sound)"),
    ],
    ids=["silence", "two sides that cancel", "a click", "too late", "nothing"],
)
def test_what_cannot_be_heard_is_said(make_music: MakeMusic, tmp_path: Path, samples: np.ndarray, said: str) -> None:
    rate = 8000 if len(samples) == 14 * 8000 else 44100
    with pytest.raises(AudioError, match=said):
        open_music(Music(intro=make_music("a.wav", samples, rate)), tmp_path / "cache")


def test_what_is_no_sound_file_is_said(make_music: MakeMusic, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with pytest.raises(AudioError, match=r"^The outro music .*none\.wav is not there; correct its path"):
        open_music(Music(outro=tmp_path / "none.wav"), folder)
    with pytest.raises(AudioError, match=r"^The section sound .* is a folder; name a sound file in it\.$"):
        open_music(Music(section=tmp_path), folder)
    (tmp_path / "a.mp3").write_text("این یک متن است")
    with pytest.raises(AudioError, match=r"^The music bed .*a\.mp3 holds no sound that can be read"):
        open_music(Music(bed=tmp_path / "a.mp3"), folder)
    make_music("b.wav", tone(1, 44100))
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/b.wav\n#EXT-X-ENDLIST\n")
    with pytest.raises(AudioError, match="holds no sound that can be read"):  # nothing is fetched
        open_music(Music(bed=tmp_path / "list.m3u8"), folder)
    assert list(folder.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(make_music: MakeMusic, tmp_path: Path) -> None:
    path = make_music("a.wav", tone(1, 44100))
    (tmp_path / "cache").write_text("")
    with pytest.raises(OutputError, match="AUDIOPRESS_CACHE"):
        open_music(Music(intro=path), tmp_path / "cache")


def test_music_that_goes_from_the_cache_is_said(make_music: MakeMusic, tmp_path: Path) -> None:
    sound = open_music(Music(intro=make_music("a b:c.wav", tone(1, 44100))), tmp_path / "cache").intro
    assert sound is not None
    sound.path.unlink()
    with pytest.raises(AudioError, match="has gone from the cache; run the command again"):
        pcm(sound, 0, 10)
