"""Pages in many layouts, against what a listener should hear of them: wild/README.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiopress.sources.boilerplate import skeleton
from audiopress.sources.html import read_html

FOLDER = Path(__file__).parent / "wild"
PAGES = sorted(FOLDER.glob("*.html"))
MISSES = [
    tuple(line.split("\t"))
    for line in (FOLDER / "misses.tsv").read_text(encoding="utf-8").splitlines()
    if line[0] != "#"
]
#: Their authors stand in running text, or in a box that no rule knows.
ANONYMOUS = frozenset({"blogir", "interview", "ilna", "independentpersian"})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_all_that_should_be_heard_is_and_nothing_else(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    article = read_html(path.read_bytes(), path.name, url=wanted["url"])
    title, *passages = article.passages
    assert skeleton(title.text) == skeleton(wanted["title"])
    heard = "|".join(skeleton(passage.text) for passage in passages)
    # One <br> inside a paragraph may part it: the marks between passages do not count for what is missing.
    missing = [text for _, text in wanted["read"] if skeleton(text) not in heard.replace("|", "")]
    said = [text for text in wanted["not_read"] if skeleton(text) in heard]
    known = {(what, text) for name, what, text in MISSES if name == path.stem}
    assert {("missing", text) for text in missing} | {("said", text) for text in said} == known
    should = "".join(skeleton(text) for _, text in wanted["read"])
    more = [passage.text for passage in passages if skeleton(passage.text) not in should]
    assert [text for text in more if not any(skeleton(miss) in skeleton(text) for _, miss in known)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_it_is_heard_in_order_and_under_its_headings(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    article = read_html(path.read_bytes(), path.name, url=wanted["url"])
    heard = [skeleton(passage.text) for passage in article.passages[1:]]
    texts = [skeleton(text) for _, text in wanted["read"]]
    assert [text for text in heard if text in texts] == [text for text in texts if text in heard]
    headings = {skeleton(passage.text) for passage in article.passages[1:] if passage.kind.value == "heading"}
    marked = {skeleton(text) for kind, text in wanted["read"] if kind == "heading"}
    assert headings <= marked
    assert marked <= headings or path.stem == "elementor", "questions of an accordion are links, not headings"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_date_and_author_come_along(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    origin = read_html(path.read_bytes(), path.name, url=wanted["url"]).origin
    if path.stem != "beytoote":  # an archive that tells its last change only
        assert when(origin.published) == when(wanted["published"])
    if path.stem not in ANONYMOUS:
        assert origin.byline == wanted["byline"]


def when(moment: str) -> datetime | str:
    """A moment in UTC; a day alone stays text, as does what is no date."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0) if "T" in moment else moment
