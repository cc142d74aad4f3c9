"""Layers in order, with all their parameters in one flat array."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from regkit.array_types import Array
from regkit.errors import InputError, LayerNotFoundError
from regkit.nn.layers import Layer, ParameterLayer
from regkit.nn.layers.requirements import as_layers, require_usable
from regkit.nn.parameters import Parameters, parameter_dtype
from regkit.nn.summary import summary
from regkit.suggestions import did_you_mean


class LayerStack:
    """A sequence of layers that fit together.

    The layers are named by kind and number: `dense1`, `relu1`, `dense2`, … All parameters are
    views into the flat array `parameters`, all gradients into `gradients`, in the same order. A
    copy (by `copy`, pickle or `astype`) has its own layers and arrays.

    Args:
        layers: at least one with parameters, such as `Dense`; each takes the outputs of the one
            before.
        dtype: float32 or float64.

    Raises:
        InputError: the layers do not fit together, or the dtype is another.

    Attributes:
        n_inputs: the number of input features.
        n_outputs: the number of output features.
    """

    _store: Parameters
    n_inputs: int
    n_outputs: int

    def __init__(self, layers: Iterable[Layer], dtype: DTypeLike) -> None:
        self._layers = as_layers(layers)
        require_usable(self._layers)
        self._join(parameter_dtype(dtype))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in order; which they are stays as it is."""
        return self._layers

    def __getitem__(self, name: str | int) -> Layer:
        """The layer with this name, such as `"dense1"`, or at this position.

        Raises:
            KeyError: there is no such layer; the message lists all.
        """
        names = [layer.name for layer in self.layers]
        if isinstance(name, str) and name in names:
            return self.layers[names.index(name)]
        if isinstance(name, int) and -len(names) <= name < len(names):
            return self.layers[name]
        hint = did_you_mean(name, names) if isinstance(name, str) else ""
        raise LayerNotFoundError(
            f"the model has no layer {name!r}: {hint or 'it has ' + ', '.join(names)}"
        )

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def summary(self) -> str:
        """The layers with their outputs and parameters, as a table of text to print."""
        return summary(self.layers, self.n_inputs)

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64."""
        return self._store.values.dtype

    @property
    def parameters(self) -> Array:
        """All parameters, flat; writing to the array sets them."""
        return self._store.values

    @parameters.setter
    def parameters(self, values: object) -> None:
        if values is not self._store.values:  # After `model.parameters *= 2` it is the very array.
            raise InputError(
                "model.parameters cannot be replaced, since the layers are views into it: "
                "write model.parameters[...] = values"
            )

    @property
    def gradients(self) -> Array:
        """The gradients of the last step, flat, in the order of `parameters`."""
        return self._store.gradients

    @property
    def parameter_layers(self) -> list[ParameterLayer]:
        """The layers that have parameters, in order."""
        return [layer for layer in self.layers if isinstance(layer, ParameterLayer)]

    @property
    def trainable_spans(self) -> list[slice]:
        """The slices of the flat arrays that belong to trainable layers, adjacent ones merged."""
        return self._store.spans(layer.name for layer in self.parameter_layers if layer.trainable)

    def span(self, layer: str, parameter: str) -> slice:
        """The slice of a layer's parameter in the flat arrays."""
        return self._store.span(layer, parameter)

    def astype(self, dtype: DTypeLike) -> Self:
        """A copy of the model that computes in another dtype; its parameters are rounded to it."""
        other = copy.deepcopy(self)
        other._join(parameter_dtype(dtype))
        return other

    def __copy__(self) -> Self:
        # A layer belongs to one model, so that even a shallow copy has its own.
        return copy.deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        # The layers carry their values; views into a flat array would be restored separately.
        state = {name: value for name, value in vars(self).items() if name != "_store"}
        return {**state, "dtype": self.dtype}

    def __setstate__(self, state: dict[str, Any]) -> None:
        dtype = state.pop("dtype")
        vars(self).update(state)
        self._join(dtype)

    def _join(self, dtype: np.dtype[Any]) -> None:
        """Name the layers, check that they fit, and move all parameters into one flat array."""
        owners = self.parameter_layers
        if not owners:
            raise InputError("a model needs at least one layer with parameters, such as Dense")
        shapes = [layer.shapes for layer in owners]
        if owners[0].n_inputs is None:
            raise InputError(
                f"a {owners[0].kind} layer is the first with parameters, and must say how many "
                "features it takes: set its n_inputs"
            )
        self.n_inputs = owners[0].n_inputs
        counts: dict[str, int] = {}
        features = self.n_inputs
        for layer in self.layers:
            counts[layer.kind] = counts.get(layer.kind, 0) + 1
            layer.name = f"{layer.kind}{counts[layer.kind]}"
            features = layer.n_outputs(features)
        self.n_outputs = features
        names = [layer.name for layer in owners]
        self._store = Parameters(list(zip(names, shapes, strict=True)), dtype)
        for layer, share in zip(owners, self._store.layers, strict=True):
            layer.place(share)
