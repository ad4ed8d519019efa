"""Kokoro-82M in PyTorch, differentiable in the style vector, with the weights of the published 8-bit ONNX model.

The parts that hear only the tokens (ALBERT, the text encoder) run in onnxruntime, once a sentence; all that hears the
style is written anew here and checked against onnxruntime by ``check.py``. Weights are multiplied out to floats, and
what the published model quantises on the way stays float. Durations are whole frames: no gradient goes through them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper
from torch import Tensor
from torch.nn import functional as fn
from weights import Weights

if TYPE_CHECKING:
    from pathlib import Path

FRAME, RATE, HALF = 600, 24_000, 128  # samples of a frame, Hz, numbers of timbre (then as many of prosody)
HEARD_BY_TOKENS = ("/encoder/bert_encoder/Add_output_0", "/encoder/text_encoder/lstm/Reshape_output_0")
HARMONICS = 9
DILATIONS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Text:
    """What the style-independent parts make of one sentence: tokens → (tokens, 512) each."""

    prosody: Tensor
    sounds: Tensor


class Speaker:
    """Tokens and a style → sound."""

    def __init__(self, model: Path, *, half: bool = True) -> None:
        """Read the published model; ``half``: products of the decoder's convolutions in bfloat16."""
        proto = onnx.load(model)
        self.weights = Weights(proto)
        for name in HEARD_BY_TOKENS:
            proto.graph.output.append(helper.make_empty_tensor_value_info(name))
        cut = onnx.utils.Extractor(proto).extract_model(["tokens"], list(HEARD_BY_TOKENS))
        self._text = onnxruntime.InferenceSession(cut.SerializeToString(), providers=["CPUExecutionProvider"])
        self._half = half
        self._kept: dict[str, Any] = {}

    def text(self, tokens: list[int]) -> Text:
        """What is heard of the tokens alone, padding included."""
        prosody, sounds = self._text.run(None, {"tokens": np.array([[0, *tokens, 0]], np.int64)})
        return Text(torch.from_numpy(prosody).reshape(-1, 512), torch.from_numpy(sounds).reshape(-1, 512))

    def _keep(self, name: str, make: Any) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def _conv(self, x: Tensor, name: str, bias: str | None, **options: Any) -> Tensor:
        kernel = self._keep(f"conv {name}", lambda: self.weights.conv(name))
        offset = self._keep(f"bias {bias}", lambda: self.weights.plain(bias)) if bias else None
        return self._product(fn.conv1d, x, kernel, offset, name, **options)

    def _up(self, x: Tensor, name: str, bias: str, **options: Any) -> Tensor:
        kernel = self._keep(f"conv {name}", lambda: self.weights.conv(name))
        offset = self._keep(f"bias {bias}", lambda: self.weights.plain(bias))
        return self._product(fn.conv_transpose1d, x, kernel, offset, name, **options)

    def _product(
        self, kind: Any, x: Tensor, kernel: Tensor, offset: Tensor | None, name: str, **options: Any
    ) -> Tensor:
        if not self._half or "/decoder/decoder" not in name or kernel.shape[1] == 1:
            return kind(x, kernel, offset, **options)
        short = self._keep(f"half {name}", kernel.bfloat16)
        small = None if offset is None else self._keep(f"half bias {name}", offset.bfloat16)
        return kind(x.bfloat16(), short, small, **options)

    def _shares(self, style: Tensor, node: str, bias: str) -> tuple[Tensor, Tensor]:
        matrix = self._keep(f"matrix {node}", lambda: self.weights.matrix(node))
        offset = self._keep(f"bias {bias}", lambda: self.weights.plain(bias))
        gamma, beta = (style @ matrix + offset).chunk(2)
        return 1 + gamma, beta

    def _adain(self, x: Tensor, style: Tensor, node: str, bias: str) -> Tensor:
        scale, shift = self._shares(style, f"{node}/fc/Gemm_MatMul_quant", f"{bias}.fc.bias")
        return fn.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5)

    def _lstm(self, x: Tensor, name: str) -> Tensor:
        made: Tensor = self._keep(f"lstm {name}", lambda: self.weights.lstm(name))(x[None])[0][0]
        return made

    def durations(self, text: Text, prosody: Tensor) -> tuple[Tensor, Tensor]:
        """Frames of each token at speed 1, not rounded, and the features that pitch and loudness are made of."""
        place = "/encoder/predictor/text_encoder/lstms"
        many = prosody.expand(len(text.prosody), -1)
        x = torch.cat([text.prosody, many], 1)
        for step in (0, 2, 4):
            x = self._lstm(x, f"{place}.{step}")
            node, bias = f"{place}.{step + 1}/fc/Gemm_MatMul_quant", f"encoder.predictor.text_encoder.lstms.{step + 1}"
            scale, shift = self._shares(prosody, node, f"{bias}.fc.bias")
            x = torch.cat([fn.layer_norm(x, (512,)) * scale + shift, many], 1)
        y = self._lstm(x, "/encoder/predictor/lstm")
        node = "/encoder/predictor/duration_proj/linear_layer/MatMul_quant"
        matrix = self._keep(f"matrix {node}", lambda: self.weights.matrix(node))
        bias = self.weights.plain("encoder.predictor.duration_proj.linear_layer.bias")
        return torch.sigmoid(y @ matrix + bias).sum(1), x

    def _block(self, x: Tensor, style: Tensor, node: str, bias: str, *, up: bool = False, new: bool = False) -> Tensor:
        y = fn.leaky_relu(self._adain(x, style, f"{node}/norm1", f"{bias}.norm1"), 0.2)
        if up:
            y = self._up(
                y, f"{node}/pool", f"{bias}.pool.bias", stride=2, padding=1, output_padding=1, groups=y.shape[1]
            )
            x = x.repeat_interleave(2, 2)
        y = self._conv(y, f"{node}/conv1", f"{bias}.conv1.bias", padding=1)
        y = fn.leaky_relu(self._adain(y, style, f"{node}/norm2", f"{bias}.norm2"), 0.2)
        y = self._conv(y, f"{node}/conv2", f"{bias}.conv2.bias", padding=1)
        if new:
            x = self._conv(x, f"{node}/conv1x1", None)
        return (x + y) / 2**0.5

    def curves(self, features: Tensor, frames: Tensor, prosody: Tensor) -> tuple[Tensor, Tensor]:
        """Pitch in Hz and loudness, twice a frame, each of shape (1, 1, 2 · frames)."""
        x = self._lstm(features.repeat_interleave(frames, 0), "/encoder/shared").T[None]
        made = []
        for kind in ("F0", "N"):
            y, node, bias = x, f"/encoder/{kind}", f"encoder.predictor.{kind}"
            y = self._block(y, prosody, f"{node}.0", f"{bias}.0")
            y = self._block(y, prosody, f"{node}.1", f"{bias}.1", up=True, new=True)
            y = self._block(y, prosody, f"{node}.2", f"{bias}.2")
            made.append(self._conv(y, f"{node}_proj", f"{bias}_proj.bias"))
        return made[0], made[1]

    def decode(self, text: Text, frames: Tensor, pitch: Tensor, loudness: Tensor, timbre: Tensor) -> Tensor:
        """The sound, samples at 24 kHz."""
        top, names = "/decoder/decoder", "decoder.decoder"
        sounds = text.sounds.repeat_interleave(frames, 0).T[None]
        curves = [
            self._conv(curve, f"{top}/{kind}_conv", f"{names}.{kind}_conv.bias", stride=2, padding=1)
            for kind, curve in (("F0", pitch), ("N", loudness))
        ]
        x = self._block(torch.cat([sounds, *curves], 1), timbre, f"{top}/encode", f"{names}.encode", new=True)
        rest = self._conv(sounds, f"{top}/asr_res/asr_res.0", f"{names}.asr_res.0.bias")
        for step in range(4):
            x = torch.cat([x, rest, *curves], 1)
            x = self._block(x, timbre, f"{top}/decode.{step}", f"{names}.decode.{step}", up=step == 3, new=True)
        return self._generate(x, timbre, pitch)

    def _source(self, pitch: Tensor) -> Tensor:
        """Spectrum of the harmonic source, (1, 22, time); no gradient: a shift of phase says nothing to a listener."""
        with torch.no_grad():
            many = pitch.double().repeat_interleave(300, 2) * torch.arange(1, HARMONICS + 1).double()[None, :, None]
            turns = (many / RATE) % 1
            coarse = fn.interpolate(turns, scale_factor=1 / 300, mode="linear")
            phase = fn.interpolate((coarse.cumsum(2) * 2 * torch.pi) * 300, scale_factor=300, mode="linear")
            waves = (torch.sin(phase) * 0.1).float() * (pitch.repeat_interleave(300, 2) > 10)
            matrix = self.weights.plain("onnx::MatMul_6993")
            bias = self.weights.plain("decoder.decoder.generator.m_source.l_linear.bias")
            wave = torch.tanh(waves[0].T @ matrix + bias)[:, 0]
            window = torch.hann_window(20)
            bins = torch.stft(wave, 20, 5, 20, window, center=True, pad_mode="reflect", return_complex=True)
            return torch.cat([bins.abs(), bins.angle()])[None]

    def _residual(self, x: Tensor, timbre: Tensor, place: str) -> Tensor:
        top, names = f"/decoder/decoder/generator/{place}", f"decoder.decoder.generator.{place}"
        for step, dilation in enumerate(DILATIONS):
            y = x
            for half, wide in ((1, dilation), (2, 1)):
                alpha = self._keep(
                    f"alpha {names}{half}{step}", lambda h=half, s=step: self.weights.plain(f"{names}.alpha{h}.{s}")
                )
                part = f"adain{half}.{step}"
                scale, shift = self._shares(timbre, f"{top}/{part}/fc/Gemm_MatMul_quant", f"{names}.{part}.fc.bias")
                y = snake(y, scale, shift, alpha)
                name = f"{top}/convs{half}.{step}"
                kernel = self._keep(f"conv {name}", lambda n=name: self.weights.conv(n))
                reach = wide * (kernel.shape[2] - 1) // 2
                y = self._conv(y, name, f"{names}.convs{half}.{step}.bias", padding=reach, dilation=wide)
            x = x + y
        return x

    def _generate(self, x: Tensor, timbre: Tensor, pitch: Tensor) -> Tensor:
        top, names = "/decoder/decoder/generator", "decoder.decoder.generator"
        source = self._source(pitch)
        for stage, (rate, size) in enumerate(((10, 20), (6, 12))):
            x = fn.leaky_relu(x, 0.1)
            options = {"stride": 6, "padding": 3} if stage == 0 else {}
            noise = self._conv(source, f"{top}/noise_convs.{stage}", f"{names}.noise_convs.{stage}.bias", **options)
            noise = self._residual(noise, timbre, f"noise_res.{stage}")
            x = self._up(x, f"{top}/ups.{stage}", f"{names}.ups.{stage}.bias", stride=rate, padding=(size - rate) // 2)
            if stage == 1:
                x = fn.pad(x, (1, 0), mode="reflect")
            x = x + noise
            blocks = range(3 * stage, 3 * stage + 3)
            x = sum(self._residual(x, timbre, f"resblocks.{block}") for block in blocks) / 3  # type: ignore[assignment]
        x = fn.leaky_relu(x, 0.01)
        x = self._conv(x, f"{top}/conv_post", f"{names}.conv_post.bias", padding=3)[0].float()
        size, phase = x[:11].exp(), x[11:].sin()
        return torch.istft(torch.complex(size * phase.cos(), size * phase.sin()), 20, 5, 20, torch.hann_window(20))

    def speak(self, text: Text, style: Tensor, speed: float) -> tuple[Tensor, Tensor]:
        """The sound of one sentence, untrimmed, and the frames of each token."""
        timbre, prosody = style[:HALF], style[HALF:]
        length, features = self.durations(text, prosody)
        frames = torch.round(length.detach() / speed).clamp(min=1).long()
        pitch, loudness = self.curves(features, frames, prosody)
        return self.decode(text, frames, pitch, loudness, timbre), frames


class _Snake(torch.autograd.Function):
    """Snake, y + sin²(αy)/α = y + (1 - cos 2αy)/2α, with only y kept for the way back."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, alpha: Tensor) -> Tensor:
        ctx.save_for_backward(y, alpha)
        return (y * (2 * alpha)).cos_().neg_().add_(1).mul_(0.5 / alpha).add_(y)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        y, alpha = ctx.saved_tensors
        return (y * (2 * alpha)).sin_().add_(1).mul_(grad), None


def snake(x: Tensor, scale: Tensor, shift: Tensor, alpha: Tensor) -> Tensor:
    """Normalise, scale, shift and activate: (1, channels, time) → the same. Of one sound batch and instance are one."""
    made: Tensor = _Snake.apply(fn.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5), alpha)
    return made
