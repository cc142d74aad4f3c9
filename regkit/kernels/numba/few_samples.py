"""Forward and backward through a hidden layer, with neurons in the lanes of vectors.

It is the pass of `many_samples` with samples and neurons in each other's place: over few samples,
the sums that gradients are would take a dozen reductions of vectors for a few products, and here
they are sums over rows. Rows of weights are rows of a block.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba.activations import activate, let_through
from regkit.kernels.numba.blocks import STRIDE, Memory, add_multiples, add_products, combine
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.padded import Padded


@kernel
def forward(
    activation: int, X: Array, start: int, params: Padded, of: Memory, n: int, lanes: int
) -> None:
    """From n columns of X to the network's outputs, which follow the biases that stand there."""
    n_rows, n_outputs = len(params.first), len(params.second)
    first, second = params.first.reshape(-1), params.second.reshape(-1)
    outputs = _matrix(of.outputs, n_outputs)
    for i in range(0, n, 4):
        hidden = of.hidden[i * STRIDE :]
        combine(first, n_rows, X, start + i, of.four, lanes)
        activate(activation, of.four, hidden, of.scratch, of.bits, lanes)
        add_products(hidden, second, n_outputs, outputs, i, lanes)


@kernel
def backward(
    activation: int,
    X: Array,
    start: int,
    params: Padded,
    grads: Padded,
    of: Memory,
    n: int,
    lanes: int,
) -> None:
    """Add to the gradients of the weights, from those by the network's outputs."""
    n_rows, n_outputs = len(params.first), len(params.second)
    second = params.second.reshape(-1)
    dfirst, dsecond = grads.first.reshape(-1), grads.second.reshape(-1)
    doutputs = _matrix(of.outputs, n_outputs)
    for i in range(0, n, 4):
        hidden = of.hidden[i * STRIDE :]
        add_multiples(hidden, doutputs, i, dsecond, n_outputs, lanes)
        combine(second, n_outputs, doutputs, i, of.four, lanes)
        let_through(activation, hidden, of.four, lanes)
        add_multiples(of.four, X, start + i, dfirst, n_rows, lanes)


@kernel
def _matrix(rows: Array, number: int) -> Array:
    """The first rows of a block, (number, STRIDE)."""
    return rows[: number * STRIDE].reshape(number, STRIDE)
