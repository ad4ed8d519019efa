"""The commands about voices: list, show, preview, install and remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from audiopress import doctor, press, terminal
from audiopress.cli.report import FAILED, OK, complain, places, print_json
from audiopress.config import Settings
from audiopress.errors import AudiopressError, ConfigError
from audiopress.tts import install
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from audiopress.model import Voice

#: What a preview says; {name} is the voice's.
SENTENCE = "سلام، من {name} هستم. خبرهای امروز را برایتان می‌خوانم: هوا آفتابی است، راه‌ها بازند و عصر، باران می‌بارد."
#: How the names of our voices are written; others are read letter by letter.
NAMES = {
    "amir": "امیر",
    "arash": "آرش",
    "dilara": "دلارا",
    "farid": "فرید",
    "ganji": "گنجی",
    "google": "گوگل",
    "gyro": "جایرو",
    "kian": "کیان",
    "mana": "مانا",
    "nasim": "نسیم",
    "reza-ibrahim": "رضا ابراهیم",
}


def own_folder() -> Path:
    """The user's voices: their own voice files, and a folder for each voice that was installed."""
    return places().data / "voices"


def run_list(arguments: argparse.Namespace) -> int:
    """List every voice and whether it can be used here."""
    rows = doctor.voice_rows()
    if arguments.json:
        print_json([row.report() for row in rows])
        return OK
    table = [(row.name, row.engine, row.gender, row.state, row.licence, row.description) for row in rows]
    console = terminal.standard_console()
    header = ("name", "engine", "gender", "state", "licence", "what it is")
    terminal.show_rows([tuple(map(escape, row)) for row in table], header, console)
    console.print(f"Your own voice files belong into {own_folder()}", markup=False, highlight=False, soft_wrap=True)
    return OK


def run_show(arguments: argparse.Namespace) -> int:
    """Show all that is known of a voice."""
    facts = described(find_voice(arguments.name, own_folder()))
    if arguments.json:
        print_json(facts)
        return OK
    rows = [
        (key.replace("_", " ") if not place else "", escape(line))
        for key, value in facts.items()
        for place, line in enumerate(told(value))
        if line and key != "name"
    ]
    terminal.show_rows(rows, ("voice", escape(arguments.name)), terminal.standard_console())
    return OK


def described(voice: Voice) -> dict[str, Any]:
    """What the file of a voice says, and what became of it on this machine; no key is ever in it."""
    known = {each.file: each for each in install.installed(voice, own_folder())}
    files = [
        {
            "file": each.file,
            "url": each.url,
            "size": known[each.file].size if each.file in known else each.size,
            "sha256": each.sha256 or (known[each.file].sha256 if each.file in known else ""),
            "verified": bool(each.sha256),
        }
        for each in voice.downloads
    ]
    delivery = {name: getattr(voice.delivery, name) for name in ("rate", "pitch", "volume")}
    return {
        "name": voice.name,
        "description": voice.description,
        "state": doctor.voice_state(voice),
        "engine": voice.engine,
        "language": voice.language,
        "gender": voice.gender,
        "input": str(voice.input),
        "sample_rate": voice.sample_rate,
        "online": voice.online,
        "key": voice.key,
        "cost": voice.cost,
        "quality": voice.quality,
        "licence": voice.licence,
        "attribution": voice.attribution,
        "delivery": delivery,
        "options": dict(voice.options),
        "folder": str(own_folder() / voice.name) if voice.downloads else "",
        "files": files,
    }


def told(value: Any) -> list[str]:
    """A fact as lines for people: a file is one line, so is a group of settings."""
    if isinstance(value, bool):
        return ["what it says is sent to a service" if value else "no, it speaks on this machine"]
    if isinstance(value, dict):
        return [", ".join(f"{key} {each}" for key, each in value.items())]
    if isinstance(value, list):
        return [line for each in value for line in (f"{each['file']} ({size(each['size'])})", each["url"], seal(each))]
    return [str(value)]


def size(count: int) -> str:
    """Bytes for people: 63531379 → ``63.5 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count} bytes" if count else "size not known"  # noqa: PLR2004 - 0.1 MB


def seal(file: dict[str, Any]) -> str:
    """How a file's content is known."""
    if not file["sha256"]:
        return "SHA-256 not known"
    return f"SHA-256 {file['sha256']}{'' if file['verified'] else ' as received; nobody vouches for it'}"


