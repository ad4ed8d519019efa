"""Sentence → Utterance: its spoken form, ended as its place in the script asks."""

from __future__ import annotations

from audiopress.model import Boundary, Role, Sentence, Utterance
from audiopress.text.characters import PAUSES
from audiopress.text.clauses import mark_clauses
from audiopress.text.normalize import normalize
from audiopress.text.readings import NONE, Readings

_ENDS = (".", "؟", "!")


def utter(sentence: Sentence, readings: Readings = NONE) -> Utterance:
    """Return how a sentence is said: a body sentence ``باران آمد؛`` → ``باران آمد.``.

    Titles and headings keep the end they have. Everything else ends in ``.``, ``؟`` or ``!``, for a voice that meets
    no mark does not fall; a sentence without a word stays empty. What comes before another's words ends in a colon.
    """
    spoken = normalize(sentence.written, readings)
    if spoken and sentence.boundary is Boundary.QUOTE and sentence.role is Role.BODY:
        return Utterance(sentence, mark_clauses(spoken.rstrip(PAUSES) + ":"))
    if spoken and sentence.role not in {Role.TITLE, Role.HEADING} and not spoken.endswith(_ENDS):
        spoken = mark_clauses(spoken.rstrip(PAUSES) + ".")
    return Utterance(sentence, spoken)
