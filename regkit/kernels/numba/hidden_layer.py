"""A network with one hidden layer: its gradients in one pass over blocks of samples.

What a block needs, the hidden layer too, stays in the processor's cache from the forward to the
backward pass. `regkit.kernels.numba.blocks` says how rows lie in memory.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba import few_samples, many_samples
from regkit.kernels.numba.blocks import LANES, STRIDE, Memory, rounded_up
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.losses import loss_gradient
from regkit.kernels.numba.padded import Layers, Padded, add, clear, load, store


@kernel
def gradients(
    activation: int,
    loss: int,
    by_neurons: bool,
    packed: Array,
    targets: Array,
    weights: Array,
    block: int,
    begin: int,
    end: int,
    given_layers: tuple[Array, ...],
    given_params: tuple[Array, ...],
    given_grads: tuple[Array, ...],
    given_memory: tuple[Array, ...],
    outputs: Array,
) -> None:
    """Write the network's raw outputs, (n_outputs, samples), and gradients, for a part of a batch.

    Args:
        activation: its place in `activations.KINDS`.
        loss: its place in `losses.KINDS`.
        by_neurons: whether vectors go over neurons, else over samples.
        packed: the inputs as `pack` lays them out.
        targets: (n_outputs, samples).
        weights: the samples', of mean 1; or none.
        block: samples a block.
        begin: the part's first sample, where a block begins.
        end: behind its last one.
        given_layers: the items of `Layers`: a tuple with names takes three times as long to hand
            over.
        given_params: those of `Padded`, to compute in.
        given_grads: likewise; a part that is not the whole batch leaves its gradients there.
        given_memory: those of `Memory`.
        outputs: the first result.
    """
    layers = Layers(*given_layers)
    params, grads, of = Padded(*given_params), Padded(*given_grads), Memory(*given_memory)
    n_outputs, samples = outputs.shape
    n_neurons = layers.first.shape[1]
    lanes = rounded_up(n_neurons, LANES)  # Where they are neurons.
    n_rows = len(params.first)
    columns = packed.reshape(n_rows, len(packed) // n_rows)  # Likewise.
    load(layers, params)
    clear(grads, n_neurons)
    share = outputs.dtype.type(1 / samples)
    for start in range(begin, end, block):
        X = packed[start // block * n_rows * STRIDE :]
        rows = min(block, end - start)
        n = rounded_up(rows, 4 if by_neurons else LANES)
        for c in range(len(params.second)):
            of.outputs[c * STRIDE : c * STRIDE + n] = params.second[c, -1]
        if by_neurons:
            few_samples.forward(activation, columns, start, params, of, n, lanes)
        else:
            many_samples.forward(activation, X, params, of, n)
        for c in range(n_outputs):
            raw = of.outputs[c * STRIDE :]
            for i in range(rows):  # An assignment of slices compiles a message, for seconds.
                outputs[c, start + i] = raw[i]
        for i in range(rows):
            of.shares[i] = share * weights[start + i] if len(weights) else share
        loss_gradient(
            loss, of.outputs, targets[:, start : start + rows], of.shares, of.scratch, of.bits, rows
        )
        for c in range(len(params.second)):
            of.outputs[c * STRIDE + rows : c * STRIDE + n] = 0
            grads.second[c, -1] += of.outputs[c * STRIDE : c * STRIDE + n].sum()
        if by_neurons:
            few_samples.backward(activation, columns, start, params, grads, of, n, lanes)
        else:
            many_samples.backward(activation, X, params, grads, of, n)
    if begin == 0 and end == samples:
        store(grads, layers)


@kernel
def store_sum(
    given_layers: tuple[Array, ...], one: tuple[Array, ...], other: tuple[Array, ...]
) -> None:
    """Store the gradients of two parts of a batch, each the items of a `Padded`."""
    layers, sums = Layers(*given_layers), Padded(*one)
    add(sums, Padded(*other), layers.first.shape[1])
    store(sums, layers)


@kernel
def pack(inputs: Array, packed: Array, n_rows: int, block: int, stride: int) -> None:
    """Lay out (samples, features) block by block, in rows that begin `stride` apart.

    What lies behind the last sample stays as it is: zero, or of a batch before.
    """
    for start in range(0, len(inputs), block):
        base = start // block * n_rows * stride
        for k in range(inputs.shape[1]):
            row = packed[base + k * stride :]
            for i in range(min(block, len(inputs) - start)):
                row[i] = inputs[start + i, k]


@kernel
def one_hot(classes: Array, to: Array) -> None:
    """Ones and zeros, (n_outputs, samples), for class numbers."""
    to[:] = 0
    for i in range(len(classes)):
        to[classes[i], i] = 1
