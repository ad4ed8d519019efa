"""Parts of an MP3: where they begin and end, and what they say of themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import mutagen.id3
import numpy as np
import pytest
from sounds import Decode, MakeClip, babble, laid_out

from audiopress.audio.cut import cut_chapters
from audiopress.audio.programme import Tags, write_programme
from audiopress.errors import AudioError, OutputError
from audiopress.model import Programme, SegmentKind

if TYPE_CHECKING:
    from pathlib import Path

FRAME = 1152


def whole(make_clip: MakeClip, path: Path) -> Programme:
    clips = [make_clip(babble(2.5 + n, 24000, seed=n)) for n in range(4)]
    laid = laid_out([(SegmentKind.SECTION, f"بخش {n}", [clip]) for n, clip in enumerate(clips)])
    return write_programme(laid, path, Tags("عنوان", "نمایش", "تسنیم", text="متن", cover=b"\xff\xd8cover"))


def place(part: np.ndarray, heard: np.ndarray) -> int:
    """The sample at which a part lies in the whole, by what it sounds like after its first three frames."""
    looked = part[3 * FRAME : 3 * FRAME + 60000]
    size = 1 << (len(heard) + len(looked)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(looked, size))
    found = int(np.fft.irfft(product, size)[: len(heard) - len(looked) + 1].argmax())
    assert np.abs(heard[found : found + len(looked)] - looked).max() < 1e-4  # nothing was encoded again
    return found - 3 * FRAME


def test_parts_are_exact_to_a_frame_and_lose_nothing(make_clip: MakeClip, decode: Decode, tmp_path: Path) -> None:
    programme = whole(make_clip, tmp_path / "a.mp3")
    bounds = [(chapter.start / 48000, chapter.stop / 48000) for chapter in programme.chapters]
    folder = tmp_path / "parts"
    folder.mkdir()
    parts = cut_chapters(programme.path, bounds, folder)
    assert sorted(folder.iterdir()) == list(parts)
    assert [part.name for part in parts] == ["a-1.mp3", "a-2.mp3", "a-3.mp3", "a-4.mp3"]
    heard = decode(programme.path)[0]
    places = []
    for part, (start, stop) in zip(parts, bounds, strict=True):
        sound, rate = decode(part)
        assert rate == 48000
        begins = place(sound, heard)
        places.append((begins, begins + len(sound)))
        assert abs(begins - start * 48000) <= FRAME
        assert abs(begins + len(sound) - stop * 48000) <= FRAME
    assert all(one[1] >= two[0] for one, two in pairwise(places))


def test_a_part_says_what_it_is(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = whole(make_clip, tmp_path / "a.mp3")
    (first, second) = cut_chapters(programme.path, [(0, 5), (5, 9.5)], tmp_path)
    tags = mutagen.id3.ID3(second, translate=False)
    assert tags.version == (2, 3, 0)
    assert [str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TLAN", "TRCK")] == [
        "عنوان",
        "نمایش",
        "تسنیم",
        "fas",
        "2/2",
    ]
    assert tags.getall("APIC")[0].data == b"\xff\xd8cover"
    assert tags.getall("CHAP") == tags.getall("CTOC") == tags.getall("USLT") == []
    assert first.stat().st_size < programme.path.stat().st_size


@pytest.mark.parametrize("bounds", [[], [(3.0, 3.0)], [(5.0, 1.0)], [(0.0, 4.0), (3.0, 6.0)], [(-1.0, 2.0)]])
def test_stretches_that_make_no_sense_are_said(tmp_path: Path, bounds: list[tuple[float, float]]) -> None:
    with pytest.raises(AudioError, match=r"^a\.mp3 cannot be cut at .*; name stretches that follow each other\.$"):
        cut_chapters(tmp_path / "a.mp3", bounds, tmp_path)


def test_what_cannot_be_cut_or_written_is_said_and_leaves_nothing(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = whole(make_clip, tmp_path / "a.mp3")
    with pytest.raises(AudioError, match=r"^a\.mp3 ends after 18\.9 seconds; name stretches within it\.$"):
        cut_chapters(programme.path, [(0, 5), (900, 905)], tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        cut_chapters(programme.path, [(0, 5)], tmp_path / "none")
    (tmp_path / "b.mp3").write_text("متن")
    with pytest.raises(AudioError, match=r"b\.mp3 cannot be cut"):
        cut_chapters(tmp_path / "b.mp3", [(0, 5)], tmp_path)
    with pytest.raises(AudioError, match=r"c\.mp3 is not there"):
        cut_chapters(tmp_path / "c.mp3", [(0, 5)], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".wav") == ["a.mp3", "b.mp3"]
