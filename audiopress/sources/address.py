"""Which sources are addresses on the web."""

from __future__ import annotations


def is_address(source: str) -> bool:
    """Whether a source is an address on the web: ``"https://example.org/1"`` → True."""
    return source.lower().startswith(("http://", "https://"))
