"""The read-along page of an episode: its text, in which the sentence that is being spoken is marked.

Without script it is the episode's text with a player and links into the sound; assets/readalong.js does the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiopress.model import Boundary, Role, milliseconds
from audiopress.podcast.alignment import timed_words, written_words
from audiopress.podcast.dates import clock, jalali
from audiopress.podcast.feed import moment
from audiopress.podcast.pages import (
    AI_VOICE,
    Markup,
    address,
    beside,
    duration,
    element,
    is_web,
    joined,
    page,
    seconds_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiopress.model import Cue, Episode, Show

_SECOND = 1000  # milliseconds


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A cue as the page shows it: its place in whole milliseconds and when each of its words begins."""

    number: int
    start: int
    stop: int
    words: tuple[tuple[int, str], ...]
    role: Role
    boundary: Boundary

    @property
    def text(self) -> str:
        return " ".join(word for _, word in self.words)


def readalong_page(show: Show, episode: Episode, cues: Sequence[Cue], sample_rate: int) -> bytes:
    """Return the page ``<slug>.html`` that lies beside an episode's sound, UTF-8.

    Example::

        readalong_page(show, episode, programme.cues, programme.sample_rate)
        # → '<!DOCTYPE html>…<h1><span class="sentence" id="s1" data-start="230" data-stop="3764" …>جشنواره …'

    Every sentence has its start and end in milliseconds, and ``data-words`` the start of each of its words, which are
    separated by single spaces. It holds no script and no style of its own.
    """
    sentences = tuple(_sentences(cues, sample_rate))
    path = f"{episode.enclosure.rpartition('/')[0]}/{episode.slug}.html"
    title = [sentence for sentence in sentences if sentence.role is Role.TITLE][:1]
    rest = [sentence for sentence in sentences if sentence not in title]
    script = element("script", src=beside("assets/readalong.js", path), defer=True)
    head = [script, element("meta", property="og:type", content="article")]
    if show.base_url:
        head.append(element("meta", property="og:audio", content=address(show, episode.enclosure)))
    return page(
        show,
        element("a", "رفتن به متن", class_="skip", href="#text"),
        _header(show, episode, title, path),
        _player(show, episode, path),
        element("main", _chapter_list(episode, path), _text(episode, rest, path), id="text"),
        _footer(show, episode, path),
        path=path,
        title=f"{episode.title} – {show.title}",
        description=episode.description,
        image=episode.image or show.image,
        head=head,
    )


def _sentences(cues: Sequence[Cue], sample_rate: int) -> Iterator[_Sentence]:
    """Yield the sentences that have something to read."""
    number = 0
    for cue in cues:
        timed = timed_words(cue, written_words(cue))
        if timed:
            number += 1
            words = tuple((milliseconds(word.start, sample_rate), word.text) for word in timed)
            edges = (milliseconds(cue.start, sample_rate), milliseconds(cue.stop, sample_rate))
            sentence = cue.pronunciation.utterance.sentence
            yield _Sentence(number, *edges, words, sentence.role, sentence.boundary)


def _header(show: Show, episode: Episode, title: Sequence[_Sentence], path: str) -> Markup:
    """Return the show, the title (as it is said, where it is) and the date."""
    heading = joined(*map(_spoken, title)) if title else joined(episode.title)
    when = moment(episode.published)
    facts = [element("time", jalali(when), datetime=when.isoformat()), duration(episode.seconds)]
    if episode.link and is_web(episode.link):
        facts.append(element("a", episode.agency or "متن خبر در وب", href=episode.link))
    elif episode.agency:
        facts.append(element("span", episode.agency))
    return element(
        "header",
        element("p", element("a", show.title, href=beside("index.html", path)), class_="show"),
        element("h1", heading, id="title"),
        element("p", joined(*facts, by=" "), class_="facts"),
    )


def _player(show: Show, episode: Episode, path: str) -> Markup:
    """Return the sound with what the script adds to it; its buttons are shown by the script."""
    picture = episode.image or show.image
    sound = element(
        "audio",
        controls=True,
        preload="metadata",
        src=beside(episode.enclosure, path),
        aria_label=f"پخش «{episode.title}»",
        data_title=episode.title,
        data_show=show.title,
        data_picture=beside(picture, path) if picture else False,
    )
    buttons = (
        element("button", "۱۵ ثانیه عقب", type="button", data_skip="-15"),
        element("button", "۳۰ ثانیه جلو", type="button", data_skip="30"),
        element("button", "سرعت ۱×", type="button", data_rates="1 1.25 1.5 1.75 0.75"),
        element("button", "دنبال‌کردن متن", type="button", data_follow=True, aria_pressed="true"),
    )
    return element(
        "section",
        sound,
        element("div", *buttons, class_="buttons", hidden=True),
        class_="player",
        aria_label="پخش‌کننده",
    )


