"""The requirements that the layers of a model must meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from regkit.errors import InputError
from regkit.nn.layers.layer import Layer
from regkit.nn.layers.parameter_layer import ParameterLayer
from regkit.warn import warn


def as_layers(layers: object) -> tuple[Layer, ...]:
    """The layers of a model, of any iterable.

    Raises:
        InputError: they are a single layer, or nothing that holds layers.
    """
    if isinstance(layers, Iterable) and not isinstance(layers, str | type):
        return tuple(layers)
    raise InputError(f"layers must be a list such as [Dense(2, 64), ReLU()], got {layers!r}")


def require_usable(layers: Sequence[Layer]) -> None:
    """Check that each is a layer, is new, and is trained if it has parameters.

    Raises:
        InputError: one is not.
    """
    for layer in layers:
        if isinstance(layer, type) and issubclass(layer, Layer):
            raise InputError(f"layers must be layers, got the class {layer.__name__}: call it")
        if not isinstance(layer, Layer):
            raise InputError(f"layers must be layers such as Dense(2, 64), got {layer!r}")
        if not isinstance(getattr(layer, "kind", None), str):
            raise InputError(
                f"{type(layer).__name__} has no kind: set a name such as kind = 'scale'"
            )
        if layer.name or [other is layer for other in layers].count(True) > 1:
            raise InputError(f"a {layer.kind} layer is used twice: make a new one")
        inner = [name for name, one in vars(layer).items() if _holds_layers(one)]
        if inner:
            raise InputError(
                f"{type(layer).__name__} holds layers of its own ({', '.join(inner)}), which would "
                "not be trained: list them in the model instead"
            )
        if isinstance(layer, ParameterLayer):
            continue
        if layer.trainable or layer.params:
            raise InputError(
                f"{type(layer).__name__} has parameters, but they would not be trained: make it a "
                "subclass of regkit.ParameterLayer"
            )
        kept = [name for name, one in vars(layer).items() if _may_be_parameter(one)]
        if kept:
            warn(
                f"{type(layer).__name__} keeps arrays that training does not change "
                f"({', '.join(kept)}): if they are parameters, make it a subclass of "
                "regkit.ParameterLayer"
            )


def _holds_layers(value: object) -> bool:
    members = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, Layer) for one in members)


def _may_be_parameter(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"
