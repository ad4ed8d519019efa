"""Small raised signs: marks of footnotes, which are not read, and powers, which are."""

from __future__ import annotations

import re
from typing import Any

_MARK = re.compile(r"[\[(]?\s*(?:[0-9۰-۹٠-٩]{1,3}|[*†‡↑])\s*[\])]?")
_TARGET = re.compile(r"#(?:_?ftn|_?edn|fn|cite|note|ref|endnote|footnote|پاورقی|پانویس)", re.IGNORECASE)
_UNIT = re.compile(r"(?:متر|[mM])\s*$")
_POWERS = {"2": "²", "3": "³", "۲": "²", "۳": "³"}


def is_note(element: Any) -> bool:
    """Whether an element is the mark of a footnote: ``<sup>[1]</sup>``, ``<a href="#fn1">1</a>``."""
    if not _MARK.fullmatch(_whole(element)):
        return False
    return element.tag == "sup" or bool(_TARGET.match(element.get("href") or ""))


def power(before: str, element: Any) -> str:
    """The sign that a raised figure after a unit means, "" where it means none: «کیلومتر<sup>2</sup>» → «²»."""
    return _POWERS.get(_whole(element), "") if _UNIT.search(before) else ""


def _whole(element: Any) -> str:
    return "".join(element.itertext()).strip()
