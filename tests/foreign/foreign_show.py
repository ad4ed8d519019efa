"""The show that the foreign readers are given: its settings, its articles, and how it is made."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Where `make test` puts what package.json names.
MODULES = ROOT / ".venv" / "foreign"

BASE = "https://example.org/river/"
TITLE = "خبر رودخانه"
DESCRIPTION = "خبرهای <روستا> & رودخانه، هر روز"
AUTHOR = "خبرگزاری رودخانه"
EMAIL = "news@example.org"
SETTINGS = f"""title = "{TITLE}"
description = "{DESCRIPTION}"
author = "{AUTHOR}"
email = "{EMAIL}"
base_url = "{BASE.rstrip("/")}"
category = "News > Daily News"
frequency = "daily"
"""

#: The articles in the order in which they are made, and the format of each: one of the examples, one in Arabic letters,
#: one with all that feeds and tags must escape.
MADE = (("river-festival", "mp3"), ("solar", "m4a"), ("plan", "opus"))
TITLES = {
    "river-festival": "جشنواره رودخانه پس از سه سال به شهر برگشت",
    "solar": "روستاي كوهستاني برق مي فروشد",
    "plan": "آب & آفتاب: «طرح A/B» در روستا",
}
ARTICLES = {
    "solar": f"{TITLES['solar']}\nاهالي روستا برق خود را به شبكه فروختند.\nبرق از كجا مي آيد\nبرق از آفتاب مي آيد.\n",
    "plan": f"""{TITLES["plan"]}
طرح تازه آب و آفتاب از دیروز در روستا آغاز شد.
<نخستین> روز
مردم روستا از آغاز طرح خوشحال هستند.
پایان & ادامه
این طرح تا پایان سال ادامه دارد.
""",
}


def make_show(output: Path, articles: Path) -> None:
    """Make an episode in each format."""
    (output / "audiopress.toml").write_text(SETTINGS, encoding="utf-8")
    for name, extension in MADE:
        source = ROOT / "examples" / f"{name}.txt"
        if name in ARTICLES:
            source = articles / f"{name}.txt"
            source.write_text(ARTICLES[name], encoding="utf-8")
        audiopress("produce", str(source), "--voice", "tone", "--format", extension, "--output", str(output), "--json")


def audiopress(*arguments: str) -> Any:
    """Run a command as its user does and return what it reports."""
    command = [sys.executable, "-m", "audiopress", *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


def sound_of(show: Path, name: str) -> Path:
    """Return an episode's sound."""
    return show / "episodes" / name / f"{name}.{dict(MADE)[name]}"


def facts_of(show: Path, name: str) -> dict[str, Any]:
    """Return what an episode's episode.json says."""
    facts: dict[str, Any] = json.loads((show / "episodes" / name / "episode.json").read_bytes())["episode"]
    return facts