def _chapter_list(episode: Episode, path: str) -> Markup:
    """Return the chapters with their times, "" for an episode of one."""
    if len(episode.chapters) <= 1:
        return Markup("")
    entries = [
        element("li", _seek(episode, mark.start, path), " ", element("a", mark.title, href=f"#chapter-{number}"))
        for number, mark in enumerate(episode.chapters, start=1)
    ]
    heading = element("h2", "فصل‌ها", id="chapters")
    return element("nav", heading, element("ol", *entries), aria_labelledby="chapters", class_="chapters")


def _text(episode: Episode, sentences: Sequence[_Sentence], path: str) -> Markup:
    """Return all that is said, chapter by chapter."""
    starts = [mark.start for mark in episode.chapters]
    # A chapter begins in the silence before its first sentence, so the middle of a sentence lies well inside its own.
    chapters: dict[int, list[_Sentence]] = {number: [] for number in range(1, len(starts) + 1)}
    for sentence in sentences:
        chapters.setdefault(bisect_right(starts, (sentence.start + sentence.stop) // 2), []).append(sentence)
    parts = [_chapter(episode, number, chapters[number], path) for number in sorted(chapters)]
    return joined(Markup("\n"), joined(*parts, by="\n"), Markup("\n"))


def _chapter(episode: Episode, number: int, sentences: Sequence[_Sentence], path: str) -> Markup:
    """Return a chapter, number 0 what is said before the first; its heading is said where it is its first sentence."""
    said = sentences[:1] if sentences and sentences[0].role is Role.HEADING else ()
    title = episode.chapters[number - 1].title if number else episode.title
    parts = [element("h2", joined(*map(_spoken, said)) if said else title)] if said or title != episode.title else []
    parts += _paragraphs(episode, sentences[len(said) :], path)
    return element("section", joined(*parts, by="\n"), id=f"chapter-{number}")


def _paragraphs(episode: Episode, sentences: Sequence[_Sentence], path: str) -> Iterator[Markup]:
    """Yield the paragraphs, each with the time at which it begins."""
    paragraph: list[_Sentence] = []
    for number, sentence in enumerate(sentences, start=1):
        paragraph.append(sentence)
        if sentence.boundary is not Boundary.SENTENCE or number == len(sentences):
            time = _seek(episode, paragraph[0].start, path)
            kind = "credit" if sentence.role is Role.CREDIT else False
            yield element("p", time, " ", joined(*map(_spoken, paragraph), by=" "), class_=kind)
            paragraph = []


def _spoken(sentence: _Sentence) -> Markup:
    return element(
        "span",
        sentence.text,
        class_="sentence",
        id=f"s{sentence.number}",
        data_start=str(sentence.start),
        data_stop=str(sentence.stop),
        data_words=" ".join(str(start) for start, _ in sentence.words),
    )


def _seek(episode: Episode, start: int, path: str) -> Markup:
    """Return a link into the sound (a media fragment, W3C Media Fragments URI): the script plays from there."""
    seconds = seconds_text(start / _SECOND)
    time = element("time", clock(start // _SECOND), datetime=f"PT{seconds}S")  # the second it falls in, as in notes.py
    href = f"{beside(episode.enclosure, path)}#t={seconds}"
    return element("a", time, class_="time", href=href, data_seek=str(start))


def _footer(show: Show, episode: Episode, path: str) -> Markup:
    """Return what can be taken along, and who speaks."""
    links = [
        element("a", "دریافت صدا", href=beside(episode.enclosure, path), download=True),
        element("a", "زیرنویس WebVTT", href=f"{episode.slug}.vtt"),
        element("a", "زیرنویس SRT", href=f"{episode.slug}.srt"),
        element("a", f"قسمت‌های دیگر «{show.title}»", href=beside("index.html", path)),
    ]
    notes = [element("p", AI_VOICE)]
    if episode.updated:
        notes.insert(0, element("p", f"این قسمت در {jalali(moment(episode.updated))} به‌روز شد."))
    return element("footer", element("ul", *(element("li", link) for link in links), class_="links"), *notes)
