"""A network as kernels see it, for those that can fuse all of its layers and its loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from regkit.array_types import Array


@dataclass(frozen=True, eq=False)
class NetworkLayer:
    """One layer, named by what it computes.

    Attributes:
        kind: `dense`, `relu`, …
        params: [weights; biases] of a dense layer, (n_inputs + 1, n_neurons), else None.
        grads: the array for their gradient, of the same shape; None if it is not needed.
    """

    kind: str
    params: Array | None = None
    grads: Array | None = None


@dataclass(frozen=True, eq=False)
class Network:
    """What a run trains.

    Attributes:
        layers: in order.
        loss: `softmax_cross_entropy`, …
        rows: in the largest batch.
        full_batches: whether all batches are one and the same.
    """

    layers: Sequence[NetworkLayer]
    loss: str
    rows: int
    full_batches: bool


class WholeNetwork(Protocol):
    """Forward, loss and backward through all layers in one pass, equal to theirs to rounding."""

    def gradients(self, inputs: Array, targets: Array, weights: Array | None) -> Array:
        """Write the data loss's gradients to the layers' `grads`, and return the raw outputs.

        Args:
            inputs: (samples, n_inputs + 1), with a last column of ones.
            targets: in the loss's form.
            weights: the samples', of mean 1, or None.

        Returns:
            (samples, n_outputs), valid until the next call.
        """
