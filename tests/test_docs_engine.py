"""The engine that docs/voices.md shows works as it stands there: installed as a package, named by a voice file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import wave
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs" / "voices.md"
VOICE = """name = "hum"
engine = "program"
language = "fa"
gender = "none"
input = "vocalized"
sample_rate = 16000
licence = "CC0"
attribution = "nobody"
description = "One hum a letter."
[options]
program = "{program}"
"""
PROGRAM = """#!{python}
import math, struct, sys, wave
letters = sum(char.isalpha() for char in sys.stdin.read())
if letters == 3:
    sys.exit("it cannot say short words")
with wave.open(sys.stdout.buffer, "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    count = letters * 1600
    loud = lambda n: 9000 * min(1, (count - n) / 800)  # a voice dies away, it is not cut off
    file.writeframes(b"".join(struct.pack("<h", int(loud(n) * math.sin(n / 9))) for n in range(count)))
"""


def test_the_engine_of_the_docs_speaks(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (entry,) = re.findall(r"\[project\.entry-points\.\"audiopress\.engines\"\]\n(.*?)\n```", text, re.DOTALL)
    assert len(code.splitlines()) <= 30
    package = tmp_path / "site"
    facts = package / "audiopress_program-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: audiopress-program\nVersion: 1\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text("[audiopress.engines]\n" + entry.replace('"', ""), encoding="utf-8")
    (package / "audiopress_program.py").write_text(code, encoding="utf-8")
    program = tmp_path / "hum"
    program.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    voices = tmp_path / "data" / "voices"
    voices.mkdir(parents=True)
    (voices / "hum.toml").write_text(VOICE.format(program=program), encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(package),
        "AUDIOPRESS_DATA": str(tmp_path / "data"),
        "AUDIOPRESS_CACHE": str(tmp_path / "cache"),
    }

    def say(text: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "audiopress", "say", text, "--voice", "hum", "-o", str(tmp_path / "hum.wav")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    done = say("باران دیروز آمد و همه شاد شدند.")
    assert (done.returncode, done.stderr) == (0, "")
    with wave.open(str(tmp_path / "hum.wav")) as file:
        assert file.getnframes() / file.getframerate() > 2
    refused = say("سهم")
    assert refused.returncode == 1
    assert "The voice hum could not speak: hum failed: it cannot say short words." in refused.stderr
