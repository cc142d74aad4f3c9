"""A network with one hidden layer: its gradients in one pass over blocks of samples.

What a block needs, the hidden layer too, stays in the processor's cache from the forward to the
backward pass. `regkit.kernels.numba.blocks` says how rows lie in memory.
"""

from __future__ import annotations

from typing import NamedTuple

from regkit.array_types import Array
from regkit.kernels.numba.activations import activate, let_through
from regkit.kernels.numba.blocks import STRIDE, add_multiples, add_products, combine
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.losses import loss_gradient

LANES = 16
"""Samples come in whole vectors of so many; those that do not exist count nothing."""


class Layers(NamedTuple):
    """[weights; biases] of both dense layers, (n_inputs + 1, n_neurons), and their gradients."""

    first: Array
    dfirst: Array
    second: Array
    dsecond: Array


class Padded(NamedTuple):
    """The parameters, or the gradients, with zeros up to threes of rows and fours of neurons.

    Attributes:
        first: (inputs and ones, neurons).
        second: (outputs, neurons), and a last column of biases.
    """

    first: Array
    second: Array


class Memory(NamedTuple):
    """Rows to compute in, for one block.

    Attributes:
        hidden: the outputs of all neurons.
        dhidden: the gradients by those of four.
        outputs: the network's outputs, then the gradients by them.
        shares: what each sample counts.
        scratch: three rows.
        bits: the same ones as integers.
    """

    hidden: Array
    dhidden: Array
    outputs: Array
    shares: Array
    scratch: Array
    bits: Array


@kernel
def gradients(
    activation: int,
    loss: int,
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
    _load(layers, params)
    grads.first[:] = 0
    grads.second[:] = 0
    share = outputs.dtype.type(1 / samples)
    for start in range(begin, end, block):
        X = packed[start // block * len(params.first) * STRIDE :]
        rows = min(block, end - start)
        n = (rows + LANES - 1) // LANES * LANES
        _forward(activation, X, params, of, n)
        for c in range(n_outputs):
            outputs[c, start : start + rows] = of.outputs[c * STRIDE : c * STRIDE + rows]
        for i in range(rows):
            of.shares[i] = share * weights[start + i] if len(weights) else share
        loss_gradient(
            loss, of.outputs, targets[:, start : start + rows], of.shares, of.scratch, of.bits, rows
        )
        for c in range(n_outputs):
            of.outputs[c * STRIDE + rows : c * STRIDE + n] = 0
        _backward(activation, X, params, grads, of, n)
    if begin == 0 and end == samples:
        _store(grads, layers)


@kernel
def store_sum(
    given_layers: tuple[Array, ...], one: tuple[Array, ...], other: tuple[Array, ...]
) -> None:
    """Store the gradients of two parts of a batch, each the items of a `Padded`."""
    first, second = Padded(*one), Padded(*other)
    _add(first.first, second.first)
    _add(first.second, second.second)
    _store(first, Layers(*given_layers))


@kernel
def pack(inputs: Array, packed: Array, n_rows: int, block: int) -> None:
    """Lay out (samples, features) block by block; what lies behind the last sample stays zero."""
    for start in range(0, len(inputs), block):
        base = start // block * n_rows * STRIDE
        for k in range(inputs.shape[1]):
            row = packed[base + k * STRIDE :]
            for i in range(min(block, len(inputs) - start)):
                row[i] = inputs[start + i, k]


@kernel
def one_hot(classes: Array, to: Array) -> None:
    """Ones and zeros, (n_outputs, samples), for class numbers."""
    to[:] = 0
    for i in range(len(classes)):
        to[classes[i], i] = 1


@kernel
def _add(to: Array, other: Array) -> None:
    sums, added = to.reshape(-1), other.reshape(-1)
    for i in range(sums.size):
        sums[i] += added[i]


@kernel
def _load(layers: Layers, params: Padded) -> None:
    for k in range(layers.first.shape[0]):
        for j in range(layers.first.shape[1]):
            params.first[k, j] = layers.first[k, j]
    last = len(layers.second) - 1
    n_outputs = layers.second.shape[1]
    for j in range(last):
        for c in range(n_outputs):
            params.second[c, j] = layers.second[j, c]
    for c in range(n_outputs):
        params.second[c, -1] = layers.second[last, c]


@kernel
def _store(grads: Padded, layers: Layers) -> None:
    for k in range(layers.dfirst.shape[0]):
        for j in range(layers.dfirst.shape[1]):
            layers.dfirst[k, j] = grads.first[k, j]
    last = len(layers.dsecond) - 1
    n_outputs = layers.dsecond.shape[1]
    for j in range(last):
        for c in range(n_outputs):
            layers.dsecond[j, c] = grads.second[c, j]
    for c in range(n_outputs):
        layers.dsecond[last, c] = grads.second[c, -1]


@kernel
def _forward(activation: int, X: Array, params: Padded, of: Memory, n: int) -> None:
    n_rows, n_neurons = params.first.shape
    n_outputs = len(params.second)
    for c in range(n_outputs):
        of.outputs[c * STRIDE : c * STRIDE + n] = params.second[c, -1]
    for j in range(0, n_neurons, 4):
        four = of.hidden[j * STRIDE :]
        combine(X, n_rows, params.first, j, four, n)
        activate(activation, four, of.scratch, of.bits, n)
        add_multiples(four, params.second, j, of.outputs, n_outputs, n)


@kernel
def _backward(activation: int, X: Array, params: Padded, grads: Padded, of: Memory, n: int) -> None:
    n_rows, n_neurons = params.first.shape
    n_outputs = len(params.second)
    for c in range(n_outputs):
        grads.second[c, -1] += of.outputs[c * STRIDE : c * STRIDE + n].sum()
    for j in range(0, n_neurons, 4):
        four = of.hidden[j * STRIDE :]
        add_products(four, of.outputs, n_outputs, grads.second, j, n)
        combine(of.outputs, n_outputs, params.second, j, of.dhidden, n)
        let_through(activation, four, of.dhidden, n)
        add_products(of.dhidden, X, n_rows, grads.first, j, n)
