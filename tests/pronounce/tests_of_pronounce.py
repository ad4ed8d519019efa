"""What the tests of this room share."""

from __future__ import annotations

from hypothesis import strategies as st

from audiopress.model import Boundary, Role, Sentence, Utterance

PERSIAN = st.text(
    alphabet="ابپتثجچحخدذرزسشصضطظعغفقکگلمنوهیآأؤئءۀ\u200c\u064b\u064e\u064f\u0650\u0651\u0652\u0654 ،؛:.؟!"
)


def utterance(text: str) -> Utterance:
    return Utterance(Sentence(text, 1, Role.BODY, Boundary.SENTENCE), text)
