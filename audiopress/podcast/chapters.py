"""Chapters as a JSON file (Podcasting 2.0, JSON chapters 1.2.0)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiopress.model import milliseconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Chapter

VERSION = "1.2.0"  # a string, as the specification's own examples have it


def chapters_json(chapters: Sequence[Chapter], sample_rate: int) -> bytes:
    """Return the JSON file of a programme's chapters, UTF-8; times are seconds with three decimals.

    Example::

        chapters_json((Chapter(0, 96000, "خبر"),), 48000)
        # → {"version": "1.2.0", "chapters": [{"startTime": 0.0, "title": "خبر"}]}
    """
    entries = [
        {"startTime": milliseconds(chapter.start, sample_rate) / 1000, "title": chapter.title} for chapter in chapters
    ]
    return (json.dumps({"version": VERSION, "chapters": entries}, ensure_ascii=False, indent=1) + "\n").encode()
