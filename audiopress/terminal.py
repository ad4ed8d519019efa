"""What people see: tables, progress and Persian that reads from right to left, drawn with rich.

Terminals fall into two kinds. Some (VTE, Konsole, macOS Terminal, mlterm) lay out right-to-left text themselves and
must be given it as it is stored; the others show letters unjoined and in the wrong order unless the program shapes and
reorders them. ``AUDIOPRESS_BIDI`` = ``terminal`` or ``program`` overrules the guess. Piped output is never reordered.
"""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from audiopress.bidi import shaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.progress import TaskID

    from audiopress.doctor import Check
    from audiopress.model import Episode, Pronunciation, Script
    from audiopress.podcast.validate import Finding
    from audiopress.press import Outcome, SpokenSegment
    from audiopress.press.own import Settled
    from audiopress.publish.plan import Report
    from audiopress.show_setup import Question

MINUTE = 60


def terminal_reorders(environment: Mapping[str, str]) -> bool:
    """Whether the terminal lays out right-to-left text by itself, judged by the variables it sets."""
    choice = environment.get("AUDIOPRESS_BIDI", "")
    if choice in {"terminal", "program"}:
        return choice == "terminal"
    own = ("VTE_VERSION", "KONSOLE_VERSION", "MLTERM")
    return environment.get("TERM_PROGRAM") == "Apple_Terminal" or any(name in environment for name in own)


def layout(console: Console) -> Callable[[str], str]:
    """How one line of text must be written to ``console`` so that Persian reads from right to left."""
    if not console.is_terminal or terminal_reorders(os.environ):
        return lambda line: line
    return shaped


def persian(console: Console, text: str, width: int) -> Text:
    """Right-aligned Persian, wrapped to ``width`` cells before it is laid out, so that its lines stay in order."""
    shape = layout(console)
    lines = textwrap.wrap(text, max(width, 8)) or [""]
    return Text("\n".join(shape(line) for line in lines), justify="right")


def clock(seconds: float) -> str:
    """75.2 → ``1:15``, 3675 → ``1:01:15``."""
    minutes, rest = divmod(round(seconds), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Reporter:
    """Shows long work on standard error: one bar an article, moved by each utterance."""

    def __init__(self, *, quiet: bool) -> None:
        """Show nothing when ``quiet``."""
        self.console = Console(stderr=True, quiet=quiet)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total} sentences"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=quiet or not self.console.is_terminal,
        )
        self._task: TaskID | None = None
        self.notes: list[str] = []  #: what was noted so far

    def note(self, sentence: str) -> None:
        """Something to know that stops nothing, above the bars."""
        self.notes.append(sentence)
        self.console.print(f"! {sentence}", style="yellow", markup=False, highlight=False, soft_wrap=True)

    def begin(self, title: str, utterances: int) -> None:
        """An article with so many utterances starts."""
        self._task = self._progress.add_task(persian(self.console, title, 200).plain, total=utterances)

    def spoken(self) -> None:
        """One more utterance was spoken."""
        if self._task is not None:
            self._progress.advance(self._task)

    def mastering(self) -> None:
        """All is spoken; the programme is being mastered."""
        if self._task is not None:
            self._progress.update(self._task, description="mastering …")

    def end(self) -> None:
        """The article is done or was given up."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


class Sending:
    """Shows how far a show has been sent, on standard error: one bar a target, moved by every byte."""

    def __init__(self, *, quiet: bool) -> None:
        """Show nothing when ``quiet``."""
        self.console = Console(stderr=True, quiet=quiet)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=quiet or not self.console.is_terminal,
        )
        self._task: TaskID | None = None

    def begin(self, target: str, steps: int, size: int) -> None:
        """So many steps and bytes are ahead."""
        del steps
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(target, total=size or None)

    def step(self, action: str, name: str) -> None:
        """One step was done, or in a dry run would be."""
        if self.console.is_terminal:
            self.console.print(f"{action} {name}", markup=False, highlight=False)

    def moved(self, size: int) -> None:
        """So many more bytes have been sent."""
        if self._task is not None:
            self._progress.advance(self._task, size)

    def waiting(self, seconds: float, why: str) -> None:
        """Something failed and is tried again after so many seconds."""
        self.console.print(f"{why} Trying again in {seconds:.0f} s.", markup=False, highlight=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def show_reports(reports: Iterable[Report], console: Console) -> None:
    """What became of a show at each target; a dry run names each step."""
    for report in reports:
        would = "would be " if report.dry_run else ""
        if report.dry_run:
            for step in report.steps:
                console.print(f"  {step.action} {step.name}", markup=False, highlight=False)
        counts = f"{report.sent} {would}sent ({report.bytes / 1e6:.1f} MB), {report.kept} there already"
        removed = f", {report.removed} {would}removed" if report.removed else ""
        console.print(f"{report.target}: {counts}{removed}", markup=False, highlight=False)
        for note in report.notes:
            console.print(f"  {note}", markup=False, highlight=False)


def show_outcomes(outcomes: Iterable[Outcome], console: Console) -> None:
    """A table of what was produced: ``title │ length │ status │ file``."""
    table = Table(box=None, pad_edge=False)
    for name in ("length", "", "file"):
        table.add_column(name, overflow="fold")
    table.add_column("title", justify="right")
    for outcome in outcomes:
        title = persian(console, outcome.title, max(console.width // 2, 20))
        table.add_row(clock(outcome.seconds), outcome.status, str(outcome.path), title)
    console.print(table)


def show_script(script: Script, segments: Sequence[SpokenSegment], console: Console) -> None:
    """What will be said, segment by segment, then what will not be and why."""
    for part in segments:
        table = _passages(f"[bold]{part.segment.kind}[/]")
        for pronunciation in part.pronunciations:
            utterance = pronunciation.utterance
            spoken = persian(console, utterance.spoken, _half(console))
            table.add_row(str(utterance.sentence.line), _phonemes(pronunciation), spoken)
        console.print(table)
    if script.dropped:
        table = _passages("[bold]not read[/]")
        for dropped in script.dropped:
            row = persian(console, dropped.text, _half(console))
            table.add_row(str(dropped.line), f"[yellow]{escape(dropped.why)}[/]", row)
        console.print(table)
    _show_doubts(segments, console)


def _phonemes(pronunciation: Pronunciation) -> str:
    """The phonemes of an utterance, its doubtful words marked: ``pɒdeʃɒhe molk?``."""
    return " ".join(
        f"[bold yellow]{word.plain}?[/]" if word.doubts else f"[cyan]{word.plain}[/]" for word in pronunciation.words
    )


def _show_doubts(segments: Sequence[SpokenSegment], console: Console) -> None:
    """The doubtful words of a script, each once with why, and how to settle one."""
    doubts: dict[tuple[str, str], set[str]] = {}
    for part in segments:
        for pronunciation in part.pronunciations:
            for word in pronunciation.words:
                if word.doubts:
                    doubts.setdefault((word.spoken, word.plain), set()).update(word.doubts)
    if not doubts:
        return
    table = Table(title="[bold]doubtful[/]", title_justify="left", show_header=False, box=None, padding=(0, 1, 0, 0))
    table.add_column(width=4)
    table.add_column(style="yellow")
    table.add_column(style="dim")
    table.add_column(justify="right")
    for (spoken, phonemes), reasons in doubts.items():
        table.add_row("", f"{phonemes}?", ", ".join(sorted(reasons)), persian(console, spoken, _half(console)))
    console.print(table)
    console.print('Settle a word with: audiopress lexicon add WORD "READING"', style="dim", highlight=False)


def _passages(title: str) -> Table:
    """A table of line number, a Latin column and a Persian one, with a little air between its rows."""
    table = Table(title=title, title_justify="left", show_header=False, expand=True, box=None, padding=(0, 1, 1, 0))
    table.add_column(justify="right", style="dim", width=4)
    table.add_column(ratio=1)
    table.add_column(ratio=1, justify="right")
    return table


def _half(console: Console) -> int:
    """The width of each of the two columns of text."""
    return max((console.width - 8) // 2, 20)


def show_lexicon(entries: Iterable[Settled], console: Console) -> None:
    """A listener's own words: ``phonemes │ reading │ word │ file, and what is worth knowing``."""
    table = Table(box=None, pad_edge=False)
    table.add_column("phonemes", style="cyan")
    for name in ("reading", "word"):
        table.add_column(name, justify="right")
    table.add_column("file", style="dim", overflow="fold")
    for entry in entries:
        notes = "".join(f"\n[yellow]! {escape(note)}[/]" for note in entry.notes)
        reading = entry.reading if entry.reading.startswith("/") else persian(console, entry.reading, _half(console))
        written = persian(console, entry.written, _half(console))
        table.add_row(entry.phonemes, reading, written, escape(entry.where) + notes)
    console.print(table)


