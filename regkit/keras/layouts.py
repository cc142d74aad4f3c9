"""How Keras' arrays are seen in regkit's orientation, (inputs, neurons), and put back."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from regkit.array_libraries import array_namespace
from regkit.errors import InputError
from regkit.hooks.layouts import NEURONS_LAST, ROW, Layout

LAST = (-1,)
"""Where neurons are in kernels of Keras, all but a few."""


def layout_of(x: Any, neurons: Sequence[int] = LAST) -> Layout:
    """The layout of an array: a vector is a row, all other axes than the neurons' are inputs.

    Args:
        x: the array.
        neurons: the axes that run over neurons.

    Raises:
        InputError: the array has no such axes.
    """
    dimensions = len(x.shape)
    if dimensions < 2:
        return ROW
    if tuple(neurons) == LAST:
        return NEURONS_LAST
    if any(not -dimensions <= axis < dimensions for axis in neurons):
        raise InputError(f"neurons={tuple(neurons)} are no axes of an array of shape {x.shape}")
    last = [axis % dimensions for axis in neurons]
    order = [axis for axis in range(dimensions) if axis not in last] + last
    back = [order.index(axis) for axis in range(dimensions)]

    def see(w: Any) -> Any:
        turned = array_namespace(w).permute_dims(w, tuple(order))
        return turned.reshape(-1, prod(w.shape[axis] for axis in last))

    def put(seen: Any, like: Any) -> Any:
        turned = seen.reshape(tuple(like.shape[axis] for axis in order))
        return array_namespace(seen).permute_dims(turned, tuple(back))

    return Layout(see, put)
