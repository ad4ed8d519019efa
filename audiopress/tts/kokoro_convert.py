"""The Kokoro graph rewritten so that it runs faster and tells its durations; the same weights, the same speech.

As published (int8, every activation quantised on the way) it takes .62 of the speech's length on one core. Three
things are changed:

* ConvInteger, for which onnxruntime has no fast kernel, becomes a float convolution with the weights multiplied out.
* In the generator, where nearly all time goes, the eight residual blocks are built anew with time as the first axis
  (kokoro_generator): a convolution is then one product of 8-bit integers, for which processors with VNNI or AMX have
  instructions, and a normalisation with its Snake activation is nine passes over the data in place of fourteen.
* The short-time Fourier transform of the source signal becomes a convolution.

And two inputs are added, which may be left out: ``pitch``, a factor on the fundamental frequency that the model
predicts, and ``rate``, by which all is faster, more exactly than by ``speed``. Where they are 1 every bit stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiopress.tts.kokoro_generator import bias_and_end, integer_convolution, rebuild
from audiopress.tts.kokoro_graph import FRAMES, Graph

if TYPE_CHECKING:
    from onnx import NodeProto

CONVERSION = 6  # raised whenever `convert` gives another model
GENERATOR = "/decoder/decoder/generator"
FUNDAMENTAL = "/encoder/F0_proj/Conv_output_0"  # Hz by half frame; the decoder and the source signal both follow it
LENGTHS = "/encoder/Clip_output_0"  # frames of each token, whole and at least 1, float32 (1, n)
VOICED = 10.0  # Hz: the source signal is a hum above it and noise below (a constant of the published model)


def convert(data: bytes, *, integer: bool) -> bytes:
    """The published model → the one that is run; ``integer``: the generator's convolutions on 8-bit integers.

    Inputs are ``tokens``, ``style`` and ``speed`` as published, and ``pitch`` and ``rate``, float32 (1,); outputs are
    the samples and `FRAMES`.
    """
    import onnx  # noqa: PLC0415 - needed once a machine; importing it takes 0.2 s

    model = onnx.load_model_from_string(data)
    graph = Graph(model.graph)
    if integer:
        rebuild(graph)
        graph.drop_unused()
    for node in [node for node in graph.nodes if node.op_type == "ConvInteger"]:
        # The pitch is predicted before the decoder: floats keep it steady, and cost little there.
        if integer and node.name.startswith("/decoder") and _attribute(node, "strides") == [1]:
            integer_convolution(graph, node)
        else:
            _float_convolution(graph, node)
    _transform_by_convolution(graph)
    _scale_pitch(graph)
    _scale_lengths(graph)
    for name in ("pitch", "rate"):
        model.graph.input.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]))
    model.graph.output.append(onnx.helper.make_tensor_value_info(FRAMES, onnx.TensorProto.INT64, ["tokens"]))
    graph.finish()
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _float_convolution(graph: Graph, node: NodeProto) -> None:
    """Replace quantise → ConvInteger (→ add bias) → cast → scale by one float convolution."""
    from onnx import helper  # noqa: PLC0415 - as in convert

    bias, output = bias_and_end(graph, node)
    weight = graph.constant(f"{node.input[1]}_float", graph.weights(node.input[1], node.input[3]))
    inputs = [graph.makers[node.input[0]].input[0], weight, *([bias] if bias else [])]
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    graph.add("Conv", inputs, [output], **attributes)


def _transform_by_convolution(graph: Graph) -> None:
    """Replace STFT, (1, samples, 1) → (1, frames, bins, 2), and the axes' reordering after it, by one convolution."""
    (node,) = (node for node in graph.nodes if node.op_type == "STFT")
    signal, hop, window, size = (node.input[0], *(graph.value(name) for name in node.input[1:]))
    length, bins = int(size), int(size) // 2 + 1
    turns = np.exp(-2j * np.pi * np.outer(np.arange(bins), np.arange(length)) / length) * window
    kernels = np.concatenate([turns.real, turns.imag])[:, None].astype(np.float32)
    name = f"{GENERATOR}/fourier"
    (flat,) = graph.add("Reshape", [signal, graph.constant(f"{name}/flat", np.array([1, 1, -1]))], [f"{name}/signal"])
    # The imaginary parts of the first and last bin are zero; a hair above, so that their phase is 0 or +π as trained.
    hair = np.zeros(2 * bins, np.float32)
    hair[[bins, -1]] = 1e-20
    inputs = [flat, graph.constant(f"{name}/kernels", kernels), graph.constant(f"{name}/hair", hair)]
    (both,) = graph.add("Conv", inputs, [f"{name}/both"], kernel_shape=[length], strides=[int(hop)])
    axis = graph.constant(f"{name}/axis", np.array([1]))
    places = [graph.constant(f"{name}/{place}", np.array([place])) for place in (0, bins, 2 * bins)]
    for part, gather in enumerate((f"{GENERATOR}/Gather_4_output_0", f"{GENERATOR}/Gather_5_output_0")):
        graph.add("Slice", [both, places[part], places[part + 1], axis], [gather])


def _scale_pitch(graph: Graph) -> None:
    """Multiply the predicted fundamental by ``pitch`` where there is a voice; what is unvoiced stays so."""
    predicted, name = f"{FUNDAMENTAL}_replaced", "/encoder/pitch"  # what `Graph.add` calls the output that it replaces
    usual = graph.constant("pitch", np.array([1], np.float32))  # an input with a constant of its name may be left out
    (scaled,) = graph.add("Mul", [predicted, usual], [f"{name}/scaled"])
    (voiced,) = graph.add(
        "Greater", [predicted, graph.constant(f"{name}/least", np.array(VOICED, np.float32))], [f"{name}/voiced"]
    )
    graph.add("Where", [voiced, scaled, predicted], [FUNDAMENTAL])


def _scale_lengths(graph: Graph) -> None:
    """Divide the frames of each token, which ``speed`` has decided, by ``rate``; at least 1 is left of each.

    A frame lasts 25 ms, and most tokens two or three. ``speed`` rounds each length by itself, and as much as the
    lengths at its 1 are too short or too long by that, its effect is wrong: asked for 1.25 it gave 1.18, for .7 .65. So
    it is the whole lengths that are divided, and the places where tokens end that are rounded: what one token loses
    the next gets.
    """
    name = "/encoder/rate"
    usual = graph.constant("rate", np.array([1], np.float32))  # as with pitch
    axis, least = (
        graph.constant(f"{name}/axis", np.array(1)),
        graph.constant(f"{name}/least", np.array(1, np.float32)),
    )
    (scaled,) = graph.add("Div", [f"{LENGTHS}_replaced", usual], [f"{name}/scaled"])
    ends: list[str] = []
    for place, exclusive in (("start", 1), ("end", 0)):
        (total,) = graph.add("CumSum", [scaled, axis], [f"{name}/{place}/sum"], exclusive=exclusive)
        ends += graph.add("Round", [total], [f"{name}/{place}"])
    (lengths,) = graph.add("Sub", [ends[1], ends[0]], [f"{name}/lengths"])
    graph.add("Max", [lengths, least], [LENGTHS])


def _attribute(node: NodeProto, name: str) -> object:
    from onnx import helper  # noqa: PLC0415 - as in convert

    return next(helper.get_attribute_value(attribute) for attribute in node.attribute if attribute.name == name)
