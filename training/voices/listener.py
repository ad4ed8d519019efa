"""Whisper in PyTorch, differentiable in the sound, read from the CTranslate2 file of the project's recogniser.

It asks the two questions of ``../shared/tools/asr/cer.py``: how unlikely the written sentence is, a character, and how
sure the recogniser is that it hears Persian. ``check.py`` holds both answers against that script's.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as fn

if TYPE_CHECKING:
    from pathlib import Path

RATE, WINDOW, HOP, HEARD = 16_000, 400, 160, 3000  # Hz, samples, samples, frames of 10 ms that are listened to
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}  # CTranslate2's numbers of its types
SOT, NO_TIMESTAMPS, TRANSCRIBE, EOT = "<|startoftranscript|>", "<|notimestamps|>", "<|transcribe|>", "<|endoftext|>"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the recogniser made of a batch of sounds, one number each."""

    loss: Tensor  #: negative log-likelihood of the whole written sentence
    persian: Tensor  #: logarithm of its belief that the language is Persian


def _text(file: BinaryIO) -> str:
    (size,) = struct.unpack("<H", file.read(2))
    return file.read(size).rstrip(b"\0").decode()


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a CTranslate2 model file (binary version 6) as floats; 8-bit matrices are multiplied out."""
    raw: dict[str, np.ndarray[Any, Any]] = {}
    with path.open("rb") as file:
        file.read(4)
        _text(file)
        file.read(4)
        (count,) = struct.unpack("<I", file.read(4))
        for _ in range(count):
            name = _text(file)
            (rank,) = struct.unpack("<B", file.read(1))
            shape = struct.unpack(f"<{rank}I", file.read(4 * rank))
            kind, size = struct.unpack("<BI", file.read(5))
            raw[name] = np.frombuffer(file.read(size), TYPES[kind]).reshape(shape)
        (aliases,) = struct.unpack("<I", file.read(4))
        for _ in range(aliases):
            name = _text(file)
            raw[name] = raw[_text(file)]
    made = {}
    for name, array in raw.items():
        if name.endswith("_scale"):
            continue
        value = array.astype(np.float32)
        if array.dtype == np.int8 and f"{name}_scale" in raw:
            value /= raw[f"{name}_scale"].reshape(-1, *[1] * (array.ndim - 1))
        made[name] = torch.from_numpy(value)
    return made


class Listener:
    """A Whisper model that judges sounds."""

    def __init__(self, folder: Path, *, half: bool = True) -> None:
        """Read the model in ``folder``; ``half``: matrix products in bfloat16."""
        every = read_weights(folder / "model.bin")
        self._half = {name: value.bfloat16() for name, value in every.items()} if half else every
        self._all = {
            name: value for name, value in every.items() if re.search("norm/|embeddings|encodings|heads", name)
        }
        self.kind = torch.bfloat16 if half else torch.float32
        self.layers = 1 + max(
            int(name.split("layer_")[1].split("/")[0]) for name in self._half if re.match(r"encoder/layer_\d", name)
        )
        self.heads = int(self._all["encoder/num_heads"]) if "encoder/num_heads" in self._all else 8
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.languages: list[int] = sorted(config["lang_ids"])
        from tokenizers import Tokenizer  # noqa: PLC0415 - only this needs it

        self.tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.start, self.silent, self.write, self.end = (
            self.tokens.token_to_id(name) for name in (SOT, NO_TIMESTAMPS, TRANSCRIBE, EOT)
        )
        self.persian: int = self.tokens.token_to_id("<|fa|>")
        self._filters = torch.from_numpy(mel_filters())

    def encode_text(self, written: str) -> list[int]:
        """The tokens of a written sentence."""
        ids: list[int] = self.tokens.encode(" " + " ".join(written.split()), add_special_tokens=False).ids
        return [number for number in ids if number < self.end]

    def mel(self, sound: Tensor) -> Tensor:
        """Samples at 16 kHz → log-mel features (80, 3000), zeros where the sound has ended, as faster-whisper does."""
        sound = fn.pad(sound, (0, 160))
        bins = torch.stft(sound, WINDOW, HOP, WINDOW, torch.hann_window(WINDOW), center=True, return_complex=True)
        power = bins[:, :-1].abs() ** 2
        logs = (self._filters @ power).clamp(min=1e-10).log10()
        logs = (torch.maximum(logs, logs.max().detach() - 8) + 4) / 4
        return fn.pad(logs[:, :HEARD], (0, max(0, HEARD - logs.shape[1])))

    def _linear(self, x: Tensor, name: str) -> Tensor:
        bias = self._half.get(f"{name}/bias")
        return fn.linear(x.to(self.kind), self._half[f"{name}/weight"], bias)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return fn.layer_norm(x.float(), (x.shape[-1],), self._all[f"{name}/gamma"], self._all[f"{name}/beta"])

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, *, causal: bool = False) -> Tensor:
        split = [x.unflatten(-1, (self.heads, -1)).transpose(1, 2) for x in (query, key, value)]
        return fn.scaled_dot_product_attention(*split, is_causal=causal).transpose(1, 2).flatten(2)

    def _feed(self, x: Tensor, name: str) -> Tensor:
        y = self._linear(self._norm(x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0")
        return x + self._linear(fn.gelu(y), f"{name}/ffn/linear_1").float()

    def _own(self, x: Tensor, name: str, *, causal: bool) -> Tensor:
        place = f"{name}/self_attention"
        parts = self._linear(self._norm(x, f"{place}/layer_norm"), f"{place}/linear_0").chunk(3, -1)
        return x + self._linear(self._attend(*parts, causal=causal), f"{place}/linear_1").float()

    def encode(self, features: Tensor) -> Tensor:
        """Features (batch, 80, 3000) → what is heard (batch, 1500, width)."""
        x = features.to(self.kind)
        for number, stride in (("1", 1), ("2", 2)):
            name = f"encoder/conv{number}"
            x = fn.gelu(fn.conv1d(x, self._half[f"{name}/weight"], self._half[f"{name}/bias"], stride, padding=1))
        x = x.transpose(1, 2).float() + self._all["encoder/position_encodings/encodings"]
        for layer in range(self.layers):
            x = self._feed(self._own(x, f"encoder/layer_{layer}", causal=False), f"encoder/layer_{layer}")
        return self._norm(x, "encoder/layer_norm")

    def decode(self, tokens: Tensor, heard: Tensor) -> Tensor:
        """Tokens (batch, n) → logits (batch, n, vocabulary)."""
        x = self._all["decoder/embeddings/weight"][tokens]
        x = x + self._all["decoder/position_encodings/encodings"][: tokens.shape[1]]
        for layer in range(self.layers):
            name = f"decoder/layer_{layer}"
            x = self._own(x, name, causal=True)
            place = f"{name}/attention"
            query = self._linear(self._norm(x, f"{place}/layer_norm"), f"{place}/linear_0")
            key, value = self._linear(heard, f"{place}/linear_1").chunk(2, -1)
            x = x + self._linear(self._attend(query, key, value), f"{place}/linear_2").float()
            x = self._feed(x, name)
        x = self._norm(x, "decoder/layer_norm")
        return fn.linear(x.to(self.kind), self._half["decoder/projection/weight"]).float()

    def judge(self, sound: Tensor, written: list[int]) -> Verdict:
        """One sound at 16 kHz and the tokens of its written sentence; one pass of the encoder for both questions."""
        heard = self.encode(self.mel(sound)[None])
        tokens = [self.start, self.persian, self.write, self.silent, *written]
        logits = self.decode(torch.tensor([tokens]), heard)[0]
        language = logits[0, self.languages].log_softmax(0)[self.languages.index(self.persian)]
        likely = logits[3:-1, : self.end].log_softmax(1)
        return Verdict(-likely[torch.arange(len(written)), torch.tensor(written)].sum(), language)


def mel_filters() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Slaney's mel filters, (80, 201), for 16 kHz and windows of 400, as Whisper was trained with."""
    bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    step = 200 / 3  # Hz a mel below 1 kHz; above, 27 mels to a factor of 6.4
    mels = np.linspace(0, 15 + np.log(8) / (np.log(6.4) / 27), 82)
    edges = np.where(mels < 15, mels * step, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    width = np.diff(edges)
    slopes = edges[:, None] - bins[None]
    made = np.maximum(0, np.minimum(-slopes[:-2] / width[:-1, None], slopes[2:] / width[1:, None]))
    return (made * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


def resampler() -> Tensor:
    """The low-pass of `to_listener`: 24 kHz → 16 kHz, cut at 7.6 kHz."""
    taps = torch.arange(-96, 97, dtype=torch.float64)
    cut = 7600 / 48_000
    return (
        2 * torch.sinc(2 * cut * taps) * 2 * cut * torch.kaiser_window(193, periodic=False, beta=8.0).double()
    ).float()


def to_listener(sound: Tensor, kernel: Tensor) -> Tensor:
    """Samples at 24 kHz → 16 kHz: twice as many with zeros between, low-pass, every third."""
    twice = fn.pad(torch.stack([sound, torch.zeros_like(sound)], 1).flatten(), (96, 96))
    return fn.conv1d(twice[None, None], kernel[None, None], stride=3)[0, 0]
