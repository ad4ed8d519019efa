"""Whole programmes, decoded and measured by a reader that is not ours."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
import mutagen.id3
import mutagen.mp3
import numpy as np
import pytest
from sounds import Decode, MakeClip, babble, quiet, tone

from audiopress.audio import ffmpeg
from audiopress.audio.programme import Tags, write_programme
from audiopress.audio.stitch import Timeline, plan, stream
from audiopress.audio.take import listen
from audiopress.errors import AudioError, OutputError
from audiopress.ffmpeg import binary
from audiopress.model import Boundary, Clip, Segment, SegmentKind, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

TAGS = Tags("عنوان خبر", "نام برنامه", "تسنیم", text="متن خبر\nبند دوم", cover=b"\x89PNG\r\n\x1a\nrest")
FRAME = 1152


def laid_out(*clips: Clip, sections: int = 1, names: str = "بخش ") -> Timeline:
    """Clips in sections whose headings get shorter."""
    size = -(-len(clips) // sections)
    spoken = []
    for first in range(0, len(clips), size):
        takes = [listen(clip) for clip in clips[first : first + size]]
        sentences = tuple(take.clip.pronunciation.utterance.sentence for take in takes)
        spoken.append((Segment(SegmentKind.SECTION, f"{names[first // size * 4 :]}{first}", 1, sentences), takes))
    return plan("عنوان", spoken)


@pytest.mark.parametrize(("rate", "out"), [(24000, 48000), (22050, 44100), (16000, 48000), (44100, 44100)])
def test_every_clip_is_heard_where_the_programme_says(
    make_clip: MakeClip, decode: Decode, tmp_path: Path, rate: int, out: int
) -> None:
    clips = [make_clip(babble(1 + 0.137 * n, rate, seed=n), rate, Boundary.PARAGRAPH) for n in range(12)]
    timeline = laid_out(*clips, sections=4)
    programme = write_programme(timeline, tmp_path / "a.mp3", TAGS)
    assert programme.sample_rate == out
    heard, heard_rate = decode(programme.path)
    assert heard_rate == out
    assert abs(len(heard) - programme.samples) <= FRAME
    said = np.frombuffer(b"".join(stream(timeline)), dtype="<i2").astype(np.float64)
    times = out // rate
    reach = 2 * FRAME
    heard = np.pad(heard, reach)
    for cue in programme.cues:
        expected = said[cue.start // times : cue.stop // times]
        fine = np.fft.irfft(np.fft.rfft(expected), len(expected) * times)
        lag = _lag(heard[cue.start : cue.stop + 2 * reach], fine) - reach
        assert abs(lag) <= 4, cue  # far within one frame


def _lag(window: np.ndarray, expected: np.ndarray) -> int:
    size = 1 << (len(window) + len(expected)).bit_length()
    product = np.fft.rfft(window, size) * np.conj(np.fft.rfft(expected, size))
    return int(np.fft.irfft(product, size)[: len(window) - len(expected) + 1].argmax())


@pytest.mark.parametrize(
    "loud", [(0.003,), (0.02, 0.1, 0.05), (0.3, 0.02, 0.3, 0.3), (0.9, 0.9, 0.9)], ids=["weak", "even", "uneven", "hot"]
)
@pytest.mark.parametrize("seconds", [0.3, 5.0])
def test_loudness_and_true_peak_after_encoding(
    make_clip: MakeClip, tmp_path: Path, loud: tuple[float, ...], seconds: float
) -> None:
    clips = [make_clip(babble(seconds, 24000, level, seed=n)) for n, level in enumerate(loud)]
    programme = write_programme(laid_out(*clips), tmp_path / "a.mp3", TAGS)
    measured = ffmpeg.measure(programme.path)
    assert (measured.integrated, measured.true_peak) == (programme.loudness, programme.true_peak)
    assert measured.integrated == pytest.approx(-19, abs=0.5)
    assert measured.true_peak <= -1.0


def test_a_word_alone_in_its_programme_is_as_loud_as_any(make_clip: MakeClip, tmp_path: Path) -> None:
    programme = write_programme(laid_out(make_clip(tone(0.12, 24000, level=0.01))), tmp_path / "a.mp3", TAGS)
    assert programme.seconds < 2
    assert programme.loudness == pytest.approx(-19, abs=0.5)


def test_a_second_voice_at_another_level_is_brought_near(make_clip: MakeClip, decode: Decode, tmp_path: Path) -> None:
    levels = [0.1, 0.1, 0.1, 0.012]
    clips = [make_clip(babble(3, 24000, level, seed=n)) for n, level in enumerate(levels)]
    programme = write_programme(laid_out(*clips), tmp_path / "a.mp3", TAGS)
    heard, _ = decode(programme.path)
    strength = [20 * np.log10(np.std(heard[cue.start : cue.stop])) for cue in programme.cues]
    assert max(strength) - min(strength) < 3.2  # 18 dB apart before


def test_a_silent_programme_is_refused(make_clip: MakeClip, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="only silence"):
        write_programme(laid_out(make_clip(quiet(2, 24000))), tmp_path / "a.mp3", TAGS)
    assert not list(tmp_path.glob("*mp3*"))


def test_the_tags_are_read_back(make_clip: MakeClip, tmp_path: Path) -> None:
    clips = [make_clip(babble(1.2345, 24000, seed=n)) for n in range(6)]
    programme = write_programme(laid_out(*clips, sections=3), tmp_path / "a.mp3", TAGS)
    tags = mutagen.id3.ID3(programme.path, translate=False)
    assert tags.version == (2, 3, 0)
    assert [str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TLAN")] == ["عنوان خبر", "نام برنامه", "تسنیم", "fas"]
    assert tags.getall("USLT")[0].text == TAGS.text
    assert tags.getall("USLT")[0].lang == "fas"
    assert tags.getall("APIC")[0].mime == "image/png"
    (contents,) = tags.getall("CTOC")
    assert contents.flags == mutagen.id3.CTOCFlags.TOP_LEVEL | mutagen.id3.CTOCFlags.ORDERED
    chapters = [tags[f"CHAP:{name}"] for name in contents.child_element_ids]
    assert [(frame.start_time, frame.end_time, str(frame.sub_frames["TIT2"])) for frame in chapters] == [
        (milliseconds(chapter.start, 48000), milliseconds(chapter.stop, 48000), chapter.title)
        for chapter in programme.chapters
    ]
    assert int(str(tags["TLEN"])) == chapters[-1].end_time
    sound = mutagen.mp3.MP3(programme.path).info
    assert (sound.sample_rate, sound.channels, sound.bitrate) == (48000, 1, 96000)
    assert sound.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert sound.length == pytest.approx(programme.seconds, abs=3 * FRAME / 48000)  # mutagen counts the padding


def test_ffmpeg_reads_the_chapters_too_in_their_order(make_clip: MakeClip, tmp_path: Path) -> None:
    clips = [make_clip(babble(0.5, 24000, seed=n)) for n in range(12)]
    programme = write_programme(laid_out(*clips, sections=12, names="بخش " + "بلند " * 9), tmp_path / "a.mp3", TAGS)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(programme.path)]
    said = subprocess.run(command, capture_output=True, check=False).stderr.decode()
    starts = [float(start) for start in re.findall(r"Chapter #0:\d+: start (\d+\.\d+)", said)]
    assert starts == [milliseconds(chapter.start, 48000) / 1000 for chapter in programme.chapters]
    assert re.findall(r"title +: (.*)", said)[1:] == [chapter.title for chapter in programme.chapters]


def test_a_written_file_is_replaced_and_nothing_is_left_beside_it(make_clip: MakeClip, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(b"old")
    write_programme(laid_out(make_clip(babble(1, 24000))), folder / "a.mp3", TAGS)
    assert [path.name for path in folder.iterdir()] == ["a.mp3"]
    assert (folder / "a.mp3").read_bytes().startswith(b"ID3\x03")


def test_a_folder_that_is_not_there_is_said(make_clip: MakeClip, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_programme(laid_out(make_clip(babble(1, 24000))), tmp_path / "none" / "a.mp3", TAGS)


def _limited(limit: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


#: Writes the clips named on its command line as a programme; what it raises is its last line.
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_mp3 import TAGS, laid_out
from audiopress.audio.programme import write_programme
from audiopress.model import Boundary, Clip, Pronunciation, Role, Sentence, Utterance
said = Pronunciation(Utterance(Sentence("x", 1, Role.BODY, Boundary.SENTENCE), "x"), ())
clips = [Clip(said, Path(path), int(samples), 24000) for path, samples in zip(sys.argv[2::2], sys.argv[3::2])]
write_programme(laid_out(*clips), Path(sys.argv[1]), TAGS)
"""


