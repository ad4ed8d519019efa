"""How long a programme is silent, and where: what the voice leaves to the one who puts its clips together."""

from __future__ import annotations

from types import MappingProxyType

from audiopress.model import Boundary

#: Seconds from the end of one utterance's speech to the beginning of the next. Pauses within a sentence (comma, colon)
#: belong to the voice and lie inside its clips. Readers' pauses fall into three classes, up to 0.2 s, 0.2-1 s and above
#: 1 s (Campione & Véronis 2002, "A large-scale multilingual study of silent pause duration"): sentences and paragraphs
#: take the middle and the upper part of the second class, as a newsreader's do, and what sets off a part of the
#: programme takes the third.
PAUSES = MappingProxyType(
    {
        Boundary.QUOTE: 0.30,  # the voice changes, which is heard as a boundary by itself: less than a sentence's end
        Boundary.SENTENCE: 0.45,
        Boundary.PARAGRAPH: 0.70,  # a listener hears that the thought is finished
        Boundary.HEADING: 0.60,  # a heading is followed by its text: less than a new paragraph
        Boundary.TITLE: 1.00,  # the title stands alone
        Boundary.SECTION: 1.10,  # the longest inside the programme: what follows is a new subject
        Boundary.END: 1.50,  # players cut to the next episode at once
    }
)
#: Seconds of silence before the first sound: players and wireless speakers swallow the first tenths.
LEAD_IN = 0.25
#: Seconds of silence at a chapter's beginning, so that jumping to it does not clip its first word.
CHAPTER_LEAD = 0.25
