"""Web and mail addresses, handles, hashtags and file names, said briefly."""

from __future__ import annotations

import re
from functools import cache

from audiopress.text.characters import LETTERS, ZWNJ
from audiopress.text.latin import say
from audiopress.text.tables import read_rows

_WORD = "A-Za-z0-9"
_NAME = f"[{_WORD}](?:[{_WORD}_-]*[{_WORD}])?"
_RUN = re.compile(f"[{_WORD}._%+-]+(?:@[{_WORD}.-]+)?")
_SCHEME = re.compile(r"\b(?:https?|ftp)://([^\s«»()<>\"'،؛]+)", re.IGNORECASE)
_HOST = re.compile(f"(?:www\\.)?({_NAME}(?:\\.{_NAME})+)", re.IGNORECASE)
_PATH = re.compile(f"(?<=[a-z])/[{_WORD}/_.?=&%#~+-]*", re.IGNORECASE)
_HASHTAG = re.compile(f"[#＃]([{LETTERS}{ZWNJ}\\w]+)")
_HANDLE = re.compile(r"(?<!\w)@(\w+)")
_INTRODUCED = re.compile("(?:نشانی|آدرس|سایت|وبسایت|وب‌سایت|وب سایت|درگاه|پایگاه|اینترنتی|لینک|تارنمای|ایمیل|رایانامه|الکترونیکی?|پست)[ :،]*$")
_PIECES = re.compile(r"[A-Za-z]+|\d+|-")
_FILE = re.compile(r"([\w-]+)\.([A-Za-z0-9]{1,5})(?!\w)")
#: Looking further back than this for the word "address" before an address would cost more than it tells.
_REACH = 20


@cache
def _endings() -> dict[str, str]:
    return {ending: spoken for ending, spoken, kind in read_rows("domains.tsv", 3) if kind == "domain"}


@cache
def _file_types() -> dict[str, str]:
    return {ending: spoken for ending, spoken, kind in read_rows("domains.tsv", 3) if kind == "file"}


def speak_links(text: str) -> str:
    """Return ``text`` with its links said as a newsreader would name them.

    ``https://www.irna.ir/news/1`` → ``نشانی ایرنا دات آی‌آر``: the site, not the path. ``a@gmail.com`` →
    ``اِی اَت جی‌میل دات کام``, ``#هوش_مصنوعی`` → ``هوش مصنوعی``, ``@irna`` → ``ایرنا``, ``report.pdf`` → ``ریپورت پی‌دی‌اِف``.
    """
    if "." in text or "@" in text or "://" in text:
        text = _SCHEME.sub(_address, text)
        text = _RUN.sub(_run, text)
        text = _FILE.sub(_file, text)
    text = _HANDLE.sub(lambda match: f" {_plain_name(match.group(1))} ", text)
    return _HASHTAG.sub(lambda match: f" {_plain_name(match.group(1))} ", text)


def _address(match: re.Match[str]) -> str:
    rest = match.group(1)
    host = re.split("[/?#:]", rest, maxsplit=1)[0]
    if not _HOST.fullmatch(host):
        return f"{_introduction(match)}{' دات '.join(_say_label(label) for label in host.split('.') if label)} "
    return f"{_introduction(match)}{_say_host(host)} {_trailing(rest)}"


def _trailing(rest: str) -> str:
    return rest[len(rest.rstrip(".!؟?:")) :]


def _introduction(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    return " " if _INTRODUCED.search(before) else " نشانی "


def _run(match: re.Match[str]) -> str:
    run = match.group()
    core = run.rstrip("._-%+")
    user, at, host = core.partition("@")
    tail = run[len(core) :]
    found = _HOST.fullmatch(host or user)
    if not found or not _is_domain(found.group(1)):
        return run
    if at:
        return f" {_plain_name(user)} اَت {_say_host(host)} {tail}"
    return f"{_introduction(match)}{_say_host(user)} {tail}"


def _is_domain(host: str) -> bool:
    return host.rpartition(".")[2].lower() in _endings()


def _say_host(host: str) -> str:
    host = re.sub(r"^www\.", "", host, flags=re.IGNORECASE)
    *names, ending = host.split(".")
    endings = _endings()
    said = [endings.get(name.lower(), "") if at and name.lower() in endings else _say_label(name) for at, name in enumerate(names)]
    return " دات ".join([*said, endings.get(ending.lower(), _say_label(ending))])


def _say_label(label: str) -> str:
    return " ".join("خط تیره" if piece == "-" else say(piece) if piece.isalpha() else piece for piece in _PIECES.findall(label))


def _plain_name(name: str) -> str:
    return re.sub(r"[_.%+-]+", " ", name).strip()


def _file(match: re.Match[str]) -> str:
    name, ending = match.groups()
    spoken = _file_types().get(ending.lower())
    return f" {_plain_name(name)} {spoken} " if spoken else match.group()
