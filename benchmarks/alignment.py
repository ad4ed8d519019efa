"""Word timings found in the sound, beside the exact ones of the engines that give them.

    nice -n 10 .venv/bin/python benchmarks/alignment.py [--sentences 60] [--styles package/voices] [--update]

Sentences of examples/ and of training/pronounce/sentences/9.txt, neither of which the classifier was taught with, are
spoken by nasim and arash (each at rate .8, 1 and 1.25 in turn) and by espeak; then the clips are spoilt. A row: the
median, 90th and 95th percentile of the distance to the exact starts and stops of words, and the share of them within
120 ms. espeak-ng tells no stops, and Kokoro's durations give a pause to the sound before it, so that its stops come
late there and ours, which the ear would agree with, count as early. ``--styles``, the voices folder of the npm package
kokoro-js, adds published styles that were kept from training. The baseline warps espeak's speech of the same words onto
the clip. Last come wrong texts, which should be refused, and the processor's time as a share of the sound's. Floors are
in benchmarks/data.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_dir

from audiopress.model import Audio, Delivery, Mark, Voice
from audiopress.tts.align import align
from audiopress.tts.align_sound import BANDS, FRAMES, features, powers
from audiopress.tts.engine import Places
from audiopress.tts.registry import make_engine
from audiopress.tts.voices import find_voice

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from training.align import spoil  # noqa: E402 - found beside this folder
from training.align.kokoro import OTHER, speak, styles  # noqa: E402
from training.align.speech import said  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from audiopress.model import Pronunciation

FLOORS = Path(__file__).parent / "data" / "alignment_floors.tsv"
SENTENCES = 60
RATES = (0.8, 1.0, 1.25)
NEAR = 0.12  # seconds: what a listener who reads along does not notice
SLACK = 1.5  # what a figure may lose on another processor, where the neural voice sounds a little otherwise
WORDS = range(3, 23)  # of a sentence


@dataclass(frozen=True, slots=True)
class Case:
    """A clip, its words, and their exact places; ``ends`` tells whether its stops are exact as well."""

    audio: Audio
    text: Pronunciation
    ends: bool = True


def unseen(count: int) -> list[Pronunciation]:
    """Sentences that were not spoken for training."""
    paths = [*sorted((ROOT / "examples").glob("*.txt")), ROOT / "training/pronounce/sentences/9.txt"]
    lines = [
        line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    texts = [part.strip() + "." for line in lines if line[0] != "#" for part in line.rstrip(".").split(". ")]
    texts = list(dict.fromkeys(text for text in texts if len(text.split()) in WORDS))
    return said(random.Random(1).sample(texts, min(count, len(texts))))


def spoken(texts: Sequence[Pronunciation], name: str, places: Places) -> list[Case]:
    """What a voice makes of them, at each rate in turn."""
    voice = find_voice(name)
    engine = make_engine(voice.engine, places)
    made = [engine.synthesize(text, voice, Delivery(RATES[n % len(RATES)])) for n, text in enumerate(texts)]
    engine.close()
    return [Case(audio, text, name != "espeak") for audio, text in zip(made, texts, strict=True) if audio.marks]


def in_style(texts: Sequence[Pronunciation], folder: Path, places: Places) -> list[Case]:
    """Published styles kept from training, each with its share of the sentences."""
    from audiopress.tts.kokoro_model import open_session  # noqa: PLC0415 - loads the model

    session, tables, made = open_session(places.cache, 2), styles(folder), []
    for number, text in enumerate(texts):
        name, speed = OTHER[number % len(OTHER)], RATES[number % len(RATES)]
        speech = speak(session, text, name, tables[name], speed)
        if speech:
            rows = [[p for p in speech.places if p.word == word] for word in range(len(text.words))]
            marks = tuple(Mark(row[0].start, row[-1].stop) for row in rows)
            made.append(Case(Audio(speech.samples, speech.sample_rate, marks), text))
    return made


def sampled(audio: Audio, rate: int) -> Audio:
    """At another sample rate."""
    length = len(audio.samples) * rate // audio.sample_rate
    spectrum = np.fft.rfft(audio.samples)
    wanted = length // 2 + 1
    spectrum = np.pad(spectrum, (0, max(0, wanted - len(spectrum))))[:wanted]
    samples = np.fft.irfft(spectrum, length) * (length / len(audio.samples))
    marks = tuple(Mark(m.start * rate // audio.sample_rate, m.stop * rate // audio.sample_rate) for m in audio.marks)
    return Audio(samples.astype(np.float32), rate, marks)


def opened(audio: Audio, chance: random.Random, between: float) -> Audio:
    """With up to a second of silence at either end and, after so large a share of its words, half a second at most."""
    rate, at, moved = audio.sample_rate, 0, round(chance.uniform(0, 1) * audio.sample_rate)
    pieces, marks = [np.zeros(moved, np.float32)], []
    for mark, following in zip(audio.marks, [*audio.marks[1:], None], strict=True):
        marks.append(Mark(mark.start + moved, mark.stop + moved))
        if following and chance.random() < between:
            cut = (mark.stop + following.start) // 2
            pieces += [audio.samples[at:cut], np.zeros(round(chance.uniform(0.1, 0.5) * rate), np.float32)]
            at, moved = cut, moved + len(pieces[-1])
    pieces += [audio.samples[at:], np.zeros(round(chance.uniform(0, 1) * rate), np.float32)]
    return Audio(np.concatenate(pieces), rate, tuple(marks))


def spoilers() -> dict[str, Callable[[Audio], Audio]]:
    """What happens to clips on their way, by name."""
    chance = random.Random(3)

    def coded(bits: int, rate: int) -> Callable[[Audio], Audio]:
        return lambda audio: replace(spoil.coded(sampled(audio, rate), bits), marks=sampled(audio, rate).marks)

    return {
        "mp3 48 kbit/s, 44.1 kHz": coded(48, 44_100),
        "mp3 32 kbit/s, 24 kHz": coded(32, 24_000),
        "mp3 24 kbit/s, 22.05 kHz": coded(24, 22_050),
        "48 kHz": lambda audio: sampled(audio, 48_000),
        "silence around, pauses": lambda audio: opened(audio, chance, 0.1),
        "noise 20 dB below": lambda audio: spoil.noisy(audio, 20, 0.5, chance.randrange(1 << 30)),
        "noise 10 dB below": lambda audio: spoil.noisy(audio, 10, 0.5, chance.randrange(1 << 30)),
        "room, 0.4 s": lambda audio: spoil.echoing(audio, 0.4, 0.4, chance.randrange(1 << 30)),
        "silence, noise, mp3 24": lambda audio: coded(24, 22_050)(
            spoil.noisy(opened(audio, chance, 0.1), 20, 0.5, chance.randrange(1 << 30))
        ),
    }


def coefficients(audio: Audio) -> NDArray[np.float64]:
    """13 cepstral coefficients a frame, each with mean 0 and variance 1."""
    angles = np.pi / BANDS * (np.arange(BANDS) + 0.5)[:, None] * np.arange(1, 14)
    found = features(powers(audio)) @ np.cos(angles)
    normal: NDArray[np.float64] = (found - found.mean(axis=0)) / (found.std(axis=0) + 1e-6)
    return normal


def warped(case: Case, voice: Voice, engine: object) -> tuple[Mark, ...]:
    """The baseline: espeak says the same words, and its clip is warped onto the other."""
    said_by = engine.synthesize(case.text, voice)  # type: ignore[attr-defined]
    one, two = coefficients(said_by), coefficients(case.audio)
    far = np.sqrt(np.maximum(0, (one**2).sum(1)[:, None] + (two**2).sum(1) - 2 * one @ two.T))
    rows, columns = far.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0
    for line in range(rows + columns - 1):  # all cells of one diagonal at once
        row = np.arange(max(0, line - columns + 1), min(rows, line + 1))
        column = line - row
        best = np.minimum(np.minimum(total[row, column], total[row, column + 1]), total[row + 1, column])
        total[row + 1, column + 1] = best + far[row, column]
    onto = np.zeros(rows, int)
    row, column = rows, columns
    while row > 1 or column > 1:
        onto[row - 1] = column - 1
        steps = [(row - 1, column - 1), (row - 1, column), (row, column - 1)]
        row, column = min((step for step in steps if min(step) > 0), key=lambda step: total[step])
    scale = case.audio.sample_rate / FRAMES
    edges = [onto[min(rows - 1, m.start * FRAMES // said_by.sample_rate)] * scale for m in said_by.marks]
    edges.append(len(case.audio.samples))
    return tuple(Mark(round(start), round(stop)) for start, stop in pairwise(edges))


def distances(cases: Iterable[Case], find: Callable[[Case], tuple[Mark, ...]]) -> tuple[list[float], list[float], int]:
    """Seconds from the exact starts, and from the exact stops; and how many clips got no marks."""
    starts: list[float] = []
    stops: list[float] = []
    refused = 0
    for case in cases:
        found = find(case)
        refused += not found
        for mark, exact in zip(found, case.audio.marks, strict=False):
            starts.append(abs(mark.start - exact.start) / case.audio.sample_rate)
            stops += [abs(mark.stop - exact.stop) / case.audio.sample_rate] * case.ends
    return starts, stops, refused


def spread(values: Sequence[float]) -> str:
    """Median, 90th and 95th percentile in ms, and the share that is near."""
    if not values:
        return f"{'':>27}"
    middle, most, nearly = np.percentile(values, [50, 90, 95]) * 1000
    return f"{middle:6.0f}{most:6.0f}{nearly:6.0f}{100 * np.mean(np.array(values) <= NEAR):8.1f}%"


def table(groups: dict[str, list[Case]]) -> dict[str, float]:
    """Print a row for each group of clips; the shares that are pinned."""
    figures: dict[str, float] = {}
    print(f"{'':34}{'starts, ms':>14}{'':8}{'near':>5}{'stops, ms':>17}{'':8}{'near':>6}{'refused':>9}")
    print(f"{'':34}{'50 %':>6}{'90 %':>6}{'95 %':>6}{'':9}{'50 %':>6}{'90 %':>6}{'95 %':>6}")

    def row(name: str, cases: Sequence[Case], find: Callable[[Case], tuple[Mark, ...]]) -> None:
        starts, stops, refused = distances(cases, find)
        for what, values in (("starts", starts), ("stops", stops)):
            if values and find is ours:
                figures[f"{name}: {what} near %"] = 100 * float(np.mean(np.array(values) <= NEAR))
        print(f"{name:34}{spread(starts)}{spread(stops)}{refused:6} of {len(cases)}", flush=True)

    def ours(case: Case) -> tuple[Mark, ...]:
        return align(case.audio, case.text)

    for name, cases in groups.items():
        row(name, cases, ours)
    plain = groups["nasim"] + groups["arash"]
    for number, rate in enumerate(RATES):
        row(f"both at rate {rate}", [c for n in ("nasim", "arash") for c in groups[n][number::3]], ours)
    for name, change in spoilers().items():
        row(f"both, {name}", [replace(case, audio=change(case.audio)) for case in plain], ours)
    for name, change in spoilers().items():
        if name.startswith(("mp3 24", "silence,")):
            row(f"espeak, {name}", [replace(case, audio=change(case.audio)) for case in groups["espeak"]], ours)
    voice = find_voice("espeak")
    engine = make_engine("espeak", Places(Path(), Path()))
    row("both, baseline (espeak warped)", plain, lambda case: warped(case, voice, engine))
    engine.close()
    return figures


def main() -> int:
    """Print the tables; 1 where a figure is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="other numbers have no floors")
    parser.add_argument("--styles", type=Path, help="the voices folder of kokoro-js")
    parser.add_argument("--update", action="store_true", help="raise the floors to what is measured")
    chosen = parser.parse_args()
    cache = Path(user_cache_dir("audiopress"))
    places, texts = Places(cache, cache), unseen(chosen.sentences)
    groups = {name: spoken(texts, name, places) for name in ("nasim", "arash", "espeak")}
    if chosen.styles:
        groups["styles never heard"] = in_style(texts, chosen.styles, places)
    figures = table(groups)
    plain = groups["nasim"] + groups["arash"]
    others = [replace(case, text=other.text) for case, other in zip(plain, [*plain[1:], plain[0]], strict=True)]
    figures["wrong texts refused %"] = 100 * sum(not align(c.audio, c.text) for c in others) / len(others)
    figures["right texts taken %"] = 100 * sum(bool(align(c.audio, c.text)) for c in plain) / len(plain)
    began = time.process_time()
    for case in plain:
        align(case.audio, case.text)
    seconds = sum(len(case.audio.samples) / case.audio.sample_rate for case in plain)
    share = 100 * (time.process_time() - began) / seconds
    print(f"\n{share:.2f} % of the sound's length, by a processor ({seconds:.0f} s of sound)")
    figures["processor's time left of 2 %"] = 2 - share
    return judged(figures, update=chosen.update) if chosen.sentences == SENTENCES else 0


def judged(figures: dict[str, float], *, update: bool) -> int:
    """Compare the figures with their floors, and raise those if asked."""
    rows = [line.split("\t") for line in FLOORS.read_text(encoding="utf-8").splitlines()] if FLOORS.exists() else []
    floors = {row[0]: float(row[1]) for row in rows if not row[0].startswith("#")}
    low = [f"{name} {value:.1f}" for name, value in figures.items() if value < floors.get(name, -np.inf)]
    if update:
        floors |= {name: max(floors.get(name, 0.0), round(value - SLACK, 1)) for name, value in figures.items()}
        text = "# figure TAB floor, raised by benchmarks/alignment.py --update\n"
        FLOORS.write_text(text + "".join(f"{name}\t{floor}\n" for name, floor in floors.items()), encoding="utf-8")
    print("Below their floors: " + ", ".join(low) if low else "all at their floors or above")
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main())
