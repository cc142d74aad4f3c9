"""A network as kernels see it, for those that can take all of its layers in one go."""

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
        grads: where their gradient goes, of the same shape; None where it is not wanted.
    """

    kind: str
    params: Array | None = None
    grads: Array | None = None


class WholeNetwork(Protocol):
    """Forward and backward through all layers at once, to rounding what the layers compute."""

    def forward(self, inputs: Array) -> Array:
        """The outputs, (samples, n_outputs), of inputs with a last column of ones."""

    def backward(self, doutputs: Array) -> None:
        """The gradients of the batch last sent forward, into the layers' `grads`."""
