"""Readies a Piper model for us: it tells how long each phoneme lasts, and it speaks the same each time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import ModelProto, NodeProto

#: Numbers in the table of noise: 4 MB, and more than the longest phrase takes (192 channels of 25 s are 420,000).
NOISE = 1 << 20
SEED = 7
TABLE, LENGTH, ZERO, ONE = (f"audiopress_{name}" for name in ("noise", "noise_length", "zero", "one"))
LOWEST_OPSET = 11  # the first with the operator Range


def readied(path: Path) -> bytes:
    """The model in ``path`` as bytes for onnxruntime, its durations and its noise settled.

    Raises what onnx raises where the file is no model.
    """
    import onnx  # noqa: PLC0415 - slow to import, and only these voices need it
    from piper.patch_voice_with_alignment import add_alignment_output  # noqa: PLC0415 - an extra

    model = onnx.load(str(path))
    with suppress(ValueError):  # it tells its durations already, or has none that could be found
        add_alignment_output(model)
    settle_noise(model)
    data: bytes = model.SerializeToString()
    return data


def settle_noise(model: ModelProto) -> None:
    """Let the model take its noise from a fixed table in place of a random generator.

    A generator goes on from one utterance to the next: what was spoken before, and by which thread, would change
    every sample and every pause. Noise itself is kept, since speech without it sounds flat.
    """
    from onnx import numpy_helper  # noqa: PLC0415 - as above

    opset = max((each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}), default=0)
    if opset < LOWEST_OPSET or not any(map(_is_noise, model.graph.node)):
        return
    nodes = [part for node in model.graph.node for part in (_from_table(node) if _is_noise(node) else [node])]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    # RandomState's stream is promised to stay the same in all versions of numpy, that of the newer generators is not.
    table = np.random.RandomState(SEED).standard_normal(NOISE).astype(np.float32)
    numbers = {LENGTH: NOISE, ZERO: 0, ONE: 1}
    constants: dict[str, NDArray[Any]] = {
        TABLE: table,
        **{name: np.array(number, np.int64) for name, number in numbers.items()},
    }
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())


def _is_noise(node: NodeProto) -> bool:
    """Whether a node draws standard normal 32-bit floats in the shape of its input, as PyTorch's exporter writes it."""
    from onnx.helper import get_attribute_value  # noqa: PLC0415 - as above

    plain = {"dtype": 1, "mean": 0.0, "scale": 1.0}  # 1 is TensorProto.FLOAT
    return node.op_type == "RandomNormalLike" and all(
        each.name == "seed" or get_attribute_value(each) == plain.get(each.name) for each in node.attribute
    )


def _from_table(node: NodeProto) -> list[NodeProto]:
    """The nodes that give as much of the table as `node` would draw, from its beginning."""
    from onnx.helper import make_node  # noqa: PLC0415 - as above

    (like,), (drawn,) = node.input, node.output
    steps = [
        ("Shape", [like], "shape"),
        ("Size", [like], "size"),
        ("Range", [ZERO, f"{drawn}_size", ONE], "range"),
        ("Mod", [f"{drawn}_range", LENGTH], "place"),
        ("Gather", [TABLE, f"{drawn}_place"], "flat"),
    ]
    made = [make_node(kind, inputs, [f"{drawn}_{name}"]) for kind, inputs, name in steps]
    return [*made, make_node("Reshape", [f"{drawn}_flat", f"{drawn}_shape"], [drawn])]
