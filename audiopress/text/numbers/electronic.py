"""Numbers of the digital world: IP addresses, versions, service codes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import spoken_number
from audiopress.text.numbers.number_data import START, context

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_DOT = " نقطه "
_STAR, _SQUARE = "ستاره", "مربع"
_OCTET_LIMIT = 256


def _dotted(match: re.Match[str]) -> str:
    return _DOT.join(spoken_number(part) for part in match["dotted"].split("."))


def _address(match: re.Match[str]) -> str:
    parts = match["dotted"].split(".")
    return _dotted(match) if all(int(part) < _OCTET_LIMIT for part in parts) else match[0]


def _service_code(match: re.Match[str]) -> str:
    """Say a dialled code from its star to its square, whichever side they were typed on."""
    parts = re.findall("[0-9]+", match[0])
    if match[0].startswith("#"):
        parts.reverse()
    return " ".join([*(f"{_STAR} {spoken_number(part)}" for part in parts), _SQUARE])


@cache
def electronic_rules() -> tuple[Rule, ...]:
    """Return the rules for ``192.168.1.1``, ``نسخه ۱۸.۲`` → ``نسخه هجده نقطه دو`` and ``*۷۲۰#``."""
    code = "[0-9]{1,16}"
    return (
        (re.compile(rf"\*{code}(?:\*{code}){{0,5}}\s?#|#\s?{code}(?:\*{code}){{0,5}}\*"), _service_code),
        (re.compile(r"(?<![0-9.])(?P<dotted>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?![.]?[0-9])"), _address),
        (
            re.compile(
                rf"(?P<before>{START}{context('version', 'section_dotted')}[\s\u200c]*)"
                r"(?P<dotted>[0-9]{1,4}(?:\.[0-9]{1,6}){1,4})(?!\.?[0-9])"
                r"(?!\s?(?:درصد|%|میلیون|میلیارد|هزار))"
            ),
            lambda m: m["before"] + _dotted(m),
        ),
        # Three or more short parts with dots are a version or a numbered heading: ۳.۱.۴
        (re.compile(r"(?<![0-9./])(?P<dotted>[0-9]{1,2}(?:\.[0-9]{1,2}){2,4})(?![./]?[0-9])"), _dotted),
        (re.compile(r"#\s?(?=[0-9])|№\s?(?=[0-9])"), lambda _: "شماره "),
    )
