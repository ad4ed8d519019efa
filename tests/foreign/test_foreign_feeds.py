"""Feed readers that are not ours find in the feed what was put there."""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import TYPE_CHECKING, Any

import feedparser
import podcastparser
import pytest
from foreign_show import AUTHOR, BASE, DESCRIPTION, MADE, TITLE, TITLES, audiopress, facts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "opus": "audio/ogg"}
TRANSCRIPTS = [
    (".vtt", "text/vtt"),
    (".srt", "application/x-subrip"),
    (".words.json", "application/json"),
    (".html", "text/html"),
]
#: UUIDv5 of example.org/river/feed.xml in ead4c236-bf58-58c6-a2c6-a6b28d128cb6.
GUID = "60bf70be-9247-5c96-8448-24468478074e"


@pytest.fixture(scope="session")
def facts(show: Path) -> dict[str, dict[str, Any]]:
    """What each episode's episode.json says, by its slug."""
    return {name: facts_of(show, name) for name, _ in MADE}


def test_the_command_line_finds_nothing_to_mend(show: Path) -> None:
    assert audiopress("validate", "--output", str(show), "--json") == []


def test_feedparser(show: Path, facts: dict[str, dict[str, Any]]) -> None:
    parsed = feedparser.parse((show / "feed.xml").read_bytes())
    assert not parsed.bozo
    feed = parsed.feed
    assert (feed.title, feed.subtitle, feed.author, feed.language) == (TITLE, DESCRIPTION, AUTHOR, "fa")
    assert feed.publisher_detail == {"name": AUTHOR, "email": "news@example.org"}
    assert feed.image.href == BASE + next(show.glob("cover-*")).name
    assert [tag.term for tag in feed.tags] == ["News", "Daily News"]
    entries = {entry.title: entry for entry in parsed.entries}
    for name, extension in MADE:
        entry = entries[TITLES[name]]
        sound = show / "episodes" / name / f"{name}.{extension}"
        expected = {"href": f"{BASE}episodes/{name}/{sound.name}", "length": str(sound.stat().st_size)}
        assert entry.enclosures == [expected | {"type": TYPES[extension]}]
        assert (entry.id, entry.guidislink) == (facts[name]["guid"], False)
        assert calendar.timegm(entry.published_parsed) == datetime.fromisoformat(facts[name]["published"]).timestamp()
        assert entry.image.href == BASE + facts[name]["image"]
        for mark in facts[name]["chapters"]:
            assert mark["title"].replace("&", "&amp;").replace("<", "&lt;").split(">")[0] in entry.content[0].value


def test_podcastparser(show: Path, facts: dict[str, dict[str, Any]]) -> None:
    with (show / "feed.xml").open("rb") as file:
        parsed = podcastparser.parse(BASE + "feed.xml", file)
    assert (parsed["title"], parsed["language"], parsed["link"]) == (TITLE, "fa", BASE)
    assert parsed["itunes_author"] == AUTHOR
    assert parsed["itunes_owner"] == {"name": AUTHOR, "email": "news@example.org"}
    assert parsed["itunes_categories"] == [["News", "Daily News"]]
    assert parsed["explicit"] is False
    assert parsed["cover_url"] == BASE + next(show.glob("cover-*")).name
    episodes = {episode["title"]: episode for episode in parsed["episodes"]}
    assert len(episodes) == len(MADE)
    for name, extension in MADE:
        episode = episodes[TITLES[name]]
        sound = show / "episodes" / name / f"{name}.{extension}"
        assert episode["enclosures"] == [
            {
                "url": f"{BASE}episodes/{name}/{sound.name}",
                "file_size": sound.stat().st_size,
                "mime_type": TYPES[extension],
            }
        ]
        assert episode["guid"] == facts[name]["guid"]
        assert episode["published"] == datetime.fromisoformat(facts[name]["published"]).timestamp()
        assert episode["total_time"] == round(facts[name]["seconds"])
        assert episode["explicit"] is False
        assert episode["episode_art_url"] == BASE + facts[name]["image"]


