"""Sentence → Utterance: which mark a spoken sentence ends in."""

import pytest

from audiopress.model import Boundary, Role, Sentence
from audiopress.text.utterances import utter


def spoken(written: str, role: Role = Role.BODY) -> str:
    sentence = Sentence(written, 1, role, Boundary.SENTENCE)
    utterance = utter(sentence)
    assert utterance.sentence is sentence
    return utterance.spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("باران آمد؛", "باران آمد."),
        ("باران آمد", "باران آمد."),
        ("کتاب «شب دراز»", "کتاب شب دراز."),
        ("به شرح زیر است:", "به شرح زیر است."),
        ("باران آمد!", "باران آمد!"),
        ("باران آمد؟", "باران آمد؟"),
        ("آیا باران آمد", "آیا باران آمد؟"),
        ("(همه آمدند)", "همه آمدند."),
        ("***", ""),
    ],
)
def test_a_body_sentence_ends_in_a_full_stop_or_its_own_mark(written: str, said: str) -> None:
    assert spoken(written) == said
    assert spoken(said) == said


@pytest.mark.parametrize("role", [Role.TITLE, Role.HEADING])
def test_titles_and_headings_keep_their_end(role: Role) -> None:
    assert spoken("باران در شهر", role) == "باران در شهر"
    assert spoken("باران در شهر؟", role) == "باران در شهر؟"


def test_a_credit_ends_too() -> None:
    assert spoken("منبع: ماهنامه باران", Role.CREDIT) == "منبع: ماهنامه باران."
