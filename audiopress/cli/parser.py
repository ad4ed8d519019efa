"""The commands and their flags; each names the function that runs it, so that only what is used is imported."""

from __future__ import annotations

import argparse
from pathlib import Path

from audiopress.cli.flags import fetching, reporting, speaking
from audiopress.cli.parser_cache import cache_commands
from audiopress.cli.parser_unattended import unattended_commands
from audiopress.model import EXTENSIONS


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(
        prog="audiopress", description="Turn Persian news articles into podcast episodes, offline."
    )
    top.add_argument("--version", action="store_true", help="print the version and leave")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    produce = commands.add_parser("produce", help="turn articles into episodes and put them in the feed")
    produce.add_argument(
        "source",
        nargs="+",
        metavar="SOURCE",
        help="a text, Markdown, HTML, Word or PDF file, an EPUB book, a folder of them, an address on the web, a feed, "
        "a .txt list of addresses, or - for stdin",
    )
    produce.add_argument("--output", type=Path, metavar="DIR", help="the folder to publish into (default: output)")
    produce.add_argument("--title", "--show", metavar="TITLE", help="the title of the show")
    produce.add_argument("--format", choices=tuple(EXTENSIONS), help="of the sound (default: mp3)")
    produce.add_argument(
        "--publish",
        nargs="?",
        const="",
        metavar="TARGET",
        help="send the show on to TARGET, or to those its audiopress.toml names",
    )
    produce.add_argument("--join", metavar="TITLE", help="make one episode of all of them, a chapter each")
    produce.add_argument("--force", action="store_true", help="make episodes anew even if nothing changed")
    produce.add_argument("--dry-run", action="store_true", help="say how long each episode would be, and write nothing")
    fetching(produce)
    speaking(produce)
    reporting(produce)
    produce.set_defaults(run="line:run_produce")

    script = commands.add_parser("script", help="show what will be said, without speaking")
    script.add_argument("source", metavar="SOURCE", help="a file, an address on the web, or - for stdin")
    fetching(script)
    script.add_argument(
        "--output", type=Path, metavar="DIR", help="the show whose lexicon.tsv applies (default: output)"
    )
    script.add_argument("--json", action="store_true", help="print JSON instead of a table")
    script.set_defaults(run="line:run_script")

    text = commands.add_parser("text", help="filters: one line in, one line out")
    stages = text.add_subparsers(dest="stage", metavar="STAGE", required=True)
    for name, purpose in (
        ("spacing", "restore half-spaces"),
        ("normalize", "write everything out as spoken words"),
        ("phonemize", "turn text into phonemes (IPA), words separated by a space"),
        ("vocalize", "write everything out and mark ezafe and homographs"),
    ):
        stages.add_parser(name, help=purpose, description=f"Read lines on standard input and {purpose}.")
    text.set_defaults(run="line:run_text")

    say = commands.add_parser("say", help="speak a text into an audio file")
    say.add_argument("text", metavar="TEXT", help="Persian text, or - for stdin")
    say.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        default=Path("say.mp3"),
        help=".mp3, .m4a, .opus or .wav (default: say.mp3)",
    )
    speaking(say)
    reporting(say)
    say.set_defaults(run="line:run_say")

    brief = commands.add_parser("brief", help="speak one digest of the newest episodes, headlines first")
    brief.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    brief.add_argument("--stories", type=int, default=10, metavar="N", help="how many episodes (default: 10)")
    brief.add_argument("--full", action="store_true", help="read each story to its end, not its lead only")
    brief.add_argument(
        "-o",
        dest="file",
        type=Path,
        metavar="FILE",
        default=Path("brief.mp3"),
        help=".mp3, .m4a, .opus or .wav (default: brief.mp3)",
    )
    speaking(brief)
    reporting(brief)
    brief.set_defaults(run="line:run_brief")

    lexicon_commands(commands)
    listening(commands)
    show_commands(commands)
    unattended_commands(commands)
    cache_commands(commands)

    voice_commands(commands)

    doctor = commands.add_parser("doctor", help="say what works on this machine, and what to do about the rest")
    doctor.add_argument("--json", action="store_true", help="print JSON instead of lines")
    doctor.set_defaults(run="machine:run_doctor")
    return top


def voice_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that list, try and install voices."""
    voices = commands.add_parser("voices", help="list, hear, install and remove voices")
    voices.add_argument("--json", action="store_true", help="print JSON instead of a table")
    voices.set_defaults(run="voices:run_list")
    actions = voices.add_subparsers(dest="action", metavar="ACTION")
    listed = actions.add_parser("list", help="list the voices and whether they can be used here (the default)")
    show = actions.add_parser("show", help="show all that is known of a voice")
    show.add_argument("name", metavar="NAME")
    preview = actions.add_parser("preview", help="let a voice say a sentence")
    preview.add_argument("name", metavar="NAME")
    preview.add_argument("--text", help="what it says (default: a sentence with its name)")
    preview.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=".mp3, .m4a, .opus or .wav (default: NAME.mp3)"
    )
    install = actions.add_parser("install", help="download the files of voices")
    install.add_argument("name", nargs="+", metavar="NAME")
    remove = actions.add_parser("remove", help="remove the files of a voice")
    remove.add_argument("name", metavar="NAME")
    for name, action in (("list", listed), ("show", show)):
        # Suppressed, so that `voices --json list` keeps what stands before the action.
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
        action.set_defaults(run=f"voices:run_{name}")
    for name, action in (("preview", preview), ("install", install), ("remove", remove)):
        reporting(action)
        action.set_defaults(run=f"voices:run_{name}")


def lexicon_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that settle how words are said."""
    lexicon = commands.add_parser("lexicon", help="settle how a word is said, for all shows or for one")
    actions = lexicon.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="settle a word")
    add.add_argument("word", metavar="WORD", help="as it is written; a phrase may have spaces")
    add.add_argument("reading", metavar="READING", help="in Persian with vowel marks, like مُلک, or IPA, like /molk/")
    remove = actions.add_parser("remove", help="take a word out again")
    remove.add_argument("word", metavar="WORD")
    show = actions.add_parser("list", help="show the words and how they are said")
    check = actions.add_parser("check", help="find entries that are wrong, hidden or change nothing")
    for action in (add, remove, show, check):
        action.add_argument(
            "--output", type=Path, metavar="DIR", help="the show it is for (default: the lexicon for all shows)"
        )
        action.add_argument("--json", action="store_true", help="print JSON")
    for action in (add, remove):
        action.add_argument("--quiet", action="store_true", help="print nothing but errors")
    for name, action in (("add", add), ("remove", remove), ("list", show), ("check", check)):
        action.set_defaults(run=f"lexicon:run_{name}")