def run_preview(arguments: argparse.Namespace) -> int:
    """Let a voice say a sentence into a file."""
    voice = find_voice(arguments.name, own_folder())
    path = arguments.output or Path(f"{voice.name}.mp3")
    text = arguments.text or SENTENCE.format(name=NAMES.get(voice.name, voice.name.replace("-", " ")))
    with (
        terminal.Reporter(quiet=arguments.quiet or arguments.json) as reporter,
        press.Line(Settings(voice=voice.name), places(), reporter) as line,
    ):
        outcome = line.say(text, path)
    if arguments.json:
        print_json(outcome.report() | {"notes": reporter.notes})
    elif not arguments.quiet:
        terminal.show_outcomes([outcome], terminal.standard_console())
    return OK


def run_install(arguments: argparse.Namespace) -> int:
    """Download the files of voices; one that fails is told and does not stop the others."""
    voices = [find_voice(name, own_folder()) for name in dict.fromkeys(arguments.name)]
    reports: list[dict[str, Any]] = []
    failures: list[tuple[str, str]] = []
    for voice in voices:
        try:
            reports.append(installing(voice, quiet=arguments.quiet or arguments.json))
        except AudiopressError as error:
            failures.append((voice.name, str(error)))
    if arguments.json:
        print_json({"voices": reports, "failures": [{"name": name, "error": sentence} for name, sentence in failures]})
    elif not arguments.quiet:
        show_reports(reports)
    for _, sentence in failures:
        complain(sentence)
    return FAILED if failures else OK


def installing(voice: Voice, *, quiet: bool) -> dict[str, Any]:
    """Install one voice and report what became of it."""
    if not voice.downloads:
        state = doctor.voice_state(voice)
        if state != "installed":
            raise ConfigError(state)
        return {"name": voice.name, "status": "ready", "state": state, "folder": "", "files": []}
    before = install.installed(voice, own_folder())
    with terminal.Sending(quiet=quiet) as bar:
        received = install.install(voice, own_folder(), Bar(bar, voice.name))
    return {
        "name": voice.name,
        "status": "unchanged" if received == before else "installed",
        "state": doctor.voice_state(voice),
        "folder": str(own_folder() / voice.name),
        "files": [each.report() for each in received],
    }


class Bar:
    """Moves the bar of a download to where it has come."""

    def __init__(self, bar: terminal.Sending, name: str) -> None:
        """Show nothing before the first byte."""
        self._bar, self._name = bar, name
        self._done, self._total = 0, -1

    def __call__(self, done: int, total: int) -> None:
        """So many bytes of so many are there; 0 where their number is not known."""
        if total != self._total:
            self._bar.begin(self._name, 0, total)
            self._done, self._total = 0, total
        self._bar.moved(done - self._done)
        self._done = done


def show_reports(reports: Sequence[dict[str, Any]]) -> None:
    """What was installed where, what could not be verified, and what is still to do."""
    console = terminal.standard_console()
    for report in reports:
        total = sum(each["size"] for each in report["files"])
        where = f" in {report['folder']} ({size(total)})" if report["files"] else ""
        lines = [f"{report['name']}: {report['status']}{where}"]
        lines += [
            f"  ! {each['file']} could not be verified; what came has the SHA-256 {each['sha256']}"
            for each in report["files"]
            if not each["verified"]
        ]
        if report["state"] != "installed":
            lines.append(f"  → {report['state']}")
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def run_remove(arguments: argparse.Namespace) -> int:
    """Remove the files of a voice."""
    voice = find_voice(arguments.name, own_folder())
    if not voice.downloads:
        raise ConfigError(f"The voice {voice.name} has no files of its own that could be removed.")
    if not install.remove(voice, own_folder()):
        raise ConfigError(f"The voice {voice.name} is not installed; see: audiopress voices")
    folder = str(own_folder() / voice.name)
    if arguments.json:
        print_json({"removed": voice.name, "folder": folder})
    elif not arguments.quiet:
        terminal.standard_console().print(f"Removed {folder}", highlight=False, markup=False, soft_wrap=True)
    return OK
