"""A show's settings: where they come from, and what is wrong with a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiopress.config import Settings, Watch, check, load_settings
from audiopress.errors import ConfigError
from audiopress.model import Delivery, Music, Part, Show
from audiopress.settings import CHECKS

FULL = """
title = "خبر روستا"
description = "خبرهای هر روز."
author = "تحریریه"
email = "a@example.org"
base_url = "https://example.org/podcast/"
language = "fa"
category = "News > Daily News"
explicit = true
artwork = "cover.png"
voice = "espeak"
rate = 1.1
pitch = -1
volume = 2.5
fallback = ["arash", "tone"]
on_failure = "fallback"
cache_size = "500 MB"
feeds = ["https://e.org/rss", { url = "https://f.org/rss", section = "ورزش" }]
watch = "bulletin"
every = 30
bulletin_at = "06:30"
bulletin_minutes = 10
bulletin_opening = "سلام."
bulletin_closing = "بدرود."
sections = { "اقتصاد" = 2, "ورزش" = 0 }
format = "m4a"
intro_text = "این {show} است."
outro_text = "سپاس."
intro_music = "music/in.mp3"
outro_music = "music/out.flac"
section_sound = "music/ding.wav"
headline_bed = "/srv/bed.mp3"
order = "oldest"
keep = 50
frequency = "daily"
apple = "https://podcasts.apple.com/podcast/id1"
publish = ["s3://bucket/show", "telegram:@channel"]
[voices]
headlines = "nasim"
quotes = { voice = "arash", rate = 0.95 }
"""


def test_every_setting_arrives(tmp_path: Path) -> None:
    (tmp_path / "audiopress.toml").write_text(FULL, encoding="utf-8")
    assert load_settings(tmp_path, {}) == Settings(
        output=tmp_path,
        show=Show(
            title="خبر روستا",
            description="خبرهای هر روز.",
            author="تحریریه",
            email="a@example.org",
            language="fa",
            category="News > Daily News",
            explicit=True,
            base_url="https://example.org/podcast",
            order="oldest",
            keep=50,
            frequency="daily",
            links=(("apple", "https://podcasts.apple.com/podcast/id1"),),
        ),
        voice="espeak",
        cast=(("headlines", Part("nasim")), ("quotes", Part("arash", Delivery(rate=0.95)))),
        delivery=Delivery(1.1, -1.0, 2.5),
        fallback=("arash", "tone"),
        on_failure="fallback",
        cache_size=500_000_000,
        format="m4a",
        artwork=tmp_path / "cover.png",
        intro_text="این {show} است.",
        outro_text="سپاس.",
        music=Music(
            intro=tmp_path / "music/in.mp3",
            outro=tmp_path / "music/out.flac",
            section=tmp_path / "music/ding.wav",
            bed=Path("/srv/bed.mp3"),
        ),
        publish=("s3://bucket/show", "telegram:@channel"),
        watch=Watch(
            feeds=(("https://e.org/rss", ""), ("https://f.org/rss", "ورزش")),
            bulletin=True,
            every=30.0,
            at="06:30",
            minutes=10.0,
            opening="سلام.",
            closing="بدرود.",
            sections=(("اقتصاد", 2.0), ("ورزش", 0.0)),
        ),
    )


def test_settings_come_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "audiopress.toml").write_text('voice = "espeak"\ntitle = "الف"\n', encoding="utf-8")
    assert load_settings(tmp_path, {}).voice == "espeak"
    monkeypatch.setenv("AUDIOPRESS_VOICE", "nasim")
    monkeypatch.setenv("AUDIOPRESS_SHOW", "ب")
    assert load_settings(tmp_path, {}).voice == "nasim"
    settings = load_settings(tmp_path, {"voice": "tone", "title": None})
    assert (settings.voice, settings.show.title) == ("tone", "ب")


def test_without_a_file_all_has_a_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nowhere", {}) == Settings(output=tmp_path / "nowhere")


def test_one_target_needs_no_list(tmp_path: Path) -> None:
    (tmp_path / "audiopress.toml").write_text('publish = "/srv/www"', encoding="utf-8")
    assert load_settings(tmp_path, {}).publish == ("/srv/www",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("voice = ", "cannot be read as TOML"),
        ("loudness = 3", "'loudness' is not a setting"),
        ("voice = 3", "voice must be text"),
        ('title = "  "', "title is empty"),
        (f'title = "{"ا" * 256}"', "title has 256 letters; 255"),
        ('email = "nobody"', "email is 'nobody', but must look like"),
        ('base_url = "ftp://example.org"', "base_url is 'ftp"),
        ('base_url = "https://مثال.ایران/"', "in ASCII"),
        ('base_url = "https://example.org/?a=1"', "without [?]"),
        ('base_url = "https://example.org/a b"', "base_url is"),
        ("explicit = 1", "explicit must be true or false"),
        ('explicit = "no"', "explicit must be true or false"),
        ('format = "ogg"', "one of mp3, m4a, opus"),
        ('order = "random"', "one of newest, oldest"),
        ("keep = -1", "whole number"),
        ("keep = true", "whole number"),
        ('frequency = "often"', "one of hourly, daily"),
        ('language = "Persian"', "must look like fa"),
        ('apple = "podcasts.apple.com"', "must look like https"),
        ("publish = [1]", "publish must be text or a list"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "audiopress.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint) as raised:
        load_settings(tmp_path, {})
    assert "audiopress.toml" in str(raised.value)


def test_a_wrong_flag_is_named() -> None:
    with pytest.raises(ConfigError, match="--title: title is empty"):
        load_settings(None, {"title": ""})


@pytest.mark.parametrize("value", [None, 3, True, [], {}, 1.5, b"x"])
def test_no_check_stumbles_over_a_type(value: object) -> None:
    assert all(isinstance(check(key, value), str) for key in CHECKS)