def listening(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands for listeners."""
    serve = commands.add_parser("serve", help="serve shows to browsers, podcast apps and phones in the same network")
    serve.add_argument("--output", type=Path, metavar="DIR", help="a show, or a folder of shows (default: output)")
    serve.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 lets phones in the network in (default: this machine)"
    )
    serve.add_argument("--port", type=int, default=8000, help="0 for any that is free (default: 8000)")
    serve.add_argument("--no-positions", action="store_true", help="do not keep where listeners stopped")
    serve.add_argument("--quiet", action="store_true", help="print nothing but errors")
    serve.set_defaults(run="listen:run_serve")

    listen = commands.add_parser("listen", help="listen in the terminal, going on where you stopped")
    listen.add_argument(
        "target",
        nargs="?",
        type=Path,
        metavar="SHOW|EPISODE|FILE",
        help="what to hear (default: every unheard episode of the output folder)",
    )
    listen.add_argument("--output", type=Path, metavar="DIR", help="a show, or a folder of shows (default: output)")
    listen.add_argument("--announce", action="store_true", help="say titles and chapters aloud between episodes")
    listen.add_argument("--voice", metavar="NAME", help="the voice of announcements, see audiopress voices")
    listen.add_argument("--device", choices=("null",), default="", help="null plays to nobody, by the clock")
    listen.set_defaults(run="listen:run_listen")

    playlist = commands.add_parser("playlist", help="write a show as an .m3u8 playlist for car radios and players")
    playlist.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    playlist.add_argument("-o", dest="file", type=Path, metavar="FILE", help="default: show.m3u8 in the show's folder")
    reporting(playlist)
    playlist.set_defaults(run="listen:run_playlist")


def show_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that look after a show's folder."""
    init = commands.add_parser("init", help="set up a show: ask for what matters and write its audiopress.toml")
    init.add_argument("folder", type=Path, metavar="DIR", help="the show's folder; it is made where there is none")
    for name, what in (
        ("title", "the title of the show"),
        ("description", "what it is about"),
        ("author", "who publishes it"),
        ("email", "the owner's address, to which directories write"),
        ("base-url", "where the folder will be served; the feed is there as /feed.xml"),
        ("category", 'one of Apple\'s, like "News" or "News > Daily News"'),
        ("language", "ISO 639-1 (default: fa)"),
        ("voice", "see audiopress voices"),
    ):
        init.add_argument(f"--{name}", metavar="TEXT", help=what)
    init.add_argument("--yes", action="store_true", help="ask nothing; what no flag says keeps its default")
    reporting(init)
    init.set_defaults(run="show:run_init")

    episodes = commands.add_parser("episodes", help="list the episodes of a show")
    episodes.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    episodes.add_argument("--json", action="store_true", help="print JSON instead of a table")
    episodes.set_defaults(run="show:run_episodes")

    delete = commands.add_parser("delete", help="take an episode out of a show, and say so in its feed")
    delete.add_argument("slug", metavar="EPISODE", help="its name, see audiopress episodes")
    delete.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    reporting(delete)
    delete.set_defaults(run="show:run_delete")

    refresh = commands.add_parser("refresh", help="write a show's feed and pages anew, after its settings changed")
    refresh.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    reporting(refresh)
    refresh.set_defaults(run="show:run_refresh")

    validate = commands.add_parser("validate", help="check a show as a podcast directory would")
    validate.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    validate.add_argument(
        "--public",
        nargs="?",
        const="",
        metavar="URL",
        help="check what the public address serves, too (default URL: the show's own)",
    )
    reporting(validate)
    validate.set_defaults(run="show:run_validate")

    publish = commands.add_parser("publish", help="send a show to where listeners find it; only what changed is sent")
    publish.add_argument(
        "target",
        nargs="*",
        metavar="TARGET",
        help="a folder, s3://BUCKET/PREFIX, sftp://USER@HOST/PATH or telegram:@CHANNEL "
        "(default: those that the show's audiopress.toml names)",
    )
    publish.add_argument("--output", type=Path, metavar="DIR", help="the show's folder (default: output)")
    publish.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    publish.add_argument("--delete", action="store_true", help="remove what the show no longer has, too")
    reporting(publish)
    publish.set_defaults(run="show:run_publish")
