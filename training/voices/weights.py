"""The weights of the published 8-bit Kokoro model, multiplied out to floats, by their place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from onnx import numpy_helper
from torch import Tensor, nn

if TYPE_CHECKING:
    import onnx


class Weights:
    """The constants of the published model, multiplied out, by their place in it."""

    def __init__(self, model: onnx.ModelProto) -> None:
        """Read every convolution, matrix and LSTM."""
        self._tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self._inputs = {node.name: list(node.input) for node in model.graph.node}

    def plain(self, name: str) -> Tensor:
        """A float constant."""
        return torch.from_numpy(np.array(self._tensors[name], np.float32))

    def _out(self, name: str, zero: str) -> Tensor:
        base = name.removesuffix("_quantized")
        values = self._tensors[name].astype(np.float32) - self._tensors[zero].astype(np.float32)
        return torch.from_numpy((values * self._tensors[f"{base}_scale"]).astype(np.float32))

    def conv(self, name: str) -> Tensor:
        """The kernel of a convolution, by the name of its node without the ending."""
        inputs = self._inputs.get(f"{name}/Conv_quant")
        if inputs:
            return self._out(inputs[1], inputs[3])
        return self.plain((self._inputs.get(f"{name}/Conv") or self._inputs[f"{name}/ConvTranspose"])[1])

    def matrix(self, name: str) -> Tensor:
        """The matrix (in, out) of a linear layer, by the name of its node."""
        return self._out(self._inputs[name][1], self._inputs[name][3])

    def lstm(self, name: str) -> nn.LSTM:
        """A bidirectional LSTM: ONNX orders the gates i, o, f, c; PyTorch i, f, c, o."""
        inputs = self._inputs[f"{name}/LSTM_quant"]
        matrices = []
        for place, zero in ((1, 9), (2, 11)):
            raw = self._tensors[inputs[place]].astype(np.float32)
            scale = self._tensors[inputs[place + 7 + (place - 1)]].reshape(-1, 1, 1)
            matrices.append((raw - self._tensors[inputs[zero]].reshape(-1, 1, 1).astype(np.float32)) * scale)
        hidden = matrices[1].shape[1]
        order = np.concatenate([np.arange(gate * hidden, (gate + 1) * hidden) for gate in (0, 2, 3, 1)])
        made = nn.LSTM(matrices[0].shape[1], hidden, batch_first=True, bidirectional=True)
        bias = self._tensors[inputs[3]]
        with torch.no_grad():
            for way, ending in enumerate(("", "_reverse")):
                getattr(made, f"weight_ih_l0{ending}").copy_(torch.from_numpy(matrices[0][way].T[order].copy()))
                getattr(made, f"weight_hh_l0{ending}").copy_(torch.from_numpy(matrices[1][way].T[order].copy()))
                getattr(made, f"bias_ih_l0{ending}").copy_(torch.from_numpy(bias[way][: 4 * hidden][order].copy()))
                getattr(made, f"bias_hh_l0{ending}").copy_(torch.from_numpy(bias[way][4 * hidden :][order].copy()))
        return made.requires_grad_(requires_grad=False)