def _child(target: Path, clips: list[Clip], **options: object) -> subprocess.Popen[str]:
    named = [word for clip in clips for word in (str(clip.path), str(clip.samples))]
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", script, str(target), *named], stderr=subprocess.PIPE, text=True, **options  # type: ignore[call-overload]
    )  # fmt: skip


@pytest.mark.parametrize("limit", [20_000, 119_000], ids=["while encoding", "while tagging"])
def test_a_full_disk_leaves_nothing(make_clip: MakeClip, tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    child = _child(folder / "a.mp3", [make_clip(babble(8, 24000))], preexec_fn=_limited(limit))
    said = child.communicate(timeout=60)[1]
    assert said.strip().splitlines()[-1].startswith("audiopress.errors.OutputError: a.mp3 cannot be written"), said
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to it alone", "from the terminal"])
def test_ctrl_c_ends_the_encoder_and_leaves_nothing(
    make_clip: MakeClip, tmp_path: Path, send: Callable[[int, int], None]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    clip = make_clip(babble(20, 24000))
    child = _child(folder / "a.mp3", [clip] * 60, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    send(child.pid, signal.SIGINT)
    said = child.communicate(timeout=60)[1]
    assert "KeyboardInterrupt" in said
    assert list(folder.iterdir()) == []
    with pytest.raises(ProcessLookupError):  # the whole group has gone: nobody outlived it
        os.killpg(child.pid, 0)


def test_an_exception_while_pouring_ends_the_encoder(tmp_path: Path) -> None:
    def blocks() -> object:
        yield bytes(100)
        raise ZeroDivisionError

    before = threading.active_count()
    arguments = ["-f", "s16le", "-ar", "24000", "-ac", "1", "-i", "pipe:0", "-f", "mp3"]
    with pytest.raises(ZeroDivisionError):
        ffmpeg.feed(arguments, blocks(), tmp_path / "a.mp3", "a.mp3")  # type: ignore[arg-type]
    assert threading.active_count() == before


def test_what_ffmpeg_says_comes_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"^ffmpeg could not encode a\.mp3: "):
        ffmpeg.feed(
            ["-f", "s16le", "-i", "pipe:0", "-c:a", "nonsense", "-f", "mp3"],
            [bytes(1000)] * 1000,
            tmp_path / "x",
            "a.mp3",
        )
    (tmp_path / "b.mp3").write_bytes(b"no sound")
    with pytest.raises(AudioError, match=r"^ffmpeg could not measure b\.mp3: "):
        ffmpeg.measure(tmp_path / "b.mp3")


def test_a_missing_ffmpeg_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binary.cache_clear()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    with pytest.raises(AudioError, match="imageio-ffmpeg"):
        ffmpeg.feed([], [], tmp_path / "a.mp3", "a.mp3")
    binary.cache_clear()
