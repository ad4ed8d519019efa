"""Search a voice in the space of Kokoro's styles by gradient: what makes a Persian recogniser understand it better.

    nice VENV/bin/python training/voices/search.py NAME --model published.onnx --styles package/voices
        --recogniser MODELS --sentences train.jsonl [--steps 240] [--minutes 30] [--start FILE.npz] [--out FOLDER]

VENV needs torch, numpy, onnx, onnxruntime and tokenizers. A step speaks one sentence (speaker.py) and asks the
recogniser (listener.py) for its log-loss a character and its belief that it hears Persian. What is learnt, from the
mixture in `STARTS` on: by how much each of the 54 styles' share of the timbre and of the prosody goes up or down, as a
line over the logarithm of the sentence's length, and one offset of the whole table, held small. The sound is judged
through random gain, tilt and noise, so that no trick of one recording is learnt; the pitch is held to a speaker's.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from listener import Listener, resampler, to_listener
from speaker import FRAME, HALF, RATE, Speaker, Text
from tokens import letters, read_map, sounds, tokens_of
from torch import Tensor

LEAD_IN, END_PAUSE = 6000, 12_000  # samples of silence around a sentence, as a listener hears it
DOUBT = 0.1  # added to the belief, so that a sentence it rejects outright does not drown the others
MIDDLE = 110  # tokens of a usual sentence, where the line over the length starts


@dataclass(frozen=True, slots=True)
class Start:
    """Where a search begins, and the pitch it is held to."""

    timbre: dict[str, float]
    prosody: dict[str, float]
    pitch: float  #: Hz, mean over voiced frames
    speed: float = 1.0


STARTS = {
    "arash": Start({"em_alex": 1, "jm_kumo": 1, "ff_siwis": 1}, {"em_alex": 1, "jm_kumo": 1}, 112, 1.02),
    "nasim": Start({"if_sara": 1, "ff_siwis": 1, "em_alex": 1}, {"if_sara": 2, "jm_kumo": 1, "jf_alpha": 1}, 190, 1.0),
    "kian": Start({"im_nicola": 1, "pm_santa": 1, "hm_psi": 1}, {"im_nicola": 1, "em_alex": 1, "hm_psi": 1}, 125, 1.05),
}


class Voice(torch.nn.Module):
    """A style table being learnt: token count → style of 256 numbers."""

    def __init__(self, styles: Tensor, names: list[str], start: Start) -> None:
        """``styles``: (54, 510, 256)."""
        super().__init__()
        self.styles = styles
        shares = torch.zeros(2, len(names))
        for half, mixture in enumerate((start.timbre, start.prosody)):
            for name, share in mixture.items():
                shares[half, names.index(name)] = share / sum(mixture.values())
        self.first = shares
        self.unit = styles[:, MIDDLE].std(0)
        self.change = torch.nn.Parameter(torch.zeros(2, len(names)))
        self.slope = torch.nn.Parameter(torch.zeros(2, len(names)))
        self.offset = torch.nn.Parameter(torch.zeros(2 * HALF))

    def shares(self, tokens: int) -> Tensor:
        """What each style gives to timbre and prosody, (2, 54), summing to one."""
        turn = np.log2(tokens / MIDDLE)
        change = self.change + turn * self.slope
        return self.first + change - change.mean(1, keepdim=True)

    def style(self, tokens: int) -> Tensor:
        """The style of an utterance of so many tokens."""
        rows, shares = self.styles[:, tokens - 1], self.shares(tokens)
        mixed = torch.cat([shares[0] @ rows[:, :HALF], shares[1] @ rows[:, HALF:]])
        return mixed + self.offset * self.unit

    def penalty(self, tokens: int) -> Tensor:
        """What keeps the voice natural: few negative shares, small offsets."""
        below = self.shares(tokens).clamp(max=0).square().sum()
        return 4 * below + self.change.square().sum() + 0.5 * self.offset.square().mean()

    def table(self) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """All rows, float32 (510, 256)."""
        with torch.no_grad():
            return torch.stack([self.style(tokens) for tokens in range(1, 511)]).numpy().astype(np.float32)


def roughened(sound: Tensor, dice: random.Random) -> Tensor:
    """The sound as another microphone and room might bring it: gain, tilt of the spectrum, noise."""
    sound = sound * 10 ** (dice.uniform(-8, 3) / 20)
    tilt = dice.uniform(-0.25, 0.25)
    sound = torch.cat([sound[:1], sound[1:] + tilt * sound[:-1]])
    level = sound.detach().square().mean().sqrt() * 10 ** (-dice.uniform(22, 45) / 20)
    return sound + torch.randn(len(sound)) * level


class Search:
    """One voice, its sentences and what judges them."""

    def __init__(self, name: str, chosen: argparse.Namespace, speaker: Speaker, listener: Listener) -> None:
        """Read the styles and the sentences."""
        names = sorted(path.stem for path in chosen.styles.glob("*.bin"))
        tables = [np.fromfile(chosen.styles / f"{name}.bin", np.float32).reshape(-1, 2 * HALF) for name in names]
        self.start = STARTS[name]
        self.voice = Voice(torch.from_numpy(np.stack(tables)), names, self.start)
        self.speaker, self.listener = speaker, listener
        self.kernel = resampler()
        table = read_map()
        rows = [json.loads(line) for line in chosen.sentences.read_text(encoding="utf-8").splitlines()]
        kept = [(written, words) for written, words in rows if chosen.shortest <= sounds(words) <= chosen.longest]
        self.sentences = [
            (self.listener.encode_text(written), letters(written), tokens_of(words, table), sounds(words))
            for written, words in kept
        ]
        self.speed, self.pace = self.start.speed, chosen.pace
        self.offset_rate = chosen.offset_rate

    def step(self, place: int, dice: random.Random) -> tuple[Tensor, dict[str, float]]:
        """Loss of one sentence, and its parts."""
        written, size, tokens, count = self.sentences[place]
        style = self.voice.style(len(tokens))
        text = self.speaker.text(tokens)
        with torch.no_grad():
            length, _ = self.speaker.durations(text, style[HALF:])
        sound, pitch, frames = self._speak(text, style, length)
        seconds = float(frames[1:-2].sum() + 2.6) * FRAME / RATE  # as the engine trims
        self.speed *= (self.pace / (count / seconds)) ** 0.05
        kept = sound[(int(frames[0]) - 1) * FRAME : len(sound) - (int(frames[-1]) - 1) * FRAME]
        heard = torch.cat([torch.zeros(LEAD_IN), kept, torch.zeros(END_PAUSE)])
        verdict = self.listener.judge(to_listener(roughened(heard, dice), self.kernel), written)
        voiced = pitch[pitch > 60]
        height = (voiced.mean() / self.start.pitch).log()
        penalty = self.voice.penalty(len(tokens)) + 5 * height.square()
        loss = 1.5 * verdict.loss / size - (verdict.persian.exp() + DOUBT).log() + penalty
        parts = {
            "nll": float(verdict.loss.detach()) / size,
            "fa": float(verdict.persian.detach().exp()),
            "hz": float(voiced.detach().mean()),
            "pen": float(penalty.detach()),
            "rms": float(kept.detach().square().mean().sqrt()),
        }
        return loss, parts

    def _speak(self, text: Text, style: Tensor, length: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        frames = torch.round(length / self.speed).clamp(min=1).long()
        _, features = self.speaker.durations(text, style[HALF:])
        pitch, loudness = self.speaker.curves(features, frames, style[HALF:])
        return self.speaker.decode(text, frames, pitch, loudness, style[:HALF]), pitch, frames


def main() -> None:
    """Search all voices named, side by side, a thread each: they share the models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", choices=sorted(STARTS))
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--styles", type=Path, required=True)
    parser.add_argument("--recogniser", type=Path, required=True)
    parser.add_argument("--sentences", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--start", type=Path, help="folder of NAME.npz to go on from")
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--pace", type=float, default=10.7)
    parser.add_argument("--shortest", type=int, default=28)
    parser.add_argument("--longest", type=int, default=62)
    parser.add_argument("--rate", type=float, default=0.006)
    parser.add_argument("--offset-rate", type=float, default=0.02)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(chosen.seed)
    speaker, listener = Speaker(chosen.model), Listener(chosen.recogniser)
    workers = [threading.Thread(target=run, args=(name, chosen, speaker, listener)) for name in chosen.names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def run(name: str, chosen: argparse.Namespace, speaker: Speaker, listener: Listener) -> None:
    """Search one voice; the mean of the last steps is written every ten steps."""
    dice = random.Random(chosen.seed)
    search = Search(name, chosen, speaker, listener)
    voice = search.voice
    if chosen.start and (chosen.start / f"{name}.npz").is_file():
        with np.load(chosen.start / f"{name}.npz") as kept, torch.no_grad():
            for key, value in voice.named_parameters():
                value.copy_(torch.from_numpy(kept[key]))
            search.speed = float(kept["speed"])
    groups = [
        {"params": [voice.change], "lr": chosen.rate},
        {"params": [voice.slope], "lr": chosen.rate / 2},
        {"params": [voice.offset], "lr": chosen.offset_rate},
    ]
    optimiser = torch.optim.Adam(groups, betas=(0.85, 0.98))
    averaged = {key: value.detach().clone() for key, value in voice.named_parameters()}
    begun, order, done = time.monotonic(), [], 0.0
    log = (chosen.out / f"{name}.log").open("a", encoding="utf-8")
    for step in range(chosen.steps):
        done = max(step / chosen.steps, (time.monotonic() - begun) / 60 / chosen.minutes)
        if done >= 1:
            break
        for group, top in zip(optimiser.param_groups, (chosen.rate, chosen.rate / 2, chosen.offset_rate), strict=True):
            group["lr"] = top * min(1, (step + 1) / 8) * (0.1 + 0.45 * (1 + np.cos(np.pi * done)))
        order = order or dice.sample(range(len(search.sentences)), len(search.sentences))
        loss, parts = search.step(order.pop(), dice)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([voice.change, voice.slope], 2.0)
        torch.nn.utils.clip_grad_norm_([voice.offset], 0.5)
        optimiser.step()
        keep = min(0.95, step / (step + 5))
        for key, value in voice.named_parameters():
            averaged[key].mul_(keep).add_(value.detach(), alpha=1 - keep)
        parts |= {
            "step": step,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            "speed": search.speed,
            "s": time.monotonic() - begun,
        }
        log.write(json.dumps({key: round(value, 4) for key, value in parts.items()}) + "\n")
        log.flush()
        if step % 10 == 9:
            write(chosen.out / f"{name}.npz", search, averaged)
    write(chosen.out / f"{name}.npz", search, averaged)


def write(path: Path, search: Search, averaged: dict[str, Tensor]) -> None:
    """Keep the averaged parameters, the speed and the table they make."""
    now = {key: value.detach().clone() for key, value in search.voice.named_parameters()}
    with torch.no_grad():
        for key, value in search.voice.named_parameters():
            value.copy_(averaged[key])
        table, shares = search.voice.table(), search.voice.shares(MIDDLE).numpy()
        slopes = (search.voice.slope - search.voice.slope.mean(1, keepdim=True)).numpy()
        for key, value in search.voice.named_parameters():
            value.copy_(now[key])
    np.savez(
        path,
        table=table,
        speed=search.speed,
        shares=shares,
        slopes=slopes,
        **{key: value.numpy() for key, value in averaged.items()},
    )


if __name__ == "__main__":
    main()
