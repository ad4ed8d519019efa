"""The line itself: the only place where the stages meet.

source → article → script → utterances → pronunciations → clips → programme → episode → feed
"""

from audiopress.press.line import Announcer, Line, Outcome, Progress
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

__all__ = [
    "FILTERS",
    "Announcer",
    "Line",
    "Outcome",
    "Progress",
    "SpokenSegment",
    "find",
    "framed",
    "load_own",
    "read_aloud",
    "script_report",
    "write",
]
