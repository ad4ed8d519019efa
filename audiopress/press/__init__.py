"""The line itself: the only place where the stages meet.

source → article → script → utterances → pronunciations → clips → programme → episode → feed
"""

from audiopress.press.line import Announcer, Line, Outcome
from audiopress.press.own import load_own
from audiopress.press.reading import (
    FILTERS,
    SpokenSegment,
    find,
    framed,
    read_aloud,
    script_report,
    write,
)
from audiopress.press.recording import Progress
from audiopress.press.web import open_web
from audiopress.tts.engine import Places

__all__ = [
    "FILTERS",
    "Announcer",
    "Line",
    "Outcome",
    "Places",
    "Progress",
    "SpokenSegment",
    "find",
    "framed",
    "load_own",
    "open_web",
    "read_aloud",
    "script_report",
    "write",
]
