"""Playlists as radios and players read them."""

from __future__ import annotations

from dataclasses import replace

from audiopress.listen.playlist import playlist
from audiopress.model import Episode, Show

SHOW = Show("خبر روستا", author="روستا پرس", image="cover-0a.jpg")
EPISODE = Episode(
    slug="river",
    guid="1",
    title="جشنوارهٔ رودخانه، پس از سه سال",
    description="",
    published="2026-11-25T08:00:00+03:30",
    enclosure="episodes/river/river.mp3",
    length=1,
    seconds=248.6,
    voice="tone",
    agency="ایسنا",
    source="",
    image="episodes/river/river-1b.jpg",
)


def lines(show: Show, *episodes: Episode, base_url: str = "") -> list[str]:
    data = playlist(show, episodes, base_url=base_url)
    assert data.endswith(b"\n")
    return data.decode().splitlines()


def test_a_playlist() -> None:
    assert lines(SHOW, EPISODE, base_url="https://example.org/p/") == [
        "#EXTM3U",
        "#PLAYLIST:خبر روستا",
        "#EXTINF:249,خبر روستا - جشنوارهٔ رودخانه، پس از سه سال",
        "#EXTALB:خبر روستا",
        "#EXTART:ایسنا",
        "#EXTALBUMARTURL:https://example.org/p/episodes/river/river-1b.jpg",
        "#EXTIMG:https://example.org/p/episodes/river/river-1b.jpg",
        "https://example.org/p/episodes/river/river.mp3",
    ]


def test_without_a_base_addresses_are_relative_and_the_show_stands_in_for_what_is_not_known() -> None:
    seen = lines(SHOW, replace(EPISODE, agency="", image=""))
    assert seen[4:] == ["#EXTART:روستا پرس", "#EXTALBUMARTURL:cover-0a.jpg", "#EXTIMG:cover-0a.jpg", EPISODE.enclosure]


def test_a_show_without_episodes_and_an_episode_without_facts() -> None:
    assert lines(Show("")) == ["#EXTM3U", "#PLAYLIST:"]
    bare = replace(EPISODE, title="", agency="", image="", seconds=-1.0)
    assert lines(Show(""), bare)[2:] == ["#EXTINF:0,", "#EXTALB:", EPISODE.enclosure]


def test_the_order_is_the_one_given() -> None:
    later = replace(EPISODE, enclosure="episodes/b/b.opus")
    assert [line for line in lines(SHOW, later, EPISODE) if line[0] != "#"] == [later.enclosure, EPISODE.enclosure]


def test_no_title_adds_a_line_and_no_name_breaks_an_address() -> None:
    odd = replace(
        EPISODE, title="الف\nhttp://evil.example/\r\u2028\x85ب می\u200cشود", enclosure="episodes/#1 ?/ب:1.mp3"
    )
    seen = lines(Show("خبر\n#EXTINF"), odd, base_url="https://example.org/پ")
    assert seen[1] == "#PLAYLIST:خبر #EXTINF"
    assert seen[2] == "#EXTINF:249,خبر #EXTINF - الف http://evil.example/ ب می\u200cشود"
    assert seen[-1] == "https://example.org/%D9%BE/episodes/%231%20%3F/%D8%A8%3A1.mp3"
    assert playlist(Show("\ud800"), ()).decode() == "#EXTM3U\n#PLAYLIST:\n"
