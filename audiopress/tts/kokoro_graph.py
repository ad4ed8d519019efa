"""An ONNX graph being rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from onnx import GraphProto, NodeProto

FRAMES = "/encoder/Gather_output_0"  #: the output that says how many frames each token lasts, int64 (n,)


class Graph:
    """A graph being rewritten: nodes by what they make and use, and constants by name."""

    def __init__(self, proto: GraphProto) -> None:
        """Read the graph of a model; `finish` writes it back."""
        self.proto = proto
        self.nodes = list(proto.node)
        self._tensors = {tensor.name: tensor for tensor in proto.initializer}
        self._index()

    def _index(self) -> None:
        self.makers = {name: node for node in self.nodes for name in node.output}
        self.users: dict[str, list[NodeProto]] = {}
        for node in self.nodes:
            for name in node.input:
                self.users.setdefault(name, []).append(node)

    def value(self, name: str) -> NDArray[Any]:
        """The constant called ``name``."""
        from onnx import numpy_helper  # noqa: PLC0415 - as in convert

        return numpy_helper.to_array(self._tensors[name])

    def weights(self, quantized: str, zero: str) -> NDArray[np.float32]:
        """A quantised weight multiplied out."""
        scale = self.value(f"{quantized.removesuffix('_quantized')}_scale")
        weights: NDArray[np.float32] = (self.value(quantized).astype(np.float32) - self.value(zero)) * scale
        return weights

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """A constant called ``name``, made unless it is there; returns its name."""
        from onnx import numpy_helper  # noqa: PLC0415 - as in convert

        if name not in self._tensors:
            self._tensors[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def add(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> Sequence[str]:
        """A new node, which takes the place of whatever made its ``outputs`` before."""
        from onnx import helper  # noqa: PLC0415 - as in convert

        node = helper.make_node(
            kind, inputs, outputs, name=f"{outputs[0]}:{len(self.nodes)}", domain=domain, **attributes
        )
        for output in outputs:
            if output in self.makers:
                old = self.makers[output]
                old.output[list(old.output).index(output)] = f"{output}_replaced"
            self.makers[output] = node
        self.nodes.append(node)
        return outputs

    def drop_unused(self) -> None:
        """Keep only what the outputs need, in an order in which every input is made before it is used."""
        self._index()
        order: dict[int, NodeProto] = {}
        waiting = [(self.makers[output.name], False) for output in self.proto.output]
        if FRAMES in self.makers:
            waiting.append((self.makers[FRAMES], False))
        while waiting:
            node, ready = waiting.pop()
            if ready:
                order.setdefault(id(node), node)
            elif id(node) not in order:
                waiting.append((node, True))
                waiting += [(self.makers[name], False) for name in node.input if name in self.makers]
        self.nodes = list(order.values())
        self._index()

    def finish(self) -> None:
        """Write the graph back."""
        self.drop_unused()
        nodes = [type(node).FromString(node.SerializeToString()) for node in self.nodes]
        tensors = [tensor for name, tensor in self._tensors.items() if name in self.users]
        del self.proto.node[:]
        del self.proto.initializer[:]
        self.proto.node.extend(nodes)
        self.proto.initializer.extend(tensors)
