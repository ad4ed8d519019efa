"""Feeds watched: new stories become episodes, or the day's bulletin, and none is told twice.

Each step is kept before the next begins, and making an episode again changes nothing: whoever is killed goes on where
it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isinf
from typing import TYPE_CHECKING, Protocol

from audiopress.errors import AudiopressError, EngineError, FetchError, OutputError, SourceError
from audiopress.podcast.dates import spoken_day
from audiopress.script.bulletin import News, Plan, bulletin
from audiopress.script.segments import write_script
from audiopress.sources.feed import Item, read_feed
from audiopress.sources.item import read_item
from audiopress.watch.keep import article_from, article_json
from audiopress.watch.similar import is_same_story, sketch
from audiopress.watch.state import FeedState, Story, StoryState, story_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiopress.config import Watch
    from audiopress.model import Article
    from audiopress.press.line import Line, Outcome
    from audiopress.sources.fetch import Fetched
    from audiopress.watch.state import State

#: Stories of a feed that is asked for the first time: the rest was news before anybody watched.
FRESH = 10
#: Seconds of the first wait after a failure, doubled each time, and the longest.
_WAIT, _LONGEST_WAIT = 300.0, 24 * 3600.0
_TRIES = 4  # of a story whose page does not come: over about an hour
_GONE = 410
_BUSY = frozenset({0, 408, 425, 429, 500, 502, 503, 504})  # no answer, or one that may be another next time


class Web(Protocol):
    """Who asks servers, politely: `audiopress.sources.polite.Polite`."""

    def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """What lies at an address."""
        ...


class Told(Protocol):
    """Who is told what a watch does."""

    def note(self, sentence: str) -> None:
        """Something worth knowing."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at all feeds brought."""

    feeds: int = 0  #: asked
    stories: int = 0  #: new
    made: tuple[Outcome, ...] = ()
    same: tuple[tuple[str, str], ...] = ()  #: a title, and the one under which it was told already
    aside: tuple[tuple[str, str], ...] = ()  #: a title, and why it was set aside
    failed: tuple[tuple[str, str], ...] = ()  #: a feed, and why it did not come
    resting: tuple[FeedState, ...] = ()  #: feeds that were not asked, because it is not yet their time

    def with_made(self, made: Iterable[Outcome]) -> Round:
        """The round with all that was made after it."""
        return replace(self, made=tuple(made))

    def report(self) -> dict[str, object]:
        """The round as JSON."""
        return {
            "feeds": self.feeds,
            "stories": self.stories,
            "episodes": [outcome.report() for outcome in self.made],
            "same": [{"title": title, "told_as": other} for title, other in self.same],
            "aside": [{"title": title, "why": why} for title, why in self.aside],
            "failed": [{"feed": feed, "why": why} for feed, why in self.failed],
            "resting": [{"feed": feed.url, "until": again(feed), "why": feed.error} for feed in self.resting],
        }


def again(feed: FeedState) -> str:
    """When a feed is asked again, ISO 8601 by the clock of this machine; "" where it is given up."""
    return "" if isinf(feed.due) else datetime.fromtimestamp(feed.due, UTC).astimezone().isoformat(timespec="minutes")


