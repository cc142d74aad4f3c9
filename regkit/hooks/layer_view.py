"""The view of a layer that a hook is given."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from regkit.array_types import Array, Arrays, read_only
from regkit.kernels.kernels import Kernels


class LayerView:
    """A layer as plugins see it: read-only parameters, and writable gradient accumulators.

    The arrays are views, so that one object serves a whole run. Read-only protects against
    accidents: a plugin that writes to a parameter gets NumPy's error.

    Attributes:
        name: the layer's, such as `dense1`.
        params: the parameters by name, read-only.
        grads: gradient accumulators, for plugins that add in place; empty if there are none.
        kernels: those of the run, or None.
    """

    output_axis = -1
    """The axis of a layer's weights along which its neurons lie."""

    def __init__(
        self,
        name: str,
        params: Arrays,
        grads: Arrays | None = None,
        kernels: Kernels | None = None,
    ) -> None:
        self.name = name
        self.params: Arrays = MappingProxyType({one: read_only(a) for one, a in params.items()})
        self.grads: Arrays = MappingProxyType(dict(grads or {}))
        self.kernels = kernels

    def __repr__(self) -> str:
        return f"<LayerView {self.name}: {', '.join(self.params)}>"

    def __getattr__(self, name: str) -> Array:
        # `layer.weights` is short for `layer.params["weights"]`, whatever a layer's parameters are.
        params: Arrays = self.__dict__.get("params", {})
        if name in params:
            return params[name]
        raise AttributeError(f"layer {self.__dict__.get('name')} has no parameter {name!r}")

    def apart(self, params: Arrays | None = None) -> LayerView:
        """The layer with separate accumulators, all zero, and with other parameters if given."""
        shown = self.params if params is None else params
        sums = {name: np.zeros_like(array) for name, array in shown.items()}
        return LayerView(self.name, shown, sums, self.kernels)
