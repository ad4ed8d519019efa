"""What is posted of an episode, decided without a network."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.model import ChapterMark, Episode, Show
from audiopress.publish.posts import Move, Post, Posted, clean, cut, moves, posts, units

SHOW = Show("خبر روستا")


def episode(*chapters: ChapterMark, seconds: float = 600.0, description: str = "شرح") -> Episode:
    sound = "episodes/a/a.mp3"
    return Episode("a", "g", "عنوان", description, "", sound, 0, seconds, "", "", "", chapters=chapters)


def parts(*chapters: ChapterMark, size: int, limit: int, seconds: float = 600.0) -> list[tuple[str, object]]:
    made = posts(SHOW, episode(*chapters, seconds=seconds), sound="x", size=size, limit=limit)
    return [(post.title, post.stretch) for post in made]


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("سلام بر شما", 11, "سلام بر شما"),
        ("سلام بر شما", 10, "سلام بر…"),
        ("سلام بر شما", 9, "سلام بر…"),
        ("سلام بر شما", 8, "سلام بر…"),
        ("  سلام\n", 4, "سلام"),
        ("🎙🎙🎙", 6, "🎙🎙🎙"),
        ("🎙🎙🎙", 5, "🎙🎙…"),
        ("🎙🎙🎙", 4, "🎙…"),
        ("بدون‌فاصله‌ای", 6, "بدون‌…"),
        ("", 5, ""),
    ],
)
def test_captions_are_cut_after_a_word(text: str, longest: int, short: str) -> None:
    assert cut(text, longest) == short


@given(st.text(), st.integers(2, 50))
def test_a_caption_always_fits(text: str, longest: int) -> None:
    text = clean(text)
    short = cut(text, longest)
    assert units(short) <= longest
    assert short == text.strip() or text.startswith(short[:-1])


def test_a_caption_has_the_title_and_as_much_of_the_description_as_fits() -> None:
    (post,) = posts(SHOW, episode(description="واژه‌ها 🎙 " * 300), sound="x", size=1, limit=10)
    assert post.caption.startswith("عنوان\n\nواژه‌ها 🎙 واژه‌ها")
    assert post.caption.endswith(("🎙…", "واژه‌ها…"))
    assert 1000 < units(post.caption) <= 1024
    assert (post.performer, post.seconds, post.stretch) == ("خبر روستا", 600.0, None)


def test_parts_are_chapters() -> None:
    marks = (ChapterMark(0, "عنوان"), ChapterMark(60_000, "آب"), ChapterMark(60_000, "نان"), ChapterMark(300_000, ""))
    assert parts(*marks, size=100, limit=60) == [
        ("عنوان", (0.0, 60.0)),
        ("عنوان – نان", (60.0, 300.0)),
        ("عنوان", (300.0, 600.0)),
    ]


def test_a_chapter_that_is_too_large_becomes_equal_parts() -> None:
    assert parts(size=100, limit=50) == [
        ("عنوان (۱ از ۳)", (0.0, 200.0)),
        ("عنوان (۲ از ۳)", (200.0, 400.0)),
        ("عنوان (۳ از ۳)", (400.0, 600.0)),
    ]


def test_chapters_that_begin_late_or_lie_behind_the_end() -> None:
    marks = (ChapterMark(100_000, "آب"), ChapterMark(700_000, "نان"))
    assert parts(*marks, size=100, limit=90) == [("عنوان", (0.0, 100.0)), ("عنوان – آب", (100.0, 600.0))]


@given(
    st.lists(st.integers(0, 700_000), max_size=8).map(sorted),
    st.integers(1, 10**10),
    st.integers(100, 10**8),
    st.floats(1, 10**5),
)
def test_parts_touch_and_fit(starts: list[int], size: int, limit: int, seconds: float) -> None:
    if size / limit > 1000:
        return
    made = parts(*(ChapterMark(start, "فصل") for start in starts), size=size, limit=limit, seconds=seconds)
    if size <= limit:
        assert made == [("عنوان", None)]
        return
    stretches = [stretch for _, stretch in made if isinstance(stretch, tuple)]
    assert (stretches[0][0], stretches[-1][1]) == (0.0, seconds)
    assert all(one[1] == two[0] for one, two in itertools.pairwise(stretches))
    assert all(start < stop and size * (stop - start) / seconds <= limit for start, stop in stretches)


def test_a_digest_tells_all_that_a_message_shows() -> None:
    def digest(**changes: str) -> str:
        facts = {"sound": "x", "description": "شرح"} | changes
        (post,) = posts(SHOW, episode(description=facts["description"]), sound=facts["sound"], size=1, limit=10)
        return post.digest

    assert digest() == digest()
    assert len({digest(), digest(sound="y"), digest(description="دیگر")}) == 3


def wanted(*digests: str) -> tuple[Post, ...]:
    return tuple(Post("", "", "", 0.0, None, digest) for digest in digests)


def posted(*digests: str) -> tuple[Posted, ...]:
    return tuple(Posted(number, digest) for number, digest in enumerate(digests, start=101))


@pytest.mark.parametrize(
    ("before", "after", "expected", "anew"),
    [
        ("", "a", (Move(0),), False),
        ("a", "a", (), False),
        ("a", "b", (Move(0, 101),), False),
        ("abc", "abx", (Move(2, 103),), False),
        ("ab", "abcd", (Move(2), Move(3)), False),
        ("ax", "abc", (Move(0), Move(1), Move(2)), True),
        ("abc", "ab", (Move(0), Move(1)), True),
    ],
)
def test_what_is_done_about_earlier_messages(
    *, before: str, after: str, expected: tuple[Move, ...], anew: bool
) -> None:
    assert moves(posted(*before), wanted(*after)) == (expected, anew)
