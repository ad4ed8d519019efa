"""Chapters as a JSON file (Podcasting 2.0, JSON chapters 1.2.0)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import ChapterMark, Told

VERSION = "1.2.0"  # a string, as the specification's own examples have it


def chapters_json(chapters: Sequence[ChapterMark], told: Sequence[Told] = ()) -> bytes:
    """Return the JSON file of an episode's chapters, UTF-8; times are seconds with three decimals.

    A chapter that tells a report of the web leads to it.

    Example::

        chapters_json((ChapterMark(0, "خبر"), ChapterMark(61500, "گرما")))
        # → {"version": "1.2.0", "chapters": [{"startTime": 0.0, "title": "خبر"}, {"startTime": 61.5, …}]}
    """
    links = {report.title: report.link for report in told if report.link}
    entries = [
        {"startTime": chapter.start / 1000, "title": chapter.title}
        | ({"url": links[chapter.title]} if chapter.title in links else {})
        for chapter in chapters
    ]
    return (json.dumps({"version": VERSION, "chapters": entries}, ensure_ascii=False, indent=1) + "\n").encode()
