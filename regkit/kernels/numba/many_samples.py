"""Forward and backward through a hidden layer, with samples in the lanes of vectors.

Each four neurons take their weights into registers once, and go over all samples of the block.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba.activations import activate, let_through
from regkit.kernels.numba.blocks import STRIDE, Memory, add_multiples, add_products, combine
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.padded import Padded


@kernel
def forward(activation: int, X: Array, params: Padded, of: Memory, n: int) -> None:
    """From n samples to the network's outputs, which follow the biases that stand there."""
    n_rows, n_neurons = params.first.shape
    n_outputs = len(params.second)
    for j in range(0, n_neurons, 4):
        hidden = of.hidden[j * STRIDE :]
        combine(X, n_rows, params.first, j, of.four, n)
        activate(activation, of.four, hidden, of.scratch, of.bits, n)
        add_multiples(hidden, params.second, j, of.outputs, n_outputs, n)


@kernel
def backward(activation: int, X: Array, params: Padded, grads: Padded, of: Memory, n: int) -> None:
    """Add to the gradients of the weights, from those by the network's outputs."""
    n_rows, n_neurons = params.first.shape
    n_outputs = len(params.second)
    for j in range(0, n_neurons, 4):
        hidden = of.hidden[j * STRIDE :]
        add_products(hidden, of.outputs, n_outputs, grads.second, j, n)
        combine(of.outputs, n_outputs, params.second, j, of.four, n)
        let_through(activation, hidden, of.four, n)
        add_products(of.four, X, n_rows, grads.first, j, n)
