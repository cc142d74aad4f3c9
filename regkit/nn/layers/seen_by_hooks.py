"""What a hook is given of a layer in a run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from regkit.nn.layers.dense import Dense

Array = NDArray[Any]


class LayerSeenByHooks:
    """A trainable layer as plugins see it: its parameters read-only, its running sums writable.

    The arrays are views into the model, so one of these serves a whole run. Read-only protects
    against accidents: a plugin that writes to a parameter gets NumPy's error. `scratch` is flat
    memory of the run's own, to compute in; `compiled` says whether the run wants compiled kernels.
    """

    def __init__(
        self, layer: Dense, scratch: Array | None = None, *, compiled: bool = False
    ) -> None:
        self.scratch = scratch
        self.compiled = compiled
        self.name = layer.name
        self.output_axis = layer.output_axis
        params = {name: array.view() for name, array in layer.params.items()}
        for array in params.values():
            array.flags.writeable = False
        self.params: Mapping[str, Array] = MappingProxyType(params)
        self.grads: Mapping[str, Array] = MappingProxyType(
            {"weights": layer.dweights, "biases": layer.dbiases}
        )

    @property
    def weights(self) -> Array:
        """(n_inputs, n_neurons), read-only."""
        return self.params["weights"]

    @property
    def biases(self) -> Array:
        """(1, n_neurons), read-only."""
        return self.params["biases"]
