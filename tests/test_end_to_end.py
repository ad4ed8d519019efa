"""The whole line with real voices and real audio: what lies in the output folder is decoded and measured."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import feedparser
import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from mutagen.id3 import ID3

from audiopress.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 48000
ARTICLE = """کتابخانه سیار به ده روستا رسید
کتابخانه سیار از روز دوشنبه به ۱۰ روستای تازه می رود.
کودکان چه می خوانند
به گفته کتابدار، کودکان داستان و شعر را بیشتر دوست دارند.
منبع: ایسنا
انتهای پیام
"""


def decoded(path: Path) -> NDArray[np.int16]:
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.int16)


def loudness(path: Path) -> tuple[float, float]:
    command = [get_ffmpeg_exe(), "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True).stderr.decode()
    summary = said[said.rindex("Summary:") :]
    numbers = re.findall(r"(?:I|Peak):\s+(-?[\d.]+)", summary)
    return float(numbers[0]), float(numbers[1])


@pytest.fixture(scope="module", params=["arash", "nasim", "espeak"])
def episode(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an episode in each of the voices people hear."""
    folder = tmp_path_factory.mktemp(request.param)
    article = folder / "library.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    output = folder / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIOPRESS_CACHE", str(tmp_path_factory.getbasetemp().parent / "audiopress-cache"))
        assert main(["produce", str(article), "--voice", request.param, "--output", str(output), "--quiet"]) == 0
    return output / "episodes" / "library"


def test_loudness_and_peak_are_a_podcasts(episode: Path) -> None:
    integrated, peak = loudness(episode / "library.mp3")
    assert integrated == pytest.approx(-19.0, abs=0.5)
    assert peak <= -1.0


def test_chapters_lie_in_silence_before_their_headings(episode: Path) -> None:
    sound = decoded(episode / "library.mp3")
    chapters = json.loads((episode / "library.chapters.json").read_bytes())["chapters"]
    assert [chapter["title"] for chapter in chapters] == ["کتابخانه سیار به ده روستا رسید", "کودکان چه می خوانند"]
    start = round(chapters[1]["startTime"] * RATE)
    quiet = np.abs(sound[start - 1152 : start + 4800]).max()
    heading = np.abs(sound[start : start + RATE]).max()
    assert quiet < 0.02 * heading


def test_tags_say_the_same_chapters(episode: Path) -> None:
    tags = ID3(episode / "library.mp3")
    assert tags.version == (2, 3, 0)
    chapters = json.loads((episode / "library.chapters.json").read_bytes())["chapters"]
    frames = sorted(tags.getall("CHAP"), key=lambda frame: frame.start_time)
    assert [frame.start_time for frame in frames] == [round(chapter["startTime"] * 1000) for chapter in chapters]
    assert [frame.sub_frames["TIT2"].text[0] for frame in frames] == [chapter["title"] for chapter in chapters]
    assert str(tags["TIT2"]) == "کتابخانه سیار به ده روستا رسید"
    assert "دوشنبه" in tags.getall("USLT")[0].text


def test_cues_lie_over_speech(episode: Path) -> None:
    sound = np.abs(decoded(episode / "library.mp3").astype(np.float32))
    text = (episode / "library.vtt").read_text(encoding="utf-8")
    cues = re.findall(r"(\d\d):(\d\d):([\d.]+) --> (\d\d):(\d\d):([\d.]+)", text)
    assert len(cues) >= 5
    for cue in cues:
        start, stop = (
            int(3600 * int(hour) * RATE + 60 * int(minute) * RATE + float(second) * RATE)
            for hour, minute, second in (cue[:3], cue[3:])
        )
        assert sound[start:stop].max() > 1000
    assert "کودکان داستان و شعر را بیشتر دوست دارند" in text.replace("\u200f", "")


def test_foreign_readers_take_the_feed(episode: Path) -> None:
    feed = episode.parent.parent / "feed.xml"
    parsed = feedparser.parse(feed.read_bytes())
    assert not parsed.bozo
    enclosure = parsed.entries[0].enclosures[0]
    sound = episode / "library.mp3"
    assert (enclosure.href, int(enclosure.length)) == ("episodes/library/library.mp3", sound.stat().st_size)
    seconds = len(decoded(sound)) / RATE
    duration = ET.fromstring(feed.read_bytes()).find(  # noqa: S314 - our own file
        ".//item/{http://www.itunes.com/dtds/podcast-1.0.dtd}duration"
    )
    assert duration is not None
    assert float(duration.text or 0) == pytest.approx(seconds, abs=1.0)


def test_the_script_is_kept_and_the_agency_credited_once(episode: Path) -> None:
    script = json.loads((episode / "script.json").read_text(encoding="utf-8"))
    said = [item["written"] for segment in script["segments"] for item in segment["utterances"]]
    assert [segment["kind"] for segment in script["segments"]] == ["title", "lead", "section", "credit"]
    assert sum("ایسنا" in sentence for sentence in said) == 1
    assert all(item["phonemes"] for segment in script["segments"] for item in segment["utterances"])


def test_the_folder_holds_nothing_else(episode: Path) -> None:
    names = [path.name for path in episode.iterdir()]
    endings = ("mp3", "vtt", "srt", "html", "words.json", "chapters.json")
    (picture,) = [name for name in names if name.endswith(".jpg")]
    assert sorted(names) == sorted(["episode.json", "script.json", picture, *(f"library.{each}" for each in endings)])
