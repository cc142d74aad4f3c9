"""A trial of layers that are not regkit's own: do their passes keep to the shapes?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.layers.layer import Layer
from regkit.nn.workspace import Workspace

ROWS = 3
OWN_PACKAGE = "regkit.nn."


def require_shapes(layers: Sequence[Layer], n_inputs: int, dtype: np.dtype[Any]) -> None:
    """Send three rows forward and backward through each layer that is not regkit's.

    Raises:
        InputError: a pass fails, returns an array of another shape, or `forward` leaves no ones in
            the last column.
    """
    features = n_inputs
    for layer in layers:
        n_outputs = layer.n_outputs(features)
        if not type(layer).__module__.startswith(OWN_PACKAGE):
            _try(layer, features, n_outputs, dtype)
        features = n_outputs


def _try(layer: Layer, n_inputs: int, n_outputs: int, dtype: np.dtype[Any]) -> None:
    workspace = Workspace(dtype)
    inputs = workspace.activations("trial inputs", ROWS, n_inputs)
    inputs[:, :-1] = 0.5
    outputs = _called(layer, "forward", lambda: layer.forward(inputs, workspace))
    _require_shape(layer, "forward", outputs, (ROWS, n_outputs + 1), "samples, n_outputs + 1")
    if not (outputs[:, -1] == 1).all():
        raise InputError(f"{layer.name}: the last column that forward returns must hold ones")
    doutputs = workspace.array("trial doutputs", ROWS, n_outputs)
    doutputs[...] = 0
    dinputs = _called(
        layer, "backward", lambda: layer.backward(doutputs, workspace, need_dinputs=True)
    )
    _require_shape(layer, "backward", dinputs, (ROWS, n_inputs), "samples, n_inputs")


def _called(layer: Layer, method: str, call: Callable[[], Array]) -> Array:
    try:
        with np.errstate(all="ignore"):
            return call()
    except Exception as error:
        raise InputError(
            f"{layer.name}: {method} raised {type(error).__name__} for {ROWS} rows: {error}"
        ) from error


def _require_shape(
    layer: Layer, method: str, array: object, wanted: tuple[int, int], meaning: str
) -> None:
    shape = getattr(array, "shape", None)
    if shape != wanted:
        got = f"an array of shape {shape}" if shape is not None else type(array).__name__
        raise InputError(
            f"{layer.name}: {method} must return an array of shape ({meaning}), which is {wanted} "
            f"for {ROWS} rows, and returned {got}"
        )
