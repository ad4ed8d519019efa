"""The neural voice alone: time and memory a second of speech, by threads and processes, beside the model as published.

    .venv/bin/python benchmarks/kokoro_speed.py [--seconds 60] [--runs 3] [--models engine ours float published]

Every row is processes of their own that speak the same made-up sentences of 20 to 190 tokens. ``wall`` is what a
listener waits a second of speech (all processes together), ``cpu`` what the processors worked: on a busy machine only
cpu can be compared. Medians of the runs. Memory is the greatest of one process, at the end and after the first tenth:
the two must not differ much, or memory grows with the programme. Floors are in benchmarks/data/kokoro_speed_floors.tsv.

``engine`` is the engine as a programme uses it, two callers, and everything it does included. Its
loss is against the model alone on the same tokens, the better of one caller with two threads and two callers
with one thread each: all three by turns in one process, round by round, so that a busy machine harms all alike; the
median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiopress.model import Pronunciation
    from audiopress.tts.kokoro import KokoroEngine

HERE = Path(__file__).parent
FLOORS = HERE / "data" / "kokoro_speed_floors.tsv"
MODELS = {
    "engine": "the engine",
    "ours": "as it is run",
    "float": "float convolutions",
    "published": "int8 as published",
}
FIGURES = ("wall", "cpu", "load", "peak")  # those that may have a floor


def made_up(seconds: float) -> list[list[str]]:
    """Sentences of Persian-like words, from short to near the limit of a phrase; about 11 phonemes a second."""
    chance = random.Random(1)
    left, sentences = seconds * 11, []
    while left > 0:
        size = chance.choice([4, 8, 16, 28])
        words = ["".join(chance.choice("bdkmnrstʃ") + chance.choice("æeɒiou") for _ in range(3)) for _ in range(size)]
        sentences.append(words)
        left -= 6 * size
    return sentences


def session(model: str, folder: Path, threads: int) -> Any:
    """A session of one of the models."""
    import onnxruntime  # noqa: PLC0415 - the measuring processes load it themselves

    from audiopress.tts import kokoro_convert, kokoro_model  # noqa: PLC0415 - as above

    if model == "ours":
        return kokoro_model.open_session(folder, threads)
    path = folder / f"{model}.onnx"
    if not path.is_file():
        data = kokoro_model.read_parts()
        path.write_bytes(data if model == "published" else kokoro_convert.convert(data, integer=False))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(os.fspath(path), options, providers=["CPUExecutionProvider"])


def measure(model: str, folder: Path, threads: int, seconds: float) -> None:
    """What a measuring process does: speak everything and print what it took as JSON."""
    from audiopress.tts.kokoro import PAD, SPACE, _style, tokens_of  # noqa: PLC0415 - as above

    start = time.perf_counter()
    made = session(model, folder, threads)
    load = time.perf_counter() - start
    styles, spoken, early = _style("arash"), 0, 0
    sentences = made_up(seconds)
    wall, cpu = time.perf_counter(), time.process_time()
    for place, words in enumerate(sentences):
        tokens = [PAD]
        for word in words:
            tokens += [SPACE, *sum(tokens_of(word), ())]
        tokens[1:2] = []
        feed = {"tokens": np.array([[*tokens, PAD]]), "style": styles[len(tokens) - 2][None]}
        spoken += made.run(None, feed | {"speed": np.array([1.0], np.float32)})[0].size
        if place == len(sentences) // 10:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([spoken / 24_000, load, wall, cpu, early / 1024, peak / 1024]))


def pronounced(sentences: list[list[str]]) -> list[Pronunciation]:
    """Made-up sentences as the engine takes them."""
    from audiopress.model import Boundary, Pronunciation, Role, Sentence, Utterance, Word  # noqa: PLC0415 - as above

    utterance = Utterance(Sentence("", 1, Role.BODY, Boundary.SENTENCE), "")
    return [Pronunciation(utterance, tuple(Word(word, word) for word in words)) for words in sentences]


def spoken(engine: KokoroEngine, texts: list[Pronunciation]) -> list[int]:
    """The samples of each sentence, spoken by as many callers as the engine has workers."""
    from audiopress.tts.voices import find_voice  # noqa: PLC0415 - as above

    voice = find_voice("arash")
    with ThreadPoolExecutor(engine.workers) as pool:
        return list(pool.map(lambda text: len(engine.synthesize(text, voice).samples), texts))


def measure_engine(folder: Path, threads: int, seconds: float) -> None:
    """As `measure`, of the engine as a programme uses it."""
    from audiopress.tts.engine import Places  # noqa: PLC0415 - as above
    from audiopress.tts.kokoro import KokoroEngine  # noqa: PLC0415 - as above

    engine, texts = KokoroEngine(Places(folder, folder), threads), pronounced(made_up(seconds))
    start = time.perf_counter()
    spoken(engine, pronounced([["bɒ"]] * engine.workers))
    load = time.perf_counter() - start
    wall, cpu = time.perf_counter(), time.process_time()
    tenth = len(texts) // 10 or 1
    samples = sum(spoken(engine, texts[:tenth]))
    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    samples += sum(spoken(engine, texts[tenth:]))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([samples / 24_000, load, wall, cpu, early / 1024, peak / 1024]))


def measure_loss(folder: Path, threads: int, seconds: float, rounds: int) -> None:
    """Print how much longer the engine takes than the model alone at its best, and how much more it computes."""
    from audiopress.tts.engine import Places  # noqa: PLC0415 - as above
    from audiopress.tts.kokoro import KokoroEngine  # noqa: PLC0415 - as above

    engine, texts = KokoroEngine(Places(folder, folder), threads), pronounced(made_up(seconds))
    feeds: list[dict[str, Any]] = []
    sessions = engine._sessions  # noqa: SLF001 - the model must get what the engine makes of the words
    run = sessions.run
    sessions.run = lambda feed: (feeds.append(feed), run(feed))[1]  # type: ignore[method-assign]
    spoken(engine, texts)
    sessions.run = run  # type: ignore[method-assign]
    whole, single = session("ours", folder, engine.workers), session("ours", folder, 1)

    def alone(model: Any, callers: int) -> Callable[[], Iterable[int]]:
        def speak() -> list[int]:
            with ThreadPoolExecutor(callers) as pool:
                return list(pool.map(lambda feed: int(model.run(None, feed)[0].size), feeds))

        return speak

    ways = (alone(whole, 1), alone(single, engine.workers), lambda: spoken(engine, texts))
    walls, cpus = [], []
    for turn in range(rounds + 1):
        wall, cpu = [], []
        for way in ways:
            start, worked = time.perf_counter(), time.process_time()
            way()
            wall.append(time.perf_counter() - start)
            cpu.append(time.process_time() - worked)
        if turn:  # the first warms up
            walls.append(wall[2] / min(wall[:2]) - 1)
            cpus.append(cpu[2] / min(cpu[:2]) - 1)
    print(json.dumps([statistics.median(walls), min(walls), max(walls), statistics.median(cpus)]))


def row(model: str, folder: Path, processes: int, threads: int, seconds: float) -> tuple[float, ...]:
    """Real-time factors (wall, cpu), seconds to load and megabytes (early, peak) of one arrangement."""
    command = [sys.executable, __file__, "--measure", model, str(folder), str(threads), str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    results = [json.loads(process.communicate()[0]) for process in running]
    spoken = sum(result[0] for result in results)
    slowest = max(result[2] for result in results)
    cpu = sum(result[3] for result in results)
    return (
        slowest / spoken,
        cpu / spoken,
        max(r[1] for r in results),
        max(r[4] for r in results),
        max(r[5] for r in results),
    )


def main() -> None:
    """Print the table; leave with 1 where a figure is worse than its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=6, help="of the engine's loss against the model alone")
    chosen = parser.parse_args()
    if chosen.measure:
        model, folder, threads, seconds = chosen.measure
        if model == "engine":
            measure_engine(Path(folder), int(threads), float(seconds))
        elif model == "loss":
            measure_loss(Path(folder), int(threads), float(seconds), chosen.rounds)
        else:
            measure(model, Path(folder), int(threads), float(seconds))
        return
    limits, worse = floors(), []
    print(f"{'model, processes x threads':40}{'wall':>8}{'cpu':>8}{'load s':>8}{'MB early':>10}{'MB peak':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for model in chosen.models:
            session("ours" if model == "engine" else model, folder, 1)
            for processes, threads in ((1, 2),) if model == "engine" else ((1, 1), (1, 2), (2, 1)):
                runs = [row(model, folder, processes, threads, chosen.seconds) for _ in range(chosen.runs)]
                wall, cpu, load, early, peak = (statistics.median(column) for column in zip(*runs, strict=True))
                label = f"{MODELS[model]}, {processes}x{threads}"
                print(f"{label:40}{wall:8.3f}{cpu:8.3f}{load:8.2f}{early:10.0f}{peak:9.0f}", flush=True)
                figures = {f"{label} {key}": value for key, value in zip(FIGURES, (wall, cpu, load, peak), strict=True)}
                worse += [key for key, value in figures.items() if value > limits.get(key, np.inf)]
        if "engine" in chosen.models:
            command = [sys.executable, __file__, "--rounds", str(chosen.rounds)]
            command += ["--measure", "loss", name, "2", str(chosen.seconds)]
            loss, least, most, cpu = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            print(f"the engine loses {loss:.1%} against the model alone at its best ({least:.1%} to {most:.1%}),")
            print(f"and computes {cpu:.1%} more")
            figures = {"the engine loses": loss, "the engine computes more": cpu}
            worse += [key for key, value in figures.items() if value > limits.get(key, np.inf)]
    if worse:
        sys.exit("Below their floors: " + ", ".join(worse))


def floors() -> dict[str, float]:
    """The greatest value that each figure may have."""
    lines = [line.split("\t") for line in FLOORS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value, *_ in lines}


if __name__ == "__main__":
    main()
