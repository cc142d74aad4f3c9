"""The base class of layers with parameters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from regkit.array_types import Array, read_only
from regkit.errors import InputError
from regkit.nn.layers.layer import Layer
from regkit.nn.parameters import LayerParameters, checked_shapes, size_of


class ParameterLayer(Layer):
    """A layer with parameters, which are trained, penalized, saved and resumed.

    A subclass calls `super().__init__(shapes, trainable=…)`, draws the initial values in
    `initialize`, and in `backward` writes the gradients to `self.gradients` (unless it is frozen).
    It reads its parameters from `self.params` in every pass, and keeps no reference to the arrays:
    a model moves all of them into one flat array, and a copy of a layer has its own. The first such
    layer of a model sets `self.n_inputs`.

    Args:
        shapes: each parameter's shape by its name, in memory order.
        trainable: whether training changes them.

    Raises:
        InputError: `shapes` is not such a mapping.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], *, trainable: bool = True) -> None:
        self.trainable = trainable
        self._store = LayerParameters.alone(checked_shapes(type(self).__name__, shapes))

    @property
    def size(self) -> int:
        """The number of parameters."""
        return size_of(self.shapes)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Each parameter's shape by its name."""
        return MappingProxyType(self._stored.shapes)

    @property
    def params(self) -> Mapping[str, Array]:
        """The parameters by name; writing to the arrays sets them."""
        return MappingProxyType(self._stored.params)

    @property
    def gradients(self) -> Mapping[str, Array]:
        """The arrays to which `backward` writes the gradients, by name."""
        return MappingProxyType(self._stored.grads)

    @property
    def grads(self) -> Mapping[str, Array]:
        """The gradients of the last backward pass by name, read-only."""
        return MappingProxyType({name: read_only(one) for name, one in self.gradients.items()})

    def weight_arrays(self) -> dict[str, Array]:
        """The parameters whose zeros are counted and whose values are plotted, by name.

        All but `biases`, unless there are no others.
        """
        weights = {name: array for name, array in self.params.items() if name != "biases"}
        return weights or dict(self.params)

    def regularizers(self) -> Sequence[object]:
        """Regularizers given to the layer itself; they come before all others."""
        return ()

    @abstractmethod
    def initialize(self, rng: np.random.Generator) -> None:
        """Set the initial parameters; draw in float64, so that both dtypes start equal."""

    def place(self, store: LayerParameters) -> None:
        """Move the parameters and gradients, with their current values, to these views.

        Raises:
            InputError: an attribute of the layer is one of the arrays, which would become stale.
        """
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and np.may_share_memory(value, self._stored.values):
                raise InputError(
                    f"{self.name}: attribute {name!r} keeps an array of parameters, which training "
                    "does not change: read self.params in every pass instead"
                )
        store.values[...] = self._stored.values
        self._store = store

    @property
    def _stored(self) -> LayerParameters:
        try:
            return self._store
        except AttributeError:
            raise InputError(
                f"{type(self).__name__}: call super().__init__(shapes) with the shape of each "
                "parameter"
            ) from None

    def __getstate__(self) -> dict[str, Any]:
        # A copy of a view is not a view, and a copied layer belongs to no model yet.
        state = {
            name: value for name, value in vars(self).items() if name not in ("_store", "name")
        }
        values = {name: array.copy() for name, array in self.params.items()}
        return {"attributes": state, "values": values}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state["attributes"])
        values: dict[str, Array] = state["values"]
        shapes = {name: array.shape for name, array in values.items()}
        self._store = LayerParameters.alone(shapes, next(iter(values.values())).dtype)
        for name, array in values.items():
            self._store.params[name][...] = array
