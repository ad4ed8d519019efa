"""What the public address of a show serves: asked as players and directories ask, and measured against the folder."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from audiopress.podcast.feed import FEED
from audiopress.podcast.validation.document import LARGEST, NAMESPACES, attribute, read_file, read_page, text_of, why
from audiopress.podcast.validation.finding import Finding, error, shown, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from lxml.etree import _Element

PUBLISH = "Run audiopress publish."
#: What to look at where the server, not the show, is to blame.
SERVER = "Look into the settings of your web server or host."
ADDRESS = "Set base_url in audiopress.toml to where the folder is served, then run audiopress produce and publish."

_FEED_TYPES = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_OK, _PARTIAL = 200, 206


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much is asked of a server."""

    seconds: float = 15.0  #: without a word from it; Apple gives up after some ten to twenty
    whole: float = 60.0  #: for a whole answer
    bytes: int = LARGEST  #: of an answer
    newest: int = 20  #: episodes, newest first, whose files are asked for
    redirects: int = 5  #: followed; Apple's own limit
    workers: int = 6  #: questions at a time, as many as a browser asks of one host


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; ``problem`` says in a sentence's end why it said nothing."""

    status: int = 0
    headers: dict[str, str] | None = None  #: by their names in lower case
    body: bytes = b""
    hops: int = 0
    address: str = ""  #: where the last redirect led
    problem: str = ""

    def header(self, name: str) -> str:
        """Return a header, "" for none."""
        return (self.headers or {}).get(name, "").strip()

    @property
    def kind(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


def check_public(public: str, feed: Path, limits: Limits | None = None) -> list[Finding]:
    """Return what is wrong with what a server makes of a show; ``feed`` is the show's own feed.xml.

    ``check_public("https://example.org/podcast", Path("output/feed.xml"))`` asks for the feed, and for sound, cover,
    chapters and transcripts of its newest episodes. A network that fails is a finding.
    """
    import httpx  # noqa: PLC0415 - the network is seldom asked

    limits = limits or Limits()
    address = public if public.endswith(".xml") else f"{public.rstrip('/')}/{FEED}"
    try:
        client = httpx.Client(
            timeout=limits.seconds,
            follow_redirects=True,
            max_redirects=limits.redirects,
            headers={"User-Agent": "audiopress", "Accept-Encoding": "identity", "Origin": "https://example.org"},
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as problem:
        return [error(address, f"No connection can be made: {problem}.", "Mend the proxy in your environment.")]
    with client, ThreadPoolExecutor(limits.workers) as pool:
        asker = _Asker(client, limits)
        answer = asker.ask("GET", address)
        findings = list(_reached(address, answer, "the feed"))
        if findings and any(finding.level == "error" for finding in findings):
            return findings
        findings += _feed(address, answer, feed)
        channel, wrong = read_page(answer.body, address)
        findings += wrong
        if channel is None:
            return findings
        questions = list(_questions(channel, answer.address or address, limits))
        findings += chain.from_iterable(pool.map(lambda question: list(question.put(asker)), questions))
    return findings


class _Asker:
    """Asks one server after the other, within limits."""

    def __init__(self, client: httpx.Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits

    def ask(self, method: str, address: str, **headers: str) -> Answer:
        """Return what is answered, at most as much of it as the limits allow."""
        import httpx  # noqa: PLC0415 - the network is seldom asked

        began = time.monotonic()
        try:
            with self._client.stream(method, address, headers=headers) as response:
                body = bytearray()
                wanted = 2 if "Range" in headers else self._limits.bytes
                for piece in response.iter_raw() if method == "GET" else ():
                    body += piece
                    if len(body) > wanted:
                        break
                    if time.monotonic() - began > self._limits.whole:
                        return Answer(problem=f"takes longer than {self._limits.whole:g} seconds")
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, found, bytes(body), len(response.history), str(response.url))
        except httpx.TooManyRedirects:
            return Answer(problem=f"leads from one address to the next, more than {self._limits.redirects} times")
        except httpx.TimeoutException:
            return Answer(problem=f"does not answer within {self._limits.seconds:g} seconds")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as problem:
            return Answer(problem=f"cannot be reached ({str(problem).strip() or type(problem).__name__})")


@dataclass(frozen=True, slots=True)
class _Question:
    """A file that is to be asked for: ``name`` is what it is, as «the sound»."""

    address: str
    name: str
    kind: str  #: its media type
    length: str = ""  #: its bytes, "" where the feed does not say
    ranges: bool = False  #: players jump within it
    shared: bool = False  #: players in browsers read it, so it needs CORS

    def put(self, asker: _Asker) -> Iterator[Finding]:
        """Yield what is wrong with the answer."""
        answer = asker.ask("HEAD", self.address)
        unreached = list(_reached(self.address, answer, self.name))
        yield from unreached
        if any(finding.level == "error" for finding in unreached):
            return
        right = {self.kind, self.kind.replace("json+chapters", "json")}
        if answer.kind not in right:
            what = f"The type of {self.name} is served as {shown(answer.kind)}, but must be {self.kind}."
            yield (error if self.length else warning)(self.address, what, SERVER)
        length = answer.header("content-length")
        if self.length and length != self.length:
            said = f"{length} bytes" if length else "no length"
            what = f"The server says {said} of {self.name}, but the feed says {self.length} bytes."
            yield error(self.address, what, PUBLISH if length else SERVER)
        if self.shared and answer.header("access-control-allow-origin") not in {"*", "https://example.org"}:
            what = (
                f"Players in browsers may not read {self.name}: the header Access-Control-Allow-Origin: * is missing."
            )
            yield warning(self.address, what, SERVER)
        if self.ranges:
            yield from self._ranges(answer, asker)

    def _ranges(self, head: Answer, asker: _Asker) -> Iterator[Finding]:
        if "bytes" not in head.header("accept-ranges").lower():
            what = f"The server does not say that parts of {self.name} can be asked for (Accept-Ranges: bytes)."
            yield warning(self.address, what, SERVER)
        answer = asker.ask("GET", self.address, Range="bytes=0-1")
        right = f"bytes 0-1/{self.length}"
        if answer.problem:
            yield error(self.address, f"A part of {self.name} {answer.problem}.", SERVER)
        elif answer.status != _PARTIAL:
            what = f"The server does not give parts of {self.name} (it answers {answer.status}): nobody can jump in it."
            yield error(self.address, what, SERVER)
        elif answer.header("content-range").lower() != right or len(answer.body) != len(b"01"):
            said = shown(answer.header("content-range"))
            what = f"The server gives another part of {self.name} than was asked for: {said} for {right}."
            yield error(self.address, what, SERVER)


def _reached(address: str, answer: Answer, name: str) -> Iterator[Finding]:
    """Yield why a file was not reached, or what is wrong with the way to it."""
    if answer.problem:
        yield error(address, f"{name[0].upper()}{name[1:]} {answer.problem}.", ADDRESS)
    elif answer.status != _OK:
        remedy = PUBLISH if answer.status in {404, 410} else SERVER
        yield error(address, f"The server answers {answer.status} for {name}, not 200.", remedy)
    elif address.startswith("https:") and not answer.address.startswith("https:"):
        yield error(address, f"The address of {name} leads on to one that is not https.", SERVER)
    elif answer.hops:
        times = "once" if answer.hops == 1 else f"{answer.hops} times"
        what = f"The address of {name} leads on {times}, to {answer.address}: every listener waits for that."
        yield warning(address, what, ADDRESS)


def _feed(address: str, answer: Answer, feed: Path) -> Iterator[Finding]:
    """Yield what is wrong with the feed as it is served."""
    if not address.startswith("https://"):
        yield error(address, "The feed's address is not https, which Apple asks for.", ADDRESS)
    if answer.kind not in _FEED_TYPES:
        yield error(address, f"The feed is served as {shown(answer.kind)}, but must be application/rss+xml.", SERVER)
    try:
        same = read_file(feed) == answer.body
    except (OSError, ValueError) as problem:
        yield error(feed.name, f"The feed cannot be read: {why(problem)}.", "Run audiopress produce again.")
        return
    if not same:
        yield error(address, "The public feed is not the one in the folder.", PUBLISH)


def _questions(channel: _Element, base: str, limits: Limits) -> Iterator[_Question]:
    """Yield what to ask for: the cover, and the files of the newest episodes."""
    cover = attribute(channel, "itunes:image", "href")
    if cover:
        yield _Question(_join(base, cover), "the cover", _picture(cover))
    for item in channel.findall("item")[: limits.newest]:
        title = shown(text_of(item, "title"))
        enclosure = item.find("enclosure")
        if enclosure is not None and enclosure.get("url"):
            where, kind = _join(base, enclosure.get("url", "")), enclosure.get("type", "")
            yield _Question(where, f"the sound of {title}", kind, enclosure.get("length", ""), ranges=True)
        picture = attribute(item, "itunes:image", "href")
        if picture and picture != cover:
            yield _Question(_join(base, picture), f"the cover of {title}", _picture(picture))
        for tag in item.iterfind("podcast:*", NAMESPACES):
            name = str(tag.tag).rpartition("}")[2]
            if name in {"transcript", "chapters"} and tag.get("url"):
                what = f"a transcript of {title}" if name == "transcript" else f"the chapters of {title}"
                yield _Question(_join(base, tag.get("url", "")), what, tag.get("type", ""), shared=True)


def _picture(address: str) -> str:
    return "image/png" if address.lower().endswith(".png") else "image/jpeg"


def _join(base: str, address: str) -> str:
    """Return an absolute address; one that cannot be joined is asked for as it is, and fails there."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address
