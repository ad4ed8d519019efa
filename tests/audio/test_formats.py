"""What every format has to keep: the words in their place, chapters to the millisecond, tags that players read."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
import mutagen.flac
import mutagen.mp4
import mutagen.oggopus
import numpy as np
import pytest
from sounds import Decode, MakeClip, babble, laid_out

from audiopress.audio.opus import clock
from audiopress.audio.programme import FORMATS, Tags, write_programme
from audiopress.audio.stitch import stream
from audiopress.errors import OutputError
from audiopress.model import Boundary, Chapter, Clip, Programme, SegmentKind, milliseconds

if TYPE_CHECKING:
    from audiopress.audio.stitch import Timeline

#: A PNG of one point: some readers open it.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
TAGS = Tags("عنوان خبر", "نام برنامه", "تسنیم", text="متن خبر\nبند دوم", cover=PNG)
HEADINGS = ["عنوان", "بخش = یک; #۲ \\ سه", "بلند " * 60]
CUT = ("بلند " * 60).encode()[:252].decode(errors="ignore").rstrip() + "…"  # what one byte can count


def timeline(make_clip: MakeClip, rate: int = 24000) -> Timeline:
    clips = [make_clip(babble(1 + 0.137 * n, rate, seed=n), rate, Boundary.PARAGRAPH) for n in range(6)]
    return laid_out([(SegmentKind.SECTION, heading, clips[2 * n : 2 * n + 2]) for n, heading in enumerate(HEADINGS)])


def chapters_of(path: Path) -> list[tuple[float, str]]:
    """What ffmpeg sees."""
    said = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)], capture_output=True, check=False)
    found = re.findall(
        r"Chapter #0:\d+: start (\d+\.\d+).*\n +Metadata:\n +title +: (.*)", said.stderr.decode(errors="replace")
    )
    return [(float(start), title) for start, title in found]


def expected(programme: Programme) -> list[float]:
    return [milliseconds(chapter.start, programme.sample_rate) / 1000 for chapter in programme.chapters]


@pytest.mark.parametrize("suffix", ["opus", "m4a"])
@pytest.mark.parametrize("rates", [(24000, 48000), (22050, 44100)])
def test_every_clip_is_heard_where_the_programme_says(
    make_clip: MakeClip, decode: Decode, tmp_path: Path, suffix: str, rates: tuple[int, int]
) -> None:
    rate, out = rates
    laid = timeline(make_clip, rate)
    programme = write_programme(laid, tmp_path / f"a.{suffix}", TAGS)
    assert (programme.sample_rate, programme.samples) == (out, laid.samples * 2)
    assert programme.loudness == pytest.approx(-19, abs=0.5)
    assert programme.true_peak <= -1.0
    heard, heard_rate = decode(programme.path)
    assert heard_rate == (48000 if suffix == "opus" else out)
    assert abs(len(heard) - programme.samples * heard_rate / out) <= 1024
    said = np.frombuffer(b"".join(stream(laid)), dtype="<i2").astype(np.float64)
    heard = np.pad(heard, 2048)
    for cue in programme.cues:
        piece = said[cue.start // 2 : cue.stop // 2]
        length = round(len(piece) * heard_rate / rate)
        fine = np.fft.irfft(np.fft.rfft(piece), length)
        start = round(cue.start * heard_rate / out)
        window = heard[start : start + length + 4096]
        size = 1 << (len(window) + length).bit_length()
        product = np.fft.rfft(window, size) * np.conj(np.fft.rfft(fine, size))
        lag = int(np.fft.irfft(product, size)[:4097].argmax()) - 2048
        assert abs(lag) <= 8, cue


def test_chapters_are_the_same_millisecond_in_every_format(make_clip: MakeClip, tmp_path: Path) -> None:
    laid = timeline(make_clip, 22050)
    made = {suffix: write_programme(laid, tmp_path / f"a{suffix}", TAGS) for suffix in FORMATS}
    assert len({programme.chapters for programme in made.values()}) == 1
    for programme in made.values():
        assert [start for start, _ in chapters_of(programme.path)] == expected(programme)


def test_opus_says_what_it_is(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = write_programme(timeline(make_clip), tmp_path / "a.opus", TAGS)
    file = mutagen.oggopus.OggOpus(programme.path)
    tags = {name: values for name, values in file.tags.as_dict().items() if not name.startswith("chapter")}
    picture = mutagen.flac.Picture(base64.b64decode(tags.pop("metadata_block_picture")[0]))
    assert (picture.type, picture.mime, picture.data) == (3, "image/png", PNG)
    assert tags == {
        "title": ["عنوان خبر"],
        "album": ["نام برنامه"],
        "artist": ["تسنیم"],
        "language": ["fas"],
        "lyrics": ["متن خبر\nبند دوم"],
    }
    times = [clock(milliseconds(chapter.start, 48000)) for chapter in programme.chapters]
    assert [file.tags[f"CHAPTER{n:03}"] for n in range(3)] == [[time] for time in times]
    assert times[0] == "00:00:00.000"
    assert [file.tags[f"CHAPTER{n:03}NAME"] for n in range(3)] == [[heading] for heading in HEADINGS]
    seen = [title for _, title in chapters_of(programme.path)]
    assert seen[:2] == HEADINGS[:2]
    assert seen[2][:50] == HEADINGS[2][:50]  # ffmpeg does not show all of it
    assert file.info.channels == 1
    assert file.info.length == pytest.approx(programme.seconds, abs=0.001)
    assert programme.path.stat().st_size * 8 / programme.seconds < 75000
    assert programme.path.read_bytes().startswith(b"OggS")


def test_a_clock_reads_hours_minutes_and_seconds() -> None:
    assert [clock(time) for time in (0, 59_999, 3_723_004, 360_000_000)] == [
        "00:00:00.000",
        "00:00:59.999",
        "01:02:03.004",
        "100:00:00.000",
    ]


def test_m4a_says_what_it_is(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = write_programme(timeline(make_clip), tmp_path / "a.m4a", TAGS)
    file = mutagen.mp4.MP4(programme.path)
    assert [file[name] for name in ("\xa9nam", "\xa9alb", "\xa9ART", "\xa9lyr")] == [
        ["عنوان خبر"],
        ["نام برنامه"],
        ["تسنیم"],
        ["متن خبر\nبند دوم"],
    ]
    assert [bytes(each) for each in file["covr"]] == [PNG]
    assert file["covr"][0].imageformat == mutagen.mp4.AtomDataType.PNG
    assert file["----:com.apple.iTunes:LANGUAGE"] == [b"fas"]
    assert file["pcst"] is True
    assert (file.info.codec, file.info.channels, file.info.sample_rate) == ("mp4a.40.2", 1, 48000)
    assert file.info.length == pytest.approx(programme.seconds, abs=0.03)
    data = programme.path.read_bytes()
    assert data[4:12] == b"ftypM4A "
    assert data.index(b"moov") < data.index(b"mdat")  # faststart
    language = sum((ord(letter) - 0x60) << shift for letter, shift in zip("fas", (10, 5, 0), strict=True))
    header = data.index(b"mdhd")
    assert int.from_bytes(data[header + 24 : header + 26]) == language


def test_m4a_has_chapters_for_apple_and_for_others(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = write_programme(timeline(make_clip), tmp_path / "a.m4a", TAGS)
    titles = [HEADINGS[0], HEADINGS[1], CUT]
    nero = mutagen.mp4.MP4(programme.path).chapters
    assert [(round(chapter.start, 4), chapter.title) for chapter in nero] == list(
        zip(expected(programme), titles, strict=True)
    )
    assert len(CUT.encode()) <= 255
    data = programme.path.read_bytes()
    assert data.count(b"chpl") == data.count(b"tref") == 1
    apple = tmp_path / "b.m4a"
    apple.write_bytes(data.replace(b"chpl", b"free"))  # only the text track is left
    assert chapters_of(apple) == list(zip(expected(programme), titles, strict=True))


@pytest.mark.parametrize("suffix", ["opus", "m4a"])
def test_the_same_programme_gives_the_same_bytes(make_clip: MakeClip, tmp_path: Path, suffix: str) -> None:
    laid = timeline(make_clip)
    one, two = (write_programme(laid, tmp_path / f"{name}.{suffix}", TAGS).path for name in "ab")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("suffix", ["opus", "m4a"])
def test_nothing_but_a_title_is_enough(make_clip: MakeClip, decode: Decode, tmp_path: Path, suffix: str) -> None:
    laid = laid_out([(SegmentKind.TITLE, "عنوان", [make_clip(babble(0.1, 24000))])])
    (tmp_path / f"a.{suffix}").write_bytes(b"old")
    programme = write_programme(laid, tmp_path / f"a.{suffix}", Tags("", "", ""))
    assert abs(len(decode(programme.path)[0]) - programme.samples) <= 1024
    assert programme.loudness == pytest.approx(-19, abs=0.5)
    assert chapters_of(programme.path) == [(0.0, "عنوان")]


def test_a_suffix_that_is_none_of_them_is_said(make_clip: MakeClip, tmp_path: Path) -> None:
    laid = laid_out([(SegmentKind.TITLE, "عنوان", [make_clip(babble(0.1, 24000))])])
    with pytest.raises(OutputError, match=r"a\.aac must end in \.mp3, \.opus, \.m4a; choose another name\.$"):
        write_programme(laid, tmp_path / "a.aac", TAGS)
    assert write_programme(laid, tmp_path / "A.MP3", TAGS).path.is_file()


#: Writes the clip named on its command line as a programme, in files no longer than said there.
SCRIPT = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from sounds import laid_out
from test_formats import TAGS
from audiopress.audio.programme import write_programme
from audiopress.model import Boundary, Clip, Pronunciation, Role, SegmentKind, Sentence, Utterance
said = Pronunciation(Utterance(Sentence("x", 1, Role.BODY, Boundary.SENTENCE), "x"), ())
laid = laid_out([(SegmentKind.TITLE, "x", [Clip(said, Path(sys.argv[2]), int(sys.argv[3]), 24000)])])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
write_programme(laid, Path(sys.argv[1]), TAGS)
"""


@pytest.mark.parametrize("suffix", ["opus", "m4a"])
def test_a_full_disk_leaves_nothing(make_clip: MakeClip, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    clip: Clip = make_clip(babble(8, 24000))
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", script, str(folder / f"a.{suffix}"), str(clip.path), str(clip.samples), "20000"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert said.strip().splitlines()[-1].startswith(f"audiopress.errors.OutputError: a.{suffix} cannot be written"), (
        said
    )
    assert list(folder.iterdir()) == []


def test_more_chapters_than_numbers_lose_only_their_names(tmp_path: Path, make_clip: MakeClip) -> None:
    laid = laid_out([(SegmentKind.TITLE, "عنوان", [make_clip(babble(0.5, 24000))])])
    programme = write_programme(laid, tmp_path / "a.opus", TAGS)
    many = Programme(
        programme.path, 1001, 48000, 0, 0, tuple(Chapter(n, n + 1, str(n)) for n in range(1001)), programme.cues
    )
    FORMATS[".opus"].tag(programme.path, TAGS, many)
    tags = mutagen.oggopus.OggOpus(programme.path).tags
    assert sum(name.lower().endswith("name") for name, _ in tags) == 1000
    assert "CHAPTER1000" not in tags
