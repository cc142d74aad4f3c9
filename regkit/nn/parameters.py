"""The parameters of a model in one flat array, and those of its layers as views into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from regkit.array_types import Array, Arrays
from regkit.errors import InputError
from regkit.memory import require_memory

Shapes = Mapping[str, tuple[int, ...]]


class LayerParameters:
    """One layer's parameters and gradients by name: slices of two flat arrays, in order.

    A layer has its own store until a model joins all of them.
    """

    def __init__(self, shapes: Shapes, values: Array, gradients: Array) -> None:
        self.shapes = dict(shapes)
        self.values = values
        self.gradients = gradients
        self.params = _views(values, self.shapes)
        self.grads = _views(gradients, self.shapes)

    @classmethod
    def alone(cls, shapes: Shapes, dtype: Any = np.float32) -> LayerParameters:
        """Zeros, in new arrays."""
        size = size_of(shapes)
        _require_memory(size, np.dtype(dtype))
        # Not np.zeros, which nnfs.init() rebinds.
        values, gradients = np.empty((2, size), dtype)
        values[...] = gradients[...] = 0
        return cls(shapes, values, gradients)


class Parameters:
    """All parameters of a model and their gradients, each in one flat array.

    Attributes:
        values: every parameter, layer after layer.
        gradients: in the same order.
        layers: each layer's part, in the order of the layers.
    """

    def __init__(self, shapes: Sequence[tuple[str, Shapes]], dtype: np.dtype[Any]) -> None:
        size = sum(size_of(of_layer) for _, of_layer in shapes)
        _require_memory(size, dtype)
        self.values: Array = np.empty(size, dtype)
        self.gradients: Array = np.empty(size, dtype)
        self.values[...] = self.gradients[...] = 0
        self.layers: list[LayerParameters] = []
        self._spans: dict[str, slice] = {}
        self._within: dict[tuple[str, str], slice] = {}
        start = 0
        for name, of_layer in shapes:
            span = slice(start, start + size_of(of_layer))
            self.layers.append(LayerParameters(of_layer, self.values[span], self.gradients[span]))
            self._spans[name] = span
            for parameter, shape in of_layer.items():
                self._within[name, parameter] = slice(start, start + prod(shape))
                start += prod(shape)

    def span(self, layer: str, parameter: str) -> slice:
        """The slice of a layer's parameter in the flat arrays."""
        return self._within[layer, parameter]

    def spans(self, layers: Iterable[str]) -> list[slice]:
        """The slices of these layers, given in order; adjacent ones are merged."""
        joined: list[slice] = []
        for layer in layers:
            span = self._spans[layer]
            if joined and joined[-1].stop == span.start:
                span = slice(joined.pop().start, span.stop)
            joined.append(span)
        return joined


def size_of(shapes: Shapes) -> int:
    """The total number of entries of arrays of these shapes."""
    return sum(map(prod, shapes.values()))


def checked_shapes(owner: str, shapes: object) -> dict[str, tuple[int, ...]]:
    """The shapes of a layer's parameters, by name.

    Raises:
        InputError: they are not a mapping from names to shapes, or empty, or a name cannot be
            used in a selector.
    """
    if not isinstance(shapes, Mapping) or not shapes:
        raise InputError(
            f"{owner}: shapes must map the name of each parameter to its shape, got {shapes!r}"
        )
    for name, shape in shapes.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise InputError(f"{owner}: {name!r} cannot be a parameter's name, such as 'weights'")
        sizes = shape if isinstance(shape, tuple) else ()
        if not sizes or not all(isinstance(one, int) and one > 0 for one in sizes):
            raise InputError(
                f"{owner}: the shape of {name} must be a tuple of positive integers, got {shape!r}"
            )
    return dict(shapes)


def parameter_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """float32 or float64, as NumPy's type.

    Raises:
        InputError: any other.
    """
    for known in (np.float32, np.float64):
        # Comparing with an array would give an array.
        if not isinstance(dtype, np.ndarray) and dtype == np.dtype(known):
            return np.dtype(known)
    raise InputError(f"dtype must be float32 or float64, got {dtype!r}")


def _require_memory(size: int, dtype: np.dtype[Any]) -> None:
    """Values and gradients must fit the memory."""
    require_memory(f"{size} parameters", 2 * size * dtype.itemsize)


def _views(flat: Array, shapes: Shapes) -> Arrays:
    views, start = {}, 0
    for name, shape in shapes.items():
        views[name] = flat[start : start + prod(shape)].reshape(shape)
        start += prod(shape)
    return views
