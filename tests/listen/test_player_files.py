"""The files of the web player: complete, small, the same each time."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from audiopress.listen.player_files import player_files
from audiopress.model import Show

if TYPE_CHECKING:
    from pathlib import Path

SHOW = Show("خبر <روستا> و شهرهای دور", "شرح")
FILES = dict(player_files(SHOW))
SCRIPTS = {name: data.decode() for name, data in FILES.items() if name.endswith(".js")}


def test_the_worker_comes_last_and_knows_all_the_others() -> None:
    names = [name for name, _ in player_files(SHOW)]
    assert names[-2:] == ["manifest.webmanifest", "sw.js"]
    listed = re.search(r"FILES = (\[.*\]);", SCRIPTS["sw.js"])
    assert listed
    assert json.loads(listed[1]) == names[:-1]
    assert "@" not in SCRIPTS["sw.js"]


def test_the_version_changes_with_the_files_only() -> None:
    assert player_files(SHOW) == player_files(SHOW)
    other = dict(player_files(Show("دیگری")))
    assert other["assets/player/player.js"] == FILES["assets/player/player.js"]
    assert other["sw.js"] != FILES["sw.js"]  # its manifest is another


def test_the_manifest_names_the_show_and_icons_that_are_there() -> None:
    facts = json.loads(FILES["manifest.webmanifest"])
    assert (facts["name"], facts["short_name"], facts["lang"]) == ("خبر <روستا> و شهرهای دور", "خبر <روستا>", "fa")
    assert facts["shortcuts"][0]["url"] == "./#play"
    assert {icon["src"] for icon in facts["icons"]} <= set(FILES)


def test_every_import_is_there_and_nothing_comes_from_elsewhere() -> None:
    for name, text in SCRIPTS.items():
        for target in re.findall(r'^import .* from "(.*)";', text, re.MULTILINE):
            assert f"assets/player/{target.removeprefix('./')}" in FILES, name
        addresses = set(re.findall(r"https?://[^\"'` ]+", text))
        assert addresses <= {
            "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "https://podcastindex.org/namespace/1.0",
            "http://www.w3.org/2005/Atom",
            "http://www.w3.org/2000/svg",
        }
        assert not re.search(r"\beval\b|\bnew Function\b|innerHTML|outerHTML|document\.write", text), name


def test_no_string_spans_lines_so_that_indentation_may_go() -> None:
    for path in (files("audiopress.listen") / "player").iterdir():
        if path.name.endswith(".js"):
            for line in path.read_text(encoding="utf-8").splitlines():
                assert line.count("`") % 2 == 0, f"{path.name}: {line}"


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_every_script_is_one(tmp_path: Path) -> None:
    for name, text in SCRIPTS.items():
        path = tmp_path / f"{name.replace('/', '-')}.mjs"
        path.write_text(text, encoding="utf-8")
    checks = [
        subprocess.run(["node", "--check", path], check=False, capture_output=True) for path in tmp_path.iterdir()
    ]
    assert [check.stderr.decode() for check in checks if check.returncode] == []


def test_the_player_is_small() -> None:
    plain = sum(len(text.encode()) for text in SCRIPTS.values())
    packed = sum(len(gzip.compress(text.encode())) for text in SCRIPTS.values())
    assert plain <= 94_000
    assert packed <= 37_000