def test_feedsmith(show: Path, facts: dict[str, dict[str, Any]], read_with_npm: Callable[[str], Any]) -> None:
    parsed = read_with_npm("feedsmith")
    assert parsed["format"] == "rss"
    feed = parsed["feed"]
    assert (feed["title"], feed["description"], feed["link"], feed["language"]) == (TITLE, DESCRIPTION, BASE, "fa")
    assert feed["atom"]["links"] == [{"href": BASE + "feed.xml", "rel": "self", "type": "application/rss+xml"}]
    itunes, podcast = feed["itunes"], feed["podcast"]
    assert itunes["categories"] == [{"text": "News", "categories": [{"text": "Daily News"}]}]
    assert itunes["owner"] == {"name": AUTHOR, "email": "news@example.org"}
    assert (itunes["explicit"], itunes["type"], itunes["author"]) == (False, "episodic", AUTHOR)
    assert (podcast["guid"], podcast["medium"]) == (GUID, "podcast")
    assert podcast["locked"] == {"value": True, "owner": "news@example.org"}
    assert podcast["updateFrequency"] == {"display": "هر روز", "rrule": "FREQ=DAILY"}
    assert podcast["txts"] == [{"display": "true", "purpose": "ai-content"}]
    items = {item["title"]: item for item in feed["items"]}
    assert len(items) == len(MADE)
    for name, extension in MADE:
        item, start = items[TITLES[name]], f"{BASE}episodes/{name}/{name}"
        length = (show / "episodes" / name / f"{name}.{extension}").stat().st_size
        assert item["enclosures"] == [{"url": f"{start}.{extension}", "length": length, "type": TYPES[extension]}]
        assert item["guid"] == {"value": facts[name]["guid"], "isPermaLink": False}
        assert item["itunes"]["duration"] == round(facts[name]["seconds"])
        assert item["itunes"]["image"] == BASE + facts[name]["image"]
        assert item["podcast"]["transcripts"] == [
            {"url": start + ending, "type": kind, "language": "fa"} for ending, kind in TRANSCRIPTS
        ]
        assert item["podcast"]["chapters"] == {"url": f"{start}.chapters.json", "type": "application/json+chapters"}
        assert item["podcast"]["txts"] == [{"display": "true", "purpose": "ai-content"}]


def test_partytime(show: Path, facts: dict[str, dict[str, Any]], read_with_npm: Callable[[str], Any]) -> None:
    """The Podcast Index's own way of reading."""
    feed = read_with_npm("podcast-partytime")
    assert (feed["title"], feed["description"], feed["language"]) == (TITLE, DESCRIPTION, "fa")
    assert (feed["guid"], feed["medium"], feed["locked"]) == (GUID, "podcast", True)
    assert feed["podcastOwner"] == "news@example.org"
    assert feed["itunesCategory"] == ["News > Daily News"]
    assert (feed["explicit"], feed["pubsub"]["self"]) == (False, BASE + "feed.xml")
    assert feed["podcastPeople"] == [{"name": AUTHOR, "role": "Producer", "group": "Creative Direction"}]
    items = {item["title"]: item for item in feed["items"]}
    assert len(items) == len(MADE)
    for name, extension in MADE:
        item, start = items[TITLES[name]], f"{BASE}episodes/{name}/{name}"
        length = (show / "episodes" / name / f"{name}.{extension}").stat().st_size
        assert item["enclosure"] == {"url": f"{start}.{extension}", "length": length, "type": TYPES[extension]}
        assert (item["guid"], item["duration"]) == (facts[name]["guid"], round(facts[name]["seconds"]))
        assert item["itunesImage"] == BASE + facts[name]["image"]
        assert [each["url"] for each in item["podcastTranscripts"]] == [start + ending for ending, _ in TRANSCRIPTS]
        assert item["podcastChapters"] == {"url": f"{start}.chapters.json", "type": "application/json+chapters"}
        when = datetime.fromisoformat(item["pubDate"])
        assert when == datetime.fromisoformat(facts[name]["published"])