def show_episodes(episodes: Iterable[Episode], console: Console) -> None:
    """A table of a show's episodes: ``slug │ date │ length │ voice │ title``."""
    table = Table(box=None, pad_edge=False)
    for name in ("episode", "published", "length", "voice"):
        table.add_column(name, overflow="fold")
    table.add_column("title", justify="right")
    for episode in episodes:
        title = persian(console, episode.title, max(console.width // 2, 20))
        table.add_row(episode.slug, episode.published[:10], clock(episode.seconds), episode.voice, title)
    console.print(table)


def show_findings(findings: Sequence[Finding], console: Console) -> None:
    """What a check of a show found, the worst first, each with what to do; or that all is well."""
    for finding in sorted(findings, key=lambda each: each.level):
        sign = "[red]✗[/]" if finding.level == "error" else "[yellow]![/]"
        console.print(f"{sign} {escape(finding.where)}: {escape(finding.what)}", highlight=False)
        console.print(f"    → {escape(finding.remedy)}", highlight=False)
    errors = sum(finding.level == "error" for finding in findings)
    if findings:
        console.print(f"{errors} to mend, {len(findings) - errors} to look at.", highlight=False)
    else:
        console.print("[green]✓[/] nothing to mend", highlight=False)


def ask(questions: Iterable[Question], wrong: Callable[[str, object], str]) -> dict[str, str]:
    """Ask each question until ``wrong(key, answer)`` finds nothing wrong; an empty answer leaves a setting out."""
    console = Console(stderr=True)
    answers: dict[str, str] = {}
    for question in questions:
        while True:
            shown = f" [dim]({question.default})[/]" if question.default else ""
            answer = console.input(f"{question.asked}{shown}: ").strip() or question.default
            complaint = wrong(question.key, answer)
            if not complaint:
                break
            console.print(f"[red]{escape(complaint)}[/]", highlight=False)
        if answer:
            answers[question.key] = answer
    return answers


def show_rows(rows: Iterable[tuple[str, ...]], header: tuple[str, ...], console: Console) -> None:
    """A plain table."""
    table = Table(*header, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def show_checks(checks: Iterable[Check], console: Console) -> None:
    """What works on this machine, and what to do about the rest."""
    for check in checks:
        sign = "[green]✓[/]" if check.ok else "[red]✗[/]"
        console.print(f"{sign} {check.name}: {check.detail}", highlight=False)
        if check.remedy:
            console.print(f"    → {check.remedy}", highlight=False)


def standard_console() -> Console:
    """The console of standard output; wide when piped, so that nothing is folded."""
    return Console(width=None if sys.stdout.isatty() else 160)
