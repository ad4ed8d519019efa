"""Word by word: the transcript as the podcast namespace's JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiopress.model import milliseconds
from audiopress.podcast.alignment import is_aligned, timed_words, written_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiopress.model import Cue

VERSION = "1.0.0"  # of the format: podcast-namespace, transcripts.md, "JSON"


def words_json(cues: Sequence[Cue], sample_rate: int) -> bytes:
    """Return the words of a programme as the article spells them, each with its time in seconds, UTF-8.

    Example::

        words_json((Cue(12000, 96000, pronunciation, marks),), 48000)
        # → {"version": "1.0.0", "timing": "aligned", "segments": [
        #    {"startTime": 0.25, "endTime": 0.81, "body": "سلام"}, …]}

    Times are whole milliseconds. ``timing`` is a member of our own, which readers pass over: "aligned" where the voice
    told the place of every word, "estimated" where for any sentence it was reckoned from the number of phonemes.
    """
    segments = [
        {
            "startTime": milliseconds(word.start, sample_rate) / 1000,
            "endTime": milliseconds(word.stop, sample_rate) / 1000,
            "body": word.text,
        }
        for cue in cues
        for word in timed_words(cue, written_words(cue))
    ]
    timing = "aligned" if all(is_aligned(cue) for cue in cues) else "estimated"
    document = {"version": VERSION, "timing": timing, "segments": segments}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")
