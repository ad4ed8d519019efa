"""Persian for terminals that show letters unjoined and in the order in which they are stored."""

from __future__ import annotations

#: Signs that are turned round in right-to-left text (Unicode, BidiMirroring.txt), but for < and >, which mostly belong
#: to markup and arrows.
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_MIRRORED = _PAIRS | {close: opening for opening, close in _PAIRS.items()}


def shaped(line: str) -> str:
    """A line joined and reordered, to be written from the left: ``گفت (۱۲)`` → ``(۱۲) ﺖﻔﮔ``."""
    # Only terminals that need them pay for these imports.
    from arabic_reshaper import reshape  # noqa: PLC0415
    from bidi import get_display  # noqa: PLC0415

    return mirrored(str(get_display(reshape(line), base_dir="R")))


def mirrored(visual: str) -> str:
    """Turn round the brackets of a reordered line that stand in right-to-left text: ``»ﻞﻘﻧ«`` → ``«ﻞﻘﻧ»``.

    python-bidi reorders, and leaves that to who draws. In right-to-left text a bracket is seen closing before it opens.
    """
    letters = list(visual)
    waiting: list[int] = []
    for place, letter in enumerate(visual):
        if letter not in _MIRRORED:
            continue
        if waiting and _MIRRORED[letter] == visual[waiting[-1]]:
            begin = waiting.pop()
            if letter in _PAIRS:  # closed before it was opened: right-to-left
                letters[begin], letters[place] = letter, visual[begin]
        else:
            waiting.append(place)
    for place in waiting:
        letters[place] = _MIRRORED[visual[place]]
    return "".join(letters)
