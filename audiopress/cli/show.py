"""The commands that look after a show: init, episodes, delete, validate and publish."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audiopress import show_setup, shows, terminal
from audiopress.cli.report import FAILED, OK, complain, print_json
from audiopress.config import FILE_NAME, data_folder, load_settings
from audiopress.errors import ConfigError, PublishError
from audiopress.podcast.feed import FEED

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from audiopress.config import Settings
    from audiopress.publish.plan import Report


def run_init(arguments: argparse.Namespace) -> int:
    """Set a show up, from flags, and from answers where somebody is there to be asked."""
    answers: dict[str, Any] = {
        question.key: getattr(arguments, question.key)
        for question in show_setup.QUESTIONS
        if getattr(arguments, question.key, None) is not None
    }
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise ConfigError("Nobody is there to answer; give --title, --author, --email … and --yes.")
        open_questions = [each for each in show_setup.QUESTIONS if each.needed and each.key not in answers]
        answers |= terminal.ask(open_questions, show_setup.check_setting)
    path = show_setup.init(arguments.folder, answers)
    if arguments.json:
        print_json({"file": str(path)})
    elif not arguments.quiet:
        console = terminal.standard_console()
        console.print(f"{path} is written; edit it as you like.", highlight=False)
        console.print(f"Now: audiopress produce ARTICLES --output {arguments.folder}", highlight=False)
    return OK


def run_episodes(arguments: argparse.Namespace) -> int:
    """List a show's episodes, newest first."""
    found = shows.episodes(load_settings(arguments.output, {}))
    if arguments.json:
        print_json([asdict(episode) for episode in found])
    else:
        terminal.show_episodes(found, terminal.standard_console())
    return OK


def run_delete(arguments: argparse.Namespace) -> int:
    """Take one episode out."""
    title = shows.delete(load_settings(arguments.output, {}), arguments.slug)
    if arguments.json:
        print_json({"deleted": arguments.slug, "title": title})
    elif not arguments.quiet:
        terminal.show_rows([(arguments.slug, title)], ("deleted", "title"), terminal.standard_console())
    return OK


def run_refresh(arguments: argparse.Namespace) -> int:
    """Write feed and pages anew."""
    settings = shows.checked(load_settings(arguments.output, {}))
    shows.refresh(settings)
    feed = settings.output / FEED
    if arguments.json:
        print_json({"file": str(feed)})
    elif not arguments.quiet:
        terminal.standard_console().print(f"{feed} is up to date.", highlight=False)
    return OK


def run_validate(arguments: argparse.Namespace) -> int:
    """Check a show; 1 if something must be mended."""
    settings = load_settings(arguments.output, {})
    public = arguments.public
    if public == "":
        public = settings.show.base_url
        if not public:
            raise ConfigError(
                f"Where is the show public? Set base_url in {settings.output / FILE_NAME}, or give a URL."
            )
    findings = shows.validate(settings, public or "")
    if arguments.json:
        print_json([asdict(finding) for finding in findings])
    elif not arguments.quiet:
        terminal.show_findings(findings, terminal.standard_console())
    return FAILED if any(finding.level == "error" for finding in findings) else OK


def run_publish(arguments: argparse.Namespace) -> int:
    """Send the show to each target."""
    settings = load_settings(arguments.output, {})
    return publish(arguments, settings, arguments.target or settings.publish)


def publish(arguments: argparse.Namespace, settings: Settings, targets: Sequence[str]) -> int:
    """Send a show to each target; one that fails is told and does not stop the others."""
    if not targets:
        raise ConfigError(f"Where to? Name a target, or set publish in {settings.output / FILE_NAME}.")
    reports: list[Report] = []
    failures: list[str] = []
    with terminal.Sending(quiet=arguments.quiet or arguments.json) as progress:
        for target in targets:
            try:
                report = shows.publish(
                    settings,
                    target,
                    progress,
                    state=data_folder(),
                    dry_run=arguments.dry_run,
                    remove=getattr(arguments, "delete", False),
                )
                reports.append(report)
            except PublishError as error:
                if len(targets) == 1:
                    raise
                failures.append(str(error))
    if arguments.json:
        print_json({"targets": [report.report() for report in reports], "failures": failures})
    elif not arguments.quiet:
        terminal.show_reports(reports, terminal.standard_console())
    for sentence in failures:
        complain(sentence)
    return FAILED if failures else OK
