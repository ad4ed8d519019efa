"""Numbers and names as the screen of the player writes them."""

from __future__ import annotations

import unicodedata

_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)
_EUROPEAN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_MINUTE = 60
#: The two that Persian spelling needs of all invisible letters: U+200C (half-space) and U+200D.
_JOINERS = frozenset("\u200c\u200d")


def digits(text: str) -> str:
    """The text with Persian digits: ``"1.5"`` → «۱.۵»."""
    return text.translate(_DIGITS)


def european(text: str) -> str:
    """The text with the digits of programs: «۱۲» → ``"12"``."""
    return text.translate(_EUROPEAN)


def clock(seconds: float) -> str:
    """A place in time by its last full second: 249.9 → «۴:۰۹», 3909 → «۱:۰۵:۰۹», −1 → «۰:۰۰»."""
    minutes, second = divmod(max(0, int(seconds)), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return digits(f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}")


def times(speed: float) -> str:
    """A speed: 1.0 → «۱×», 1.3 → «۱٫۳×»."""
    return digits(f"{speed:.1f}".removesuffix(".0").replace(".", "٫")) + "×"


def clean(text: str) -> str:
    r"""The text in one line, without what steers a terminal or the direction: ``"الف\x1b[2J"`` → «الف [2J».

    Titles come from files of strangers: an escape sequence in one must not reach the terminal.
    """
    kept = (
        letter if letter in _JOINERS or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else " "
        for letter in text
    )
    return " ".join("".join(kept).split())
