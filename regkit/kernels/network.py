"""A network as kernels see it, for those that can fuse all of its layers."""

from __future__ import annotations

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


class WholeNetwork(Protocol):
    """Forward and backward through all layers at once, equal to the layers' to rounding."""

    def forward(self, inputs: Array) -> Array:
        """The outputs, (samples, n_outputs), for inputs with a last column of ones."""

    def backward(self, doutputs: Array) -> None:
        """Write the gradients of the last forward batch to the layers' `grads`."""
