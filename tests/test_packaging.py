"""A wheel built from the repository works away from it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_it_holds_voices_data_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for voice in (ROOT / "voices").glob("*.toml"):
        assert f"audiopress/_voices/{voice.name}" in names
    tracked = {str(path.relative_to(ROOT)) for path in (ROOT / "audiopress").rglob("data/*") if path.is_file()}
    assert len(tracked) > 20
    assert tracked <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not any(name.startswith(("tests/", "training/", "benchmarks/")) for name in names)


def test_it_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    article = tmp_path / "a.txt"
    article.write_text("باران آمد\nدیروز در ۳ شهر باران آمد.\n", encoding="utf-8")
    # -P and PYTHONPATH: the unpacked wheel, not the repository, is what is imported.
    program = "import sys, audiopress, audiopress.cli; print(audiopress.__file__, file=sys.stderr); "
    program += "sys.exit(audiopress.cli.main())"
    command = [sys.executable, "-P", "-c", program, "produce", str(article), "--voice", "tone", "--output", "out"]
    environment = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert str(site) in done.stderr.decode().splitlines()[0]
    assert (tmp_path / "out" / "episodes" / "a" / "a.mp3").is_file()


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in pin and "://" not in pin and "@" not in pin for pin in pins)
    named = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {item.split(";")[0].split(">")[0].split("=")[0].split("[")[0].strip().lower() for item in wanted}
    assert names - {"audiopress"} <= named
