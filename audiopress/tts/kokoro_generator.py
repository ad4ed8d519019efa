"""The Kokoro generator's residual blocks built anew: time first, convolutions as products of 8-bit integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onnx import NodeProto

    from audiopress.tts.kokoro_graph import Graph

PREFIX = "/decoder/decoder/generator"
MICROSOFT = "com.microsoft"  # the domain of onnxruntime's own operators
DILATIONS = (1, 3, 5)  # of the first convolution in each of a block's three steps; the second has 1
EPSILON = 1e-5  # of the instance normalisation
#: By upsampling stage: the block on the noise source, its input, what its output is added to, the blocks on the sum,
#: and the activation that their mean goes to.
STAGES = (
    (
        "noise_res.0",
        "noise_convs.0/Conv_output_0",
        "ups.0/ConvTranspose_output_0",
        ("resblocks.0", "resblocks.1", "resblocks.2"),
        "LeakyRelu_1_output_0",
    ),
    (
        "noise_res.1",
        "noise_convs.1/Conv_output_0",
        "reflection_pad/Pad_output_0",
        ("resblocks.3", "resblocks.4", "resblocks.5"),
        "LeakyRelu_2_output_0",
    ),
)


def rebuild(graph: Graph) -> None:
    """Build both stages anew; what they were made of stays in the graph, unused."""
    for noise, source, carrier, blocks, end in STAGES:
        stage = _Stage(graph, f"{PREFIX}/{noise}")
        total = stage.add(
            "Add", stage.time_first(f"{PREFIX}/{carrier}"), stage.block(noise, stage.time_first(f"{PREFIX}/{source}"))
        )
        first, *others = [stage.block(block, total) for block in blocks]
        for other in others:
            first = stage.add("Add", first, other)
        mean = stage.add("Mul", first, stage.constant(np.float32(1 / len(blocks))))
        graph.makers[f"{PREFIX}/{end}"].input[0] = stage.time_last(mean)


def integer_convolution(graph: Graph, node: NodeProto) -> None:
    """Replace quantise → ConvInteger (→ add bias) → cast → scale, stride 1, by one product of 8-bit integers."""
    _, end = bias_and_end(graph, node)
    stage = _Stage(graph, end)
    result = stage.convolution(node, stage.time_first(graph.makers[node.input[0]].input[0]))
    graph.add("Identity", [stage.time_last(result)], end)


class _Stage:
    """Builder of one stage's nodes, all on arrays of shape (time, channels)."""

    def __init__(self, graph: Graph, name: str) -> None:
        self._graph, self._name, self._count = graph, name, 0
        self._windows: dict[tuple[int, int], str] = {}
        self._time = ""

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self.add_many(kind, inputs, 1, domain, **attributes)[0]

    def add_many(
        self, kind: str, inputs: Sequence[str], count: int, domain: str = "", **attributes: Any
    ) -> Sequence[str]:
        self._count += 1
        outputs = [f"{self._name}/built_{self._count}_{place}" for place in range(count)]
        return self._graph.add(kind, inputs, outputs, domain, **attributes)

    def constant(self, value: np.ndarray | np.generic) -> str:
        self._count += 1
        return self._graph.constant(f"{self._name}/constant_{self._count}", np.asarray(value))

    def time_first(self, name: str) -> str:
        """(1, channels, time) → (time, channels)."""
        return self.add("Transpose", self.add("Squeeze", name, self.constant(np.array([0]))), perm=[1, 0])

    def time_last(self, name: str) -> str:
        """(time, channels) → (1, channels, time)."""
        return self.add("Unsqueeze", self.add("Transpose", name, perm=[1, 0]), self.constant(np.array([0])))

    def block(self, name: str, signal: str) -> str:
        """A residual block: three steps of normalise, activate, convolve, twice each, added to what came in."""
        for step, dilation in enumerate(DILATIONS):
            inner = self._convolved(name, f"convs1.{step}", self._activated(name, 1, step, signal), dilation)
            outer = self._convolved(name, f"convs2.{step}", self._activated(name, 2, step, inner), 1)
            signal = self.add("Add", signal, outer)
        return signal

    def _activated(self, name: str, half: int, step: int, signal: str) -> str:
        """Adaptive instance normalisation, then Snake: y = γ·(x-µ)/σ + β, y + sin²(αy)/α.

        With z = αy this is (z + sin²z)/α, and z = x·a + b with a, b of one value a channel.
        """
        axis = self.constant(np.array([0]))
        alpha = (
            self._graph.value(f"{PREFIX[1:].replace('/', '.')}.{name}.alpha{half}.{step}")
            .astype(np.float32)
            .reshape(1, -1)
        )
        style = f"{PREFIX}/{name}/adain{half}.{step}/fc/Gemm_output_0"
        channels = alpha.shape[1]
        ends = [self.constant(np.array([place])) for place in (0, channels, 2 * channels)]
        one = self.constant(np.array([1]))
        gamma = self.add("Slice", style, ends[0], ends[1], one)
        beta = self.add("Slice", style, ends[1], ends[2], one)
        mean = self.add("ReduceMean", signal, axis)
        square = self.add("ReduceMean", self.add("Mul", signal, signal), axis)
        variance = self.add("Sub", square, self.add("Mul", mean, mean))
        deviation = self.add("Sqrt", self.add("Add", variance, self.constant(np.float32(EPSILON))))
        scale = self.add("Div", self.add("Add", gamma, self.constant(np.float32(1))), deviation)
        offset = self.add("Sub", beta, self.add("Mul", mean, scale))
        factor = self.constant(alpha)
        scaled = self.add("Mul", signal, self.add("Mul", scale, factor))
        angle = self.add("Add", scaled, self.add("Mul", offset, factor))
        sine = self.add("Sin", angle)
        wave = self.add("Add", angle, self.add("Mul", sine, sine))
        return self.add("Mul", wave, self.constant((1 / alpha).astype(np.float32)))

    def _convolved(self, name: str, part: str, signal: str, dilation: int) -> str:
        node = self._graph.makers[f"{PREFIX}/{name}/{part}/Conv_output_0_output_quantized"]
        return self.convolution(node, signal, dilation)

    def convolution(self, node: NodeProto, signal: str, dilation: int = 1) -> str:
        """A ConvInteger as one product: (time, taps x channels in) · (taps x channels in, channels out), plus bias."""
        weight = self._graph.value(node.input[1])  # (out, in, taps), unsigned
        zero = self._graph.value(node.input[3]).astype(np.int16)
        scale = self._graph.value(node.input[1].removesuffix("_quantized") + "_scale").astype(np.float32)
        bias, _ = bias_and_end(self._graph, node)
        taps = weight.shape[2]
        matrix = weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]).astype(np.int16)
        quantized, step, origin = self.add_many("DynamicQuantizeLinear", [signal], 3)
        if taps > 1:
            reach = dilation * (taps - 1) // 2
            padded = self.add("Pad", quantized, self.constant(np.array([reach, 0, reach, 0])), origin)
            windows = self.add("Gather", padded, self._window(signal, taps, dilation), axis=0)  # (time, taps, in)
            quantized = self.add("Reshape", windows, self.constant(np.array([-1, len(matrix)])))
        # Fast kernels want signed weights: 128 is taken from them and from their zero, so that the values stay.
        signed, origin_of_weights = ((number - 128).astype(np.int8) for number in (matrix, zero))
        inputs = [
            quantized,
            self.constant(signed),
            step,
            self.constant(scale),
            origin,
            self.constant(origin_of_weights),
        ]
        return self.add("MatMulIntegerToFloat", *inputs, *([bias] if bias else []), domain=MICROSOFT)

    def _window(self, signal: str, taps: int, dilation: int) -> str:
        """For each moment the places of its taps: (time, taps), shared by the stage's convolutions of that shape."""
        if not self._time:
            self._time = self.add("Squeeze", self.add("Shape", signal, start=0, end=1))
        if (taps, dilation) not in self._windows:
            moments = self.add("Range", self.constant(np.int64(0)), self._time, self.constant(np.int64(1)))
            column = self.add("Unsqueeze", moments, self.constant(np.array([1])))
            reach = self.constant(np.arange(taps, dtype=np.int64) * dilation)
            self._windows[taps, dilation] = self.add("Add", column, reach)
        return self._windows[taps, dilation]


def bias_and_end(graph: Graph, node: NodeProto) -> tuple[str | None, str]:
    """The float bias of a quantised convolution, None where it has none, and the name of its scaled output."""
    bias = None
    after = graph.users[node.output[0]][0]
    if after.op_type == "Add":  # the bias is quantised on the way; the float it came from is taken
        maker = graph.makers[next(name for name in after.input if name != node.output[0])]
        while maker.op_type != "Div":
            maker = graph.makers[maker.input[0]]
        bias = maker.input[0]
        after = graph.users[after.output[0]][0]
    return bias, graph.users[after.output[0]][0].output[0]  # after the cast, the scaling