class Watcher:
    """Looks at feeds and makes what they bring."""

    def __init__(
        self,
        watch: Watch,
        state: State,
        web: Web,
        line: Line,
        told: Told,
        *,
        clock: Callable[[], float] = lambda: datetime.now(UTC).timestamp(),
    ) -> None:
        """``clock`` gives seconds since 1970."""
        self._watch, self._state, self._web, self._line, self._told, self._clock = watch, state, web, line, told, clock

    def look(self) -> Round:
        """Ask every feed that is due, then make what is new."""
        self._line.catch_up()
        asked, new, failed, resting = 0, 0, [], []
        for url, section in self._watch.feeds:
            before = self._state.feed(url)
            if before.due > self._clock():
                resting.append(before)
                continue
            asked += 1
            after, stories = self._ask(before, section)
            new += self._state.polled(after, stories, self._clock(), FRESH)
            if after.error:
                failed.append((url, after.error))
                self._told.note(after.error)
        made = self._make()
        self._state.forget(self._clock())
        return replace(made, feeds=asked, stories=new, failed=tuple(failed), resting=tuple(resting))

    def close_feed(self) -> None:
        """Write the show's feed now if it is behind."""
        self._line.close_feed()

    def _ask(self, feed: FeedState, section: str) -> tuple[FeedState, list[Story]]:
        """A feed as it is after one request, and its stories."""
        now = self._clock()
        again = now + self._watch.every * 60
        try:
            page = self._web.get(feed.moved or feed.url, etag=feed.etag, modified=feed.modified)
            items = read_feed(page.data, page.url, page.media_type).items if page.data else ()
        except (SourceError, FetchError) as error:
            status, wish = (error.status, error.retry_after) if isinstance(error, FetchError) else (0, 0.0)
            wait = min(max(_WAIT * 2**feed.failures, wish, self._watch.every * 60), _LONGEST_WAIT)
            due = float("inf") if status == _GONE else now + wait
            return replace(feed, due=due, failures=feed.failures + 1, error=str(error), polled=feed.polled), []
        stories = [_story(item, feed.url, section) for item in items]
        moved = page.moved or feed.moved
        fresh = {"etag": page.etag, "modified": page.modified} if page.data else {}
        return replace(feed, due=again, failures=0, error="", polled=now, moved=moved, **fresh), stories

    def _make(self) -> Round:
        made: list[Outcome] = []
        same: list[tuple[str, str]] = []
        aside: list[tuple[str, str]] = []
        for story in self._state.stories(StoryState.NEW, self._clock()):
            try:
                article = read_item(_item(story), story.feed, self._web.get)
                other = self._told_already(story, article)
                if other is not None:
                    self._state.became(story, StoryState.SAME, why=other.key, episode=other.episode)
                    same.append((story.title, other.title))
                    continue
                if self._watch.bulletin:
                    self._state.remember(story, _sketch(article), article_json(article))
                    self._state.became(story, StoryState.READ)
                    continue
                outcome = self._line.produce_article(write_script(article))
                self._state.remember(story, _sketch(article))
                self._state.became(story, StoryState.MADE, episode=outcome.slug)
                made.append(outcome)
            except FetchError as error:
                if error.status in _BUSY and story.tries + 1 < _TRIES:
                    wait = max(_WAIT * 2**story.tries, error.retry_after)
                    self._state.became(story, StoryState.NEW, why=str(error), due=self._clock() + wait)
                else:
                    aside.append(self._set_aside(story, error))
            except (OutputError, EngineError):
                raise  # a full disk or a voice that fails would set every story aside
            except AudiopressError as error:
                aside.append(self._set_aside(story, error))
        return Round(made=tuple(made), same=tuple(same), aside=tuple(aside))

    def _set_aside(self, story: Story, error: AudiopressError) -> tuple[str, str]:
        self._state.became(story, StoryState.ASIDE, why=str(error))
        self._told.note(f"«{story.title}» was set aside: {error}")
        return story.title, str(error)

    def _told_already(self, story: Story, article: Article) -> Story | None:
        """The story that tells the same, made or kept before."""
        own = _sketch(article)
        for other, its_sketch in self._state.alike(own):
            if other.id != story.id and is_same_story(own, its_sketch):
                return other
        return None

    def bulletin(self, when: datetime) -> Outcome | None:
        """Make the bulletin of a day from the stories that wait for it; None where it is made or none waits."""
        name = f"bulletin-{when.date().isoformat()}"
        waiting = self._state.stories(StoryState.READ)
        if self._state.bulletin(name) or not waiting:
            return None
        stories: list[Story] = []
        news: list[News] = []
        for story in waiting:
            try:
                article = article_from(story.html)
            except (ValueError, KeyError, TypeError):
                self._state.became(story, StoryState.ASIDE, why="what was kept of it is damaged")
                continue
            stories.append(story)
            news.append(News(write_script(article), story.section or article.origin.section, _when(story, article)))
        plan = Plan(
            show=self._line.show,
            date=spoken_day(when),
            seconds=self._watch.minutes * 60 * self._line.rate,
            weights=dict(self._watch.sections),
            opening=self._watch.opening,
            closing=self._watch.closing,
        )
        chosen = bulletin(news, plan)
        outcome = self._line.produce_article(replace(chosen.script, source=name))
        told = [stories[place] for place in chosen.told]
        self._state.bulletin_made(name, outcome.slug, told, self._clock())
        for story in stories:
            if story not in told:  # tomorrow it is no news any more
                self._state.became(story, StoryState.OLD, why=f"had no room in {name}")
        return outcome


def _story(item: Item, feed: str, section: str) -> Story:
    return Story(
        key=story_key(item.link, feed, item.id),
        feed=feed,
        link=item.link,
        title=item.title,
        html=item.html if item.whole or not item.link else "",
        published=item.published,
        section=section or item.section,
        byline=item.byline,
        image=item.image,
    )


def _item(story: Story) -> Item:
    return Item(
        id=story.key,
        link=story.link,
        title=story.title,
        html=story.html,
        whole=bool(story.html),
        published=story.published,
        byline=story.byline,
        image=story.image,
        section=story.section,
    )


def _sketch(article: Article) -> frozenset[int]:
    """The sketch of all but the title, under which agencies differ."""
    return sketch("\n".join(passage.text for passage in article.passages[1:]) or article.title)


def _when(story: Story, article: Article) -> str:
    """When a story was published, or else seen, in UTC, so that times compare as text."""
    for told in (story.published, article.origin.published):
        try:
            return datetime.fromisoformat(told).astimezone(UTC).isoformat()
        except ValueError:
            continue
    return datetime.fromtimestamp(story.seen, UTC).isoformat()


def stories_from(feeds: Iterable[str], watch: Watch) -> Watch:
    """The watch with the feeds that were named on the command line, where any were."""
    named = tuple((feed, "") for feed in feeds)
    return replace(watch, feeds=named) if named else watch
