"""Web and mail addresses, handles, hashtags and file names, said briefly."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import LETTERS, ZWNJ
from audiopress.text.latin import known, say, spell
from audiopress.text.tables import one_of, read_rows

_WORD = "A-Za-z0-9"
_NAME = f"[{_WORD}](?:[{_WORD}_-]*[{_WORD}])?"
_RUN = re.compile(f'([{_WORD}._%+-]+(?:@[{_WORD}.-]+)?)(/[^\\s«»()<>"\u0027،؛]*)?')
_SCHEME = re.compile(r"\b(?:https?|ftp)://([^\s«»()<>\"'،؛]+)", re.IGNORECASE)
_HOST = re.compile(f"(?:www\\.)?({_NAME}(?:\\.{_NAME})+)", re.IGNORECASE)
_HASHTAG = re.compile(f"#(?!\\d+\\b)([{LETTERS}{ZWNJ}\\w]+)")
#: Codes dialled on a telephone; one typed from right to left begins with its #.
_DIALLED = re.compile(r"[*#](?:[\d]+[*#])+")
_HANDLE = re.compile(r"(?<!\w)@(\w+)")
_PIECES = re.compile(r"[A-Za-z]+|\d+|-")
_FILE = re.compile(r"([\w-]+)\.([A-Za-z0-9]{1,5})(?!\w)")
#: Looking further back than this for the word "address" before an address would cost more than it tells.
_REACH = 20
#: Labels up to this length are initials where no table knows them (in .ac.ir: iau, atu, ut).
_INITIALS = 3


@cache
def _endings() -> dict[str, str]:
    return {ending: spoken for ending, spoken, kind in read_rows("domains.tsv", 3) if kind == "domain"}


@cache
def _file_types() -> dict[str, str]:
    return {ending: spoken for ending, spoken, kind in read_rows("domains.tsv", 3) if kind == "file"}


def speak_links(text: str) -> str:
    """Return ``text`` with its links said as a newsreader would name them.

    ``https://www.irna.ir/news/1`` → ``نشانی ایرنا دات آی‌آر``: the site, not the path. ``a@gmail.com`` →
    ``اِی اَت جی‌میل دات کام``, ``#هوش_مصنوعی`` → ``هوش مصنوعی``, ``report.pdf`` →
    ``report پی‌دی‌اِف``; Latin words that are left are read by a later pass.
    """
    if "." in text or "@" in text or "://" in text:
        text = _SCHEME.sub(_address, text)
        text = _RUN.sub(_run, text)
        text = _FILE.sub(_file, text)
    if "*" in text:
        text = _DIALLED.sub(_dialled, text)
    text = _HANDLE.sub(lambda match: f" {_plain_name(match.group(1))} ", text)
    return _HASHTAG.sub(lambda match: f" {_plain_name(match.group(1))} ", text)


def _dialled(match: re.Match[str]) -> str:
    parts = re.findall(r"\d+|[*#]", match.group())
    if "#" not in parts:
        return match.group()
    if parts[0] == "#":
        parts.reverse()
    return f" {' '.join({'*': 'ستاره', '#': 'مربع'}.get(part, part) for part in parts)} "


def _address(match: re.Match[str]) -> str:
    rest = match.group(1)
    host = re.split("[/?#:]", rest, maxsplit=1)[0]
    if not _HOST.fullmatch(host):
        return f"{_introduction(match)}{' دات '.join(_say_label(label) for label in host.split('.') if label)} "
    return f"{_introduction(match)}{_say_host(host)} {_trailing(rest)}"


def _trailing(rest: str) -> str:
    return rest[len(rest.rstrip(".!؟?:")) :]


@cache
def _introduced() -> re.Pattern[str]:
    return re.compile(f'{one_of("address")}[ :،«"(]*$|\\.[a-z]{{2,}} (?:و|یا) $')


def _introduction(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    return " " if _introduced().search(before) else " نشانی "


def _run(match: re.Match[str]) -> str:
    run, path = match.group(1), match.group(2) or ""
    core = run.rstrip("._-%+")
    user, at, host = core.partition("@")
    tail = run[len(core) :]
    found = _HOST.fullmatch(host or user)
    if not found or not _is_domain(found.group(1)):
        return match.group()
    tail = tail or _trailing(path)
    if at:
        said = " دات ".join(_say_label(part) for part in user.split(".") if part)
        return f" {said} اَت {_say_host(host)} {tail}"
    return f"{_introduction(match)}{_say_host(user)} {tail}"


def _is_domain(host: str) -> bool:
    return host.rpartition(".")[2].lower() in _endings()


def _say_host(host: str) -> str:
    host = re.sub(r"^www\.", "", host, flags=re.IGNORECASE)
    *names, ending = host.split(".")
    endings = _endings()
    said = [
        endings.get(name.lower(), "") if at and name.lower() in endings else _say_label(name)
        for at, name in enumerate(names)
    ]
    return " دات ".join([*said, endings.get(ending.lower(), _say_label(ending))])


def _say_label(label: str) -> str:
    return known(label) or " ".join(_say_piece(piece) for piece in _PIECES.findall(label))


def _say_piece(piece: str) -> str:
    if piece == "-":
        return "خط تیره"
    if not piece.isalpha():
        return piece
    # Short labels are initials, as of universities: iau, atu.
    return known(piece) or (spell(piece) if len(piece) <= _INITIALS else say(piece))


def _plain_name(name: str) -> str:
    return re.sub(r"[_.%+-]+", " ", name).strip()


def _file(match: re.Match[str]) -> str:
    name, ending = match.groups()
    spoken = _file_types().get(ending.lower())
    return f" {_plain_name(name)} {spoken} " if spoken else match.group()
