"""The parameters of two dense layers, or their gradients, with zeros up to whole tiles."""

from __future__ import annotations

from typing import NamedTuple

from regkit.array_types import Array
from regkit.kernels.numba.blocks import LANES, rounded_up
from regkit.kernels.numba.jit import kernel


class Layers(NamedTuple):
    """[weights; biases] of both dense layers, (n_inputs + 1, n_neurons), and their gradients."""

    first: Array
    dfirst: Array
    second: Array
    dsecond: Array


class Padded(NamedTuple):
    """The parameters, or the gradients, with zeros up to threes of rows and as many neurons.

    With neurons in the lanes, its rows are rows of a block.

    Attributes:
        first: (inputs and ones, neurons).
        second: (outputs, neurons), and a last column of biases.
    """

    first: Array
    second: Array


@kernel
def load(layers: Layers, params: Padded) -> None:
    """Take the parameters over."""
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
def clear(grads: Padded, n_neurons: int) -> None:
    """Set gradients of so many neurons to 0."""
    lanes = rounded_up(n_neurons, LANES)
    grads.first[:, :lanes] = 0
    grads.second[:, :lanes] = 0
    grads.second[:, -1] = 0


@kernel
def add(to: Padded, other: Padded, n_neurons: int) -> None:
    """Add gradients of so many neurons."""
    for k in range(len(to.first)):
        sums, added = to.first[k, :n_neurons], other.first[k, :n_neurons]
        for i in range(n_neurons):
            sums[i] += added[i]
    for c in range(len(to.second)):
        sums, added = to.second[c, :n_neurons], other.second[c, :n_neurons]
        for i in range(n_neurons):
            sums[i] += added[i]
        to.second[c, -1] += other.second[c, -1]


@kernel
def store(grads: Padded, layers: Layers) -> None:
    """Hand the gradients over."""
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
