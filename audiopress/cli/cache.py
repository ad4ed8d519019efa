"""The commands that look after the user's cache: cache info and cache clear."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.filesize import decimal

from audiopress import terminal
from audiopress.cli.report import OK, print_json
from audiopress.config import cache_folder, load_settings
from audiopress.tts.cache_contents import clear_all, clear_clips, clear_old, inventory

if TYPE_CHECKING:
    import argparse

    from audiopress.tts.cache_contents import Cleared, Inventory
    from audiopress.tts.cache_models import Model

UNKNOWN = "(not noted)"  # the voice of a clip from before voices were noted


def run_info(arguments: argparse.Namespace) -> int:
    """Say what is in the cache."""
    found = inventory(cache_folder())
    limit = load_settings(arguments.output, {}).cache_size
    if arguments.json:
        print_json(_report(found, limit))
        return OK
    console = terminal.standard_console()
    console.print(str(found.folder), highlight=False, markup=False, soft_wrap=True)
    terminal.show_rows(_rows(found, limit), ("what", "how many", "size", "note"), console)
    return OK


def run_clear(arguments: argparse.Namespace) -> int:
    """Delete clips, or more, and say what was freed."""
    cache = cache_folder()
    if arguments.all:
        cleared = clear_all(cache)
    elif arguments.old:
        cleared = clear_old(cache)
    else:
        cleared = clear_clips(cache, arguments.voice or "")
    if arguments.json:
        print_json({"folder": str(cache)} | asdict(cleared))
    elif not arguments.quiet:
        terminal.standard_console().print(_sentence(cleared), highlight=False)
    return OK


def _sentence(cleared: Cleared) -> str:
    named = (("clip", cleared.clips), ("converted model", cleared.models), ("piece of music", cleared.music))
    gone = ", ".join(_counted(count, what) for what, count in named if count) or "nothing"
    said = f"Deleted {gone}: {decimal(cleared.freed)} freed."
    if cleared.in_use:
        said += f" {cleared.in_use} more in use by a running audiopress; clear again when it is done."
    return said


def _counted(count: int, what: str) -> str:
    """``(2, "piece of music")`` → ``2 pieces of music``."""
    first, *rest = what.split(" ", 1) if what.startswith("piece") else (what,)
    return " ".join((str(count), first if count == 1 else f"{first}s", *rest))


def _rows(found: Inventory, limit: int) -> list[tuple[str, ...]]:
    used = f", used {_day(found.oldest)} to {_day(found.newest)}" if found.clips.count else ""
    busy = f", {found.in_use} in use now" if found.in_use else ""
    rows: list[tuple[str, ...]] = [
        ("clips", str(found.clips.count), decimal(found.clips.size), f"of {decimal(limit)}{used}{busy}")
    ]
    rows += [(f"  {voice or UNKNOWN}", str(heap.count), decimal(heap.size), "") for voice, heap in found.voices]
    rows += [
        ("model", "1", decimal(model.size), f"{model.path.name}, {_state(model, found)}") for model in found.models
    ]
    rows.append(("music", str(found.music.count), decimal(found.music.size), ""))
    if found.litter.count:
        rows.append(("left over", str(found.litter.count), decimal(found.litter.size), "goes with: cache clear"))
    return rows


def _state(model: Model, found: Inventory) -> str:
    if model.path.name == found.current:
        return "the one in use"
    return f"old, last used {_day(model.used)}; goes with: cache clear --old"


def _report(found: Inventory, limit: int) -> dict[str, object]:
    """The cache as JSON: sizes in bytes, times in ISO 8601, null where there is none."""
    return {
        "folder": str(found.folder),
        "clips": {
            **asdict(found.clips),
            "limit": limit,
            "in_use": found.in_use,
            "oldest": _moment(found.oldest),
            "newest": _moment(found.newest),
            "voices": {voice: asdict(heap) for voice, heap in found.voices},
        },
        "models": [
            {
                "file": model.path.name,
                "size": model.size,
                "used": _moment(model.used),
                "current": model.path.name == found.current,
            }
            for model in found.models
        ],
        "music": asdict(found.music),
        "left_over": asdict(found.litter),
    }


def _moment(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(timespec="seconds") if seconds else None


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d")
