"""Persian for terminals that do not lay it out: joined, reordered, its brackets the right way round."""

from __future__ import annotations

import pytest

from audiopress.bidi import mirrored, shaped


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("سلام", "ﻡﻼﺳ"),
        ("«نقل»", "«ﻞﻘﻧ»"),
        ("گفت (۱۲)", "(۱۲) ﺖﻔﮔ"),
        ("«الف «ب» ج»", "«ﺝ «ﺏ» ﻒﻟﺍ»"),
        ("Google (US)", "Google (US)"),
        ("[الف] و {ب}", "{ﺏ} ﻭ [ﻒﻟﺍ]"),
        ("", ""),
    ],
)
def test_a_line_is_seen_as_it_is_read(written: str, seen: str) -> None:
    assert shaped(written) == seen


def test_a_bracket_without_its_other_half_is_turned_round() -> None:
    assert mirrored("ﺏ)") == "ﺏ("
