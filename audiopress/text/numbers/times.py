"""Times of day and lengths of time: ``۱۲:۳۰`` → ``دوازده و سی دقیقه``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiopress.text.numbers.cardinals import cardinal
from audiopress.text.numbers.number_data import START, just_before, near, shortly_before, style

if TYPE_CHECKING:
    from audiopress.text.numbers.number_data import Rule

_HOURS, _MINUTES = range(25), range(60)


def clock(hour: int, minute: int, second: int = 0) -> str:
    """Say a time of day: ``8, 5`` → ``هشت و پنج دقیقه``; a full hour is the hour alone."""
    words = [cardinal(str(hour))]
    if minute == 30 and not second and style().half_hour == "half":  # noqa: PLR2004 - half an hour
        return f"{words[0]} و نیم"
    if minute:
        words.append(f"{cardinal(str(minute))} دقیقه")
    if second:
        words.append(f"{cardinal(str(second))} ثانیه")
    return " و ".join(words)


def _duration(parts: list[int], *, ends_in_minutes: bool) -> str:
    """Say a length of time; of two parts, a record has minutes and seconds, a film or flight hours and minutes."""
    units = ("ساعت", "دقیقه", "ثانیه")
    names = units[:2] if ends_in_minutes and len(parts) < len(units) else units[-len(parts) :]
    said = [f"{cardinal(str(value))} {name}" for value, name in zip(parts, names, strict=True) if value]
    return " و ".join(said) or f"{cardinal('0')} {names[-1]}"


def _with_colons(match: re.Match[str]) -> str:
    parts = [int(part) for part in match["time"].split(":")]
    after_hour = bool(
        re.search(r"ساعت(?:[\s\u200c]?های)?[\s:]*\Z", match.string[max(0, match.start() - 12) : match.start()])
    )
    hour, minute = parts[0], parts[1]
    if just_before(match, "ratio") or (shortly_before(match, "ratio", within=15) and not after_hour):
        return f"{cardinal(str(hour))} به {cardinal(str(minute))}"
    if not after_hour and shortly_before(match, "duration", within=25):
        return _duration(parts, ends_in_minutes=shortly_before(match, "long_duration", within=25))
    if (hour, minute) == (20, 30) and just_before(match, "programme"):
        return "بیست و سی"  # the name of the evening news
    if hour not in _HOURS and minute in _HOURS and len(parts) == 2:  # noqa: PLR2004 - hour and minute
        hour, minute = minute, hour  # «ساعت ۳۰:۹», typed from the right
    second = parts[2] if len(parts) == 3 else 0  # noqa: PLR2004 - hour, minute, second
    if hour not in _HOURS or minute not in _MINUTES or second not in _MINUTES:
        return match[0]
    return clock(hour, minute, second)


def _after_hour(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour not in _HOURS and minute in _HOURS:
        hour, minute = minute, hour
    elif len(match["minute"]) != 2:  # noqa: PLR2004 - «ساعت ۸/۵» is eight and a half
        return f"{match['before']}{cardinal(match['hour'])} و نیم" if match["minute"] == "5" else match[0]
    if hour not in _HOURS or minute not in _MINUTES:
        return match[0]
    return match["before"] + clock(hour, minute)


@cache
def time_rules() -> tuple[Rule, ...]:
    """Return the rules for times: with colons anywhere, with a dot or slash after ساعت."""
    dash = r"(?<=[0-9]:[0-9][0-9])\s?[-–—]\s?(?=[0-9]{1,2}:[0-9]{2})"
    unit = r"(?:\s?دقیقه(?![^\W\d_\u200c])(?!\u200c))?"
    hour = rf"(?P<before>{START}ساعت(?:[\s\u200c]?های)?[\s\u200c:]{{0,3}})"
    more = r"(?P<before>(?<=ساعت )[0-9]{1,2} و |(?<=دقیقه و )|(?<=دقیقه تا ))"
    return (
        (re.compile(dash), lambda _: " تا "),
        (
            re.compile(
                rf"(?<![0-9:.,/])(?P<time>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?"
                rf"|(?<=ساعت )[3-5][05]:[1-9])(?![0-9:])(?![.,/][0-9]){unit}"
            ),
            _with_colons,
        ),
        (re.compile(rf"{hour}(?P<hour>[0-9]{{1,2}})\s?[./]\s?(?P<minute>[0-9]{{1,2}})(?![0-9./:]){unit}"), _after_hour),
        (re.compile(rf"{more}(?P<hour>[0-9]{{1,2}})[./](?P<minute>[0-9]{{2}})(?![0-9./:]){unit}"), _after_hour),
        (re.compile(rf"{hour}0(?=[0-9](?![0-9:]))"), lambda m: m["before"]),
        # «رکورد ۹:۸»، «۲:۱» without a second digit are no times; scores and ratios take them
        (
            re.compile(r"(?<![0-9:])(?P<first>[0-9]{1,3}):(?P<second>[0-9]{1,6})(?![0-9:])"),
            lambda m: f"{m['first']} {'بر' if near(m, 'sport', within=100) else 'به'} {m['second']}",
        ),
    )
